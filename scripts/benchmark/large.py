"""Speed and memory of prnzip on images far larger than those of the usual sets, made of one photo.

What is of interest is that the memory does not grow faster than the image. The sizes say little,
as the photo repeats.
"""
import os, sys, tempfile
from concurrent.futures import ProcessPoolExecutor

from benchmark import codecs, png, samples, table, verify

PHOTO = codecs.ROOT / "testimages" / "flowers.png"
# A quarter of the pixels first: what its memory is compared with.
SIZES = [(3000, 2000), (6000, 4000)]


def make(path, width, height):
    """Tiles the photo; every second column and row of tiles is mirrored, so there are no seams."""
    side, rows, colours = samples.rgb(PHOTO)
    lines = []
    for r in range(rows):
        line = colours[3 * side * r : 3 * side * (r + 1)]
        mirrored = b"".join(line[i : i + 3] for i in range(3 * side - 3, -1, -3))
        lines.append(((line + mirrored) * (width // (2 * side) + 1))[: 3 * width])
    lines += reversed(lines)
    png.write(path, width, height, (lines[r % len(lines)] for r in range(height)))


def main(sizes=SIZES):
    heads = ["codec", "width", "height", "bytes", "encode MP/s", "decode MP/s", "encode peak MB",
             "decode peak MB", "peak, of the first", "pixels, of the first"]
    rows, first = [], {}
    print(" | ".join(heads))
    with tempfile.TemporaryDirectory() as scratch, ProcessPoolExecutor(1) as pool:
        for width, height in sizes:
            image, packed, unpacked = (
                f"{scratch}/{width}x{height}{end}" for end in (".png", ".prn", "-unpacked.png"))
            pool.submit(make, image, width, height).result()
            for codec, (_, encode, decode) in codecs.CODECS.items():
                if not codecs.is_ours(codec):
                    continue
                seconds, memory = zip(
                    codecs.run(encode, image, packed), codecs.run(decode, packed, unpacked))
                lost = pool.submit(verify.difference, image, unpacked).result()
                if lost:
                    sys.exit(f"bench: {codec} lost {lost} of {width}x{height}")
                if os.path.getsize(packed) >= os.path.getsize(image):
                    sys.exit(f"bench: {codec} stored {width}x{height}, so nothing was measured")
                pixels, peak = width * height, max(memory)
                pixels_before, peak_before = first.setdefault(codec, (pixels, peak))
                row = [codec, width, height, os.path.getsize(packed)]
                row += [f"{pixels / s / 1e6:.2f}" for s in seconds] + [f"{m:.0f}" for m in memory]
                row += [f"{peak / peak_before:.2f}", f"{pixels / pixels_before:.2f}"]
                print(" | ".join(map(str, row)), flush=True)
                rows.append(row + table.where())
    table.write("large", [heads + table.WHERE, *rows])

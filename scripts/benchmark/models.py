"""One line for each model: its size, and its rate and speed by the softmax alone."""
import os, re, subprocess, sys, tempfile
from concurrent.futures import ProcessPoolExecutor

from benchmark import codecs, png, samples, table, verify

IMAGES = codecs.ROOT / "testimages"
# What a model is measured on: by the colours and bits of its images.
PHOTO, DIGITS = "city.png", "digits.png"


def listed():
    """(name, colours, bits, parameters, multiplications) of each model."""
    printed = subprocess.run(
        [codecs.PRNZIP, "models"], capture_output=True, text=True, check=True).stdout
    for line in printed.splitlines()[1:]:
        name, _, colours, bits, parameters, multiplications = re.split(r"\s{2,}", line)
        # It is given luma, which no PNG file is.
        if name.startswith("chroma"):
            continue
        yield name, int(colours), int(bits), int(parameters), int(multiplications)


def gray(path, scratch):
    """The luma of a photo as a gray PNG."""
    width, height, colours = samples.rgb(path)
    lines = []
    for r in range(height):
        line = colours[3 * width * r : 3 * width * (r + 1)]
        pixels = zip(line[0::3], line[1::3], line[2::3])
        lines.append(bytes((299 * r + 587 * g + 114 * b + 500) // 1000 for r, g, b in pixels))
    target = f"{scratch}/gray.png"
    png.write(target, width, height, lines, colour=0)
    return target


def cell(value):
    return f"{value:,}" if isinstance(value, int) else value


def main():
    heads = ["model", "for", "multiplications", "weights, bytes", "image", "bpsp", "encode MP/s",
             "decode MP/s"]
    rows = []
    weights = codecs.ROOT / "Sources" / "EmbeddedModels" / "weights"
    with tempfile.TemporaryDirectory() as scratch, ProcessPoolExecutor(1) as pool:
        luma = pool.submit(gray, IMAGES / PHOTO, scratch).result()
        for name, colours, bits, _, multiplications in listed():
            image = IMAGES / DIGITS if bits == 1 else luma if colours == 1 else IMAGES / PHOTO
            options = f"--model {name} --pure" + (" --tile 28" if bits == 1 else "")
            _, encode, decode = codecs.prnzip(options)
            packed, unpacked = f"{scratch}/packed.prn", f"{scratch}/unpacked.png"
            encoding, _ = codecs.repeated(encode, image, packed, codecs.RUNS)
            decoding, _ = codecs.repeated(decode, packed, unpacked, codecs.RUNS)
            lost = pool.submit(verify.difference, image, unpacked).result()
            if lost:
                sys.exit(f"bench: {name} lost {lost} of {image}")
            what = pool.submit(verify.describe, image).result()
            width, height, channels = what.width, what.height, what.channels
            bpsp = 8 * os.path.getsize(packed) / (width * height * channels)
            kind = ("1-bit gray" if bits == 1 else "gray" if colours == 1 else "RGB")
            shown = f"{PHOTO}, its luma" if image == luma else os.path.basename(image)
            speeds = [f"{width * height / seconds / 1e6:.3f}" for seconds in (encoding, decoding)]
            size = (weights / f"{name}.prnw").stat().st_size
            rows.append([name, kind, multiplications, size, shown, f"{bpsp:.4f}", *speeds])
            print(" | ".join(map(str, rows[-1])), flush=True)
    table.write("models", [heads + table.WHERE, *(row + table.where() for row in rows)])
    lines = [[f"`{name}`", *map(cell, row)] for name, *row in rows]
    table.write_readme("models", table.markdown(heads, lines))

"""What was measured, as CSV files and as the table in README.md."""
import csv, platform, subprocess, textwrap
from dataclasses import dataclass

from benchmark import codecs

# Speeds are shown as ratios to the one, sizes to the other.
REFERENCE, YARDSTICK = "JPEG XL -e 7", "JPEG XL -e 9"


@dataclass
class Figures:
    """One codec on all of a folder; None for what it does not do or was not measured."""
    bytes: int
    bpsp: float
    ratio: float
    encode: float | None = None  # MP/s
    decode: float | None = None
    encode_ratio: float | None = None
    decode_ratio: float | None = None
    memory: float | None = None  # MB


def summary(sizes, speed):
    """The figures of each codec, and of the PNG files as they are.

    There are no speeds where `speed` is None.
    """
    pixels = sum(width * height for (width, height, _), _ in sizes.values())
    samples = sum(width * height * channels for (width, height, channels), _ in sizes.values())
    totals = {
        codec: sum(row[codec] for _, row in sizes.values()) for codec in ["PNG", *codecs.CODECS]}
    out = {}
    for codec, total in totals.items():
        figures = out[codec] = Figures(total, 8 * total / samples, total / totals[YARDSTICK])
        if codec == "PNG" or speed is None:
            continue
        figures.memory = max(speed[codec]["memory"])
        for way in ("encode", "decode"):
            seconds = sum(speed[codec][way])
            if seconds:
                setattr(figures, way, pixels / seconds / 1e6)
                setattr(figures, way + "_ratio", sum(speed[REFERENCE][way]) / seconds)
    return out


def cell(number, digits=2):
    return "" if number is None else f"{number:.{digits}f}"


def speed_cells(figures):
    speeds = (figures.encode, figures.decode, figures.encode_ratio, figures.decode_ratio)
    return [cell(n) for n in speeds] + [cell(figures.memory, 0)]


def markdown(heads, rows):
    """The lines of a table in Markdown."""
    head, *body = ("| " + " | ".join(row) + " |" for row in [heads, *rows])
    return [head, "|" + "---|" * len(heads), *body]


def lines(name, summary, ratio):
    """The table in Markdown; `ratio` adds the column of the ratios of sizes."""
    timed = any(figures.memory is not None for figures in summary.values())
    heads = [name, "bytes", "bpsp"]
    heads += ["ratio"] if ratio else []
    heads += ["encode MP/s", "decode MP/s", "encode ratio", "decode ratio", "MB"] if timed else []
    rows = []
    for codec, figures in summary.items():
        bold = "**" if codec.startswith("prnzip") else ""
        row = [f"{bold}{codec}{bold}" if codec != "PNG" else "PNG as it is"]
        row += [f"{figures.bytes:,}", f"{bold}{figures.bpsp:.3f}{bold}"]
        row += [cell(figures.ratio, 4)] if ratio else []
        row += speed_cells(figures) if timed else []
        rows.append(row)
    return markdown(heads, rows)


def opening(images, summary):
    """What README.md begins with: how much smaller, and how fast, as sentences."""
    fast, default, best = (summary[f"prnzip{effort}"] for effort in (" -e fast", "", " -e best"))

    def percent(part, whole):
        return f"{100 * part / whole:.0f} %"

    of_png = percent(default.bytes, summary["PNG"].bytes)
    of_peer = percent(default.bytes, summary[YARDSTICK].bytes)
    larger = percent(fast.bytes - default.bytes, default.bytes)
    smaller = percent(default.bytes - best.bytes, default.bytes)
    sentences = [
        f"On the {images} Kodak photos, prnzip's files have {of_png} of the bytes of the PNG"
        f" files, and {of_peer} of those of {YARDSTICK}.",
        f"On {codecs.THREADS} processor cores, prnzip compresses {default.encode:.2f} megapixels"
        f" a second and decompresses {default.decode:.2f}.",
        f"`--effort fast` compresses {fast.encode / default.encode:.1f} times as fast, for files"
        f" that are {larger} larger.",
        f"`--effort best` takes {default.encode / best.encode:.1f} times as long, for files that"
        f" are {smaller} smaller.",
        "A file decodes to the same pixels on every machine, with every number of threads.",
    ]
    return [
        textwrap.fill(sentence, 100, initial_indent="* ", subsequent_indent="  ")
        for sentence in sentences]


def write(name, rows):
    codecs.RESULTS.mkdir(parents=True, exist_ok=True)
    with open(codecs.RESULTS / f"{name}.csv", "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def write_sizes(name, sizes):
    columns = ["PNG", *codecs.CODECS]
    rows = [["image", "width", "height", "channels", *columns]]
    for image, (geometry, row) in sizes.items():
        rows.append([image, *geometry, *(row[codec] for codec in columns)])
    write(f"{name}-sizes", rows)


def write_speed(name, summary):
    rows = [[
        "codec", "encode MP/s", "decode MP/s", "encode ratio", "decode ratio", "peak MB", *WHERE]]
    for codec in codecs.CODECS:
        rows.append([codec, *speed_cells(summary[codec]), *where()])
    write(f"{name}-speed", rows)


WHERE = ["machine", "threads", "commit"]


def where():
    commit = subprocess.run(
        ["git", "-C", codecs.ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True
    ).stdout.strip()
    return [platform.machine(), codecs.THREADS, commit]


def write_readme(name, lines, chart=True):
    """Replaces what stands between this benchmark's marks in README.md.

    It also sees to it that the benchmark's chart stands below.
    """
    readme = codecs.ROOT / "README.md"
    text = readme.read_text()
    begin, end = f"<!-- bench:{name} -->", f"<!-- /bench:{name} -->"
    picture = f"docs/bench-{name}.svg"
    if begin not in text or end not in text:
        return
    head, rest = text.split(begin, 1)
    tail = rest.split(end, 1)[1]
    image = "" if picture in text or not chart else f"\n\n![{name}: size against speed]({picture})"
    readme.write_text(head + begin + "\n" + "\n".join(lines) + "\n" + end + image + tail)

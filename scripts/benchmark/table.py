"""What was measured, as CSV files and as the table in README.md."""
import csv, platform, subprocess, textwrap
from dataclasses import dataclass

from benchmark import codecs

# Speeds are shown as ratios to the one, sizes to the other.
REFERENCE, YARDSTICK = "JPEG XL -e 7", "JPEG XL -e 9"


@dataclass
class Figures:
    """One codec on the images of which it has a file; None for what it does not do or is not timed.

    Ratios are over the same images of the codec that they compare with.
    """
    bytes: int
    bpsp: float
    ratio: float | None
    left_out: int = 0  # images
    encode: float | None = None  # MP/s
    decode: float | None = None
    encode_ratio: float | None = None
    decode_ratio: float | None = None
    memory: float | None = None  # MB


def summary(images, timed):
    """The figures of each codec that has any file, and of the PNG files as they are.

    Speed and memory are of images that are `timed`: those of the cache are not.
    """
    out = {}
    for codec in images[0].results:
        own = [image for image in images if image.bytes(codec) is not None]
        if own:
            out[codec] = figures_of(codec, own, timed)
            out[codec].left_out = len(images) - len(own)
    return out


def figures_of(codec, own, timed):
    total = sum(image.bytes(codec) for image in own)
    samples = sum(image.what.width * image.what.height * image.what.channels for image in own)
    common = [image for image in own if image.bytes(YARDSTICK) is not None]
    ratio = None
    if common:
        ratio = (sum(image.bytes(codec) for image in common)
                 / sum(image.bytes(YARDSTICK) for image in common))
    figures = Figures(total, 8 * total / samples, ratio)
    memories = [image.results[codec].memory for image in own]
    figures.memory = max((m for m in memories if timed and m), default=None)
    for way in ("encode", "decode") if timed else ():
        seconds = seconds_of(codec, way, own)
        if seconds:
            pixels = sum(image.what.width * image.what.height for image, _ in seconds)
            setattr(figures, way, pixels / sum(s for _, s in seconds) / 1e6)
        both = [
            (of_reference, s) for image, s in seconds
            for _, of_reference in seconds_of(REFERENCE, way, [image])]
        if both:
            setattr(figures, way + "_ratio", sum(r for r, _ in both) / sum(s for _, s in both))
    return figures


def seconds_of(codec, way, images):
    """(image, seconds) of those for which the codec's speed is known."""
    pairs = [(image, getattr(image.results[codec], way)) for image in images]
    return [(image, seconds) for image, seconds in pairs if seconds is not None]


def cell(number, digits=2):
    return "" if number is None else f"{number:.{digits}f}"


def speed_cells(figures):
    speeds = (figures.encode, figures.decode, figures.encode_ratio, figures.decode_ratio)
    return [cell(n) for n in speeds] + [cell(figures.memory, 0)]


def markdown(heads, rows):
    """The lines of a table in Markdown."""
    head, *body = ("| " + " | ".join(row) + " |" for row in [heads, *rows])
    return [head, "|" + "---|" * len(heads), *body]


def lines(name, summary, ratio, timed):
    """The table in Markdown; `ratio` adds the column of the ratios of sizes, `timed` speeds."""
    heads = [name, "bytes", "bpsp"]
    heads += ["ratio"] if ratio else []
    heads += ["encode MP/s", "decode MP/s", "encode ratio", "decode ratio", "MB"] if timed else []
    rows = []
    for codec, figures in summary.items():
        bold = "**" if codecs.is_ours(codec) else ""
        row = [f"{bold}{codec}{bold}" if codec != "PNG" else "PNG as it is"]
        without = f" without {figures.left_out}" if figures.left_out else ""
        row += [f"{figures.bytes:,}{without}", f"{bold}{figures.bpsp:.3f}{bold}"]
        row += [cell(figures.ratio, 4)] if ratio else []
        row += speed_cells(figures) if timed else []
        rows.append(row)
    return markdown(heads, rows)


def opening(images, summary):
    """What README.md begins with: how much smaller, as sentences."""
    fast, default, best = (summary[f"prnzip{effort}"] for effort in (" -e fast", "", " -e best"))
    plain = summary["prnzip, no transform"]

    def percent(part, whole):
        return f"{100 * part / whole:.0f} %"

    of_png = percent(default.bytes, summary["PNG"].bytes)
    of_peer = percent(default.bytes, summary[YARDSTICK].bytes)
    of_plain = percent(plain.bytes, summary[YARDSTICK].bytes)
    larger = f"{100 * (fast.bytes / default.bytes - 1):.1f} %"
    smaller = f"{100 * (1 - best.bytes / default.bytes):.1f} %"
    sentences = [
        f"On the {images} Kodak photos, which came from a Photo CD, prnzip's files have {of_png} of"
        f" the bytes of the PNG files, and {of_peer} of those of {YARDSTICK}; {of_plain} where it"
        " does not look for that (`--transform none`).",
        f"Files of `--effort fast` are {larger} larger there, those of `--effort best` {smaller}"
        " smaller.",
        "A file decodes to the same pixels on every machine, with every number of threads.",
    ]
    return [
        textwrap.fill(sentence, 100, initial_indent="* ", subsequent_indent="  ")
        for sentence in sentences]


def write(name, rows):
    codecs.RESULTS.mkdir(parents=True, exist_ok=True)
    with open(codecs.RESULTS / f"{name}.csv", "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def write_sizes(name, images):
    """A line for each image; what a codec cannot keep has no number."""
    columns = list(images[0].results)
    rows = [["image", "kind", "width", "height", "channels", "bits", *columns]]
    for image in images:
        what = image.what
        rows.append([
            image.name, what.kind, what.width, what.height, what.channels, what.depth,
            *(image.bytes(codec) for codec in columns)])
    write(f"{name}-sizes", rows)


def write_speed(name, summary):
    rows = [[
        "codec", "encode MP/s", "decode MP/s", "encode ratio", "decode ratio", "peak MB", *WHERE]]
    for codec, figures in summary.items():
        if codec != "PNG":
            rows.append([codec, *speed_cells(figures), *where()])
    write(f"{name}-speed", rows)


WHERE = ["machine", "threads", "commit"]


def where():
    commit = subprocess.run(
        ["git", "-C", codecs.ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True
    ).stdout.strip()
    return [platform.machine(), codecs.THREADS, commit]


def write_readme(name, lines, picture=None):
    """Replaces what stands between this benchmark's marks in README.md.

    It also sees to it that a picture, (its file in docs/, what it shows), stands below.
    """
    readme = codecs.ROOT / "README.md"
    text = readme.read_text()
    begin, end = f"<!-- bench:{name} -->", f"<!-- /bench:{name} -->"
    if begin not in text or end not in text:
        return
    head, rest = text.split(begin, 1)
    tail = rest.split(end, 1)[1]
    image = ""
    if picture and f"docs/{picture[0]}" not in text:
        image = f"\n\n![{picture[1]}](docs/{picture[0]})"
    readme.write_text(head + begin + "\n" + "\n".join(lines) + "\n" + end + image + tail)

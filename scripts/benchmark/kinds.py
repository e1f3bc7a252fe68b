"""Kinds of PNG files, and what the codecs make of each: a table, and what is left out of it.

The measure is the mean over the files of a kind, geometric, of a codec's bytes over those of the
smallest file that any other program, the PNG file included, has for the image without loss. So
small files count as much as large ones, and a value below 1 beats the best of the others.
"""
import math, textwrap
from collections import Counter
from dataclasses import dataclass

from benchmark import codecs, table

# In the order of tables and charts.
KINDS = [
    "RGB", "RGBA", "gray", "gray-alpha", "palette", "2/4-bit", "1-bit", "16-bit", "odd"]
ALL = "all"
# Once for each table: what its words mean.
NOTE = (
    "*Smallest other*: of each image the smallest of the PNG file and of what {peers} make of it"
    " without loss. Efforts: the sum of prnzip's bytes over that of the smallest others; in italics"
    " the geometric mean of the same ratio of each file. *odd*: interlaced or animated.")


def of(file):
    """The kind of a png.File: what is unusual about it counts first."""
    if file.interlaced or file.animated:
        return "odd"
    if file.depth != 8:
        return {1: "1-bit", 2: "2/4-bit", 4: "2/4-bit", 16: "16-bit"}[file.depth]
    return {0: "gray", 2: "RGB", 3: "palette", 4: "gray-alpha", 6: "RGBA"}[file.colour]


@dataclass
class Summary:
    """A kind's files, without what --pure makes of them.

    `means` has (mean ratio, files that count) of each codec that has any.
    """
    files: int
    png: int  # bytes
    smallest: int
    totals: dict  # bytes at each effort
    means: dict


def smallest(image):
    """The bytes of the smallest of the others."""
    return min(
        result.bytes for codec, result in image.results.items()
        if not codecs.is_ours(codec) and result.bytes is not None)


def summaries(images):
    """{kind: Summary} of the kinds that there are, and of all of them."""
    out = {}
    for kind in [*KINDS, ALL]:
        group = [image for image in images if kind in (image.what.kind, ALL)]
        if group:
            out[kind] = summary(group)
    return out


def summary(group):
    means = {}
    hidden = [name for word, name in codecs.EFFORTS.items() if word not in codecs.USUAL]
    shown = [codec for codec in group[0].results if codec not in hidden]
    for codec in shown:
        logs = [
            math.log(image.bytes(codec) / smallest(image))
            for image in group if image.bytes(codec) is not None]
        if logs:
            means[codec] = math.exp(math.fsum(logs) / len(logs)), len(logs)
    totals = {
        codec: sum(image.bytes(codec) for image in group)
        for codec in shown if codecs.is_ours(codec)}
    png = sum(image.bytes("PNG") for image in group)
    return Summary(len(group), png, sum(map(smallest, group)), totals, means)


def short(codec):
    """How a column calls prnzip at an effort."""
    return "default" if codec == "prnzip" else codec.split("-")[-1].removeprefix("e ")


def lines(by_kind):
    """The table in Markdown: bytes, and both ratios at each effort."""
    ours = list(by_kind[ALL].totals)
    heads = ["kind", "files", "PNG, bytes", "smallest other"]
    heads += [short(codec) for codec in ours]
    heads += [f"*{short(codec)}*" for codec in ours]
    rows = []
    for kind, found in by_kind.items():
        row = [kind, str(found.files), f"{found.png:,}", f"{found.smallest:,}"]
        row += [f"{found.totals[codec] / found.smallest:.3f}" for codec in ours]
        row += [f"**{found.means[codec][0]:.3f}**" for codec in ours]
        rows.append(row)
    return table.markdown(heads, rows)


def each(by_kind):
    """A table of the mean of each codec, in Markdown; in brackets, how many files if not all."""
    names = list(by_kind[ALL].means)
    rows = []
    for kind, found in by_kind.items():
        row = [kind]
        for codec in names:
            mean, count = found.means.get(codec, (None, 0))
            row.append(table.cell(mean, 3) + (f" ({count})" if 0 < count < found.files else ""))
        rows.append(row)
    return table.markdown(["mean", *names], rows)


def left_out(images):
    """Of each peer that did not keep every image: why not, and how many images of each kind."""
    out = []
    for codec in images[0].results:
        why = Counter(
            (image.results[codec].why, image.what.kind)
            for image in images if image.results[codec].why)
        parts = []
        for reason in sorted({reason for reason, _ in why}):
            by_kind = [f"{kind} {why[reason, kind]}" for kind in KINDS if why[reason, kind]]
            count = sum(n for (own, _), n in why.items() if own == reason)
            parts.append(f"{reason} in {count} ({', '.join(by_kind)})")
        if parts:
            out.append(f"{codec} {' and '.join(parts)}")
    return out


def notes(images):
    """The sentences below the table."""
    peers = [codec for codec in images[0].results if codec != "PNG" and not codecs.is_ours(codec)]
    text = NOTE.format(peers=", ".join(peers[:-1]) + " and " + peers[-1])
    out, missing = [text], "; ".join(left_out(images))
    if missing:
        out.append(f"Left out where the image is not kept: {missing}.")
    bare = Counter(
        codec for image in images for codec, result in image.results.items() if result.bare)
    if bare:
        counts = ", ".join(f"{codec} {count}" for codec, count in bare.items())
        out.append(
            "Given the PNG file without its other chunks, as they lose pixels with them, so many"
            f" times: {counts}.")
    return ["", *"\n\n".join(textwrap.fill(part, 100) for part in out).split("\n")]

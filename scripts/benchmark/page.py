"""A page of HTML of what was measured, made of the CSV files alone."""
import csv, html, math, re
from dataclasses import dataclass

from benchmark import chart, codecs, kinds, table

STYLE = codecs.ROOT / "Sources" / "Inspection" / "Page+Style.swift"
# The colours of charts as the page has them, light and dark.
COLOURS = {
    chart.INK: "var(--text)", chart.PAPER: "none", chart.FAINT: "var(--grid)",
    chart.OURS: "var(--accent)", chart.OTHERS: "var(--soft)"}
CHART_STYLE = "".join(
    f'.chart [{side}="{colour}"]{{{side}:{shown}}}\n'
    for colour, shown in COLOURS.items() for side in ("fill", "stroke")) + """
.strip circle{fill:var(--soft);fill-opacity:.45} .strip circle.own{fill:var(--accent)}
.ours th,.ours td{font-weight:640} td.best{color:var(--accent)}
"""


@dataclass
class Row:
    """An image of NAME-sizes.csv."""
    name: str
    kind: str
    pixels: int
    samples: int
    bytes: dict  # of each codec that keeps it


def sizes(path):
    """The images of a file."""
    rows = []
    with open(path, newline="") as file:
        for line in csv.DictReader(file):
            pixels = int(line["width"]) * int(line["height"])
            own = {codec: int(size) for codec, size in list(line.items())[6:] if size}
            rows.append(Row(
                line["image"], line["kind"], pixels, pixels * int(line["channels"]), own))
    return rows


def make():
    """The page."""
    parts = []
    for path in sorted(codecs.RESULTS.glob("*-sizes.csv")):
        name = path.stem.removesuffix("-sizes")
        parts.append(of_images(name, sizes(path)))
    for path in [codecs.RESULTS / "models.csv", codecs.RESULTS / "evaluations.csv"]:
        if path.exists():
            parts.append(of_file(path))
    style = re.search(r'"""\n(.*?)\n *"""', STYLE.read_text(), re.DOTALL)[1]
    style += CHART_STYLE
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width,initial-scale=1"/>
<meta name="color-scheme" content="light dark"/>
<title>prnzip: benchmarks</title>
<style>
{style}</style>
</head>
<body>
<main>
<header>
<p class="eyebrow">prnzip bench</p>
<h1>Benchmarks</h1>
<p class="lead">Exact sizes and median speeds, as the CSV files of Benchmarks/results have them.</p>
</header>
{"".join(parts)}</main>
</body>
</html>
"""


def section(name, title, note, body):
    return (f'<section id="{html.escape(name)}">\n<h2>{html.escape(title)}</h2>'
            f'<p class="note">{html.escape(note)}</p>\n{body}\n</section>\n')


def of_images(name, rows):
    """Bars, dots of images, kinds and speeds of one collection."""
    title = f"{name}, {len(rows)} images"
    body = bars(rows) + strip(rows)
    if len({row.kind for row in rows}) > 1:
        body += by_kind(rows)
    speeds = codecs.RESULTS / f"{name}-speed.csv"
    if speeds.exists():
        body += of_speeds(title, rows, speeds)
    return section(name, title, f"Ratios are to {table.YARDSTICK} on the same images.", body)


def totals(rows, codec):
    """Bytes, bits a sample, and the ratio to the yardstick, of the images that a codec keeps."""
    own = [row for row in rows if codec in row.bytes]
    size = sum(row.bytes[codec] for row in own)
    both = [row for row in own if table.YARDSTICK in row.bytes]
    yard = sum(row.bytes[table.YARDSTICK] for row in both)
    ratio = sum(row.bytes[codec] for row in both) / yard if yard else None
    return size, 8 * size / sum(row.samples for row in own), ratio, len(rows) - len(own)


def names(rows):
    """The codecs in the order of the file."""
    return list(dict.fromkeys(codec for row in rows for codec in row.bytes))


def bars(rows):
    found = {codec: totals(rows, codec) for codec in names(rows)}
    most = max(ratio or 0 for _, _, ratio, _ in found.values())
    lines = []
    for codec, (size, bpsp, ratio, missing) in found.items():
        own = codecs.is_ours(codec)
        width = 100 * (ratio or 0) / most
        without = f" (without {missing})" if missing else ""
        lines.append(
            f'<tr{kind("ours", own)}>'
            f'<th scope="row">{html.escape(codec + without)}</th><td class="track">'
            f'<span class="bar" style="width:{width:.2f}%;background:var('
            f'{"--accent" if own else "--quiet"})"></span></td>'
            f'<td class="num">{size:,}</td><td class="num">{bpsp:.3f}</td>'
            f'<td class="num">{table.cell(ratio, 4)}</td></tr>')
    heads = "".join(f'<th class="num">{head}</th>' for head in ("bytes", "bpsp", "ratio"))
    return (f'<table class="bars"><thead><tr><th></th><th></th>{heads}</tr></thead>\n<tbody>'
            + "\n".join(lines) + "</tbody></table>\n")


def strip(rows):
    """Each image as a dot, of each codec: its bytes over the yardstick's, on a logarithmic axis."""
    shown = [codec for codec in names(rows) if codec != table.YARDSTICK]
    points = {
        codec: [(row.bytes[codec] / row.bytes[table.YARDSTICK], row.name)
                for row in rows if codec in row.bytes and table.YARDSTICK in row.bytes]
        for codec in shown}
    values = [value for own in points.values() for value, _ in own]
    if not values:
        return ""
    low, high = min(*values, 0.5) / 1.08, max(*values, 2) * 1.02
    left, right, step, top = 240, 990, 24, 8
    place = lambda value: left + (right - left) * math.log(value / low) / math.log(high / low)
    height = top + step * len(shown) + 26
    out = [f'<svg class="chart strip" viewBox="0 0 1000 {height}" role="img" '
           'aria-label="Each image of each codec">']
    for tick in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20):
        if low <= tick <= high:
            at = place(tick)
            out.append(f'<line class="grid" x1="{at:.1f}" x2="{at:.1f}" y1="{top}" '
                       f'y2="{height - 22}"/><text x="{at:.1f}" y="{height - 6}" '
                       f'text-anchor="middle">{tick:g}</text>')
    for index, (codec, own) in enumerate(points.items()):
        y = top + step * (index + 0.5)
        ours = ' class="own"' if codecs.is_ours(codec) else ""
        out.append(f'<text x="{left - 14}" y="{y + 4:.1f}" text-anchor="end">'
                   f'{html.escape(codec)}</text>')
        out += [f'<circle{ours} cx="{place(value):.1f}" cy="{y:.1f}" r="4"><title>'
                f'{html.escape(name)}: {value:.3f}</title></circle>' for value, name in own]
    return f"<h3>Each image, bytes over those of {table.YARDSTICK}</h3>" + "".join(out) + "</svg>\n"


def by_kind(rows):
    """The geometric mean of each kind: bytes over those of the smallest of the others."""
    columns = names(rows)
    heads, body = ["kind", "files", *columns], []
    for each in [*kinds.KINDS, kinds.ALL]:
        group = [row for row in rows if each in (row.kind, kinds.ALL)]
        if not group:
            continue
        means = {}
        for codec in columns:
            logs = [math.log(row.bytes[codec] / smallest(row)) for row in group
                    if codec in row.bytes]
            means[codec] = math.exp(sum(logs) / len(logs)) if logs else None
        least = min(mean for mean in means.values() if mean is not None)
        cells = [f'<td class="num{" best" if mean == least else ""}">{table.cell(mean, 3)}</td>'
                 for mean in means.values()]
        body.append(f'<tr><td>{each}</td><td class="num">{len(group)}</td>{"".join(cells)}</tr>')
    return ("<h3>Mean ratio to the smallest of the others, by kind</h3>"
            + listed(heads, "\n".join(body)))


def kind(name, has_it):
    """The attribute of an element that may have a class."""
    return f' class="{name}"' if has_it else ""


def smallest(row):
    return min(size for codec, size in row.bytes.items() if not codecs.is_ours(codec))


def listed(heads, body):
    head = "".join(
        f'<th{kind("num", index)}>{html.escape(name)}</th>'
        for index, name in enumerate(heads))
    return (f'<div class="scroll"><table class="list"><thead><tr>{head}</tr></thead>\n'
            f"<tbody>{body}</tbody></table></div>\n")


def of_speeds(title, rows, path):
    """The chart and the table of speeds."""
    points, body, heads = {}, [], None
    with open(path, newline="") as file:
        for line in csv.DictReader(file):
            encode, decode = (float(line[key] or 0) or None for key in
                              ("encode MP/s", "decode MP/s"))
            points[line["codec"]] = totals(rows, line["codec"])[1], encode, decode
            heads = heads or list(line)
            body.append(cells(line.values()))
    drawn = chart.svg(title, points).replace("<svg ", '<svg class="chart" ', 1)
    return "<h3>Size against speed</h3>" + drawn + listed(heads or [], "\n".join(body))


def cells(values):
    return "<tr>" + "".join(
        f'<td{kind("num", index)}>{html.escape(value)}</td>'
        for index, value in enumerate(values)) + "</tr>"


def of_file(path):
    """A file as a table."""
    with open(path, newline="") as file:
        heads, *rows = csv.reader(file)
    return section(
        path.stem, path.stem, f"Benchmarks/results/{path.name}",
        listed(heads, "\n".join(map(cells, rows))))

"""The mean ratio of each codec to the smallest of the others, a row for each kind, drawn as SVG."""
import math

from benchmark import codecs, kinds
from benchmark.chart import FAINT, INK, OTHERS, OURS, PAPER, RADIUS, line, text

WIDTH, LEFT, RIGHT, TOP, ROW = 900, 160, 810, 140, 34
TICKS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32)
# What a codec is drawn as: the outline of its mark, in radii, or a circle; and whether it is full.
BAR = [(-0.2, -1.2), (0.2, -1.2), (0.2, 1.2), (-0.2, 1.2)]
SQUARE = [(-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)]
TRIANGLE = [(0, -1.1), (1.05, 0.8), (-1.05, 0.8)]
DIAMOND = [(0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)]
SHAPES = {
    "PNG": (BAR, True),
    "optipng -o2": (SQUARE, False),
    "WebP -z 9": (TRIANGLE, False),
    "JPEG XL -e 7": (DIAMOND, False),
    "JPEG XL -e 9": (DIAMOND, True),
    "prnzip -e fast": (None, False),
    "prnzip": (None, True),
    "prnzip -e best": (TRIANGLE, True),
}


def write(name, by_kind):
    """Draws the chart, and returns its file and what it shows."""
    file = f"bench-{name}-kinds.svg"
    codecs.CHARTS.mkdir(parents=True, exist_ok=True)
    (codecs.CHARTS / file).write_text(svg(name, by_kind))
    return file, f"{name}: sizes of each kind of PNG"


def svg(name, by_kind):
    shown = [codec for codec in by_kind[kinds.ALL].means if codec in SHAPES]
    counted = main_of(shown)
    values = [
        found.means[codec][0]
        for found in by_kind.values() for codec in shown if codec in found.means]
    ticks, x = scale(min(values), max(values))
    bottom = TOP + ROW * len(by_kind)
    height = bottom + 56
    files = by_kind[kinds.ALL].files
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" '
        f'font-family="Helvetica, Arial, DejaVu Sans, sans-serif" font-size="14" fill="{INK}">',
        f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>',
        text(30, 34, f"{name}, {files} images: sizes of each kind", size=20, weight="bold"),
        text(30, 56, "bytes over those of the smallest lossless file of any other, "
             "mean of the files; further left is better"),
        *legend(shown),
    ]
    for tick in ticks:
        out.append(line(x(tick), TOP, x(tick), bottom, INK if tick == 1 else FAINT, 1))
        out.append(text(x(tick), bottom + 20, f"{tick:g}", anchor="middle"))
    if counted:
        out.append(text(WIDTH - 30, TOP - 8, counted, "end", weight="bold", fill=OURS))
    for row, (kind, found) in enumerate(by_kind.items()):
        y = TOP + ROW * (row + 0.5)
        out.append(line(30, y + ROW / 2, WIDTH - 30, y + ROW / 2, FAINT, 1))
        weight = "bold" if kind == kinds.ALL else "normal"
        out.append(text(30, y + 5, kind, weight=weight))
        out.append(text(LEFT - 12, y + 5, str(found.files), "end", weight=weight))
        for codec in shown:
            if codec in found.means:
                mean, count = found.means[codec]
                out.append(mark(x(mean), y, codec, count == found.files))
        if counted:
            mean = f"{found.means[counted][0]:.3f}"
            out.append(text(WIDTH - 30, y + 5, mean, "end", weight="bold", fill=OURS))
    if any(count < found.files for found in by_kind.values() for _, count in found.means.values()):
        out.append(text(LEFT, bottom + 44, "pale: the mean of some files; the others lose pixels"))
    return "\n".join([*out, "</svg>"]) + "\n"


def main_of(shown):
    """The codec whose numbers stand on the right: prnzip as it is, or else at the last effort."""
    ours = [codec for codec in shown if codecs.is_ours(codec)]
    return "prnzip" if "prnzip" in ours else ours[-1] if ours else None


def scale(low, high):
    """The ticks, and where in the picture a value lies: a logarithmic scale."""
    low, high = min(low / 1.02, 0.95), max(high * 1.02, 1.05)
    ticks = [tick for tick in TICKS if low <= tick <= high]
    width = (RIGHT - LEFT) / math.log(high / low)
    place = lambda value: LEFT + math.log(value / low) * width
    # The numbers of ticks need so much room, in pixels; 1 always has its number.
    kept = [1]
    for tick in sorted(ticks, key=lambda tick: abs(math.log(tick))):
        if all(abs(place(tick) - place(other)) >= 36 for other in kept):
            kept.append(tick)
    return sorted(kept), place


def legend(shown):
    """Two rows: the others, then prnzip."""
    for y, ours in ((84, False), (108, True)):
        x = 30 + RADIUS
        for codec in shown:
            if codecs.is_ours(codec) == ours:
                words = "PNG as it is" if codec == "PNG" else codec
                yield mark(x, y, codec)
                yield text(x + 14, y + 5, words)
                x += 44 + 7.6 * len(words)


def mark(x, y, codec, is_whole=True):
    outline, full = SHAPES[codec]
    colour = OURS if codecs.is_ours(codec) else OTHERS
    radius = RADIUS - 1
    look = f'fill="{colour if full else "none"}" stroke="{colour}" stroke-width="1.6"'
    look += "" if is_whole else ' opacity="0.35"'
    if outline is None:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius - 0.5}" {look}/>'
    points = " ".join(f"{x + radius * dx:.1f},{y + radius * dy:.1f}" for dx, dy in outline)
    return f'<polygon points="{points}" {look}/>'

"""Bits per subpixel against speed, drawn as SVG."""
import html, math

from benchmark import codecs, labels
from benchmark.labels import BOTTOM, FONT, LEFT, RADIUS, RIGHT, TOP

WIDTH, HEIGHT = 900, 600
OURS, OTHERS, INK, FAINT, PAPER = "#b5371f", "#2f5f8f", "#222222", "#d9d5cc", "#fbfaf7"
# A dot is for encoding, a ring for decoding; the dot is smaller, so that both are seen together.
DOT = 4


def write(name, count, summary):
    """Draws the chart, and returns its file and what it shows."""
    points = {
        codec: (figures.bpsp, figures.encode, figures.decode)
        for codec, figures in summary.items() if figures.encode or figures.decode}
    file = f"bench-{name}.svg"
    codecs.CHARTS.mkdir(parents=True, exist_ok=True)
    (codecs.CHARTS / file).write_text(svg(f"{name}, {count} image" + "s" * (count != 1), points))
    return file, f"{name}: size against speed"


def svg(title, points):
    """The chart of {codec: (bpsp, encode MP/s, decode MP/s)}; None for a missing speed."""
    speeds = [speed for _, *both in points.values() for speed in both if speed]
    x_ticks, x = logarithmic(min(speeds), max(speeds))
    y_ticks, y = linear([bpsp for bpsp, _, _ in points.values()])
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" '
        f'font-family="Helvetica, Arial, DejaVu Sans, sans-serif" font-size="{FONT}" fill="{INK}">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>',
        text(LEFT, 34, f"{title}: size against speed", size=20, weight="bold"),
        text(LEFT, 56, "lower and further right is better"),
        *legend(LEFT, 80),
        *axes(x_ticks, x, y_ticks, y),
    ]
    places = {
        codec: (y(bpsp), x(encode) if encode else None, x(decode) if decode else None)
        for codec, (bpsp, encode, decode) in points.items()}
    for codec, (level, encode, decode) in places.items():
        colour = colour_of(codec)
        if encode and decode and abs(encode - decode) > RADIUS:
            end = decode - math.copysign(RADIUS, decode - encode)
            out.append(line(encode, level, end, level, colour))
        if decode:
            out.append(mark(decode, level, colour, filled=False))
        if encode:
            out.append(mark(encode, level, colour, filled=True))
    for codec, (box, (px, py)) in labels.place(places).items():
        left, top, right, bottom = box
        # A label that stands off its mark is tied to it.
        qx, qy = min(max(px, left), right), min(max(py, top), bottom)
        if math.hypot(px - qx, py - qy) > 2 * RADIUS:
            out.append(line(px, py, qx, qy, "#888888", 0.7))
        if px < left:
            at, anchor = left, "start"
        elif px > right:
            at, anchor = right, "end"
        else:
            at, anchor = (left + right) / 2, "middle"
        weight = "bold" if codecs.is_ours(codec) else "normal"
        out.append(text(at, bottom - 4, codec, anchor, weight=weight, fill=colour_of(codec)))
    return "\n".join([*out, "</svg>"]) + "\n"


def colour_of(codec):
    return OURS if codecs.is_ours(codec) else OTHERS


# Scales: the ticks, and where in the picture a value lies.


def logarithmic(low, high):
    low, high = low / 1.25, high * 1.25
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    steps = [m * 10.0**e for e in powers for m in (1, 2, 5)]
    low = max((step for step in steps if step <= low), default=low)
    high = min((step for step in steps if step >= high), default=high)
    scale = (RIGHT - LEFT) / math.log(high / low)
    ticks = [step for step in steps if low <= step <= high]
    return ticks, lambda value: LEFT + math.log(value / low) * scale


def linear(values):
    low, high = min(values), max(values)
    step = next(step for step in (0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1, 2) if high - low <= 8 * step)
    first, last = math.floor(low / step - 0.3), math.ceil(high / step + 0.3)
    scale = (BOTTOM - TOP) / (last - first)
    ticks = [n * step for n in range(first, last + 1)]
    return ticks, lambda value: BOTTOM - (value / step - first) * scale


# Parts of the picture.


def text(x, y, words, anchor="start", size=FONT, weight="normal", fill=INK, more=""):
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" '
            f'font-weight="{weight}" fill="{fill}"{more}>{html.escape(words)}</text>')


def line(x1, y1, x2, y2, colour, width=1.5):
    return (f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{colour}" stroke-width="{width}"/>')


def mark(x, y, colour, filled):
    look = (
        f'r="{DOT}" fill="{colour}"' if filled else
        f'r="{RADIUS}" fill="none" stroke="{colour}" stroke-width="2"')
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" {look}/>'


def legend(x, y):
    for start, words, filled in ((x + RADIUS, "encode", True), (x + RADIUS + 96, "decode", False)):
        yield mark(start, y, INK, filled)
        yield text(start + 14, y + 5, words)
    for start, words, colour in ((x + 210, "prnzip", OURS), (x + 310, "others", OTHERS)):
        yield line(start, y, start + 24, y, colour, 4)
        yield text(start + 32, y + 5, words)


def axes(x_ticks, x, y_ticks, y):
    for value in x_ticks:
        yield line(x(value), TOP, x(value), BOTTOM, FAINT, 1)
        yield text(x(value), BOTTOM + 20, f"{value:g}", anchor="middle")
    for value in y_ticks:
        yield line(LEFT, y(value), RIGHT, y(value), FAINT, 1)
        yield text(LEFT - 8, y(value) + 5, f"{value:.2f}", anchor="end")
    middle = (LEFT + RIGHT) / 2
    yield text(middle, BOTTOM + 48, "megapixels per second (logarithmic)", anchor="middle")
    middle = (TOP + BOTTOM) / 2
    turned = f' transform="rotate(-90 24 {middle})"'
    yield text(24, middle, "bits per subpixel", anchor="middle", more=turned)

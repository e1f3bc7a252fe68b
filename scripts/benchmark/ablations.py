"""The small networks under Models/ablations, by the last lines of their logs: tables, a chart."""
import csv

from benchmark import codecs, table

FOLDER = codecs.ROOT / "Models" / "ablations"
CONNECTIONS, DEPTHS = ["neither", "skip", "residual", "both"], [1, 2, 3, 6]
COLOURS = dict(zip(CONNECTIONS, ["#777777", "#2f5f8f", "#c98a1b", "#b5371f"]))


def last(name):
    """The last line of a log."""
    with open(FOLDER / f"{name}.log.csv") as file:
        return list(csv.DictReader(file))[-1]


def nats(kind, depth):
    return float(last(f"ablation-{kind}-{depth}")["valid_nats"])


def command(name):
    """What trains a table's networks, as lines below it."""
    return [
        "", f"    .build/release/prntrain train Models/ablations/{name}.recipe --data DATA"]


def connections():
    rows = [
        [str(depth), *(f"{nats(kind, depth):.2f}" for kind in CONNECTIONS)] for depth in DEPTHS]
    return table.markdown(["layers", *CONNECTIONS], rows) + command("ablation-KIND-LAYERS")


def heads():
    rows = []
    for name, what in (("softmax", "256-way softmax"), ("mixture", "mixture of 10 logistics")):
        bits = float(last(f"ablation-{name}")["valid_bits_per_dim"])
        rows.append([f"`{name}`", what, f"{bits:.3f}"])
    return table.markdown(["HEAD", "what it is", "bits/dim"], rows) + command("ablation-HEAD")


def chart(path):
    """Nats against layers, a line for each kind of connections, as SVG."""
    width, height, left, right, top, bottom = 720, 440, 70, 600, 60, 390
    values = {kind: [nats(kind, depth) for depth in DEPTHS] for kind in CONNECTIONS}
    low = min(map(min, values.values())) - 0.5
    high = max(map(max, values.values())) + 0.5
    x = lambda depth: left + (depth - 0.5) / 6 * (right - left)
    y = lambda value: top + (high - value) / (high - low) * (bottom - top)
    text = lambda px, py, what, anchor="start", extra="": (
        f'<text x="{px:.1f}" y="{py:.1f}" text-anchor="{anchor}"{extra}>{what}</text>')
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" '
        'font-family="Helvetica, Arial, DejaVu Sans, sans-serif" font-size="14" fill="#222222">',
        f'<rect width="{width}" height="{height}" fill="#fbfaf7"/>',
        text(left, 30, "Row LSTM on binarized MNIST: nats by layers and connections",
             extra=' font-size="18" font-weight="bold"'),
        text(left, 50, "validation images; lower is better"),
        text((left + right) / 2, height - 12, "layers", "middle"),
    ]
    step = next(s for s in (0.5, 1, 2, 5, 10, 20, 50) if (high - low) / s <= 8)
    tick = -(-low // step) * step
    while tick <= high:
        at = f"{y(tick):.1f}"
        out.append(f'<line x1="{left}" y1="{at}" x2="{right}" y2="{at}" stroke="#d9d5cc"/>')
        out.append(text(left - 8, y(tick) + 5, f"{tick:g}", "end"))
        tick += step
    out += [text(x(depth), bottom + 22, depth, "middle") for depth in DEPTHS]
    # Labels keep a line's height between them.
    ends = sorted(CONNECTIONS, key=lambda kind: y(values[kind][-1]))
    level = top - 100
    for kind in ends:
        points = [(x(depth), y(value)) for depth, value in zip(DEPTHS, values[kind])]
        joined = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
        colour = COLOURS[kind]
        out.append(f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [
            f'<circle cx="{px:.1f}" cy="{py:.1f}" r="4" fill="{colour}"/>' for px, py in points]
        level = max(level + 18, points[-1][1] + 5)
        look = f' fill="{colour}" font-weight="bold"'
        out.append(text(points[-1][0] + 12, level, kind, extra=look))
    path.write_text("\n".join([*out, "</svg>"]) + "\n")

"""Pairs of programs as a table for people, and as a CSV file."""
import csv, math

from benchmark import pairs
from benchmark.pairs import NEW, OLD, PEER, WAYS


def spread(ratio):
    return f"{ratio.median:.3f} ({ratio.lowest:.3f} to {ratio.highest:.3f})" if ratio else "-"


def both(pair, make):
    """What is made of the old side and of the new one."""
    return [make(pair.sides[side]) for side in (OLD, NEW)]


def number(value, digits):
    return "-" if value is None else f"{value:.{digits}f}"


def aligned(rows):
    """Lines of columns as wide as they need; words on the left, numbers on the right."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        cells = [
            cell.ljust(width) if i < 3 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths))]
        yield "  ".join(cells).rstrip()


HEADS = [
    "effort", "set", "", "CPU, new/old", "wall, new/old", "old s", "new s", "old MB", "new MB"]


def file_lines(own):
    """The lines of the pairs of one file."""
    counts = any(side.instructions for pair in own for side in pair.sides.values())
    has_peer = any(PEER in pair.sides for pair in own)
    heads = HEADS + ["instructions"] * counts + ["peer/new CPU", "peer/new wall"] * has_peer
    rows, remarks = [heads], []
    for pair in own:
        for way in WAYS:
            row = [pair.effort, pair.set or "best", way]
            row += [spread(pair.ratio(way, what)) for what in ("cpu", "wall")]
            row += both(pair, lambda side: number(side.median(way, "cpu"), 3))
            row += both(pair, lambda side: number(side.memory(way), 0))
            if counts:
                row.append(number(pair.of_instructions(way), 4))
            if has_peer:
                row += [
                    number(ratio.median if ratio else None, 4)
                    for ratio in (pair.ratio(way, what, PEER, NEW) for what in ("cpu", "wall"))]
            rows.append(row)
        remarks.append(remark(pair))
    return [*aligned(rows), *remarks]


def remark(pair):
    """Bytes, and what came back."""
    sizes = both(pair, lambda side: "-" if side.bytes is None else f"{side.bytes:,}")
    ratio = pair.of_bytes()
    words = f"{pair.effort}, {pair.set or 'best'}: bytes {sizes[0]} to {sizes[1]}"
    if ratio:
        words += f", ratio {ratio:.5f}"
    if PEER in pair.sides and pair.sides[PEER].bytes:
        words += f"; {pairs.PEER_NAME} {pair.sides[PEER].bytes:,}"
    states = [f"{side} {own.why}" for side, own in pair.sides.items() if own.why]
    return words + "; " + ("; ".join(states) if states else "PNG right")


def mean_lines(all_pairs):
    """Geometric means over files, where there are several."""
    groups = {}
    for pair in all_pairs:
        groups.setdefault((pair.effort, pair.set), []).append(pair)
    rows = [["effort", "set", "", "CPU, new/old", "wall, new/old", "files"]]
    for (effort, name), own in groups.items():
        for way in WAYS:
            ratios = [[pair.ratio(way, what) for pair in own] for what in ("cpu", "wall")]
            known = [[r.median for r in column if r] for column in ratios]
            if known[0]:
                means = [f"{math.exp(sum(map(math.log, c)) / len(c)):.3f}" for c in known]
                rows.append([effort, name or "best", way, *means, str(len(known[0]))])
    return list(aligned(rows))


COLUMNS = [
    "file", "effort", "set", "way", "rounds",
    *(f"{what} ratio {part}" for what in ("cpu", "wall") for part in ("median", "low", "high")),
    *(f"{side} {what}" for side in (OLD, NEW) for what in (
        "cpu s", "wall s", "peak MB", "bytes", "instructions", "fault")),
    "peer cpu ratio", "peer wall ratio", "peer bytes", "peer fault"]


def csv_rows(pair):
    for way in WAYS:
        row = [pair.file, pair.effort, pair.set or "best", way, len(pair.sides[NEW].runs[way])]
        for what in ("cpu", "wall"):
            ratio = pair.ratio(way, what)
            row += [ratio.median, ratio.lowest, ratio.highest] if ratio else [None] * 3
        for side in (OLD, NEW):
            own = pair.sides[side]
            row += [
                own.median(way, "cpu"), own.median(way, "wall"), own.memory(way), own.bytes,
                own.instructions.get(way), own.why]
        ratios = [pair.ratio(way, what, PEER, NEW) for what in ("cpu", "wall")]
        row += [ratio.median if ratio else None for ratio in ratios]
        peer = pair.sides.get(PEER)
        row += [peer.bytes, peer.why] if peer else [None, None]
        yield [f"{cell:.6g}" if isinstance(cell, float) else cell for cell in row]


def write(path, all_pairs):
    with open(path, "w", newline="") as file:
        rows = (row for pair in all_pairs for row in csv_rows(pair))
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows])

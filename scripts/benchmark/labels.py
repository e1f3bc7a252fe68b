"""Where the labels of a chart go.

Each takes the place that costs least, given the places of the others, until none moves.
"""
import itertools

# In pixels: the sides of the field that holds marks and labels, the radius of a mark, the letters.
LEFT, RIGHT, TOP, BOTTOM = 80, 870, 100, 530
RADIUS, FONT = 7, 14


def place(marks):
    """{codec: (box of its label, the point it belongs to)}; a box is left, top, right, bottom.

    `marks` says of each codec how low it stands, and how far right for encoding and decoding.
    """
    options = {codec: list(candidates(codec, *where)) for codec, where in marks.items()}
    taken = [box for where in marks.values() for box in obstacles(*where)]
    chosen = {codec: option[0] for codec, option in options.items()}
    for _ in range(20):
        before = dict(chosen)
        for codec, own in options.items():
            others = [box for other, (box, _, _) in chosen.items() if other != codec]
            chosen[codec] = min(own, key=lambda option: cost(option, taken, others))
        if chosen == before:
            break
    return {codec: (box, point) for codec, (box, point, _) in chosen.items()}


def candidates(codec, level, encode, decode):
    """(box, point, distance) for places right, left, above and below the marks, near ones first."""
    width, height = 0.62 * FONT * len(codec), FONT + 4
    ends = sorted(end for end in (encode, decode) if end)
    gap = RADIUS + 4
    for lift, side in itertools.product(range(0, 7), (1, -1)):
        rise = side * lift * (height + 2) / 2
        for point, left in (
            (ends[-1], ends[-1] + gap + lift), (ends[0], ends[0] - gap - lift - width),
            *((point, point - width / 2) for point in (ends[-1], ends[0], sum(ends) / len(ends))),
        ):
            top = level + rise - height / 2
            if left < LEFT or left + width > RIGHT or top < TOP or top + height > BOTTOM:
                continue
            yield (left, top, left + width, top + height), (point, level), abs(rise)


def obstacles(level, encode, decode):
    """The boxes of a codec's marks and of the line that joins them."""
    ends = sorted(end for end in (encode, decode) if end)
    for end in ends:
        yield end - RADIUS - 2, level - RADIUS - 2, end + RADIUS + 2, level + RADIUS + 2
    yield ends[0], level - 2, ends[-1], level + 2


def cost(option, taken, others):
    box, _, distance = option
    on_marks = sum(overlap(box, other) for other in taken)
    on_labels = sum(overlap(box, other) for other in others)
    return distance + on_marks + 3 * on_labels


def overlap(a, b):
    return max(0, min(a[2], b[2]) - max(a[0], b[0])) * max(0, min(a[3], b[3]) - max(a[1], b[1]))

"""FORMAT.md, section 16: planes of values that are nearly all 0."""
from .adaptive import ONE, Counter, Kept, decide_alone

LIMIT = 1023
NOTHING, POSITIVE, NEGATIVE = range(3)


def decode(coder, rows, columns, planes, has_alpha, group):
    """The coded values of a tile, [row][column][plane]."""
    counters = Kept(start)

    def decide(*key):
        return decide_alone(coder, counters[key], LIMIT)

    signs = {}
    outside = planes * [NOTHING]

    def around(r, q):
        return signs.get((r, q), outside)

    image = []
    for r in range(rows):
        image.append([])
        for q in range(columns):
            has = [any(around(r - a, q - b)) for a, b in
                   ((0, 1), (1, 0), (1, 1), (1, -1), (0, 2), (2, 0))]
            context = sum(bit << i for i, bit in enumerate(has[:4])) | (has[4] or has[5]) << 4
            values, found = planes * [0], planes * [NOTHING]
            if decide("any", context):
                pattern = 0
                for k in range(planes):
                    west, north = around(r, q - 1)[k], around(r - 1, q)[k]
                    implied = k + 1 == planes and pattern == 0
                    if not (implied or decide("some", k, pattern, west > 0, north > 0)):
                        continue
                    negative = decide("negative", k, west, north)
                    size = magnitude(decide, k)
                    values[k] = -size % 256 if negative else size
                    found[k] = NEGATIVE if negative else POSITIVE
                    pattern |= 1 << k
                signs[r, q] = found
            image[-1].append(values)
    return image


def start(key):
    if key[0] == "any":
        return Counter(ONE // 1024, 8) if key[1] == 0 else Counter(ONE // 4, 1)
    return Counter(ONE // 2, 0)


def magnitude(decide, k):
    n = 1
    while n < 8 and decide("more", k, n):
        n += 1
    size = 1
    for i in range(n - 2, -1, -1):
        size = 2 * size + decide("bits", k, n, i)
    return size

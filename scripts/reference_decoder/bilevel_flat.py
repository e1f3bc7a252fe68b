"""FORMAT.md, section 13.3: flat places of a bilevel image."""
from .adaptive import ONE, Counter, Kept, bit_length, decide, decide_alone, new_refinement
from .basics import clamp, floor_log2

# By depth.
SPAN = {
    1: (6, (-6, 6), (-4, 4), (-2, 2)),
    2: (6, (-6, 6), (-4, 4), (-2, 2)),
    4: (6, (-6, 3), (-3, 3), (-2, 2))}


class Flat:
    """What flat places have taught so far."""

    def __init__(self, image):
        self.image, left, *spans = image, *SPAN[image.depth]
        self.places = [(0, -d) for d in range(1, left + 1)]
        self.places += [(u + 1, d) for u, (a, b) in enumerate(spans) for d in range(a, b + 1)]
        # Misses of this row and of the two above; the last one's column; the last row by column.
        self.misses, self.last, self.missed = [0, 0, 0], -1000, {}
        self.deep = Kept(lambda _: Counter(ONE // 1000 * 999, 4))
        self.counters = Kept(lambda _: Counter(ONE // 100 * 99, 2))
        self.weights, self.refinements = Kept(lambda _: 7 * [16000]), Kept(new_refinement)

    def start_row(self):
        self.misses, self.last = [0] + self.misses[:2], -1000

    def is_flat(self):
        image = self.image
        return image.match.predicted in (None, image.N) and all(
            image.P(*place) == image.N for place in self.places)

    def decide(self):
        """Whether the pixel of a flat place is N."""
        (here, above, before), image = self.misses, self.image
        everywhere, other = image.all(image.N), int(image.N != 0)
        windows = [image.window(u) for u in range(5)]
        if here == above == 0 and windows[:3] == 3 * [everywhere]:
            is_deeper = windows[3] == windows[4] == everywhere
            along = min(floor_log2(image.x + 1), 7)
            counter = self.deep[other, before > 0, along, is_deeper]
            bit = decide_alone(image.coder, counter, 1000)
        else:
            bit = self.decide_mixed(min(here, 3), min(above, 3), before > 0, windows)
        if not bit:
            self.misses[0] += 1
            self.last, self.missed[image.x] = image.x, image.y
        return bit

    def miss_age(self, x):
        if x not in self.missed:
            return 0
        return min(floor_log2(self.image.y + 1 - self.missed[x]), 7) + 1

    def decide_mixed(self, here, above, before, windows):
        image, x, y = self.image, self.image.x, self.image.y
        everywhere, other = image.all(image.N), int(image.N != 0)
        distance = min(floor_log2(x - self.last), 9)
        right = 9
        if image.depth == 1:
            right -= bit_length((windows[1] ^ everywhere) % 512)
        run = image.run(windows[0] ^ everywhere, 64 // image.depth)
        left = bit_length(clamp(run - 6, 0, 26))
        up = 0
        while up < 5 and all(image.P(3 + up, d) == image.N for d in range(-2, 3)):
            up += 1
        match = image.match
        agrees = 1 + min(floor_log2(match.length + 1), 6) if match.there else 0
        keys = (
            (right, left, here > 0, other), (distance, here, above, before, other),
            (self.miss_age(x), self.miss_age(x + 1), right), (agrees, distance),
            (up, left, right, other), (x % 8, y % 8, here, above))
        counters = [self.counters[k, key] for k, key in enumerate(keys)]
        return decide(
            image.coder, [counter.stretched for counter in counters] + [256],
            [(counter, 400) for counter in counters], [self.weights[here, above]], None,
            self.refinements[here, above], 300)

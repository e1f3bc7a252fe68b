"""FORMAT.md, section 13: images of 1, 2 or 4 bits a pixel."""
from .basics import clamp, floor_log2, need
from .bilevel_tables import PRIORS, WEIGHTS
from .functions import exp2n, lg

# 10.1
ONE, LIMIT = 1 << 22, 4095
SQUASH = [2**63 // (2**45 + exp2n(d) >> 4) for d in range(LIMIT + 1)]
RATE = [655360 // (10 * n + 16) for n in range(1024)]
# 13.3
FLAT = {
    1: (6, (-6, 6), (-4, 4), (-2, 2)),
    2: (6, (-6, 6), (-4, 4), (-2, 2)),
    4: (6, (-6, 3), (-3, 3), (-2, 2))}
# 13.5
FACTORS = (
    0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93,
    0xA0761D6478BD642F, 0xE7037ED1A0B428DB, 0x8EBC6AF09C88C6E3, 0x589965CC75374CC3,
    0x1D8E4E27C47D124F)
SPANS = {
    1: (
        (3, (-2, 2), (-1, 1)),
        (4, (-3, 3), (-2, 2)),
        (5, (-4, 4), (-3, 3), (0, 0)),
        (6, (-5, 5), (-3, 3), (-2, 2), (0, 0)),
        (8, (-7, 7), (-5, 5), (-3, 3), (-1, 1)),
        (12, (-10, 10), (-7, 7), (-5, 5), (-3, 3), (-2, 2), (-1, 1)),
        (18, (-1, 1)),
        (1, (-1, 1), (-1, 1), (-1, 1), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0)),
        (2, (-4, 12), (0, 0))),
    2: (
        (1, (0, 0)),
        (1, (-1, 1)),
        (2, (-1, 1), (0, 0)),
        (3, (-2, 2), (-1, 1)),
        (4, (-3, 3), (-2, 2), (0, 0)),
        (6, (-5, 5), (-3, 3), (-2, 2), (0, 0)),
        (6, (0, 0)),
        (1, (0, 0), (0, 0), (0, 0), (0, 0)),
        (1, (-1, 4))),
    4: (
        (1, (0, 0)),
        (1, (0, 1)),
        (1, (-1, 1)),
        (2, (-1, 1), (0, 0)),
        (3, (-2, 2), (-1, 1)),
        (5, (-4, 3), (-2, 2), (-1, 1), (0, 0)),
        (4,),
        (0, (0, 0), (0, 0), (0, 0), (0, 0)),
        (0, (0, 3)))}
COUNTS = (0, 1, 2, 3, 4, 6, 9, 15, 33, 90)
CLASSES = [n if n < 5 else 5 + sum(n > most for most in (6, 10, 20, 50)) for n in range(256)]
M64 = 2**64 - 1


def squash(d):
    return SQUASH[d] if d >= 0 else ONE - SQUASH[-d]


def stretch(p):
    p = clamp(p, 16, ONE - 16)
    return lg(p) - lg(ONE - p)


def pack(base, *digits):
    number = 0
    for digit in digits:
        number = number * base + digit
    return number


class Counter:
    """10.2"""

    def __init__(self, p, n):
        self.p, self.n = p, n

    def learn(self, bit, limit):
        self.p += ((ONE - 1 if bit else 0) - self.p) * RATE[self.n] >> 16
        self.n += self.n < limit


class Kept(dict):
    """What is made when it is first asked for."""

    def __init__(self, make):
        super().__init__()
        self.make = make

    def __missing__(self, key):
        self[key] = self.make(key)
        return self[key]


def new_refinement(_):
    return [Counter(squash(clamp((j - 16) * 256, -LIMIT, LIMIT)), 6) for j in range(33)]


class Mixture:
    """10.2: one decision."""

    def __init__(self, inputs, vectors, final, rate, cells):
        self.inputs, self.vectors, self.final, self.rate = inputs, vectors, final, rate
        limited = lambda x: clamp(x, -LIMIT, LIMIT)
        self.sums = [limited(sum(w * x >> 8 for w, x in zip(v, inputs)) >> 8) for v in vectors]
        joined = self.sums[0]
        if final:
            joined = limited(sum(w * x >> 8 for w, x in zip(final, self.sums)) >> 8)
        self.mixed = squash(joined)
        j, rest = divmod(joined + 4096, 256)
        refined = cells[j].p * (256 - rest) + cells[j + 1].p * rest >> 8
        self.cell = cells[j + (rest >= 128)]
        self.p = 3 * self.mixed + refined + 2 >> 2

    def learn(self, bit):
        self.cell.learn(bit, 120)
        outcome = ONE if bit else 0
        if self.final:
            adjust(self.final, self.sums, (outcome - self.mixed) * 4 >> 12)
        for vector, x in zip(self.vectors, self.sums):
            adjust(vector, self.inputs, (outcome - squash(x) >> 6) * self.rate >> 10)


def adjust(weights, inputs, gradient):
    for i, x in enumerate(inputs):
        weights[i] = clamp(weights[i] + (gradient * x + 8192 >> 14), -458752, 458752)


class Bilevel:
    """The decoding of an image; `coder` is a RangeDecoder."""

    def __init__(self, coder, width, height, depth):
        self.coder, self.width, self.height, self.depth = coder, width, height, depth
        self.pixels = [[0] * width for _ in range(height)]
        self.ages = [0] * width
        area = floor_log2(width * height)
        self.slot_bits, self.place_bits = clamp(area + depth, 8, 18), clamp(area, 8, 18)
        self.values, self.there, self.places = 0, None, {}
        self.length = self.verified = self.errors = 0
        self.misses, self.missed, self.last = [0, 0, 0], {}, -1000
        self.deep = Kept(lambda _: Counter(ONE // 1000 * 999, 4))
        self.flat = Kept(lambda _: Counter(ONE // 100 * 99, 2))
        self.flat_weights = Kept(lambda _: 7 * [16000])
        self.flat_cells, self.cells = Kept(new_refinement), Kept(new_refinement)
        self.slots, self.maps = {}, Kept(self.new_map)
        self.matches = Kept(
            lambda key: Counter(ONE * (key[0] + 2 if key[2] else 1) // (key[0] + 3), 2))
        self.priors = Kept(lambda i: Counter(squash(32 * PRIORS[i]), 255))
        self.weights = Kept(lambda _: list(WEIGHTS[depth]) + 3 * [0])
        self.final = Kept(lambda _: 4 * [16384])

    @staticmethod
    def new_map(key):
        a, b = COUNTS[key[1] // 40], COUNTS[key[1] // 4 % 10]
        return Counter(ONE * (10 * b + 3) // (10 * (a + b) + 6), 4)

    def decision(self, p):
        """A decision of section 7 with 22 bits."""
        p, coder = clamp(p, 32, ONE - 32), self.coder
        unit = coder.range // ONE
        target = coder.offset // unit
        need(target < ONE, "corrupt tile: outside of every interval")
        bit = int(target < p)
        coder.narrow(unit, 0 if bit else p, p if bit else ONE - p)
        return bit

    def decode(self):
        """13.1: the rows of the image."""
        background = 0
        for _ in range(self.depth):
            background = 2 * background + self.decision(ONE // 2)
        for self.y in range(self.height):
            self.misses, self.last, self.there = [0] + self.misses[:2], -1000, None
            for self.x in range(self.width):
                self.pixel()
        return [[pixel ^ background for pixel in row] for row in self.pixels]

    def near(self, up, right):
        row, column = self.y - up, self.x + right
        return self.pixels[row][column] if row >= 0 and 0 <= column < self.width else 0

    def window(self, up):
        """13.2"""
        last = -1 if up == 0 else 16 // self.depth - 1
        return pack(1 << self.depth, *(
            self.near(up, d) for d in range(last + 1 - 64 // self.depth, last + 1)))

    def everywhere(self, pixel):
        return pack(1 << self.depth, *(64 // self.depth * [pixel]))

    def run(self, window, most):
        return ((window & -window).bit_length() - 1) // self.depth if window else most

    def pixel(self):
        """13.1"""
        near = self.near
        self.W, self.N, self.NW, self.NE = near(0, -1), near(1, 0), near(1, -1), near(1, 1)
        self.WW, self.NN = near(0, -2), near(2, 0)
        left, *spans = FLAT[self.depth]
        places = [(0, -d) for d in range(1, left + 1)]
        places += [(u + 1, d) for u, (a, b) in enumerate(spans) for d in range(a, b + 1)]
        value, excluded = None, None
        predicted = self.predicted()
        if predicted in (None, self.N) and all(near(*place) == self.N for place in places):
            if self.flat_place():
                value = self.N
            else:
                excluded = self.N
                if self.depth == 1:
                    value = 1 - self.N
        if value is None:
            value = self.full_pixel(excluded)
        right = self.predicted() == value
        self.pixels[self.y][self.x] = value
        self.ages[self.x] = min(self.ages[self.x] + 1, 15) if value == self.N else 0
        self.advance(right)

    def predicted(self):
        return self.pixels[self.there[0]][self.there[1]] if self.there else None

    def advance(self, right):
        """13.4, after each pixel"""
        if not self.there:
            return
        self.errors = (2 * self.errors + (not right)) % 256
        self.length, row, column = self.length + 1, *self.there
        if not right:
            self.length, self.verified = 0, self.verified // 2
        dropped = not right and self.errors.bit_count() > 4 or column + 1 == self.width
        self.there = None if dropped else (row, column + 1)

    def flat_place(self):
        """13.3: whether the pixel is N."""
        (here, above, before), x, y = self.misses, self.x, self.y
        everywhere, other = self.everywhere(self.N), int(self.N != 0)
        windows = [self.window(u) for u in range(5)]
        if here == above == 0 and windows[:3] == 3 * [everywhere]:
            deeper = windows[3] == windows[4] == everywhere
            along = min(floor_log2(x + 1), 7)
            counter = self.deep[pack(2, other, before > 0), along, deeper]
            bit = self.decision(counter.p)
            counter.learn(bit, 1000)
        else:
            bit = self.mixed_flat_place(min(here, 3), min(above, 3), before > 0, windows)
        if not bit:
            self.misses[0] += 1
            self.last, self.missed[x] = x, y
        return bit

    def miss_age(self, x):
        if x not in self.missed:
            return 0
        return min(floor_log2(self.y + 1 - self.missed[x]), 7) + 1

    def mixed_flat_place(self, here, above, before, windows):
        x, y, everywhere, other = self.x, self.y, self.everywhere(self.N), int(self.N != 0)
        distance = min(floor_log2(x - self.last), 9)
        right = 9
        if self.depth == 1:
            right -= ((windows[1] ^ everywhere) % 512).bit_length()
        run = self.run(windows[0] ^ everywhere, 64 // self.depth)
        left = clamp(run - 6, 0, 26).bit_length()
        up = 0
        while up < 5 and all(self.near(3 + up, d) == self.N for d in range(-2, 3)):
            up += 1
        agrees = 1 + min(floor_log2(self.length + 1), 6) if self.there else 0
        keys = (
            (right, left, here > 0, other), (distance, here, above, before, other),
            (self.miss_age(x), self.miss_age(x + 1), right), (agrees, distance),
            (up, left, right, other), (x % 8, y % 8, here, above))
        counters = [self.flat[k, key] for k, key in enumerate(keys)]
        number = here * 4 + above
        mixture = Mixture(
            [stretch(c.p) for c in counters] + [256], [self.flat_weights[number]], None, 300,
            self.flat_cells[number])
        bit = self.decision(mixture.p)
        mixture.learn(bit)
        for counter in counters:
            counter.learn(bit, 400)
        return bit

    def find_match(self, key):
        """13.4, before a full pixel"""
        x, y, width = self.x, self.y, self.width
        key = (key ^ key >> 29) * 0xBF58476D1CE4E5B9 & M64
        place = key >> 64 - self.place_bits
        found = self.places.get(place)
        if found and (not self.there or self.length < 16):
            row, column = found
            if 8 <= column < width - 8 and 8 <= x < width - 8:
                agreeing = 0
                while agreeing < min(row, 15):
                    up = agreeing + 1
                    if (self.pixels[row - up][column - 8 : column + 8]
                            != self.pixels[y - up][x - 8 : x + 8]):
                        break
                    agreeing += 1
                if not self.there or agreeing > self.verified:
                    self.there, self.length, self.verified, self.errors = found, 0, agreeing, 0
        self.places[place] = y, x

    def seen(self):
        """13.5, of context 13"""
        if not self.there:
            return 0
        (r, q), right, below = self.there, 0, 0
        if q + 1 < self.width and (r < self.y or q + 1 < self.x):
            right = self.pixels[r][q + 1]
        if r + 1 < self.y and 0 < q < self.width - 1:
            below = pack(16, *self.pixels[r + 1][q - 1 : q + 2])
        return ((1 + self.predicted()) * 16 + right) * 4096 + below

    def span_keys(self, windows):
        depth, ahead, keys = self.depth, 16 // self.depth - 1, []
        for left, *rows in SPANS[depth]:
            masks = [2 ** (depth * left) - 1]
            masks += [2 ** (depth * (b - a + 1)) - 1 << depth * (ahead - b) for a, b in rows]
            keys.append(
                sum((w & m) * f for w, m, f in zip(windows, masks, FACTORS)) & M64)
            if len(keys) == 6:
                self.ones = sum((w & m).bit_count() for w, m in zip(windows[:4], masks))
        return keys

    def other_keys(self, windows):
        P, W, N, NW, NE, WW, NN = (
            self.near, self.W, self.N, self.NW, self.NE, self.WW, self.NN)
        x, y, depth, ahead = self.x, self.y, self.depth, 16 // self.depth - 1
        planar = clamp(W + N - NW, min(W, N), max(W, N))
        ten = pack(16, P(0, -4), P(4, 0), P(0, -8), P(8, 0))
        if depth == 1:
            nine = pack(256, pack(16, x % 8 * 8 + y % 8, W, N), WW * 16 + NE)
            nine = 16 * nine + 8 * NW + 4 * NN + 2 * P(0, -4) + P(4, 0)
            ten = pack(
                16, ten, P(4, -4), W + 2 * N + 4 * NE + 8 * NW,
                P(4, 4) + 2 * P(4, 1) + 4 * P(4, -1) + 8 * WW)
            ten = 4 * ten + P(0, -5) + 2 * P(0, -3)
            eleven = self.ones // 2 * 64 + self.neighbours
        else:
            nine = 16 * planar + N - NW + 512
            ten = 256 * ten + 16 * W + N
            eleven = 64 * (2 * W + 2 * N + NE + NW + WW + NN) + W + NE - NW - N + 32
        here, top = windows[0] ^ self.everywhere(W), windows[1] ^ self.everywhere(N)
        m = 64 // depth
        left = self.run(here, m)
        top_left = self.run(top >> depth * (ahead + 1), m - ahead - 1)
        rest = top % 2 ** (depth * ahead)
        top_right = ahead - floor_log2(rest) // depth if rest else ahead + 1
        age = self.ages[x]
        self.age_number = min(age, 7) * 8 + left.bit_length()
        twelve = 16 * pack(64, 16 * W + N, left, top_left, top_right) + age
        sure = 0
        if self.there:
            sure = 16 * min(self.verified, 3) + 4 * min(self.length, 3) + self.errors % 4
        a = self.neighbours % 16 if depth == 1 else W
        return [nine, ten, eleven, twelve, (64 * (16 * self.seen() + a) + sure) & M64]

    def full_pixel(self, excluded):
        W, N, NW, NE, WW, NN = self.W, self.N, self.NW, self.NE, self.WW, self.NN
        bits = (W, N, NE, NW, WW, NN) if self.depth == 1 else (
            W == N, W == NW, W == NE, W == WW, N == NN)
        self.neighbours = sum(bit << i for i, bit in enumerate(bits))
        windows = [self.window(u) for u in range(9)]
        keys = self.span_keys(windows)
        self.find_match(keys[4])
        places = [self.place(key) for key in keys + self.other_keys(windows)]
        self.prior = windows[0] % 8 | (windows[1] >> 13) % 32 << 3 | (windows[2] >> 14) % 8 << 8
        prefix = 1
        for shift in reversed(range(self.depth)):
            if shift == 0 and excluded is not None and prefix == (excluded | 1 << self.depth) >> 1:
                bit = 1 - excluded % 2
            else:
                bit = self.bit(places, prefix, shift)
            prefix = 2 * prefix + bit
        self.values = min(self.values + 1, 2**32 - 1)
        return prefix - (1 << self.depth)

    def place(self, key):
        """13.5: the index for prefix 0, and the check."""
        key = (key ^ key >> 32) * 0x9FB21C651E98DF25 & M64
        key ^= key >> 29
        index = (key * 0xD6E8FEB86659FD93 & M64) >> 64 - self.slot_bits
        return index if self.depth == 1 else index >> self.depth << self.depth, key % 256

    def bit(self, places, prefix, shift):
        node = 0 if self.depth == 1 else prefix
        inputs, slots, maps, known = [], [], [], 0
        for k, (index, check) in enumerate(places):
            slot = self.slots.get((k, index + node))
            if not slot or slot["check"] != check:
                slot = {
                    "check": check, "counter": Counter(ONE // 2, 0), "counts": [0, 0],
                    "recent": 0}
                self.slots[k, index + node] = slot
            zeros, ones = slot["counts"]
            state = (CLASSES[zeros] * 10 + CLASSES[ones]) * 4 + slot["recent"]
            p, n = slot["counter"].p, slot["counter"].n
            inputs += [
                stretch(p) if n else 0, stretch(self.maps[k, state].p),
                ((p >> 6) - 32768) * min(n, 32) >> 11]
            slots.append(slot)
            maps.append(self.maps[k, state])
            if k < 6 and zeros + ones:
                known = 2 * (k + 1) + (not zeros or not ones)
        number, match, prior, predicted = 0, None, None, self.predicted()
        if self.there and (predicted | 1 << self.depth) >> shift + 1 == prefix:
            bit = predicted >> shift & 1
            match = self.matches[min(self.length, 15), self.verified // 2, bit]
            sure = 1 if self.errors % 16 else 1 + min(floor_log2(self.length + 1), 5)
            number = 2 * sure + bit
        if self.depth == 1:
            prior = self.priors[self.prior]
        inputs += [stretch(c.p) if c else 0 for c in (match, prior)] + [256, 0, 0, 0]
        numbers = enumerate((number, self.neighbours, known, self.age_number))
        rate = max(200, 1200 * 2000 // (2000 + self.values))
        mixture = Mixture(
            inputs, [self.weights[node, s, i] for s, i in numbers], self.final[node], rate,
            self.cells[node, self.neighbours])
        bit = self.decision(mixture.p)
        for slot, counter in zip(slots, maps):
            slot["counter"].learn(bit, 255)
            counter.learn(bit, 255)
            counts = slot["counts"]
            counts[bit] = min(counts[bit] + 1, 255)
            if counts[1 - bit] > 2:
                counts[1 - bit] = counts[1 - bit] // 2 + 1
            slot["recent"] = (2 * slot["recent"] + bit) % 4
        if match:
            match.learn(bit, 1000)
        if prior:
            prior.learn(bit, 255)
        mixture.learn(bit)
        return bit

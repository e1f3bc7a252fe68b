"""FORMAT.md, deep samples and sample maps: a plain decoder of their part of a stream."""
from .basics import clamp, floor_log2, need
from .functions import EXP_A, EXP_B
from .range_coder import RangeDecoder

EXP_C = (32768, 32679, 32591, 32503)
ONE = 1 << 22
OWN = ((0, -1), (-1, -1), (-1, 1), (0, -2), (-2, 0), (-2, 1), (-2, -1),
       (-1, 2), (-1, -2), (-2, 2), (-2, -2), (0, -3), (-3, 0), (-1, 3))
OTHER = ((0, 0), (0, -1), (0, 1), (1, 0), (-1, 1), (-1, -1), (1, 1), (1, -1), (-2, 0), (0, -2))
OWN_TERMS, OTHER_TERMS = (14, 12, 10, 10), (0, 10, 6, 4)
START_WEIGHTS = (0, 7000, 3000, 12000, 1500, 5500, 4500, 6500, 7500,
                 1000, 2500, 3000, 2200, 2200, 1700, 2800, 3700) + (0,) * 7
BOUND = 8 << 14


# Section 10.1.
def exp2n(d):
    return EXP_A[d >> 5 & 7] * EXP_B[d >> 2 & 7] * EXP_C[d & 3] >> (d >> 8)


def fraction(i):
    x, bits = 256 + i << 22, 0
    for _ in range(8):
        x = x * x >> 30
        bits <<= 1
        if x >> 31:
            bits, x = bits | 1, x >> 1
    return bits


FRACTIONS = [fraction(i) for i in range(256)]
SQUASH = [(1 << 63) // ((1 << 45) + exp2n(d) >> 4) for d in range(4096)]
TAIL = [(exp2n(16 * k) << 18) // ((1 << 45) + exp2n(16 * k) >> 14) for k in range(386)]


def lg(x):
    n = floor_log2(x)
    return n * 256 + FRACTIONS[(x >> n - 8 if n >= 8 else x << 8 - n) & 255]


def squash(d):
    return ONE - SQUASH[-d] if d < 0 else SQUASH[d]


def stretch(p):
    p = clamp(p, 16, ONE - 16)
    return lg(p) - lg(ONE - p)


def lim(x):
    return clamp(x, -4095, 4095)


def tail(z):
    if z >= 6144:
        return 0
    a, b = TAIL[z >> 4], TAIL[(z >> 4) + 1]
    return a - ((a - b) * (z & 15) >> 4)


# Section 10.2.
class Counter:
    def __init__(self, chance=ONE // 2, visits=0):
        self.chance, self.visits = chance, visits

    def learn(self, bit, limit):
        goal = ONE - 1 if bit else 0
        self.chance += (goal - self.chance) * (655360 // (10 * self.visits + 16)) >> 16
        self.visits = min(self.visits + 1, limit)


def decision(coder, p):
    """The coder's decision in 2^22ths."""
    p = clamp(p, 32, ONE - 32)
    unit = coder.range >> 22
    target = coder.offset // unit
    need(target < ONE, "corrupt: outside of every interval")
    if target < p:
        coder.narrow(unit, 0, p)
        return 1
    coder.narrow(unit, p, ONE - p)
    return 0


def plain(coder, counter, limit):
    bit = decision(coder, counter.chance)
    counter.learn(bit, limit)
    return bit


class Made(dict):
    """A table whose entries are made when they are first asked for."""

    def __init__(self, make):
        self.make = make

    def __missing__(self, key):
        self[key] = self.make(key)
        return self[key]


def adjusted(weights, inputs, gradient):
    for j, x in enumerate(inputs):
        weights[j] = clamp(weights[j] + (gradient * x + 8192 >> 14), -458752, 458752)


def weighted(weights, inputs):
    return lim(sum(w * x >> 8 for w, x in zip(weights, inputs)) >> 8)


def mixed_decision(coder, inputs, vectors, final, knots, rate):
    """Returns the bit and the probability before the refinement."""
    stretched = [weighted(v, inputs) for v in vectors]
    total = lim(sum(f * s >> 8 for f, s in zip(final, stretched)) >> 8)
    mixed = squash(total)
    cell, rest = total + 4096 >> 8, total + 4096 & 255
    refined = knots[cell].chance * (256 - rest) + knots[cell + 1].chance * rest >> 8
    bit = decision(coder, 3 * mixed + refined + 2 >> 2)
    knots[cell + (rest >= 128)].learn(bit, 120)
    goal = ONE if bit else 0
    adjusted(final, stretched, (goal - mixed) * 4 >> 12)
    for vector, s in zip(vectors, stretched):
        adjusted(vector, inputs, (goal - squash(s) >> 6) * rate >> 10)
    return bit, mixed


# Sample maps.
def number(coder, bits):
    found = 0
    for _ in range(bits):
        found = 2 * found + decision(coder, ONE // 2)
    return found


def mapped(kind, bits, n):
    most = (1 << bits) - 1
    if kind == 1:
        return n << 16 - bits
    if kind == 2:
        return n << 16 - bits | n >> 2 * bits - 16
    return (n * 65535 + most // 2) // most if kind == 3 else n


def sample_map(coder):
    """The samples of the ranks."""
    kind = number(coder, 3)
    need(kind <= 4, "corrupt: kind of a sample map")
    bits = number(coder, 4) if 1 <= kind <= 3 else 16
    lowest, count = number(coder, 16), number(coder, 16) + 1
    if kind < 4:
        need(bits >= (1, 1, 8, 2)[kind] and lowest + count <= 1 << bits, "corrupt: sample map")
        return [mapped(kind, bits, lowest + i) for i in range(count)]
    values, counters, gap = [lowest], Made(lambda key: Counter(ONE // 2, 1)), 0
    while len(values) < count:
        before, length = gap.bit_length(), 1
        while length < 16 and plain(coder, counters[before, length, "length"], 60):
            length += 1
        gap = 1
        for _ in range(length - 1):
            gap = 2 * gap + (plain(coder, counters[length, gap], 60) if gap < 64
                             else decision(coder, ONE // 2))
        values.append(values[-1] + gap)
        need(values[-1] < 65536, "corrupt: sample map")
    return values


# Deep samples.
class Fit:
    def __init__(self):
        self.weights = [0] * 23

    def descend(self, n, sums, origin, ridge, sweeps):
        w = self.weights
        around = origin.weights if origin else [0] * 23
        rest = [(sums[j][n] << 14) + ridge * (around[j] - w[j])
                - sum(w[i] * sums[i][j] for i in range(n)) for j in range(n)]
        inverses = [(1 << 40) // (sums[i][i] + ridge) for i in range(n)]
        for _ in range(sweeps):
            for i in range(n):
                weight = clamp(w[i] + (rest[i] * inverses[i] >> 40), -BOUND, BOUND)
                moved, w[i] = weight - w[i], weight
                for j in range(n):
                    rest[j] -= moved * sums[i][j]
                rest[i] -= moved * ridge


def zeros(n):
    return [[0] * n for _ in range(n)]


class Plane:
    """An array with rows and columns outside of the image, as the section's table tells."""

    def __init__(self, width, height, start):
        self.width, self.height, self.start = width, height, start
        self.rows = [[None] * width for _ in range(height)]

    def at(self, r, q, here):
        """The element (r, q), as seen from row `here`."""
        if here == 0 and r < 0:
            return self.at(0, self.column - 1, 0)
        r = clamp(r, 0, self.height - 1)
        if q < 0:
            return self.rows[r - 1][0] if r > 0 else self.start
        return self.rows[r][min(q, self.width - 1)]


class Deep:
    def __init__(self, coder, width, height, counts):
        self.coder, self.width, self.height, self.counts = coder, width, height, counts
        self.samples, self.misses, self.values = [], [], 0
        self.slots = Made(lambda key: Counter())
        self.vectors = Made(lambda key: list(START_WEIGHTS))
        self.final = Made(lambda key: [65536 // 3] * 3)
        self.knots = Made(
            lambda key: [Counter(squash(lim((j - 16) * 256)), 6) for j in range(33)])
        self.deep = Made(lambda key: Counter(ONE * 2 // 5, 4))
        self.first = Made(lambda key: Counter(ONE // 2, 8))
        self.low = Made(lambda key: Counter(ONE // 2, 8))
        self.repeats, self.repeated = {}, Made(lambda key: Counter(ONE // 2, 2))
        self.followed = Made(lambda key: Counter(
            ONE // 16 * ((key[1] & 15) + 4) // ((key[1] >> 4) + (key[1] & 15) + 8) * 16, 4))

    def channel(self, c):
        self.c, width, height = c, self.width, self.height
        self.largest = self.counts[c] - 1
        self.depth = max(1, self.largest.bit_length())
        self.samples.append(Plane(width, height, 1 << self.depth - 1))
        self.misses.append(Plane(width, height, 0))
        self.errors = [Plane(width, height, 1 << self.depth >> 4) for _ in range(7)]
        self.terms = [(c, o) for o in OWN[:OWN_TERMS[c]]]
        for e in range(c):
            self.terms += [(e, o) for o in OTHER[:OTHER_TERMS[c]]]
        n = self.n = len(self.terms)
        blocks = (width + 7) // 8
        self.near_sums = [zeros(n + 1) for _ in range(blocks + 2)]
        self.wide_sums = [zeros(n + 1) for _ in range(blocks + 2)]
        self.all_sums, self.phase_sums = zeros(n + 1), [zeros(n + 1) for _ in range(4)]
        self.near, self.wide, self.all = Fit(), Fit(), Fit()
        self.phases, self.state = [Fit() for _ in range(4)], {}
        for row in range(height):
            for column in range(width):
                for plane in self.samples + self.misses + self.errors:
                    plane.column = column
                if column % 8 == 0:
                    self.added = [zeros(n + 1), zeros(n + 1)]
                    self.fit_block(row, column // 8)
                self.sample(row, column)
                if column % 8 == 7 or column == width - 1:
                    self.end_block(row, column // 8)
        return [x for row in self.samples[c].rows for x in row]

    def fit_block(self, row, b):
        n, phase = self.n, (row & 1) * 2 + (b & 1)
        self.phases[phase].descend(n, self.phase_sums[phase], None, 10000, 1)
        self.all.descend(n, self.all_sums, None, 10000, 1)
        for fit, sums, origin in (
                (self.wide, self.wide_sums, self.all), (self.near, self.near_sums, self.wide)):
            system = [[2 * sums[b + 1][i][j] + sums[b][i][j] + sums[b + 2][i][j]
                       for j in range(n + 1)] for i in range(n + 1)]
            fit.descend(n, system, origin, 100000, 3)

    def end_block(self, row, b):
        parity = (row & 1) * 2
        for i in range(self.n + 1):
            for j in range(self.n + 1):
                even, odd = self.added[0][i][j], self.added[1][i][j]
                for sums, added, decay in (
                        (self.near_sums[b + 1], even + odd, 2),
                        (self.wide_sums[b + 1], even + odd, 5),
                        (self.all_sums, even + odd >> 2, 10),
                        (self.phase_sums[parity], even >> 2, 10),
                        (self.phase_sums[parity + 1], odd >> 2, 10)):
                    sums[i][j] += added - (sums[i][j] >> decay)

    def sample(self, row, column):
        self.row, self.column = row, column
        c, most = self.c, 64 * self.largest

        def v(dr, dq, d=c):
            return self.samples[d].at(row + dr, column + dq, row)

        def error(k, dr, dq):
            return self.errors[k].at(row + dr, column + dq, row)

        def med(w, n, nw):
            return min(w, n) if nw >= max(w, n) else max(w, n) if nw <= min(w, n) else w + n - nw

        w, n, nw = v(0, -1), v(-1, 0), v(-1, -1)
        guesses = [64 * med(w, n, nw)]
        if c == 0:
            guesses.append(clamp(16 * (3 * w + 3 * n - 2 * nw), 0, most))
        else:
            guesses.append(clamp(64 * (med(
                w - v(0, -1, 0), n - v(-1, 0, 0), nw - v(-1, -1, 0)) + v(0, 0, 0)), 0, most))
        bases = [v(0, -1, d) + v(-1, 0, d) for d in range(c + 1)]
        f = [2 * v(*o, d) - bases[d] for d, o in self.terms]
        phase = self.phases[(row & 1) * 2 + (column & 1)]
        for fit in (phase, self.all, self.wide, self.near):
            total = sum(a * b for a, b in zip(fit.weights, f))
            guesses.append(clamp(32 * bases[c] + (total >> 9), 0, most))
        local = [(2 * (error(k, 0, -1) + error(k, -1, 0)) + error(k, -1, -1) + error(k, -1, 1)
                  + error(k, 0, -2) + error(k, -2, 0) >> 3) + 5 for k in range(6)]
        self.e = min(local)
        shares = [((self.e << 8) // e)**4 + 1 for e in local]
        self.centre = sum(s * g for s, g in zip(shares, guesses)) // sum(shares)
        self.around = (error(6, 0, -1) + error(6, -1, 0)
                       + (error(6, -1, 1) + error(6, -1, -1) >> 1)) // 3 + 5
        self.experts = [[self.centre, (205 << 16) // self.e], [self.centre, (92 << 16) // self.e],
                        [self.centre, (205 << 16) // self.around]]
        self.experts += [[g, (205 << 16) // e] for g, e in zip(guesses[1:], local[1:])]
        value = self.value(v, error)
        self.samples[c].rows[row][column] = value
        for k in range(6):
            self.errors[k].rows[row][column] = abs(64 * value - guesses[k]) >> 2
        miss = 64 * value - self.centre
        size = abs(miss) >> 2
        self.errors[6].rows[row][column] = size + 3 * self.around + 2 >> 2
        size = lg(size + 4) - 512 >> 6
        self.misses[c].rows[row][column] = -size if miss < 0 else size
        self.take_in(f + [2 * value - bases[c]])

    def value(self, v, error):
        """A sample that came behind the same neighbours, or one of a walk."""
        c = self.c
        neighbours = [v(0, -1), v(-1, 0), v(-1, -1), v(-1, 1)]
        if c > 0:
            neighbours += [v(0, 0, c - 1), v(0, 0, 0)]
        h = c
        for x in neighbours:
            h = (h ^ x) * 0x9E3779B1 % 2**32
            h ^= h >> 15
        index, check = h * 0x85EBCA6B % 2**32 >> 16, h & 255
        entry, candidate, value = self.repeats.get(index), None, None
        if entry and entry[1] == check and self.e >= 16:
            candidate = min(entry[0], self.largest)
            counter = self.repeated[entry[2], candidate == v(0, -1), candidate == v(-1, 0)]
            if counter.chance >= ONE // 2 and decision(self.coder, counter.chance):
                value = candidate
        if value is None:
            value = self.walk(v, error)
        if candidate is not None:
            counter.learn(value == candidate, 250)
        if candidate == value:
            entry[2] = min(entry[2] + 1, 15)
        elif candidate is not None and entry[2] > 3:
            entry[2] >>= 1
        else:
            self.repeats[index] = [value, check, 1]
        return value

    def take_in(self, f):
        largest = max(abs(x) for x in f)
        if largest == 0:
            return
        shift = largest.bit_length() - 9
        f = [x + (1 << shift >> 1) >> shift if shift >= 0 else x << -shift for x in f]
        added = self.added[self.column & 1]
        for i, x in enumerate(f):
            for j, y in enumerate(f):
                added[i][j] += x * y

    def contexts(self, v, error):
        c, e, centre = self.c, self.e, self.centre
        reference = lg(e)

        def miss(dr, dq, d=c):
            return self.misses[d].at(self.row + dr, self.column + dq, self.row)

        def against(x):
            return clamp((lg(x + 4) - reference >> 7) + 4, 0, 7)

        def size(m):
            return clamp(abs(m) * 64 + 1024 - reference >> 7, 0, 7)

        def signed(m, halves=0):
            return -(size(m) >> halves) if m < 0 else size(m) >> halves

        def position(x):
            d = abs(64 * x - centre) >> 2
            k = (2 * d >= e) + (d >= e) + (d >= 2 * e) + (d >= 5 * e)
            return -k if 64 * x < centre else k

        def close(x):
            return clamp(x - whole, -3, 3)

        w, n, nw, ne = v(0, -1), v(-1, 0), v(-1, -1), v(-1, 1)
        ww, nn = v(0, -2), v(-2, 0)
        whole = centre + 32 >> 6
        ew, en = against(error(5, 0, -1)), against(error(5, -1, 0))
        one, two, cross = miss(0, -2), miss(-1, -1), size(miss(-2, 0))
        if c > 0:
            one = miss(0, 0, c - 1)
            two = miss(0, 0, 0) if c > 1 else miss(0, 1, 0)
            cross = size(abs(miss(0, 1, c - 1)) + abs(miss(1, 0, c - 1)) + 1 >> 1)
        spread = clamp(lg(self.around) - reference + 256 >> 6, 0, 11)
        texture = tuple(64 * x > centre for x in (w, n, nw, ne, ww))
        self.spread = spread
        self.place = 8 + size(one) if c > 0 else ew
        return ((self.scale, ew, en),
                tuple(signed(m, 1) for m in (miss(0, -1), miss(-1, 0), miss(-1, 1))),
                (position(w), position(n), position(ne)),
                (signed(one), signed(two)),
                (whole >> max(self.depth - 6, 0), self.scale),
                (cross, self.scale),
                (w == n, w == nw, n == ne, w == ww, n == nn, close(w), close(n)),
                (texture, spread))

    def below(self, expert, cell):
        distance = 64 * (cell << self.shift) - 32 - expert[0]
        beyond = tail(abs(distance) * expert[1] >> 16)
        return beyond if distance < 0 else (1 << 32) - beyond

    def decide(self, node, split, one_is_upper):
        splits = [self.below(x, split) for x in self.experts]
        inputs, sure = [256], []
        for interval, s in zip(self.intervals, splits):
            ratio = lg(interval[1] - s + 400) - lg(s - interval[0] + 400)
            inputs.append(ratio if one_is_upper else -ratio)
        slots = [self.slots[k, x, node] for k, x in enumerate(self.facts)]
        for k, slot in enumerate(slots):
            inputs.append(stretch(slot.chance) if slot.visits else 0)
            if k > 0:
                sure.append((slot.chance - ONE // 2) * min(slot.visits, 32) >> 17)
        vectors = [self.vectors["scale", node, self.scale],
                   self.vectors["spread", node, self.spread],
                   self.vectors["place", node, self.place]]
        bit, mixed = mixed_decision(
            self.coder, inputs + sure, vectors, self.final[node], self.knots[node], self.rate)
        for slot in slots:
            if slot.visits == 0:
                slot.chance = min(mixed, ONE - 1)
            slot.learn(bit, 250)
        for interval, s in zip(self.intervals, splits):
            interval[0 if bit == one_is_upper else 1] = s
        return bit

    def walk(self, v, error):
        self.rate = max(1500 * 2000 // (2000 + self.values), 150)
        self.values += 1
        reference = lg(self.e)
        octaves = (reference >> 8) - 5
        self.shift = clamp(octaves, 0, self.depth - 1)
        self.scale = (8 + (reference >> 6 & 3) if octaves > 0
                      else clamp(reference - 512 >> 7, 0, 7))
        last = self.largest >> self.shift
        middle = min((self.centre >> self.shift) + 32 >> 6, last + 1)
        self.facts = self.contexts(v, error)
        self.intervals = [[0, 1 << 32] for _ in self.experts]
        side = int(middle == 0)
        if 0 < middle <= last:
            side = self.decide(0, middle, 1)
        most = last - middle if side else middle - 1

        def at(m):
            return middle + m if side else middle - m

        bucket = 0
        while True:
            following = 1 << bucket
            near, far = following >> 1, following - 1
            if far >= most:
                far = most
                break
            node = 2 + 2 * min(bucket, 8) + side
            if not self.decide(node, at(following), side):
                break
            bucket += 1
        step = 0
        while near < far:
            following = near + (1 << max(bucket - 2 - step, 0))
            if following <= far:
                if step < 2:
                    node = 20 if bucket == 2 else (22 if bucket == 3 else 26) + 2 * step
                    bit = self.decide(node + side, at(following), side)
                else:
                    bit = plain(self.coder, self.deep[min(bucket, 15)], 500)
                near, far = (following, far) if bit else (near, following - 1)
            step += 1
        return self.bits(middle + near if side else middle - 1 - near, side, near)

    def bits(self, sample, side, magnitude):
        for j in range(self.shift - 1, -1, -1):
            behind = self.shift - 1 - j
            prefix = 1 << self.depth - 1 - j | sample
            state = self.state.get(prefix, 0)
            if state:
                counter = self.followed[min(j, 2), state]
            elif behind == 0:
                counter = self.first[side, min(magnitude, 7), self.scale & 3]
            else:
                counter = self.low[j, min(behind - 1, 1), sample & 3]
            bit = plain(self.coder, counter, 500)
            counts = [state >> 4, state & 15]
            counts[bit] = min(counts[bit] + 1, 15)
            if counts[1 - bit] > 2:
                counts[1 - bit] = counts[1 - bit] + 2 >> 1
            self.state[prefix] = counts[0] << 4 | counts[1]
            sample = 2 * sample + bit
        return min(sample, self.largest)


def decoded(stream, width, height, channels):
    """Maps, then samples, of a stream of their own; one list of samples for each channel."""
    coder = RangeDecoder(stream)
    maps = [sample_map(coder) for _ in range(channels)]
    deep = Deep(coder, width, height, [len(m) for m in maps])
    planes = [deep.channel(c) for c in range(channels)]
    coder.finish()
    return [[m[rank] for rank in plane] for m, plane in zip(maps, planes)]

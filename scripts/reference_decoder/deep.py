"""FORMAT.md, section 14: samples of up to 16 bits."""
from .adaptive import ONE, Counter, Kept, decision, hashed, scattered
from .basics import clamp
from .code_order import med
from .deep_fits import Fits, Plane, terms_of
from .deep_walk import Walk
from .functions import lg
from .groups import TABLE
from .positions import NE, NN, NW, WW, N, O, W
from .sample_maps import sample_maps


def decode(coder, rows, columns, planes, has_alpha, group):
    """The coded values of a tile, [row][column][plane]."""
    counts = planes * [2**16]
    if group.mapping == TABLE:
        counts = [len(samples) for samples in sample_maps(group.side, planes)]
    order = [1, 0, 2, 3][:planes] if planes - has_alpha == 3 else list(range(planes))
    deep = Deep(coder, columns, rows)
    for plane in order:
        deep.decode_channel(counts[plane])
    places = [order.index(plane) for plane in range(planes)]
    return [
        [[deep.samples[c].rows[r][q] for c in places] for q in range(columns)]
        for r in range(rows)]


class Channel:
    """What is new with each channel."""

    def __init__(self, c, width, height, count):
        self.c, self.largest = c, count - 1
        self.depth = max(1, self.largest.bit_length())
        self.errors = [Plane(width, height, 1 << self.depth >> 4) for _ in range(7)]
        self.terms = terms_of(c)
        self.fits = Fits(width, len(self.terms))


class Deep:
    """An image, the samples of which are known up to `row` and `column` of the last channel."""

    def __init__(self, coder, width, height):
        self.coder, self.width, self.height = coder, width, height
        self.samples, self.misses = [], []
        self.walk = Walk(coder, self)
        # 14.10: index -> [sample, check, count].
        self.repeats, self.repeated = {}, Kept(lambda _: Counter(ONE // 2, 2))

    def decode_channel(self, count):
        width, height = self.width, self.height
        channel = self.channel = Channel(len(self.samples), width, height, count)
        self.samples.append(Plane(width, height, 1 << channel.depth - 1))
        self.misses.append(Plane(width, height, 0))
        self.walk.states = {}
        for self.row in range(height):
            for self.column in range(width):
                block = self.column // 8
                if self.column % 8 == 0:
                    channel.fits.fit(self.row, block)
                self.decode_sample()
                if self.column % 8 == 7 or self.column == width - 1:
                    channel.fits.end_block(self.row, block)

    def s(self, offset, c=None):
        """The sample there; of the channel that is being decoded if c is None."""
        return self.samples[self.channel.c if c is None else c].near(self.row, self.column, offset)

    def miss(self, offset, c):
        return self.misses[c].near(self.row, self.column, offset)

    def error(self, k, offset):
        return self.channel.errors[k].near(self.row, self.column, offset)

    def decode_sample(self):
        """14.5"""
        channel, row, column, error = self.channel, self.row, self.column, self.error
        c = channel.c
        bases = [self.s(W, d) + self.s(N, d) for d in range(c + 1)]
        f = [2 * self.s(offset, d) - bases[d] for d, offset in channel.terms]
        guesses = self.guesses(f, bases[c])
        errors = [
            (2 * (error(k, W) + error(k, N)) + error(k, NW) + error(k, NE) + error(k, WW)
             + error(k, NN) >> 3) + 5 for k in range(6)]
        e = self.e = min(errors)
        shares = [(256 * e // error)**4 + 1 for error in errors]
        centre = self.centre = sum(s * mu for s, mu in zip(shares, guesses)) // sum(shares)
        around = self.around = (
            (error(6, W) + error(6, N) + (error(6, NE) + error(6, NW) >> 1)) // 3 + 5)
        # 14.7
        pairs = [(centre, 205, e), (centre, 92, e), (centre, 205, around)]
        pairs += [(mu, 205, e_k) for mu, e_k in zip(guesses[1:], errors[1:])]
        self.experts = [(peak, (steep << 16) // width) for peak, steep, width in pairs]

        x = self.decode_value()
        self.samples[c].rows[row][column] = x
        for k, mu in enumerate(guesses):
            channel.errors[k].rows[row][column] = abs(64 * x - mu) >> 2
        miss = 64 * x - centre
        size = abs(miss) >> 2
        channel.errors[6].rows[row][column] = size + 3 * around + 2 >> 2
        size = lg(size + 4) - 512 >> 6
        self.misses[c].rows[row][column] = -size if miss < 0 else size
        channel.fits.learn(column, f + [2 * x - bases[c]])

    def guesses(self, f, base):
        s, c, most = self.s, self.channel.c, 64 * self.channel.largest
        guesses = [64 * med(s(W), s(N), s(NW))]
        if c == 0:
            guesses.append(16 * (3 * s(W) + 3 * s(N) - 2 * s(NW)))
        else:
            u = [s(offset) - s(offset, 0) for offset in (W, N, NW)]
            guesses.append(64 * (med(*u) + s(O, 0)))
        for fit in self.channel.fits.of_sample(self.row, self.column):
            total = sum(weight * x for weight, x in zip(fit.weights, f))
            guesses.append(32 * base + (total >> 9))
        return [clamp(guess, 0, most) for guess in guesses]

    def decode_value(self):
        """14.10: a sample that came behind the same neighbours, or one of a walk."""
        c, largest = self.channel.c, self.channel.largest
        neighbours = [self.s(offset) for offset in (W, N, NW, NE)]
        if c > 0:
            neighbours += [self.s(O, c - 1), self.s(O, 0)]
        key = hashed(c, *neighbours)
        index, check = scattered(key) >> 16, key & 255
        entry, candidate, value = self.repeats.get(index), None, None
        if entry and entry[1] == check and self.e >= 16:
            candidate = min(entry[0], largest)
            counter = self.repeated[
                entry[2], candidate == neighbours[0], candidate == neighbours[1]]
            if counter.chance >= ONE // 2 and decision(self.coder, counter.chance):
                value = candidate
        if value is None:
            value = self.walk.decode()
        if candidate is not None:
            counter.learn(value == candidate, 250)
        if candidate == value:
            entry[2] = min(entry[2] + 1, 15)
        elif candidate is not None and entry[2] > 3:
            entry[2] >>= 1
        else:
            self.repeats[index] = [value, check, 1]
        return value

"""FORMAT.md, sections 18.4 and 18.5: colours that are not among the likely ones."""
from .adaptive import (
    ONE, Counter, Kept, bit_length, decide_alone, decision, hashed, scattered, slot)
from .basics import clamp, need
from .code_order import med
from .functions import lg
from .positions import NE, NW, N, W

LIMIT = 48


def decide_by_mean(coder, counters):
    """18.1: a decision of two counters, which learn it."""
    weights = [min(counter.visits, 12) + 1 for counter in counters]
    total = sum(counter.chance * weight for counter, weight in zip(counters, weights))
    bit = decision(coder, total // sum(weights))
    for counter in counters:
        counter.learn(bit, LIMIT)
    return bit


class ByBits:
    """18.5"""

    def __init__(self, size, colours):
        self.table_bits, self.count = clamp(size, 8, 15), bit_length(colours - 1)
        self.counters = Kept(lambda _: Counter(ONE // 2))

    def decode(self, coder, colour, q):
        prefix = 1
        for _ in range(self.count):
            place = slot(hashed(3, colour(W), colour(N), prefix), self.table_bits)
            counters = self.counters["slot", place], self.counters["prefix", prefix]
            prefix = 2 * prefix + decide_by_mean(coder, counters)
        return prefix - (1 << self.count)


class ByChannels:
    """18.4"""

    def __init__(self, size, channels, has_alpha):
        self.channels, self.has_alpha = channels, has_alpha
        self.guess_bits = clamp(size, 8, 14)
        # Of a slot: value, check, seen.
        self.guesses = Kept(lambda _: (0, 0, 0))
        # Of a channel and a column.
        self.missed = Kept(lambda _: 0)
        self.counters = Kept(lambda _: Counter(ONE // 2))

    def decode(self, coder, colour, q):
        self.coder, self.colour, self.q = coder, colour, q
        known, self.here, self.last, result = 1, 0, 0, 0
        for c in range(self.channels):
            self.c = c
            value, predicted = self.decode_value(known)
            known, self.here = hashed(known, value + 256 * c), value
            self.last = value - predicted
            result |= value << 8 * c
        return result

    def v(self, position):
        return self.colour(position) >> 8 * self.c & 255

    def before(self, position):
        return self.colour(position) >> 8 * (self.c - 1) & 255

    def alone(self, *key):
        return decide_alone(self.coder, self.counters[self.c, key], LIMIT)

    def by_mean(self, *keys):
        """Of the two counters of these keys."""
        return decide_by_mean(self.coder, [self.counters[self.c, key] for key in keys])

    def predicted(self):
        if self.c > self.has_alpha:
            steps = [self.v(position) - self.before(position) for position in (W, N, NW)]
            return clamp(self.here + med(*steps), 0, 255)
        return med(*(self.v(position) for position in (W, N, NW)))

    def decode_value(self, known):
        """The value, and what was predicted."""
        c, q, predicted = self.c, self.q, self.predicted()
        w, n, nw, ne = (self.v(position) for position in (W, N, NW, NE))
        missed = abs(self.missed[c, q])
        rough = abs(w - nw) + abs(n - nw) + abs(n - ne)
        rough += 2 * abs(self.last) + abs(self.missed[c, q - 1]) + missed
        energy = min(1 + lg(min(rough, 1023)) // 160, 15) if rough else 0

        guess, place, check = None, slot(known, self.guess_bits), scattered(known) & 65535
        if c > 0:
            value, checked, seen = self.guesses[place]
            if seen and checked == check:
                guess = value
                if self.alone("guess", min(seen, 7), energy):
                    self.guesses[place] = value, check, min(seen + 1, 255)
                    return value, predicted
        value = self.decode_unguessed(predicted, energy, missed, guess)
        self.missed[c, q] = value - predicted
        if c > 0:
            self.guesses[place] = value, check, 1
        return value, predicted

    def decode_unguessed(self, predicted, energy, missed, guess):
        misses = 8 * min(bit_length(missed), 7) + min(bit_length(abs(self.last)), 7)
        w, n = self.v(W) - predicted, self.v(N) - predicted
        if guess != predicted and self.by_mean(
                ("right", energy, misses), ("near", w & 31, n & 31)):
            return predicted
        above = predicted == 0
        if 0 < predicted < 255:
            above = self.alone("above", *(sign(x) for x in (w, n, self.last)))
        most, bucket = 255 - predicted if above else predicted, 0
        while 2 << bucket <= most and self.by_mean(
                ("far", "energy", energy, bucket), ("far", "misses", misses, bucket)):
            bucket += 1
        distance = 1
        for place in reversed(range(bucket)):
            bit = self.alone("bit", bucket, min(bucket - 1 - place, 2))
            distance = 2 * distance + bit
        need(distance <= most, "corrupt tile: a value out of range")
        return predicted + distance if above else predicted - distance


def sign(x):
    return (x > 0) - (x < 0)

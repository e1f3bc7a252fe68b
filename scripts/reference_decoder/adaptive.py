"""FORMAT.md, sections 10.1 and 10.2: functions, counters and mixing of codecs without a network."""
from .basics import clamp, floor_log2
from .functions import exp2n, lg

# 10.1
ONE, LIMIT = 2**22, 4095
SQUASH = [2**63 // (2**45 + exp2n(x) >> 4) for x in range(LIMIT + 1)]
RATE = [655360 // (10 * i + 16) for i in range(1024)]


def squash(x):
    return SQUASH[x] if x >= 0 else ONE - SQUASH[-x]


def stretch(x):
    chance = clamp(x, 16, ONE - 16)
    return lg(chance) - lg(ONE - chance)


def bit_length(x):
    return 0 if x == 0 else floor_log2(x) + 1


def hashed(h, *numbers):
    for x in numbers:
        y = (h ^ x % 2**32) * 0x9E3779B1 % 2**32
        h = y ^ y >> 15
    return h


def slot(h, bits):
    """The number of the slot of a hash in a table of 2^bits slots."""
    return scattered(h) >> 32 - bits


def scattered(h):
    return h * 0x85EBCA6B % 2**32


# 10.2
class Kept(dict):
    """A table whose elements are made when they are first asked for: make(key)."""

    def __init__(self, make):
        super().__init__()
        self.make = make

    def __missing__(self, key):
        self[key] = self.make(key)
        return self[key]


class Counter:
    """A counter that starts with a chance and visits, or a fresh one."""

    def __init__(self, chance=None, visits=0):
        self.is_fresh, self.chance, self.visits = chance is None, chance or 0, visits

    @property
    def stretched(self):
        return stretch(self.chance) if self.visits else 0

    @property
    def linear(self):
        return ((self.chance >> 6) - 32768) * min(self.visits, 32) >> 10

    def learn(self, bit, limit, mixed=None):
        """`mixed`: of the decision, for a fresh counter."""
        if self.is_fresh:
            self.is_fresh, self.chance = False, mixed
        target = ONE - 1 if bit else 0
        self.chance += (target - self.chance) * RATE[self.visits] >> 16
        self.visits = min(self.visits + 1, limit)


def limited(x):
    return clamp(x, -LIMIT, LIMIT)


def start_chance(j):
    """Of cell j of a refinement."""
    return squash(limited(256 * (j - 16)))


def new_refinement(_):
    return [Counter(start_chance(j), 6) for j in range(33)]


def weighted(weights, inputs):
    return limited(sum(weight * x >> 8 for weight, x in zip(weights, inputs)) >> 8)


def adjust(weights, inputs, gradient):
    weights[:] = [
        clamp(weight + (gradient * x + 8192 >> 14), -458752, 458752)
        for weight, x in zip(weights, inputs)]


def mixing_rate(earlier, first, slowest):
    return max(slowest, first * 2000 // (2000 + min(earlier, 2**32 - 1)))


def decision(coder, probability):
    return coder.fine_decision(clamp(probability, 32, ONE - 32))


def even(coder):
    """A decision with the probability 1/2."""
    return decision(coder, ONE // 2)


def decide_alone(coder, counter, limit):
    """A decision of a counter by itself, which learns it."""
    bit = decision(coder, counter.chance)
    counter.learn(bit, limit)
    return bit


def decide(coder, inputs, counters, vectors, final, cells, rate):
    """A decision, from which all learns that it has used.

    counters: pairs of a counter and its limit. vectors: a weight vector of each set, as long as
    the inputs. final: the final weights, None for one set. cells: a refinement, or None.
    """
    stretched = [weighted(vector, inputs) for vector in vectors]
    joined = weighted(final, stretched) if final else stretched[0]
    mixed = probability = squash(joined)
    if cells:
        j, fraction = joined + 4096 >> 8, joined + 4096 & 255
        refined = cells[j].chance * (256 - fraction) + cells[j + 1].chance * fraction >> 8
        probability = 3 * mixed + refined + 2 >> 2
    bit = decision(coder, probability)

    for counter, limit in counters:
        counter.learn(bit, limit, mixed)
    if cells:
        cells[j if fraction < 128 else j + 1].learn(bit, 120)
    outcome = ONE if bit else 0
    if final:
        adjust(final, stretched, (outcome - mixed) * 4 >> 12)
    for vector, x in zip(vectors, stretched):
        adjust(vector, inputs, (outcome - squash(x) >> 6) * rate >> 10)
    return bit

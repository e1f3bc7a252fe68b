"""FORMAT.md, section 8.4: the contexts of the mixing."""
from .positions import NE, NN, NW, WW, N, O, W
from .prediction import MISSES, VALUES


class Facts:
    """The names that shorten the tables of 8.4."""

    def __init__(self, prediction, energy):
        near, c = prediction.near, prediction.c
        self.c, self.energy, self.centre = c, energy, prediction.centre
        green = 1 if prediction.colours == 3 else 0
        self.v = lambda position: near(VALUES, c, position)
        self.R = lambda position: near(VALUES, 0, position)
        self.G = lambda position: near(VALUES, green, position)
        self.before = lambda position: near(VALUES, c - 1, position)
        self.D = lambda position: self.v(position) - self.centre
        self.step = lambda position: self.before(O) - self.before(position)
        self.to = lambda position: self.v(position) + self.step(position) - self.centre
        self.miss = lambda position: near(MISSES, c, position)
        self.miss_0 = lambda position: near(MISSES, 0, position)
        if c:
            self.miss_before = near(MISSES, c - 1, O)
        half = [mu + 16 >> 5 for mu in prediction.mu]
        self.median_step, self.gradient_step = ((half[k] >> 1) - self.centre for k in (0, 1))
        self.global_step, self.last_step = (x - 2 * self.centre for x in (half[2], half[-1]))
        self.blend_step = prediction.blend - 64 * self.centre >> 4


def colour_0(a):
    R, G, D, energy, centre = a.R, a.G, a.D, a.energy, a.centre
    return [
        (D(W) >> 1, D(N) >> 1),
        (centre, 0),
        (D(W), D(WW) >> 1),
        (R(N) - R(NN) >> 1, D(NE) >> 2),
        (a.gradient_step, energy >> 1),
        (G(N) - R(N), D(N)),
        (R(W) - R(N), R(NE) - R(N) >> 2),
        (R(W), centre >> 2),
        (R(W) - R(N) >> 1, R(NW) - R(N) >> 1, energy >> 1),
        (R(NE) - R(N) >> 1, R(NW) - R(N) >> 1, R(W) - R(N) >> 2),
        (R(W) - R(WW) >> 1, D(N) >> 2)]


def colours_1_and_2(a):
    R, G, v, energy, centre = a.R, a.G, a.v, a.energy, a.centre
    before, step, to, miss_before = a.before, a.step, a.to, a.miss_before
    one = a.c == 1
    red, green = R(O) - centre, None if one else G(O) - centre
    return [
        (red, R(O) - R(W)) if one else (red, green),
        (before(O), centre),
        (to(W), to(N)),
        (miss_before, a.miss(W) >> 1),
        (to(W), step(W) >> 1),
        (red, R(W) - v(W)) if one else (red, green, centre >> 4),
        (to(N), step(N) >> 1),
        (miss_before, 0 if one else a.miss_0(O)),
        (a.global_step, energy),
        (a.last_step, a.median_step >> 1),
        (a.blend_step, energy)]


def places(prediction, energy, count, bits):
    """Of the first contexts of a value: the number of the table, and of the slot in it."""
    facts = Facts(prediction, energy)
    chosen = colours_1_and_2(facts) if prediction.c else colour_0(facts)
    assert len(chosen) == 11
    result = []
    for i, numbers in enumerate(chosen[:count]):
        first, second, third = (numbers + (0,))[:3]
        hash = prediction.c * 0x01000193 + (i + 1) * 0x2545F491
        hash += first * 0x009E3779 + second * 0x018F5CF3 + third * 0x0551CCC2
        hash = hash * 0x9E3779B1 % 2**32
        hash = (hash ^ hash >> 15) * 0x85EBCA6B % 2**32
        result.append((i, hash >> 32 - bits))
    return result

"""FORMAT.md, sections 17.5 to 17.7: the histograms of the codec linear."""
from .adaptive import bit_length
from .basics import clamp, need
from .functions import lg, tail

CLASSES, CERTAIN, FLOOR = 32, 2**15, 8
LEARNT = CERTAIN - FLOOR * CLASSES
# 17.5: where the magnitudes of two classes start, and those of the next ones.
LOWEST = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 24, 40, 72, 256)
# 17.7: by energy class.
SLOPES = (
    3376731, 2728172, 2204181, 1780830, 1438792, 1162448, 939180, 758794, 613055, 495307, 400175,
    323315, 261217, 211046, 170511, 137761, 111302, 89924, 72653, 58699, 47425, 38316, 30957, 25011)
USUAL_PART = 14


class Histogram:
    def __init__(self, slope, part):
        """17.7"""
        self.uses = 0
        masses = [mass(k, slope, part) for k in range(CLASSES)]
        self.below = [sum(masses[:k]) * LEARNT // sum(masses) for k in range(CLASSES)]

    def learn(self, found, phase):
        """17.6"""
        shift = min((s for s in range(2, 8) if 7 << s - 2 >= self.uses + 2), default=8)
        self.uses = min(self.uses + 1, 250)
        turn = phase >> 16 - shift
        self.below = [
            below + ((LEARNT if k > found else 0) - below + turn >> shift)
            for k, below in enumerate(self.below)]


def mass(k, slope, part):
    def beyond(distance):
        return tail(distance * slope >> 16)

    if k == 0:
        return 2**32 - beyond(32 + part) - beyond(32 - part)
    if k == CLASSES - 1:
        return 0
    number = k - 1 >> 1
    edges = [64 * lowest - 32 + (part if k % 2 == 0 else -part)
             for lowest in LOWEST[number : number + 2]]
    return beyond(edges[0]) - beyond(edges[1])


class Histograms:
    def __init__(self):
        self.kinds, self.count = ({}, {}, {}), 0

    def choose(self, energy, part, signs, d):
        """17.5: those of a value. d: median - fit, turned."""
        e = clamp((13 * lg(energy + 154) >> 10) - 17, 0, 23)
        near = min(abs(part) >> 2, 7)
        size = min(bit_length(abs(d) >> 5), 6)
        keys = (e, near), (*signs, e // 2), (-size if d < 0 else size, e // 2)
        starts = (SLOPES[e], 4 * near + 2), *[(SLOPES[e // 2 * 2], USUAL_PART)] * 2
        for kind, key, start in zip(self.kinds, keys, starts):
            if key not in kind:
                kind[key] = Histogram(*start)
        return [kind[key] for kind, key in zip(self.kinds, keys)]

    def decode(self, coder, chosen):
        """17.6: the distance from the centre, turned."""
        a, b, c = (histogram.below for histogram in chosen)
        below = [
            (a[k] >> 2) + (b[k] >> 2) + (c[k] >> 1) + FLOOR * k for k in range(CLASSES)]
        ends = below[1:] + [CERTAIN]
        found = coder.symbol([end - start for start, end in zip(below, ends)])
        need(found < CLASSES - 1, "corrupt tile: a class without magnitudes")
        phase = self.count * 0x9E37 % 2**16
        self.count += 1
        for histogram in chosen:
            histogram.learn(found, phase)
        if found == 0:
            return 0
        number = found - 1 >> 1
        distance, end = LOWEST[number : number + 2]
        if end - distance > 1:
            distance += coder.symbol([1] * (end - distance))
        return distance if found % 2 else -distance

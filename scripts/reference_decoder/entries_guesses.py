"""FORMAT.md, section 12.5: the candidates and the experts of the next byte."""
from .adaptive import Counter, Kept, scattered
from .basics import clamp
from .entries_history import hash_of, type_slot
from .entries_parser import ALPHA, BINARY, IN_DATA, PALETTE
from .functions import lg, tail

CANDIDATES, EXPERTS = 6, 5


def byte(x):
    return clamp(x, 0, 255)


def near_colour(history, c):
    """Candidate 5 of channel c of a palette's entry that is not the first."""
    this, best = history.bytes[len(history.bytes) - c :], None
    for j in range(1, min(history.parser.at // 3, 256) + 1):
        that = history.bytes[len(history.bytes) - c - 3 * j :]
        one = this[0] - that[0]
        two = this[1] - that[1] if c == 2 else one
        distance = abs(one) + abs(two)
        if best is None or distance < best:
            best, found = distance, byte(that[c] + (one + two >> 1))
    return found


def near_alpha(history):
    at, (start, length) = history.parser.at, history.palette
    if at >= length // 3:
        return history.ago(1)
    colour = lambda i: history.bytes[start + 3 * i : start + 3 * i + 3]
    best, found = None, 255
    for j in range(1, min(at, 256) + 1):
        distance = sum(abs(a - b) for a, b in zip(colour(at), colour(at - j)))
        if best is None or distance < best:
            best, found = distance, history.bytes[-j]
    return found


class Guesses:
    """What candidates and experts have learnt; after `find`, those of the next byte.

    `expected` are the candidates' bytes and `peaks` those of the experts, None for none.
    """

    def __init__(self, history):
        self.history, self.hits = history, Kept(lambda _: 0)
        self.rows = Kept(lambda _: [Counter(15 * 2**18, 2) for _ in range(8)])
        self.distances = Kept(lambda _: EXPERTS * [384])

    def find(self):
        p, ago = self.history.parser, self.history.ago
        self.kind = p.kind
        expected, peaks, place = CANDIDATES * [None], EXPERTS * [None], 0
        if self.history.match_length > 0:
            expected[0] = self.history.bytes[self.history.match]
        if p.phase == IN_DATA:
            start, length = self.history.spans.get(type_slot(p.type), (0, 0))
            if p.at < length:
                expected[1] = self.history.bytes[start + p.at]
        if self.kind == PALETTE:
            place = c = p.at % 3
            step = ago(1) - ago(4) if c else ago(3) - ago(6)
            expected[2:5] = (
                byte(ago(3) + step), byte(2 * ago(3) - ago(6)), ago(1) if c else ago(3))
            if c and p.at >= 3:
                expected[5] = near_colour(self.history, c)
            between = ago(1) + ago(3) >> 1 if c else expected[3]
            peaks[:] = ago(3), expected[2], between, expected[4], expected[5]
        elif self.kind == ALPHA:
            expected[2:] = ago(1), byte(2 * ago(1) - ago(2)), 255, near_alpha(self.history)
            peaks[:3] = ago(1), expected[3], expected[5]
        elif self.kind == BINARY:
            place = hash_of(p.type, min(p.at, 32))
            expected[2:5] = ago(4), ago(2), ago(1)
        self.expected, self.peaks = expected, peaks
        self.counters = [self.row(k, place) for k in range(CANDIDATES)]
        self.distance = self.distances[self.kind, place if self.kind == PALETTE else 0]
        self.slopes = [4096 // max(2, distance) for distance in self.distance]

    def row(self, k, place):
        hits = self.history.match_length if k == 0 else self.hits[self.kind, k] % 16
        return self.rows[scattered(hash_of(self.kind * CANDIDATES + k, hits, place)) >> 21]

    def expert_input(self, k, lowest, size):
        """12.6: of the bytes that are left."""
        if self.peaks[k] is None:
            return 0
        low, middle, high = (
            self.mass_below(k, i) for i in (lowest, lowest + size // 2, lowest + size))
        return clamp(lg(high - middle + 4096) - lg(middle - low + 4096), -2047, 2047)

    def mass_below(self, k, i):
        if i in (0, 256):
            return i << 24
        d = 2 * (i - self.peaks[k]) - 1
        beyond = tail(abs(d) * self.slopes[k])
        return beyond if d < 0 else 2**32 - beyond

    def pass_byte(self, passed):
        """12.6, 1."""
        for k in range(1, CANDIDATES):
            if self.expected[k] is not None:
                hits = self.hits[self.kind, k]
                self.hits[self.kind, k] = (2 * hits + (self.expected[k] == passed)) % 256
        for k, peak in enumerate(self.peaks):
            if peak is not None:
                self.distance[k] += 16 * abs(passed - peak) - self.distance[k] >> 3

"""FORMAT.md, sections 17.1 to 17.3: arrays, terms and fits of the codec linear."""
from .adaptive import bit_length
from .basics import clamp

# 17.2
OWN = (
    (0, -1), (0, -2), (-1, 0), (-1, -1), (-1, 1), (-2, 0), (-2, 1), (-1, 2), (-1, -2), (-2, -1))
OTHER = ((0, 0), (0, -1), (0, 1), (1, 0), (-1, 0), (-1, 1))
# By plane.
OWN_TERMS, OTHER_TERMS = (10, 7, 6), (0, 6, 4)
SEGMENT, BAND = 32, 4
# 17.3
RIDGE, SWEEPS, BOUND = 312.0, 4, 30000.0


class Array:
    """17.1: an array, of which other elements stand for those outside of the tile."""

    def __init__(self, width, height, outside):
        self.width, self.height, self.outside = width, height, outside
        self.rows = [[None] * width for _ in range(height)]

    def near(self, row, column, offset):
        """The element at an offset from a value."""
        r, q = min(row + offset[0], self.height - 1), column + offset[1]
        if r < 0 or (r == 0 and q < 0):
            return self.outside
        return self.rows[r - 1][0] if q < 0 else self.rows[r][min(q, self.width - 1)]


def terms_of(p):
    """17.2: pairs of a plane and an offset."""
    terms = [(p, offset) for offset in OWN[: OWN_TERMS[p]]]
    return terms + [(d, offset) for d in range(p) for offset in OTHER[: OTHER_TERMS[p]]]


class Fits:
    """The fits of a plane, one for each segment."""

    def __init__(self, p, width):
        self.n, self.count = len(terms_of(p)), -(-width // SEGMENT)
        self.start = [0, 0, 0, -2400, 1200] + [0] * (self.n - 5)
        if p > 0:
            self.start[OWN_TERMS[p]] = 3300
        self.weights = [list(self.start) for _ in range(self.count)]
        # Those of segment s are number s + 1.
        self.sums = [self.zeros() for _ in range(self.count + 2)]
        self.added = [self.zeros() for _ in range(self.count)]

    def zeros(self):
        return [[0] * (self.n + 1) for _ in range(self.n + 1)]

    def learn(self, column, f):
        """f: the terms, and the target."""
        shift = bit_length(sum(abs(x) for x in f[: self.n]) + 48)
        g = [clamp(1024 * x >> shift, -2047, 2047) for x in f]
        added = self.added[column // SEGMENT]
        for i, x in enumerate(g):
            for j, y in enumerate(g):
                added[i][j] += x * y

    def end_row(self, row):
        if row % BAND != BAND - 1:
            return
        for sums, added in zip(self.sums[1:], self.added):
            for old, new in zip(sums, added):
                old[:] = [x - (x >> 1) + (y >> 2) for x, y in zip(old, new)]
        self.added = [self.zeros() for _ in range(self.count)]
        self.weights = [self.fit(s) for s in range(self.count)]

    def fit(self, s):
        """The new weights of a segment. Python fuses no operations of its doubles."""
        n, w = self.n, self.weights[s]
        left, own, right = self.sums[s : s + 3]
        products = [
            [own[i][j] + (left[i][j] >> 1) + (right[i][j] >> 1) for j in range(n)]
            for i in range(n + 1)]
        rest = [
            float(4096 * products[n][j] + 312 * (self.start[j] - w[j])
                  - sum(w[i] * products[i][j] for i in range(n))) for j in range(n)]
        products = [[float(x) for x in row] for row in products]
        inverses = [1.0 / (products[i][i] + RIDGE) for i in range(n)]
        x = [float(weight) for weight in w]
        for _ in range(SWEEPS):
            for i in range(n):
                new = clamp(x[i] + rest[i] * inverses[i], -BOUND, BOUND)
                step = new - x[i]
                x[i] = new
                for j in range(n):
                    rest[j] = rest[j] - step * products[i][j]
                rest[i] = rest[i] - step * RIDGE
        return [int(weight - 0.5 if weight < 0 else weight + 0.5) for weight in x]

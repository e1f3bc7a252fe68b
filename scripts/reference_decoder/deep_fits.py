"""FORMAT.md, sections 14.2 to 14.4: arrays, terms and fits of deep samples."""
from .basics import clamp

# 14.3
OWN = (
    (0, -1), (-1, -1), (-1, 1), (0, -2), (-2, 0), (-2, 1), (-2, -1), (-1, 2), (-1, -2), (-2, 2),
    (-2, -2), (0, -3), (-3, 0), (-1, 3))
OTHER = ((0, 0), (0, -1), (0, 1), (1, 0), (-1, 1), (-1, -1), (1, 1), (1, -1), (-2, 0), (0, -2))
# By channel.
OWN_TERMS, OTHER_TERMS = (14, 12, 10, 10), (0, 10, 6, 4)
BOUND = 8 << 14


def terms_of(c):
    """14.3: pairs of a channel and an offset."""
    terms = [(c, offset) for offset in OWN[: OWN_TERMS[c]]]
    return terms + [(d, offset) for d in range(c) for offset in OTHER[: OTHER_TERMS[c]]]


class Plane:
    """14.2: an array, of which other elements stand for those outside of the image."""

    def __init__(self, width, height, start):
        self.width, self.height, self.start = width, height, start
        self.rows = [[None] * width for _ in range(height)]

    def near(self, row, column, offset):
        """The element at an offset from a sample."""
        r, q = row + offset[0], column + offset[1]
        if row == 0 and r < 0:
            r, q = 0, column - 1
        r = clamp(r, 0, self.height - 1)
        if q < 0:
            return self.rows[r - 1][0] if r > 0 else self.start
        return self.rows[r][min(q, self.width - 1)]


class Fit:
    def __init__(self, n):
        self.weights = [0] * n

    def descend(self, sums, origin, ridge, sweeps):
        w, n = self.weights, len(self.weights)
        around = origin.weights if origin else [0] * n
        rest = [
            (sums[n][j] << 14) + ridge * (around[j] - w[j])
            - sum(w[i] * sums[i][j] for i in range(n)) for j in range(n)]
        inverses = [2**40 // (sums[i][i] + ridge) for i in range(n)]
        for _ in range(sweeps):
            for i in range(n):
                weight = clamp(w[i] + (rest[i] * inverses[i] >> 40), -BOUND, BOUND)
                moved, w[i] = weight - w[i], weight
                for j in range(n):
                    rest[j] -= moved * sums[i][j]
                rest[i] -= moved * ridge


class Fits:
    """14.4: the fits of a channel."""

    def __init__(self, width, n):
        self.n, blocks = n, -(-width // 8)
        # Those of block b are number b + 1.
        self.near_sums = [self.zeros() for _ in range(blocks + 2)]
        self.wide_sums = [self.zeros() for _ in range(blocks + 2)]
        self.all_sums, self.phase_sums = self.zeros(), [self.zeros() for _ in range(4)]
        self.near, self.wide, self.all = Fit(n), Fit(n), Fit(n)
        self.phases = [Fit(n) for _ in range(4)]

    def zeros(self):
        return [[0] * (self.n + 1) for _ in range(self.n + 1)]

    def of_sample(self, row, column):
        """In the order of the guesses."""
        return self.phases[2 * (row & 1) + (column & 1)], self.all, self.wide, self.near

    def fit(self, row, b):
        """Before the first sample of block b."""
        n, phase = self.n, 2 * (row & 1) + (b & 1)
        self.phases[phase].descend(self.phase_sums[phase], None, 10000, 1)
        self.all.descend(self.all_sums, None, 10000, 1)
        for fit, sums, origin in (
                (self.wide, self.wide_sums, self.all), (self.near, self.near_sums, self.wide)):
            system = [
                [2 * sums[b + 1][i][j] + sums[b][i][j] + sums[b + 2][i][j] for j in range(n + 1)]
                for i in range(n + 1)]
            fit.descend(system, origin, 100000, 3)
        # Of even and of odd columns.
        self.added = [self.zeros(), self.zeros()]

    def learn(self, column, f):
        """f: the terms, and the target."""
        most = max(abs(x) for x in f)
        if most == 0:
            return
        shift = most.bit_length() - 9
        g = [x + (1 << shift >> 1) >> shift if shift >= 0 else x << -shift for x in f]
        added = self.added[column & 1]
        for i, x in enumerate(g):
            for j, y in enumerate(g):
                added[i][j] += x * y

    def end_block(self, row, b):
        p = 2 * (row & 1)
        for i in range(self.n + 1):
            for j in range(self.n + 1):
                even, odd = self.added[0][i][j], self.added[1][i][j]
                for sums, added, decay in (
                        (self.near_sums[b + 1], even + odd, 2),
                        (self.wide_sums[b + 1], even + odd, 5),
                        (self.all_sums, even + odd >> 2, 10),
                        (self.phase_sums[p], even >> 2, 10),
                        (self.phase_sums[p + 1], odd >> 2, 10)):
                    sums[i][j] += added - (sums[i][j] >> decay)

"""FORMAT.md, sections 3.4 and 3.6: what the fits learn."""
from operator import mul

from .code_order import rows_of
from .solving import fit_around, fit_tile

WINDOW = [(0, dq) for dq in range(-5, 0)] + [(-1, dq) for dq in range(-5, 4)] + [
    (-row, dq) for row in range(2, 6) for dq in range(row - 6, 7 - row)]
NEARNESS = [0, 717, 502, 351, 246, 172, 120]
DECAYS, RIDGES = (2, 4), (32000.0, 2400.0)


class Fits:
    """All fits of one colour of a tile."""

    def __init__(self, layout, rows, columns, c):
        """`layout` has the numbers of the table in 3.2."""
        self.rows, self.columns, self.locals = rows, columns, layout.locals
        own, other, colours = layout.own, layout.other, layout.colours
        n = self.n = own + (colours - 1) * other + c
        bands = range((rows + 7) // 8)
        square = lambda: [[0] * (n + 1) for _ in range(n + 1)]
        self.sums = square()
        self.weights = [0] * n
        self.memories = [[square() for _ in bands] for _ in range(self.locals)]
        self.local_weights = [[[0] * n for _ in bands] for _ in range(self.locals)]
        # 3.6: the terms of each window fit, and its origin.
        self.here = [own + (d + 1) * other + d for d in range(c)]
        others = [own + d * other + min(d, c) for d in range(colours - 1)]
        self.chosen = [
            sorted([*range(6)] + [f + i for f in others for i in range(count)] + self.here)
            for count in (2, 6)[: layout.windows]]
        self.origins = [[0] * len(chosen) for chosen in self.chosen]
        # Terms and target of each pixel, and those of the period, by band.
        self.learnt, self.period = {}, {}

    def record(self, r, q, terms_and_target):
        self.learnt[r, q] = terms_and_target
        self.period.setdefault(r // 8, []).append(terms_and_target)

    def learn(self, t):
        """3.4, after the diagonal t = 4 b + 3."""
        first = rows_of(t - 3, self.rows, self.columns, 4).start
        end = rows_of(t, self.rows, self.columns, 4).stop
        active = range(first // 8, (end + 7) // 8)
        for band in active:
            self.add(band, list(zip(*self.period.get(band, []))))
        self.period = {}
        matrix, y = self.system(self.sums, range(self.n))
        self.weights = fit_tile(matrix, y, self.weights)
        for k, chosen in enumerate(self.chosen):
            matrix, y = self.system(self.sums, chosen)
            self.origins[k] = fit_tile(matrix, y, self.origins[k])
        for k in range(self.locals):
            for band in active:
                self.local_weights[k][band] = self.local_fit(k, band)

    def add(self, band, columns):
        """`columns` are those of the period's pixels, by term, the target last."""
        for i, left in enumerate(columns or [()] * (self.n + 1)):
            for j in range(i, self.n + 1):
                added = sum(map(mul, left, columns[j])) if columns else 0
                self.sums[i][j] += added
                for k in range(self.locals):
                    row = self.memories[k][band][i]
                    row[j] += (added << 7 - DECAYS[k]) - (row[j] >> DECAYS[k])

    def system(self, sums, chosen):
        """The matrix and the right side of some terms, as doubles."""
        matrix = [[float(sums[i][j]) if j >= i else 0.0 for j in chosen] for i in chosen]
        return matrix, [float(sums[i][self.n]) for i in chosen]

    def local_fit(self, k, band):
        own, above = self.memories[k][band], self.memories[k][max(band - 1, 0)]
        sums = [[a + (b >> 1) for a, b in zip(*rows)] for rows in zip(own, above)]
        return fit_around(self.weights, RIDGES[k], *self.system(sums, range(self.n)))

    def samples(self, r, q, terms):
        """3.6: for each sample its offset, unlikeness, closeness, terms and target."""
        result = []
        for dr, dq in WINDOW:
            sample = self.learnt.get((r + dr, q + dq))
            if sample:
                unlike = sum(abs(sample[i] - terms[i]) for i in range(6))
                unlike += 2 * sum(abs(sample[i] - terms[i]) for i in self.here)
                unlike = min(unlike >> 2, 511)
                closeness = NEARNESS[abs(dq) - dr] * (65536 // (unlike + 3)) >> 10
                result.append(((dr, dq), unlike, closeness, sample))
        return result

    def window_fits(self, r, q, terms):
        """3.6: for each window fit, pairs of a weight and a term's number."""
        if not self.chosen:
            return []
        samples = self.samples(r, q, terms)
        importances = importances_of(samples)
        columns = list(zip(*(sample for *_, sample in samples)))
        return [
            list(zip(self.window_fit(chosen, origin, importances, columns), chosen))
            for chosen, origin in zip(self.chosen, self.origins)]

    def window_fit(self, chosen, origin, importances, columns):
        if not columns:
            columns = [()] * (self.n + 1)
        matrix, y = [], []
        for i in chosen:
            important = list(map(mul, importances, columns[i]))
            total = lambda j: float(sum(map(mul, important, columns[j])))
            matrix.append([total(j) if j >= i else 0.0 for j in chosen])
            y.append(total(self.n))
        return fit_around(origin, 300.0, matrix, y)


def importances_of(samples):
    """3.6"""
    most = max([1] + [closeness for _, _, closeness, _ in samples])
    return [closeness * (2**22 // most) + 32768 >> 16 for _, _, closeness, _ in samples]

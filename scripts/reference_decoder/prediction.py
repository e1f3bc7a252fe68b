"""FORMAT.md, sections 3.1 to 3.3: adaptive prediction."""
import types

from .basics import clamp
from .code_order import ADAPTIVE, med
from .fits import Fits
from .positions import NE, NN, NW, WW, N, O, W

OFFSETS = [
    (0, -1), (-1, 0), (-1, -1), (-1, 1), (0, -2), (-2, 0), (-2, 1), (-2, -1),
    (-1, 2), (-1, -2), (-2, 2), (-2, -2), (0, -3), (-3, 0)]
# The arrays of a colour: values, misses, and behind them the errors of each predictor.
VALUES, MISSES, ERRORS = range(3)
OUTSIDE = [128, 0] + 7 * [48]


class Prediction:
    """The adaptive prediction of a tile."""

    def __init__(self, model, rows, columns):
        windows = model.symbolCentre - ADAPTIVE
        self.layout = types.SimpleNamespace(
            windows=windows, locals=2 if windows else 1, own=14 if windows else 8,
            other=8 if windows else 4, colours=model.colours)
        self.rows, self.columns, self.colours = rows, columns, model.colours
        self.predictors = 3 + self.layout.locals + windows
        self.fits = [Fits(self.layout, rows, columns, c) for c in range(self.colours)]
        arrays = 2 + self.predictors
        self.arrays = [[{} for _ in range(self.colours)] for _ in range(arrays)]

    def element(self, array, d, r, q):
        """3.1"""
        elements = self.arrays[array][d]
        while (r, q) not in elements:
            if r < 0:
                if q + 4 * r < 1:
                    return OUTSIDE[array]
                r, q = 0, min(q + 4 * r, self.columns) - 1
            elif q < 0:
                if r == 0:
                    return OUTSIDE[array]
                r, q = r - 1, 0
            else:
                assert q >= self.columns
                q = self.columns - 1
        return elements[r, q]

    def near(self, array, d, position):
        return self.element(array, d, self.r + position[0], self.q + position[1])

    def predict(self, c, r, q):
        """3.2 and 3.3: mu, the local errors, blend and centre of a value."""
        self.c, self.r, self.q = c, r, q
        v = lambda d, position: self.near(VALUES, d, position)
        west, north, corner = (
            v(c, position) - (v(c - 1, position) if c else 0) for position in (W, N, NW))
        here = v(c - 1, O) if c else 0
        self.mu = [
            64 * clamp(med(west, north, corner) + here, 0, 255),
            clamp(16 * (3 * west + 3 * north - 2 * corner) + 64 * here, 0, 16320)]
        self.terms = self.find_terms(v)
        fits, everything = self.fits[c], range(len(self.terms))
        self.mu.append(self.linear(zip(fits.weights, everything)))
        for weights in fits.local_weights:
            self.mu.append(self.linear(zip(weights[r // 8], everything)))
        for pairs in fits.window_fits(r, q, self.terms):
            self.mu.append(self.linear(pairs))
        self.local_errors = [self.local_error(ERRORS + k) for k in range(self.predictors)]
        shares = [(2**24 // (e * e)) ** 2 + 1 for e in self.local_errors]
        self.blend = sum(share * mu for share, mu in zip(shares, self.mu)) // sum(shares)
        self.centre = self.blend + 32 >> 6

    def find_terms(self, v):
        terms, c = [], self.c
        for d in [c] + [d for d in range(self.colours) if d != c]:
            base = v(d, W) + v(d, N)
            if d == c:
                self.base = base
            count = self.layout.own if d == c else self.layout.other
            terms += [2 * v(d, offset) - base for offset in OFFSETS[:count]]
            if d < c:
                terms.append(2 * v(d, O) - base)
        return terms

    def linear(self, pairs):
        """What a fit guesses; pairs of a weight and a term's number."""
        total = sum(weight * self.terms[i] for weight, i in pairs)
        return clamp(4096 * self.base + total + 64 >> 7, 0, 16320)

    def local_error(self, array):
        e = [self.near(array, self.c, position) for position in (W, N, NW, NE, WW, NN)]
        error = 2 * (e[0] + e[1]) + e[2] + e[3] + e[4] + e[5] >> 3
        if self.c:
            error = 12 * error + 3 * self.near(array, self.c - 1, O) >> 4
        return error + 5

    def record(self, value):
        place, c = (self.r, self.q), self.c
        self.arrays[VALUES][c][place] = value
        self.arrays[MISSES][c][place] = value - self.centre
        for k, mu in enumerate(self.mu):
            self.arrays[ERRORS + k][c][place] = abs(64 * value - mu) >> 2
        self.fits[c].record(*place, self.terms + [2 * value - self.base])

    def learn(self, t):
        if t % 4 == 3:
            for fits in self.fits:
                fits.learn(t)

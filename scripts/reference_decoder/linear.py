"""FORMAT.md, section 17: planes of photographs, fast."""
from .adaptive import limited, squash
from .basics import clamp, need
from .code_order import med
from .functions import lg
from .linear_fits import SEGMENT, Array, Fits, terms_of
from .linear_histograms import Histograms
from .positions import NE, NN, NW, WW, E, N, O, W


def decode(coder, rows, columns, planes, has_alpha, group):
    """The coded values of a tile, [row][column][plane]."""
    order = [1, 0, 2] if planes == 3 else list(range(planes))
    linear = Linear(coder, columns, rows)
    for _ in order:
        linear.decode_plane()
    places = [order.index(plane) for plane in range(planes)]
    return [
        [[linear.values[p].rows[r][q] for p in places] for q in range(columns)]
        for r in range(rows)]


class Linear:
    """A tile, the values of which are known up to `row` and `column` of the last plane."""

    def __init__(self, coder, width, height):
        self.coder, self.width, self.height = coder, width, height
        self.values, self.misses = [], []
        self.histograms = Histograms()

    def decode_plane(self):
        width, height = self.width, self.height
        p = self.p = len(self.values)
        self.values.append(Array(width, height, 128))
        self.misses.append(Array(width, height, 0))
        # Of the fit, and of the median.
        self.errors = Array(width, height, 0), Array(width, height, 0)
        self.terms, self.fits = terms_of(p), Fits(p, width)
        for self.row in range(height):
            for self.column in range(width):
                self.decode_value()
            self.fits.end_row(self.row)

    def v(self, offset, d):
        return self.values[d].near(self.row, self.column, offset)

    def miss(self, offset, d):
        return self.misses[d].near(self.row, self.column, offset)

    def decode_value(self):
        p, row, column = self.p, self.row, self.column
        bases = [self.v(W, d) + self.v(N, d) for d in range(p + 1)]
        f = [2 * self.v(offset, d) - bases[d] for d, offset in self.terms]
        total = sum(w * x for w, x in zip(self.fits.weights[column // SEGMENT], f))
        fit, median = clamp(4096 * bases[p] + total >> 7, 0, 16320), self.median()
        blend = self.blend(fit, median)
        # 17.5
        centre = blend + 32 >> 6
        part = blend - 64 * centre
        turn = -1 if part < 0 else 1
        other = self.miss(O, p - 1) if p else self.miss(NE, 0)
        signs = [sign(turn * miss) for miss in (self.miss(W, p), self.miss(N, p), other)]
        chosen = self.histograms.choose(self.energy(), part, signs, turn * (median - fit))
        value = centre + turn * self.histograms.decode(self.coder, chosen)
        need(0 <= value <= 255, "corrupt tile: a value out of range")

        self.values[p].rows[row][column] = value
        self.misses[p].rows[row][column] = 64 * value - blend >> 2
        for errors, guess in zip(self.errors, (fit, median)):
            errors.rows[row][column] = abs(64 * value - guess) >> 2
        self.fits.learn(column, f + [2 * value - bases[p]])

    def median(self):
        """17.4"""
        p = self.p
        if p == 0:
            return 64 * med(self.v(W, 0), self.v(N, 0), self.v(NW, 0))
        u = [self.v(offset, p) - self.v(offset, 0) for offset in (W, N, NW)]
        return 64 * clamp(med(*u) + self.v(O, 0), 0, 255)

    def blend(self, fit, median):
        levels = []
        for errors in self.errors:
            w, n, nw, ne, ww = (
                errors.near(self.row, self.column, offset) for offset in (W, N, NW, NE, WW))
            error = 2 * (w + n) + nw + ne + ww >> 1
            levels.append(lg(min(error, 4095) + 4) >> 4)
        share = squash(limited(38 * (levels[1] - levels[0]))) >> 14
        return median + ((fit - median) * share + 128 >> 8)

    def energy(self):
        """17.5"""
        p, size = self.p, lambda offset, d: abs(self.miss(offset, d))
        near = size(W, p) + size(N, p)
        far = size(WW, p) + size(NW, p) + size(NE, p) + size(NN, p)
        if p == 0:
            return 8 * near + 4 * far
        energy = 6 * near + 3 * far + size(E, p - 1)
        return energy + (3 * size(O, 0) if p == 1 else 2 * size(O, 1) + size(O, 0))


def sign(miss):
    return 0 if miss < -8 else 1 if miss <= 8 else 2

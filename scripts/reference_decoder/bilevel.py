"""FORMAT.md, sections 13.1 and 13.2: images of 1, 2 or 4 bits a pixel."""
from .adaptive import even
from .basics import need
from .bilevel_bits import FullPixels
from .bilevel_contexts import pack
from .bilevel_flat import Flat
from .bilevel_match import Match


def decode(coder, rows, columns, planes, has_alpha, group):
    """The coded values of a tile, [row][column][plane], of one plane."""
    need(rows * columns <= 2**31 - 256, "corrupt: size of the tiles")
    image = Bilevel(coder, columns, rows, group.depth)
    return [[[pixel] for pixel in row] for row in image.decode()]


class Bilevel:
    """An image, the `pixels` of which are known up to row y and column x."""

    def __init__(self, coder, width, height, depth):
        self.coder, self.width, self.height, self.depth = coder, width, height, depth
        self.pixels, self.ages = [[0] * width for _ in range(height)], [0] * width
        self.match = Match(self)
        self.flat, self.full = Flat(self), FullPixels(self)

    def decode(self):
        """13.1: the rows of the image."""
        background = 0
        for _ in range(self.depth):
            background = 2 * background + even(self.coder)
        for self.y in range(self.height):
            self.flat.start_row()
            self.match.there = None
            for self.x in range(self.width):
                self.decode_pixel()
        return [[pixel ^ background for pixel in row] for row in self.pixels]

    def decode_pixel(self):
        P = self.P
        self.W, self.N, self.NW, self.NE = P(0, -1), P(1, 0), P(1, -1), P(1, 1)
        self.WW, self.NN = P(0, -2), P(2, 0)
        value, excluded = None, None
        if self.flat.is_flat():
            if self.flat.decide():
                value = self.N
            else:
                excluded = self.N
                if self.depth == 1:
                    value = 1 - self.N
        if value is None:
            value = self.full.decode(excluded)
        is_right = self.match.predicted == value
        self.pixels[self.y][self.x] = value
        self.ages[self.x] = min(self.ages[self.x] + 1, 15) if value == self.N else 0
        self.match.advance(is_right)

    # 13.2
    def P(self, up, right):
        row, column = self.y - up, self.x + right
        return self.pixels[row][column] if row >= 0 and 0 <= column < self.width else 0

    def window(self, up):
        last = -1 if up == 0 else 16 // self.depth - 1
        return pack(1 << self.depth, *(
            self.P(up, d) for d in range(last + 1 - 64 // self.depth, last + 1)))

    def all(self, pixel):
        return pack(1 << self.depth, *(64 // self.depth * [pixel]))

    def run(self, window, most):
        return ((window & -window).bit_length() - 1) // self.depth if window else most

"""FORMAT.md, section 18: what graphics is for, in a hurry."""
from .adaptive import ONE, Counter, Kept, bit_length, decide_alone
from .basics import floor_log2, need
from .graphics import channel_order
from .pixels import Pixels
from .positions import NE, NW, N, W
from .runs_chain import Chain
from .runs_literals import ByBits, ByChannels

RUN_LIMIT = 250


def decode(coder, rows, columns, planes, has_alpha, group):
    """The coded values of a tile, [row][column][plane]."""
    need((rows + 3) * (columns + 8) < 2**32, "corrupt: size of the tiles")
    order = channel_order(planes, has_alpha)
    runs = Runs(coder, rows, columns, planes, has_alpha, group.colours)
    for r in range(rows):
        runs.decode_row(r)
    places = [order.index(plane) for plane in range(planes)]
    return [[[colour >> 8 * c & 255 for c in places] for colour in row] for row in runs.pixels]


class Runs(Pixels):
    """A tile, the pixels of which are known up to (r, q)."""

    def __init__(self, coder, rows, columns, channels, has_alpha, colours):
        self.coder, self.columns, self.colours = coder, columns, colours
        size = floor_log2(rows * columns)
        self.pixels = [[0] * columns for _ in range(rows)]
        # The pixels that are literals.
        self.kinds = set()
        self.chain = Chain(self, size)
        self.literals = (
            ByBits(size, colours) if colours else ByChannels(size, channels, has_alpha))
        # 18.2: counters, and whether the last two runs were whole.
        self.counters = Kept(lambda _: Counter(ONE // 2))
        self.wholes = 0, 0

    def kind(self, position):
        return (self.r + position[0], self.q + position[1]) in self.kinds

    def decode_row(self, r):
        """18.1"""
        self.r, self.q = r, 0
        self.chain.begin_row()
        while self.q < self.columns:
            excludes = 0
            if self.is_flat():
                north, extent = self.colour(N), self.extent()
                length = self.decode_length(extent)
                if length:
                    self.pixels[r][self.q : self.q + length] = length * [north]
                    self.chain.match = None
                self.q += length
                if length == extent:
                    continue
                excludes = 1
            self.pixels[r][self.q] = self.decode_pixel(excludes)
            self.q += 1

    def is_flat(self):
        north = self.colour(N)
        is_flat = all(self.colour(position) == north for position in (W, NW, NE))
        return is_flat and self.chain.match_colour() in (None, north)

    def extent(self):
        """18.2"""
        i, north = 0, self.colour(N)
        while i < self.columns - self.q and self.colour((-1, i + 1)) == north:
            i += 1
        return i

    def decode_length(self, extent):
        """18.2: of a run."""

        def decide(*key):
            return decide_alone(self.coder, self.counters[key], RUN_LIMIT)

        size = bit_length(extent)
        is_whole = decide("whole", size, *self.wholes)
        self.wholes = is_whole, self.wholes[0]
        if is_whole:
            return extent
        bits = 0
        while bits < size and not decide("bits", size, bits):
            bits += 1
        length = min(bits, 1)
        for place in reversed(range(bits - 1)):
            length = 2 * length + decide("bit", bits, place)
        need(length < extent, "corrupt tile: a run that is too long")
        return length

    def decode_pixel(self, excludes):
        """18.3 to 18.5"""
        colour = self.chain.decode(excludes)
        is_literal = colour is None
        if is_literal:
            self.kinds.add((self.r, self.q))
            colour = self.literals.decode(self.coder, self.colour, self.q)
            need(not self.colours or colour < self.colours, "corrupt tile: number of a colour")
        self.chain.learn(colour)
        return colour

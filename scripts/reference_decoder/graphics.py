"""FORMAT.md, section 11: pictures with few colours, flat areas, text and repeats."""
from .adaptive import Counter, Kept, bit_length, decide, slot
from .basics import clamp, floor_log2, need
from .graphics_chain import Chain, permille
from .graphics_literals import ByBits, ByChannels
from .graphics_tables import FLAT_WEIGHTS
from .pixels import Pixels
from .positions import NE, NEE, NN, NNE, NW, NWW, WW, N, W


def decode(coder, rows, columns, planes, has_alpha, group, known=None):
    """The coded values of a tile, [row][column][plane].

    known: [row][column], the values of a pixel that is known, or None for one that is coded.
    """
    need((rows + 5) * (columns + 32) < 2**32, "corrupt: size of the tiles")
    order = channel_order(planes, has_alpha)
    graphics = Graphics(coder, rows, columns, planes, has_alpha, group.colours)
    for r in range(rows):
        graphics.decode_row(r, [
            values and [values[plane] for plane in order] for values in known[r]]
            if known else columns * [None])
    places = [order.index(plane) for plane in range(planes)]
    return [
        [[colour >> 8 * c & 255 for c in places] for colour in row] for row in graphics.pixels]


def channel_order(planes, has_alpha):
    """11.1: the planes in the order in which they are coded."""
    colours = planes - has_alpha
    return ([colours] if has_alpha else []) + ([1, 0, 2] if colours == 3 else list(range(colours)))


class Graphics(Pixels):
    def __init__(self, coder, rows, columns, channels, has_alpha, colours):
        self.coder, self.columns, self.colours = coder, columns, colours
        # 11.1
        size = floor_log2(rows * columns)
        self.match_bits, self.matches = clamp(size, 8, 18), {}
        self.chain = Chain(coder, self.colour, self.kind, size)
        self.literals = (
            ByBits(size, colours) if colours else ByChannels(size, channels, has_alpha))
        self.pixels = [[0] * columns for _ in range(rows)]
        self.kinds = {}
        # 11.3
        self.flat = Kept(lambda _: Counter(permille(970), 1))
        self.flat_weights = Kept(lambda _: list(FLAT_WEIGHTS))
        self.row_breaks, self.last_break, self.column_breaks = {}, None, {}

    def kind(self, position):
        return self.kinds.get((self.r + position[0], self.q + position[1]), 0)

    def decode_row(self, r, known):
        self.r, self.match, self.match_length, self.last_break = r, None, 0, None
        for q in range(self.columns):
            self.q = q
            if known[q]:
                colour = sum(value << 8 * c for c, value in enumerate(known[q]))
                self.kinds[r, q] = 1
            else:
                colour = self.decode_pixel()
            self.pixels[r][q] = colour
            self.follow(colour)

    def decode_pixel(self):
        """11.2"""
        north, excludes = self.colour(N), 0
        is_flat = all(
            self.colour(position) == north for position in (W, NE, NW, WW, NN, NEE, NWW, NNE))
        if is_flat and self.match_colour() in (None, north):
            if self.decide_flat(north):
                return north
            excludes = 1
        self.chain.find_histories()
        place = slot(self.chain.hash_4, self.match_bits)
        if self.match is None:
            self.find_match(self.matches.get(place))
        colour = self.chain.decode(excludes, self.match_colour(), self.match_class())
        if colour is None:
            self.kinds[self.r, self.q] = 1
            colour = self.literals.decode(self.coder, self.colour, self.q)
            need(not self.colours or colour < self.colours, "corrupt tile: number of a colour")
        self.chain.learn(colour)
        self.matches[place] = self.place(self.r, self.q)
        return colour

    def decide_flat(self, north):
        """11.3"""
        r, q = self.r, self.q

        def run(positions):
            count = 0
            while count < 6 and self.colour(positions[count]) == north:
                count += 1
            return count

        right, left = run([(-1, 3 + i) for i in range(6)]), run([(0, -3 - i) for i in range(6)])
        breaks, above, above2 = (self.row_breaks.get(r - i, 0) for i in range(3))
        breaks, above, above2 = min(breaks, 3), min(above, 3), min(above2, 1)
        distance = 0
        if self.last_break is not None:
            distance = min(bit_length(q - self.last_break) + 1, 10)
        ages = [
            min(bit_length(r - self.column_breaks[column]), 9)
            if column in self.column_breaks else 0 for column in (q, q + 1)]
        length = 0
        if self.match is not None:
            length = 1 + sum(self.match_length > most for most in (10, 30, 100))
        hue = north * 0x9E3779B1 % 2**32 >> 27
        counters = [self.flat[key] for key in (
            (0, right, left, hue, breaks > 0), (1, breaks, distance, above, above2),
            (2, *ages, right), (3, length, distance, right))]
        bit = decide(
            self.coder, [counter.stretched for counter in counters],
            list(zip(counters, (1000, 400, 400, 400))), [self.flat_weights[breaks, right]],
            None, None, 200)
        if not bit:
            self.row_breaks[r] = self.row_breaks.get(r, 0) + 1
            self.last_break, self.column_breaks[q] = q, r
        return bit

    def place(self, r, q):
        """11.5"""
        return r * (self.columns + 32) + q + 16

    def at_place(self, place):
        r, q = divmod(place, self.columns + 32)
        return self.pixel(r, q - 16)

    def match_colour(self):
        return None if self.match is None else self.at_place(self.match)

    def find_match(self, there):
        row = self.columns + 32
        if there is None or self.at_place(there - 1) != self.colour(W):
            return
        above = self.at_place(there - row), self.at_place(there - row + 1)
        if above != (self.colour(N), self.colour(NE)):
            return
        self.match, self.match_length, here = there, 0, self.place(self.r, self.q)
        while self.match_length < 16 and (
                self.at_place(there - 1 - self.match_length)
                == self.at_place(here - 1 - self.match_length)):
            self.match_length += 1

    def follow(self, colour):
        if self.match_colour() == colour:
            self.match, self.match_length = self.match + 1, self.match_length + 1
        else:
            self.match = None

    def match_class(self):
        if self.match is None:
            return 0
        n = self.match_length
        return n + 1 if n < 4 else 5 + sum(n > most for most in (7, 15, 31, 63, 199))

"""FORMAT.md, section 18.3: likely colours, and the decisions that ask for them."""
from itertools import combinations

from .adaptive import ONE, Counter, Kept, bit_length, decide, hashed, mixing_rate, scattered, slot
from .basics import clamp
from .positions import NE, NN, NW, WW, N, W

AROUND = (W, N, NE, NW, WW, NN)
MOST_CANDIDATES = 5
LIMITS = (250, 250, 120, 60, 250)
START_WEIGHTS = (20000, 20000, 20000, 20000, 20000, 0)


class Chain:
    """`tile` has the pixels, and where the next one is: a Runs."""

    def __init__(self, tile, size):
        self.tile = tile
        # 18.1
        self.match_bits, self.bits = clamp(size, 8, 16), clamp(size, 8, 15)
        self.matches = {}
        # Of a slot: colour, check, seen.
        self.histories = Kept(lambda _: (0, 0, 0))
        self.counters = Kept(lambda _: Counter(ONE // 2))
        self.weights = Kept(lambda _: list(START_WEIGHTS))
        # Pixels that were in no run, and how many there were before the row.
        self.count = self.earlier = 0

    def begin_row(self):
        self.match, self.match_length, self.earlier = None, 0, self.count

    def place(self):
        return self.tile.r * (self.tile.columns + 8) + self.tile.q + 4

    def at_place(self, place, position=(0, 0)):
        r, q = divmod(place, self.tile.columns + 8)
        return self.tile.pixel(r + position[0], q - 4 + position[1])

    def match_colour(self):
        return None if self.match is None else self.at_place(self.match)

    def decode(self, excludes):
        """The colour of the tile's next pixel, or None for a literal."""
        colour = self.tile.colour
        self.around = [colour(position) for position in AROUND]
        near = hashed(1, *self.around[:4])
        wide = hashed(near, *self.around[4:], colour((0, -3)), colour((-1, 2)))
        self.near_slot, self.check = slot(near, self.bits), scattered(near) & 65535
        self.wide_slot = slot(wide, self.match_bits)
        # The colour and the class of the history, if it is known.
        history, check, seen = self.histories[self.near_slot]
        self.is_known = seen != 0 and check == self.check
        self.history = history if self.is_known else None
        self.history_class = min(bit_length(seen), 6) if self.is_known else 0
        if self.match is None or self.match_length == 0:
            self.find_match()

        self.count += 1
        for rank, candidate in enumerate(self.candidates(excludes)):
            if self.ask(rank, candidate):
                return candidate
        return None

    def find_match(self):
        there = self.matches.get(self.wide_slot)
        self.match, self.match_length = None, 0
        if there is not None:
            west, north = self.at_place(there - 1), self.at_place(there - (self.tile.columns + 8))
            if [west, north] == self.around[:2]:
                self.match = there

    def match_class(self):
        if self.match_length:
            return min(5 + bit_length(self.match_length) // 2, 10)
        return sum(
            self.at_place(self.match, position) == self.tile.colour(position)
            for position in (NE, NW, WW, NN))

    def candidates(self, excludes):
        first = self.around[0] if self.match is None else self.match_colour()
        proposed = [first, self.history, *self.around[:4]]
        left_out = {None, self.tile.colour(N)} if excludes else {None}
        colours = [colour for colour in dict.fromkeys(proposed) if colour not in left_out]
        return colours[:MOST_CANDIDATES]

    def ask(self, rank, candidate):
        mask = bits(candidate == colour for colour in self.around)
        matched = remembered = 0
        if self.match is not None:
            kind = self.match_class()
            matched = 1 + kind if candidate == self.match_colour() else 12 + (kind > 5)
        if self.is_known:
            remembered = self.history_class if candidate == self.history else 7
        kinds = bits(self.tile.kind(position) for position in (W, N, NE, NW))
        equalities = bits(a == b for a, b in combinations(self.around, 2))
        pattern = slot(hashed(equalities, mask * 5 + rank), self.bits)
        pair = slot(hashed(candidate, mask, self.around[0]), self.bits)
        counters = [self.counters[key] for key in (
            ("matched", rank, matched, mask), ("remembered", rank, remembered, mask),
            ("pattern", pattern), ("pair", pair), ("kinds", rank, kinds, mask))]
        inputs = [counter.stretched for counter in counters] + [256]
        rate = mixing_rate(self.earlier, 1400, 300)
        return decide(
            self.tile.coder, inputs, list(zip(counters, LIMITS)), [self.weights[rank, matched]],
            None, None, rate)

    def learn(self, colour):
        """The colour of the pixel that `decode` was for."""
        history, check, seen = self.histories[self.near_slot]
        if self.is_known and history == colour:
            learnt = history, check, min(seen + 1, 1000)
        elif self.is_known and seen > 2:
            learnt = history, check, seen >> 1
        else:
            learnt = colour, self.check, 1
        self.histories[self.near_slot] = learnt
        self.matches[self.wide_slot] = self.place()
        if self.match_colour() == colour:
            self.match, self.match_length = self.match + 1, min(self.match_length + 1, 65535)
        else:
            self.match = None


def bits(flags):
    """A number with these bits, from bit 0 on."""
    return sum(flag << i for i, flag in enumerate(flags))

"""FORMAT.md, sections 11.4 and 11.6: colour histories, and the chain that asks for colours."""
from .adaptive import (
    ONE, Counter, Kept, decide, hashed, mixing_rate, new_refinement, scattered, slot)
from .basics import clamp
from .graphics_tables import (
    ABSENT, AGREEING, CHAIN_WEIGHTS, DISAGREEING, EQUALITIES, NO_MATCH, SHARES, TYPICAL, UNKNOWN)
from .positions import NE, NEE, NN, NNE, NNW, NW, NWW, WW, N, W

AROUND = (W, N, NE, NW, WW, NN, NEE, NNE, NWW, NNW)
ORDER = (4, 3, 2, 6, 1)


def permille(x):
    """11.9"""
    return x * (ONE - 1) // 1000


def count_class(x):
    """11.4"""
    return x if x <= 3 else 4 + sum(x > most for most in (6, 14, 39))


class History:
    """11.4: `colours` are pairs of a colour and how often it was seen, the latest first."""

    def __init__(self):
        self.check, self.colours = 0, []

    def learn(self, check, colour):
        if self.check != check:
            self.check, self.colours = check, [(colour, 1)]
            return
        seen = min(dict(self.colours).get(colour, 0) + 1, 255)
        others = [
            (other, times + 2 >> 1 if times > 2 else times)
            for other, times in self.colours if other != colour]
        if len(others) == 3:
            others.pop()
        self.colours = [(colour, seen), *others]

    def state(self, colour):
        """Of a known history."""
        for j, (other, seen) in enumerate(self.colours):
            if other == colour:
                others = sum(times for _, times in self.colours) - seen
                return 16 + 64 * j + 8 * count_class(seen) + count_class(others)
        return 1 + 5 * (len(self.colours) - 1) + min(count_class(self.colours[0][1]), 4)


def new_state(key):
    """11.9: the counter of a history, a rank and a state."""
    k, rank, state = key
    if state < 16:
        return Counter(permille((ABSENT if state else UNKNOWN)[k][rank]), 2)
    mine, others = TYPICAL[state - 16 >> 3 & 7], TYPICAL[state - 16 & 7]
    more, whole = SHARES[k][rank]
    share = 1000 * (10 * mine + more) // (10 * (mine + others) + whole)
    return Counter(permille(clamp(share, 2, 998)), 2)


def new_match_state(key):
    rank, state = key
    if state == 0:
        return Counter(permille(NO_MATCH[rank]), 1)
    return Counter(permille(AGREEING[state - 1] if state < 12 else DISAGREEING[rank]), 1)


class Chain:
    """The colours around a pixel are those of `colour`, a function of a position."""

    def __init__(self, coder, colour, kind, size):
        self.coder, self.colour, self.kind = coder, colour, kind
        # 11.1
        self.history_bits, self.pattern_bits = clamp(size, 8, 18), clamp(size, 10, 18)
        self.histories, self.patterns = Kept(lambda _: History()), Kept(lambda _: Counter())
        # 11.9
        self.states, self.match_states = Kept(new_state), Kept(new_match_state)
        self.equalities = Kept(lambda key: Counter(permille(EQUALITIES[key[0]][key[2]]), 1))
        self.masks = Kept(lambda key: Counter(permille(EQUALITIES[key[0]][key[2]]), 1))
        self.weights = Kept(lambda key: list(CHAIN_WEIGHTS[key[1]]))
        self.final = Kept(lambda _: 4 * [16384])
        self.refinements, self.earlier = Kept(new_refinement), 0

    def find_histories(self):
        """11.4"""
        at = lambda *positions: [self.colour(position) for position in positions]
        hashes = [hashed(1, *at(W, N))]
        hashes.append(hashed(hashes[0], *at(NE, NW)))
        hashes.append(hashed(hashes[1], *at(WW, NN)))
        hashes.append(hashed(hashes[2], *at(NEE, NWW, NNE, NNW)))
        hashes.append(hashed(
            hashes[3], *at((0, -3), (0, -4), (-2, 2), (-2, -2), (-1, 3), (-3, 0))))
        hashes.append(hashed(7, *at(W, WW, (0, -3), (0, -4), (0, -5))))
        hashes.append(hashed(8, *at(N, NE, NEE, NN)))
        hashes.append(hashed(9, *at(N), self.colour(W) != self.colour(N), *at(NE, NNE)))
        scatters = [scattered(h) for h in hashes]
        self.checks = [((x ^ x >> 3) & 65535) | 1 for x in scatters]
        self.found = [self.histories[k, slot(h, self.history_bits)] for k, h in enumerate(hashes)]
        # The known histories, else None.
        self.known = [
            history if history.check == check else None
            for history, check in zip(self.found, self.checks)]
        self.hash_4 = hashes[4]

    def learn(self, colour):
        for check, history in zip(self.checks, self.found):
            history.learn(check, colour)

    def candidates(self, excludes, match_colour):
        """11.6"""
        proposed = [] if match_colour is None else [match_colour]
        histories = [self.known[k] for k in ORDER if self.known[k]]
        proposed += [history.colours[0][0] for history in histories]
        proposed += [self.colour(W), self.colour(N)]
        proposed += [history.colours[1][0] for history in histories if len(history.colours) > 1]
        proposed += [self.colour(position) for position in (NE, NW, WW, NN)]
        left_out = {self.colour(N)} if excludes else set()
        return [colour for colour in dict.fromkeys(proposed) if colour not in left_out][:6]

    def decode(self, excludes, match_colour, match_class):
        """The colour, or None for a literal. match_colour: None for no match."""
        kinds = [self.kind(position) for position in (W, N, NE, WW, NW, NEE)]
        literals = sum(kinds[:5])
        colours = self.candidates(excludes, match_colour)[: {4: 2, 5: 1}.get(literals)]
        around = [self.colour(position) for position in AROUND]
        partitions = [0, 0]
        for i, colour in enumerate(around):
            if i < 6:
                partitions[0] = partitions[0] * 11 + around.index(colour)
            partitions[1] = (partitions[1] * 11 + around.index(colour)) % 2**32
        rate = mixing_rate(self.earlier, 1800, 200)
        self.earlier += 1
        for i, candidate in enumerate(colours):
            rank, match_state = 1 if i == 0 and excludes else min(i, 3), 0
            if match_colour is not None:
                match_state = match_class + (1 if match_colour == candidate else 20)
            if self.ask(candidate, rank, match_state, bits(kinds), around, partitions, rate):
                return candidate
        return None

    def ask(self, candidate, rank, match_state, literals_around, around, partitions, rate):
        wide = bits(candidate == colour for colour in around)
        mask = wide & 63
        equality = 2 * (mask & 3) + (mask > 3)
        firsts = bits(
            self.known[k] is not None and self.known[k].colours[0][0] == candidate
            for k in range(1, 5))
        widest = 0
        for k in range(5):
            if self.known[k]:
                widest = 4 * (k + 1) + len(self.known[k].colours)
        counters = [
            self.states[k, rank, self.known[k].state(candidate) if self.known[k] else 0]
            for k in range(8)]
        counters += [
            self.equalities[rank, literals_around, equality], self.masks[rank, mask, equality],
            self.match_states[rank, match_state]]
        keys = [
            hashed(partitions[0], mask, rank), hashed(partitions[1], wide, rank),
            hashed(candidate, mask, self.colour(W), rank)]
        counters += [
            self.patterns[k, slot(key, self.pattern_bits)] for k, key in enumerate(keys)]
        return decide(
            self.coder, [256] + [counter.stretched for counter in counters],
            [(counter, 255) for counter in counters],
            [self.weights[key] for key in (
                (0, rank, mask), (1, rank, match_state), (2, rank, widest, firsts),
                (3, rank, literals_around))],
            self.final[rank], self.refinements[rank, mask], rate)


def bits(flags):
    """A number with these bits, from bit 0 on."""
    return sum(flag << i for i, flag in enumerate(flags))

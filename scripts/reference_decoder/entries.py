"""FORMAT.md, section 12: the entries of chunks. Its dictionary is read from that text."""
import pathlib, re

from .adaptive import (
    ONE, Counter, Kept, bit_length, decide, decision, new_refinement, scattered, start_chance,
    stretch)
from .basics import need
from .entries_contexts import find_contexts
from .entries_guesses import EXPERTS, Guesses
from .entries_history import History, hash_of
from .entries_parser import ALPHA, DEFLATED, PALETTE
from .range_coder import RangeDecoder

CONTEXTS = 10
# 12.1: the most bytes, line bits, match bits.
CLASSES = ((2**12, 15, 12), (2**16, 16, 16), (2**20, 17, 17), (2**31 - 1, 17, 17))


def coarse(chance):
    return stretch((chance >> 10) * 1024 + 512)


def new_map(key):
    """12.3"""
    return Counter(start_chance(key[-1]), 4)


def new_weights(key):
    """12.3"""
    is_deflated = key[1] == DEFLATED
    contexts = [0, 0] if is_deflated else [16000, 3000]
    return (
        [0] + CONTEXTS * contexts + 2 * [20000] + 4 * [0 if is_deflated else 8000]
        + EXPERTS * [8000])


class Line:
    """12.6; counter 0 is not used."""

    def __init__(self):
        self.give(0)

    def give(self, check):
        self.check, self.counters = check, [Counter(ONE // 2) for _ in range(16)]


class Model:
    def __init__(self, size_class):
        _, self.line_bits, match_bits = CLASSES[size_class]
        self.history = History(match_bits)
        self.guesses, self.lines = Guesses(self.history), Kept(lambda _: Line())
        self.maps, self.weights = Kept(new_map), Kept(new_weights)
        self.final, self.refinements = Kept(lambda _: 3 * [21845]), Kept(new_refinement)

    def decode_byte(self, coder):
        self.kind = self.history.parser.kind
        self.guesses.find()
        contexts, node = find_contexts(self.history, self.guesses.expected[5]), 1
        for bit in range(8):
            if bit % 4 == 0:
                lines = [
                    self.find_line(hash_of(self.kind * CONTEXTS + k, context, node))
                    for k, context in enumerate(contexts)]
            node = 2 * node + self.decode_bit(coder, bit, node, lines)
        return node - 256

    def find_line(self, h):
        check, i = h | 1, scattered(h) >> 32 - self.line_bits
        one, other = self.lines[i], self.lines[i ^ 1]
        if one.check == check:
            return one
        if other.check == check:
            return other
        if other.counters[1].visits < one.counters[1].visits:
            one = other
        one.give(check)
        return one

    def decode_bit(self, coder, bit, node, lines):
        place = 2 ** (bit % 4) + node % 2 ** (bit % 4)
        inputs, counters, visited = [256], [], 0
        for k in range(CONTEXTS):
            counter = lines[k].counters[place] if k < len(lines) else Counter()
            chance, visits = counter.chance, counter.visits
            if not visits:
                inputs += [0, 0]
            else:
                visited += 1
                group = min(visits, 3) + sum(visits > most for most in (3, 5, 11, 39))
                cell = self.maps[self.kind, k, group, coarse(chance) + 4224 >> 8]
                inputs += [
                    coarse(cell.chance), ((chance - ONE // 2 >> 11) * min(visits, 32)) >> 5]
                counters.append((cell, 255))
            if k < len(lines):
                counters.append((counter, 60))
        agreeing = [
            expected is not None and (expected | 256) >> 8 - bit == node
            for expected in self.guesses.expected]
        candidates = [row[bit] for row in self.guesses.counters]
        for agrees, expected, counter in zip(agreeing, self.guesses.expected, candidates):
            sign = 1 if agrees and expected >> 7 - bit & 1 else -1
            inputs.append(sign * coarse(counter.chance) if agrees else 0)
        size = 256 >> bit
        inputs += [
            self.guesses.expert_input(k, node * size % 256, size) for k in range(EXPERTS)]
        outcome = decide(
            coder, inputs, counters,
            [self.weights[key] for key in self.vectors(bit, agreeing, visited)],
            self.final[self.kind], self.refinements[self.kind], 1600)
        for agrees, expected, counter in zip(agreeing, self.guesses.expected, candidates):
            if agrees:
                counter.learn(outcome == expected >> 7 - bit & 1, 127)
        return outcome

    def vectors(self, bit, agreeing, visited):
        """The weight vectors of a decision, with the kind that starts like them second."""
        kind, history, distance = self.kind, self.history, self.guesses.distance
        if kind == PALETTE:
            chosen = PALETTE, min(bit_length(distance[4]) // 2, 7), history.parser.at % 3
        elif kind == ALPHA:
            chosen = ALPHA, min(bit_length(distance[0]) // 2, 7)
        else:
            matched = 1 + (history.match_length + 1) // 4 if agreeing[0] else 0
            spanned = 1 + self.guesses.hits[kind, 1] % 2 if agreeing[1] else 0
            chosen = DEFLATED if kind == DEFLATED else None, matched, spanned
        return (0, kind, bit), (1, *chosen), (2, kind, visited)

    def pass_byte(self, byte):
        self.guesses.pass_byte(byte)
        self.history.pass_byte(byte)


class Told:
    """A coder of bytes that are known."""

    def __init__(self, data):
        self.bits = (byte >> bit & 1 for byte in data for bit in reversed(range(8)))

    def fine_decision(self, probability):
        return next(self.bits)


def dictionary():
    """12.7"""
    text = (pathlib.Path(__file__).parents[2] / "FORMAT.md").read_text()
    section = text.split("### 12.7 ", 1)[1].split("\n#", 1)[0]
    return bytes.fromhex("".join(re.findall(r"^    ([0-9a-f]+)$", section, re.M)))


def started(size_class):
    """12.3: a model that has passed the dictionary."""
    model, data = Model(size_class), dictionary()
    coder = Told(data)
    for byte in data:
        is_end = byte == 0 and model.history.parser.is_at_start
        model.decode_byte(coder)
        if is_end:
            model.history.end_file()
        else:
            model.pass_byte(byte)
    return model


def unpacked(payload, limit=2**20):
    """12.1: the bytes of the entries, `limit` at most."""
    coder, size_class, result = RangeDecoder(payload), 0, bytearray()
    while size_class < 3 and decision(coder, ONE // 16):
        size_class += 1
    fewest, most = CLASSES[size_class - 1][0] + 1 if size_class else 0, CLASSES[size_class][0]
    model = started(size_class)
    while True:
        is_start = model.history.parser.is_at_start
        byte = model.decode_byte(coder)
        if byte == 0 and is_start:
            break
        need(len(result) < most, "corrupt: size class")
        need(len(result) < limit, "over the limit")
        result.append(byte)
        model.pass_byte(byte)
    need(len(result) >= fewest, "corrupt: size class")
    coder.finish()
    return bytes(result)

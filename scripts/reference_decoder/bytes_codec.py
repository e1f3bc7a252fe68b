"""FORMAT.md, section 12: the entries of the chunks. Its dictionary is read from that text."""
import re

from .basics import clamp, floor_log2, need
from .functions import exp2n, lg

ONE = 2**22
STRUCTURE, TEXT, BINARY, PALETTE, ALPHA, DEFLATED, FILTERS = range(7)
IN_TYPE, IN_LENGTH, IN_DATA = range(3)
CONTEXTS, CANDIDATES, EXPERTS = 10, 6, 5
MASK = 2**32 - 1
# 12.1: bytes, line bits, match bits.
CLASSES = [(2**12, 15, 12), (2**16, 16, 16), (2**20, 17, 17), (2**31 - 1, 17, 17)]

# 10.1
SQUASH = [2**63 // (2**45 + exp2n(d) >> 4) for d in range(4096)]
TAIL = [(exp2n(16 * k) << 18) // (2**45 + exp2n(16 * k) >> 14) for k in range(386)]
RATES = [655360 // (10 * n + 16) for n in range(1024)]


def squash(d):
    return SQUASH[d] if d >= 0 else ONE - SQUASH[-d]


def stretch(p):
    p = clamp(p, 16, ONE - 16)
    return lg(p) - lg(ONE - p)


COARSE = [stretch(i << 10 | 512) for i in range(4096)]


def coarse_stretch(p):
    return COARSE[p >> 10]


def tail(z):
    if z >= 6144:
        return 0
    a, b = TAIL[z >> 4], TAIL[(z >> 4) + 1]
    return a - ((a - b) * (z & 15) >> 4)


def hashed(*values):
    result = 0
    for value in values:
        result = (result ^ value & MASK) * 0x9E3779B1 & MASK
        result ^= result >> 15
    return result


def hashed_on(start, value):
    result = (start ^ value & MASK) * 0x9E3779B1 & MASK
    return result ^ result >> 15


def scattered(value):
    return value * 0x85EBCA6B & MASK


# 10.2: a counter is a list, the chance and the visits.
def learn_counter(counter, bit, limit):
    chance, visits = counter
    counter[0] = chance + (((ONE - 1 if bit else 0) - chance) * RATES[visits] >> 16)
    counter[1] = min(visits + 1, max(visits, limit))


def weighted_sum(weights, inputs):
    return clamp(sum(w * x >> 8 for w, x in zip(weights, inputs)) >> 8, -4095, 4095)


def adjust(weights, inputs, gradient):
    weights[:] = [
        clamp(w + (gradient * x + 8192 >> 14), -458752, 458752) for w, x in zip(weights, inputs)]


def dictionary(text):
    """12.7 of the text of FORMAT.md."""
    section = text.split("### 12.7 ", 1)[1].split("\n#", 1)[0]
    return bytes.fromhex("".join(re.findall(r"^    ([0-9a-f]+)$", section, re.M)))


class Parser:
    """12.2"""

    def __init__(self):
        self.phase, self.at, self.type = IN_TYPE, 0, 0
        self.before = self.twice_before = self.length = self.previous_length = 0
        self.zeros = self.first_zero = self.data = self.keyword = self.word = 0
        self.last_entry = self.types = self.entries = 0

    def kind(self):
        if self.phase != IN_DATA:
            return STRUCTURE
        name = self.type.to_bytes(4, "big")
        if name in (b"iCCP", b"zTXt"):
            return DEFLATED if self.zeros and self.at > self.first_zero + 1 else TEXT
        if name == b"fdAT":
            return BINARY if self.at < 4 else DEFLATED
        return {
            b"PLTE": PALETTE, b"tRNS": ALPHA, b"fLTr": FILTERS, b"tEXt": TEXT, b"iTXt": TEXT,
        }.get(name, BINARY)

    def end_entry(self):
        self.last_entry = hashed_on(self.data, self.type)
        self.twice_before, self.before = self.before, self.type
        self.previous_length = self.length
        self.types = hashed_on(self.types, self.type)
        self.entries += 1
        self.phase, self.at, self.type = IN_TYPE, 0, 0

    def pass_byte(self, byte):
        if self.phase == IN_TYPE:
            self.type = self.type << 8 | byte
            self.at += 1
            if self.at == 4:
                self.phase, self.at, self.length = IN_LENGTH, 0, 0
        elif self.phase == IN_LENGTH:
            need(self.at < 4 or byte < 8, "corrupt: length of an entry")
            need(self.at == 0 or byte > 0, "corrupt: length of an entry")
            self.length |= (byte & 127) << 7 * self.at
            self.at += 1
            if byte < 128:
                self.phase, self.at = IN_DATA, 0
                self.zeros = self.first_zero = self.data = self.keyword = self.word = 0
                if self.length == 0:
                    self.end_entry()
        else:
            self.data = hashed_on(self.data, byte + 1)
            is_letter = byte >= 128 or ord("a") <= byte | 32 <= ord("z")
            self.word = hashed_on(self.word, byte | 32) if is_letter else 0
            if byte == 0:
                if self.zeros == 0:
                    self.first_zero, self.keyword = self.at, self.data
                self.zeros += 1
            self.at += 1
            if self.at == self.length:
                self.end_entry()


class Model:
    def __init__(self, size_class):
        self.line_bits, self.match_bits = size_class[1:]
        self.parser, self.history = Parser(), bytearray()
        self.last = self.match = self.match_length = self.equal_bytes = 0
        self.palette, self.spans = (0, 0), {}
        self.hits = {}
        self.distances, self.candidates, self.maps = {}, {}, {}
        self.refinements, self.finals, self.weights = {}, {}, {}
        self.lines, self.matches = {}, {}

    def ago(self, back):
        return self.last >> 8 * (back - 1) & 255

    def order(self, n):
        return self.last & 2 ** (8 * n) - 1

    # 12.4
    def find_contexts(self, near):
        p, ago, order = self.parser, self.ago, self.order
        order6 = hashed(order(4), self.last >> 32 & 0xFFFF)
        if self.kind == STRUCTURE:
            here = hashed(p.phase, p.at, p.type)
            if p.phase == IN_LENGTH:
                here = hashed_on(here, p.length)
            return [
                hashed(here, p.before), hashed(here, p.before, p.twice_before),
                hashed(here, p.types), hashed(here, p.before, p.previous_length), here,
                order(2), order(4), hashed(here, p.before, order(1)),
                hashed(here, p.last_entry), hashed(here, p.entries)]
        if self.kind == TEXT:
            return [
                order(1), order(2), order(3), order(4), order6,
                hashed(p.type, p.keyword, min(p.at - p.first_zero, 255)),
                hashed(p.word, order(1)), hashed(p.keyword, order(2)), hashed(p.type, 0),
                hashed(p.type, p.data)]
        if self.kind == BINARY:
            at = hashed(p.type, min(p.at, 255))
            return [
                order(1), order(2), order(3), order(4), order6, at, hashed(at, order(1)),
                hashed(p.type, p.at & 3, ago(4)), hashed(p.type, p.length, min(p.at, 255)),
                hashed(p.type, p.data)]
        if self.kind == PALETTE:
            c = p.at % 3
            steps = 0 if c == 0 else ago(1) - ago(4) & 255
            if c == 2:
                steps = steps << 8 | ago(2) - ago(5) & 255
            return [
                hashed(c, ago(3)), hashed(c, ago(1)),
                hashed(c, ago(3), ago(6) if c == 0 else ago(1)), hashed(c, ago(3), ago(6)),
                hashed(c, ago(1) >> 4, ago(3) >> 4), p.at, hashed(c, near), order6,
                hashed(c, steps, ago(3)), c]
        if self.kind == ALPHA:
            red = green = blue = 0
            if p.at < self.palette[1] // 3:
                start = self.palette[0] + 3 * p.at
                red, green, blue = self.history[start : start + 3]
            gray, level = int(red == green == blue), 2 * red + 5 * green + blue >> 8
            return [
                order(1), order(2), order(3), hashed(p.at, p.length),
                hashed(gray, level, ago(1)), hashed(red, green, blue), hashed(gray, level),
                order6,
                hashed(min(self.equal_bytes, 8), ago(1), int(p.at + 1 == p.length)), 0]
        if self.kind == DEFLATED:
            at = min(p.at - p.first_zero, 20)
            return [hashed(p.type, at), hashed(p.type, at, order(1)), hashed(p.type, p.data)]
        return [
            order(1), order(2), order(3), order(4), order6, hashed(order(4), self.last >> 32),
            hashed(min(self.equal_bytes, 30), ago(1)), 0]

    # 12.5
    def near_colour(self, channel):
        this = self.history[len(self.history) - channel :]
        best = None
        for j in range(1, min(self.parser.at // 3, 256) + 1):
            start = len(self.history) - channel - 3 * j
            one = this[0] - self.history[start]
            two = one if channel == 1 else this[1] - self.history[start + 1]
            distance = abs(one) + abs(two)
            if best is None or distance < best:
                best, guess = distance, self.history[start + channel] + (one + two >> 1)
        return clamp(guess, 0, 255)

    def near_alpha(self):
        at, start, best, guess = self.parser.at, self.palette[0], None, 255
        if at >= self.palette[1] // 3:
            return self.ago(1)
        colour = lambda i: self.history[start + 3 * i : start + 3 * i + 3]
        for j in range(1, min(at, 256) + 1):
            distance = sum(abs(a - b) for a, b in zip(colour(at), colour(at - j)))
            if best is None or distance < best:
                best, guess = distance, self.history[-j]
        return guess

    def find_guesses(self):
        p, ago = self.parser, self.ago
        expected, peaks, place = [None] * CANDIDATES, [None] * EXPERTS, 0
        if self.match_length > 0:
            expected[0] = self.history[self.match]
        if p.phase == IN_DATA:
            start, length = self.spans.get(scattered(hashed(p.type)) >> 26, (0, 0))
            if p.at < length:
                expected[1] = self.history[start + p.at]
        if self.kind == PALETTE:
            place = channel = p.at % 3
            before, left = ago(3), ago(1)
            step = left - ago(4) if channel else before - ago(6)
            expected[2] = clamp(before + step, 0, 255)
            expected[3] = clamp(2 * before - ago(6), 0, 255)
            expected[4] = left if channel else before
            peaks[:4] = [
                before, expected[2], left + before >> 1 if channel else expected[3], expected[4]]
            if channel and p.at >= 3:
                expected[5] = peaks[4] = self.near_colour(channel)
        elif self.kind == ALPHA:
            before = ago(1)
            expected[2:5] = before, clamp(2 * before - ago(2), 0, 255), 255
            expected[5] = self.near_alpha()
            peaks[:3] = before, expected[3], expected[5]
        elif self.kind == BINARY:
            place = hashed(p.type, min(p.at, 32))
            expected[2:5] = ago(4), ago(2), ago(1)
        self.rows = []
        for k in range(CANDIDATES):
            hits = self.match_length if k == 0 else self.hits.get((self.kind, k), 0) & 15
            row = scattered(hashed(self.kind * CANDIDATES + k, hits, place)) >> 21
            self.rows.append(
                self.candidates.setdefault(row, [[ONE // 16 * 15, 2] for _ in range(8)]))
        self.expected, self.peaks = expected, peaks
        self.distance = self.distances.setdefault(
            (self.kind == ALPHA, p.at % 3 if self.kind == PALETTE else 0), [16 * 24] * EXPERTS)
        self.slopes = [4096 // max(2, d) for d in self.distance]

    def expert_input(self, k, lowest, size):
        if self.peaks[k] is None:
            return 0

        def below(byte):
            if byte in (0, 256):
                return byte << 24
            distance = 2 * (byte - self.peaks[k]) - 1
            beyond = tail(abs(distance) * self.slopes[k])
            return beyond if distance < 0 else 2**32 - beyond

        low, middle, high = below(lowest), below(lowest + size // 2), below(lowest + size)
        return clamp(lg(high - middle + 4096) - lg(middle - low + 4096), -2047, 2047)

    # 12.6
    def find_line(self, value):
        check, i = value | 1, scattered(value) >> 32 - self.line_bits
        one, other = (
            self.lines.setdefault(j, [0] + [[0, 0] for _ in range(15)]) for j in (i, i ^ 1))
        if one[0] == check:
            return one
        if other[0] == check:
            return other
        if other[1][1] < one[1][1]:
            one = other
        one[0] = check
        for counter in one[1:]:
            counter[:] = ONE // 2, 0
        return one

    def vectors(self, bit, hits):
        first = self.found[0] and 1 + (self.match_length + 1) // 4 or 0
        second = self.found[1] and 1 + (self.hits.get((self.kind, 1), 0) & 1) or 0
        if self.kind == PALETTE:
            key = 2, min(self.distance[4].bit_length() // 2, 7), self.parser.at % 3
        elif self.kind == ALPHA:
            key = 3, min(self.distance[0].bit_length() // 2, 7), 0
        else:
            key = int(self.kind == DEFLATED), first, second
        deflated = self.kind == DEFLATED
        start = [0] + CONTEXTS * ([0, 0] if deflated else [16000, 3000]) + [20000] * 2
        start += [0 if deflated else 8000] * 4 + [8000] * EXPERTS
        return [
            self.weights.setdefault(key, list(start))
            for key in ((0, self.kind, bit), (1, *key), (2, self.kind, hits))]

    def code_byte(self, decide):
        """A byte by the decisions that decide(probability, bit's number) makes."""
        self.kind = self.parser.kind()
        self.find_guesses()
        contexts = self.find_contexts(256 if self.expected[5] is None else self.expected[5])
        node = 1
        for bit in range(8):
            if bit % 4 == 0:
                lines = [
                    self.find_line(hashed(self.kind * CONTEXTS + k, c, node))
                    for k, c in enumerate(contexts)]
            node = 2 * node + self.code_bit(decide, bit, node, lines)
        return node - 256

    def code_bit(self, decide, bit, node, lines):
        place = 2 ** (bit % 4) + node % 2 ** (bit % 4)
        inputs, cells, hits = [256], [], 0
        for k in range(CONTEXTS):
            cells.append(None)
            chance, visits = lines[k][place] if k < len(lines) else (0, 0)
            if not visits:
                inputs += [0, 0]
                continue
            hits += 1
            cell = coarse_stretch(chance) + 4224 >> 8
            group = min(visits, 3) + sum(visits > limit for limit in (3, 5, 11, 39))
            cells[-1] = self.maps.setdefault(
                (self.kind, k, group, cell), [squash(clamp((cell - 16) * 256, -4095, 4095)), 4])
            inputs += [
                coarse_stretch(cells[-1][0]), (chance - ONE // 2 >> 11) * min(visits, 32) >> 5]
        self.found = []
        for k, byte in enumerate(self.expected):
            agrees = byte is not None and (byte | 256) >> 8 - bit == node
            self.found.append(self.rows[k][bit] if agrees else None)
            sign = 1 if agrees and byte >> 7 - bit & 1 else -1
            inputs.append(sign * coarse_stretch(self.found[-1][0]) if agrees else 0)
        lowest = node << 8 - bit & 255
        inputs += [self.expert_input(k, lowest, 256 >> bit) for k in range(EXPERTS)]

        vectors = self.vectors(bit, hits)
        final = self.finals.setdefault(self.kind, [65536 // 3] * 3)
        stretched = [weighted_sum(vector, inputs) for vector in vectors]
        joined = weighted_sum(final, stretched)
        mixed = squash(joined)
        cell, rest = joined + 4096 >> 8, joined + 4096 & 255
        refinement = self.refinements.setdefault(
            self.kind, [[squash(clamp((j - 16) * 256, -4095, 4095)), 6] for j in range(33)])
        refined = (
            refinement[cell][0] * (256 - rest) + refinement[cell + 1][0] * rest >> 8)
        outcome = decide(clamp(3 * mixed + refined + 2 >> 2, 32, ONE - 32), bit)

        learn_counter(refinement[cell + (rest >= 128)], outcome, 120)
        adjust(final, stretched, (ONE * outcome - mixed) * 4 >> 12)
        for vector, s in zip(vectors, stretched):
            adjust(vector, inputs, (ONE * outcome - squash(s) >> 6) * 1600 >> 10)
        for k, line in enumerate(lines):
            if cells[k]:
                learn_counter(cells[k], outcome, 255)
            learn_counter(line[place], outcome, 60)
        for byte, counter in zip(self.expected, self.found):
            if counter:
                learn_counter(counter, outcome == byte >> 7 - bit & 1, 127)
        return outcome

    def pass_byte(self, byte):
        p = self.parser
        for k in range(1, CANDIDATES):
            if self.expected[k] is not None:
                hits = self.hits.get((self.kind, k), 0)
                self.hits[self.kind, k] = 2 * hits + (self.expected[k] == byte) & 255
        for k in range(EXPERTS):
            if self.peaks[k] is not None:
                self.distance[k] += 16 * abs(byte - self.peaks[k]) - self.distance[k] >> 3
        if self.match_length > 0:
            is_right = self.expected[0] == byte
            self.match += is_right
            self.match_length = min(self.match_length + 1, 15) if is_right else 0
        self.equal_bytes = min(self.equal_bytes + 1, 255) if self.ago(1) == byte else 0
        self.last = (self.last << 8 | byte) % 2**64
        self.history.append(byte)
        if p.phase == IN_DATA and p.at + 1 == p.length:
            span = len(self.history) - p.length, p.length
            self.spans[scattered(hashed(p.type)) >> 26] = span
            if p.type.to_bytes(4, "big") == b"PLTE":
                self.palette = span
        p.pass_byte(byte)
        if p.phase == IN_DATA and p.at == 0:
            self.last = self.equal_bytes = 0
        self.find_match()

    def find_match(self):
        position = len(self.history)
        if position < 4:
            return
        slot = scattered(hashed(self.order(4))) >> 32 - self.match_bits
        found = self.matches.get(slot, 0)
        if self.match_length == 0 and found:
            n = 0
            while n < min(15, found) and self.history[found - n - 1] == self.history[-n - 1]:
                n += 1
            self.match, self.match_length = found, n
        self.matches[slot] = position

    def prime(self, usual):
        """12.3"""
        for byte in usual:
            is_end = byte == 0 and self.parser.phase == IN_TYPE and self.parser.at == 0
            self.code_byte(lambda probability, bit: byte >> 7 - bit & 1)
            if not is_end:
                self.pass_byte(byte)
                continue
            self.history.append(byte)
            self.palette, self.match_length, self.last = (0, 0), 0, 0
            self.parser = Parser()


def fine_decision(coder, probability):
    """Section 7, of 2^22."""
    unit = coder.range // ONE
    target = coder.offset // unit
    need(target < ONE, "corrupt: outside of every interval")
    if target < probability:
        coder.narrow(unit, 0, probability)
        return 1
    coder.narrow(unit, probability, ONE - probability)
    return 0


def decode_entries(coder, usual, limit):
    """12.1: the bytes of the entries; `usual` is the dictionary."""
    number = 0
    while number < 3 and fine_decision(coder, ONE // 16):
        number += 1
    fewest = CLASSES[number - 1][0] + 1 if number else 0
    need(fewest <= limit, "over the limit")
    model, result = Model(CLASSES[number]), bytearray()
    model.prime(usual)
    while True:
        is_start = model.parser.phase == IN_TYPE and model.parser.at == 0
        byte = model.code_byte(lambda probability, bit: fine_decision(coder, probability))
        if byte == 0 and is_start:
            break
        need(len(result) < min(limit, CLASSES[number][0]), "over the limit")
        result.append(byte)
        model.pass_byte(byte)
    need(len(result) >= fewest, "corrupt: size class")
    return bytes(result)

"""FORMAT.md, section 13.5: the bits of a full pixel of a bilevel image."""
from .adaptive import (
    ONE, Counter, Kept, bit_length, decide, mixing_rate, new_refinement, squash)
from .basics import clamp, floor_log2
from .bilevel_contexts import Contexts
from .bilevel_tables import PRIORS, WEIGHTS

COUNTS = (0, 1, 2, 3, 4, 6, 9, 15, 33, 90)
M64 = 2**64 - 1


def count_class(n):
    return n if n < 5 else 5 + sum(n > most for most in (6, 10, 20, 50))


class Slot:
    def __init__(self, check):
        self.check, self.counter = check, Counter(ONE // 2)
        self.counts, self.recent = [0, 0], 0

    @property
    def state(self):
        zeros, ones = self.counts
        return (count_class(zeros) * 10 + count_class(ones)) * 4 + self.recent

    def learn(self, bit):
        """What is not a counter."""
        self.counts[bit] = min(self.counts[bit] + 1, 255)
        if self.counts[1 - bit] > 2:
            self.counts[1 - bit] = self.counts[1 - bit] // 2 + 1
        self.recent = (2 * self.recent + bit) % 4


def new_map(key):
    _, state = key
    a, b = COUNTS[state // 40], COUNTS[state // 4 % 10]
    return Counter(ONE * (10 * b + 3) // (10 * (a + b) + 6), 4)


def new_match(key):
    length, _, bit = key
    return Counter(ONE * (length + 2 if bit else 1) // (length + 3), 2)


class FullPixels:
    """What full pixels have taught so far."""

    def __init__(self, image):
        self.image, self.values, depth = image, 0, image.depth
        self.slot_bits = clamp(floor_log2(image.width * image.height) + depth, 8, 18)
        self.slots, self.maps, self.matches = {}, Kept(new_map), Kept(new_match)
        self.priors = Kept(lambda i: Counter(squash(32 * PRIORS[i]), 255))
        self.weights = Kept(lambda _: list(WEIGHTS[depth]) + 3 * [0])
        self.final, self.refinements = Kept(lambda _: 4 * [16384]), Kept(new_refinement)

    def decode(self, excluded):
        """A pixel that is not `excluded`, which is None if all are possible."""
        depth, contexts = self.image.depth, Contexts(self.image)
        places, prefix = [self.place(key) for key in contexts.keys], 1
        rate = mixing_rate(self.values, 1200, 200)
        for shift in reversed(range(depth)):
            if shift == 0 and excluded is not None and prefix == (excluded | 1 << depth) >> 1:
                bit = 1 - excluded % 2
            else:
                bit = self.bit(contexts, places, prefix, shift, rate)
            prefix = 2 * prefix + bit
        self.values += 1
        return prefix - (1 << depth)

    def place(self, key):
        """The index for prefix 0, and the check."""
        key = (key ^ key >> 32) * 0x9FB21C651E98DF25 & M64
        key ^= key >> 29
        index = (key * 0xD6E8FEB86659FD93 & M64) >> 64 - self.slot_bits
        depth = self.image.depth
        return index if depth == 1 else index >> depth << depth, key % 256

    def find_slots(self, places, node):
        slots = []
        for k, (index, check) in enumerate(places):
            slot = self.slots.get((k, index + node))
            if not slot or slot.check != check:
                slot = self.slots[k, index + node] = Slot(check)
            slots.append(slot)
        return slots

    def bit(self, contexts, places, prefix, shift, rate):
        image, match = self.image, self.image.match
        node = 0 if image.depth == 1 else prefix
        slots = self.find_slots(places, node)
        maps = [self.maps[k, slot.state] for k, slot in enumerate(slots)]
        inputs, known = [], 0
        for k, (slot, counter) in enumerate(zip(slots, maps)):
            chance, visits = slot.counter.chance, slot.counter.visits
            inputs += [
                slot.counter.stretched, counter.stretched,
                ((chance >> 6) - 32768) * min(visits, 32) >> 11]
            if k < 6 and any(slot.counts):
                known = 2 * (k + 1) + (not all(slot.counts))
        counters = [(slot.counter, 255) for slot in slots]
        counters += [(counter, 255) for counter in maps]
        number = 0
        if match.there and (match.predicted | 1 << image.depth) >> shift + 1 == prefix:
            bit = match.predicted >> shift & 1
            counter = self.matches[min(match.length, 15), match.verified // 2, bit]
            sure = 1 if match.errors % 16 else 1 + min(floor_log2(match.length + 1), 5)
            number = 2 * sure + bit
            inputs.append(counter.stretched)
            counters.append((counter, 1000))
        else:
            inputs.append(0)
        if image.depth == 1:
            prior = self.priors[contexts.prior]
            inputs.append(prior.stretched)
            counters.append((prior, 255))
        else:
            inputs.append(0)
        inputs += [256, 0, 0, 0]
        age = min(image.ages[image.x], 7) * 8 + bit_length(contexts.left)
        numbers = (number, contexts.neighbours, known, age)
        bit = decide(
            image.coder, inputs, counters, [self.weights[node, s] for s in enumerate(numbers)],
            self.final[node], self.refinements[node, contexts.neighbours], rate)
        for slot in slots:
            slot.learn(bit)
        return bit

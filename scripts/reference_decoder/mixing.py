"""FORMAT.md, sections 8.1 to 8.3 and 8.6: the mixing of a lane."""
import itertools

from .basics import clamp, floor_log2
from .contexts import places
from .functions import lg, squash, tail
from .positions import NE, NW, WW, N, W
from .prediction import VALUES
from .trace import trace_decision
from .walk import walk

# 8.1: contexts, context_bits, inputs_per_context, weight_sets, experts.
LEVELS = {1: (4, 14, 1, 1, 0), 2: (3, 15, 2, 2, 0), 3: (26, 16, 2, 5, 9)}
# 8.6
START_WEIGHTS = {
    1: (0, 42600, 11400, 8100, 10200, 5900),
    2: (0, 49500, 9500, 4600, 4700, 5100, 2300, 3300),
    3: (
        0, 23700,
        1900, 2400, 3200, 3700, 2500, 2200, 2000, 1400, 2900,
        3500, 2500, 2400, 1100, 1700, 3000, 1600, 1100, 600,
        1100, 500, 1300, 1200, 1300, 600, 700, 1900, 1000,
        800, 1300, 1400, 1500, 1500, 1800, 2400, 2500,
        700, 500, 1000, -100, 400, 1000, 500, -100, -300,
        0, -400, 0, 100, 0, -400, -200, 600, 100,
        -200, 0, 100, 100, 300, 400, 700, 800)}
SLOWEST = (91, 45, 182)
# 8.2
RATE = [655360 // (10 * i + 16) for i in range(61)]


def lim(x):
    return clamp(x, -3071, 3071)


def stretch(x):
    odd = x >> 4 << 4 | 8
    return lg(odd) - lg(65536 - odd)


class Expert:
    """8.3"""

    def __init__(self, peak, slope):
        self.peak, self.slope, self.known = peak, slope, {0: 0, 256: 2**32}

    def mass_below(self, i):
        if i not in self.known:
            distance = 64 * i - 32 - self.peak
            beyond = tail(abs(distance) * self.slope >> 16)
            self.known[i] = beyond if distance < 0 else 2**32 - beyond
        return self.known[i]

    def mass(self, intervals):
        return sum(self.mass_below(high) - self.mass_below(low) for low, high in intervals)


class Mixing:
    def __init__(self, level, adaptation, prediction, lanes):
        self.contexts, most, self.inputs_per_context, self.sets, self.experts = LEVELS[level]
        self.prediction, self.slowest, self.earlier = prediction, SLOWEST[adaptation], 0
        self.bits = clamp(
            floor_log2(prediction.rows * prediction.columns // lanes) - 2, 8, most)
        self.start = START_WEIGHTS[level]
        self.weights, self.final_weights, self.knots, self.slots = {}, {}, {}, {}

    def decode(self, coder, frequencies):
        """The value that is predicted, with its distribution."""
        p = self.prediction
        of_values = (frequencies[(value - p.centre) % 256] for value in range(256))
        self.sums = [0, *itertools.accumulate(of_values)]
        least = min(p.local_errors)
        self.energy = clamp(lg(least) - 768 >> 7, 0, 11)
        self.above = tuple(
            p.near(VALUES, p.c, position) > p.centre for position in (W, N, NW, NE, WW))
        self.value_experts = self.make_experts(least)
        self.value_slots = [
            self.slots.setdefault(place, {})
            for place in places(p, self.energy, self.contexts, self.bits)]
        self.rate = max(self.slowest, 454 * 3000 // (3000 + self.earlier))
        self.earlier = min(self.earlier + 1, 2**32 - 1)
        return walk(p.centre, lambda *question: self.decide(coder, *question))

    def make_experts(self, least):
        """8.3"""
        p, narrow = self.prediction, 205 << 16
        pairs = [(p.blend, narrow // least), (p.blend, (92 << 16) // least)]
        pairs += [(mu, narrow // e) for mu, e in zip(reversed(p.mu), reversed(p.local_errors))]
        pairs += self.experts * [pairs[-1]]
        return [Expert(*pair) for pair in pairs[: self.experts]]

    def inputs(self, records, ones, zeros):
        """8.6; `records` are the chance and the visits of each context at the node."""
        count = lambda intervals: sum(self.sums[high] - self.sums[low] for low, high in intervals)
        inputs = [64, lim(lg(count(ones)) - lg(count(zeros)))]
        for expert in self.value_experts:
            inputs.append(lim(lg(400 + expert.mass(ones)) - lg(400 + expert.mass(zeros))))
        inputs += [stretch(chance >> 6) if visits else 0 for chance, visits in records]
        if self.inputs_per_context == 2:
            inputs += [
                ((chance >> 6) - 32768) * min(visits, 32) >> 11 for chance, visits in records]
        return inputs

    def weight_vectors(self, node, sort, network):
        """8.6: of each weight set the one that a decision uses."""
        c = self.prediction.c
        keys = [
            (0, c, node), (1, c, sort, self.energy),
            (2, c, sort, (self.prediction.blend & 63) >> 2),
            (3, c, sort, clamp(network + 2048 >> 7, 0, 31)), (4, c, sort, self.above)]
        return [self.weights.setdefault(key, list(self.start)) for key in keys[: self.sets]]

    def decide(self, coder, node, sort, ones, zeros):
        """8.6: a decision, and what is learnt from it."""
        c = self.prediction.c
        # At nodes above 15 the inputs of contexts are 0, as without visits, and nothing is learnt.
        slots = self.value_slots if node < 16 else []
        records = [slot.get(node, (0, 0)) for slot in slots] or self.contexts * [(0, 0)]
        inputs = self.inputs(records, ones, zeros)
        vectors = self.weight_vectors(node, sort, inputs[1])
        stretched = [
            lim(sum(weight * x >> 8 for weight, x in zip(weights, inputs)) >> 8)
            for weights in vectors]
        final_weights = self.final_weights.setdefault(
            (c, node), self.sets * [65536 // self.sets])
        joined = stretched[0]
        if self.sets > 1:
            joined = lim(sum(f * x >> 8 for f, x in zip(final_weights, stretched)) >> 8)
        mixed = squash(joined)
        knots = self.knots.setdefault(
            (c, node, self.energy), [squash(192 * (j - 16)) for j in range(33)])
        j, rest = divmod(joined + 3072, 192)
        refined = (knots[j] * (192 - rest) + knots[j + 1] * rest) // 192
        probability = clamp(3 * mixed + refined + 2 >> 2, 32, 65504)
        decision = coder.decision(probability)
        trace_decision(self.prediction, node, inputs, probability, decision)

        goal, outcome = (65535, 65536) if decision else (0, 0)
        knots[j] += (goal - knots[j]) * (192 - rest) >> 13
        knots[j + 1] += (goal - knots[j + 1]) * rest >> 13
        if self.sets > 1:
            adjust(final_weights, stretched, (outcome - mixed) * 60 >> 10)
        for weights, x in zip(vectors, stretched):
            adjust(weights, inputs, (outcome - squash(x)) * self.rate >> 10)
        aim = 2**22 - 1 if decision else 0
        for slot, (chance, visits) in zip(slots, records):
            chance = chance if visits else 64 * mixed
            slot[node] = chance + ((aim - chance) * RATE[visits] >> 16), min(visits + 1, 60)
        return decision


def adjust(weights, inputs, push):
    moved = [weight + (push * x + 8192 >> 14) for weight, x in zip(weights, inputs)]
    weights[:] = [clamp(x, -524287, 524287) if abs(x) > 524287 else x for x in moved]

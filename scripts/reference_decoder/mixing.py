"""FORMAT.md, sections 8.1 to 8.3 and 8.6: the mixing of a lane."""
import itertools

from .basics import clamp, floor_log2
from .contexts import places
from .functions import lg, squash, tail
from .positions import NE, NW, WW, N, W
from .prediction import VALUES
from .trace import trace_decision
from .walk import walk

# 8.1: contexts, context_bits, weight_sets, experts.
LEVELS = {1: (5, 14, 1, 0), 2: (7, 15, 2, 0), 3: (11, 16, 5, 7)}
# 8.6: of each colour.
START_WEIGHTS = {
    1: (
        (-3300, 53700, 3300, 6100, 3700, 2600, 3600, 6500, 7400, 8300, 5300, 3500),
        (-6400, 54800, 3000, 3800, 5800, 3000, 3900, 9400, 13700, 11100, 6800, 9100),
        (-4700, 51600, 15700, 1800, 3600, 5100, 4500, 40100, 10800, 6900, 7200, 6000)),
    2: (
        (-2600, 57300, 1800, 4000, 2800, 900, 1800, 1200, 500, 5600, 7400, 5100, 4100, 3200, 5900,
         3500),
        (-5100, 54900, 1700, 3100, 2100, 1500, 2200, 4500, 2300, 7600, 11200, 6600, 4500, 6900,
         9700, 7400),
        (-3500, 51900, 14100, 800, 1600, 2400, 2300, 5500, 1500, 28600, 9200, 5000, 5700, 5400,
         16300, 5500)),
    3: (
        (-800, 49900, -4300, 4700, 1600, 3600, 500, 2900, 600, 1300, 3000, 1700, 800, 100, 900, 400,
         1100, 0, 500, 800, 2900, 5200, 4200, 2300, 800, 3400, 800, 2100, 2200, 1900, 1400),
        (-900, 48800, -1200, 3500, 1800, 2000, 1300, 2900, 1300, 1400, 3400, 1800, 600, 2000, 3500,
         1800, -1000, -300, 700, -2800, 5700, 10800, 6900, 2300, 6400, 8300, 6700, 500, 500, 800,
         400),
        (-900, 45300, -2300, 5300, 1300, 1900, 1200, 2200, 1900, 16400, 500, 700, 500, 1300, 6500,
         900, 500, -600, 600, -2500, 32500, 7500, 4300, 2200, 3700, 15500, 3300, 1400, 1000, 500,
         300))}
SLOWEST = (91, 45, 182)
# 8.2
RATE = [327680 // (10 * i + 16) for i in range(61)]
LEAN = [28800 // (i + 16) for i in range(61)]


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
        self.contexts, most, self.sets, self.experts = LEVELS[level]
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
        """8.6; `records`: chance, leaning and visits of each context at the node."""
        count = lambda intervals: sum(self.sums[high] - self.sums[low] for low, high in intervals)
        inputs = [64, lim(lg(count(ones)) - lg(count(zeros)))]
        for expert in self.value_experts:
            inputs.append(lim(lg(400 + expert.mass(ones)) - lg(400 + expert.mass(zeros))))
        inputs += [stretch(chance) if visits else 0 for chance, _, visits in records]
        inputs += [leaning >> 4 for _, leaning, _ in records]
        return inputs

    def weight_vectors(self, node, sort, network):
        """8.6: of each weight set the one that a decision uses."""
        c = self.prediction.c
        keys = [
            (0, c, node), (1, c, sort, self.energy),
            (2, c, sort, (self.prediction.blend & 63) >> 2),
            (3, c, sort, clamp(network + 2048 >> 7, 0, 31)), (4, c, sort, self.above)]
        return [self.weights.setdefault(key, list(self.start[c])) for key in keys[: self.sets]]

    def decide(self, coder, node, sort, ones, zeros):
        """8.6: a decision, and what is learnt from it."""
        c = self.prediction.c
        # At nodes above 11 the inputs of contexts are 0, as without visits, and nothing is learnt.
        slots = self.value_slots if node < 12 else []
        records = [slot.get(node, (0, 0, 0)) for slot in slots] or self.contexts * [(0, 0, 0)]
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
        for slot, (chance, leaning, visits) in zip(slots, records):
            chance = chance if visits else mixed
            chance += (goal - chance) * RATE[visits] + 16384 >> 15
            leaning += (outcome - mixed) * LEAN[visits] + 32768 >> 16
            slot[node] = chance, clamp(leaning, -32767, 32767), min(visits + 1, 60)
        return decision


def adjust(weights, inputs, push):
    moved = [weight + (push * x + 8192 >> 14) for weight, x in zip(weights, inputs)]
    weights[:] = [clamp(x, -524287, 524287) if abs(x) > 524287 else x for x in moved]

"""FORMAT.md, sections 11.7 and 11.8: colours that the chain does not find."""
from .adaptive import (
    Counter, Kept, bit_length, decide, hashed, mixing_rate, new_refinement, scattered, slot)
from .basics import clamp
from .code_order import med
from .functions import lg
from .graphics_tables import INDEX_WEIGHTS, LITERAL_WEIGHTS
from .graphics_walk import walk
from .mixing import Expert
from .positions import NE, NEE, NN, NNE, NNW, NW, NWW, WW, N, W


class ByBits:
    """11.8"""

    def __init__(self, size, colours):
        self.bits, self.count = clamp(size + 2, 10, 18), bit_length(colours - 1)
        self.contexts, self.weights = Kept(lambda _: Counter()), Kept(lambda _: list(INDEX_WEIGHTS))
        self.final, self.refinements, self.earlier = [32768, 32768], Kept(new_refinement), 0

    def decode(self, coder, colour, q):
        rate = mixing_rate(self.earlier, 1400, 200)
        self.earlier += 1
        w, n, ne, nw, ww = (colour(position) for position in (W, N, NE, NW, WW))
        contexts = [
            1, hashed(2, w), hashed(3, n), hashed(4, w, n), hashed(5, w, n, ne, nw),
            hashed(6, ww, w), hashed(7, ne, n), hashed(8, w, ne)]
        prefix = 1
        for bit in reversed(range(self.count)):
            counters = [
                self.contexts[k, slot(hashed(context, prefix), self.bits)]
                for k, context in enumerate(contexts)]
            inputs = [256] + [counter.stretched for counter in counters]
            inputs += [counter.linear for counter in counters]
            prefix = 2 * prefix + decide(
                coder, inputs, [(counter, 60) for counter in counters],
                [self.weights[0, prefix], self.weights[1, bit]], self.final,
                self.refinements[prefix], rate)
        return prefix - (1 << self.count)


class ByChannels:
    """11.7"""

    def __init__(self, size, channels, has_alpha):
        self.channels, self.has_alpha, self.earlier = channels, has_alpha, 0
        self.literal_bits, self.guess_bits = clamp(size - 2, 8, 15), clamp(size, 8, 16)
        self.errors = Kept(lambda _: 8 * [512])
        self.half_misses = Kept(lambda _: 0)
        self.spreads = Kept(lambda key: 64 * 2 ** (key[2] // 2))
        # Of a slot: check, value, seen.
        self.guesses = Kept(lambda _: (0, 0, 0))
        self.contexts = Kept(lambda _: Counter())
        self.weights = Kept(lambda key: list(LITERAL_WEIGHTS[key[1]]))
        self.final = Kept(lambda _: 6 * [10922])
        self.refinements = Kept(new_refinement)

    def decode(self, coder, colour, q):
        self.coder, self.colour, self.q = coder, colour, q
        self.hash, self.last_miss, self.first_miss, self.here, result = 1, 0, 0, 0, 0
        for c in range(self.channels):
            value = self.decode_value(c)
            self.hash, self.here = hashed(self.hash, value + 256 * c), value
            result |= value << 8 * c
        return result

    def decode_value(self, c):
        q, here = self.q, self.here
        v = lambda position: self.colour(position) >> 8 * c & 255
        before = lambda position: self.colour(position) >> 8 * (c - 1) & 255 if c else 0
        rate = mixing_rate(self.earlier, 1400, 200)
        self.earlier += 1
        is_later = c > self.has_alpha
        fitted = line(v, before, here) if c else 32 * (v(W) + v(NE))
        if is_later:
            predictions = later_predictions(v, before, here, fitted)
        else:
            predictions = first_predictions(v)
        blend, least_error = self.blend(c, predictions)
        predicted = blend + 32 >> 6
        energy = clamp(lg(least_error) - 768 >> 7, 0, 11)

        roughness = abs(v(W) - v(NW)) + abs(v(N) - v(NW)) + abs(v(N) - v(NE))
        of_spreads = [(c, k, min(bit_length(roughness + 2 * abs(self.last_miss)), 11))
                      for k in range(3)]
        peaks = [blend, fitted if c else predictions[0], predictions[0 if is_later else 1]]
        widths = [self.spreads[key] for key in of_spreads]
        widths[0] = widths[0] + least_error >> 1
        experts = [Expert(peak, (205 << 16) // (width + 16)) for peak, width in zip(peaks, widths)]

        keys, guess, centre = self.find_guess(c, predicted)
        above = tuple(v(position) > centre for position in (W, N, NW, NE, WW))
        slots = self.slots(c, v, before, predicted, fitted, energy, guess, centre)

        def ask(node, sort, ones, zeros):
            counters = [self.contexts[place, node] for place in slots]
            # At these nodes there are no counters.
            used = counters if node < 48 else 11 * [Counter()]
            masses = [(expert.mass(ones), expert.mass(zeros)) for expert in experts]
            inputs = [256] + [
                clamp(lg(400000 + one) - lg(400000 + zero), -3071, 3071) for one, zero in masses]
            inputs += [counter.stretched for counter in used]
            inputs += [counter.linear for counter in used]
            vectors = [
                (0, c, node), (1, c, sort, energy), (2, c, sort, guess), (3, c, sort, above),
                (4, c, sort, (blend & 63) >> 2),
                (5, c, sort, clamp(inputs[1] + 2048 >> 7, 0, 31))]
            return decide(
                self.coder, inputs, [(counter, 60) for counter in used],
                [self.weights[key] for key in vectors], self.final[c, node],
                self.refinements[c, node, energy], rate)

        value = walk(centre, ask)
        for key, peak in zip(of_spreads, peaks):
            spread = self.spreads[key]
            self.spreads[key] = spread + ((abs(64 * value - peak) - spread) * 43 >> 10)
        self.errors[c, q] = [
            error + 3 * abs(64 * value - prediction) >> 2
            for error, prediction in zip(self.errors[c, q], predictions)]
        for key in keys:
            check, known, seen = self.guesses[key[:2]]
            is_right = check == key[2] and known == value
            self.guesses[key[:2]] = key[2], value, min(seen + 1, 255) if is_right else 1
        self.last_miss = value - predicted
        if c == 0:
            self.first_miss = clamp(self.last_miss, -128, 127)
        self.half_misses[c, q] = clamp(self.last_miss >> 1, -100, 100)
        return value

    def blend(self, c, predictions):
        left, mid, right = (self.errors[c, self.q + i] for i in (-1, 0, 1))
        errors = [(2 * a + b + d >> 2) + 12 for a, b, d in zip(left, mid, right)]
        shares = [2**30 // error**2 + 1 for error in errors]
        total = sum(share * prediction for share, prediction in zip(shares, predictions))
        return total // sum(shares), min(errors)

    def find_guess(self, c, predicted):
        """The place and the check of the three guesses; which to trust; the centre."""
        if c == 0:
            return [], 0, predicted
        w, n, ne = (self.colour(position) for position in (W, N, NE))
        hashes = [
            hashed(77, self.hash, w, n), hashed(78, self.hash, ne if w == n else w),
            hashed(79, self.hash)]
        keys = [(k, slot(h, self.guess_bits), scattered(h) & 65535) for k, h in enumerate(hashes)]
        for k, place, right in keys:
            check, value, seen = self.guesses[k, place]
            if check == right and seen > 0:
                return keys, 1 + 4 * k + (seen > 1) + (seen > 2) + (seen > 4), value
        return keys, 0, predicted

    def slots(self, c, v, before, predicted, fitted, energy, guess, centre):
        off = centre - predicted
        trusted = centre + 256 * (1 + (guess - 1) // 4 if guess else 0)
        step = self.here - before(W) if c else 0
        around = [v(position) for position in (W, N, NW, NE, WW, NN, NEE, NNE, NWW, NNW)]
        low, high = min(around[:8]), max(around[:8])
        digits = 0
        for x in around:
            digit = 1
            if high - low >= 8:
                if (x - low) * 8 < high - low:
                    digit = 0
                elif (high - x) * 8 < high - low:
                    digit = 2
            digits = 3 * digits + digit
        eighths = sum((v(p) >> 5) * 8**i for i, p in enumerate((W, N, NW, NE)))
        farther = (v(WW) >> 6) + 4 * (v(NN) >> 6)
        last_miss, half = self.last_miss, self.half_misses
        keys = [
            (self.hash, trusted, 0),
            (self.hash, self.colour(W), trusted),
            (off, energy, guess),
            (last_miss, energy, off),
            (v(W) - predicted >> 1, v(N) - predicted >> 1, off),
            ((fitted + 32 >> 6) - predicted, last_miss, off),
            (step, v(W) - predicted, off),
            (half[c, self.q - 1], half[c, self.q], self.first_miss + 512 * off),
            (predicted >> 4, eighths, last_miss + 16 >> 5),
            (predicted >> 3, (v(W) >> 4) + 16 * (v(N) >> 4), off if c else farther),
            (predicted >> 4, digits, off if c else high - low >> 5)]
        return [
            (k, slot(hashed(81 + 77 * k + 13 * c, *key), self.literal_bits))
            for k, key in enumerate(keys)]


def line(v, before, here):
    positions = (W, N, NE, NW, WW, NN, NEE, NNE, NWW, NNW)
    terms = [
        (importance, before(position), v(position))
        for importance, position in zip((3, 3, 2, 2, 1, 1, 1, 1, 1, 1), positions)]
    sx, sy = sum(i * x for i, x, y in terms), sum(i * y for i, x, y in terms)
    variance = 16 * sum(i * x * x for i, x, y in terms) - sx * sx
    covariance = 16 * sum(i * x * y for i, x, y in terms) - sx * sy
    slant = covariance * (16 * here - sx) * 4 // (variance + 64)
    return clamp(4 * sy + slant, 0, 16320)


def byte(x):
    return clamp(x, 0, 255)


def first_predictions(v):
    slope = v(N) - v(NN) + v(NE) - v(NNE)
    return [64 * x for x in (
        med(v(W), v(N), v(NW)), v(W), v(N), byte(v(W) + v(NE) - v(N)),
        byte(v(N) + v(NE) - v(NNE)), byte(2 * v(N) - v(NN)), byte(2 * v(W) - v(WW)),
        byte(v(W) + (slope >> 1)))]


def later_predictions(v, before, here, fitted):
    w, n, nw, ne = (v(position) + here - before(position) for position in (W, N, NW, NE))
    result = [64 * x for x in (
        byte(med(w, n, nw)), byte(w), byte(n), byte(w + n >> 1), med(v(W), v(N), v(NW)), byte(ne),
        0, byte(v(N) + (here - before(N) >> 1)))]
    result[6] = fitted
    return result

"""FORMAT.md, sections 14.6 to 14.9: a deep sample as a walk of decisions."""
from .adaptive import ONE, Counter, Kept, decide, decide_alone, mixing_rate, new_refinement
from .basics import clamp
from .functions import lg, tail
from .positions import NE, NN, NW, WW, E, N, O, S, W

# 14.7
START_WEIGHTS = (
    0, 7000, 3000, 12000, 1500, 5500, 4500, 6500, 7500, 1000, 2500, 3000, 2200, 2200, 1700, 2800,
    3700) + 7 * (0,)


def new_followed(key):
    """14.9: key is min(j, 2), zeros and ones."""
    _, zeros, ones = key
    return Counter(2**18 * (ones + 4) // (zeros + ones + 8) * 16, 4)


class Walk:
    """What walks have taught so far; `image` is a Deep."""

    def __init__(self, coder, image):
        self.coder, self.image, self.walked = coder, image, 0
        self.contexts = Kept(lambda _: Counter())
        self.weights = Kept(lambda _: list(START_WEIGHTS))
        self.final = Kept(lambda _: 3 * [65536 // 3])
        self.refinements = Kept(new_refinement)
        self.deep = Kept(lambda _: Counter(ONE * 2 // 5, 4))
        self.first = Kept(lambda _: Counter(ONE // 2, 8))
        self.low = Kept(lambda _: Counter(ONE // 2, 8))
        self.followed = Kept(new_followed)
        # Of j and prefix: zeros and ones.
        self.states = {}

    def decode(self):
        """14.8"""
        channel, reference = self.image.channel, lg(self.image.e)
        self.rate = mixing_rate(self.walked, 1500, 150)
        self.walked += 1
        octaves = (reference >> 8) - 5
        self.shift = clamp(octaves, 0, channel.depth - 1)
        self.scale = (
            8 + (reference >> 6 & 3) if octaves > 0 else clamp(reference - 512 >> 7, 0, 7))
        last = channel.largest >> self.shift
        middle = min((self.image.centre >> self.shift) + 32 >> 6, last + 1)
        self.tuples = self.find_tuples(reference)
        self.intervals = [[0, 2**32] for _ in self.image.experts]
        side = int(middle == 0)
        if 0 < middle <= last:
            side = self.ask(0, middle, 1)
        most = last - middle if side else middle - 1

        def is_at_least(t, node):
            return self.ask(node + side, middle + t if side else middle - t, side)

        bucket = 0
        while True:
            near, far = 2**bucket >> 1, 2**bucket - 1
            if far >= most:
                far = most
                break
            if not is_at_least(2**bucket, 2 + 2 * min(bucket, 8)):
                break
            bucket += 1
        step = 0
        while near < far:
            t = near + 2 ** max(bucket - 2 - step, 0)
            if t <= far:
                if step < 2:
                    node = 20 if bucket == 2 else (22 if bucket == 3 else 26) + 2 * step
                    bit = is_at_least(t, node)
                else:
                    bit = decide_alone(self.coder, self.deep[min(bucket, 15)], 500)
                near, far = (t, far) if bit else (near, t - 1)
            step += 1
        return self.decode_bits(middle + near if side else middle - 1 - near, side, near)

    def find_tuples(self, reference):
        """14.6"""
        image, channel, s, c = self.image, self.image.channel, self.image.s, self.image.channel.c
        e, centre = image.e, image.centre
        miss, whole = image.miss, centre + 32 >> 6

        def against(x):
            return clamp((lg(x + 4) - reference >> 7) + 4, 0, 7)

        def size(m):
            return clamp(64 * abs(m) + 1024 - reference >> 7, 0, 7)

        def signed(m, halves=0):
            return -(size(m) >> halves) if m < 0 else size(m) >> halves

        def position(x):
            d = abs(64 * x - centre) >> 2
            holds = (2 * d >= e) + (d >= e) + (d >= 2 * e) + (d >= 5 * e)
            return -holds if 64 * x < centre else holds

        def near(x):
            return clamp(x - whole, -3, 3)

        w, n, nw, ne, ww, nn = (s(offset) for offset in (W, N, NW, NE, WW, NN))
        west, north = against(image.error(5, W)), against(image.error(5, N))
        if c == 0:
            one, two, cross = miss(WW, 0), miss(NW, 0), size(miss(NN, 0))
        else:
            one, two = miss(O, c - 1), miss(O, 0) if c > 1 else miss(E, 0)
            cross = size(abs(miss(E, c - 1)) + abs(miss(S, c - 1)) + 1 >> 1)
        self.spread = clamp(lg(image.around) - reference + 256 >> 6, 0, 11)
        self.place = 8 + size(one) if c > 0 else west
        return (
            (self.scale, west, north),
            tuple(signed(miss(offset, c), 1) for offset in (W, N, NE)),
            (position(w), position(n), position(ne)),
            (signed(one), signed(two)),
            (whole >> max(channel.depth - 6, 0), self.scale),
            (cross, self.scale),
            (w == n, w == nw, n == ne, w == ww, n == nn, near(w), near(n)),
            (tuple(64 * x > centre for x in (w, n, nw, ne, ww)), self.spread))

    def below(self, expert, cell):
        """14.7"""
        peak, slope = expert
        distance = 64 * (cell << self.shift) - 32 - peak
        beyond = tail(abs(distance) * slope >> 16)
        return beyond if distance < 0 else 2**32 - beyond

    def ask(self, node, split, upper):
        mids, inputs = [self.below(expert, split) for expert in self.image.experts], [256]
        for (low, high), mid in zip(self.intervals, mids):
            ratio = lg(high - mid + 400) - lg(mid - low + 400)
            inputs.append(ratio if upper else -ratio)
        counters = [self.contexts[k, x, node] for k, x in enumerate(self.tuples)]
        inputs += [counter.stretched for counter in counters]
        inputs += [
            (counter.chance - ONE // 2) * min(counter.visits, 32) >> 17
            for counter in counters[1:]]
        vectors = ((0, node, self.scale), (1, node, self.spread), (2, node, self.place))
        bit = decide(
            self.coder, inputs, [(counter, 250) for counter in counters],
            [self.weights[key] for key in vectors], self.final[node], self.refinements[node],
            self.rate)
        for interval, mid in zip(self.intervals, mids):
            interval[0 if bit == upper else 1] = mid
        return bit

    def decode_bits(self, sample, side, magnitude):
        """14.9"""
        for j in reversed(range(self.shift)):
            behind, state = self.shift - 1 - j, self.states.setdefault((j, sample), [0, 0])
            if any(state):
                counter = self.followed[min(j, 2), *state]
            elif behind == 0:
                counter = self.first[side, min(magnitude, 7), self.scale & 3]
            else:
                counter = self.low[j, min(behind - 1, 1), sample & 3]
            bit = decide_alone(self.coder, counter, 500)
            state[bit] = min(state[bit] + 1, 15)
            if state[1 - bit] > 2:
                state[1 - bit] = state[1 - bit] + 2 >> 1
            sample = 2 * sample + bit
        return min(sample, self.image.channel.largest)

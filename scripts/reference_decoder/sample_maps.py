"""FORMAT.md, section 14.1: maps of samples."""
from .adaptive import ONE, Counter, Kept, bit_length, decide_alone, even
from .basics import need
from .range_coder import RangeDecoder

RANGE, SHIFTED, REPEATED, SCALED, LISTED = range(5)
LEAST_BITS = (1, 1, 8, 2)


def sample_maps(side, count):
    """The samples of the ranks, of each of `count` planes."""
    coder = RangeDecoder(side)
    maps = [sample_map(coder) for _ in range(count)]
    coder.finish()
    return maps


def number(coder, bits):
    found = 0
    for _ in range(bits):
        found = 2 * found + even(coder)
    return found


def sample(kind, bits, number):
    most = (1 << bits) - 1
    if kind == SHIFTED:
        return number << 16 - bits
    if kind == REPEATED:
        return number << 16 - bits | number >> 2 * bits - 16
    return (number * 65535 + (most >> 1)) // most if kind == SCALED else number


def sample_map(coder):
    kind = number(coder, 3)
    need(kind <= LISTED, "corrupt: kind of a sample map")
    bits = number(coder, 4) if SHIFTED <= kind <= SCALED else 16
    lowest, count = number(coder, 16), number(coder, 16) + 1
    if kind == LISTED:
        return listed(coder, lowest, count)
    need(bits >= LEAST_BITS[kind] and lowest + count <= 1 << bits, "corrupt: sample map")
    return [sample(kind, bits, lowest + i) for i in range(count)]


def listed(coder, lowest, count):
    values, counters, gap = [lowest], Kept(lambda _: Counter(ONE // 2, 1)), 0
    while len(values) < count:
        before, length = bit_length(gap), 1
        while length < 16 and decide_alone(coder, counters[before, length, "length"], 60):
            length += 1
        gap = 1
        for _ in range(length - 1):
            gap = 2 * gap + (
                decide_alone(coder, counters[length, gap], 60) if gap < 64 else even(coder))
        values.append(values[-1] + gap)
        need(values[-1] < 65536, "corrupt: sample map")
    return values

"""FORMAT.md, sections 0.4 and 8.2: functions to base 2."""
from .basics import floor_log2

EXP_A = [32768, 30048, 27554, 25268, 23170, 21247, 19484, 17867]
EXP_B = [32768, 32415, 32066, 31720, 31379, 31041, 30706, 30376]
EXP_C = [32768, 32679, 32591, 32503]
LIMIT = 3071


def exp2n(x):
    if x >> 8 > 45:
        return 0
    return EXP_A[x >> 5 & 7] * EXP_B[x >> 2 & 7] * EXP_C[x & 3] >> (x >> 8)


SQUASH = [min(65504, 2**61 // (2**45 + exp2n(x))) for x in range(LIMIT + 1)]


def squash(x):
    return SQUASH[min(x, LIMIT)] if x >= 0 else 65536 - SQUASH[min(-x, LIMIT)]


def log2_fraction(i):
    x, bits = (256 + i) << 22, 0
    for _ in range(8):
        x = x * x >> 30
        bit = x >> 31
        bits = bits << 1 | bit
        x >>= bit
    return bits


LOG2 = [log2_fraction(i) for i in range(256)]


def lg(x):
    n = floor_log2(x)
    return 256 * n + LOG2[(x >> n - 8 if n >= 8 else x << 8 - n) & 255]


# 8.2
TAIL = [exp2n(16 * i) * 2**18 // (2**45 + exp2n(16 * i) >> 14) for i in range(385)]


def tail(x):
    if x >= 6144:
        return 0
    return TAIL[x >> 4] - ((TAIL[x >> 4] - TAIL[(x >> 4) + 1]) * (x & 15) >> 4)

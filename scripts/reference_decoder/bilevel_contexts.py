"""FORMAT.md, section 13.5: the keys of the contexts of a full pixel of a bilevel image."""
from .basics import clamp, floor_log2

FACTORS = (
    0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93,
    0xA0761D6478BD642F, 0xE7037ED1A0B428DB, 0x8EBC6AF09C88C6E3, 0x589965CC75374CC3,
    0x1D8E4E27C47D124F)
SPANS = {
    1: (
        (3, (-2, 2), (-1, 1)),
        (4, (-3, 3), (-2, 2)),
        (5, (-4, 4), (-3, 3), (0, 0)),
        (6, (-5, 5), (-3, 3), (-2, 2), (0, 0)),
        (8, (-7, 7), (-5, 5), (-3, 3), (-1, 1)),
        (12, (-10, 10), (-7, 7), (-5, 5), (-3, 3), (-2, 2), (-1, 1)),
        (18, (-1, 1)),
        (1, (-1, 1), (-1, 1), (-1, 1), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0)),
        (2, (-4, 12), (0, 0))),
    2: (
        (1, (0, 0)),
        (1, (-1, 1)),
        (2, (-1, 1), (0, 0)),
        (3, (-2, 2), (-1, 1)),
        (4, (-3, 3), (-2, 2), (0, 0)),
        (6, (-5, 5), (-3, 3), (-2, 2), (0, 0)),
        (6, (0, 0)),
        (1, (0, 0), (0, 0), (0, 0), (0, 0)),
        (1, (-1, 4))),
    4: (
        (1, (0, 0)),
        (1, (0, 1)),
        (1, (-1, 1)),
        (2, (-1, 1), (0, 0)),
        (3, (-2, 2), (-1, 1)),
        (5, (-4, 3), (-2, 2), (-1, 1), (0, 0)),
        (4,),
        (0, (0, 0), (0, 0), (0, 0), (0, 0)),
        (0, (0, 3)))}
M64 = 2**64 - 1


def pack(base, *digits):
    number = 0
    for digit in digits:
        number = number * base + digit
    return number


class Contexts:
    """The 14 keys of a pixel, and what else is made on the way to them."""

    def __init__(self, image):
        self.image = image
        windows = [image.window(u) for u in range(9)]
        W, N, NE, NW, WW, NN = image.W, image.N, image.NE, image.NW, image.WW, image.NN
        bits = (W, N, NE, NW, WW, NN) if image.depth == 1 else (
            W == N, W == NW, W == NE, W == WW, N == NN)
        self.neighbours = sum(bit << i for i, bit in enumerate(bits))
        self.prior = windows[0] % 8 | (windows[1] >> 13) % 32 << 3 | (windows[2] >> 14) % 8 << 8
        self.keys = self.of_spans(windows)
        image.match.find(self.keys[4])
        self.keys += [self.key_9(), self.key_10(), self.key_11(), self.key_12(windows)]
        self.keys.append(self.key_13())

    def of_spans(self, windows):
        depth, keys = self.image.depth, []
        ahead = 16 // depth - 1
        for left, *rows in SPANS[depth]:
            masks = [2 ** (depth * left) - 1]
            masks += [2 ** (depth * (b - a + 1)) - 1 << depth * (ahead - b) for a, b in rows]
            keys.append(
                sum((w & m) * f for w, m, f in zip(windows, masks, FACTORS)) & M64)
            if len(keys) == 6:
                self.ones = sum((w & m).bit_count() for w, m in zip(windows[:4], masks))
        return keys

    def key_9(self):
        image = self.image
        W, N, NE, NW, WW, NN, P = (
            image.W, image.N, image.NE, image.NW, image.WW, image.NN, image.P)
        if image.depth == 1:
            phase = image.x % 8 * 8 + image.y % 8
            key = 16 * pack(256, pack(16, phase, W, N), WW * 16 + NE)
            return key + 8 * NW + 4 * NN + 2 * P(0, -4) + P(4, 0)
        return 16 * clamp(W + N - NW, min(W, N), max(W, N)) + N - NW + 512

    def key_10(self):
        image, P = self.image, self.image.P
        a = pack(16, P(0, -4), P(4, 0), P(0, -8), P(8, 0))
        if image.depth > 1:
            return 256 * a + 16 * image.W + image.N
        key = pack(
            16, a, P(4, -4), image.W + 2 * image.N + 4 * image.NE + 8 * image.NW,
            P(4, 4) + 2 * P(4, 1) + 4 * P(4, -1) + 8 * image.WW)
        return 4 * key + P(0, -5) + 2 * P(0, -3)

    def key_11(self):
        image = self.image
        W, N, NE, NW = image.W, image.N, image.NE, image.NW
        if image.depth == 1:
            return self.ones // 2 * 64 + self.neighbours
        return 64 * (2 * W + 2 * N + NE + NW + image.WW + image.NN) + W + NE - NW - N + 32

    def key_12(self, windows):
        image, depth = self.image, self.image.depth
        ahead, most = 16 // depth - 1, 64 // depth
        here, top = windows[0] ^ image.all(image.W), windows[1] ^ image.all(image.N)
        self.left = image.run(here, most)
        top_left = image.run(top >> depth * (ahead + 1), most - ahead - 1)
        rest = top % 2 ** (depth * ahead)
        top_right = ahead - floor_log2(rest) // depth if rest else ahead + 1
        key = pack(64, 16 * image.W + image.N, self.left, top_left, top_right)
        return 16 * key + image.ages[image.x]

    def key_13(self):
        image, match, seen, sure = self.image, self.image.match, 0, 0
        if match.there:
            (r, q), right, below = match.there, 0, 0
            if q + 1 < image.width and (r < image.y or q + 1 < image.x):
                right = image.pixels[r][q + 1]
            if r + 1 < image.y and 0 < q < image.width - 1:
                below = pack(16, *image.pixels[r + 1][q - 1 : q + 2])
            seen = ((1 + match.predicted) * 16 + right) * 4096 + below
            sure = 16 * min(match.verified, 3) + 4 * min(match.length, 3) + match.errors % 4
        a = self.neighbours % 16 if image.depth == 1 else image.W
        return (64 * (16 * seen + a) + sure) & M64

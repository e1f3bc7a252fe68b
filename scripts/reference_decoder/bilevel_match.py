"""FORMAT.md, section 13.4: an earlier place of a bilevel image that the current one repeats."""
from .basics import clamp, floor_log2

M64 = 2**64 - 1


class Match:
    """`there` is a row and a column, or None if there is no match."""

    def __init__(self, image):
        self.image, self.there, self.places = image, None, {}
        self.length = self.verified = self.errors = 0
        self.position_bits = clamp(floor_log2(image.width * image.height), 8, 18)

    @property
    def predicted(self):
        """The pixel of the match; None without one."""
        return self.image.pixels[self.there[0]][self.there[1]] if self.there else None

    def find(self, key):
        """Before a full pixel; `key` is that of context 4."""
        image, (x, y) = self.image, (self.image.x, self.image.y)
        key = (key ^ key >> 29) * 0xBF58476D1CE4E5B9 & M64
        slot = key >> 64 - self.position_bits
        found = self.places.get(slot)
        if found and (not self.there or self.length < 16):
            row, column = found
            if 8 <= column < image.width - 8 and 8 <= x < image.width - 8:
                agreeing = 0
                while agreeing < min(row, 15):
                    up = agreeing + 1
                    if (image.pixels[row - up][column - 8 : column + 8]
                            != image.pixels[y - up][x - 8 : x + 8]):
                        break
                    agreeing += 1
                if not self.there or agreeing > self.verified:
                    self.there, self.length, self.verified, self.errors = found, 0, agreeing, 0
        self.places[slot] = y, x

    def advance(self, is_right):
        """After each pixel."""
        if not self.there:
            return
        self.errors = (2 * self.errors + (not is_right)) % 256
        self.length += 1
        if not is_right:
            self.length, self.verified = 0, self.verified // 2
        row, column = self.there
        drops = not is_right and self.errors.bit_count() > 4 or column + 1 == self.image.width
        self.there = None if drops else (row, column + 1)

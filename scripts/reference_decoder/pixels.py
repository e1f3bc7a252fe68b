"""FORMAT.md, section 11.2: colours of a tile, and what stands for those outside."""


class Pixels:
    """Rows of colours, `pixels`, that are known up to (`r`, `q`); each has `columns`."""

    def pixel(self, r, q):
        """11.2: also one outside."""
        if r < 0 or (r == 0 and q < 0):
            return 0
        if q < 0:
            return self.pixels[r - 1][0]
        return self.pixels[r][min(q, self.columns - 1)]

    def colour(self, position):
        return self.pixel(self.r + position[0], self.q + position[1])

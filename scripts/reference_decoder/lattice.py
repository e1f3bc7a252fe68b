"""FORMAT.md, section 1.10: the colours of a lattice, of luma, chroma and corrections."""
from .basics import clamp, need

JFIF, PHOTO_CD, WEBP = 1, 2, 3
(FULL, HALF_WIDTH_LINEAR, HALF_BOTH_LINEAR, HALF_WIDTH_REPEATED, HALF_BOTH_REPEATED,
 HALF_POINTS, HALF_BOTH_WEBP) = range(7)

# Of a sampling: whether width and height are halved, the weight of the far cell at even and odd
# places, and what is added before the division at even and odd columns.
SAMPLINGS = {
    FULL: (False, False, (0, 0), (8, 8)),
    HALF_WIDTH_LINEAR: (True, False, (1, 1), (4, 8)),
    HALF_BOTH_LINEAR: (True, True, (1, 1), (8, 7)),
    HALF_WIDTH_REPEATED: (True, False, (0, 0), (8, 8)),
    HALF_BOTH_REPEATED: (True, True, (0, 0), (8, 8)),
    HALF_POINTS: (True, True, (0, 2), (8, 8)),
    HALF_BOTH_WEBP: (True, True, (1, 1), (8, 8)),
}


def cells(sampling, extent, phase, halved):
    """How many cells there are for so many pixels along one axis."""
    if not halved or not extent:
        return extent
    if sampling == HALF_POINTS:
        return max(1, (extent - phase + 1) // 2)
    return (extent + phase + 1) // 2


def extent(sampling, width, height, row_phase, column_phase):
    """The width and height of the chroma planes."""
    halves_width, halves_height, _, _ = SAMPLINGS[sampling]
    return (cells(sampling, width, column_phase, halves_width),
            cells(sampling, height, row_phase, halves_height))


def taps(sampling, extent, phase, halved):
    """Of each pixel along one axis: its near and far cell, and the weight of the far one."""
    if not halved:
        return [(i, i, 0) for i in range(extent)]
    last = cells(sampling, extent, phase, halved) - 1
    found = []
    for i in range(extent):
        odd = (i + phase) % 2
        near = (i - phase if sampling == HALF_POINTS else i + phase) // 2
        far = near + 1 if odd else near - 1
        found.append((clamp(near, 0, last), clamp(far, 0, last), SAMPLINGS[sampling][2][odd]))
    return found


def upsampled(sampling, plane, width, height, row_phase, column_phase):
    """The chroma of each pixel, of a plane of cells, both [row][column]."""
    halves_width, halves_height, _, biases = SAMPLINGS[sampling]
    columns = taps(sampling, width, column_phase, halves_width)
    rows = []
    for near, far, weight in taps(sampling, height, row_phase, halves_height):
        blend = [(4 - weight) * a + weight * b for a, b in zip(plane[near], plane[far])]
        rows.append([
            ((4 - w) * blend[a] + w * blend[b] + biases[(c + column_phase) % 2]) // 16
            for c, (a, b, w) in enumerate(columns)])
    return rows


def colour(transform, y, u, v):
    """Red, green and blue of luma and both chromas."""
    if transform == JFIF:
        sums = (65536 * y + 91881 * (v - 128) + 32768,
                65536 * y - 22554 * (u - 128) - 46802 * (v - 128) + 32768,
                65536 * y + 116130 * (u - 128) + 32768)
        divisor = 65536
    elif transform == PHOTO_CD:
        b, r = 22179 * (u - 156), 18215 * (v - 137)
        sums = (13584 * y + r,
                13584 * y - 1940 * (b // 10000) - 5090 * (r // 10000),
                13584 * y + b)
        divisor = 10000
    else:
        luma = 19077 * y // 256
        sums = (luma + 26149 * v // 256 - 14234,
                luma - 6419 * u // 256 - 13320 * v // 256 + 8708,
                luma + 33050 * u // 256 - 17685)
        divisor = 64
    return [clamp(s // divisor, 0, 255) for s in sums]


def colours(transform, sampling, row_phase, column_phase, luma, chroma, corrections):
    """The pixels [row][column] of red, green and blue; planes are [row][column]."""
    height, width = len(luma), len(luma[0]) if luma else 0
    first, second = (
        upsampled(sampling, plane, width, height, row_phase, column_phase) for plane in chroma)
    return [
        [[(sample + plane[r][c]) % 256 for sample, plane in
          zip(colour(transform, luma[r][c], first[r][c], second[r][c]), corrections)]
         for c in range(width)]
        for r in range(height)]


def luma_of_chroma(sampling, row_phase, column_phase, luma):
    """Luma at each cell of chroma, [row][column]."""
    if sampling == FULL:
        return luma
    height, width = len(luma), len(luma[0])
    halves_width, halves_height, _, _ = SAMPLINGS[sampling]

    def parts(extent, phase, halved):
        """Of each cell along an axis, the pixels under it and their weights."""
        count = cells(sampling, extent, phase, halved)
        if not halved:
            return [[(i, 1)] for i in range(count)]
        if sampling == HALF_POINTS:
            under = [[(2 * i + phase + d, 2 - abs(d)) for d in (-1, 0, 1)] for i in range(count)]
        else:
            under = [[(2 * i - phase + d, 1) for d in (0, 1)] for i in range(count)]
        return [[(clamp(i, 0, extent - 1), weight) for i, weight in cell] for cell in under]

    columns = parts(width, column_phase, halves_width)
    planes = []
    for row in parts(height, row_phase, halves_height):
        planes.append([])
        for column in columns:
            cell = [(luma[r][q], a * b) for r, a in row for q, b in column]
            whole = sum(weight for _, weight in cell)
            planes[-1].append((sum(value * weight for value, weight in cell) + whole // 2) // whole)
    return planes


class Lattice:
    """The byte `lattice` of a header."""

    def __init__(self, byte):
        self.transform, self.sampling = byte & 7, byte >> 3 & 7
        self.phases = byte >> 6 & 1, byte >> 7
        need(JFIF <= self.transform <= WEBP and self.sampling in SAMPLINGS, "corrupt: lattice")
        halves_width, halves_height, _, _ = SAMPLINGS[self.sampling]
        need(halves_height or not self.phases[0], "corrupt: phase of a lattice")
        need(halves_width or not self.phases[1], "corrupt: phase of a lattice")

    def extent(self, width, height):
        return extent(self.sampling, width, height, *self.phases)

    def luma_of_chroma(self, luma):
        return luma_of_chroma(self.sampling, *self.phases, luma)

    def colours(self, channels):
        """Three planes, of the planes of all channels, by number."""
        pixels = colours(
            self.transform, self.sampling, *self.phases, channels[0], [channels[1], channels[2]],
            [channels[4], channels[5], channels[6]])
        return [[[pixel[k] for pixel in row] for row in pixels] for k in range(3)]

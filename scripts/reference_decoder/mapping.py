"""FORMAT.md, section 1.9: the samples of the channels, of the coded planes."""
from .basics import need
from .groups import CONSTANT, DOUBLED, PALETTE, TABLE
from .metadata import palette, read_metadata
from .sample_maps import sample_maps

# 1.6: bytes that a palette of a group unpacks to.
PALETTE_LIMIT = 2**11


def apply_mapping(file, group, planes, size, channels, entries):
    """Sets a group's `channels`, [row][column] each: `planes` are [row][column][number]."""
    samples = sample_maker(file, group, entries)
    width, height = size
    for channel in group.channels:
        channels[channel] = [width * [0] for _ in range(height)]
    for r in range(height):
        for q in range(width):
            values = () if group.codec == CONSTANT else planes[r][q]
            for channel, sample in zip(group.channels, samples(values)):
                need(sample < 1 << file.sample_depth, "corrupt: a sample out of range")
                channels[channel][r][q] = sample


def sample_maker(file, group, entries):
    """A function from the coded values of a pixel to the samples of the group's channels."""
    if group.codec == CONSTANT:
        return lambda values: len(group.channels) * [group.value]
    if group.mapping == PALETTE:
        table = index_table(group, entries) if file.colour_type == 3 else colour_table(group)

        def looked_up(values):
            need(values[0] < len(table), "corrupt: the number of a colour")
            return table[values[0]]

        return looked_up
    colours = len(group.channels) - group.has_alpha

    maps = sample_maps(group.side, group.planes) if group.mapping == TABLE else None

    def mapped(values):
        if maps:
            # A rank beyond the map is the last one.
            values = [of[min(rank, len(of) - 1)] for of, rank in zip(maps, values)]
        if group.is_equal:
            values = colours * list(values[:1]) + list(values[1:])
        return [257 * value for value in values] if group.mapping == DOUBLED else values

    return mapped


def key(colour):
    """1.9: the order of colours of four samples."""
    red, green, blue, alpha = colour
    word = red | green << 8 | blue << 16 | alpha << 24
    return alpha, 5 * red + 9 * green + 2 * blue, word


def index_table(group, entries):
    """The indices of the entries that occur, in the order of their colours."""
    found = palette(entries)
    need(found, "corrupt: numbers of colours without a palette")
    plte, trns = found
    count = min(len(plte) // 3, 256)
    colours = [
        (*plte[3 * i : 3 * i + 3], trns[i] if i < len(trns) else 255) for i in range(count)]
    used = list(range(count))
    if group.side:
        used = [i for i in used if i // 8 < len(group.side) and group.side[i // 8] >> i % 8 & 1]
        bits = bytearray(-(-count // 8))
        for i in used:
            bits[i // 8] |= 1 << i % 8
        need(bits == group.side and len(used) < count, "corrupt: the colours that occur")
    return [(i,) for i in sorted(used, key=lambda i: (key(colours[i]), i))]


def colour_table(group):
    """The colours that are numbered, as samples of the group's channels."""
    plte, trns = palette(read_metadata(group.side, limit=PALETTE_LIMIT)) or (b"", b"")
    planes, count = len(group.channels), len(plte) // 3
    legal = 1 <= count <= 256 and len(plte) == 3 * count
    need(legal and len(trns) == (0 if planes % 2 else count), "corrupt: size of a palette")
    width = 3 if planes >= 3 else 1
    return [
        (*plte[3 * i : 3 * i + width], *trns[i : i + 1 - planes % 2]) for i in range(count)]


def hide(file, image):
    """1.9: the samples where alpha is 0."""
    for group in file.groups:
        for row in image if group.hidden else ():
            for pixel in row:
                for channel, sample in zip(group.channels, group.hidden):
                    pixel[channel] = pixel[channel] if pixel[file.alpha] else sample

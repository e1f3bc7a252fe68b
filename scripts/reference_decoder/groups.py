"""FORMAT.md, section 1.8: the groups of the header."""
import types

from .basics import need

CONSTANT, NETWORK, GRAPHICS, BILEVEL, DEEP = range(5)
NO_MAPPING, DOUBLED, TABLE, PALETTE = range(4)
LANE_PIXELS = 2**17


def read_group(header):
    """A group as the header has it; `channels` are numbers."""
    group = types.SimpleNamespace(model=None, side=b"", colours=0)
    flags, channels = header.unsigned(1), header.unsigned(1)
    group.codec, group.mapping = flags & 7, flags >> 6
    group.is_equal, is_hidden, is_tiled = flags >> 3 & 1, flags >> 4 & 1, flags >> 5 & 1
    need(group.codec <= DEEP, "corrupt: codec")
    group.channels = [number for number in range(8) if channels >> number & 1]
    group.hidden = [header.varint() for _ in group.channels] if is_hidden else None
    group.tiling = [header.varint() for _ in range(3)] if is_tiled else None
    if group.codec == CONSTANT:
        group.value = header.varint()
    elif group.codec == NETWORK:
        group.model, mixing = header.bytes(8), header.unsigned(1)
        group.mixing_level, group.adaptation = mixing & 15, mixing >> 4
    elif group.codec == GRAPHICS:
        level = header.unsigned(1)
        group.level = level & 127
        if level >> 7:
            group.colours = header.varint()
            need(group.colours, "corrupt: colours")
    else:
        group.depth = header.unsigned(1)
    if group.mapping in (TABLE, PALETTE):
        group.side = header.bytes(header.varint())
    return group


def check_groups(file):
    """1.8: the rules of the header alone."""
    covered = []
    for group in file.groups:
        need(group.channels and max(group.channels) < file.channels, "corrupt: channels")
        covered += group.channels
        group.has_alpha = file.alpha in group.channels
        count = len(group.channels)
        colours = count - group.has_alpha
        group.planes = planes_of(group)
        codes = group.codec != CONSTANT
        check_tiling(file, group)
        check_parameters(file, group)
        need(not group.is_equal or (colours > 1 and codes), "corrupt: equal channels")
        if group.mapping in (DOUBLED, TABLE):
            need(file.sample_depth == 16 and codes, "corrupt: mapping")
        if group.mapping == PALETTE:
            need(file.sample_depth <= 8 and codes and not group.is_equal, "corrupt: palette")
            need(file.colour_type == 3 or group.side, "corrupt: palette")
        if group.hidden is not None:
            legal = all(sample < 1 << file.sample_depth for sample in group.hidden)
            need(legal and file.alpha is not None and not group.has_alpha, "corrupt: hidden")
    need(sorted(covered) == list(range(file.channels)), "corrupt: channels")


def planes_of(group):
    if group.codec == CONSTANT:
        return 0
    if group.mapping == PALETTE:
        return 1
    return 1 + group.has_alpha if group.is_equal else len(group.channels)


def check_tiling(file, group):
    """The whole image is a tile where the header does not say another size."""
    if group.codec == CONSTANT:
        need(group.tiling is None, "corrupt: size of the tiles")
        return
    tiling = group.tiling or (file.width, file.height, 1)
    group.tile_width, group.tile_height, group.tiles_per_section = tiling
    sides = group.tile_width, group.tile_height
    need(all(1 <= side <= 65535 for side in sides), "corrupt: size of the tiles")
    most = 2**20 if group.tile_width * group.tile_height < LANE_PIXELS else 1
    need(1 <= group.tiles_per_section <= most, "corrupt: tiles of a section")


def check_parameters(file, group):
    if group.codec == CONSTANT:
        need(group.value < 1 << file.sample_depth, "corrupt: constant samples")
    elif group.codec == NETWORK:
        need(group.mixing_level <= 3, "corrupt: mixing level")
        need(group.adaptation <= (2 if group.mixing_level else 0), "corrupt: adaptation")
    elif group.codec == GRAPHICS:
        need(1 <= group.level <= 3, "corrupt: level")
        need(group.colours <= (256 if group.planes == 1 else 0), "corrupt: colours")
    elif group.codec == BILEVEL:
        need(group.depth in (1, 2, 4) and group.planes == 1, "corrupt: depth")
    else:
        need(1 <= group.depth <= 16, "corrupt: depth")


def tile_grid(group, width, height):
    """Columns and rows of tiles of the image or of the small image."""
    return -(-width // group.tile_width), -(-height // group.tile_height)


def section_count(group, width, height):
    """1.2, rule 3."""
    if group.codec == CONSTANT:
        return 0
    across, down = tile_grid(group, width, height)
    return -(-across * down // group.tiles_per_section)

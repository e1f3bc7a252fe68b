"""FORMAT.md, section 1.8: the groups of the header."""
import types

from .basics import need

CONSTANT, NETWORK, GRAPHICS, BILEVEL, DEEP, PATCHES, SPARSE, LINEAR, RUNS = range(9)
NO_MAPPING, DOUBLED, TABLE, PALETTE = range(4)
LANE_PIXELS = 2**17
# Channels of an image with a lattice, beside alpha.
LUMA, CHROMA, CORRECTIONS = [0], [1, 2], [4, 5, 6]
# Pixels of the side of a patch's unit.
PATCH_UNIT = 32


def read_group(header):
    """A group as the header has it; `channels` are numbers."""
    group = types.SimpleNamespace(model=None, side=b"", colours=0, patches=[])
    flags, channels = header.varint(), header.unsigned(1)
    group.codec, group.mapping = flags & 15, flags >> 4 & 3
    is_tiled, group.is_equal, is_hidden = flags >> 6 & 1, flags >> 7 & 1, flags >> 8
    need(flags < 512 and group.codec <= RUNS, "corrupt: flags of a group")
    group.channels = [number for number in range(8) if channels >> number & 1]
    group.hidden = [header.varint() for _ in group.channels] if is_hidden else None
    group.tiling = [header.varint() for _ in range(3)] if is_tiled else None
    read_parameters(header, group)
    if group.mapping in (TABLE, PALETTE):
        group.side = header.bytes(header.varint())
    return group


def read_parameters(header, group):
    if group.codec == CONSTANT:
        group.value = header.varint()
    elif group.codec in (GRAPHICS, RUNS):
        group.colours = header.varint()
    elif group.codec == BILEVEL:
        group.depth = header.unsigned(1)
    elif group.codec in (NETWORK, PATCHES):
        group.model, mixing = header.bytes(8), header.unsigned(1)
        group.mixing_level, group.adaptation = mixing & 15, mixing >> 4
        if group.codec == PATCHES:
            count = header.varint()
            need(1 <= count <= 1024, "corrupt: number of patches")
            group.patches = [[header.varint() for _ in range(4)] for _ in range(count)]


def check_groups(file):
    """1.8: the rules of the header alone."""
    covered, legal = [], list(range(file.channels))
    if file.lattice:
        legal += CORRECTIONS
        check_lattice(file)
    for group in file.groups:
        need(group.channels and set(group.channels) <= set(legal), "corrupt: channels")
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
            depths = (8, 16) if group.mapping == TABLE else (16,)
            need(file.sample_depth in depths and codes, "corrupt: mapping")
        if group.mapping == PALETTE:
            need(file.sample_depth <= 8 and codes and not group.is_equal, "corrupt: palette")
            need(file.colour_type == 3 or group.side, "corrupt: palette")
        if group.hidden is not None:
            fits = all(sample < 1 << file.sample_depth for sample in group.hidden)
            need(fits and file.alpha is not None and not group.has_alpha, "corrupt: hidden")
    need(sorted(covered) == legal, "corrupt: channels")


def check_lattice(file):
    """1.8, rule 9."""
    need(file.colour_type in (2, 6) and file.sample_depth == 8, "corrupt: lattice")
    has_luma = False
    for group in file.groups:
        all_kinds = LUMA, CHROMA, [3], CORRECTIONS
        kinds = [kind for kind in all_kinds if set(kind) & set(group.channels)]
        need(len(kinds) <= 1, "corrupt: channels of a lattice")
        if kinds == [[3]]:
            continue
        plain = not group.is_equal and group.hidden is None and group.mapping == NO_MAPPING
        need(plain, "corrupt: mapping of a lattice")
        if kinds == [CHROMA] and group.codec == NETWORK:
            need(has_luma and group.channels == CHROMA, "corrupt: chroma before luma")
        has_luma = has_luma or kinds == [LUMA]


def extent_of(file, group):
    """1.8: the width and height of the coded planes."""
    if file.lattice and set(group.channels) <= set(CHROMA):
        return file.lattice.extent(file.width, file.height)
    return file.width, file.height


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
    tiling = group.tiling or (*extent_of(file, group), 1)
    group.tile_width, group.tile_height, group.tiles_per_section = tiling
    sides = group.tile_width, group.tile_height
    need(all(1 <= side <= 65535 for side in sides), "corrupt: size of the tiles")
    most = 2**20 if group.tile_width * group.tile_height < LANE_PIXELS else 1
    need(1 <= group.tiles_per_section <= most, "corrupt: tiles of a section")


def check_parameters(file, group):
    if group.codec == CONSTANT:
        need(group.value < 1 << file.sample_depth, "corrupt: constant samples")
    elif group.codec in (NETWORK, PATCHES):
        need(group.mixing_level <= 3, "corrupt: mixing level")
        need(group.adaptation <= (2 if group.mixing_level else 0), "corrupt: adaptation")
    elif group.codec in (GRAPHICS, RUNS):
        need(group.colours <= (256 if group.planes == 1 else 0), "corrupt: colours")
    elif group.codec == BILEVEL:
        need(group.depth in (1, 2, 4) and group.planes == 1, "corrupt: depth")
    elif group.codec in (SPARSE, LINEAR):
        need(1 <= group.planes <= 3, "corrupt: planes of the codec")
    else:
        need(file.sample_depth == 16, "corrupt: deep samples")
    if group.codec == PATCHES:
        check_patches(file, group)


def check_patches(file, group):
    need(group.tiling is None, "corrupt: size of the tiles")
    width, height = extent_of(file, group)
    rows, columns = (-(-side // PATCH_UNIT) for side in (height, width))
    units = set()
    for row, column, height, width in group.patches:
        inside = 1 <= height <= rows - row and 1 <= width <= columns - column
        need(inside, "corrupt: a patch outside of the image")
        patch = {(r, q) for r in range(row, row + height) for q in range(column, column + width)}
        need(not patch & units, "corrupt: patches that overlap")
        units |= patch


def tiles_of(group, width, height):
    """1.2, 1.8: lists of the rectangles (top, left, rows, columns) of each section."""
    def rectangle(top, left, rows, columns):
        return top, left, min(rows, height - top), min(columns, width - left)

    if group.codec == CONSTANT:
        return []
    if group.codec == PATCHES:
        patches = [rectangle(*(PATCH_UNIT * x for x in patch)) for patch in group.patches]
        return [[patch] for patch in patches] + [[(0, 0, height, width)]]
    rows, columns, share = group.tile_height, group.tile_width, group.tiles_per_section
    tiles = [
        rectangle(top, left, rows, columns)
        for top in range(0, height, rows) for left in range(0, width, columns)]
    return [tiles[i : i + share] for i in range(0, len(tiles), share)]


def section_count(group, width, height):
    """1.2, rule 3, without a list that a small file could make long."""
    if group.codec == CONSTANT:
        return 0
    if group.codec == PATCHES:
        return len(group.patches) + 1
    tiles = -(-width // group.tile_width) * -(-height // group.tile_height)
    return -(-tiles // group.tiles_per_section)

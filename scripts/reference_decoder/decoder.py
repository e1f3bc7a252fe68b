"""FORMAT.md, section 0.2: decodeFile and decodeTiles."""
import hashlib

from . import bilevel, deep, graphics, linear, runs, sparse
from .basics import need
from .code_order import is_adaptive
from .container import EXACT, STORED, STRIPS, read_file
from .entries import unpacked
from .films import check_films
from .groups import (
    BILEVEL, CHROMA, CONSTANT, DEEP, GRAPHICS, LINEAR, LUMA, NETWORK, NO_MAPPING, PATCHES, RUNS,
    SPARSE, TABLE, extent_of, tiles_of)
from .layers import SIGMOID
from .mapping import apply_mapping, hide
from .metadata import read_metadata
from .pnm import check_stored_pnm, make_pnm
from .recipe import make_png
from .stored_png import DEPTHS, check_stored
from .tile import Tile, lane_coders
from .weight_file import read_weights

# The codecs without a network: decode(coder, rows, columns, planes, has_alpha, group) returns the
# coded values of a tile, [row][column][plane]. `coder` is a RangeDecoder, `planes` is how many,
# `has_alpha` tells whether the last of several is alpha, and `group` has what the header says.
CODECS = {
    GRAPHICS: graphics.decode, BILEVEL: bilevel.decode, DEEP: deep.decode, SPARSE: sparse.decode,
    LINEAR: linear.decode, RUNS: runs.decode}


def digest(data):
    return hashlib.sha256(data).digest()


def decode_file(data, weights):
    """A file that was stored, is exact or PNM; or the samples as a netpbm file."""
    file = read_file(data)
    if file.kind == STORED:
        need(digest(file.png).startswith(file.digest), "failed digest")
        (check_stored_pnm if file.is_pnm else check_stored)(file, file.png)
        return file.png
    has_metadata = file.metadata is not None
    entries = read_metadata(file.metadata, file.metadata_kind) if has_metadata else []
    need(file.sample_depth in DEPTHS[file.colour_type], "corrupt: kind of the pixels")
    if file.kind == STRIPS:
        strips = [decode_image(strip, weights, entries)[1] for strip in file.strips]
        samples = b"".join(strips)
        return make_pnm(file, entries, samples) if file.is_pnm else netpbm(file, samples)
    check_films(file, entries, lambda film: decode_image(film, weights, entries))
    image, samples = decode_image(file, weights, entries)
    if file.kind == EXACT:
        png = make_png(file, unpacked(file.recipe), image, entries)
        need(digest(png).startswith(file.file_digest), "failed digest of the PNG file")
        return png
    return make_pnm(file, entries, samples) if file.is_pnm else netpbm(file, samples)


def decode_image(file, weights, entries):
    """The image of a file or of a strip, [row][column][channel], and its samples."""
    channels = {}
    for group in file.groups:
        planes = None if group.codec == CONSTANT else decode_group(file, group, weights, channels)
        apply_mapping(file, group, planes, extent_of(file, group), channels, entries)
    if file.lattice:
        channels.update(enumerate(file.lattice.colours(channels)))
    image = [
        [[channels[k][r][q] for k in range(file.channels)] for q in range(file.width)]
        for r in range(file.height)]
    hide(file, image)
    size = -(-file.sample_depth // 8)
    samples = b"".join(
        sample.to_bytes(size, "big") for row in image for pixel in row for sample in pixel)
    need(digest(samples).startswith(file.digest), "failed digest")
    return image, samples


def netpbm(file, samples):
    """A file of type 5, 6 or, with alpha, 7."""
    largest, channels = 2**file.sample_depth - 1, file.channels
    if file.alpha is None:
        kind = 6 if channels == 3 else 5
        return f"P{kind} {file.width} {file.height} {largest}\n".encode() + samples
    return (
        f"P7\nWIDTH {file.width}\nHEIGHT {file.height}\nDEPTH {channels}\nMAXVAL {largest}\n"
        "ENDHDR\n").encode() + samples


def decode_group(file, group, weights, channels):
    """The coded planes of a group, [row][column][plane]; `channels` are those before it."""
    if group.codec in (NETWORK, PATCHES):
        model = read_weights(model_of(group, weights))
        is_chroma = bool(file.lattice) and group.channels == CHROMA and group.codec == NETWORK
        known = [file.lattice.luma_of_chroma(channels[LUMA[0]])] if is_chroma else []
        check_model(file, group, model, len(known))
        if group.codec == PATCHES:
            return decode_patches(file, group, model)
        return decode_with_network(file, group, model, known)
    need(not group.small_tiles, "corrupt: number of sections")
    if group.codec == DEEP:
        need(group.mapping in (NO_MAPPING, TABLE), "corrupt: mapping of deep samples")
    else:
        check_bytes(file, group)
    if group.codec == LINEAR:
        need(not has_alpha(group), "corrupt: alpha beside other planes")
    codec = CODECS[group.codec]

    def decode(coders, top, left, rows, columns):
        return codec(coders[0], rows, columns, group.planes, has_alpha(group), group)

    size = extent_of(file, group)
    return decode_tiles(tiles_of(group, *size), group.tiles, 0, blank(*size), decode)


def model_of(group, weights):
    """The weight file of a group, among those that there are."""
    found = [data for data in weights if digest(data).startswith(group.model)]
    need(found, "unknown model")
    return found[0]


def has_alpha(group):
    return group.has_alpha and group.planes > 1


def check_bytes(file, group):
    """1.8, rule 10."""
    need(file.sample_depth <= 8 or group.mapping != NO_MAPPING, "corrupt: codec for 16 bits")


def check_model(file, group, model, known):
    """1.8, rules 12 to 15; `known` is how many planes the model is given."""
    depth = file.sample_depth if group.mapping == NO_MAPPING else 8
    need(model.colours == known + group.planes, "corrupt: colours of the model")
    need(known == 0 or model.scale == 1, "corrupt: scale of the model")
    need((1 if model.head == SIGMOID else 8) == depth, "corrupt: head of the model")
    adapts = group.mixing_level == 0 or is_adaptive(model)
    need(adapts, "corrupt: mixing with a model that is not adaptive")
    sides = group.tile_width, group.tile_height
    is_whole = sides == extent_of(file, group)
    legal = is_whole or all(side % model.scale == 0 for side in sides)
    need(legal, "corrupt: size of the tiles")


def decode_with_network(file, group, model, known):
    """[row][column][colour]; `known` are the first colours of the model, [row][column]."""
    scale, small = model.scale, None
    width, height = extent_of(file, group)
    ceil = lambda extent: -(-extent // scale)

    def decode_small(coders, top, left, rows, columns):
        return Tile(model.small, 0, 0, coders, rows, columns, None).decode()

    def decode(coders, top, left, rows, columns):
        part = small and [
            row[left // scale : left // scale + ceil(columns)]
            for row in small[top // scale : top // scale + ceil(rows)]]
        level, adaptation = group.mixing_level, group.adaptation
        given = [[row[left : left + columns] for row in plane[top : top + rows]] for plane in known]
        values = Tile(model, level, adaptation, coders, rows, columns, part, given).decode()
        return [[pixel[len(known) :] for pixel in row] for row in values]

    if scale > 1:
        size = ceil(width), ceil(height)
        tiles = tiles_of(group, *size)
        small = decode_tiles(tiles, group.small_tiles, 0, blank(*size), decode_small)
    else:
        need(not group.small_tiles, "corrupt: number of sections")
    tiles = tiles_of(group, width, height)
    return decode_tiles(tiles, group.tiles, group.mixing_level, blank(width, height), decode)


def decode_patches(file, group, model):
    """1.8: the patches, and then the graphics around them. [row][column][colour]"""
    need(model.scale == 1 and not has_alpha(group), "corrupt: patches")
    need(not group.small_tiles, "corrupt: number of sections")
    check_bytes(file, group)
    size = extent_of(file, group)
    *patches, whole = tiles_of(group, *size)
    image = blank(*size)

    def decode_patch(coders, top, left, rows, columns):
        level, adaptation = group.mixing_level, group.adaptation
        return Tile(model, level, adaptation, coders, rows, columns, None).decode()

    def decode_rest(coders, top, left, rows, columns):
        return graphics.decode(coders[0], rows, columns, group.planes, False, group, image)

    decode_tiles(patches, group.tiles[:-1], group.mixing_level, image, decode_patch)
    return decode_tiles([whole], group.tiles[-1:], 0, image, decode_rest)


def blank(width, height):
    """[row][column]: None, until a pixel is known."""
    return [[None] * width for _ in range(height)]


def decode_tiles(sections, payloads, level, image, decode):
    """The image, with the pixels of the tiles of some sections: decode(coders, *rectangle)."""
    need(len(payloads) == len(sections), "corrupt: number of sections")
    for tiles, payload in zip(sections, payloads):
        coders = None
        for top, left, rows, columns in tiles:
            coders = coders or lane_coders(level, payload, rows, columns)
            for r, row in enumerate(decode(coders, top, left, rows, columns)):
                image[top + r][left : left + columns] = row
        for coder in coders:
            coder.finish()
    return image

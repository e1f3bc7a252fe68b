"""FORMAT.md, section 0.2: decodeFile and decodeTiles."""
import hashlib, importlib.util

from .basics import MissingCodec, need
from .code_order import is_adaptive
from .container import STORED, read_file
from .groups import BILEVEL, CONSTANT, DEEP, DOUBLED, GRAPHICS, NETWORK, PALETTE, TABLE, tile_grid
from .layers import SIGMOID
from .mapping import apply_mapping, hide
from .metadata import read_metadata
from .stored_png import DEPTHS, check_stored
from .tile import Tile, lane_coders
from .weight_file import read_weights

# The modules of the codecs without a network. Each has
# decode(coder, rows, columns, planes, has_alpha, group), which returns the coded values of a tile,
# [row][column][plane]; `coder` is a RangeDecoder, and `group` has what the header says.
CODECS = {GRAPHICS: "graphics", BILEVEL: "bilevel", DEEP: "deep"}


def digest(data):
    return hashlib.sha256(data).digest()


def decode_file(data, weights):
    """A PNG file that was stored, or the samples as a netpbm file."""
    file = read_file(data)
    if file.kind == STORED:
        need(digest(file.png).startswith(file.digest), "failed digest")
        check_stored(file, file.png)
        return file.png
    entries = read_metadata(file.metadata) if file.metadata is not None else []
    need(file.sample_depth in DEPTHS[file.colour_type], "corrupt: kind of the pixels")
    image = [[file.channels * [0] for _ in range(file.width)] for _ in range(file.height)]
    for group in file.groups:
        planes = None if group.codec == CONSTANT else decode_group(file, group, weights)
        apply_mapping(file, group, planes, image, entries)
    hide(file, image)
    size = -(-file.sample_depth // 8)
    samples = b"".join(
        sample.to_bytes(size, "big") for row in image for pixel in row for sample in pixel)
    need(digest(samples).startswith(file.digest), "failed digest")
    return netpbm(file, samples)


def netpbm(file, samples):
    """A file of type 5, 6 or, with alpha, 7."""
    largest, channels = 2**file.sample_depth - 1, file.channels
    if file.alpha is None:
        kind = 6 if channels == 3 else 5
        return f"P{kind} {file.width} {file.height} {largest}\n".encode() + samples
    return (
        f"P7\nWIDTH {file.width}\nHEIGHT {file.height}\nDEPTH {channels}\nMAXVAL {largest}\n"
        "ENDHDR\n").encode() + samples


def decode_group(file, group, weights):
    """The coded planes of a group, [row][column][plane]."""
    if group.codec == NETWORK:
        need(digest(weights).startswith(group.model), "unknown model")
        model = read_weights(weights)
        check_model(file, group, model)
        return decode_with_network(file, group, model)
    need(not group.small_tiles, "corrupt: number of sections")
    is_deep = file.sample_depth == 16 and group.mapping not in (DOUBLED, PALETTE, TABLE)
    need(group.codec != GRAPHICS or not is_deep, "corrupt: codec for 16 bits")
    codec = codec_module(CODECS[group.codec])

    def decode(coders, top, left, rows, columns):
        return codec.decode(coders[0], rows, columns, group.planes, group.has_alpha, group)

    return decode_tiles(group, group.tiles, 0, file.width, file.height, decode)


def codec_module(name):
    if importlib.util.find_spec(f"{__package__}.{name}") is None:
        raise MissingCodec(f"this decoder has no codec {name}")
    return importlib.import_module(f".{name}", __package__)


def check_model(file, group, model):
    """1.8, rules 10 to 14."""
    depth = file.sample_depth if group.mapping == 0 else 8
    need(model.colours == group.planes, "corrupt: colours of the model")
    need((1 if model.head == SIGMOID else 8) == depth, "corrupt: head of the model")
    adapts = group.mixing_level == 0 or is_adaptive(model)
    need(adapts, "corrupt: mixing with a model that is not adaptive")
    sides = group.tile_width, group.tile_height
    is_whole = sides == (file.width, file.height)
    legal = is_whole or all(side % model.scale == 0 for side in sides)
    need(legal, "corrupt: size of the tiles")


def decode_with_network(file, group, model):
    """[row][column][colour]"""
    scale, small = model.scale, None
    ceil = lambda extent: -(-extent // scale)

    def decode_small(coders, top, left, rows, columns):
        return Tile(model.small, 0, 0, coders, rows, columns, None).decode()

    def decode(coders, top, left, rows, columns):
        part = small and [
            row[left // scale : left // scale + ceil(columns)]
            for row in small[top // scale : top // scale + ceil(rows)]]
        level, adaptation = group.mixing_level, group.adaptation
        return Tile(model, level, adaptation, coders, rows, columns, part).decode()

    if scale > 1:
        size = ceil(file.width), ceil(file.height)
        small = decode_tiles(group, group.small_tiles, 0, *size, decode_small)
    else:
        need(not group.small_tiles, "corrupt: number of sections")
    return decode_tiles(
        group, group.tiles, group.mixing_level, file.width, file.height, decode)


def decode_tiles(group, payloads, level, width, height, decode):
    """The pixels of the tiles of some sections: decode(coders, top, left, rows, columns)."""
    tile_width, tile_height = group.tile_width, group.tile_height
    share = group.tiles_per_section
    across, down = tile_grid(group, width, height)
    need(len(payloads) == -(-across * down // share), "corrupt: number of sections")
    image = [[None] * width for _ in range(height)]
    for section, payload in enumerate(payloads):
        tiles, coders = range(section * share, min((section + 1) * share, across * down)), None
        for tile in tiles:
            top, left = tile // across * tile_height, tile % across * tile_width
            rows, columns = min(tile_height, height - top), min(tile_width, width - left)
            coders = coders or lane_coders(level, payload, rows, columns)
            for r, row in enumerate(decode(coders, top, left, rows, columns)):
                image[top + r][left : left + columns] = row
        for coder in coders:
            coder.finish()
    return image

"""FORMAT.md, section 0.2: decodeFile and decodeTiles."""
import hashlib

from .basics import need
from .code_order import is_adaptive
from .container import METADATA, SMALL_TILE, TILE, check_metadata, read_file, tile_grid
from .layers import SIGMOID
from .stored_png import check_stored
from .tile import Tile, lane_coders
from .weight_file import read_weights


def digest(data):
    return hashlib.sha256(data).digest()[:16]


def decode_file(data, weights):
    """A PNG file that was stored, or the samples as a PPM or PGM file."""
    file = read_file(data)
    if file.kind == 0:
        png = file.sections[0][1]
        need(digest(png) == file.digest, "failed digest")
        check_stored(file, png)
        return png
    if file.sections[0][0] == METADATA:
        check_metadata(file.sections[0][1])
    need(digest(weights) == file.identity, "unknown model")
    model = read_weights(weights)
    check_model(file, model)
    image = decode_image(file, model)
    samples = bytes(value for row in image for pixel in row for value in pixel)
    need(digest(samples) == file.digest, "failed digest")
    kind, largest = 6 if model.colours == 3 else 5, 2**file.sample_depth - 1
    return f"P{kind} {file.width} {file.height} {largest}\n".encode() + samples


def check_model(file, model):
    """1.1, rules 5 to 8."""
    need(model.colours == (3 if file.colour_type else 1), "corrupt: colours of the model")
    need((model.head == SIGMOID) == (file.sample_depth == 1), "corrupt: head of the model")
    adapts = file.mixing_level == 0 or is_adaptive(model)
    need(adapts, "corrupt: mixing with a model that is not adaptive")
    sides = file.tile_width, file.tile_height
    need(all(side % model.scale == 0 for side in sides), "corrupt: size of the tiles")


def decode_image(file, model):
    """[row][column][colour]"""
    scale, small = model.scale, None
    ceil = lambda extent: -(-extent // scale)

    def decode_small(coders, top, left, rows, columns):
        return Tile(model.small, 0, 0, coders, rows, columns, None).decode()

    def decode(coders, top, left, rows, columns):
        part = small and [
            row[left // scale : left // scale + ceil(columns)]
            for row in small[top // scale : top // scale + ceil(rows)]]
        level, adaptation = file.mixing_level, file.adaptation
        return Tile(model, level, adaptation, coders, rows, columns, part).decode()

    if scale > 1:
        size = ceil(file.width), ceil(file.height)
        small = decode_tiles(file, SMALL_TILE, 0, *size, decode_small)
    else:
        count = sum(kind == SMALL_TILE for kind, _ in file.sections)
        need(count == 0, "corrupt: number of sections")
    return decode_tiles(file, TILE, file.mixing_level, file.width, file.height, decode)


def decode_tiles(file, kind, level, width, height, decode):
    """The pixels of the tiles of a kind of section: decode(coders, top, left, rows, columns)."""
    payloads = [payload for section, payload in file.sections if section == kind]
    tile_width, tile_height, share = file.tile_width, file.tile_height, file.tiles_per_section
    across, down = tile_grid(file, width, height)
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

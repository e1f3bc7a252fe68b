"""FORMAT.md, sections 1 to 1.2 and 1.11: the file, its header, its sections, strips."""
import types, zlib

from .basics import Reader, need
from .groups import check_groups, extent_of, read_group, section_count
from .lattice import Lattice

MAGIC = b"\x89PRN"
# What followed the magic in drafts up to version 4.
DRAFT_MARK = b"\r\n\x1a\n"
VERSION = 14
STORED, MODELLED, EXACT, STRIPS = 0, 1, 2, 3
STORED_PNG, METADATA, TILE, SMALL_TILE, RECIPE, PLAIN_METADATA, STRIP = 1, 2, 3, 4, 5, 6, 7
DEFLATED_METADATA, FILM = 8, 9
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def read_file(data):
    """1: the header, with the payloads of the sections."""
    need(data and data[:4] == MAGIC[: len(data)], "not a prn file")
    framing = Reader(data)
    framing.bytes(4)
    if data[4:8] == DRAFT_MARK:
        framing.bytes(5)
        need(False, "draft version")
    version, length = framing.unsigned(1), framing.varint()
    header = Reader(framing.bytes(length), "corrupt: the header ends too early")
    need(zlib.crc32(data[: framing.at]) == framing.unsigned(4), "damaged header")
    need(version <= VERSION, "newer version")
    need(version == VERSION, "draft version")
    need(length <= 2**20, "corrupt: length of the header")
    file = read_header(header)
    read_sections(file, framing)
    need(framing.left == 0, "corrupt: bytes behind the last section")
    return file


def read_sections(file, framing):
    """1.2, rules 1 to 3."""

    def section(kind):
        return read_kind(framing, kind)

    def comes(kind):
        return comes_next(framing, kind)

    if file.kind == STORED:
        file.png = section(STORED_PNG)
        return
    kinds = [kind for kind in (METADATA, PLAIN_METADATA, DEFLATED_METADATA) if comes(kind)]
    file.metadata_kind = kinds[0] if kinds else None
    file.metadata = section(kinds[0]) if kinds else None
    file.recipe = section(RECIPE) if file.kind == EXACT else None
    if file.kind == STRIPS:
        file.strips = [
            read_strip(file, row, section(STRIP), framing)
            for row in range(0, file.height, file.strip_height)]
    for group in file.groups:
        read_group_sections(file, group, framing)
    file.films = [section(FILM) for _ in range(file.film_count)]


def read_group_sections(file, group, framing):
    count = section_count(group, *extent_of(file, group))
    group.small_tiles, group.tiles = [], []
    while count and comes_next(framing, SMALL_TILE):
        group.small_tiles.append(read_kind(framing, SMALL_TILE))
    for _ in range(count):
        group.tiles.append(read_kind(framing, TILE))


def comes_next(framing, kind):
    return framing.left and framing.data[framing.at] == kind


def read_kind(framing, kind):
    found, payload = read_section(framing)
    need(found == kind, "corrupt: kind of a section")
    return payload


def read_strip(file, row, payload, framing):
    """1.11: a modelled image of its own."""
    fields = Reader(payload, "corrupt: the header of a strip ends too early")
    need(fields.varint() == row, "corrupt: the row of a strip")
    length = fields.varint()
    strip = read_header(fields)
    height = min(file.strip_height, file.height - row)
    need(
        (strip.kind, strip.width, strip.height) == (MODELLED, file.width, height)
        and (strip.colour_type, strip.sample_depth) == (file.colour_type, file.sample_depth)
        and not strip.interlaced and not strip.is_pnm and not strip.has_films,
        "corrupt: a strip that is not one of the image")
    sections = Reader(framing.bytes(length), "truncated file")
    for group in strip.groups:
        read_group_sections(strip, group, sections)
    need(sections.left == 0, "corrupt: bytes behind the last section of a strip")
    return strip


def read_section(framing):
    start = framing.at
    kind, length = framing.unsigned(1), framing.varint()
    payload = framing.bytes(length)
    crc = zlib.crc32(framing.data[start : framing.at])
    need(crc == framing.unsigned(4), "damaged section")
    return kind, payload


def read_header(header):
    """1.1"""
    file = types.SimpleNamespace(groups=[])
    kind, file.width, file.height = header.unsigned(1), header.varint(), header.varint()
    file.kind, file.is_pnm, has_films = kind & ~48, kind >> 4 & 1, kind >> 5 & 1
    need(file.kind <= STRIPS, "corrupt: kind of the content")
    pixels = header.unsigned(1)
    file.strip_height = header.varint() if file.kind == STRIPS else 0
    file.film_count = header.varint() if has_films else 0
    file.has_films = has_films
    need(not has_films or file.kind == MODELLED and not file.is_pnm, "corrupt: films")
    file.lattice = Lattice(header.unsigned(1)) if pixels >> 7 else None
    file.colour_type, file.sample_depth = pixels & 7, 1 << (pixels >> 3 & 7)
    file.interlaced = pixels >> 6 & 1
    is_small = file.kind != STORED and file.width * file.height <= 4096
    file.digest = header.bytes(0 if file.kind == STRIPS else 4 if is_small else 8)
    file.file_digest = header.bytes(8 if file.kind == EXACT else 0)
    while header.left:
        file.groups.append(read_group(header))
    need(1 <= file.width < 2**31 and 1 <= file.height < 2**31, "corrupt: size of the image")
    need(file.colour_type in CHANNELS, "corrupt: colour type")
    need(file.sample_depth <= 16, "corrupt: sample depth")
    file.channels = CHANNELS[file.colour_type]
    # The number of the channel alpha, or None.
    file.alpha = file.channels - 1 if file.colour_type in (4, 6) else None
    if file.is_pnm:
        check_pnm(file)
    if file.kind == STORED:
        need(not file.groups and not file.lattice, "corrupt: groups of a stored image")
        return file
    need(file.width * file.height <= 2**40, "corrupt: size of the image")
    if file.kind == STRIPS:
        check_strips(file)
    else:
        check_groups(file)
    return file


def check_pnm(file):
    """1.1, rule 7"""
    is_bits = (file.colour_type, file.sample_depth) == (0, 1)
    need(file.kind != EXACT and not file.interlaced, "corrupt: a PNM file that is exact")
    need(file.colour_type != 3 and (file.sample_depth >= 8 or is_bits), "corrupt: pixels of PNM")


def check_strips(file):
    """1.11, rules 1 to 3."""
    need(not file.groups and not file.lattice and not file.interlaced, "corrupt: header of strips")
    need(1 <= file.strip_height <= file.height, "corrupt: height of strips")
    need(
        file.strip_height == file.height or file.strip_height * file.width >= 2**16,
        "corrupt: height of strips")

"""FORMAT.md, sections 1 to 1.2: the file, its header, its sections."""
import types, zlib

from .basics import Reader, need
from .groups import check_groups, extent_of, read_group, section_count
from .lattice import Lattice

MAGIC = b"\x89PRN"
# What followed the magic in drafts up to version 4.
DRAFT_MARK = b"\r\n\x1a\n"
VERSION = 7
STORED, MODELLED, EXACT = 0, 1, 2
STORED_PNG, METADATA, TILE, SMALL_TILE, RECIPE, PLAIN_METADATA = 1, 2, 3, 4, 5, 6
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
        found, payload = read_section(framing)
        need(found == kind, "corrupt: kind of a section")
        return payload

    def comes(kind):
        return framing.left and framing.data[framing.at] == kind

    if file.kind == STORED:
        file.png = section(STORED_PNG)
        return
    file.plain_metadata = bool(comes(PLAIN_METADATA))
    kind = PLAIN_METADATA if file.plain_metadata else METADATA
    file.metadata = section(kind) if comes(kind) else None
    file.recipe = section(RECIPE) if file.kind == EXACT else None
    for group in file.groups:
        count = section_count(group, *extent_of(file, group))
        group.small_tiles, group.tiles = [], []
        while count and comes(SMALL_TILE):
            group.small_tiles.append(section(SMALL_TILE))
        for _ in range(count):
            group.tiles.append(section(TILE))


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
    file.kind, file.width, file.height = header.unsigned(1), header.varint(), header.varint()
    need(file.kind <= EXACT, "corrupt: kind of the content")
    pixels = header.unsigned(1)
    file.lattice = Lattice(header.unsigned(1)) if pixels >> 7 else None
    file.colour_type, file.sample_depth = pixels & 7, 1 << (pixels >> 3 & 7)
    file.interlaced = pixels >> 6 & 1
    is_small = file.kind != STORED and file.width * file.height <= 4096
    file.digest = header.bytes(4 if is_small else 8)
    file.file_digest = header.bytes(8 if file.kind == EXACT else 0)
    while header.left:
        file.groups.append(read_group(header))
    need(1 <= file.width < 2**31 and 1 <= file.height < 2**31, "corrupt: size of the image")
    need(file.colour_type in CHANNELS, "corrupt: colour type")
    need(file.sample_depth <= 16, "corrupt: sample depth")
    file.channels = CHANNELS[file.colour_type]
    # The number of the channel alpha, or None.
    file.alpha = file.channels - 1 if file.colour_type in (4, 6) else None
    if file.kind == STORED:
        need(not file.groups and not file.lattice, "corrupt: groups of a stored image")
        return file
    need(file.width * file.height <= 2**40, "corrupt: size of the image")
    check_groups(file)
    return file

"""FORMAT.md, section 1.12: PNM and PAM files."""
import re

from .basics import need

BROKEN = "corrupt: the header of a PNM file"
SPACE = rb"(?:[ \t-\r]|#[^\n\r]*[\n\r])"
# Of P4 to P6: numbers, white space and comments between them, and one white byte behind.
NUMBERS = {count: re.compile(
    rb"P[456]" + count * (SPACE + rb"+(\d+)") + rb"(?:#[^\n\r]*)?[ \t-\r]") for count in (2, 3)}
COLOUR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}


def read_header(data):
    """What a header says: bytes of it, width, height, colour type, sample depth."""
    need(data[:2] in (b"P4", b"P5", b"P6", b"P7"), BROKEN)
    if data[:2] == b"P7":
        return read_pam(data)
    found = NUMBERS[2 if data[:2] == b"P4" else 3].match(data)
    need(found, BROKEN)
    numbers = [int(number) for number in found.groups()]
    width, height, *maximum = numbers
    size = found.end()
    if data[:2] == b"P4":
        return size, width, height, 0, 1
    need(1 <= maximum[0] <= 65535, BROKEN)
    return size, width, height, 0 if data[:2] == b"P5" else 2, 16 if maximum[0] > 255 else 8


def read_pam(data):
    fields, at = {}, 3
    need(data[2:3] == b"\n", BROKEN)
    while True:
        end = data.find(b"\n", at)
        need(end >= 0, BROKEN)
        words, at = data[at:end].split(), end + 1
        if not words or words[0].startswith(b"#") or words[0] == b"TUPLTYPE":
            continue
        if words[0] == b"ENDHDR":
            break
        need(len(words) == 2 and words[1].isdigit() and words[0] not in fields, BROKEN)
        fields[words[0]] = int(words[1])
    need(set(fields) == {b"WIDTH", b"HEIGHT", b"DEPTH", b"MAXVAL"}, BROKEN)
    need(fields[b"DEPTH"] in COLOUR_TYPES and 1 <= fields[b"MAXVAL"] <= 65535, BROKEN)
    depth = 16 if fields[b"MAXVAL"] > 255 else 8
    return at, fields[b"WIDTH"], fields[b"HEIGHT"], COLOUR_TYPES[fields[b"DEPTH"]], depth


def checked_header(file, data):
    """Bytes of a header, which is that of the image."""
    need(len(data) <= 2**16, BROKEN)
    size, *kind = read_header(data)
    need(kind == [file.width, file.height, file.colour_type, file.sample_depth], BROKEN)
    return size


def row_bytes(file):
    samples = file.width * file.channels
    return (samples + 7) // 8 if file.sample_depth == 1 else samples * file.sample_depth // 8


def check_stored_pnm(file, data):
    size = checked_header(file, data[: 2**16])
    need(len(data) >= size + row_bytes(file) * file.height, "corrupt: the stored PNM file")


def make_pnm(file, entries, samples):
    """The file of an image, whose samples are bytes."""
    kinds = [kind for kind, _ in entries]
    need(kinds in ([b"PNMh", b"IDAT"], [b"PNMh", b"IDAT", b"IEND"]), "corrupt: metadata of PNM")
    header = entries[0][1]
    need(checked_header(file, header) == len(header), BROKEN)
    if file.sample_depth == 1:
        samples = b"".join(
            packed(samples[row * file.width : (row + 1) * file.width])
            for row in range(file.height))
    return header + samples + (entries[2][1] if len(entries) > 2 else b"")


def packed(row):
    """Bits of a row, of which 1 is black."""
    bits = "".join("0" if sample else "1" for sample in row)
    count = (len(bits) + 7) // 8
    return int(bits.ljust(8 * count, "0"), 2).to_bytes(count, "big")

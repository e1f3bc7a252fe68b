"""FORMAT.md, section 15: the very PNG file of an exact file."""
import types, zlib

from .basics import Reader, need

BROKEN = "corrupt: the recipe"
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
STORED = 64
# 15.2: the first row and column of each pass, and the steps from row to row and column to column.
WHOLE = [(0, 0, 1, 1)]
ADAM7 = [
    (0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2),
    (1, 0, 2, 1)]


def make_png(file, recipe, image, entries):
    """15.6: the PNG file of the samples [row][column][channel], by the entry of the section.

    `entries` are those of the metadata, pairs of type and data.
    """
    recipe = read_recipe(recipe)
    stream = patched(recipe, stream_of(recipe, rows_of(file, recipe, image)))
    entries = entries or [(b"IDAT", b"")]
    mark = [kind for kind, _ in entries].index(b"IDAT")
    header = file.width.to_bytes(4, "big") + file.height.to_bytes(4, "big") + bytes(
        [file.sample_depth, file.colour_type, 0, 0, recipe.flags & 1])
    chunks, trailing = [(b"IHDR", header)], b""
    chunks += entries[:mark] + [(b"IDAT", data) for data in cut(recipe, stream)]
    for kind, data in entries[mark + 1 :]:
        if kind == b"IEND":
            trailing = data
        else:
            chunks.append((kind, data))
    chunks.append((b"IEND", b""))
    return PNG_SIGNATURE + b"".join(chunk(*pair) for pair in chunks) + trailing


def chunk(kind, data):
    need(len(data) < 2**31, BROKEN)
    crc = zlib.crc32(kind + data)
    return len(data).to_bytes(4, "big") + kind + data + crc.to_bytes(4, "big")


def read_recipe(entry):
    """15.1: the fields of the entry, which is the bytes of one."""
    outer = Reader(entry, BROKEN)
    need(outer.bytes(4) == b"fLTr", BROKEN)
    reader = Reader(outer.bytes(outer.varint()), BROKEN)
    need(not outer.left, BROKEN)

    def elements(element):
        count = reader.varint()
        need(count <= reader.left, BROKEN)
        return [element() for _ in range(count)]

    def byte():
        return reader.unsigned(1)

    def positions(last):
        result = []
        for distance in elements(reader.varint):
            last += distance + 1
            result.append(last)
        return result

    r = types.SimpleNamespace(types=None, exceptions={}, padding=[], header=None, runs=None)
    r.flags, r.filters = byte(), byte()
    need(r.flags < 128 and r.filters < 128, BROKEN)
    if r.filters == 0:
        r.types = elements(byte)
    else:
        need(r.filters & 31, BROKEN)
        rows = positions(-1) if r.filters & 64 else []
        r.exceptions = dict(zip(rows, reader.bytes(len(rows))))
    need(all(kind < 5 for kind in r.types or r.exceptions.values()), BROKEN)
    if r.flags & 2:
        r.padding = elements(byte)
    if r.flags & 4:
        r.header = reader.bytes(2)
    if r.flags & STORED:
        need(not r.flags & 8, BROKEN)
        r.runs = elements(lambda: (reader.varint(), reader.varint()))
        need(all(length < 65536 and count > 0 for length, count in r.runs), BROKEN)
    else:
        first, second = byte(), byte()
        r.level, r.strategy, r.memory = first & 15, first >> 4, second & 15
        r.window = 8 + (second >> 4)
        need(1 <= r.level <= 9 and r.strategy < 5 and 1 <= r.memory <= 9, BROKEN)
        need(9 <= r.window <= 15, BROKEN)
    r.flush_kind, r.flush_interval, r.flushes = 2, 0, []
    if r.flags & 8:
        r.flush_kind, r.flush_interval = byte(), reader.varint()
        need(1 <= r.flush_kind <= 3, BROKEN)
        r.flushes = [] if r.flush_interval else positions(0)
    is_list = r.flags & 32
    r.lengths = elements(reader.varint) if is_list else None
    r.length = None if is_list else reader.varint()
    need(all(length < 2**31 for length in r.lengths or ()), BROKEN)
    r.growth, r.patches = 0, []
    if r.flags & 16:
        growth = reader.varint()
        r.growth = -(growth + 1 >> 1) if growth & 1 else growth >> 1
        r.patches = elements(lambda: (reader.varint(), reader.bytes(reader.varint())))
    need(not reader.left, BROKEN)
    return r


def rows_of(file, recipe, image):
    """15.2 and 15.3: each row with the number of its filter, filtered."""
    bits, result = file.channels * file.sample_depth, []
    step = max(1, bits // 8)
    for top, left, down, across in ADAM7 if recipe.flags & 1 else WHOLE:
        prior = None
        if left >= file.width:
            continue
        for row in image[top::down]:
            bare = packed(row[left::across], file.sample_depth)
            if recipe.padding:
                need(len(result) < len(recipe.padding), BROKEN)
                unused = (1 << -(bits * len(row[left::across])) % 8) - 1
                bare[-1] |= recipe.padding[len(result)] & unused
            prior = prior or bytes(len(bare))
            result.append(filtered_row(recipe, len(result), bare, prior, step))
            prior = bare
    need(len(recipe.padding) in (0, len(result)), BROKEN)
    need(recipe.types is None or len(recipe.types) == len(result), BROKEN)
    need(max(recipe.exceptions, default=0) < len(result), BROKEN)
    return result


def packed(pixels, depth):
    """The bytes of a row, the bits behind it 0."""
    number = count = 0
    for pixel in pixels:
        for sample in pixel:
            number = number << depth | sample
            count += depth
    return bytearray((number << -count % 8).to_bytes((count + 7) // 8, "big"))


def filtered_row(recipe, index, row, prior, step):
    candidates = recipe.filters & 31
    if recipe.types is not None:
        need(index < len(recipe.types), BROKEN)
        kind = recipe.types[index]
    elif index in recipe.exceptions:
        kind = recipe.exceptions[index]
    elif candidates & candidates - 1 == 0:
        kind = candidates.bit_length() - 1
    else:
        order = (0, 2, 1, 3, 4) if recipe.filters & 32 else range(5)
        tried = [kind for kind in order if candidates >> kind & 1]
        # `min` takes the first of equal ones.
        kind = min(tried, key=lambda k: magnitudes(filtered(k, row, prior, step)))
    return bytes([kind]) + filtered(kind, row, prior, step)


def magnitudes(filtered_bytes):
    return sum(min(byte, 256 - byte) for byte in filtered_bytes)


def filtered(kind, row, prior, step):
    result = bytearray()
    for i, byte in enumerate(row):
        left, corner = (row[i - step], prior[i - step]) if i >= step else (0, 0)
        above = prior[i]
        guess = (0, left, above, (left + above) // 2, paeth(left, above, corner))[kind]
        result.append(byte - guess & 255)
    return bytes(result)


def paeth(left, above, corner):
    guess = left + above - corner
    return min((left, above, corner), key=lambda value: abs(guess - value))


def stream_of(recipe, rows):
    """15.4: header, deflate stream and checksum."""
    checksum = zlib.adler32(b"".join(rows)).to_bytes(4, "big")
    deflated = stored(recipe, rows) if recipe.flags & STORED else with_zlib(recipe, rows)
    return bytearray((recipe.header or own_header(recipe)) + deflated + checksum)


def own_header(recipe):
    window, level = 15, 0
    if not recipe.flags & STORED:
        window = recipe.window
        if recipe.strategy < 2 and recipe.level > 1:
            level = 1 if recipe.level < 6 else 2 if recipe.level == 6 else 3
    word = ((window - 8) << 4 | 8) << 8 | level << 6
    return (word + 31 - word % 31).to_bytes(2, "big")


def stored(recipe, rows):
    data, at, blocks = b"".join(rows), 0, []
    count = sum(count for _, count in recipe.runs)
    need(1 <= count <= len(data) // 16 + 64, BROKEN)
    need(sum(length * count for length, count in recipe.runs) == len(data), BROKEN)
    for length in (length for length, count in recipe.runs for _ in range(count)):
        head = bytes([len(blocks) == count - 1])
        head += length.to_bytes(2, "little") + (65535 - length).to_bytes(2, "little")
        blocks.append(head + data[at : at + length])
        at += length
    return b"".join(blocks)


def with_zlib(recipe, rows):
    size, flushes = sum(map(len, rows)), recipe.flushes
    interval, most = recipe.flush_interval, size // 256 + 16
    count = (size - 1) // interval if interval else len(flushes)
    need(count <= most and max(flushes, default=0) <= size, BROKEN)
    if interval:
        flushes = range(interval, size, interval)
    flushes = iter(flushes)
    due, at = next(flushes, None), 0
    deflater = zlib.compressobj(
        recipe.level, zlib.DEFLATED, -recipe.window, recipe.memory, recipe.strategy)
    result = b""
    for row in rows:
        while due is not None and due <= at + len(row):
            part, row = row[: due - at], row[due - at :]
            result += deflater.compress(part) + deflater.flush(recipe.flush_kind)
            due, at = next(flushes, None), due
        if row:
            result += deflater.compress(row)
            at += len(row)
    return result + deflater.flush()


def patched(recipe, stream):
    """15.5"""
    size = len(stream) + recipe.growth
    need(0 <= size <= len(stream) + sum(len(data) for _, data in recipe.patches), BROKEN)
    stream = stream[:size].ljust(size, b"\0")
    end = 0
    for distance, data in recipe.patches:
        start, end = end + distance, end + distance + len(data)
        need(end <= size, BROKEN)
        stream[start:end] = data
    return bytes(stream)


def cut(recipe, stream):
    """15.6, step 4: the data of the IDAT chunks."""
    if recipe.lengths is None:
        step = recipe.length or max(len(stream), 1)
        return [stream[at : at + step] for at in range(0, max(len(stream), 1), step)]
    need(sum(recipe.lengths) == len(stream), BROKEN)
    at, result = 0, []
    for length in recipe.lengths:
        result.append(stream[at : at + length])
        at += length
    return result

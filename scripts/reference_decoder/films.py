"""FORMAT.md, section 1.13: the frames of an animation."""
from .basics import Reader, need
from .container import MODELLED, read_file


def frames_of(entries):
    """Width, height and data of each frame that the metadata has."""
    frames, control, sees_image, before = [], None, False, 0
    for kind, data in entries:
        if kind == b"IDAT":
            sees_image = True
        elif kind == b"fcTL":
            need(len(data) == 26 and data[:4] == bytes(4), "corrupt: fcTL")
            size = tuple(int.from_bytes(data[at : at + 4], "big") for at in (4, 8))
            need(all(1 <= side < 2**31 for side in size), "corrupt: size of a frame")
            before += not sees_image
            need(before <= 1 and control is None, "corrupt: order of fcTL")
            control = size if sees_image else None
        elif kind == b"fdAT":
            need(control, "corrupt: fdAT")
            frames.append((*control, data))
            control = None
    need(frames and control is None, "corrupt: a frame is missing")
    return frames


def sizes_in_films(file, entries):
    """The sizes of the frames that films have; the others are ones that were before."""
    sizes, frames = [(file.width, file.height)], frames_of(entries)
    filmed = []
    for number, (width, height, data) in enumerate(frames, 1):
        if data:
            reader = Reader(data, "corrupt: data of fdAT")
            distance = reader.varint()
            need(reader.left == 0 and 1 <= distance <= number, "corrupt: data of fdAT")
            need(sizes[number - distance] == (width, height), "corrupt: a frame of another size")
        else:
            filmed.append((width, height))
        sizes.append((width, height))
    return filmed


def check_films(file, entries, decode):
    """The rules of 1.13; decode(film) decodes the image of a film."""
    if not file.has_films:
        return
    sizes, films = sizes_in_films(file, entries), []
    for payload in file.films:
        film = read_file(payload)
        need(
            film.kind == MODELLED and not film.is_pnm and not film.interlaced
            and (film.colour_type, film.sample_depth) == (file.colour_type, file.sample_depth)
            and film.metadata is None and not film.has_films,
            "corrupt: a film of another kind")
        width, height = 0, 0
        while sizes and height < film.height:
            columns, rows = sizes.pop(0)
            width, height = max(width, columns), height + rows
        need((width, height) == (film.width, film.height), "corrupt: size of a film")
        films.append(film)
    need(not sizes, "corrupt: frames in no film")
    for film in films:
        decode(film)

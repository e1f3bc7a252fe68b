"""FORMAT.md, section 1.13: the frames of an animation."""
from .basics import need
from .container import MODELLED, read_file


def frame_sizes(entries):
    """Width and height of each frame that the metadata has."""
    sizes, control, sees_image, before = [], None, False, 0
    for kind, data in entries:
        if kind == b"IDAT":
            sees_image = True
        elif kind == b"fcTL":
            need(len(data) == 26 and data[:4] == bytes(4), "corrupt: fcTL")
            size = [int.from_bytes(data[at : at + 4], "big") for at in (4, 8)]
            need(all(1 <= side < 2**31 for side in size), "corrupt: size of a frame")
            before += not sees_image
            need(before <= 1 and control is None, "corrupt: order of fcTL")
            control = size if sees_image else None
        elif kind == b"fdAT":
            need(not data and control, "corrupt: fdAT")
            sizes.append(control)
            control = None
    need(control is None, "corrupt: a frame is missing")
    return sizes


def check_films(file, entries, decode):
    """The rules of 1.13; decode(film) decodes the image of a film."""
    if not file.films:
        return
    sizes = frame_sizes(entries)
    need(sizes, "corrupt: films of no animation")
    for payload in file.films:
        film = read_file(payload)
        need(
            film.kind == MODELLED and not film.is_pnm and not film.interlaced
            and (film.colour_type, film.sample_depth) == (file.colour_type, file.sample_depth)
            and film.metadata is None and not film.film_count,
            "corrupt: a film of another kind")
        height = 0
        while sizes and height < film.height:
            width, rows = sizes.pop(0)
            need(width <= film.width, "corrupt: width of a film")
            height += rows
        need(height == film.height, "corrupt: height of a film")
        decode(film)
    need(not sizes, "corrupt: frames in no film")

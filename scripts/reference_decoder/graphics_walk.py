"""FORMAT.md, section 11.7: the walk of a literal's value."""


def walk(centre, ask):
    """The value. ask(node, sort, ones, zeros) takes lists of intervals [low, high) of values."""
    if ask(0, 0, [(centre, centre + 1)], [(0, centre), (centre + 1, 256)]):
        return centre
    above = centre == 0
    if 0 < centre < 255:
        above = ask(1, 1, [(centre + 1, 256)], [(0, centre + 1)])
    side, most = (0, 255 - centre) if above else (1, centre)

    def values(near, far):
        """Of these magnitudes."""
        return [(centre + near, centre + far + 1) if above else (centre - far, centre - near + 1)]

    near, size, bucket = 1, 1, 0
    while near + size <= most:
        inside, behind = values(near, near + size - 1), values(near + size, most)
        node, sort = 2 + 7 * side + min(bucket, 6), min(2 + bucket, 9)
        if ask(node, sort, inside, behind):
            break
        near, bucket = near + size, bucket + 1
        size *= 2 if bucket >= 2 else 1
    far, depth, upper = min(near + size - 1, most), 0, 0
    while near < far:
        middle = near + far >> 1
        if depth == 0:
            node = 16 + 2 * (bucket - 2) + side
        elif depth == 1:
            node = 28 + 4 * (bucket - 3) + 2 * upper + side
        else:
            node = 46 + depth
        sort = 10 + (node - 16 >> 2) if node < 28 else 13 if node < 48 else 14
        upper = ask(node, sort, values(middle + 1, far), values(near, middle))
        if upper:
            near = middle + 1
        else:
            far = middle
        depth += 1
    return centre + near if above else centre - near

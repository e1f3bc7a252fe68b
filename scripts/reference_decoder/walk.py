"""FORMAT.md, section 8.5: the walk, the decisions that a value is coded as."""


def walk(centre, decide):
    """The value. decide(node, sort, ones, zeros) takes lists of intervals [low, high) of values."""
    if decide(0, 0, [(centre, centre + 1)], [(0, centre), (centre + 1, 256)]):
        return centre
    if 0 < centre < 255:
        above = decide(1, 1, [(centre + 1, 256)], [(0, centre)])
    else:
        above = centre == 0
    side = 0 if above else 1

    def span(near, far):
        """The values of some magnitudes."""
        return [(centre + near, centre + far + 1) if above else (centre - far, centre - near + 1)]

    # 3: the bucket, and what magnitudes are in it.
    near, far, size, bucket = 1, 255 - centre if above else centre, 1, 0
    while near + size <= far:
        node = 2 + 4 * side + bucket if bucket <= 3 else 16
        inside, behind = span(near, near + size - 1), span(near + size, far)
        if decide(node, 4 + bucket, inside, behind):
            far = near + size - 1
            break
        near, bucket = near + size, bucket + 1
        size *= 2 if bucket >= 2 else 1
    # 4: halves.
    questions = 0
    while near < far:
        middle = near + far >> 1
        if questions == 0:
            node = {2: 10, 3: 12}.get(bucket, 14) + side
        else:
            node = min(16 + questions, 19)
        if decide(node, 15, span(middle + 1, far), span(near, middle)):
            near = middle + 1
        else:
            far = middle
        questions += 1
    return centre + near if above else centre - near

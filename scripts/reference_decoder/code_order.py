"""FORMAT.md, section 2: the code order and the fixed predictions."""
from .basics import clamp

RAW, COLOUR_MED, ADAPTIVE, ADAPTIVE_WIDE, ADAPTIVE_WIDEST = range(5)
PIXEL_CNN, ROW_LSTM, DIAGONAL_BILSTM = range(3)


def is_adaptive(model):
    return model.symbolCentre >= ADAPTIVE


def dilation(model, block):
    return 1 << block % model.dilationCycle


def largest_dilation(model):
    return max((dilation(model, block) for block in range(model.blocks)), default=1)


def shear(model, columns):
    if model.body == DIAGONAL_BILSTM:
        return columns
    if is_adaptive(model):
        return 4
    reach = model.kernelSize - 1 >> 1
    return max(reach, largest_dilation(model) if model.body == ROW_LSTM else 0) + 1


def rows_of(t, rows, columns, shear):
    """The rows of diagonal t, in code order."""
    first = 0 if t < columns else (t - columns) // shear + 1
    return range(first, min(t // shear + 1, rows))


def med(west, north, corner):
    low, high = min(west, north), max(west, north)
    return low if corner >= high else high if corner <= low else west + north - corner


def fixed_prediction(model, values, c, r, q):
    """`values` are [row][column][colour]."""
    if model.symbolCentre == RAW:
        return 0

    def u(r, q):
        pixel = values[r][q]
        return pixel[c] - pixel[c - 1] if c else pixel[c]

    if r and q:
        guess = med(u(r, q - 1), u(r - 1, q), u(r - 1, q - 1))
    elif q:
        guess = u(r, q - 1)
    elif r:
        guess = u(r - 1, q)
    else:
        guess = 0 if c else 128
    return clamp(guess + values[r][q][c - 1], 0, 255) if c else guess

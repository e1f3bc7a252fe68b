"""Images of numpy and of Pillow, as pixels and back. Both modules are imported where needed."""

import sys

from . import _calls, _errors
from ._calls import Pixels

# Modes of Pillow with samples of 8 bits, by channels.
_MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}


def encode(image, **options):
    """The prn file of an image.

    image: a numpy array of uint8 or uint16, [row, column] of gray or [row, column, channel] of 1
      to 4 channels (gray, gray and alpha, RGB, RGBA); or a Pillow image of mode 1, L, LA, P, PA,
      RGB, RGBA, I;16, or I with values of 16 bits; or Pixels.
    Options: see the module. Raises Error, and TypeError for what is no such image.
    """
    if isinstance(image, Pixels):
        return _calls.encode_pixels(image, **options)
    if hasattr(image, "tobytes") and hasattr(image, "getbands"):
        return _calls.encode_pixels(from_pillow(image), **options)
    if hasattr(image, "__array_interface__") or hasattr(image, "__array__"):
        return _encode_array(image, options)
    raise TypeError(f"an image is an array, a Pillow image or Pixels, not {type(image).__name__}")


def decode(prn, region=None, **options):
    """A prn file as a numpy array.

    prn: bytes, or what has a buffer of bytes; any bytes may be given.
    region: x, y, width, height inside the image; None for all of it.
    Options: see the module.
    Returns [row, column] of gray images, else [row, column, channel]; uint8, or uint16 of images
    with samples of 16 bits. Raises Error.
    """
    import numpy

    pixels = _calls.pixels(prn, region, **options)
    shape = (pixels.height, pixels.width) + ((pixels.channels,) if pixels.channels > 1 else ())
    array = numpy.frombuffer(pixels.data, ">u2" if pixels.depth == 16 else "u1").reshape(shape)
    # A copy of its own, in the machine's order of bytes, that can be written.
    return array.astype("u2" if pixels.depth == 16 else "u1")


def open(file, region=None, **options):
    """A prn file as a Pillow image.

    file: a path, or a file that is open for reading bytes.
    region: x, y, width, height inside the image; None for all of it.
    Options: see the module.
    Pillow has no images of several channels of 16 bits: of these it gets the high bytes, as of PNG
    files; `decode` gives all. Raises Error, OSError.
    """
    import builtins

    if hasattr(file, "read"):
        prn = file.read()
    else:
        with builtins.open(file, "rb") as opened:
            prn = opened.read()
    return to_pillow(_calls.pixels(prn, region, **options))


def to_pillow(pixels):
    """Pixels as a Pillow image."""
    from PIL import Image

    mode, data = mode_and_bytes(pixels)
    return Image.frombytes(mode, (pixels.width, pixels.height), data)


def mode_and_bytes(pixels):
    """The mode that Pillow has for pixels, and their bytes in that."""
    if pixels.depth == 8:
        return _MODES[pixels.channels], pixels.data
    if pixels.channels == 1:
        return "I;16", _swapped(pixels.data)
    return _MODES[pixels.channels], pixels.data[0::2]


def from_pillow(image):
    """A Pillow image as Pixels."""
    if image.mode == "1":
        image = image.convert("L")
    elif image.mode == "PA" or (image.mode == "P" and _is_transparent(image)):
        image = image.convert("RGBA")
    elif image.mode == "P":
        image = image.convert("RGB")
    elif image.mode in ("L", "RGB") and "transparency" in image.info:
        image = image.convert({"L": "LA", "RGB": "RGBA"}[image.mode])
    width, height = image.size
    for channels, mode in _MODES.items():
        if image.mode == mode:
            return Pixels(width, height, channels, 8, image.tobytes())
    if image.mode == "I;16B":
        return Pixels(width, height, 1, 16, image.tobytes())
    if image.mode in ("I;16", "I;16L"):
        return Pixels(width, height, 1, 16, _swapped(image.tobytes()))
    if image.mode == "I":
        return Pixels(width, height, 1, 16, _from_integers(image.tobytes()))
    raise TypeError(f"mode {image.mode} of Pillow has no samples of 8 or 16 bits; convert it first")


def _is_transparent(image):
    return "transparency" in image.info or (image.palette and image.palette.mode == "RGBA")


def _swapped(data):
    """Bytes of 16-bit numbers, each in the other order."""
    swapped = bytearray(len(data))
    swapped[0::2], swapped[1::2] = data[1::2], data[0::2]
    return bytes(swapped)


def _from_integers(data):
    """32-bit integers in the machine's order as 16-bit ones, high byte first."""
    if sys.byteorder == "big":
        high, parts = data[0::4] + data[1::4], (data[2::4], data[3::4])
    else:
        high, parts = data[3::4] + data[2::4], (data[1::4], data[0::4])
    if any(high):
        raise _errors.InvalidArgument("values of mode I that do not fit into 16 bits")
    samples = bytearray(len(data) // 2)
    samples[0::2], samples[1::2] = parts
    return bytes(samples)


def _encode_array(image, options):
    import numpy

    array = numpy.asarray(image)
    if array.dtype.kind != "u" or array.dtype.itemsize > 2:
        raise TypeError(f"samples are uint8 or uint16, not {array.dtype}")
    if array.ndim not in (2, 3) or array.size == 0:
        raise _errors.InvalidArgument(
            f"an image is [row, column] or [row, column, channel], not of shape {array.shape}")
    depth = 8 * array.dtype.itemsize
    samples = numpy.ascontiguousarray(array, ">u2" if depth == 16 else "u1")
    channels = array.shape[2] if array.ndim == 3 else 1
    pixels = Pixels(array.shape[1], array.shape[0], channels, depth, b"")
    return _calls.encode_pixels(pixels, samples.ctypes.data, **options)

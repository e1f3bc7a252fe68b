"""Calls of libprnzip with bytes, and with pixels as bytes: no other module is needed."""

import ctypes
from dataclasses import dataclass
from typing import Optional, Tuple

from . import _errors, _library
from ._library import GroupStructure, InfoStructure, Options, PixelStructure, Progress, Region

EFFORTS = {"default": 0, "instant": 1, "fast": 2, "best": 3}
_MESSAGE_SIZE = 512


@dataclass(frozen=True)
class Pixels:
    """Pixels: rows from the top, in each the pixels from the left, of each pixel its samples."""
    width: int
    height: int
    # 1 gray, 2 gray and alpha, 3 RGB, 4 RGBA.
    channels: int
    # Bits of a sample, 8 or 16.
    depth: int
    # width * height * channels * depth / 8 bytes; of 16 bits, the high byte first.
    data: bytes


@dataclass(frozen=True)
class Group:
    """A group of channels that are coded together."""
    # In letters: R, G, B, Y (gray, luma), A (alpha), I (palette), C (chroma), and r, g, b
    # (corrections).
    channels: str
    # "network", "graphics", "bilevel" ...
    codec: str
    # The model's name; None without a network, or if the library does not have it.
    model: Optional[str]
    # Bytes of the file.
    bytes: int
    tiles: int


@dataclass(frozen=True)
class Info:
    """What can be told of a prn file without decoding it."""
    width: int
    height: int
    # Samples of a pixel; 1 of a palette's index.
    channels: int
    # Bits of a sample: 1, 2, 4, 8 or 16.
    depth: int
    # PNG's: 0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGBA.
    colour_type: int
    # False if the PNG file is stored.
    is_modelled: bool
    # Whether the very PNG file comes back.
    is_exact: bool
    is_interlaced: bool
    strips: int
    groups: Tuple[Group, ...]
    file_bytes: int
    metadata_bytes: int
    # Columns and rows of the small image of a multi-scale model; None without one.
    small_size: Optional[Tuple[int, int]]
    # Whether the file that comes back is a PNM or PAM file.
    is_pnm: bool
    # Frames of an animation that are coded as images, and their bytes.
    frame_count: int
    frame_bytes: int

    @property
    def models(self):
        """The names of the models that the file needs."""
        return tuple(dict.fromkeys(group.model for group in self.groups if group.model))


def compress(png, **options):
    """The prn file of a PNG file of any kind, or of a binary PNM or PAM file.

    png: bytes, or what has a buffer of bytes.
    exact: whether the very PNG file comes back, not only its pixels and chunks.
    Other options: see the module. Raises Error.
    """
    png = _as_bytes(png)
    with _Call(options, ("effort", "exact", "verify")) as call:
        return call.result("prnzip_compress", png, len(png), call.options)


def decompress(prn, **options):
    """The file that a prn file was made of: PNG, PNM or PAM.

    prn: bytes, or what has a buffer of bytes; any bytes may be given.
    pixels_only: write a new PNG file even where the very one could be made again.
    Other options: see the module. Raises Error.
    """
    prn = _as_bytes(prn)
    with _Call(options, ("pixels_only",)) as call:
        return call.result("prnzip_decompress", prn, len(prn), call.options)


def encode_pixels(pixels, address=None, **options):
    """The prn file of Pixels. With `address`, their data are so many bytes there."""
    size = pixels.width * pixels.height * pixels.channels * (pixels.depth // 8)
    if address is None:
        data = _as_bytes(pixels.data)
        if len(data) != size:
            raise _errors.InvalidArgument(f"pixels have {len(data)} bytes, not {size}")
        address = ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p)
    with _Call(options, ("effort", "verify")) as call:
        for name in ("width", "height", "channels", "depth"):
            _check_uint32(f"pixels.{name}", getattr(pixels, name))
        structure = PixelStructure(
            address, size, 0, pixels.width, pixels.height, pixels.channels, pixels.depth)
        return call.result("prnzip_encode", ctypes.byref(structure), call.options)


def pixels(prn, region=None, **options):
    """Pixels of a prn file, as viewers show them: palettes are looked up, samples of fewer than 8
    bits are spread over 8, and what tRNS makes transparent has an alpha of 0.

    prn: bytes, or what has a buffer of bytes; any bytes may be given.
    region: x, y, width, height inside the image; None for all of it.
    Other options: see the module. Raises Error.
    """
    prn = _as_bytes(prn)
    part = None
    if region is not None:
        region = tuple(region)
        if len(region) != 4:
            raise _errors.InvalidArgument(f"a region is x, y, width, height, not {region}")
        for name, value in zip(("x", "y", "width", "height"), region):
            _check_uint32(f"region: {name}", value)
        part = ctypes.byref(Region(*map(int, region)))
    found = PixelStructure()
    with _Call(options, ()) as call:
        call.run("prnzip_decode", prn, len(prn), part, call.options, ctypes.byref(found))
        try:
            data = ctypes.string_at(found.data, found.size)
        finally:
            call.library.prnzip_free(found.data)
    return Pixels(found.width, found.height, found.channels, found.depth, data)


def info(prn, max_memory=0):
    """What can be told of a prn file without decoding it; checks its checksums.

    prn: bytes, or what has a buffer of bytes; any bytes may be given.
    Returns Info. Raises Error.
    """
    prn = _as_bytes(prn)
    found = ctypes.POINTER(InfoStructure)()
    with _Call({"max_memory": max_memory}, ()) as call:
        call.run("prnzip_read_info", prn, len(prn), call.options, ctypes.byref(found))
        try:
            return _info(found.contents)
        finally:
            call.library.prnzip_free(found)


def _info(found):
    groups = tuple(_group(found.groups[index]) for index in range(found.group_count))
    small = (found.small_width, found.small_height) if found.small_width else None
    return Info(
        found.width, found.height, found.channels, found.depth, found.colour_type,
        bool(found.is_modelled), bool(found.is_exact), bool(found.is_interlaced), found.strips,
        groups, found.file_bytes, found.metadata_bytes, small, bool(found.is_pnm),
        found.frame_count, found.frame_bytes)


def _group(found: GroupStructure):
    model = found.model.decode() if found.model is not None else None
    return Group(
        found.channels.decode(), found.codec.decode(), model, found.bytes, found.tiles)


def _as_bytes(data):
    return data if isinstance(data, bytes) else bytes(memoryview(data))


def _check_uint32(name, value):
    if not 0 <= int(value) < 1 << 32:
        raise _errors.InvalidArgument(f"{name} is {value}")


class _Call:
    """A call with its options and its message."""

    def __init__(self, options, names):
        self.library = _library.library()
        self._message = ctypes.create_string_buffer(_MESSAGE_SIZE)
        self._raised = None
        self._options = Options(size=ctypes.sizeof(Options))
        self._fill(dict(options), names)
        self.options = ctypes.byref(self._options)

    def _fill(self, options, names):
        """Takes the options of all calls, and those of `names`."""
        effort = options.pop("effort", "default") if "effort" in names else "default"
        if effort not in EFFORTS:
            raise _errors.InvalidArgument(f"effort is {effort!r}, not one of {', '.join(EFFORTS)}")
        self._options.effort = EFFORTS[effort]
        for name in ("exact", "verify", "pixels_only"):
            if name in names:
                setattr(self._options, name, int(bool(options.pop(name, False))))
        for name, bits in (
                ("threads", 32), ("max_pixels", 64), ("max_memory", 64), ("max_result", 64)):
            value = int(options.pop(name, 0))
            if not 0 <= value < 1 << bits:
                raise _errors.InvalidArgument(f"{name} is {value}")
            setattr(self._options, name, value)
        progress = options.pop("progress", None)
        if options:
            raise TypeError(f"unknown option: {', '.join(options)}")
        if progress is not None:
            self._options.progress = Progress(lambda share, _: self._report(progress, share))

    def _report(self, progress, share):
        try:
            progress(share)
            return 0
        except BaseException as error:  # Comes out of the call, whatever it is.
            self._raised = error
            return 1

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # The structure and the function refer to this call.
        self._options = self.options = None

    def run(self, name, *arguments):
        """Calls a function; the message is the last argument. Raises Error."""
        function = getattr(self.library, name)
        status = function(*arguments, self._message, _MESSAGE_SIZE)
        if self._raised is not None:
            raise self._raised
        if status != 0:
            raise _errors.of_status(status, self._message.value.decode("utf-8", "replace"))

    def result(self, name, *arguments):
        """The bytes that a function gives. Raises Error."""
        data, size = ctypes.c_void_p(), ctypes.c_size_t()
        self.run(name, *arguments, ctypes.byref(data), ctypes.byref(size))
        try:
            return ctypes.string_at(data, size.value)
        finally:
            self.library.prnzip_free(data)

"""prnzip: lossless compression of PNG files, and of pixels in memory.

    prn = prnzip.compress(png)          # bytes of a PNG file
    png = prnzip.decompress(prn)
    prn = prnzip.encode(array)          # a numpy array, a Pillow image or Pixels
    array = prnzip.decode(prn, region=(x, y, width, height))
    image = prnzip.open("photo.prn")    # a Pillow image
    prnzip.info(prn).width

Options of all that compresses: effort ("instant", "fast", "default" or "best"), verify. Of all
calls: threads (0 for all processors), max_pixels, max_memory, max_result (bytes; 0 for the
defaults), and progress, a function of the share done, 0 to 1. What it raises cancels the call, and
comes out of it. Calls do not hold the interpreter's lock, and may run on several threads.
"""

from ._calls import Group, Info, Pixels, compress, decompress, info, pixels
from ._errors import (
    BadPNG, Cancelled, Corrupt, Error, InternalError, InvalidArgument, LibraryNotFound,
    LimitExceeded, NotPRN, NotReproducible, OutOfMemory, Truncated, UnknownModel,
    UnsupportedVersion)
from ._images import decode, encode, open
from ._library import format_version, library_version

__version__ = "0.1.0"

__all__ = [
    "BadPNG", "Cancelled", "Corrupt", "Error", "Group", "Info", "InternalError", "InvalidArgument",
    "LibraryNotFound", "LimitExceeded", "NotPRN", "NotReproducible", "OutOfMemory", "Pixels",
    "Truncated", "UnknownModel", "UnsupportedVersion", "compress", "decode", "decompress",
    "encode", "format_version", "info", "library_version", "open", "pixels"]

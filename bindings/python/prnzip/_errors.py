"""What calls can fail with: a class for each status of prnzip.h."""


class Error(Exception):
    """All that libprnzip fails with. Its text is one line."""


class InvalidArgument(Error, ValueError):
    """An argument, an option or a region that cannot be."""


class Cancelled(Error):
    """The call was cancelled. A progress function may raise it."""


class BadPNG(Error, ValueError):
    """Neither a PNG file nor a PNM or PAM file, or a damaged one."""


class NotPRN(Error, ValueError):
    """Not a prn file."""


class UnsupportedVersion(Error):
    """A prn file of a version of the format that the library does not read."""


class Truncated(Error, ValueError):
    """A prn file that ends too early."""


class Corrupt(Error, ValueError):
    """A damaged prn file."""


class UnknownModel(Error):
    """A prn file of a model that the library does not have."""


class LimitExceeded(Error):
    """More pixels, memory or bytes than the options allow."""


class OutOfMemory(Error, MemoryError):
    """There is not as much memory as it takes."""


class NotReproducible(Error):
    """The pixels are right, but the very PNG file is not made here; see pixels_only."""


class InternalError(Error):
    """A defect of the library or the machine."""


class LibraryNotFound(Error, OSError):
    """There is no libprnzip, or none of the version that this module needs."""


_CLASSES = {
    1: InvalidArgument, 2: Cancelled, 3: BadPNG, 4: NotPRN, 5: UnsupportedVersion, 6: Truncated,
    7: Corrupt, 8: UnknownModel, 9: LimitExceeded, 10: OutOfMemory, 11: NotReproducible,
    12: InternalError}


def of_status(status, message):
    """The error of a status that is not 0."""
    return _CLASSES.get(status, Error)(message)

"""libprnzip: where it is, and its functions and structures as prnzip.h has them."""

import ctypes
import ctypes.util
import os
import pathlib
import shutil
import subprocess
import threading

from ._errors import LibraryNotFound

# Of prnzip.h: the same minor version is compatible.
VERSION = "0.1."
FILE_NAMES = ("libprnzip.so.0", "libprnzip.so", "libprnzip-c.so", "libprnzip-c.dylib")

Progress = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_double, ctypes.c_void_p)


class Options(ctypes.Structure):
    """prnzip_options."""
    _fields_ = [
        ("size", ctypes.c_size_t), ("effort", ctypes.c_int32), ("threads", ctypes.c_uint32),
        ("exact", ctypes.c_int32), ("verify", ctypes.c_int32), ("pixels_only", ctypes.c_int32),
        ("reserved", ctypes.c_int32), ("max_pixels", ctypes.c_uint64),
        ("max_memory", ctypes.c_uint64), ("max_result", ctypes.c_uint64), ("progress", Progress),
        ("user", ctypes.c_void_p)]


class PixelStructure(ctypes.Structure):
    """prnzip_pixels."""
    _fields_ = [
        ("data", ctypes.c_void_p), ("size", ctypes.c_size_t), ("stride", ctypes.c_size_t),
        ("width", ctypes.c_uint32), ("height", ctypes.c_uint32), ("channels", ctypes.c_uint32),
        ("depth", ctypes.c_uint32)]


class Region(ctypes.Structure):
    """prnzip_region."""
    _fields_ = [(name, ctypes.c_uint32) for name in ("x", "y", "width", "height")]


class GroupStructure(ctypes.Structure):
    """prnzip_group."""
    _fields_ = [
        ("channels", ctypes.c_char_p), ("codec", ctypes.c_char_p), ("model", ctypes.c_char_p),
        ("bytes", ctypes.c_uint64), ("tiles", ctypes.c_uint64)]


class InfoStructure(ctypes.Structure):
    """prnzip_info."""
    _fields_ = [
        (name, ctypes.c_uint32) for name in (
            "width", "height", "channels", "depth", "colour_type", "is_modelled", "is_exact",
            "is_interlaced", "strips", "group_count")
    ] + [
        ("groups", ctypes.POINTER(GroupStructure)), ("file_bytes", ctypes.c_uint64),
        ("metadata_bytes", ctypes.c_uint64), ("small_width", ctypes.c_uint32),
        ("small_height", ctypes.c_uint32), ("is_pnm", ctypes.c_uint32),
        ("frame_count", ctypes.c_uint32), ("frame_bytes", ctypes.c_uint64)]


_bytes, _size = ctypes.c_void_p, ctypes.c_size_t
_options, _message = ctypes.POINTER(Options), (ctypes.c_char_p, ctypes.c_size_t)
_result = (ctypes.POINTER(ctypes.c_void_p), ctypes.POINTER(ctypes.c_size_t))
FUNCTIONS = {
    "prnzip_compress": (ctypes.c_int32, _bytes, _size, _options, *_result, *_message),
    "prnzip_decompress": (ctypes.c_int32, _bytes, _size, _options, *_result, *_message),
    "prnzip_encode": (
        ctypes.c_int32, ctypes.POINTER(PixelStructure), _options, *_result, *_message),
    "prnzip_decode": (
        ctypes.c_int32, _bytes, _size, ctypes.POINTER(Region), _options,
        ctypes.POINTER(PixelStructure), *_message),
    "prnzip_read_info": (
        ctypes.c_int32, _bytes, _size, _options,
        ctypes.POINTER(ctypes.POINTER(InfoStructure)), *_message),
    "prnzip_free": (None, ctypes.c_void_p),
    "prnzip_version": (ctypes.c_char_p,),
    "prnzip_format_version": (ctypes.c_int32,),
    "prnzip_status_name": (ctypes.c_char_p, ctypes.c_int32),
}

_lock = threading.Lock()
_loaded = None


def library():
    """The library, loaded when it is first asked for.

    Raises LibraryNotFound.
    """
    global _loaded
    with _lock:
        if _loaded is None:
            _loaded = _load()
        return _loaded


def library_version():
    """The version of libprnzip, such as "0.1.0"."""
    return library().prnzip_version().decode()


def format_version():
    """The version of the file format that libprnzip reads and writes."""
    return library().prnzip_format_version()


def _candidates():
    """Names or paths to load, in turn."""
    named = os.environ.get("PRNZIP_LIBRARY")
    if named:
        # What is asked for, or nothing.
        yield from _in_folder(named) if os.path.isdir(named) else [named]
        return
    yield FILE_NAMES[0]
    if shutil.which("pkg-config"):
        answer = subprocess.run(
            ["pkg-config", "--variable=libdir", "prnzip"], capture_output=True, text=True)
        if answer.returncode == 0 and answer.stdout.strip():
            yield from _in_folder(answer.stdout.strip())
    found = ctypes.util.find_library("prnzip")
    if found:
        yield found
    checkout = pathlib.Path(__file__).resolve().parents[3]
    for build in (".build/release", ".build/install/release"):
        yield from _in_folder(checkout / build)


def _in_folder(folder):
    paths = [os.path.join(folder, name) for name in FILE_NAMES]
    return [path for path in paths if os.path.isfile(path)]


def _load():
    failures = []
    for candidate in _candidates():
        try:
            loaded = ctypes.CDLL(candidate)
            for name, (result, *arguments) in FUNCTIONS.items():
                function = getattr(loaded, name)
                function.restype, function.argtypes = result, arguments
        except (OSError, AttributeError) as error:
            failures.append(str(error))
            continue
        version = loaded.prnzip_version().decode()
        if version.startswith(VERSION):
            return loaded
        failures.append(f"{candidate}: version {version}, and {VERSION}x is needed")
    raise LibraryNotFound(
        "libprnzip is not found; PRNZIP_LIBRARY may name it"
        + "".join(f"; {failure}" for failure in failures))

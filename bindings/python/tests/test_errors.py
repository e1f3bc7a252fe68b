"""What cannot be: each gives a typed error, and never ends the process."""

import ctypes
import unittest

import prnzip
from prnzip import _errors, _library

from .pictures import pixels, png


class Errors(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.png = png(pixels(24, 18))
        cls.prn = prnzip.compress(cls.png, effort="instant")

    def test_what_is_none(self):
        for data in (b"", b"x", b"\x89PNG\r\n\x1a\n", self.prn):
            with self.assertRaises(prnzip.BadPNG):
                prnzip.compress(data)
        with self.assertRaises(prnzip.NotPRN):
            prnzip.decompress(self.png)
        with self.assertRaises(prnzip.Truncated):
            prnzip.decompress(self.prn[:20])

    def test_every_beginning_is_refused(self):
        for end in range(len(self.prn)):
            for call in (prnzip.decompress, prnzip.pixels, prnzip.info):
                with self.assertRaises((prnzip.Truncated, prnzip.NotPRN, prnzip.Corrupt)):
                    call(self.prn[:end])

    def test_every_flipped_byte_is_refused(self):
        for index in range(len(self.prn)):
            damaged = bytearray(self.prn)
            damaged[index] ^= 0x41
            with self.assertRaises(prnzip.Error):
                prnzip.pixels(damaged)

    def test_newer_versions_are_told(self):
        newer = bytearray(self.prn)
        newer[4] = 99
        header = 6 + newer[5]
        import zlib
        # Little endian, as all numbers of the format.
        newer[header:header + 4] = zlib.crc32(newer[:header]).to_bytes(4, "little")
        with self.assertRaises(prnzip.UnsupportedVersion):
            prnzip.decompress(newer)

    def test_limits(self):
        with self.assertRaises(prnzip.LimitExceeded):
            prnzip.compress(self.png, max_pixels=24 * 18 - 1)
        with self.assertRaises(prnzip.LimitExceeded):
            prnzip.pixels(self.prn, max_pixels=10)
        for call in (prnzip.decompress, prnzip.pixels, prnzip.info):
            with self.assertRaises(prnzip.LimitExceeded):
                call(self.prn, max_memory=10)
        for call in (prnzip.decompress, prnzip.pixels):
            with self.assertRaises(prnzip.LimitExceeded) as caught:
                call(self.prn, max_result=100)
            self.assertIn("max_result", str(caught.exception))
        self.assertEqual(
            len(prnzip.pixels(self.prn, max_result=24 * 18 * 3).data), 24 * 18 * 3)
        with self.assertRaises(prnzip.LimitExceeded):
            prnzip.encode(pixels(24, 18), max_memory=1000)

    def test_options_that_cannot_be(self):
        for options in ({"effort": "great"}, {"threads": 1025}, {"threads": -1},
                        {"max_pixels": 1 << 64}):
            with self.assertRaises(prnzip.InvalidArgument):
                prnzip.compress(self.png, **options)
        with self.assertRaises(TypeError):
            prnzip.compress(self.png, colour="blue")
        with self.assertRaises(TypeError):
            prnzip.decompress(self.prn, effort="fast")
        prnzip.compress(self.png, max_pixels=(1 << 64) - 1, max_memory=(1 << 64) - 1,
                        max_result=(1 << 64) - 1, effort="instant")

    def test_pixels_that_cannot_be(self):
        for picture in (
                prnzip.Pixels(2, 2, 3, 8, b"1"), prnzip.Pixels(0, 2, 3, 8, b""),
                prnzip.Pixels(2, 2, 5, 8, bytes(20)), prnzip.Pixels(2, 2, 1, 4, bytes(0)),
                prnzip.Pixels(2, 2, 0, 8, b""), prnzip.Pixels(-1, -1, 1, 8, b"1")):
            with self.assertRaises(prnzip.InvalidArgument):
                prnzip.encode(picture)
        with self.assertRaises(TypeError):
            prnzip.encode("picture")

    def test_statuses_have_classes_and_names(self):
        names = set()
        for status in range(1, 13):
            self.assertIsNot(type(_errors.of_status(status, "")), prnzip.Error)
            names.add(_library.library().prnzip_status_name(status))
        self.assertEqual(len(names), 12)
        for status in (13, -1, 1 << 30):
            self.assertEqual(_library.library().prnzip_status_name(status), b"unknown")


class Progress(unittest.TestCase):
    def setUp(self):
        self.picture = pixels(64, 48)

    def test_shares_grow_to_one(self):
        for call, data in (
                (prnzip.encode, self.picture), (prnzip.pixels, prnzip.encode(self.picture)),
                (prnzip.decompress, prnzip.encode(self.picture))):
            shares = []
            call(data, progress=shares.append)
            self.assertEqual(shares, sorted(shares))
            self.assertEqual(shares[-1], 1)
            self.assertGreaterEqual(shares[0], 0)

    def test_what_progress_raises_comes_out(self):
        class Stop(Exception):
            pass

        calls = []

        def stop(share):
            calls.append(share)
            raise Stop

        prn = prnzip.encode(self.picture)
        for call, data in ((prnzip.encode, self.picture), (prnzip.decompress, prn),
                           (prnzip.pixels, prn), (prnzip.compress, png(self.picture))):
            calls.clear()
            with self.assertRaises(Stop):
                call(data, progress=stop)
            self.assertEqual(len(calls), 1)


class RawCalls(unittest.TestCase):
    """The C functions with what Python never gives them."""

    def setUp(self):
        self.library = _library.library()
        self.prn = prnzip.encode(pixels(9, 7), effort="instant")
        self.data, self.size = ctypes.c_void_p(1), ctypes.c_size_t(1)
        self.result = (ctypes.byref(self.data), ctypes.byref(self.size))
        self.message = ctypes.create_string_buffer(b"x" * 100, 100)

    def decompress(self, data, size, options=None, result=None, message=None, room=0):
        return self.library.prnzip_decompress(
            data, size, options, *(result or self.result), message, room)

    def test_null_and_sizes(self):
        self.assertEqual(self.decompress(None, 1), 1)
        self.assertEqual((self.data.value, self.size.value), (None, 0))
        self.assertEqual(self.decompress(None, 0), 4)
        self.assertEqual(self.decompress(self.prn, (1 << 64) - 1), 1)
        self.assertEqual(self.decompress(self.prn, len(self.prn), result=(None, None)), 1)
        self.assertEqual(self.decompress(self.prn, len(self.prn), message=None, room=5), 1)
        self.assertEqual(self.library.prnzip_encode(None, None, *self.result, None, 0), 1)
        self.assertEqual(
            self.library.prnzip_decode(self.prn, len(self.prn), None, None, None, None, 0), 1)
        self.assertEqual(
            self.library.prnzip_read_info(self.prn, len(self.prn), None, None, None, 0), 1)
        self.assertEqual(self.library.prnzip_compress(None, 0, None, *self.result, None, 0), 3)
        self.library.prnzip_free(None)

    def test_messages_are_cut(self):
        for room in range(1, 20):
            self.message.raw = b"x" * 100
            self.assertEqual(
                self.decompress(b"?", 1, message=self.message, room=room), 4)
            self.assertEqual(self.message.value, b"not a prn file"[:room - 1])
            self.assertEqual(self.message.raw[room:], b"x" * (100 - room))
        self.assertEqual(
            self.decompress(self.prn, len(self.prn), message=self.message, room=100), 0)
        self.assertEqual(self.message.value, b"")
        self.library.prnzip_free(self.data)

    def test_options_of_other_versions(self):
        class Later(ctypes.Structure):
            _fields_ = [("now", _library.Options), ("later", ctypes.c_uint64)]

        known = ctypes.sizeof(_library.Options)
        later = Later(_library.Options(size=known + 8), 0)
        options = ctypes.cast(ctypes.pointer(later), ctypes.POINTER(_library.Options))
        self.assertEqual(self.decompress(self.prn, len(self.prn), options), 0)
        self.library.prnzip_free(self.data)
        later.later = 1
        self.assertEqual(self.decompress(self.prn, len(self.prn), options), 1)
        # One that ends behind `effort` lacks the rest, whatever lies there.
        later.now = _library.Options(size=12, threads=5000)
        self.assertEqual(self.decompress(self.prn, len(self.prn), options), 0)
        self.library.prnzip_free(self.data)
        for size in (0, 7, 5000, (1 << 64) - 1):
            later.now = _library.Options(size=size)
            self.assertEqual(self.decompress(self.prn, len(self.prn), options), 1)
        later.now = _library.Options(size=known, reserved=1)
        self.assertEqual(self.decompress(self.prn, len(self.prn), options), 1)

    def test_strides(self):
        picture = pixels(5, 4)
        padded = b"".join(
            picture.data[start:start + 15] + b"???" for start in range(0, 60, 15))
        address = ctypes.cast(ctypes.c_char_p(padded), ctypes.c_void_p)

        def encode(size, stride, height=4):
            return self.library.prnzip_encode(
                ctypes.byref(_library.PixelStructure(address, size, stride, 5, height, 3, 8)),
                None, *self.result, None, 0)

        self.assertEqual(encode(18 * 3 + 15, 18), 0)
        prn = ctypes.string_at(self.data, self.size.value)
        self.library.prnzip_free(self.data)
        self.assertEqual(prnzip.pixels(prn), picture)
        for size, stride, height in (
                (18 * 3 + 14, 18, 4), (72, 14, 4), (72, (1 << 64) - 1, 4), (72, 1 << 62, 4),
                (72, 18, (1 << 31) - 1), (72, 18, 1 << 31), ((1 << 64) - 1, 18, 4)):
            self.assertEqual(encode(size, stride, height), 1)


if __name__ == "__main__":
    unittest.main()

"""Images of numpy and of Pillow; skipped where they are not there."""

import io
import os
import tempfile
import unittest

import prnzip

from .pictures import palette_png, pixels, png

try:
    import numpy
except ImportError:
    numpy = None
try:
    from PIL import Image
except ImportError:
    Image = None


@unittest.skipUnless(numpy, "numpy is missing")
class Arrays(unittest.TestCase):
    def test_arrays_come_back(self):
        generator = numpy.random.default_rng(1)
        for shape in ((11, 7), (11, 7, 2), (11, 7, 3), (11, 7, 4)):
            for kind in ("u1", "u2", ">u2"):
                array = generator.integers(0, 256, shape).astype(kind) * (3 if kind != "u1" else 1)
                again = prnzip.decode(prnzip.encode(array, effort="instant"))
                self.assertEqual(again.dtype, numpy.dtype("u1" if kind == "u1" else "u2"))
                self.assertTrue(numpy.array_equal(again, array))
                self.assertTrue(again.flags.writeable)

    def test_views_that_are_not_contiguous(self):
        array = numpy.arange(20 * 30 * 3, dtype="u2").reshape(20, 30, 3) % 251
        view = array.astype("u1")[::2, ::-1]
        prn = prnzip.encode(view, effort="instant")
        self.assertTrue(numpy.array_equal(prnzip.decode(prn), view))
        part = prnzip.decode(prn, region=(4, 1, 9, 5))
        self.assertTrue(numpy.array_equal(part, view[1:6, 4:13]))

    def test_one_channel_is_gray(self):
        array = numpy.zeros((4, 5, 1), "u1")
        self.assertEqual(prnzip.decode(prnzip.encode(array)).shape, (4, 5))

    def test_what_is_no_image(self):
        for array in (numpy.zeros((2, 2)), numpy.zeros((2, 2), "i2"), numpy.zeros((2, 2), "u4"),
                      numpy.zeros((2, 2), bool)):
            with self.assertRaises(TypeError):
                prnzip.encode(array)
        for shape in ((4,), (2, 2, 5), (2, 2, 2, 2), (0, 3), (3, 0, 3)):
            with self.assertRaises(prnzip.InvalidArgument):
                prnzip.encode(numpy.zeros(shape, "u1"))


@unittest.skipUnless(Image, "Pillow is missing")
class PillowImages(unittest.TestCase):
    def image(self, mode):
        channels = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4}[mode]
        return Image.frombytes(mode, (13, 9), pixels(13, 9, channels).data)

    def same(self, one, other):
        self.assertEqual((one.mode, one.size), (other.mode, other.size))
        self.assertEqual(one.tobytes(), other.tobytes())

    def opened(self, prn, **options):
        return prnzip.open(io.BytesIO(prn), **options)

    def test_modes_come_back(self):
        for mode in ("L", "LA", "RGB", "RGBA"):
            image = self.image(mode)
            self.same(self.opened(prnzip.encode(image, effort="instant")), image)

    def test_modes_that_become_others(self):
        gray = self.image("L")
        bilevel = gray.convert("1")
        self.same(self.opened(prnzip.encode(bilevel)), bilevel.convert("L"))
        palette = self.image("RGB").convert("P")
        self.same(self.opened(prnzip.encode(palette)), palette.convert("RGB"))
        palette.info["transparency"] = 3
        self.same(self.opened(prnzip.encode(palette)), palette.convert("RGBA"))
        gray.info["transparency"] = 60
        self.same(self.opened(prnzip.encode(gray)), gray.convert("LA"))
        for mode in ("CMYK", "F", "YCbCr"):
            with self.assertRaises(TypeError):
                prnzip.encode(Image.new(mode, (2, 2)))

    def test_sixteen_bits(self):
        picture = pixels(13, 9, channels=1, depth=16)
        with Image.open(io.BytesIO(png(picture))) as image:
            prn = prnzip.encode(image)
        self.assertEqual(prnzip.pixels(prn), picture)
        deep = self.opened(prn)
        self.assertEqual(deep.mode, "I;16")
        self.assertEqual(prnzip.pixels(prnzip.encode(deep)), picture)
        wide = Image.new("I", (2, 1))
        wide.putpixel((1, 0), 0xABCD)
        self.assertEqual(prnzip.pixels(prnzip.encode(wide)).data, b"\0\0\xab\xcd")
        wide.putpixel((0, 0), -1)
        with self.assertRaises(prnzip.InvalidArgument):
            prnzip.encode(wide)

    def test_opened_as_pillow_opens_the_png_file(self):
        file, _ = palette_png()
        with Image.open(io.BytesIO(file)) as image:
            self.same(self.opened(prnzip.compress(file)), image.convert("RGBA"))
        for channels in (3, 4):
            file = png(pixels(6, 5, channels, depth=16))
            with Image.open(io.BytesIO(file)) as image:
                self.same(self.opened(prnzip.compress(file)), image)

    def test_regions(self):
        image = self.image("RGB")
        part = self.opened(prnzip.encode(image), region=(2, 3, 5, 4))
        self.same(part, image.crop((2, 3, 7, 7)))

    def test_plugin(self):
        import prnzip.pillow

        image = self.image("RGB")
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "image.prn")
            image.save(path, effort="instant")
            with Image.open(path) as again:
                self.assertEqual(again.format, "PRN")
                self.assertEqual(again.get_format_mimetype(), "image/x-prnzip")
                self.same(again, image)
            self.same(prnzip.open(path), image)
            with open(path, "r+b") as file:
                file.truncate(os.path.getsize(path) - 3)
            with self.assertRaises(OSError):
                Image.open(path)
            with self.assertRaises(prnzip.Truncated):
                prnzip.open(path)


if __name__ == "__main__":
    unittest.main()

"""PNG files and pixels to prn files and back."""

import pathlib
import threading
import unittest

import prnzip

from .pictures import crop, palette_png, pixels, png

ROOT = pathlib.Path(__file__).resolve().parents[3]


class Files(unittest.TestCase):
    def test_the_very_file_comes_back(self):
        file = png(pixels(40, 30))
        for effort in ("instant", "fast"):
            prn = prnzip.compress(file, effort=effort, exact=True, verify=True, threads=1)
            self.assertLess(len(prn), len(file))
            self.assertEqual(prnzip.decompress(prn), file)

    def test_without_exact_the_pixels_come_back(self):
        picture = pixels(33, 17, channels=4)
        prn = prnzip.compress(memoryview(bytearray(png(picture))), effort="instant")
        self.assertEqual(prnzip.pixels(prnzip.compress(prnzip.decompress(prn))), picture)
        self.assertEqual(prnzip.pixels(bytearray(prn)), picture)

    def test_pixels_only_writes_another_file(self):
        file = png(pixels(40, 30))
        prn = prnzip.compress(file, effort="instant", exact=True)
        other = prnzip.decompress(prn, pixels_only=True)
        self.assertNotEqual(other, file)
        self.assertEqual(prnzip.pixels(prnzip.compress(other)), prnzip.pixels(prn))

    def test_palettes_are_looked_up(self):
        file, shown = palette_png()
        prn = prnzip.compress(file)
        self.assertEqual(prnzip.pixels(prn), shown)
        self.assertEqual(prnzip.info(prn).colour_type, 3)

    def test_pnm_files(self):
        file = b"P5\n5 4\n255\n" + bytes(range(20))
        prn = prnzip.compress(file)
        self.assertEqual(prnzip.decompress(prn), file)
        self.assertEqual(prnzip.pixels(prn), prnzip.Pixels(5, 4, 1, 8, bytes(range(20))))


class PixelBuffers(unittest.TestCase):
    def test_every_kind_and_depth(self):
        for channels in (1, 2, 3, 4):
            for depth in (8, 16):
                picture = pixels(19, 23, channels, depth)
                prn = prnzip.encode(picture, effort="instant", verify=True)
                self.assertEqual(prnzip.pixels(prn), picture)
                info = prnzip.info(prn)
                self.assertEqual((info.width, info.height, info.depth), (19, 23, depth))
                self.assertEqual(info.channels, channels)

    def test_regions(self):
        picture = pixels(50, 40)
        prn = prnzip.encode(picture, effort="instant")
        for region in ((0, 0, 50, 40), (49, 39, 1, 1), (3, 5, 20, 10)):
            self.assertEqual(prnzip.pixels(prn, region), crop(picture, *region))
        for region in (
                (0, 0, 51, 40), (50, 0, 1, 1), (0, 0, 0, 1), (1 << 31, 0, 1, 1),
                (0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF), (0, 0, 1), (-1, 0, 1, 1)):
            with self.assertRaises(prnzip.InvalidArgument):
                prnzip.pixels(prn, region)

    def test_threads_do_not_matter(self):
        picture = pixels(64, 64)
        files = [prnzip.encode(picture, effort="fast", threads=n) for n in (0, 1, 3)]
        self.assertEqual(len(set(files)), 1)

    def test_calls_run_on_several_threads(self):
        picture = pixels(40, 40)
        results = []
        workers = [
            threading.Thread(target=lambda: results.append(
                prnzip.pixels(prnzip.encode(picture, effort="instant"))))
            for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        self.assertEqual(results, [picture] * 4)


class Information(unittest.TestCase):
    def test_models_and_groups(self):
        state, noise = 1, bytearray()
        for index in range(64 * 64 * 3):
            state = (state * 1103515245 + 12345) % (1 << 31)
            noise.append((index // 3 % 64 + index // 192 + (state >> 16) % 16) % 256)
        prn = prnzip.encode(prnzip.Pixels(64, 64, 3, 8, bytes(noise)), effort="fast")
        info = prnzip.info(prn)
        self.assertTrue(info.is_modelled and not info.is_exact and not info.is_interlaced)
        self.assertEqual(info.file_bytes, len(prn))
        self.assertEqual(info.strips, 1)
        self.assertEqual(info.small_size, None)
        self.assertGreater(len(info.groups), 0)
        self.assertLessEqual(sum(group.bytes for group in info.groups), len(prn))
        for group in info.groups:
            self.assertEqual(group.model is not None, group.codec in ("network", "patches"))
        self.assertEqual(
            set(info.models), {group.model for group in info.groups if group.model})

    def test_pnm_files_and_frames(self):
        info = prnzip.info(prnzip.compress(b"P5 64 64 255 " + bytes(64 * 64)))
        self.assertTrue(info.is_pnm)
        self.assertEqual((info.frame_count, info.frame_bytes), (0, 0))
        png = (ROOT / "Tests/PRNZipTests/Vectors/animated.png").read_bytes()
        info = prnzip.info(prnzip.compress(png))
        self.assertFalse(info.is_pnm)
        self.assertEqual(info.frame_count, 5)
        self.assertTrue(0 < info.frame_bytes < info.file_bytes)

    def test_versions(self):
        self.assertEqual(prnzip.library_version(), prnzip.__version__)
        self.assertGreaterEqual(prnzip.format_version(), 8)


if __name__ == "__main__":
    unittest.main()

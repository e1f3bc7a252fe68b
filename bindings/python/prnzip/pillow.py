"""Lets Pillow open and save prn files: `import prnzip.pillow` registers the format "PRN".

    image = Image.open("photo.prn")
    image.save("copy.prn", effort="best")

What is saved are the pixels; options are those of prnzip.encode. An image is decoded when it is
opened.
"""

import io

from PIL import Image, ImageFile

from . import _calls, _images
from ._errors import Error

MAGIC = b"\x89PRN"


class PRNImageFile(ImageFile.ImageFile):
    """A prn file that Pillow opens."""
    format = "PRN"
    format_description = "prnzip image"
    # The samples, until Pillow wants them.
    _decoded = None

    def _open(self):
        limit = 2 * Image.MAX_IMAGE_PIXELS if Image.MAX_IMAGE_PIXELS else 0
        try:
            pixels = _calls.pixels(self.fp.read(), max_pixels=limit)
        except Error as error:
            raise OSError(str(error)) from error
        mode, data = _images.mode_and_bytes(pixels)
        self._mode, self._size = mode, (pixels.width, pixels.height)
        self._decoded = data

    def load(self):
        if self._decoded is not None:
            if self.fp and self._exclusive_fp:
                self.fp.close()
            self.fp = io.BytesIO(self._decoded)
            self._decoded = None
            self.tile = [("raw", (0, 0) + self.size, 0, self.mode)]
        return super().load()


def _save(image, file, _):
    options = {
        name: value for name, value in image.encoderinfo.items()
        if name in ("effort", "threads", "verify", "max_pixels", "max_memory", "progress")}
    file.write(_images.encode(image, **options))


def register():
    """Registers the format with Pillow."""
    Image.register_open(PRNImageFile.format, PRNImageFile, lambda prefix: prefix[:4] == MAGIC)
    Image.register_save(PRNImageFile.format, _save)
    Image.register_extension(PRNImageFile.format, ".prn")
    Image.register_mime(PRNImageFile.format, "image/x-prnzip")


register()

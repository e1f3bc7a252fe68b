"""A folder to train from on a machine that has Python and PyTorch, but no Swift and no network.

It has these scripts; `code.tar.xz`: prntrain, recipes and the checkpoints that they go on from; and
`photos-N.tar`: photos as lossless WebP, which Pillow makes PNG files of again. Single files that
recipes name lie in `data` as they are.
"""
import io
import lzma
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tarfile
import tempfile
from concurrent.futures import ProcessPoolExecutor

from . import binary
from .recipe import Recipe, Unsupported

# Bytes of a tar of photos, and the share of the photos that is to validate on.
PART, VALID = 4 << 20, 0.06


def pack(options):
    """Makes the folder that `--pack` names, anew."""
    folder = pathlib.Path(options.pack)
    shutil.rmtree(folder, ignore_errors=True)
    scripts = pathlib.Path(__file__).resolve().parent
    shutil.copytree(scripts, folder / "scripts" / scripts.name,
                    ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(scripts.parent / "train-gpu", folder / "scripts")
    recipes = [Recipe(path) for path in options.recipes]
    with tempfile.TemporaryDirectory() as name:
        code = pathlib.Path(name)
        binary.bundle(options.prntrain, code)
        (code / "recipes").mkdir()
        (code / "runs").mkdir()
        for recipe in recipes:
            shutil.copy(recipe.path, code / "recipes" / f"{recipe.name}.recipe")
            # From here on, a recipe that starts from another one has a checkpoint of its own.
            start = pathlib.Path(options.runs) / f"{recipe.name}.checkpoint"
            if not start.exists():
                subprocess.run([options.prntrain, "begin", recipe.path, "--runs", options.runs],
                               check=True)
            shutil.copy(start, code / "runs")
        with lzma.open(folder / "code.tar.xz", "wb", preset=9) as file:
            with tarfile.open(fileobj=file, mode="w") as tar:
                tar.add(code, ".")
    for name in {name for recipe in recipes for name in f"{recipe.train} {recipe.valid}".split()}:
        if (pathlib.Path(options.data) / name).is_file():
            (folder / "data" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(pathlib.Path(options.data) / name, folder / "data" / name)
    photos(recipes, options, folder)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{folder}: {size / 1e6:.1f} megabytes")


def photos(recipes, options, folder):
    """Writes tars of photos of the recipes' folders, chosen at random, each of as many bytes as it
    may take."""
    budget = options.photos * 1e6
    part, index = None, 0
    for key, share in (("valid", VALID), ("train", 1 - VALID)):
        names = {name for recipe in recipes for name in getattr(recipe, key).split()}
        found = sorted(path for name in names
                       for path in (pathlib.Path(options.data) / name).rglob("*.png"))
        random.Random(1).shuffle(found)
        skip = options.skip if key == "train" else 0
        found = found[skip:] + found[:skip]
        left = whole = budget * share
        with ProcessPoolExecutor(options.workers) as pool:
            for path, data in zip(found, pool.map(as_webp, found[:3000], chunksize=4)):
                if data is None:
                    continue
                # At least one of each.
                if len(data) > left and left < whole:
                    pool.shutdown(cancel_futures=True)
                    break
                left -= len(data)
                if part is None:
                    part = tarfile.open(folder / f"photos-{index:02}.tar", "w")
                name = path.relative_to(options.data).with_suffix(".webp")
                entry = tarfile.TarInfo(str(name))
                entry.size = len(data)
                part.addfile(entry, io.BytesIO(data))
                if part.offset > PART:
                    part.close()
                    part, index = None, index + 1
    if part:
        part.close()


def as_webp(path):
    """A PNG file's pixels as lossless WebP; None if it is no RGB file of 8 bits."""
    from PIL import Image
    with Image.open(path) as image:
        if image.mode != "RGB":
            return None
        out = io.BytesIO()
        image.save(out, "WEBP", lossless=True, quality=80, method=4)
        if Image.open(io.BytesIO(out.getvalue())).convert("RGB").tobytes() != image.tobytes():
            raise Unsupported(f"{path}: WebP has changed its pixels")
    return out.getvalue()


def as_png(path):
    """Makes a PNG file of a WebP file, which goes."""
    from PIL import Image
    with Image.open(path) as image:
        image.convert("RGB").save(pathlib.Path(path).with_suffix(".png"), compress_level=1)
    os.remove(path)


def unpack(options):
    """Unpacks a folder that `pack` made beside its tars, as far as it is not yet, and sets the
    options that name what is in it."""
    folder = pathlib.Path(options.unpack)
    code, data = folder / "code", folder / "data"
    if not code.exists():
        with tarfile.open(folder / "code.tar.xz") as tar:
            tar.extractall(code, filter="data")
    data.mkdir(exist_ok=True)
    for part in sorted(folder.glob("photos-*.tar")):
        with tarfile.open(part) as tar:
            tar.extractall(data, filter="data")
        part.rename(part.with_suffix(".done"))
    webp = sorted(data.rglob("*.webp"))
    with ProcessPoolExecutor() as pool:
        list(pool.map(as_png, webp, chunksize=16))
    os.environ.update(binary.environment(code))
    options.prntrain, options.data = str(code / "prntrain"), str(data)
    options.recipes = [str(code / "recipes" / f"{pathlib.Path(name).stem}.recipe")
                       for name in options.recipes]
    runs = pathlib.Path(options.runs)
    runs.mkdir(parents=True, exist_ok=True)
    for start in (code / "runs").iterdir():
        if not (runs / start.name).exists():
            shutil.copy(start, runs)
    print(f"{len(webp)} photos unpacked", file=sys.stderr)

"""Size, speed and memory of each codec on one image, and whether the image came back.

A peer that does not keep the pixels of an image is left out for it. If prnzip loses anything, or
takes a file that is no valid PNG, that is a fault.
"""
import hashlib, json, os, pathlib
from dataclasses import dataclass, field

from benchmark import codecs, png, verify


@dataclass
class Result:
    """What a codec made of an image; `bytes` is None where it is left out, and `why` says why.

    It is `bare` if the codec keeps the pixels only when it is given the PNG without other chunks.
    """
    bytes: int | None
    why: str = ""
    bare: bool = False
    encode: float | None = None  # seconds
    decode: float | None = None
    memory: float | None = None  # MB


@dataclass
class Image:
    name: str
    what: verify.Description
    results: dict = field(default_factory=dict)  # by codec, with the PNG file itself as "PNG"

    def bytes(self, codec):
        return self.results[codec].bytes


class Cache:
    """Sizes of peers in a folder, a file for each PNG, by the SHA-256 of the PNG.

    An entry counts as long as the peer's command and version are the same. Without a folder
    nothing is kept.
    """

    def __init__(self, folder):
        self.folder = folder
        if folder:
            folder.mkdir(parents=True, exist_ok=True)

    def opened(self, image):
        """The place and the entries of an image."""
        if not self.folder:
            return None, {}
        digest = hashlib.sha256(pathlib.Path(image).read_bytes()).hexdigest()
        place = self.folder / f"{digest}.json"
        return place, json.loads(place.read_text()) if place.exists() else {}

    def results(self, image, peers, make):
        """{codec: Result} of the peers, of which `make` makes the missing ones."""
        place, entries = self.opened(image)
        out = {}
        for codec in peers:
            key = f"{codecs.version(codec)}: {codecs.without_threads(codecs.CODECS[codec][1])}"
            if key in entries:
                out[codec] = Result(*entries[key])
                continue
            out[codec] = make(codec)
            if place:
                entries[key] = [out[codec].bytes, out[codec].why, out[codec].bare]
                beside = place.with_suffix(".new")
                beside.write_text(json.dumps(entries, indent=1) + "\n")
                os.replace(beside, place)
        return out


class Bench:
    """Measures images, one after the other; `faults` has what went wrong with prnzip."""

    def __init__(self, chosen, runs, cache, scratch, pool):
        self.chosen, self.runs, self.cache = chosen, runs, cache
        self.scratch, self.pool = scratch, pool
        self.images, self.refused, self.faults = [], [], []

    def ask(self, question, *arguments):
        """What another process, which may hold pixels, answers."""
        return self.pool.submit(question, *arguments).result()

    def add(self, name, path):
        """Measures a file, and returns a line about it."""
        path = str(path)
        what = self.ask(verify.describe, path)
        if what.bad:
            return self.refuse(name, path, what.bad)
        image = Image(name, what, {"PNG": Result(os.path.getsize(path))})
        peers = [codec for codec in self.chosen if not codecs.is_ours(codec)]
        image.results |= self.cache.results(
            path, peers, lambda codec: self.peer(codec, path, what))
        for codec in self.chosen:
            if codecs.is_ours(codec):
                try:
                    image.results[codec] = self.ours(codec, path)
                except (codecs.Failed, Lost) as error:
                    self.faults.append(f"{name}: {error}")
                    return f"{name}: FAULT: {error}"
        self.images.append(image)
        shown = ", ".join(
            f"{codec} {result.why or format(result.bytes, ',')}{' (bare)' * result.bare}"
            for codec, result in image.results.items())
        return f"{name}: {what.kind}: {shown}"

    def coded(self, codec, path):
        """The measures of a codec, and where the PNG is that it gave back; raises Failed."""
        suffix, encode, decode = self.chosen[codec]
        packed, unpacked = f"{self.scratch}/packed.{suffix}", f"{self.scratch}/unpacked.png"
        for left in (packed, unpacked):
            pathlib.Path(left).unlink(missing_ok=True)
        result = Result(None)
        result.encode, result.memory = codecs.repeated(encode, path, packed, self.runs)
        result.bytes = os.path.getsize(packed)
        if decode:
            result.decode, memory = codecs.repeated(decode, packed, unpacked, self.runs)
            result.memory = max(result.memory, memory)
        return result, unpacked if decode else packed

    def peer(self, codec, path, what):
        """A peer that misreads a chunk, such as gAMA or sBIT, has a second try without chunks."""
        result = self.attempt(codec, path, path, what)
        if result.bytes is None and not what.animated:
            bare = f"{self.scratch}/bare.png"
            if self.ask(png.strip, path, bare):
                second = self.attempt(codec, bare, path, what)
                if second.bytes is not None:
                    second.bare = True
                    return second
        return result

    def attempt(self, codec, source, path, what):
        try:
            result, back = self.coded(codec, source)
        except (codecs.Failed, FileNotFoundError):
            # Where only the writing of a PNG fails, there is a file that has its size.
            packed = f"{self.scratch}/packed.{self.chosen[codec][0]}"
            if what.animated or not self.same_numbers(codec, path):
                return Result(None, "fails")
            return Result(os.path.getsize(packed))
        # Of an animation, only a file that is the same is sure to have every frame.
        if what.animated:
            kept = self.ask(verify.is_same_bytes, path, back)
            return result if kept else Result(None, "loses frames")
        if self.ask(verify.same_pixels, path, back) or self.same_numbers(codec, path):
            return result
        return Result(None, "loses pixels")

    def same_numbers(self, codec, path):
        """Whether the codec's last file decodes to the right numbers, if it can write any."""
        packed = f"{self.scratch}/packed.{self.chosen[codec][0]}"
        return has_same_numbers(packed, path, self.scratch, self.ask)

    def ours(self, codec, path):
        result, back = self.coded(codec, path)
        lost = self.ask(verify.difference, path, back)
        if lost:
            raise Lost(f"{codec} lost {lost}")
        return result

    def refuse(self, name, path, bad):
        """prnzip has to refuse a file that is no valid PNG, and to say so by an exit status of 1.

        It is asked once: it reads a file in the same way at each effort.
        """
        codec = next(codec for codec in self.chosen if codecs.is_ours(codec))
        try:
            codecs.run(self.chosen[codec][1], path, f"{self.scratch}/packed.prn")
        except codecs.Failed as error:
            if error.status == 1:
                self.refused.append(name)
                return f"{name}: {bad}; refused"
            self.faults.append(f"{name}: {error}")
            return f"{name}: FAULT: {error}"
        self.faults.append(f"{name}: {bad}, but {codec} took it")
        return f"{name}: FAULT: {bad}, but {codec} took it"


def has_same_numbers(packed, path, scratch, ask):
    """Whether a peer's file decodes to the right numbers, if it can write any."""
    suffix = pathlib.Path(packed).suffix[1:]
    if suffix not in codecs.NUMBERS:
        return False
    kind, decode = codecs.NUMBERS[suffix]
    target = f"{scratch}/numbers.{kind}"
    try:
        codecs.run(decode, packed, target)
    except codecs.Failed:
        return False
    return ask(verify.same_numbers, path, target)


class Lost(Exception):
    """What prnzip has lost."""

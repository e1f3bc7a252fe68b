"""An old prnzip and a new one, run in turn, so that a noisy machine troubles both alike.

In each round, one runs right after the other, and the next round begins with the other one: what
counts is the median of the rounds' ratios. Each program decodes what it has made itself.
"""
import os, pathlib, statistics
from dataclasses import dataclass, field

from benchmark import codecs, measure, verify

WAYS = ("compress", "decompress")
OLD, NEW, PEER = "old", "new", "peer"
PEER_NAME = "JPEG XL -e 7"


@dataclass
class Ratio:
    """Over rounds: the median, and the lowest and highest."""
    median: float
    lowest: float
    highest: float


@dataclass
class Side:
    """What a program did with a file: its Runs of each way, one a round, and the bytes it made.

    `why` says why there are none, or what is wrong with the PNG that came back.
    """
    runs: dict = field(default_factory=lambda: {way: [] for way in WAYS})
    instructions: dict = field(default_factory=dict)  # by way
    bytes: int | None = None
    why: str = ""

    def median(self, way, what):
        """Of seconds; None where it has not run."""
        values = [getattr(run, what) for run in self.runs[way]]
        return statistics.median(values) if values else None

    def memory(self, way):
        """The peak of the rounds in MB."""
        return max((run.memory for run in self.runs[way]), default=None)


@dataclass
class Pair:
    """One file at one effort with one instruction set, by both programs and perhaps a peer."""
    file: str
    effort: str
    set: str  # empty: the program's own choice
    sides: dict

    def ratio(self, way, what, of=NEW, to=OLD):
        """The Ratio of seconds, `of` / `to`; None where one of them has not run."""
        both = zip(*(self.sides[side].runs[way] if side in self.sides else [] for side in (of, to)))
        values = [getattr(a, what) / max(getattr(b, what), 1e-6) for a, b in both]
        return Ratio(statistics.median(values), min(values), max(values)) if values else None

    def of_bytes(self):
        old, new = (self.sides[side].bytes for side in (OLD, NEW))
        return new / old if old and new else None

    def of_instructions(self, way):
        old, new = (self.sides[side].instructions.get(way) for side in (OLD, NEW))
        return new / old if old and new else None

    @property
    def is_right(self):
        """Whether nothing went wrong with the new program."""
        return not self.sides[NEW].why


class Pairs:
    """Measures pairs; `count` counts the instructions of words, or is None."""

    def __init__(self, programs, options, threads, rounds, count, has_peer, scratch, pool):
        self.programs, self.options, self.threads = programs, options, threads
        self.rounds, self.count, self.has_peer = rounds, count, has_peer
        self.scratch, self.pool = scratch, pool

    def measure(self, path, effort, instruction_set):
        """The Pair of a file."""
        sides = [OLD, NEW] + [PEER] * self.has_peer
        pair = Pair(path.name, effort, instruction_set, {side: Side() for side in sides})
        for number in range(self.rounds):
            for way in WAYS:
                for side in sides:
                    self.run(pair, side, way, path)
            if number == 0:
                self.check(pair, path)
            sides.reverse()
        if self.count:
            for side in (OLD, NEW):
                for way in WAYS:
                    self.count_of(pair, side, way, path)
        return pair

    def commands(self, side, effort):
        """Suffix, encoder and decoder."""
        if side == PEER:
            return codecs.cjxl(7, self.threads)
        return codecs.prnzip(f"-e {effort} {self.options}", self.threads)

    def places(self, side, effort, path):
        """PNG, packed file, PNG that comes back."""
        suffix = self.commands(side, effort)[0]
        return str(path), f"{self.scratch}/{side}.{suffix}", f"{self.scratch}/{side}-back.png"

    def words(self, side, way, effort, path):
        _, encode, decode = self.commands(side, effort)
        png, packed, back = self.places(side, effort, path)
        program = self.programs.get(side)
        if way == "compress":
            return codecs.words_of(encode, png, packed, program)
        return codecs.words_of(decode, packed, back, program)

    def run(self, pair, side, way, path):
        """One run, unless one has failed before."""
        own = pair.sides[side]
        if own.why:
            return
        words = self.words(side, way, pair.effort, path)
        try:
            own.runs[way].append(codecs.measured(words, environment(pair.set)))
        except codecs.Failed as error:
            own.why = reason(error, way)

    def check(self, pair, path):
        """Bytes, and whether the PNG came back."""
        for side, own in pair.sides.items():
            if own.why:
                continue
            png, packed, back = self.places(side, pair.effort, path)
            own.bytes = os.path.getsize(packed)
            if side != PEER:
                lost = self.ask(verify.difference, png, back)
                own.why = f"loses {lost}" if lost else ""
            elif not (
                    self.ask(verify.same_pixels, png, back)
                    or measure.has_same_numbers(packed, png, self.scratch, self.ask)):
                own.why = "loses pixels"

    def ask(self, question, *arguments):
        """What another process, which may hold pixels, answers."""
        return self.pool.submit(question, *arguments).result()

    def count_of(self, pair, side, way, path):
        own = pair.sides[side]
        if not own.why:
            own.instructions[way] = self.count(
                self.words(side, way, pair.effort, path), environment(pair.set))


def environment(instruction_set):
    """Of a program that is to use an instruction set; None for what is there."""
    return {**os.environ, "PRNZIP_INSTRUCTION_SET": instruction_set} if instruction_set else None


def reason(error, way):
    """What a failure says, on one line."""
    # What prnzip says of an option that it does not know.
    if error.status == 64:
        return "does not know this effort"
    said = (error.error.splitlines() or [""])[0]
    return f"{way} fails: exit status {error.status}" + f": {said}" * bool(said)


def is_missing(instruction_set):
    """Whether this machine lacks an instruction set, as far as it says."""
    flag = {"avx2": "avx2", "avx512": "avx512_vnni"}.get(instruction_set)
    try:
        words = pathlib.Path("/proc/cpuinfo").read_text().split()
    except OSError:
        return False
    return flag is not None and flag not in words

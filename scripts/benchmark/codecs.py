"""The programs that are compared, and how one is run and measured."""
import functools, os, pathlib, re, statistics, subprocess, time
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
# Where files with results go; `bench --out` and `--program` set these anew.
RESULTS, CHARTS = ROOT / "Benchmarks" / "results", ROOT / "docs"
PRNZIP = str(ROOT / ".build" / "release" / "prnzip")
THREADS = str(os.cpu_count() or 1)


def cjxl(effort, threads=THREADS):
    threads = f"--num_threads={threads}"
    return (
        "jxl", f"cjxl --quiet -d 0 -e {effort} {threads} {{i}} {{o}}",
        f"djxl --quiet {threads} {{i}} {{o}}")


def prnzip(options="", threads=THREADS):
    return (
        "prn", f"{{prnzip}} compress -q -f --threads {threads} {options} {{i}} -o {{o}}",
        f"{{prnzip}} decompress -q -f --threads {threads} {{i}} -o {{o}}")


# name: (suffix, encode, decode); {i} is the input, {o} the output.
CODECS = {
    "optipng -o2": ("png", "optipng -quiet -o2 -clobber -out {o} {i}", None),
    "WebP -z 9": (
        "webp", "cwebp -quiet -lossless -z 9 -exact -mt {i} -o {o}",
        "dwebp -quiet -mt {i} -o {o}"),
    "JPEG XL -e 3": cjxl(3),
    "JPEG XL -e 7": cjxl(7),
    "JPEG XL -e 9": cjxl(9),
    "prnzip -e instant": prnzip("-e instant"),
    "prnzip -e fast": prnzip("-e fast"),
    "prnzip": prnzip(),
    "prnzip -e best": prnzip("-e best"),
    "prnzip -e fast, no transform": prnzip("-e fast --transform none"),
    "prnzip, no transform": prnzip("--transform none"),
    "prnzip -e best, no transform": prnzip("-e best --transform none"),
    "prnzip --pure": prnzip("--pure"),
}
# Where the PNG that came back is wrong, the decoder's numbers tell what is in the file: djxl 0.7
# scales samples of fewer than 8 bits wrongly when it writes PNG.
NUMBERS = {"jxl": ("npy", "djxl --quiet {i} {o}")}
EFFORTS = {
    "instant": "prnzip -e instant",
    "fast": "prnzip -e fast", "default": "prnzip", "best": "prnzip -e best",
    "fast-none": "prnzip -e fast, no transform", "default-none": "prnzip, no transform",
    "best-none": "prnzip -e best, no transform", "pure": "prnzip --pure"}
# Those that are compared in tables of kinds.
USUAL = ["fast", "default", "best"]
# What says the version of a program.
VERSIONS = {
    "optipng": ["optipng", "--version"], "cwebp": ["cwebp", "-version"],
    "cjxl": ["cjxl", "--version"]}
# The median of so many runs counts; slow ones are not repeated.
RUNS, SLOW_SECONDS = 3, 1.5


class Failed(SystemExit):
    """A command's failure, which ends the benchmark where nobody catches it."""

    def __init__(self, words, status, error):
        super().__init__(f"bench: {' '.join(words)}: exit status {status}: {error}")
        self.status, self.error = status, error


def is_ours(codec):
    return codec.startswith("prnzip")


def chosen(efforts):
    """The codecs of a benchmark: the others, and prnzip at the efforts."""
    ours = [EFFORTS[effort] for effort in efforts]
    return {codec: how for codec, how in CODECS.items() if not is_ours(codec) or codec in ours}


def without_threads(command):
    """A command without what has no influence on its result."""
    return re.sub(r" (--num_threads=\S+|-mt)", "", command)


@functools.cache
def version(codec):
    """Name and version of the program that encodes."""
    program = CODECS[codec][1].split()[0]
    printed = subprocess.run(
        VERSIONS[program], capture_output=True, text=True, check=True).stdout.split("\n")[0]
    return f"{program} {re.search(r'[0-9][0-9.]*', printed)[0]}"


@dataclass
class Run:
    """What a process took: wall and CPU seconds, and its peak of memory in MB.

    CPU is user and system together: how a short process divides between them is a guess of the
    kernel's.
    """
    wall: float
    cpu: float
    memory: float


def words_of(command, source, target, program=None):
    """A command's words; `program` is the prnzip of it."""
    return [
        word.format(i=source, o=target, prnzip=program or PRNZIP) for word in command.split()]


def run(command, source, target):
    """Wall seconds and peak memory in MB of one command; raises Failed."""
    result = measured(words_of(command, source, target))
    return result.wall, result.memory


def measured(words, environment=None):
    """The Run of one process; raises Failed.

    A process is charged with at least the memory of the one that starts it, here some 20 MB of
    Python. That is why pixels are never held in this process.
    """
    start = time.monotonic()
    process = subprocess.Popen(
        words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment)
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise Failed(words, process.returncode, error.decode(errors="replace").strip())
    wall, cpu = time.monotonic() - start, usage.ru_utime + usage.ru_stime
    return Run(wall, cpu, usage.ru_maxrss / 1024)


def repeated(command, source, target, runs):
    """The median of the seconds, and the peak of the memory in MB."""
    results = [run(command, source, target)]
    while len(results) < runs and results[0][0] < SLOW_SECONDS:
        results.append(run(command, source, target))
    seconds, memory = zip(*results)
    return statistics.median(seconds), max(memory)

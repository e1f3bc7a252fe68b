"""The programs that are compared, and how one is run and measured."""
import os, pathlib, statistics, subprocess, sys, time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
RESULTS = ROOT / "Benchmarks" / "results"
PRNZIP = str(ROOT / ".build" / "release" / "prnzip")
THREADS = str(os.cpu_count() or 1)


def cjxl(effort):
    threads = f"--num_threads={THREADS}"
    return (
        "jxl", f"cjxl --quiet -d 0 -e {effort} {threads} {{i}} {{o}}",
        f"djxl --quiet {threads} {{i}} {{o}}")


def prnzip(options=""):
    return (
        "prn", f"{{prnzip}} compress -q -f --threads {THREADS} {options} {{i}} -o {{o}}",
        f"{{prnzip}} decompress -q -f --threads {THREADS} {{i}} -o {{o}}")


# name: (suffix, encode, decode); {i} is the input, {o} the output.
CODECS = {
    "optipng -o2": ("png", "optipng -quiet -o2 -force -clobber -out {o} {i}", None),
    "WebP -z 9": (
        "webp", "cwebp -quiet -lossless -z 9 -mt {i} -o {o}", "dwebp -quiet -mt {i} -o {o}"),
    "JPEG XL -e 7": cjxl(7),
    "JPEG XL -e 9": cjxl(9),
    "prnzip -e fast": prnzip("-e fast"),
    "prnzip": prnzip(),
    "prnzip -e best": prnzip("-e best"),
    "prnzip --pure": prnzip("--pure"),
}
# The median of so many runs counts; slow ones are not repeated.
RUNS, SLOW_SECONDS = 3, 1.5


def run(command, source, target):
    """Wall seconds and peak memory in MB of one command; its failure ends the benchmark.

    A process is charged with at least the memory of the one that starts it, here some 20 MB of
    Python. That is why pixels are never held in this process.
    """
    words = [word.format(i=source, o=target, prnzip=PRNZIP) for word in command.split()]
    start = time.monotonic()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"bench: {' '.join(words)}: {error.decode().strip()}")
    return time.monotonic() - start, usage.ru_maxrss / 1024


def repeated(command, source, target, runs):
    """The median of the seconds, and the peak of the memory in MB."""
    results = [run(command, source, target)]
    while len(results) < runs and results[0][0] < SLOW_SECONDS:
        results.append(run(command, source, target))
    seconds, memory = zip(*results)
    return statistics.median(seconds), max(memory)

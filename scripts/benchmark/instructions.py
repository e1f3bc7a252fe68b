"""Instructions of a program, counted by valgrind: they do not depend on what else is running."""
import os, pathlib, re, shutil, subprocess

from benchmark import codecs

# What valgrind has; it has no AVX-512.
SETS = ("portable", "avx2")


def is_there():
    return shutil.which("valgrind") is not None


def plain(program, target):
    """Copies a program without debug information, which may be newer than valgrind knows."""
    shutil.copy(program, target)
    if strip := shutil.which("strip"):
        subprocess.run([strip, "--strip-debug", target], check=False, stderr=subprocess.DEVNULL)
    return str(target)


class Counter:
    """Counts the instructions of the programs' copies."""

    def __init__(self, programs, scratch):
        self.copies = {
            program: plain(program, pathlib.Path(scratch) / f"{side}-plain")
            for side, program in programs.items()}

    def __call__(self, words, environment):
        """Of one run, all its threads together; raises codecs.Failed."""
        environment = dict(environment or os.environ)
        if environment.get("PRNZIP_INSTRUCTION_SET") not in SETS:
            environment["PRNZIP_INSTRUCTION_SET"] = "avx2"
        words = [
            "valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null",
            self.copies[words[0]], *words[1:]]
        done = subprocess.run(words, env=environment, capture_output=True, text=True)
        found = re.search(r"I\s+refs:\s+([\d,]+)", done.stderr)
        if done.returncode or not found:
            raise codecs.Failed(words, done.returncode, done.stderr.strip())
        return int(found[1].replace(",", ""))

"""Crops that processes of `prntrain dump` make, in a ring in the device's memory."""
import contextlib
import fcntl
import os
import subprocess
import threading

import numpy
import torch

from .recipe import Unsupported

HEADER = 28
# Bytes of a record in front of its inputs.
RECORD_HEADER = 8
# Bytes that a process may be ahead of its reader.
PIPE = 1 << 20


class Format:
    """What the header of a stream says, and where things are in a record of so many pixels."""

    def __init__(self, header):
        words = numpy.frombuffer(header[4:], "<u4").tolist() if len(header) == HEADER else []
        if header[:4] != b"PRND" or words[0] != 1:
            raise Unsupported("no stream of prntrain dump")
        _, self.colours, self.known, self.inputs, self.predictions, self.reach = words

    @property
    def predictions_of_colour(self):
        return self.predictions // self.colours

    def sizes(self, rows, columns):
        """Int16 numbers of the inputs and of the predictions, symbols, and bytes of a record."""
        inputs = (rows + self.reach) * (columns + 2 * self.reach) * self.inputs
        predictions = rows * columns * self.predictions
        symbols = rows * columns * self.colours
        return inputs, predictions, symbols, (
            RECORD_HEADER + 2 * (inputs + predictions) + symbols + 3) // 4 * 4

    def parts(self, records, rows, columns):
        """Inputs, predictions (Int16) and symbols (UInt8) of records [crops][bytes], as views."""
        inputs, _, symbols, size = self.sizes(rows, columns)
        crops = records.shape[0]
        numbers = records.view(torch.int16)
        across = (columns + 2 * self.reach) * self.inputs
        seen = numbers.as_strided(
            (crops, rows + self.reach, columns + 2 * self.reach, self.inputs),
            (size // 2, across, self.inputs, 1), RECORD_HEADER // 2)
        predictions = numbers.as_strided(
            (crops, rows, columns, self.predictions),
            (size // 2, columns * self.predictions, self.predictions, 1),
            RECORD_HEADER // 2 + inputs)
        first = RECORD_HEADER + 2 * (inputs + rows * columns * self.predictions)
        return seen, predictions, records[:, first:first + symbols].view(
            crops, self.colours, rows * columns)


def command(program, recipe, data, *options):
    """The words that start a stream, and its variables."""
    words = [program, "dump", str(recipe.path), "--data", data, *map(str, options)]
    return words, {**os.environ, "OPENBLAS_NUM_THREADS": "1"}


def read(program, recipe, data, *options):
    """A whole stream: its format, and the bytes behind the header."""
    words, variables = command(program, recipe, data, *options)
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=variables)
    if done.returncode:
        raise Unsupported(done.stderr.decode().strip().removeprefix("Error: "))
    return Format(done.stdout[:HEADER]), numpy.frombuffer(done.stdout, numpy.uint8, offset=HEADER)


class Ring:
    """The newest crops of a recipe, `size` of them at most. `workers` processes make them, from
    the beginning on; what is in the ring is known when it is open."""

    # Held while memory is copied, and while a graph is captured, which bears no copies beside it.
    copying = threading.Lock()

    def __init__(self, program, recipe, data, workers, size, per_region, device):
        self.recipe, self.device, self.per_region = recipe, device, per_region
        self.processes = []
        # Crops so far.
        self.taken = 0
        self.size = max(size // per_region, 2 * workers) * per_region
        self.margin = workers * per_region
        self.records, self.failure = None, None
        for worker in range(workers):
            words, variables = command(
                program, recipe, data, "--worker", worker, "--workers", workers, "--crops",
                per_region)
            self.processes.append(subprocess.Popen(
                words, stdout=subprocess.PIPE, bufsize=0, env=variables))
            with contextlib.suppress(OSError):
                fcntl.fcntl(self.processes[-1].stdout, fcntl.F_SETPIPE_SZ, PIPE)

    def open(self):
        """Waits for the headers; from then on the ring fills."""
        headers = [self.fill(process, bytearray(HEADER)) for process in self.processes]
        self.format = Format(bytes(headers[0]))
        side = self.recipe.crop
        self.bytes = self.format.sizes(side, side)[3]
        self.records = torch.zeros(
            self.size, self.bytes, dtype=torch.uint8, device=self.device)
        for process in self.processes:
            threading.Thread(target=self.read, args=(process,), daemon=True).start()

    @staticmethod
    def fill(process, buffer):
        """Reads until the buffer is full."""
        view, done = memoryview(buffer), 0
        while done < len(view):
            count = process.stdout.readinto(view[done:])
            if not count:
                raise Unsupported(f"prntrain dump ended: status {process.wait()}")
            done += count
        return buffer

    def read(self, process):
        is_cuda = self.device.type == "cuda"
        host = torch.empty(
            self.per_region, self.bytes, dtype=torch.uint8, pin_memory=is_cuda)
        stream = torch.cuda.Stream() if is_cuda else None
        while True:
            try:
                self.fill(process, host.view(-1).numpy())
            except Unsupported as error:
                self.failure = str(error)
                return
            with self.copying:
                place = self.taken % self.size
                if stream:
                    with torch.cuda.stream(stream):
                        self.records[place:place + self.per_region].copy_(host, non_blocking=True)
                    stream.synchronize()
                else:
                    self.records[place:place + self.per_region] = host
                self.taken += self.per_region

    @property
    def bounds(self):
        """The crops that are there, and stay for a while: from the first to behind the last."""
        end = self.taken
        return max(0, end + self.margin - self.size), end

    def draw(self, count):
        """The places of some of the crops that are there: [count]."""
        first, end = self.bounds
        return torch.randint(first, end, (count,), device=self.device) % self.size

    def stop(self):
        for process in self.processes:
            process.kill()

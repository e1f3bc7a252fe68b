"""A prntrain that runs where neither Swift nor OpenBLAS is: for `prntrain dump` alone."""
import pathlib
import re
import struct
import subprocess

from .recipe import Unsupported

# What prntrain wants of OpenBLAS, and `dump` never calls.
STUB = "void cblas_sgemm(void) { __builtin_trap(); }\nvoid openblas_set_num_threads(int n) {}\n"
# The weight files in the program, which `dump` does not read either.
WEIGHTS = pathlib.Path(__file__).parents[2] / "Sources/EmbeddedModels/weights"
# Libraries of the system that a bare machine may lack.
LIBRARIES = ("libpng16.so.16", "libz.so.1")


def zero_symbol(path, pattern):
    """Overwrites the data of the symbols that match with zeros: they then take no room in an
    archive. ICU's tables are half of a static program, and `dump` reads none of them."""
    listing = subprocess.run(["nm", "-S", path], capture_output=True, text=True).stdout
    data = bytearray(pathlib.Path(path).read_bytes())
    table, = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    loads = []
    for i in range(count):
        kind, _, offset, address, _, length = struct.unpack_from("<IIQQQQ", data, table + i * size)
        if kind == 1:
            loads.append((address, length, offset))
    for line in listing.splitlines():
        match = re.fullmatch(r"([0-9a-f]+) ([0-9a-f]+) [dDrR] (.*)", line)
        if not match or not re.fullmatch(pattern, match[3]):
            continue
        first, length = int(match[1], 16), int(match[2], 16)
        for address, size_in_file, offset in loads:
            if address <= first and first + length <= address + size_in_file:
                at = offset + first - address
                data[at:at + length] = bytes(length)
    pathlib.Path(path).write_bytes(data)


def library(name):
    """The path of a library of this machine."""
    listing = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True).stdout
    for line in listing.splitlines():
        if line.split()[:1] == [name] and "x86-64" in line:
            return line.split(" => ")[1].strip()
    raise Unsupported(f"{name}: not on this machine")


def bundle(program, folder):
    """Writes `prntrain` and `lib/` into a folder. The program must have been built with
    --static-swift-stdlib; `run_environment` says how it is run."""
    folder = pathlib.Path(folder)
    lib = folder / "lib"
    lib.mkdir(parents=True, exist_ok=True)
    target = folder / "prntrain"
    target.write_bytes(pathlib.Path(program).read_bytes())
    needed = subprocess.run(["ldd", program], capture_output=True, text=True).stdout
    if "libswiftCore" in needed:
        raise Unsupported(f"{program}: build it with --static-swift-stdlib")
    models = [path.stem.replace("-", "_") for path in WEIGHTS.glob("*.prnw")]
    zero_symbol(target, "|".join([r"icudt\d+_dat", *models]))
    subprocess.run(["strip", target], check=True)
    target.chmod(0o755)
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-x", "c", "-", "-o", lib / "libopenblas.so.0",
                    "-Wl,-soname,libopenblas.so.0"], input=STUB, text=True, check=True)
    for name in LIBRARIES:
        (lib / name).write_bytes(pathlib.Path(library(name)).read_bytes())


def environment(folder):
    """The variables to run the bundled program with."""
    return {"LD_LIBRARY_PATH": str(pathlib.Path(folder).resolve() / "lib")}

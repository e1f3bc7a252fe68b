"""What `prntrain evaluate` says of the trained recipes on binarized MNIST and CIFAR-10."""
import csv, math, re, subprocess, sys

from benchmark import codecs, table

FILE = codecs.RESULTS / "evaluations.csv"
MNIST, CIFAR = "mnist/binarized-test-0.png", "cifar10/test-0-9966.png"
# What the paper has for the same body, in nats and in bits/dim.
PAPER = {
    "mnist-bilstm": 79.20, "mnist-rowlstm": 80.54, "mnist-pixelcnn": 81.30,
    "cifar10-bilstm": 3.00, "cifar10-rowlstm": 3.07, "cifar10-pixelcnn": 3.14,
    "cifar10-deep": 3.14}
COLUMNS = ["recipe", "multiplications", "megapixels", "float", "rounded", "integer",
           "code length bytes", "file bytes"]
PROGRAM = ".build/release/prntrain"


def recipes():
    """Those that have been trained: name and test set."""
    for path in sorted((codecs.ROOT / "Models").glob("*.recipe")):
        for start, images in (("mnist-", MNIST), ("cifar10-", CIFAR)):
            if path.stem.startswith(start) and path.with_suffix(".checkpoint").exists():
                yield path.stem, images


def command(name, images):
    return f"{PROGRAM} evaluate Models/{name}.recipe --runs Models DATA/{images}"


def measure(data, only):
    figures = read()
    for name, images in recipes():
        if only and name not in only:
            continue
        print(command(name, images), file=sys.stderr)
        words = command(name, images).replace("DATA", str(data.resolve())).split()
        text = subprocess.run(
            words, cwd=codecs.ROOT, capture_output=True, text=True, check=True).stdout
        print(text, file=sys.stderr)
        # Nats of a tile, all of its colours together.
        labels = ("float", "quantized", "integer")
        nats = [re.search(label + r"\s.*?([\d.]+) nats", text)[1] for label in labels]
        length = re.search(r"code length\s+([\d.]+)", text)[1]
        size = re.search(r"files, pure\s+(\d+)", text)[1]
        with open(codecs.ROOT / "Models" / f"{name}.log.csv") as log:
            pixels = int(list(csv.DictReader(log))[-1]["pixels"])
        multiplications = re.search(r"(\d+) multiplications", text)[1]
        megapixels = str(round(pixels / 1e6))
        row = [name, multiplications, megapixels, *nats, length, size]
        figures[name] = dict(zip(COLUMNS, row))
    with open(FILE, "w", newline="") as file:
        rows = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        rows.writeheader()
        rows.writerows(figures[name] for name in sorted(figures))


def read():
    """{recipe: its figures as text}."""
    if not FILE.exists():
        return {}
    with open(FILE) as file:
        return {row["recipe"]: row for row in csv.DictReader(file)}


def bits(nats):
    """Bits/dim of CIFAR-10 images, 32x32 of three colours."""
    return float(nats) / math.log(2) / 3072


def lines(figures, start, images, digits, scale):
    """The table of the recipes whose names begin with `start`, and the command that measures."""
    heads = ["RECIPE", "multiplications", "megapixels", "float", "rounded", "integer", "file",
             "ratio", "paper"]
    figures = {name: row for name, row in figures.items() if name.startswith(start)}
    rows = []
    for name, row in sorted(figures.items(), key=lambda item: float(item[1]["integer"])):
        measured = [f"{scale(row[key]):.{digits}f}" for key in ("float", "rounded", "integer")]
        ratio = float(row["file bytes"]) / float(row["code length bytes"])
        paper = f"{PAPER[name]:.2f}" if name in PAPER else ""
        cells = [f"`{name}`", f"{int(row['multiplications']):,}", row["megapixels"], *measured]
        rows.append(cells + [f"{int(row['file bytes']):,}", f"{ratio:.4f}", paper])
    first, rest = command("RECIPE", images).split(" --runs ")
    return table.markdown(heads, rows) + ["", f"    {first} \\", f"      --runs {rest}"]


def mnist(figures):
    return lines(figures, "mnist-", MNIST, 2, float)


def cifar10(figures):
    return lines(figures, "cifar10-", CIFAR, 3, bits)

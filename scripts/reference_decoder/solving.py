"""FORMAT.md, sections 3.4 and 3.5: systems of equations, in doubles.

Python's floats are IEEE doubles, and no operation is fused with another.
"""


def solve(matrix, y):
    """3.5, on the upper triangle. Whether the solution, in y, is usable."""
    n = len(y)
    inverses = []
    for i in range(n):
        row = matrix[i]
        inverse = 1.0 / row[i] if row[i] else float("nan")
        inverses.append(inverse)
        for j in range(i + 1, n):
            factor = row[j] * inverse
            target = matrix[j]
            target[j:] = [a - factor * b for a, b in zip(target[j:], row[j:])]
            y[j] = y[j] - factor * y[i]
    for i in reversed(range(n)):
        row, value = matrix[i], y[i]
        for j in range(i + 1, n):
            value = value - row[j] * y[j]
        y[i] = value * inverses[i]
    return all(-8.0 < value < 8.0 for value in y)


def rounded(x):
    x = 4096.0 * x
    if not x > -32767.0:
        return -32767
    if not x < 32767.0:
        return 32767
    return int(x + 0.5) if x >= 0 else -int(0.5 - x)


def fit_tile(matrix, y, old):
    """3.4, the global fit: its weights, or the old ones."""
    for i, row in enumerate(matrix):
        row[i] = row[i] + 120.0
    return [rounded(value) for value in y] if solve(matrix, y) else old


def fit_around(origin, ridge, matrix, y):
    """3.4, around an origin with a ridge: the weights of a local fit or a window fit."""
    shares = [weight / 4096.0 for weight in origin]
    for i in range(len(y)):
        for j, share in enumerate(shares):
            y[i] = y[i] - (matrix[i][j] if i <= j else matrix[j][i]) * share
    for i, row in enumerate(matrix):
        row[i] = row[i] + ridge
    if not solve(matrix, y):
        return list(origin)
    return [rounded(share + value) for share, value in zip(shares, y)]

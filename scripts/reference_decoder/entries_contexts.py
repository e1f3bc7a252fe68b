"""FORMAT.md, section 12.4: the contexts of the next byte, by its kind."""
from .adaptive import hashed
from .entries_history import hash_of
from .entries_parser import ALPHA, BINARY, DEFLATED, FILTERS, IN_LENGTH, PALETTE, STRUCTURE, TEXT


def find_contexts(history, near):
    """Up to ten numbers. near: candidate 5 of 12.5, or None."""
    return CONTEXTS[history.parser.kind](history, 256 if near is None else near)


def structure(history, _):
    p, order = history.parser, history.order
    here = hash_of(p.phase, p.at, p.type)
    if p.phase == IN_LENGTH:
        here = hashed(here, p.length)
    return [
        hash_of(here, p.before), hash_of(here, p.before, p.twice_before), hash_of(here, p.types),
        hash_of(here, p.before, p.previous_length), here, order(2), order(4),
        hash_of(here, p.before, order(1)), hash_of(here, p.last_entry), hash_of(here, p.entries)]


def orders(history):
    return [history.order(n) for n in range(1, 5)] + [history.order6]


def text(history, _):
    p, order = history.parser, history.order
    return orders(history) + [
        hash_of(p.type, p.keyword, min(p.at - p.first_zero, 255)), hash_of(p.word, order(1)),
        hash_of(p.keyword, order(2)), hash_of(p.type, 0), hash_of(p.type, p.data)]


def binary(history, _):
    p = history.parser
    place = hash_of(p.type, min(p.at, 255))
    return orders(history) + [
        place, hash_of(place, history.order(1)), hash_of(p.type, p.at & 3, history.ago(4)),
        hash_of(p.type, p.length, min(p.at, 255)), hash_of(p.type, p.data)]


def palette(history, near):
    p, ago = history.parser, history.ago
    c = p.at % 3
    steps = 0 if c == 0 else (ago(1) - ago(4)) % 256
    if c == 2:
        steps = 256 * steps + (ago(2) - ago(5)) % 256
    return [
        hash_of(c, ago(3)), hash_of(c, ago(1)), hash_of(c, ago(3), ago(1) if c else ago(6)),
        hash_of(c, ago(3), ago(6)), hash_of(c, ago(1) >> 4, ago(3) >> 4), p.at, hash_of(c, near),
        history.order6, hash_of(c, steps, ago(3)), c]


def alpha(history, _):
    p, order, previous = history.parser, history.order, history.ago(1)
    red = green = blue = 0
    start, length = history.palette
    if p.at < length // 3:
        red, green, blue = history.bytes[start + 3 * p.at : start + 3 * p.at + 3]
    gray, level = int(red == green == blue), 2 * red + 5 * green + blue >> 8
    is_last = int(p.at + 1 == p.length)
    return [
        order(1), order(2), order(3), hash_of(p.at, p.length), hash_of(gray, level, previous),
        hash_of(red, green, blue), hash_of(gray, level), history.order6,
        hash_of(min(history.equal_bytes, 8), previous, is_last), 0]


def deflated(history, _):
    p = history.parser
    place = min(p.at - p.first_zero, 20)
    return [
        hash_of(p.type, place), hash_of(p.type, place, history.order(1)),
        hash_of(p.type, p.data)]


def filters(history, _):
    return orders(history) + [
        hash_of(history.order(4), history.last >> 32),
        hash_of(min(history.equal_bytes, 30), history.ago(1)), 0]


CONTEXTS = {
    STRUCTURE: structure, TEXT: text, BINARY: binary, PALETTE: palette, ALPHA: alpha,
    DEFLATED: deflated, FILTERS: filters}

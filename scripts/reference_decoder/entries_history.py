"""FORMAT.md, sections 12.4 to 12.6: the bytes that have passed."""
from .adaptive import hashed, scattered
from .entries_parser import IN_DATA, Parser


def hash_of(*numbers):
    return hashed(0, *numbers)


def type_slot(kind):
    """12.5: where the last data of an entry's type are noted."""
    return scattered(hash_of(kind)) >> 26


class History:
    """`spans` and `palette` are a start and a length of data in `bytes`."""

    def __init__(self, match_bits):
        self.parser, self.bytes, self.match_bits = Parser(), bytearray(), match_bits
        self.last = self.match = self.match_length = self.equal_bytes = 0
        self.palette, self.spans, self.positions = (0, 0), {}, {}

    def ago(self, n):
        return self.last >> 8 * (n - 1) & 255

    def order(self, n):
        return self.last % 256**n

    @property
    def order6(self):
        return hash_of(self.order(4), self.ago(6) * 256 + self.ago(5))

    def pass_byte(self, byte):
        """12.6, 2 to 6."""
        parser = self.parser
        if self.match_length > 0:
            is_right = self.bytes[self.match] == byte
            self.match += is_right
            self.match_length = min(self.match_length + 1, 15) if is_right else 0
        self.equal_bytes = min(self.equal_bytes + 1, 255) if self.ago(1) == byte else 0
        self.last = (self.last << 8 | byte) % 2**64
        self.bytes.append(byte)
        if parser.phase == IN_DATA and parser.at + 1 == parser.length:
            span = len(self.bytes) - parser.length, parser.length
            self.spans[type_slot(parser.type)] = span
            if parser.type.to_bytes(4, "big") == b"PLTE":
                self.palette = span
        parser.pass_byte(byte)
        if parser.phase == IN_DATA and parser.at == 0:
            self.last = self.equal_bytes = 0
        self.find_match()

    def find_match(self):
        position = len(self.bytes)
        if position < 4:
            return
        slot = scattered(hash_of(self.order(4))) >> 32 - self.match_bits
        found = self.positions.get(slot, 0)
        if self.match_length == 0 and found:
            n = 0
            while n < min(15, found) and self.bytes[found - n - 1] == self.bytes[-n - 1]:
                n += 1
            self.match, self.match_length = found, n
        self.positions[slot] = position

    def end_file(self):
        """12.3: the 0 behind a file of the dictionary."""
        self.bytes.append(0)
        self.palette, self.match_length, self.last = (0, 0), 0, 0
        self.parser = Parser()

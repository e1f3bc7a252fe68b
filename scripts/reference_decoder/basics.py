"""FORMAT.md, section 0.3: refusals, integers, and the types of a file."""


class Refused(Exception):
    """A file that breaks a rule, in words of section 9."""


def need(condition, why):
    if not condition:
        raise Refused(why)


def clamp(x, low, high):
    return low if x < low else high if x > high else x


def sat16(x):
    return clamp(x, -32768, 32767)


def floor_log2(x):
    return x.bit_length() - 1


class Reader:
    """Reads a piece of a file, front to back."""

    def __init__(self, data, end="truncated file"):
        self.data, self.at, self.end = data, 0, end

    def bytes(self, count):
        need(self.at + count <= len(self.data), self.end)
        self.at += count
        return self.data[self.at - count : self.at]

    def unsigned(self, size):
        return int.from_bytes(self.bytes(size), "little")

    def varint(self):
        value = shift = 0
        while True:
            byte = self.unsigned(1)
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                need(byte or shift == 7, "corrupt: varint longer than needed")
                return value
            need(shift < 63, "corrupt: varint of more than 63 bits")

    @property
    def left(self):
        return len(self.data) - self.at

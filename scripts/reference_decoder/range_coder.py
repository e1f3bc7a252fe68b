"""FORMAT.md, sections 6 and 7: distributions, and the range coder that decodes with them."""
from .basics import need
from .functions import EXP_A, EXP_B


def frequencies(logits):
    """6"""
    largest, result = max(logits), []
    for logit in logits:
        deficit = largest - logit
        frequency = 1
        if deficit >> 6 <= 22:
            frequency += EXP_A[deficit >> 3 & 7] * EXP_B[deficit & 7] >> 8 + (deficit >> 6)
        result.append(frequency)
    return result


class RangeDecoder:
    """7"""

    def __init__(self, stream):
        self.stream, self.at = stream, 8
        self.low, self.range = 0, 2**64 - 1
        self.offset = int.from_bytes(stream[:8].ljust(8, b"\0"), "big")

    def symbol(self, distribution):
        total = sum(distribution)
        unit = self.range // total
        target, cumulative, symbol = self.offset // unit, 0, 0
        need(target < total, "corrupt tile: outside of every interval")
        while cumulative + distribution[symbol] <= target:
            cumulative += distribution[symbol]
            symbol += 1
        self.narrow(unit, cumulative, distribution[symbol])
        return symbol

    def decision(self, probability, total=65536):
        """A binary event, with the probability of a 1 of `total`."""
        unit = self.range // total
        target = self.offset // unit
        need(target < total, "corrupt tile: outside of every interval")
        if target < probability:
            self.narrow(unit, 0, probability)
            return 1
        self.narrow(unit, probability, total - probability)
        return 0

    def fine_decision(self, probability):
        """10.2: a binary event, with the probability of a 1 in 2^22ths."""
        return self.decision(probability, 2**22)

    def narrow(self, unit, cumulative, frequency):
        self.low = (self.low + unit * cumulative) % 2**64
        self.offset -= unit * cumulative
        self.range = unit * frequency
        while self.range < 2**48:
            byte = self.stream[self.at] if self.at < len(self.stream) else 0
            self.at += 1
            self.low, self.range = self.low * 256 % 2**64, self.range * 256
            self.offset = self.offset * 256 + byte

    def finish(self):
        end = (self.low + 2**48 - 1) % 2**64 >> 48 << 48
        need(self.offset == (end - self.low) % 2**64, "corrupt tile: final state")
        need(self.at >= len(self.stream), "corrupt tile: bytes left unread")
        need(self.stream[-1:] != b"\0", "corrupt tile: the last byte is 0")

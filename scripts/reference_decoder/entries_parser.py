"""FORMAT.md, section 12.2: where in the entries the next byte is."""
from .adaptive import hashed
from .basics import need

STRUCTURE, TEXT, BINARY, PALETTE, ALPHA, DEFLATED, FILTERS = range(7)
IN_TYPE, IN_LENGTH, IN_DATA = range(3)


class Parser:
    def __init__(self):
        self.phase, self.at, self.type = IN_TYPE, 0, 0
        self.before = self.twice_before = self.length = self.previous_length = 0
        self.zeros = self.first_zero = self.data = self.keyword = self.word = 0
        self.last_entry = self.types = self.entries = 0

    @property
    def is_at_start(self):
        """Of an entry."""
        return self.phase == IN_TYPE and self.at == 0

    @property
    def kind(self):
        """Of the next byte."""
        if self.phase != IN_DATA:
            return STRUCTURE
        name = self.type.to_bytes(4, "big")
        if name in (b"iCCP", b"zTXt"):
            return DEFLATED if self.zeros and self.at > self.first_zero + 1 else TEXT
        if name == b"fdAT":
            return BINARY if self.at < 4 else DEFLATED
        return {
            b"PLTE": PALETTE, b"tRNS": ALPHA, b"fLTr": FILTERS, b"tEXt": TEXT, b"iTXt": TEXT,
        }.get(name, BINARY)

    def end_entry(self):
        self.last_entry = hashed(self.data, self.type)
        self.twice_before, self.before = self.before, self.type
        self.previous_length = self.length
        self.types = hashed(self.types, self.type)
        self.entries += 1
        self.phase, self.at, self.type = IN_TYPE, 0, 0

    def pass_byte(self, byte):
        if self.phase == IN_TYPE:
            self.type = self.type << 8 | byte
            self.at += 1
            if self.at == 4:
                self.phase, self.at, self.length = IN_LENGTH, 0, 0
        elif self.phase == IN_LENGTH:
            need(self.at < 4 or byte < 8, "corrupt: length of an entry")
            need(self.at == 0 or byte > 0, "corrupt: length of an entry")
            self.length |= (byte & 127) << 7 * self.at
            self.at += 1
            if byte < 128:
                self.phase, self.at = IN_DATA, 0
                self.zeros = self.first_zero = self.data = self.keyword = self.word = 0
                if self.length == 0:
                    self.end_entry()
        else:
            self.data = hashed(self.data, byte + 1)
            is_letter = byte >= 128 or ord("a") <= byte | 32 <= ord("z")
            self.word = hashed(self.word, byte | 32) if is_letter else 0
            if byte == 0:
                if self.zeros == 0:
                    self.first_zero, self.keyword = self.at, self.data
                self.zeros += 1
            self.at += 1
            if self.at == self.length:
                self.end_entry()

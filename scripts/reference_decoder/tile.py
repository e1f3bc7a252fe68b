"""FORMAT.md, section 0.2, decodeTile, and section 8.7: the values of a tile."""
from .basics import Reader
from .code_order import fixed_prediction, is_adaptive, rows_of, shear
from .groups import LANE_PIXELS
from .mixing import Mixing
from .network import Network
from .prediction import Prediction
from .range_coder import RangeDecoder, frequencies
from .trace import trace_symbol


def lane_coders(level, payload, rows, columns):
    """A range coder of the payload, or one for each lane of a large tile."""
    if not (level and columns > 1 and rows * columns >= LANE_PIXELS):
        return [RangeDecoder(payload)]
    reader = Reader(payload, "corrupt tile: a lane's length")
    first = reader.bytes(reader.varint())
    return [RangeDecoder(first), RangeDecoder(reader.bytes(reader.left))]


class Tile:
    """A tile that is being decoded: `values` are [row][column][colour], filled in code order."""

    def __init__(self, model, level, adaptation, coders, rows, columns, small, known=()):
        """`small`: the pixels of the small image that lie in the tile, or None. `known`: planes
        of the first colours, which both sides know, [row][column]."""
        self.model, self.coders, self.rows, self.columns = model, coders, rows, columns
        self.values = [[model.colours * [0] for _ in range(columns)] for _ in range(rows)]
        self.known = known
        self.small, self.shear = small, shear(model, columns)
        self.network = Network(model, rows, columns, small)
        self.prediction = Prediction(model, rows, columns) if is_adaptive(model) else None
        count = len(coders)
        self.lanes = [
            Mixing(level, adaptation, self.prediction, count) for _ in coders] if level else []

    def decode(self):
        for t in range(self.columns + self.shear * (self.rows - 1)):
            for c in range(self.model.colours):
                for r in rows_of(t, self.rows, self.columns, self.shear):
                    self.decode_value(t, c, r, t - self.shear * r)
            if self.prediction:
                self.prediction.learn(t)
        return self.values

    def decode_value(self, t, c, r, q):
        prediction = self.predict(c, r, q)
        # Of a known pixel too, for what others see of it.
        logits = self.network.logits(c, r, q)
        scale = self.model.scale
        if c < len(self.known):
            value = self.known[c][r][q]
        elif self.small and r % scale == 0 and q % scale == 0:
            value = self.small[r // scale][q // scale][c]
        elif self.lanes:
            lane = self.lane(r, q)
            value = self.lanes[lane].decode(self.coders[lane], frequencies(logits))
        else:
            distribution, coder = frequencies(logits), self.coders[0]
            symbol = coder.symbol(distribution)
            value = (symbol + prediction) % 256
            trace_symbol(
                t, c, r, q, value, prediction, symbol, logits, distribution, coder)
        self.record(c, r, q, value, prediction)

    def predict(self, c, r, q):
        if self.prediction:
            self.prediction.predict(c, r, q)
            self.network.set_adaptive_prediction(r, q, self.prediction)
            return self.prediction.centre
        prediction = fixed_prediction(self.model, self.values, c, r, q)
        self.network.set_prediction(r, q, prediction)
        return prediction

    def record(self, c, r, q, value, prediction):
        self.values[r][q][c] = value
        residual = 16 * (value - prediction)
        if self.prediction:
            self.prediction.record(value)
            residual = 64 * value - self.prediction.blend >> 2
        self.network.record(r, q, value, residual)

    def lane(self, r, q):
        """8.7"""
        half = self.columns + 1 >> 1
        return int(len(self.lanes) == 2 and q >= half + 4 * (7 - r % 8))

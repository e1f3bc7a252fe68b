"""FORMAT.md, sections 4.1, 5.1 and 5.2: a network's layers, in the order of the weight file."""
from .code_order import ADAPTIVE, ADAPTIVE_WIDE, ADAPTIVE_WIDEST, DIAGONAL_BILSTM, ROW_LSTM

SOFTMAX, SIGMOID, CLASSES = range(3)
VALUE, RESIDUAL, PREDICTION = 1, 2, 4
GATES = ("gates", "gatesLeft", "gatesRight")
PREDICTORS = {ADAPTIVE: 4, ADAPTIVE_WIDE: 6, ADAPTIVE_WIDEST: 7}


def causal_taps(size, dilation=1):
    """Those before O."""
    reach = size - 1 >> 1
    return [
        (dilation * dr, dilation * dq) for dr in range(-reach, 1)
        for dq in range(-reach, reach + 1) if (dr, dq) < (0, 0)]


def plane_bounds(model):
    """The bounds of the input planes of a colour."""
    value, residual = model.inputKinds & VALUE, model.inputKinds & RESIDUAL
    return ([2048] if value else []) + ([4080] if residual else [])


def prediction_bounds(model):
    """Those of the prediction channels of a colour."""
    if not model.inputKinds & PREDICTION:
        return []
    predictors = PREDICTORS.get(model.symbolCentre)
    return [2048, 1024] + predictors * [2047] + predictors * [1536] if predictors else [2048]


def layers(model):
    """For each layer: its name, its slices, the output channels of a slice, and a function of the
    slice's number that gives the bound of each input."""
    colours, activation = model.colours, [model.activationMaximum]
    features, bottleneck = model.features, model.bottleneck
    conditioning = model.conditioningChannels
    planes, predicted = plane_bounds(model), prediction_bounds(model)
    output = {ROW_LSTM: [4096], DIAGONAL_BILSTM: [8192]}.get(model.body, activation)

    def seen(width, c, bounds=activation):
        """Mask B at O."""
        return width // colours * (c + 1) * bounds

    if model.scale > 1:
        yield "upsample0", 4, conditioning, lambda phase: 4 * colours * [2048]
    if model.scale > 2:
        yield "upsample1", 4, conditioning, lambda phase: 4 * conditioning * activation
    taps = len(causal_taps(model.kernelSize))
    yield "inputConvolution", colours, features // colours, (
        lambda c: (taps * colours + c) * planes + (c + 1) * predicted)
    for _ in range(model.blocks):
        if model.body == ROW_LSTM:
            yield "gates", colours, 4 * bottleneck // colours, lambda c: (
                features * [32768] + seen(features, c, [32768]) + 3 * bottleneck * [4096]
                + conditioning * activation)
        elif model.body == DIAGONAL_BILSTM:
            for name in GATES[1:]:
                yield name, colours, 4 * bottleneck // colours, lambda c: (
                    seen(features, c, [32768]) + 2 * bottleneck * [4096]
                    + conditioning * activation)
        else:
            yield "reduce", colours, bottleneck // colours, lambda c: seen(features, c)
            yield "convolve", colours, bottleneck // colours, lambda c: (
                4 * bottleneck * activation + seen(bottleneck, c) + conditioning * activation)
        yield "expand", colours, features // colours, lambda c: seen(bottleneck, c, output)
        if model.connections & 2:
            yield "skip", colours, model.headFeatures // colours, (
                lambda c: seen(bottleneck, c, output))
    yield "headHidden", colours, model.headFeatures // colours, lambda c: seen(features, c)
    logits = {SOFTMAX: 256, SIGMOID: 1, CLASSES: 64}[model.head]
    yield "headOutput", colours, logits, lambda c: seen(model.headFeatures, c)

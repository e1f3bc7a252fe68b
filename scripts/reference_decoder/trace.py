"""With PRN_TRACE=1: a line for each event of the range coder, as in appendix A of FORMAT.md."""
import os

TRACE = "PRN_TRACE" in os.environ
SYMBOL_HEAD = (
    "  t c  r  q value pred  sym logit cumulative    freq     total"
    "              low            range")
DECISION_HEAD = "  t c  r  q blend node input_1 input_2 probability decision"


def trace_symbol(t, c, r, q, value, prediction, symbol, logits, frequencies, coder):
    if TRACE:
        print(
            f"{t:3} {'RGB'[c]} {r:2} {q:2} {value:5} {prediction:4} {symbol:4} {max(logits):5}"
            f" {sum(frequencies[:symbol]):10} {frequencies[symbol]:7} {sum(frequencies):9}"
            f" {coder.low:016X} {coder.range:016X}")


def trace_decision(prediction, node, inputs, probability, decision):
    if TRACE:
        c, r, q = prediction.c, prediction.r, prediction.q
        print(
            f"{q + 4 * r:3} {'RGB'[c]} {r:2} {q:2} {prediction.blend:5} {node:4} {inputs[1]:7}"
            f" {inputs[2]:7} {probability:11} {decision:8}")

"""FORMAT.md, sections 0.3, 11.2, 14.2 and 17.1: positions, pairs of a row and a column."""
O, W, WW, E = (0, 0), (0, -1), (0, -2), (0, 1)
N, NW, NE, NWW, NEE = (-1, 0), (-1, -1), (-1, 1), (-1, -2), (-1, 2)
NN, NNW, NNE = (-2, 0), (-2, -1), (-2, 1)
S = (1, 0)

// The range coder (FORMAT.md, section 7), and what it needs to know of a symbol: for C and for
// Swift.
#ifndef C_ENTROPY_CODING_H
#define C_ENTROPY_CODING_H

#include "prn_costs.h"
#include "prn_distribution.h"
#include "prn_range_decoder.h"
#include "prn_range_encoder.h"

#endif

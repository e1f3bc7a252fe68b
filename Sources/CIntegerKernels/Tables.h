// round(2^15 * 2^(-i/8)) and round(2^15 * 2^(-i/64)): FORMAT.md, section 5.
#ifndef PRN_TABLES_H
#define PRN_TABLES_H

#include <stdint.h>

static const int32_t EXP_A[8] = {32768, 30048, 27554, 25268, 23170, 21247, 19484, 17867};
static const int32_t EXP_B[8] = {32768, 32415, 32066, 31720, 31379, 31041, 30706, 30376};

#endif

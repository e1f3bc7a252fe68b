// round(2^15 * 2^(-i/8)), 2^(-i/64) and 2^(-i/256): FORMAT.md, sections 6 and 8.2.
#ifndef PRN_TABLES_H
#define PRN_TABLES_H

#include <stdint.h>

static const int32_t EXP_A[8] = {32768, 30048, 27554, 25268, 23170, 21247, 19484, 17867};
static const int32_t EXP_B[8] = {32768, 32415, 32066, 31720, 31379, 31041, 30706, 30376};
static const int32_t EXP_C[4] = {32768, 32679, 32591, 32503};

#endif

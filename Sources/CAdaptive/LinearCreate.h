// The memory of a linear codec.
#ifndef PRN_LINEAR_CREATE_H
#define PRN_LINEAR_CREATE_H

#include "LinearState.h"

// Whether prn_linear_encode and the others take these.
int prn_linear_is_legal(int32_t width, int32_t height, int32_t planes);

// A codec before its first plane; NULL without memory.
Linear *prn_linear_create(int32_t width, int32_t height, int32_t planes);

// Frees it; NULL is fine.
void prn_linear_destroy(Linear *linear);

#endif

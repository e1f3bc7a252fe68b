// The versions, for the dispatcher.
#ifndef PRN_KERNELS_H
#define PRN_KERNELS_H

#include "CNetwork.h"

extern const prn_kernels prn_portable_kernels;
#if defined(__x86_64__)
extern const prn_kernels prn_avx2_kernels;
extern const prn_kernels prn_avx512_kernels;
#endif

#endif

// What all arithmetic shares: the choice of an instruction set, and the tables of exponentials.
#ifndef C_PLATFORM_H
#define C_PLATFORM_H

#include "prn_exponentials.h"
#include "prn_memory.h"
#include "prn_versions.h"

#endif

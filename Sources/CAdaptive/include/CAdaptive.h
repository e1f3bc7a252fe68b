// Codecs that learn from the image alone (FORMAT.md, sections 10 to 14 and 16 to 18).
#ifndef C_ADAPTIVE_H
#define C_ADAPTIVE_H

#include "CBilevel.h"
#include "CBounds.h"
#include "CBytes.h"
#include "CDeep.h"
#include "CGraphics.h"
#include "CLinear.h"
#include "CRuns.h"
#include "CSparse.h"

#endif

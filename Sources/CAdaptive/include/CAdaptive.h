// Codecs that learn from the image alone (FORMAT.md, sections 10 to 14, 16 and 17).
#ifndef C_ADAPTIVE_H
#define C_ADAPTIVE_H

#include "CBilevel.h"
#include "CBounds.h"
#include "CBytes.h"
#include "CDeep.h"
#include "CGraphics.h"
#include "CLinear.h"
#include "CSparse.h"

#endif

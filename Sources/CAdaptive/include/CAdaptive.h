// Codecs that learn from the image alone (FORMAT.md, sections 10 to 14 and 16), in integers.
#ifndef C_ADAPTIVE_H
#define C_ADAPTIVE_H

#include "CBilevel.h"
#include "CBytes.h"
#include "CDeep.h"
#include "CGraphics.h"
#include "CSparse.h"

#endif

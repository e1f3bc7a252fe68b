// What the C interface has in words.

#include "prnzip.h"

const char *prnzip_version(void) { return PRNZIP_VERSION; }

const char *prnzip_status_name(prnzip_status status) {
  switch (status) {
    case PRNZIP_OK: return "ok";
    case PRNZIP_INVALID_ARGUMENT: return "invalid argument";
    case PRNZIP_CANCELLED: return "cancelled";
    case PRNZIP_BAD_PNG: return "bad PNG file";
    case PRNZIP_NOT_PRN: return "not a prn file";
    case PRNZIP_UNSUPPORTED_VERSION: return "unsupported version";
    case PRNZIP_TRUNCATED: return "truncated";
    case PRNZIP_CORRUPT: return "corrupt";
    case PRNZIP_UNKNOWN_MODEL: return "unknown model";
    case PRNZIP_LIMIT_EXCEEDED: return "limit exceeded";
    case PRNZIP_OUT_OF_MEMORY: return "out of memory";
    case PRNZIP_NOT_REPRODUCIBLE: return "not reproducible";
    case PRNZIP_INTERNAL: return "internal error";
    default: return "unknown";
  }
}

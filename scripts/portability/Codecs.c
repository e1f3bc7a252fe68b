#include "Fingerprint.h"

// Cases of scripts/fuzz: pictures that they draw, coded and found again, and damaged streams.
static const struct {
  const char *name;
  void (*fuzz)(Random *r);
  int cases;
} CODECS[] = {
    {"graphics", fuzz_graphics, 40}, {"bytes", fuzz_bytes, 30}, {"bilevel", fuzz_bilevel, 60},
    {"sparse", fuzz_sparse, 100},    {"deep", fuzz_deep, 40},   {"maps", fuzz_maps, 60},
    {"linear", fuzz_linear, 80},     {"runs", fuzz_runs, 80}};

void print_codecs(void) {
  is_portable_alone = true;
  for (size_t i = 0; i < sizeof CODECS / sizeof *CODECS; i++)
    for (int number = 0; number < CODECS[i].cases; number++) {
      Random r = {(uint64_t)number * 0xD1342543DE82EF95 + i};
      CODECS[i].fuzz(&r);
      print_case(CODECS[i].name, number, fingerprint());
    }
  is_portable_alone = false;
}

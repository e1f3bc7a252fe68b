#include "BytesPrime.h"

#include "BytesByte.h"
#include "BytesStart.h"

// Behind a zero of the dictionary.
static void start_next_file(Learnt *l) {
  l->position++;
  l->palette.length = 0;
  l->match_length = 0;
  l->last = 0;
  start_file(&l->parser);
}

// One version is enough, and is right whichever is in doubt.
void prn_bytes_prime(const Model *m) {
  Site site;
  start_learnt(m->f, m->learnt);
  for (uint32_t i = 0; i < prn_bytes_dictionary_size; i++) {
    uint8_t byte = prn_bytes_dictionary[i];
    if (code_byte(m, &site, NULL, PRIMES, &byte)) {
      pass(m, &site, byte);
    } else {
      start_next_file(m->learnt);
    }
  }
}

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "BytesByte.h"
#include "BytesPrime.h"
#include "prn_versions.h"

// Sizes of the tables, for up to so many bytes; the stream says which.
typedef struct {
  uint32_t bytes, line_bits, match_bits;
} SizeClass;

#define SIZE_CLASSES 4
static const SizeClass CLASSES[SIZE_CLASSES] = {
    {1u << 12, PRIMED_LINE_BITS, PRIMED_MATCH_BITS}, {1u << 16, 16, 16}, {1u << 20, 17, 17},
    {PRN_BYTES_LIMIT, 17, 17}};

// Of 16: how often there are more bytes than a class has.
#define MORE_BYTES 1

// What one call does. `bytes` are what is coded, or room for `limit` bytes at first.
typedef struct {
  Model model;
  Coder coder;
  uint8_t *bytes;
  size_t count, limit, capacity;
  prn_bytes_result result;
} Job;

INLINE void encode(Job *job) {
  const Model m = job->model;
  Coder coder = job->coder;
  Site site;
  for (size_t i = 0; i < job->count; i++) {
    uint8_t byte = job->bytes[i];
    code_byte(&m, &site, &coder, ENCODES, &byte);
    pass(&m, &site, byte);
  }
  uint8_t end = 0;
  code_byte(&m, &site, &coder, ENCODES, &end);
  job->coder = coder;
}

// Doubles the room.
static int grow(Job *job) {
  const size_t capacity = 2 * job->capacity < job->limit ? 2 * job->capacity : job->limit;
  uint8_t *bytes = realloc(job->bytes, capacity);
  if (!bytes) return 0;
  job->bytes = bytes;
  job->capacity = capacity;
  return 1;
}

INLINE void decode(Job *job) {
  Model m = job->model;
  Coder coder = job->coder;
  Site site;
  size_t count = 0;
  job->result = PRN_BYTES_CORRUPT;
  for (;;) {
    uint8_t byte = 0;
    const int is_byte = code_byte(&m, &site, &coder, DECODES, &byte);
    if (coder.decoder.is_corrupt) break;
    if (!is_byte) {
      job->result = PRN_BYTES_DONE;
      break;
    }
    if (count == job->capacity) {
      if (count == job->limit) {
        job->result = PRN_BYTES_OVER_LIMIT;
        break;
      }
      if (!grow(job)) {
        job->result = PRN_BYTES_OUT_OF_MEMORY;
        break;
      }
      m.bytes = job->bytes;
    }
    job->bytes[count++] = byte;
    if (!pass(&m, &site, byte)) break;
    const Parser *p = &m.learnt->parser;
    if (p->phase == IN_DATA && p->length - p->at > job->limit - count) {
      job->result = PRN_BYTES_OVER_LIMIT;
      break;
    }
  }
  job->count = count;
  job->coder = coder;
}

PRN_DEFINE_VERSIONS(void, encode, (Job *job), (job))
PRN_DEFINE_VERSIONS(void, decode, (Job *job), (job))

// Of the upper 12 bits of a probability.
static int16_t stretched[4096];

static void fill_stretched(void) {
  const Functions *f = prn_adaptive_functions();
  for (uint32_t i = 0; i < 4096; i++) stretched[i] = (int16_t)stretch(f, i << 10 | 512);
}

static size_t lines_size(const SizeClass *c) { return sizeof(Line) << c->line_bits; }

static size_t matches_size(const SizeClass *c) { return sizeof(uint32_t) << c->match_bits; }

static const SizeClass *class_of(size_t count) {
  const SizeClass *c = CLASSES;
  while (count > c->bytes && c < CLASSES + SIZE_CLASSES - 1) c++;
  return c;
}

size_t prn_bytes_memory(size_t count) {
  const SizeClass *c = class_of(count);
  // The output doubles, and is copied then.
  const size_t most = count < PRN_BYTES_LIMIT ? count : PRN_BYTES_LIMIT;
  return sizeof(Learnt) + 64 + lines_size(c) + matches_size(c) + most + most / 2 + CLASSES[0].bytes;
}

// The model after the dictionary.
static int start_model(Model *m, const SizeClass *c) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, fill_stretched);
  *m = (Model){
      .f = prn_adaptive_functions(), .stretched = stretched, .line_bits = c->line_bits,
      .match_bits = c->match_bits};
  void *memory = NULL;
  const size_t size = sizeof(Learnt) + lines_size(c) + matches_size(c);
  if (posix_memalign(&memory, 64, size) != 0) return 0;
  m->learnt = memory;
  m->lines = (Line *)((uint8_t *)memory + sizeof(Learnt));
  m->matches = (uint32_t *)((uint8_t *)m->lines + lines_size(c));
  if (c == CLASSES && HAS_PRIMED) {
    memcpy(memory, prn_bytes_primed, size);
    return 1;
  }
  memset(m->lines, 0, lines_size(c) + matches_size(c));
  prn_bytes_prime(m);
  return 1;
}

static int valid_version(int version) {
  return version > 0 && version < PRN_VERSIONS && prn_supports(version) ? version : 0;
}

int prn_bytes_are_entries(const uint8_t *bytes, size_t count) {
  Parser p;
  start_file(&p);
  size_t i = 0;
  while (i < count) {
    if (is_end(&p, bytes[i])) return 0;
    if (p.phase == IN_DATA) {
      if (p.length > count - i) return 0;
      i += p.length;
      end_entry(&p);
      continue;
    }
    if (!pass_byte(&p, bytes[i++])) return 0;
  }
  return p.phase == IN_TYPE && p.at == 0;
}

prn_bytes_result prn_bytes_encode(
    prn_range_encoder *encoder, const uint8_t *bytes, size_t count, int version) {
  if (count > PRN_BYTES_LIMIT || !prn_bytes_are_entries(bytes, count))
    return PRN_BYTES_NOT_ENTRIES;
  const SizeClass *c = class_of(count);
  Job job = {.bytes = (uint8_t *)bytes, .count = count};
  version = valid_version(version);
  if (!start_model(&job.model, c)) return PRN_BYTES_OUT_OF_MEMORY;
  job.model.bytes = bytes;
  job.coder.encoder = *encoder;
  for (const SizeClass *k = CLASSES; k < CLASSES + SIZE_CLASSES - 1 && k <= c; k++)
    code_decision(job.model.f, &job.coder, 0, ONE / 16 * MORE_BYTES, k < c);
  encode_versions[version](&job);
  *encoder = job.coder.encoder;
  free(job.model.learnt);
  return encoder->failed ? PRN_BYTES_OUT_OF_MEMORY : PRN_BYTES_DONE;
}

prn_bytes_result prn_bytes_decode(
    prn_range_decoder *decoder, size_t limit, int version, uint8_t **bytes, size_t *count) {
  *bytes = NULL;
  *count = 0;
  if (decoder->failed) return PRN_BYTES_OUT_OF_MEMORY;
  Job job = {.coder = {.decoder = *decoder}};
  const SizeClass *c = CLASSES;
  while (c < CLASSES + SIZE_CLASSES - 1
         && code_decision(prn_adaptive_functions(), &job.coder, 1, ONE / 16 * MORE_BYTES, 0))
    c++;
  if (c > CLASSES && c[-1].bytes >= limit) return PRN_BYTES_OVER_LIMIT;
  job.limit = limit < c->bytes ? limit : c->bytes;
  job.capacity = job.limit < CLASSES[0].bytes ? job.limit : CLASSES[0].bytes;
  version = valid_version(version);
  job.bytes = malloc(job.capacity > 0 ? job.capacity : 1);
  if (!job.bytes) return PRN_BYTES_OUT_OF_MEMORY;
  if (start_model(&job.model, c)) {
    job.model.bytes = job.bytes;
    decode_versions[version](&job);
    free(job.model.learnt);
  } else {
    job.result = PRN_BYTES_OUT_OF_MEMORY;
  }
  *decoder = job.coder.decoder;
  // A limit of the class that is reached is an error of the stream, not of the caller.
  if (job.result == PRN_BYTES_OVER_LIMIT && job.limit == c->bytes) job.result = PRN_BYTES_CORRUPT;
  if (job.result == PRN_BYTES_DONE && c > CLASSES && job.count <= c[-1].bytes)
    job.result = PRN_BYTES_CORRUPT;
  if (job.result != PRN_BYTES_DONE) {
    free(job.bytes);
    return job.result;
  }
  *bytes = job.bytes;
  *count = job.count;
  return PRN_BYTES_DONE;
}

void prn_bytes_free(uint8_t *bytes) { free(bytes); }

uint8_t *prn_bytes_prime_anew(size_t *count) {
  Model m;
  const SizeClass *c = CLASSES;
  *count = 0;
  if (!start_model(&m, c)) return NULL;
  memset(m.lines, 0, lines_size(c) + matches_size(c));
  prn_bytes_prime(&m);
  *count = sizeof(Learnt) + lines_size(c) + matches_size(c);
  return (uint8_t *)m.learnt;
}

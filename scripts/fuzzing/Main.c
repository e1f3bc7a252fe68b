// fuzz: see scripts/fuzz.
//
//     fuzz [-s SEED] [-t TRACE] SECONDS [CODEC ...]
//     fuzz -c CASE [-w FOLDER] CODEC
//     fuzz -f FILE CODEC
//
// Runs cases of the codecs in turn, each for a share of the CPU seconds, and says how many; or one
// case, whose damaged streams go to the folder first; or decodes a file as LLVMFuzzerTestOneInput
// would. The number of the case that runs stands in the file TRACE, so that whoever finds the
// process dead knows it.

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#include "Fuzz.h"

typedef struct {
  const char *name;
  void (*fuzz)(Random *r);
  void (*decode)(const uint8_t *bytes, size_t count);
  // Of the time, and what came of it.
  int share;
  double seconds, longest;
  uint64_t cases;
} Codec;

static Codec codecs[] = {
    {.name = "graphics", .fuzz = fuzz_graphics, .decode = decode_graphics, .share = 24},
    {.name = "bytes", .fuzz = fuzz_bytes, .decode = decode_bytes, .share = 18},
    {.name = "bilevel", .fuzz = fuzz_bilevel, .decode = decode_bilevel, .share = 16},
    {.name = "sparse", .fuzz = fuzz_sparse, .decode = decode_sparse, .share = 4},
    {.name = "deep", .fuzz = fuzz_deep, .decode = decode_deep, .share = 16},
    {.name = "maps", .fuzz = fuzz_maps, .decode = decode_maps, .share = 4},
    {.name = "inflate", .fuzz = fuzz_inflate, .decode = decode_inflate, .share = 8},
    {.name = "rows", .fuzz = fuzz_rows, .share = 2},
    {.name = "linear", .fuzz = fuzz_linear, .decode = decode_linear, .share = 8},
    {.name = "runs", .fuzz = fuzz_runs, .decode = decode_runs, .share = 8}};
enum { CODECS = sizeof codecs / sizeof *codecs };

// A case that takes so many CPU seconds hangs.
enum { MOST_SECONDS = 120 };

// Whether the process was asked to end, which it does behind a case.
static volatile sig_atomic_t is_over;

static void end(int signal) { is_over = signal; }

static char current[64];
static char *trace = current;

void check(bool is_true, const char *what, const char *file, int line) {
  if (is_true) return;
  fprintf(stderr, "%s:%d: not true: %s (%s)\n", file, line, what, trace);
  abort();
}

static void run_case(Codec *codec, uint64_t number) {
  snprintf(trace, sizeof current, "%s %llu\n", codec->name, (unsigned long long)number);
  const struct itimerval limit = {.it_value.tv_sec = MOST_SECONDS};
  setitimer(ITIMER_VIRTUAL, &limit, NULL);
  Random r = {number * 0xD1342543DE82EF95 + (uint64_t)(codec - codecs)};
  const size_t before = held_memory();
  const double start = seconds();
  codec->fuzz(&r);
  const double used = seconds() - start;
  // Nothing is lost, not even until the end of the process.
  CHECK(held_memory() == before);
  codec->seconds += used;
  if (used > codec->longest) codec->longest = used;
  codec->cases++;
}

static Codec *codec_of(const char *name) {
  for (Codec *c = codecs; c < codecs + CODECS; c++)
    if (strcmp(c->name, name) == 0) return c;
  fprintf(stderr, "no such codec: %s\n", name);
  exit(2);
}

static void open_trace(const char *name) {
  const int file = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);
  if (file < 0 || ftruncate(file, sizeof current)) return;
  void *memory = mmap(NULL, sizeof current, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (memory != MAP_FAILED) trace = memory;
  close(file);
}

static void decode_file(const Codec *codec, const char *name) {
  FILE *file = fopen(name, "rb");
  if (!file || !codec->decode) exit(2);
  uint8_t *bytes = malloc(1 << 20);
  const size_t count = fread(bytes, 1, 1 << 20, file);
  fclose(file);
  codec->decode(bytes, count);
  free(bytes);
}

// Short turns, so that a run of few seconds sees all.
static void run_all(double most, uint64_t seed, char **names, int count) {
  bool is_chosen[CODECS] = {false};
  for (int i = 0; i < count; i++) is_chosen[codec_of(names[i]) - codecs] = true;
  uint64_t numbers[CODECS] = {0};
  signal(SIGINT, end);
  signal(SIGTERM, end);
  while (seconds() < most && !is_over)
    for (int i = 0; i < CODECS && seconds() < most && !is_over; i++) {
      if (count > 0 && !is_chosen[i]) continue;
      const double turn = seconds() + 0.02 * codecs[i].share;
      do run_case(&codecs[i], seed + numbers[i]++);
      while (seconds() < turn && !is_over);
    }
  for (const Codec *c = codecs; c < codecs + CODECS; c++)
    if (c->cases > 0)
      printf("%-9s %8llu cases %9.1f CPU seconds, %5.1f the longest\n", c->name,
             (unsigned long long)c->cases, c->seconds, c->longest);
}

int main(int argc, char **argv) {
  uint64_t seed = 0;
  const char *number = NULL, *name = NULL;
  for (int option; (option = getopt(argc, argv, "s:t:c:w:f:")) != -1;) switch (option) {
      case 's': seed = strtoull(optarg, NULL, 10); break;
      case 't': open_trace(optarg); break;
      case 'c': number = optarg; break;
      case 'w': streams_folder = optarg; break;
      case 'f': name = optarg; break;
      default: return 2;
    }
  if (optind >= argc) return 2;
  if (number)
    run_case(codec_of(argv[optind]), strtoull(number, NULL, 10));
  else if (name)
    decode_file(codec_of(argv[optind]), name);
  else
    run_all(strtod(argv[optind], NULL), seed, argv + optind + 1, argc - optind - 1);
}

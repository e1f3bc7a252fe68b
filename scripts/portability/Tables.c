#include "CBilevel.h"
#include "CBytes.h"
#include "CDeep.h"
#include "CGraphics.h"
#include "CLinear.h"
#include "CNetwork.h"
#include "CPlatform.h"
#include "Fingerprint.h"

#if defined(__clang__)
#include "CMixing.h"
#include "CPrediction.h"
#endif

typedef int Agrees(int version);

// A version agrees with the portable one where there is one.
static void check_self_test(Agrees *agrees) {
  for (int version = 0; version < 4; version++)
    CHECK(agrees(version) == (version < PRN_VERSIONS && prn_supports(version)));
}

// What was learnt of the dictionary on the machine that wrote primed.bin, and is learnt here.
static void print_primed(void) {
  size_t count, again;
  const uint8_t *primed = prn_bytes_primed_state(&count);
  uint8_t *anew = prn_bytes_prime_anew(&again);
  CHECK(anew && again == count && memcmp(anew, primed, count) == 0);
  take_bytes(anew, again);
  print_case("primed", 0, fingerprint());
  prn_bytes_free(anew);
}

void print_tables(void) {
  const uint16_t *logistic = prn_logistic();
  for (int d = 0; d <= PRN_LOGISTIC_LIMIT; d++) take(logistic[d], 2);
  for (int d = -5000; d <= 5000; d++) take((uint32_t)prn_logistic_of(logistic, d), 4);
  print_case("logistic", 0, fingerprint());
  for (uint32_t d = 0; d < 13000; d++) take(prn_exp2_negative(d), 8);
  for (uint32_t i = 0; i < 256; i++) take(prn_log2_fraction(i), 1);
  print_case("exponentials", 0, fingerprint());
  print_primed();
  static Agrees *const agree[] = {
      prn_network_agrees, prn_graphics_agrees, prn_bilevel_agrees,
      prn_bytes_agrees,   prn_deep_agrees,     prn_linear_agrees};
  for (size_t i = 0; i < sizeof agree / sizeof *agree; i++) check_self_test(agree[i]);
#if defined(__clang__)
  check_self_test(prn_prediction_agrees);
  check_self_test(prn_mixing_agrees);
#endif
  fingerprint();
}

#include <string.h>

#include "State.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// As in Solve.c.
#pragma STDC FP_CONTRACT OFF

// Fits to what lies around a pixel and looks like it: weighted sums of products over a window of
// earlier pixels, anew for each value. (row, column) offsets; those in the rows above end where the
// code order does.
const int8_t PRN_WINDOW[SAMPLES][2] = {
    {0, -1},  {0, -2},  {0, -3},  {0, -4},  {0, -5},  {-1, -5}, {-1, -4}, {-1, -3},
    {-1, -2}, {-1, -1}, {-1, 0},  {-1, 1},  {-1, 2},  {-1, 3},  {-2, -4}, {-2, -3},
    {-2, -2}, {-2, -1}, {-2, 0},  {-2, 1},  {-2, 2},  {-2, 3},  {-2, 4},  {-3, -3},
    {-3, -2}, {-3, -1}, {-3, 0},  {-3, 1},  {-3, 2},  {-3, 3},  {-4, -2}, {-4, -1},
    {-4, 0},  {-4, 1},  {-4, 2},  {-5, -1}, {-5, 0},  {-5, 1}};

// round(1024 * 0.7^distance), distance = rows + columns.
static const int32_t NEARNESS[7] = {0, 717, 502, 351, 246, 172, 120};
static const double WINDOW_RIDGE = 300, WINDOW_GLOBAL_RIDGE = 120;

#define EACH for (int32_t i = 0; i < PRN_BAND; i++)

// Terms of a band's pixels.
typedef int16_t Terms[MOST_WINDOW_ENTRIES][PRN_BAND];
// Four samples at a time, as two pairs: [term][pair][system][sample of the pair].
typedef int16_t Quad[MOST_WINDOW_ENTRIES][2][PRN_BAND][2];
// Sums of products: [term][term][system], the upper triangle.
typedef int32_t Sums[MOST_WINDOW_ENTRIES][MOST_WINDOW_ENTRIES][PRN_BAND];
#define QUADS ((SAMPLES + 3) / 4)

typedef int16_t Eight __attribute__((vector_size(16)));
typedef int16_t Sixteen __attribute__((vector_size(32)));

INLINE Eight eight_at(const int16_t *source) {
  Eight x;
  memcpy(&x, source, sizeof x);
  return x;
}

INLINE Eight magnitude(Eight x) {
  const Eight sign = x < 0;
  return (x ^ sign) - sign;
}

void prn_choose_window_terms(prn_prediction *p) {
  for (int32_t c = 0; c < p->colours; c++) {
    WindowTerms *chosen = &p->chosen_terms[c];
    int32_t n = 0, all = 0;
    for (int32_t step = 0; step < p->colours; step++) {
      const int32_t d = step == 0 ? c : step <= c ? step - 1 : step;
      const int32_t most = step == 0 ? 6 : p->windows == 2 ? 6 : 2;
      for (int32_t k = 0; k < most; k++) {
        if (step == 0 || k < 2) chosen->few[chosen->few_count++] = (int8_t)n;
        chosen->all[n++] = (int8_t)(all + k);
      }
      all += step == 0 ? p->own : p->other;
      if (d < c) {
        chosen->few[chosen->few_count++] = (int8_t)n;
        chosen->here[chosen->here_count++] = (int8_t)n;
        chosen->all[n++] = (int8_t)all++;
      }
    }
    chosen->count = n;
  }
}

static int16_t *terms_at(const prn_prediction *p, int32_t colour, int32_t t, int32_t term) {
  return p->window_terms
         + ((size_t)(colour * PRN_RING + (int32_t)((uint32_t)t % PRN_RING)) * MOST_WINDOW_ENTRIES
            + (size_t)term) * (size_t)p->stride + PRN_PADDING;
}

void prn_window_target(prn_prediction *p, int32_t t, int32_t colour, int32_t row, int16_t target) {
  terms_at(p, colour, t, p->chosen_terms[colour].count)[row] = target;
}

// How much each sample counts: 0 to 64, most for that which is nearest and most like the pixel.
INLINE void weigh(
    const prn_prediction *p, int32_t t, int32_t colour, int32_t row, const Terms here,
    int16_t weights[SAMPLES][PRN_BAND]) {
  const WindowTerms *chosen = &p->chosen_terms[colour];
  int32_t closeness[SAMPLES][PRN_BAND];
  int32_t most[PRN_BAND];
  EACH most[i] = 1;
  for (int32_t s = 0; s < SAMPLES; s++) {
    const int32_t dr = PRN_WINDOW[s][0], dc = PRN_WINDOW[s][1];
    const int16_t *first = terms_at(p, colour, t + PRN_SHEAR * dr + dc, 0) + row + dr;
    // At most 6 * 1020 + 2 * 2 * 1020.
    Eight sum = {0};
    for (int32_t k = 0; k < 6; k++) {
      const Eight d = eight_at(first + k * p->stride) - eight_at(here[k]);
      sum += magnitude(d);
    }
    for (int32_t k = 0; k < chosen->here_count; k++) {
      const int32_t term = chosen->here[k];
      const Eight d = eight_at(first + term * p->stride) - eight_at(here[term]);
      sum += 2 * magnitude(d);
    }
    int16_t difference[PRN_BAND];
    memcpy(difference, &sum, sizeof sum);
    const int32_t nearness = NEARNESS[(dc < 0 ? -dc : dc) - dr];
    EACH {
      const int32_t r = row + i + dr, c = t - PRN_SHEAR * (row + i) + dc;
      const int32_t z = difference[i] >> 2;
      const int32_t close = (nearness * p->reciprocals[z < 511 ? z : 511]) >> 10;
      closeness[s][i] = r >= 0 && c >= 0 && c < p->columns ? close : 0;
      most[i] = closeness[s][i] > most[i] ? closeness[s][i] : most[i];
    }
  }
  int32_t inverse[PRN_BAND];
  EACH inverse[i] = (1 << 22) / most[i];
  for (int32_t s = 0; s < SAMPLES; s++)
    EACH weights[s][i] = (int16_t)((closeness[s][i] * inverse[i] + 32768) >> 16);
}

// What a cell outside of the tile holds does not matter: its weight is 0.
INLINE void arrange(
    const prn_prediction *p, int32_t t, int32_t colour, int32_t row,
    const int16_t weights[SAMPLES][PRN_BAND], Quad *plain, Quad *weighted) {
  const int32_t terms = p->chosen_terms[colour].count + 1;
  for (int32_t s = 0; s < 4 * QUADS; s += 2) {
    const int16_t *first[2];
    Eight weight[2] = {{0}, {0}};
    for (int32_t i = 0; i < 2; i++) {
      // The last two are none.
      const int32_t sample = s + i < SAMPLES ? s + i : 0;
      const int32_t dr = PRN_WINDOW[sample][0], dc = PRN_WINDOW[sample][1];
      first[i] = terms_at(p, colour, t + PRN_SHEAR * dr + dc, 0) + row + dr;
      if (s + i < SAMPLES) weight[i] = eight_at(weights[sample]);
    }
    for (int32_t k = 0; k < terms; k++) {
      const Eight a = eight_at(first[0] + k * p->stride), b = eight_at(first[1] + k * p->stride);
      const Eight wa = a * weight[0], wb = b * weight[1];
#define INTERLEAVED(a, b) \
  __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15)
      const Sixteen both = INTERLEAVED(a, b), products = INTERLEAVED(wa, wb);
      memcpy(plain[s / 4][k][s / 2 & 1], &both, sizeof both);
      memcpy(weighted[s / 4][k][s / 2 & 1], &products, sizeof products);
    }
  }
}

static void add_up_portable(int32_t terms, const Quad *plain, const Quad *weighted, Sums sums) {
  for (int32_t a = 0; a + 1 < terms; a++)
    for (int32_t b = a; b < terms; b++) {
      int32_t sum[PRN_BAND] = {0};
      for (int32_t q = 0; q < QUADS; q++)
        for (int32_t pair = 0; pair < 2; pair++)
          EACH sum[i] += weighted[q][a][pair][i][0] * plain[q][b][pair][i][0]
                         + weighted[q][a][pair][i][1] * plain[q][b][pair][i][1];
      EACH sums[a][b][i] = sum[i];
    }
}

#if defined(__x86_64__)
// Two terms by four.
__attribute__((target("avx2"))) static void add_up_avx2(
    int32_t terms, const Quad *plain, const Quad *weighted, Sums sums) {
  for (int32_t a = 0; a + 1 < terms; a += 2)
    for (int32_t b = a; b < terms; b += 4) {
      __m256i sum[2][4];
      for (int i = 0; i < 8; i++) sum[i / 4][i % 4] = _mm256_setzero_si256();
      for (int32_t pair = 0; pair < 2 * QUADS; pair++) {
        const __m256i x0 = _mm256_loadu_si256((const __m256i *)weighted[pair / 2][a][pair & 1]);
        const __m256i x1 =
            _mm256_loadu_si256((const __m256i *)weighted[pair / 2][a + 1][pair & 1]);
        for (int k = 0; k < 4; k++) {
          const __m256i y =
              _mm256_loadu_si256((const __m256i *)plain[pair / 2][b + k][pair & 1]);
          sum[0][k] = _mm256_add_epi32(sum[0][k], _mm256_madd_epi16(x0, y));
          sum[1][k] = _mm256_add_epi32(sum[1][k], _mm256_madd_epi16(x1, y));
        }
      }
      for (int k = 0; k < 4; k++) {
        _mm256_storeu_si256((__m256i *)sums[a][b + k], sum[0][k]);
        _mm256_storeu_si256((__m256i *)sums[a + 1][b + k], sum[1][k]);
      }
    }
}

__attribute__((target("avx512f,avx512bw"))) static void add_up_avx512(
    int32_t terms, const Quad *plain, const Quad *weighted, Sums sums) {
  for (int32_t a = 0; a + 1 < terms; a += 2)
    for (int32_t b = a; b < terms; b += 4) {
      __m512i sum[2][4];
      for (int i = 0; i < 8; i++) sum[i / 4][i % 4] = _mm512_setzero_si512();
      for (int32_t q = 0; q < QUADS; q++) {
        const __m512i x0 = _mm512_loadu_si512(weighted[q][a]);
        const __m512i x1 = _mm512_loadu_si512(weighted[q][a + 1]);
        for (int k = 0; k < 4; k++) {
          const __m512i y = _mm512_loadu_si512(plain[q][b + k]);
          sum[0][k] = _mm512_add_epi32(sum[0][k], _mm512_madd_epi16(x0, y));
          sum[1][k] = _mm512_add_epi32(sum[1][k], _mm512_madd_epi16(x1, y));
        }
      }
      for (int i = 0; i < 2; i++)
        for (int k = 0; k < 4; k++)
          _mm256_storeu_si256(
              (__m256i *)sums[a + i][b + k],
              _mm256_add_epi32(
                  _mm512_castsi512_si256(sum[i][k]), _mm512_extracti64x4_epi64(sum[i][k], 1)));
    }
}
#endif

static void add_up(
    int version, int32_t terms, const Quad *plain, const Quad *weighted, Sums sums) {
#if defined(__x86_64__)
  if (version > 1)
    add_up_avx512(terms, plain, weighted, sums);
  else if (version > 0)
    add_up_avx2(terms, plain, weighted, sums);
  else
#endif
    add_up_portable(terms, plain, weighted, sums);
}

// The system of some of the terms, around the weights that fit the whole tile.
INLINE void fit_window(
    const WindowTerms *chosen, int few, const int16_t *global, const Sums sums, int version,
    int16_t weights[MOST_WINDOW_ENTRIES][PRN_BAND]) {
  const int32_t n = few ? chosen->few_count : chosen->count;
  const int32_t target = chosen->count;
  int32_t index[MOST_WINDOW_ENTRIES];
  for (int32_t k = 0; k < n; k++) index[k] = few ? chosen->few[k] : k;
  double m[MOST_WINDOW_ENTRIES * MOST_WINDOW_ENTRIES][SYSTEMS];
  double y[MOST_WINDOW_ENTRIES][SYSTEMS];
  for (int32_t a = 0; a < n; a++) {
    EACH y[a][i] = (double)sums[index[a]][target][i];
    for (int32_t b = a; b < n; b++) EACH m[a * n + b][i] = (double)sums[index[a]][index[b]][i];
  }
  for (int32_t a = 0; a < n; a++)
    for (int32_t b = 0; b < n; b++) {
      const double w = global[b] / 4096.0;
      const int32_t entry = a <= b ? a * n + b : b * n + a;
      EACH y[a][i] = y[a][i] - m[entry][i] * w;
    }
  for (int32_t a = 0; a < n; a++) EACH m[a * n + a][i] = m[a * n + a][i] + WINDOW_RIDGE;
  prn_solve(version, n, m, y);
  int32_t usable[PRN_BAND];
  EACH usable[i] = 1;
  for (int32_t a = 0; a < n; a++) EACH usable[i] &= (y[a][i] > -8.0) & (y[a][i] < 8.0);
  for (int32_t a = 0; a < n; a++)
    EACH weights[a][i] = usable[i] ? rounded(global[a] / 4096.0 + y[a][i]) : global[a];
}

INLINE void predict_windows(
    prn_prediction *p, int32_t t, int32_t colour, int32_t band,
    const int16_t terms[MOST_TERMS][PRN_BAND], const int32_t base[PRN_BAND],
    int16_t *const out[2]) {
  const WindowTerms *chosen = &p->chosen_terms[colour];
  const int32_t row = band * PRN_BAND, n = chosen->count;
  Terms here;
  for (int32_t k = 0; k < n; k++) {
    int16_t *kept = terms_at(p, colour, t, k) + row;
    EACH kept[i] = here[k][i] = terms[chosen->all[k]][i];
  }
  int16_t weights[SAMPLES][PRN_BAND];
  weigh(p, t, colour, row, here, weights);
  Quad plain[QUADS], weighted[QUADS];
  arrange(p, t, colour, row, weights, plain, weighted);
  Sums sums;
  add_up(p->version, n + 1, plain, weighted, sums);
  for (int32_t k = 0; k < p->windows; k++) {
    const int few = k == 0;
    const int32_t count = few ? chosen->few_count : n;
    int16_t fitted[MOST_WINDOW_ENTRIES][PRN_BAND];
    fit_window(chosen, few, p->window_global[k][colour], sums, p->version, fitted);
    int32_t sum[PRN_BAND] = {0};
    for (int32_t a = 0; a < count; a++) {
      const int32_t term = few ? chosen->few[a] : a;
      EACH sum[i] += (int32_t)fitted[a][i] * here[term][i];
    }
    EACH {
      const int32_t value = (base[i] * 4096 + sum[i] + 64) >> 7;
      out[k][i] = (int16_t)clamp(value, 0, 255 * 64);
    }
  }
}

#define PARAMETERS \
  (prn_prediction * p, int32_t t, int32_t colour, int32_t band, \
   const int16_t terms[MOST_TERMS][PRN_BAND], const int32_t base[PRN_BAND], \
   int16_t *const out[2])

PRN_DEFINE_VERSIONS(
    void, predict_windows, PARAMETERS, (p, t, colour, band, terms, base, out))

void prn_predict_windows(
    prn_prediction *p, int32_t t, int32_t colour, int32_t band,
    const int16_t terms[MOST_TERMS][PRN_BAND], const int32_t base[PRN_BAND],
    int16_t *const out[2]) {
  predict_windows_versions[p->version](
      p, t, colour, band, terms, base, out);
}

void prn_fit_window_globals(prn_prediction *p, int32_t colour) {
  const WindowTerms *chosen = &p->chosen_terms[colour];
  const GlobalFit *fit = &p->global[colour];
  const int32_t target = term_count(p, colour);
  for (int32_t k = 0; k < p->windows; k++) {
    const int few = k == 0;
    const int32_t n = few ? chosen->few_count : chosen->count;
    double m[MOST_WINDOW_ENTRIES * MOST_WINDOW_ENTRIES][SYSTEMS];
    double y[MOST_WINDOW_ENTRIES][SYSTEMS];
    for (int32_t a = 0; a < n; a++) {
      const int32_t i = chosen->all[few ? chosen->few[a] : a];
      for (int32_t b = a; b < n; b++) {
        const int32_t j = chosen->all[few ? chosen->few[b] : b];
        // The terms keep their order.
        for (int32_t system = 0; system < SYSTEMS; system++)
          m[a * n + b][system] = (double)fit->products[i][j];
      }
      for (int32_t system = 0; system < SYSTEMS; system++) {
        m[a * n + a][system] = m[a * n + a][system] + WINDOW_GLOBAL_RIDGE;
        y[a][system] = (double)fit->products[i][target];
      }
    }
    prn_solve(p->version, n, m, y);
    if (!is_usable(n, y, 0)) continue;
    for (int32_t a = 0; a < n; a++) p->window_global[k][colour][a] = rounded(y[a][0]);
  }
}

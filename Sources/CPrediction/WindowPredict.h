// The window fits' predictions, for one instruction set (VERSION): see WindowSums.h.

TARGET PRN_INLINE void NAME(weigh_some)(
    const prn_prediction *p, int32_t t, int32_t row, const WindowTerms *chosen,
    const int16_t terms[PADDED_TERMS][PRN_BAND], int32_t pixel, int is_inside,
    const NAME(Samples) plain, NAME(Samples) weighted) {
  switch (chosen->here_count) {
    case 0: NAME(weigh)(p, t, row, chosen, terms, pixel, is_inside, 0, plain, weighted); break;
    case 1: NAME(weigh)(p, t, row, chosen, terms, pixel, is_inside, 1, plain, weighted); break;
    default: NAME(weigh)(p, t, row, chosen, terms, pixel, is_inside, 2, plain, weighted); break;
  }
}

TARGET static void NAME(predict_windows)(
    const prn_prediction *p, int32_t t, int32_t colour, int32_t band,
    const int16_t terms[PADDED_TERMS][PRN_BAND], const int32_t base[PRN_BAND],
    int16_t *const out[2]) {
  const WindowTerms *chosen = &p->chosen_terms[colour];
  const int32_t row = band * PRN_BAND;
  // Whether all samples of all of the pixels are in the tile.
  const int32_t column = t - PRN_SHEAR * row;
  const int is_inside =
      row >= 5 && column - PRN_SHEAR * (PRN_BAND - 1) >= 5 && column + 4 < p->columns;
  Sums sums;
  for (int32_t pixel = 0; pixel < PRN_BAND; pixel += LANES) {
    NAME(Samples) plain, weighted;
    NAME(keep_terms)(p, t, colour, row, chosen, terms, pixel);
    NAME(gather)(p, t, colour, row + pixel, chosen, plain);
    if (is_inside)
      NAME(weigh_some)(p, t, row, chosen, terms, pixel, 1, plain, weighted);
    else
      NAME(weigh_some)(p, t, row, chosen, terms, pixel, 0, plain, weighted);
    NAME(add_up)(chosen, plain, weighted, sums, pixel);
  }
  complete(chosen, sums);
  for (int32_t k = 0; k < p->windows; k++) {
    const int few = k == 0;
    const int32_t n = few ? chosen->few_count : chosen->count;
    // Of one colour both are the same.
    if (k == 1 && chosen->few_count == n) {
      __builtin_memcpy(out[1], out[0], PRN_BAND * sizeof *out[0]);
      break;
    }
    int32_t weights[MOST_WINDOW_ENTRIES][PRN_BAND];
    fit_window(p, colour, k, sums, weights);
    for (int32_t pixel = 0; pixel < PRN_BAND; pixel += LANES) {
      NAME(Ints) sum;
      __builtin_memcpy(&sum, base + pixel, sizeof sum);
      sum = sum * 4096 + 64;
      for (int32_t a = 0; a < n; a++) {
        const NAME(Ints) x = NAME(ints_at)(terms[chosen->all[few ? chosen->few[a] : a]] + pixel);
        const NAME(Pairs) weight = NAME(pairs_at)((const int16_t *)&weights[a][pixel]);
        sum = NAME(add_products)(sum, weight, PAIRS_OF(x));
      }
      sum = sum >> 7;
      sum = __builtin_elementwise_max(sum, (NAME(Ints)){0});
      sum = __builtin_elementwise_min(sum, (NAME(Ints)){0} + 255 * 64);
      const NAME(Halves) guess = __builtin_convertvector(sum, NAME(Halves));
      __builtin_memcpy(out[k] + pixel, &guess, sizeof guess);
    }
  }
}

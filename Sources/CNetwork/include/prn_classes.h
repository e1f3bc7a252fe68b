// The classes of symbols that share a logit (FORMAT.md, section 5.3): the farther a symbol is from
// 0, the larger its class. They are numbered in the order of their symbols.
#ifndef PRN_CLASSES_H
#define PRN_CLASSES_H

#include <stdint.h>

enum {
  PRN_CLASSES = 64,
  /// Classes of one symbol at each end, then of four, then of eight.
  PRN_ONES = 16,
  PRN_FOURS = 4,
  PRN_EIGHTS = 12,
};

/// The logarithm to base 2 of the number of symbols in a class.
static inline int prn_class_shift(int class_) {
  const int end = class_ < PRN_CLASSES / 2 ? class_ : PRN_CLASSES - 1 - class_;
  return end < PRN_ONES ? 0 : end < PRN_ONES + PRN_FOURS ? 2 : 3;
}

/// The class of a symbol.
static inline int prn_class_of(uint8_t symbol) {
  const int end = symbol < 128 ? symbol : 255 - symbol;
  const int class_ = end < 16 ? end : end < 32 ? 16 + (end - 16) / 4 : 20 + (end - 32) / 8;
  return symbol < 128 ? class_ : PRN_CLASSES - 1 - class_;
}

#endif

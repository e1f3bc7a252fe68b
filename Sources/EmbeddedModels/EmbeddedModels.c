// Embeds weights/*.prnw with C23's #embed, but those of digits (EmbeddedDigits.c): a compiler takes
// a second for 16 MB of it.
//
// To add a model: put its file into weights/, embed it below, and add it to `models`. SwiftPM does
// not see a change of weights/ by itself: touch this file, too.

#include "EmbeddedModels.h"

#include <stddef.h>

#if defined(__clang__) && __STDC_VERSION__ < 202311L
// #embed is in C23; clang has it in every mode, as an extension.
#pragma clang diagnostic ignored "-Wc23-extensions"
#endif

// Each ends with a 0 that is not part of the file, so that an empty file makes a legal array.
static const unsigned char photo_fast[] = {
#embed "weights/photo-fast.prnw" suffix(, )
  0};

static const unsigned char photo_default[] = {
#embed "weights/photo-default.prnw" suffix(, )
  0};

static const unsigned char photo_best[] = {
#embed "weights/photo-best.prnw" suffix(, )
  0};

static const unsigned char gray_fast[] = {
#embed "weights/gray-fast.prnw" suffix(, )
  0};

static const unsigned char gray[] = {
#embed "weights/gray.prnw" suffix(, )
  0};

static const unsigned char gray_best[] = {
#embed "weights/gray-best.prnw" suffix(, )
  0};

static const unsigned char chroma_fast[] = {
#embed "weights/chroma-fast.prnw" suffix(, )
  0};

static const unsigned char chroma[] = {
#embed "weights/chroma.prnw" suffix(, )
  0};

static const unsigned char chroma_best[] = {
#embed "weights/chroma-best.prnw" suffix(, )
  0};

static const unsigned char photo_rowlstm[] = {
#embed "weights/photo-rowlstm.prnw" suffix(, )
  0};

static const unsigned char photo_bilstm[] = {
#embed "weights/photo-bilstm.prnw" suffix(, )
  0};

static const unsigned char photo_multiscale[] = {
#embed "weights/photo-multiscale.prnw" suffix(, )
  0};

static const struct {
  const unsigned char *bytes;
  size_t size;
} models[] = {
  {photo_fast, sizeof photo_fast - 1},
  {photo_default, sizeof photo_default - 1},
  {photo_best, sizeof photo_best - 1},
  {gray_fast, sizeof gray_fast - 1},
  {gray, sizeof gray - 1},
  {gray_best, sizeof gray_best - 1},
  {chroma_fast, sizeof chroma_fast - 1},
  {chroma, sizeof chroma - 1},
  {chroma_best, sizeof chroma_best - 1},
  {photo_rowlstm, sizeof photo_rowlstm - 1},
  {photo_bilstm, sizeof photo_bilstm - 1},
  {photo_multiscale, sizeof photo_multiscale - 1},
};

enum { slots = sizeof models / sizeof models[0] };

// The slot of the index-th file that is not empty, or -1.
static int slot(int index) {
  for (int i = 0; i < slots; i += 1) {
    if (models[i].size == 0) continue;
    if (index == 0) return i;
    index -= 1;
  }
  return -1;
}

int prn_model_count(void) {
  int count = 0;
  while (slot(count) >= 0) count += 1;
  return count;
}

const unsigned char *prn_model_bytes(int index) {
  int i = slot(index);
  return i < 0 ? NULL : models[i].bytes;
}

unsigned long prn_model_size(int index) {
  int i = slot(index);
  return i < 0 ? 0 : models[i].size;
}

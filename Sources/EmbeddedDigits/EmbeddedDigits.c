// Embeds mnist-*.prnw with C23's #embed, as EmbeddedModels.c does the others, beside which they
// are. A model has the same place here and in ModelDescription.ofDigits.

#include "EmbeddedDigits.h"

#include <stddef.h>

#if defined(__clang__) && __STDC_VERSION__ < 202311L
// #embed is in C23; clang has it in every mode, as an extension.
#pragma clang diagnostic ignored "-Wc23-extensions"
#endif

static const unsigned char mnist_pixelcnn[] = {
#embed "../EmbeddedModels/weights/mnist-pixelcnn.prnw"
};

static const unsigned char mnist_rowlstm[] = {
#embed "../EmbeddedModels/weights/mnist-rowlstm.prnw"
};

static const unsigned char mnist_bilstm[] = {
#embed "../EmbeddedModels/weights/mnist-bilstm.prnw"
};

static const struct {
  const unsigned char *bytes;
  size_t size;
} models[] = {
  {mnist_pixelcnn, sizeof mnist_pixelcnn},
  {mnist_rowlstm, sizeof mnist_rowlstm},
  {mnist_bilstm, sizeof mnist_bilstm},
};

enum { count = sizeof models / sizeof models[0] };

static int is_one(int index) { return index >= 0 && index < count; }

int prn_digits_count(void) { return count; }

const unsigned char *prn_digits_bytes(int index) {
  return is_one(index) ? models[index].bytes : NULL;
}

unsigned long prn_digits_size(int index) { return is_one(index) ? models[index].size : 0; }

// The weight files embedded in the library (FORMAT.md, section 4).

#ifndef CMODELWEIGHTS_H
#define CMODELWEIGHTS_H

// How many weight files are embedded; empty files do not count.
int prn_model_count(void);

// The bytes of weight file `index`, 0 <= index < prn_model_count(); NULL for any other index.
const unsigned char *prn_model_bytes(int index);

// Their number; 0 for any other index.
unsigned long prn_model_size(int index);

#endif

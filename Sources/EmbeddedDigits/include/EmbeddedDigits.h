// The weight files of the models of digits (FORMAT.md, section 4): a target of their own, so that
// who has no digits does not have them.

#ifndef EMBEDDED_DIGITS_H
#define EMBEDDED_DIGITS_H

// How many weight files are embedded.
int prn_digits_count(void);

// The bytes of weight file `index`, 0 <= index < prn_digits_count(); NULL for any other index.
const unsigned char *prn_digits_bytes(int index);

// Their number; 0 for any other index.
unsigned long prn_digits_size(int index);

#endif

// How many processors there are; not a part of the library's interface.

#ifndef PRN_PROCESSORS_H
#define PRN_PROCESSORS_H

// Processors that the system lets this process run on, 1 or more.
int prn_processors(void);

#endif

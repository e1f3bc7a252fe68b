// What becomes of memory that is free again.
#ifndef PRN_MEMORY_H
#define PRN_MEMORY_H

/// Lets the process keep up to 64 MiB of blocks below 4 MiB that are free again, as tile after
/// tile needs the same: the system clears each page that it gives, which takes more than 1 µs. To
/// be called before the first threads.
void prn_keep_memory(void);

#endif

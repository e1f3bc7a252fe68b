// Memory of the system: what is kept of it, and tables of zeros.
#ifndef PRN_MEMORY_H
#define PRN_MEMORY_H

#if defined(__SANITIZE_ADDRESS__)
#define PRN_HAS_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PRN_HAS_ADDRESS_SANITIZER 1
#endif
#endif
#if !defined(PRN_HAS_ADDRESS_SANITIZER)
#define PRN_HAS_ADDRESS_SANITIZER 0
#endif

#include <stddef.h>
#include <stdint.h>

/// Lets the process keep up to 64 MiB of blocks below 4 MiB that are free again, as tile after
/// tile needs the same: the system clears each page that it gives, which takes more than 1 µs. To
/// be called before the first threads.
void prn_keep_memory(void);

/// Zeros, and what they are part of.
typedef struct {
  /// At a multiple of 64; NULL if there is no memory.
  uint8_t *bytes;
  void *allocated;
  size_t size;
} prn_zeros;

/// What so many zeros take at most, of memory or of addresses.
size_t prn_size_of_zeros(size_t count);

/// Allocates zeros, none for 0. Many of them have large pages where the system has any, since
/// tables are visited all over, and are cleared by the system alone, when they are first visited.
prn_zeros prn_allocate_zeros(size_t count);

/// Frees them, if there are any.
void prn_free_zeros(prn_zeros zeros);

#endif

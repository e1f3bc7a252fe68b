// region FILE.png X Y WIDTH HEIGHT: compress a PNG file in memory, decode a part of its pixels, and
// say how large all of it is.

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <prnzip.h>

// Reads a whole file; NULL where it cannot be read.
static uint8_t *read_file(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (!file) return NULL;
  uint8_t *bytes = NULL;
  size_t count = 0, capacity = 0;
  do {
    if (count == capacity) {
      capacity = capacity ? 2 * capacity : 1 << 16;
      uint8_t *grown = realloc(bytes, capacity);
      if (!grown) break;
      bytes = grown;
    }
    count += fread(bytes + count, 1, capacity - count, file);
  } while (!feof(file) && !ferror(file));
  int is_whole = feof(file);
  fclose(file);
  if (is_whole) {
    *size = count;
    return bytes;
  }
  free(bytes);
  return NULL;
}

// Goes on for as long as there is something to do; 1 would cancel.
static int show(double share, void *user) {
  int *percent = user;
  *percent = (int)(100 * share);
  return 0;
}

int main(int count, char **arguments) {
  if (count != 6) {
    fprintf(stderr, "usage: region FILE.png X Y WIDTH HEIGHT\n");
    return 64;
  }
  size_t png_size = 0;
  uint8_t *png = read_file(arguments[1], &png_size);
  if (!png) {
    perror(arguments[1]);
    return 1;
  }

  int percent = -1;
  prnzip_options options = PRNZIP_OPTIONS;
  options.effort = PRNZIP_EFFORT_INSTANT;
  options.progress = show;
  options.user = &percent;

  char message[200];
  uint8_t *prn = NULL;
  size_t prn_size = 0;
  prnzip_info *info = NULL;
  prnzip_pixels pixels = {0};
  prnzip_region region = {
      (uint32_t)strtoul(arguments[2], NULL, 10), (uint32_t)strtoul(arguments[3], NULL, 10),
      (uint32_t)strtoul(arguments[4], NULL, 10), (uint32_t)strtoul(arguments[5], NULL, 10)};

  prnzip_status status =
      prnzip_compress(png, png_size, &options, &prn, &prn_size, message, sizeof message);
  if (status == PRNZIP_OK) {
    status = prnzip_read_info(prn, prn_size, NULL, &info, message, sizeof message);
  }
  if (status == PRNZIP_OK) {
    printf(
        "image: %" PRIu32 " x %" PRIu32 ", %zu bytes of PNG, %zu bytes of prn, %d %%\n",
        info->width, info->height, png_size, prn_size, percent);
    status =
        prnzip_decode(prn, prn_size, &region, &options, &pixels, message, sizeof message);
  }
  if (status == PRNZIP_OK) {
    printf(
        "region: %" PRIu32 " x %" PRIu32 ", %" PRIu32 " channels of %" PRIu32 " bits, %zu bytes\n",
        pixels.width, pixels.height, pixels.channels, pixels.depth, pixels.size);
  } else {
    fprintf(stderr, "%s: %s (%s)\n", arguments[1], message, prnzip_status_name(status));
  }

  prnzip_free(pixels.data);
  prnzip_free(info);
  prnzip_free(prn);
  free(png);
  return status == PRNZIP_OK ? 0 : 1;
}

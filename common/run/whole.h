/*
 * whole: a small file of text, held whole as it is needed whole.
 */
#ifndef RUN_WHOLE_H
#define RUN_WHOLE_H

#include "base/buffer.h"
#include "base/error.h"

#include <stdbool.h>

/*
 * Puts the file's bytes into `text`, which the caller frees. `path`: "-" is standard input; plain,
 * gzipped, or the only file of a zip. A line of more than 64 MiB is refused by `too_long`, a
 * sentence. Status INPUT, CUT, SYSTEM, or USAGE for a folder.
 */
bool whole_read(const char *path, const char *too_long, struct buffer *text, struct error *error);

/* What messages call it. */
const char *whole_name(const char *path);

#endif

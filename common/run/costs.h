/*
 * costs: the table of score/costs.h from a file.
 */
#ifndef RUN_COSTS_H
#define RUN_COSTS_H

#include "base/digest.h"
#include "base/error.h"
#include "score/costs.h"

#include <stdbool.h>

/*
 * `path`: "-" is standard input; plain, gzipped, or the only file of a zip. Status INPUT, CUT,
 * SYSTEM, or USAGE for a folder. `digest`, unless NULL: of its text, unpacked.
 */
bool costs_read(const char *path, struct costs *costs, struct digest *digest, struct error *error);

#endif

/*
 * inflated: what compressed bytes unpack to, as one sequence: the members of a gzip file one after
 * the other, or the deflate data of one member of a zip.
 *
 * It alone knows, and moves, the place in the file: nobody else reads from its feed.
 *
 * One thread uses it at a time.
 */
#ifndef INPUT_INFLATED_H
#define INPUT_INFLATED_H

#include "base/error.h"
#include "input/feed.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct inflated;

/* What stands around the deflate data. */
enum inflated_form {
    INFLATED_GZIP, /* a header before it, a trailer behind, and perhaps another member */
    INFLATED_BARE  /* nothing: the feed begins and ends with it */
};

/*
 * Takes `feed` over, which stands at the first byte; what is left there needs no feed_free, though
 * it is allowed. NULL on failure, and `feed` is as it was: status INPUT, CUT or SYSTEM; USAGE as
 * of inflater_new.
 */
struct inflated *inflated_open(struct feed *feed, enum inflated_form form, struct error *error);

/*
 * The next `size` bytes. `*got` is less only at the end, where all that is on record has been
 * checked but for the CRC-32. Status INPUT, CUT or SYSTEM.
 */
bool inflated_read(struct inflated *inflated, void *bytes, size_t size, size_t *got,
                   struct error *error);

/*
 * The same, but it takes what is there: once it has a byte, it does not wait for others. `*ended`:
 * the end came.
 */
bool inflated_read_ready(struct inflated *inflated, void *bytes, size_t size, size_t *got,
                         bool *ended, struct error *error);

/* Whether the next byte has to be waited for. */
bool inflated_waits(const struct inflated *inflated);

/* Of the gzip members that were read to their end, together: the CRC-32 on record. */
uint32_t inflated_crc32(const struct inflated *inflated);

/* By what it inflates: `zlib`, `ISA-L`. Lives as long as the program. */
const char *inflated_by(const struct inflated *inflated);

void inflated_close(struct inflated *inflated);

#endif

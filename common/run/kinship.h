/*
 * kinship: whether trees of one forest may stand among those of another.
 *
 * A tree depends on the samples, the options, the seed and its number alone, so that trees of two
 * runs belong together where all of these are the same.
 */
#ifndef RUN_KINSHIP_H
#define RUN_KINSHIP_H

#include "base/error.h"
#include "stream/stream.h"

#include <stdbool.h>

/*
 * Whether two forests, which messages call by these names, say in their headers that they were
 * grown by the same program with the same options from samples of the same origin and shape. They
 * may be of different trees; of forests of different size only where `any_size`. Status INPUT, with
 * what is different.
 */
bool kinship_check(const struct stream_header *left, const char *left_name,
                   const struct stream_header *right, const char *right_name, bool any_size,
                   struct error *error);

/* Whether evidence has the same opinion in both, which are of the same shape. Status INPUT. */
bool kinship_check_opinions(const struct stream_header *left, const char *left_name,
                            const struct stream_header *right, const char *right_name,
                            struct error *error);

/*
 * As kinship_check, for parts of samples, which were made by one program with the same options from
 * documents and sources of the same origin.
 */
bool kinship_check_rows(const struct stream_header *left, const char *left_name,
                        const struct stream_header *right, const char *right_name,
                        struct error *error);

/*
 * The same for the digests of the samples themselves, which stand at the streams' ends. Status
 * INPUT.
 */
bool kinship_check_samples(struct digest left, const char *left_name, struct digest right,
                           const char *right_name, struct error *error);

/* The same for the digests of documents. */
bool kinship_check_documents(struct digest left, const char *left_name, struct digest right,
                             const char *right_name, struct error *error);

#endif

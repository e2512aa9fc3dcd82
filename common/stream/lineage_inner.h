/*
 * lineage_inner: what the files of lineage share, and its msgpack.
 *
 * Internal to the folder.
 */
#ifndef STREAM_LINEAGE_INNER_H
#define STREAM_LINEAGE_INNER_H

#include "base/text.h"
#include "stream/lineage.h"

#include <msgpack.h>

/* Copies of what they are given. The last entry gets the option. False or NULL: memory is out. */
bool lineage_add_entry(struct lineage *lineage, struct text tool, struct text version);
struct lineage_option *lineage_add_option(struct lineage *lineage, struct text name);
bool lineage_set_text(struct lineage_option *option, struct text value);

/* As a msgpack array in a header. */
void lineage_pack(const struct lineage *lineage, msgpack_packer *packer);
/* From it; the sentence of a failure says what is wrong and leaves the place to the caller. */
bool lineage_unpack(struct lineage *lineage, const msgpack_object *array, struct error *error);

/* The digest under `read` in a msgpack map; false where there is none. */
bool digest_unpack(const msgpack_object *holder, struct digest *digest);

#endif

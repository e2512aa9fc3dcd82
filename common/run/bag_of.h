/*
 * bag_of: how the bags of a forest were drawn, as its lineage tells, to draw them again.
 */
#ifndef RUN_BAG_OF_H
#define RUN_BAG_OF_H

#include "base/error.h"
#include "forest/growth.h"
#include "stream/samples.h"
#include "stream/stream.h"

#include <stdbool.h>

/*
 * Sets what bag_draw needs of `growth`. False, status INPUT, where the forest was grown from more
 * samples than these, which messages call `name`, or fewer, or without bags. That it was grown from
 * these only the end of its stream tells; bag_refuse has the sentence if not.
 */
bool bag_of(const struct stream_header *header, const struct samples *samples, const char *name,
            struct growth *growth, struct error *error);
bool bag_refuse(const char *name, struct error *error);

#endif

/*
 * importances: how much each feature counts in a forest, from its stream alone.
 */
#ifndef RUN_IMPORTANCES_H
#define RUN_IMPORTANCES_H

#include "base/error.h"
#include "forest/importance.h"
#include "stream/stream.h"

/*
 * Reads the forest behind its header to its verified end; `importance` is started from `{0}` and
 * freed by importance_free in any case. Status INPUT, CUT or SYSTEM.
 */
bool importances_read(struct stream_reader *reader, const struct stream_header *header,
                      struct importance *importance, struct error *error);

#endif

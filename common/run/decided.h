/*
 * decided: what rf-decide found, read whole from its stream, for a model that it was found for.
 */
#ifndef RUN_DECIDED_H
#define RUN_DECIDED_H

#include "base/error.h"
#include "decide/rule.h"
#include "run/trained.h"
#include "stream/stream.h"

#include <stdbool.h>

/*
 * Reads the stream at `path` to its verified end, and its digest. It must have been made from
 * predictions of this very model: of its out-of-bag predictions, whose lineage is the model's, or
 * of others, whose lineage has the model's digest. The rule starts from `{0}`; rule_free is due in
 * any case. Status INPUT, CUT or SYSTEM.
 */
bool decided_load(const char *path, const struct trained *model, struct rule *rule,
                  struct digest *digest, struct error *error);

/*
 * Text shows no answer as it would a label `?`: a model that has one is refused where the rule may
 * give no answer, which is asked of a rule that was read already. Status INPUT.
 */
bool decided_check_labels(const struct rule *rule, const struct trained *model,
                          struct error *error);

/* Writes the stream, whose lineage is that of the header; `read` is what it was made from. */
bool decided_write(struct output *output, const struct stream_header *header,
                   const struct rule *rule, struct digest read, struct error *error);

#endif

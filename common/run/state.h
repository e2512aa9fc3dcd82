/*
 * state: a model in training, saved to be gone on from.
 *
 * It is a vectors stream whose rows are model_get_state's, a word each in the order of ranks. The
 * last entry of its lineage says how it was made: the options that vectors depend on, `iter`, how
 * many passes it has had, and `model`, which is `state`. Its digest is the corpus's.
 */
#ifndef RUN_STATE_H
#define RUN_STATE_H

#include "base/output.h"
#include "glove/glove.h"
#include "stream/stream.h"

/*
 * Writes the state of `glove`, whose corpus has the digest `corpus`. `made` is the lineage, whose
 * last entry gets `model`. The output still has to be committed. Status SYSTEM.
 */
bool state_write(struct glove *glove, struct lineage *made, struct digest corpus,
                 struct output *output, struct error *error);

/* Start from `{0}`; closed by state_close. */
struct state {
    struct stream_reader *reader; /* NULL: none is open */
    struct stream_header header;
    uint64_t passes; /* that it has had */
};

/*
 * Opens a saved state, and checks all that can be before there is a corpus: it must have been
 * made as `wanted` says, but for `iter`, and have rows for vectors of `dim`. Status INPUT, CUT or
 * SYSTEM.
 */
bool state_open(struct state *state, const char *path, const struct lineage_entry *wanted,
                size_t dim, struct error *error);

/*
 * Sets the prepared `glove` to the state, which must be of the same corpus. Status INPUT, CUT or
 * SYSTEM.
 */
bool state_load(struct state *state, struct glove *glove, struct digest corpus,
                struct error *error);

void state_close(struct state *state);

#endif

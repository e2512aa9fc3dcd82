/*
 * trained: a forest, read whole from its stream and ready to vote.
 */
#ifndef RUN_TRAINED_H
#define RUN_TRAINED_H

#include "base/error.h"
#include "base/options.h"
#include "stream/stream.h"
#include "vote/packed.h"
#include "vote/routes.h"

#include <stdbool.h>

/* Owned; freed by trained_free. Read by any number of threads. */
struct trained {
    const char *name;            /* the path that was given; borrowed */
    struct stream_header header; /* dim, classes, trees, lineage */
    struct packed_forest forest;
    struct routes routes; /* where they are wanted */
    struct digest digest; /* of the stream */
};

/*
 * Reads the stream at `path` (NULL or "-": standard input) to its verified end; `jobs` threads
 * check and pack its trees. Status INPUT, CUT or SYSTEM; then nothing is left to free.
 */
bool trained_load(struct trained *trained, const char *path, unsigned jobs, struct error *error);

/* The same, with routes, and their changes. */
enum trained_routes { TRAINED_NO_ROUTES, TRAINED_ROUTES, TRAINED_CHANGES };
bool trained_load_routes(struct trained *trained, const char *path, enum trained_routes routes,
                         unsigned jobs, struct error *error);

enum trained_fit {
    TRAINED_FITS,
    TRAINED_DOUBTED, /* other vectors, another tokenizer, or the model is a part of a forest */
    TRAINED_REFUSED  /* they can't be walked through the trees */
};

/*
 * Whether samples of that header, read from `name`, are of the kind that the model was trained on.
 * If not, `error` says why, status INPUT; a user may override a doubt.
 */
enum trained_fit trained_fit(const struct trained *trained, const struct stream_header *samples,
                             const char *name, struct error *error);

/* The same for a program: with `force` a doubt is a warning, without, an error. */
bool trained_admit(const struct trained *trained, const struct stream_header *samples,
                   const char *name, bool force, const struct common *common, struct error *error);

void trained_free(struct trained *trained);

#endif

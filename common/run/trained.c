/*
 * Read as a pipeline: the stream is read and summed on one thread, trees are checked and packed on
 * all, and appended in their order.
 */
#include "run/trained.h"

#include "base/report.h"
#include "base/tree.h"
#include "run/opinions.h"
#include "run/reading.h"
#include "stream/forest.h"

#include <stdlib.h>

/* Small trees are handed on several at a time, for each hand-over costs as much as one of them. */
enum { BATCH_TREES = 16, BATCH_BYTES = 1 << 16 };

/* What a thread decodes and packs trees with. */
struct packer {
    struct tree tree; /* the one at hand, as columns */
    struct packed_room room;
};

/* Trees on their way: as records, packed. */
struct batch {
    size_t count;
    struct stream_record records[BATCH_TREES];
    struct packed_tree packed[BATCH_TREES];
    struct route routes[BATCH_TREES]; /* where they are wanted */
};

/*
 * The forest belongs to the last stage; the others look at its form only. `next`, and `error`
 * where that failed, are the reading stage's: what came of its latest try.
 */
struct run {
    struct trained *trained;
    enum trained_routes routes;
    struct stream_reader *reader;
    struct packer *packers; /* one for each worker */
    enum pipeline_read next;
    struct error error;
};

/* What ends the stream is told when the trees before it have been handed on. */
static enum pipeline_read read_batch(void *shared, void *item, struct error *error)
{
    struct run *run = shared;
    struct batch *batch = item;
    size_t bytes = 0;
    batch->count = 0;
    while (run->next == PIPELINE_BATCH && batch->count < BATCH_TREES && bytes < BATCH_BYTES) {
        struct stream_record *record = &batch->records[batch->count];
        run->next = reading_record(run->reader, record, &run->error);
        batch->count += run->next == PIPELINE_BATCH;
        bytes += record->size;
    }
    if (batch->count)
        return PIPELINE_BATCH;
    if (run->next == PIPELINE_FAILED)
        *error = run->error;
    return run->next;
}

static bool make_route(const struct run *run, struct route *route, const struct tree *tree,
                       struct error *error)
{
    const bool changes = run->routes == TRAINED_CHANGES;
    switch (route_make(route, tree, run->trained->header.class_count, changes)) {
    case ROUTE_MADE:
        return true;
    case ROUTE_LARGE:
        return error_set(error, STATUS_INPUT,
                         "%s: shares of too many classes change on the paths of a tree of %u "
                         "nodes: contributions can't be told of it",
                         stream_name(run->reader), (unsigned)tree->nodes);
    default:
        return error_memory(error, "reading the model");
    }
}

static bool pack_batch(void *shared, unsigned worker, void *item, struct error *error)
{
    const struct run *run = shared;
    const struct trained *trained = run->trained;
    struct packer *packer = &run->packers[worker];
    struct batch *batch = item;
    for (size_t i = 0; i < batch->count; i++) {
        if (!forest_decode(&trained->header, &batch->records[i], &packer->tree, error))
            return false;
        if (!packed_tree_make(&batch->packed[i], &trained->forest.form, &packer->tree,
                              &packer->room))
            return error_memory(error, "reading the model");
        if (run->routes && !make_route(run, &batch->routes[i], &packer->tree, error))
            return false;
    }
    return true;
}

static bool append_batch(void *shared, void *item, struct error *error)
{
    const struct run *run = shared;
    struct trained *trained = run->trained;
    struct batch *batch = item;
    for (size_t i = 0; i < batch->count; i++)
        if (!packed_append(&trained->forest, &batch->packed[i]) ||
            (run->routes &&
             !routes_append(&trained->routes, &batch->routes[i], trained->header.class_count)))
            return error_memory(error, "reading the model");
    return true;
}

static void free_batch(void *item)
{
    struct batch *batch = item;
    for (size_t i = 0; i < BATCH_TREES; i++) {
        stream_record_free(&batch->records[i]);
        packed_tree_free(&batch->packed[i]);
        route_free(&batch->routes[i]);
    }
}

static void free_packers(struct packer *packers, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        tree_free(&packers[i].tree);
        packed_room_free(&packers[i].room);
    }
    free(packers);
}

static bool read_trees(struct run *run, unsigned jobs, struct error *error)
{
    const struct pipeline pipeline = {.batch_size = sizeof(struct batch),
                                      .shared = run,
                                      .release = free_batch,
                                      .read = read_batch,
                                      .work = pack_batch,
                                      .write = append_batch};
    run->packers = calloc(jobs, sizeof *run->packers);
    if (!run->packers)
        return error_memory(error, "reading the model");
    const bool done = pipeline_run(&pipeline, jobs, error);
    free_packers(run->packers, jobs);
    return done;
}

static bool read_model(struct run *run, unsigned jobs, struct error *error)
{
    struct trained *trained = run->trained;
    if (!stream_read_header(run->reader, STREAM_FOREST, &trained->header, error))
        return false;
    trained->forest = packed_start(trained->header.dim, trained->header.class_count);
    trained->forest.opinion = opinions_of(&trained->header.opinion, trained->header.class_count);
    if (!read_trees(run, jobs, error))
        return false;
    lineage_complete(&trained->header.lineage, stream_read_digest(run->reader));
    trained->digest = stream_read_totals(run->reader).digest;
    return true;
}

bool trained_load(struct trained *trained, const char *path, unsigned jobs, struct error *error)
{
    return trained_load_routes(trained, path, TRAINED_NO_ROUTES, jobs, error);
}

bool trained_load_routes(struct trained *trained, const char *path, enum trained_routes routes,
                         unsigned jobs, struct error *error)
{
    *trained = (struct trained){.name = path};
    struct run run = {.trained = trained,
                      .routes = routes,
                      .reader = stream_open(path, error),
                      .next = PIPELINE_BATCH};
    if (!run.reader)
        return false;
    bool loaded = read_model(&run, jobs, error);
    stream_close(run.reader);
    if (!loaded)
        trained_free(trained);
    return loaded;
}

/* Of a long name only the beginning is shown. */
static int shown_size(struct text name)
{
    enum { MOST = 100 };
    return name.size < MOST ? (int)name.size : MOST;
}

/* Features that have names on both sides have the same ones, in the same order. */
static bool same_features(const struct trained *trained, const struct stream_header *samples,
                          const char *name, struct error *error)
{
    const struct text *ours = trained->header.features, *theirs = samples->features;
    for (uint32_t i = 0; ours && theirs && i < samples->dim; i++)
        if (!text_equal(ours[i], theirs[i]))
            return error_set(
                error, STATUS_INPUT,
                "%s and %s name feature %u otherwise (%.*s; %.*s): give samples of the "
                "same features, or insist with --force",
                trained->name, name, (unsigned)i, shown_size(ours[i]), ours[i].data,
                shown_size(theirs[i]), theirs[i].data);
    return true;
}

/* A part is a forest of fewer trees; that it is meant as one shows only where the user says so. */
static bool is_whole(const struct trained *trained, struct error *error)
{
    const struct stream_header *header = &trained->header;
    return !header->whole ||
           error_set(error, STATUS_INPUT,
                     "%s: is a part of a forest, its trees %llu:%llu of %llu: merge the parts with "
                     "rf-merge, or insist with --force",
                     trained->name, (unsigned long long)header->first,
                     (unsigned long long)(header->first + header->trees),
                     (unsigned long long)header->whole);
}

enum trained_fit trained_fit(const struct trained *trained, const struct stream_header *samples,
                             const char *name, struct error *error)
{
    if (samples->dim != trained->header.dim) {
        error_set(error, STATUS_INPUT,
                  "%s: rows of %u %s, and %s was trained on %u: vectorize with the model's "
                  "vectors and evidence, or mp-pack with --like",
                  name, (unsigned)samples->dim, report_noun(samples->dim, "feature", "features"),
                  trained->name, (unsigned)trained->header.dim);
        return TRAINED_REFUSED;
    }
    bool fits =
        is_whole(trained, error) && same_features(trained, samples, name, error) &&
        lineage_compatible(&trained->header.lineage, trained->name, &samples->lineage, name, error);
    return fits ? TRAINED_FITS : TRAINED_DOUBTED;
}

bool trained_admit(const struct trained *trained, const struct stream_header *samples,
                   const char *name, bool force, const struct common *common, struct error *error)
{
    struct error doubt = {STATUS_DONE, ""};
    enum trained_fit fit = trained_fit(trained, samples, name, &doubt);
    if (fit == TRAINED_REFUSED || (fit == TRAINED_DOUBTED && !force)) {
        *error = doubt;
        return false;
    }
    if (fit == TRAINED_DOUBTED)
        report_warning(common, "%s", doubt.text);
    return true;
}

void trained_free(struct trained *trained)
{
    stream_header_free(&trained->header);
    packed_free(&trained->forest);
    routes_free(&trained->routes);
}

/*
 * Parts of evidence as linear-train --join takes them, of the documents that seeds.py has parts of:
 * what fits them is made evidence, as any other is.
 */
#include "run/linear_parts.h"

#include "fuzz.h"
#include "run/linear_write.h"
#include "stream/stream.h"

#include <string.h>

enum { CLASSES = 3, FOLDS = 2, ROWS = 6 };

/* What all inputs are about: two views of the documents, as linear-train has them. */
struct work {
    struct bags bags;
    struct sparse x[VIEW_COUNT];
    struct svm_problem problems[VIEW_COUNT];
    uint32_t class_of[ROWS], fold_of[ROWS];
    struct digest read;
};

static const char documents[] = "grain\tthe wheat and the corn of\n"
                                "ship\tship in the port of sea\n"
                                "bank\tthe bank loan rate\n"
                                "grain\tcorn corn grain\n"
                                "ship\tsea port of ship\n"
                                "bank\trate of the bank\n";

static const char *const names[CLASSES] = {"bank", "grain", "ship"};

static void read_documents(struct work *work)
{
    struct error error = {0};
    struct collection_settings settings = {.wish.labelled = true};
    const struct common common = {.tool = "fuzz", .quiet = true, .jobs = 1};
    char path[64];
    snprintf(path, sizeof path, "%s", fuzz_file((const uint8_t *)documents, sizeof documents - 1));
    char *const paths[] = {path};
    struct collection *collection = collection_open(&settings, paths, 1, "", &common, &error);
    struct bags_source source = {.documents = collection, .jobs = 1, .most = UINT64_MAX};
    source.wanted[VIEW_WORD] = source.wanted[VIEW_BIGRAM] = true;
    FUZZ_REQUIRE(collection && bags_read(&source, &work->bags, &error) &&
                 bags_fill(&source, &work->bags, NULL, NULL, &error));
    FUZZ_REQUIRE(work->bags.rows == ROWS && work->bags.labels.count == CLASSES);
    work->read = collection_digest(collection);
    collection_close(collection);
}

static uint32_t class_named(struct text name)
{
    for (uint32_t number = 0; number < CLASSES; number++)
        if (text_equal(text_of(names[number]), name))
            return number;
    abort();
}

static void prepare(struct work *work)
{
    read_documents(work);
    for (size_t row = 0; row < ROWS; row++) {
        work->class_of[row] = class_named(words_text(&work->bags.labels, work->bags.label[row]));
        work->fold_of[row] = work->bags.keys[row].crc32 % FOLDS;
    }
    for (int view = VIEW_WORD; view <= VIEW_BIGRAM; view++) {
        FUZZ_REQUIRE(bag_select(&work->bags.of[view], 1, UINT32_MAX));
        FUZZ_REQUIRE(bag_sort_rows(&work->bags.of[view], 0, ROWS));
        work->x[view] = bag_sparse(&work->bags.of[view]);
        work->problems[view] = (struct svm_problem){.x = &work->x[view],
                                                    .class_of = work->class_of,
                                                    .fold_of = work->fold_of,
                                                    .classes = CLASSES,
                                                    .folds = FOLDS,
                                                    .c = SVM_C,
                                                    .tolerance = SVM_TOLERANCE,
                                                    .passes = SVM_PASSES};
    }
}

/* Evidence of what the parts had, all of it and the most that a few bytes hold. */
static void write_evidence(const struct work *prepared, const struct linear_work *work)
{
    for (uint64_t most = 600; most; most = most == 600 ? UINT64_MAX : 0) {
        struct error error = {0};
        uint32_t written[VIEW_COUNT];
        const struct common common = {.tool = "fuzz", .output = "/dev/null", .no_sync = true};
        struct linear_write write = {.lineage = work->lineage,
                                     .read = work->read,
                                     .bags = &prepared->bags,
                                     .classes = work->classes,
                                     .class_of = prepared->class_of,
                                     .scored = true,
                                     .most_bytes = most};
        for (int view = VIEW_WORD; view <= VIEW_BIGRAM; view++) {
            write.weights[view] = work->weights[view];
            write.scores[view] = work->scores[view];
        }
        struct output *output = output_open(&common, OUTPUT_BINARY, &error);
        FUZZ_REQUIRE(output);
        struct linear_writing *writing = linear_write_begin(&write, output, &error);
        bool more, begun = writing && linear_write_some(writing, &more, &error);
        bool done = begun && linear_write_end(writing, written, &error);
        if (!begun)
            linear_write_abandon(writing);
        FUZZ_REQUIRE(done || error.status == STATUS_INPUT || error.status == STATUS_USAGE);
        output_discard(output);
    }
}

/* By the lineage of the first part, that others must have as well. */
static void join(struct work *prepared, const char *const *paths, size_t count)
{
    struct error error = {0};
    struct stream_header header = {0};
    struct stream_reader *reader = stream_open(paths[0], &error);
    struct text classes[CLASSES];
    struct linear_work work = {.documents = ROWS,
                               .classes = classes,
                               .class_count = CLASSES,
                               .lineage = &header.lineage,
                               .read = prepared->read};
    for (int i = 0; i < CLASSES; i++)
        classes[i] = text_of(names[i]);
    for (int view = VIEW_WORD; view <= VIEW_BIGRAM; view++) {
        work.problems[view] = &prepared->problems[view];
        work.weights[view] = calloc((prepared->x[view].features + 1) * CLASSES, sizeof(float));
        work.scores[view] = calloc(ROWS * CLASSES, sizeof(float));
        FUZZ_REQUIRE(work.weights[view] && work.scores[view]);
    }
    if (reader && stream_read_header(reader, STREAM_PIECES, &header, &error)) {
        if (linear_parts_read(&work, paths, count, &error))
            write_evidence(prepared, &work);
        else
            FUZZ_REQUIRE(error.status == STATUS_INPUT || error.status == STATUS_CUT);
    }
    for (int view = VIEW_WORD; view <= VIEW_BIGRAM; view++) {
        free(work.weights[view]);
        free(work.scores[view]);
    }
    stream_header_free(&header);
    stream_close(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct work work;
    struct fuzz_part parts[FUZZ_PARTS];
    const char *paths[FUZZ_PARTS];
    const size_t count = fuzz_split(data, size, parts);
    if (!work.bags.rows)
        prepare(&work);
    for (unsigned i = 0; i < count; i++)
        paths[i] = fuzz_file_of(i, parts[i].data, parts[i].size);
    if (count)
        join(&work, paths, count);
    return 0;
}

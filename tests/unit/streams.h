/*
 * streams: a small stream of each kind, written to `test_path`, and a consumer of any.
 */
#ifndef TESTS_UNIT_STREAMS_H
#define TESTS_UNIT_STREAMS_H

#include "base/output.h"
#include "stream/decisions.h"
#include "stream/forest.h"
#include "stream/linear.h"
#include "stream/pieces.h"
#include "stream/predictions.h"
#include "stream/samples.h"
#include "stream/vectors.h"

#include "helpers.h"

/* ---- one small stream of each kind ---- */

static struct text feature_names[] = {{"glove:0", 7},
                                      {"gr\xc3\xb6\xc3\x9f"
                                       "e",
                                       7}};
static struct text classes[] = {{"earn", 4}, {"tr\xc3\xa4ge", 6}};

static inline void write_vectors(struct stream_writer *writer, struct error *error)
{
    struct text words[] = {TEXT("the"), TEXT(". . ."), TEXT("gr\xc3\xbc\xc3\x9f")};
    float x[] = {0.5f, -1, 2, 3, 4, 5};
    assert_true(vectors_write(writer, 3, 2, words, x, error));
    assert_true(vectors_write(writer, 1, 2, words, x + 2, error));
}

static inline void write_samples(struct stream_writer *writer, struct error *error)
{
    struct samples_rows rows = {2,
                                (float[]){1, 2, 3, 4},
                                (int32_t[]){7, 8},
                                (int32_t[]){7, 0},
                                (struct text[]){TEXT("tr\xc3\xa4ge"), TEXT("earn")},
                                NULL};
    assert_true(samples_write(writer, 2, &rows, error));
    rows.rows = 1;
    rows.labels = (struct text[]){TEXT("earn")};
    assert_true(samples_write(writer, 2, &rows, error));
}

/* x[1] <= 0.25 ? 5 samples of class 1 : (x[0] <= -2 ? 1 of class 0 and 3 of 1 : 300 of class 0) */
static inline struct tree small_tree(void)
{
    struct tree tree = {.nodes = 5, .splits = 2, .mixed = 1};
    assert_true(tree_reserve_nodes(&tree, 5) && tree_reserve_counts(&tree, 2));
    memcpy(tree.feature, (uint32_t[]){1, TREE_NONE, 0, TREE_NONE, TREE_NONE}, 20);
    memcpy(tree.threshold, (float[]){0.25f, -2}, 8);
    memcpy(tree.leaf_class, (uint32_t[]){1, TREE_NONE, 0}, 12);
    memcpy(tree.weight, (uint32_t[]){5, 4, 300}, 12);
    memcpy(tree.counts, (uint32_t[]){1, 3}, 8);
    return tree;
}

static inline void write_forest(struct stream_writer *writer, struct error *error)
{
    struct tree tree = small_tree();
    assert_true(forest_write(writer, 2, &tree, error));
    assert_true(forest_write(writer, 2, &tree, error));
    tree_free(&tree);
}

static inline void write_predictions(struct stream_writer *writer, struct error *error)
{
    const struct stream_header header = {.kind = STREAM_PREDICTIONS, .class_count = 2};
    struct predictions_rows rows = {.rows = 2,
                                    .predicted = (int32_t[]){1, 0},
                                    .labels = (struct text[]){TEXT("earn"), TEXT("unseen")},
                                    .proba = (float[]){0.25f, 0.75f, 1, 0}};
    assert_true(predictions_write(writer, &header, &rows, error));
}

static inline void write_detail(struct stream_writer *writer, enum stream_detail detail,
                                const struct details *details, struct error *error)
{
    const struct stream_header header = {
        .kind = STREAM_PREDICTIONS, .class_count = 2, .detail = detail, .trees = 2, .dim = 2};
    const struct predictions_rows rows = {.rows = 2,
                                          .predicted = (int32_t[]){1, 0},
                                          .proba = (float[]){0.25f, 0.75f, 1, 0},
                                          .details = details};
    assert_true(predictions_write(writer, &header, &rows, error));
}

static inline void write_leaves(struct stream_writer *writer, struct error *error)
{
    const uint32_t leaves[] = {2, 7, 4, 300};
    const struct details details = {.columns = {[DETAILS_LEAVES] = leaves}};
    write_detail(writer, DETAIL_LEAVES, &details, error);
}

static inline void write_paths(struct stream_writer *writer, struct error *error)
{
    const uint32_t ends[] = {2, 3, 4, 6}, nodes[] = {0, 1, 0, 0, 0, 4};
    const uint32_t features[] = {1, UINT32_MAX, UINT32_MAX, UINT32_MAX, 0, UINT32_MAX};
    const float values[] = {0.5f, 0, 0, 0, 3, 0}, thresholds[] = {1, 0, 0, 0, 2.5f, 0};
    const struct details details = {.columns = {[DETAILS_ENDS] = ends,
                                                [DETAILS_NODE] = nodes,
                                                [DETAILS_FEATURE] = features,
                                                [DETAILS_VALUE] = values,
                                                [DETAILS_THRESHOLD] = thresholds}};
    write_detail(writer, DETAIL_PATHS, &details, error);
}

static inline void write_contributions(struct stream_writer *writer, struct error *error)
{
    const double bias[] = {0.5, 0.5}, contributions[] = {-0.125, -0.125, 0.25, 0, 0.5, 0, -0.5, 0};
    const struct details details = {
        .columns = {[DETAILS_BIAS] = bias, [DETAILS_CONTRIBUTIONS] = contributions}};
    write_detail(writer, DETAIL_CONTRIBUTIONS, &details, error);
}

/* Sets of one class and of both, and a row without an answer. */
static inline void write_decided(struct stream_writer *writer, struct error *error)
{
    const struct stream_header header = {.kind = STREAM_PREDICTIONS, .class_count = 2};
    struct predictions_rows rows = {.rows = 2,
                                    .predicted = (int32_t[]){1, PREDICTIONS_NONE},
                                    .labels = (struct text[]){TEXT("earn"), TEXT("unseen")},
                                    .proba = (float[]){0.25f, 0.75f, 0.5f, 0.5f},
                                    .set_ends = (uint32_t[]){1, 3},
                                    .set = (uint32_t[]){1, 0, 1}};
    assert_true(predictions_write(writer, &header, &rows, error));
}

static inline void write_decisions(struct stream_writer *writer, struct error *error)
{
    assert_true(decisions_write(writer, "temperature", (double[]){0.75, 0.01}, 2, error));
    assert_true(decisions_write(writer, "floors", NULL, 0, error));
    assert_true(decisions_write(writer, "scores", (double[]){1, 0.5, 0.25}, 3, error));
}

static inline void write_kept_samples(struct stream_writer *writer, struct error *error)
{
    struct samples_rows rows = {.rows = 2,
                                .x = (float[]){1, 2, 3, 4},
                                .tokens = (int32_t[]){7, 8},
                                .known = (int32_t[]){7, 0},
                                .kept = (struct text[]){TEXT("7\t\xc3\xa4"), TEXT("")}};
    assert_true(samples_write(writer, 2, &rows, error));
}

static inline void write_kept_predictions(struct stream_writer *writer, struct error *error)
{
    const struct stream_header header = {.kind = STREAM_PREDICTIONS, .class_count = 2};
    struct predictions_rows rows = {.rows = 2,
                                    .predicted = (int32_t[]){1, 0},
                                    .kept = (struct text[]){TEXT("7\t\xc3\xa4"), TEXT("")}};
    assert_true(predictions_write(writer, &header, &rows, error));
}

struct kind_case {
    struct stream_header header;
    void (*write)(struct stream_writer *, struct error *);
    uint64_t rows;
};

static const struct kind_case cases[] = {
    {{.kind = STREAM_VECTORS, .dim = 2}, write_vectors, 4},
    {{.kind = STREAM_SAMPLES, .dim = 2, .labelled = true}, write_samples, 3},
    {{.kind = STREAM_FOREST,
      .dim = 2,
      .trees = 2,
      .samples = 309,
      .class_count = 2,
      .classes = classes},
     write_forest,
     10},
    {{.kind = STREAM_PREDICTIONS,
      .labelled = true,
      .class_count = 2,
      .classes = classes,
      .proba = true},
     write_predictions,
     2},
    {{.kind = STREAM_SAMPLES, .dim = 2, .features = feature_names, .labelled = true},
     write_samples,
     3},
    {{.kind = STREAM_FOREST,
      .dim = 2,
      .features = feature_names,
      .trees = 2,
      .samples = 309,
      .class_count = 2,
      .classes = classes},
     write_forest,
     10},
    {{.kind = STREAM_FOREST,
      .dim = 2,
      .trees = 2,
      .first = 300,
      .whole = 302,
      .samples = 309,
      .class_count = 2,
      .classes = classes},
     write_forest,
     10},
    {{.kind = STREAM_PREDICTIONS,
      .class_count = 2,
      .classes = classes,
      .proba = true,
      .detail = DETAIL_LEAVES,
      .trees = 2},
     write_leaves,
     2},
    {{.kind = STREAM_PREDICTIONS,
      .dim = 2,
      .features = feature_names,
      .class_count = 2,
      .classes = classes,
      .proba = true,
      .detail = DETAIL_PATHS,
      .trees = 2},
     write_paths,
     2},
    {{.kind = STREAM_PREDICTIONS,
      .dim = 2,
      .class_count = 2,
      .classes = classes,
      .proba = true,
      .detail = DETAIL_CONTRIBUTIONS},
     write_contributions,
     2},
    {{.kind = STREAM_SAMPLES, .dim = 2, .kept = true}, write_kept_samples, 2},
    {{.kind = STREAM_PREDICTIONS, .kept = true, .class_count = 2, .classes = classes},
     write_kept_predictions,
     2},
    {{.kind = STREAM_PREDICTIONS,
      .labelled = true,
      .class_count = 2,
      .classes = classes,
      .proba = true,
      .abstains = true,
      .sets = true},
     write_decided,
     2},
    {{.kind = STREAM_DECISIONS, .class_count = 2, .classes = classes}, write_decisions, 5},
    {{.kind = STREAM_FOREST,
      .dim = 2,
      .opinion = {0.25, 6, 2, (double[]){0.75, 0.25}, (uint32_t[]){1, 0, 0, 1}},
      .trees = 2,
      .samples = 309,
      .class_count = 2,
      .classes = classes},
     write_forest,
     10},
};

enum { CASES = LENGTH(cases), KINDS = 7 /* of them, before those with details */ };

static const struct digest source_digest = {0x12345678, 99};

static inline struct bytes make_stream(const struct kind_case *made)
{
    struct error error = {0};
    struct common common = {.tool = "test", .output = test_path};
    struct output *output = output_open(&common, OUTPUT_BINARY, &error);
    assert_non_null(output);
    struct stream_header header = made->header;
    assert_true(lineage_append(&header.lineage, "test", &error));
    assert_true(lineage_add_count(&header.lineage, "top", 300, &error));
    assert_true(lineage_add_real(&header.lineage, "share", 0.5, &error));
    assert_true(lineage_add_flag(&header.lineage, "fast", true, &error));
    assert_true(lineage_add_text(&header.lineage, "tokenizer", "simple", &error));
    struct stream_writer *writer = stream_begin(output, &header, &error);
    assert_non_null(writer);
    made->write(writer, &error);
    assert_true(stream_end(writer, source_digest, &error));
    assert_true(output_commit(output, &error));
    lineage_free(&header.lineage);
    return file_read(test_path);
}

/* Reads and decodes the whole file as a consumer does. */
static inline bool decode(const struct stream_header *header, const struct stream_record *record,
                          struct error *error)
{
    struct vectors_block vectors;
    struct samples_block samples;
    struct predictions_block predictions;
    struct linear_block linear;
    struct decisions_block decisions;
    struct column numbers;
    struct tree tree = {0};
    bool decoded = false;
    switch (header->kind) {
    case STREAM_VECTORS:
        return vectors_decode(header, record, &vectors, error);
    case STREAM_SAMPLES:
        return samples_decode(header, record, &samples, error);
    case STREAM_PREDICTIONS:
        return predictions_decode(header, record, &predictions, error);
    case STREAM_FOREST:
        decoded = forest_decode(header, record, &tree, error);
        tree_free(&tree);
        break;
    case STREAM_LINEAR:
        return linear_decode(header, record, &linear, error);
    case STREAM_DECISIONS:
        return decisions_decode(record, &decisions, error);
    case STREAM_PIECES:
        return pieces_decode(record, &numbers, error);
    }
    return decoded;
}

static inline enum status consume(enum stream_kind kind, uint64_t *rows, struct error *error)
{
    struct stream_header header;
    struct stream_record record = {0};
    struct stream_reader *reader = stream_open(test_path, error);
    assert_non_null(reader);
    enum stream_next next = STREAM_FAILED;
    if (stream_read_header(reader, kind, &header, error)) {
        while ((next = stream_next(reader, &record, error)) == STREAM_BLOCK)
            if (!decode(&header, &record, error)) {
                next = STREAM_FAILED;
                break;
            }
        stream_header_free(&header);
    }
    *rows = stream_read_totals(reader).rows;
    if (next == STREAM_END) {
        assert_int_equal(stream_read_digest(reader).crc32, source_digest.crc32);
        assert_int_equal(stream_read_digest(reader).size, source_digest.size);
    }
    stream_record_free(&record);
    stream_close(reader);
    return next == STREAM_END ? STATUS_DONE : error->status;
}

#endif

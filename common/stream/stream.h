/*
 * stream: the contract on every binary edge, glovepipe(5).
 *
 * A stream is a sequence of msgpack maps: a header, any number of blocks, an end. This header
 * holds what the kinds share: the header's contents, lineage, reading and writing whole
 * records. vectors.h, samples.h, forest.h, predictions.h, linear.h and decisions.h in this folder
 * say what a block of each kind holds.
 *
 *     struct stream_reader *in = stream_open(path, &error);
 *     stream_read_header(in, STREAM_SAMPLES, &header, &error);
 *     while ((next = stream_next(in, &record, &error)) == STREAM_BLOCK)
 *         samples_decode(&header, &record, &block, &error) ...
 *     if (next == STREAM_FAILED) ...          STREAM_END: whole, and verified to its last byte
 *
 * Whatever was computed from blocks before STREAM_END came back is provisional: a consumer
 * ends its own stream (stream_end, output_commit) only after it.
 */
#ifndef STREAM_STREAM_H
#define STREAM_STREAM_H

#include "base/buffer.h"
#include "base/error.h"
#include "base/output.h"
#include "base/pool.h"
#include "base/text.h"
#include "stream/lineage.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    STREAM_VERSION = 1,
    STREAM_MAX_DIM = 1 << 16,         /* features a row */
    STREAM_MAX_ROWS = 1 << 16,        /* rows a block, except a forest's, whose rows are nodes */
    STREAM_MAX_CLASSES = 1 << 20,     /* classes of a forest */
    STREAM_MAX_NAME = TEXT_NAME_MOST, /* bytes of a word or a label */
    STREAM_MAX_RECORD = 1 << 30,      /* bytes of one record */
    STREAM_MAX_PARTS = 32             /* parts of a linear stream, and views of an opinion */
};

/* The greatest part of the vote that evidence has for itself. */
#define STREAM_MOST_SHARE 0.99

enum stream_kind {
    STREAM_VECTORS,
    STREAM_SAMPLES,
    STREAM_FOREST,
    STREAM_PREDICTIONS,
    STREAM_LINEAR,
    STREAM_PIECES,
    STREAM_DECISIONS
};

/* `vectors`, `samples`, `forest`, `predictions`, `linear`, `pieces`, `decisions`. */
const char *stream_kind_name(enum stream_kind kind);

/* What predictions say beside classes and probabilities (details.h). */
enum stream_detail { DETAIL_NONE, DETAIL_LEAVES, DETAIL_PATHS, DETAIL_CONTRIBUTIONS };

const char *stream_detail_name(enum stream_detail detail);

/* A part of a linear stream: a view's model, or the counts of naive Bayes. */
struct stream_part {
    struct text name;
    uint64_t terms;          /* below 2^32 - 1 */
    const float *intercepts; /* class_count; NULL: counts have none */
};

/*
 * What evidence says for itself beside a forest's trees, in which columns of a sample: see
 * vote/opinion.h.
 */
struct stream_opinion {
    double share;      /* of the probabilities, above 0, at most 0.99; 0: it says nothing */
    double sharpness;  /* above 0 */
    uint32_t views;    /* 1 to 32 */
    double *weights;   /* views: above 0, at most 1, and 1 together but for rounding */
    uint32_t *columns; /* views x class_count: where a view has its score for a class */
};

void stream_opinion_free(struct stream_opinion *opinion);

/* "2 views: word 0.250, char 0.750": as their columns begin, and weigh. Without names of features:
   "1 view: from column 16 1.000". */
void stream_opinion_show(const struct stream_opinion *opinion, const struct text *features,
                         uint32_t classes, struct buffer *text);

/*
 * What a header says. A reader's header owns all it points to (stream_header_free), each list of
 * names in one piece for free(); one made for writing borrows.
 */
struct stream_header {
    enum stream_kind kind;
    uint32_t dim;          /* vectors, samples, forest: features a row; else 0, but for details */
    struct text *features; /* samples, forest: dim names; NULL: they have none but 0, 1, ... */
    bool labelled;         /* samples, predictions: rows have labels */
    bool kept;             /* samples, predictions: rows have what vectorize --keep kept */
    uint64_t trees;        /* forest: how many blocks follow; predictions: that details tell of */
    /*
     * forest: these are its trees from `first` on of `whole`. samples: these are every `whole`th
     * of their blocks, the first of them being block `first`. pieces: part `first` of `whole`.
     * `whole` is 0 where nothing is left out.
     */
    uint64_t first, whole;
    double unit; /* forest: what 1 in its weights stands for, a power of two; 0: a sample */
    struct stream_opinion opinion; /* forest: not said where its share is 0 */
    uint64_t samples;              /* forest, linear, pieces: rows that it was trained on */
    uint64_t scored;               /* linear: rows of scores, of distinct ones of these; or 0 */
    uint32_t class_count;          /* forest, predictions, linear, pieces, decisions */
    struct text *classes;          /* class_count of them, in ascending byte order */
    bool proba;                    /* predictions: rows have probabilities */
    bool log_proba;            /* predictions: and their logarithms; not said where it is false */
    enum stream_detail detail; /* predictions: with trees, or dim and features; not said if none */
    bool abstains;       /* predictions: a row may have no answer; not said where it is false */
    bool sets;           /* predictions: rows have sets of classes; not said where it is false */
    uint32_t part_count; /* linear: 1 to 32 */
    struct stream_part *parts;
    struct lineage lineage;
};

void stream_header_free(struct stream_header *header);

/* ---- reading ---- */

struct stream_reader;

/* msgpack-c's, which stay within this folder: others hand them on. */
struct msgpack_object;
struct msgpack_unpacked;

/*
 * One record, reusable from one stream_next to the next; start from `{0}`. It owns its bytes,
 * unless they stay (stream_keep), and `map` points into them, so records may be handed to other
 * threads.
 */
struct stream_record {
    unsigned char *bytes;
    size_t size, capacity;
    bool stays;         /* the bytes are the pool's */
    uint64_t offset;    /* of the record's first byte in the stream */
    uint64_t rows;      /* its `n` */
    uint64_t row;       /* rows in the blocks before it */
    uint64_t index;     /* blocks before it */
    uint32_t crc32;     /* of the stream before it */
    const char *source; /* the stream's name for messages; lives as long as the reader */
    struct msgpack_unpacked *unpacked; /* NULL before the first */
    const struct msgpack_object *map;
};

void stream_record_free(struct stream_record *record);

enum stream_next { STREAM_BLOCK, STREAM_END, STREAM_FAILED };

/* Opens a file, or standard input for NULL or "-". NULL on failure. */
struct stream_reader *stream_open(const char *path, struct error *error);

/* What messages call it: the path, or `standard input`. */
const char *stream_name(const struct stream_reader *reader);

/* What messages say writes the stream that is needed, `rf-train --oob`; before its header is read.
   Where nobody says, it is what writes most streams of the kind. Borrowed. */
void stream_made_by(struct stream_reader *reader, const char *maker);

/* How long the file is that it reads from, but for holes; 0: it is no regular file. */
uint64_t stream_file_size(const struct stream_reader *reader);

/*
 * For who keeps most of what it reads, before anything is read: what a regular file holds is read
 * into memory of `pool` and stays there, so that the records' bytes need no copy. Where it can't be
 * so (a pipe, a file that grew, no memory), records do not say that they stay.
 */
void stream_keep(struct stream_reader *reader, struct pool *pool);

/*
 * Before the header, for programs that take text as well: whether the first byte can be that of a
 * stream (so can nothing, where the input is empty). Where it can't, stream_read_bytes reads the
 * input as it is, some bytes at a time; 0 at its end. Status SYSTEM.
 */
bool stream_opens_as_stream(struct stream_reader *reader, bool *does, struct error *error);
bool stream_read_bytes(struct stream_reader *reader, void *bytes, size_t size, size_t *got,
                       struct error *error);

/*
 * Reads the header, which must be of `kind`; a part of samples is refused. Status INPUT, CUT or
 * SYSTEM.
 */
bool stream_read_header(struct stream_reader *reader, enum stream_kind kind,
                        struct stream_header *header, struct error *error);
/* The same for any kind, parts too. */
bool stream_read_any_header(struct stream_reader *reader, struct stream_header *header,
                            struct error *error);

/* Whether the next record has to be waited for, as from a pipe; of a file it never has. */
bool stream_waits(const struct stream_reader *reader);

/*
 * Reads the next record. At STREAM_END the totals and the CRC-32 have been verified, nothing
 * follows, and stream_read_digest is known. Status INPUT (damage, with the byte offset), CUT
 * (end of file before the end record, with the last good row) or SYSTEM.
 */
enum stream_next stream_next(struct stream_reader *reader, struct stream_record *record,
                             struct error *error);

/* After STREAM_END: the digest of what the stream's writer read; completes its lineage. */
struct digest stream_read_digest(const struct stream_reader *reader);

/* After STREAM_END: rows, blocks, and the CRC-32 and size of the stream itself. */
struct stream_totals {
    uint64_t rows, blocks;
    struct digest digest;
};
struct stream_totals stream_read_totals(const struct stream_reader *reader);

void stream_close(struct stream_reader *reader);

/* ---- decoding a block: for the files of the kinds ---- */

/* A column of packed numbers: `count` x `width` bytes, little-endian, aligned to nothing. */
struct column {
    const unsigned char *bytes;
    size_t size;
};

/* The `bin` under `key`, which must be `rows` x `width` bytes. Status INPUT, with the offset. */
bool stream_column(const struct stream_record *record, const char *key, size_t rows, size_t width,
                   struct column *column, struct error *error);

/* The array of `rows` valid UTF-8 strings under `key`, in the record. Status INPUT. */
bool stream_names(const struct stream_record *record, const char *key, size_t rows,
                  const struct msgpack_object **names, struct error *error);

/*
 * A list of names as it lies in a record, one behind the other: linear streams' are not unpacked.
 */
struct stream_list {
    const unsigned char *names; /* the first one's head */
    size_t size;                /* bytes of all, with their heads */
    uint32_t count;
};

/* The array of `rows` valid UTF-8 strings under `key` as such a list. Status INPUT. */
bool stream_list(const struct stream_record *record, const char *key, size_t rows,
                 struct stream_list *list, struct error *error);

/* The name at `*at`, which goes to the next one. */
struct text stream_list_next(const unsigned char **at);

/* Whether the block ends with a sum, and it is right (stream_put_sum). Status INPUT. */
bool stream_sum_fits(const struct stream_record *record, struct error *error);

/* String number `row` of such an array, good as long as the record. */
struct text stream_text(const struct msgpack_object *names, size_t row);

/* "where: byte N: what"; status INPUT. */
bool stream_damaged(const struct stream_record *record, struct error *error, const char *format,
                    ...) __attribute__((format(printf, 3, 4)));

/* ---- writing ---- */

struct stream_writer;

/*
 * Writes `header` to `output`, which the writer borrows until stream_end. NULL on failure. What no
 * reader would take (too many classes, too long a name or a record) no writer writes: status INPUT.
 */
struct stream_writer *stream_begin(struct output *output, const struct stream_header *header,
                                   struct error *error);

/* How many bytes a stream of that header and no block takes, at most. */
uint64_t stream_least_bytes(const struct stream_header *header);

/*
 * Goes on writing a stream behind its header and so many blocks, as reading them told
 * (stream_read_totals). NULL, status SYSTEM, when memory is out.
 */
struct stream_writer *stream_continue(struct output *output, struct stream_totals before,
                                      struct error *error);

/*
 * A block is written as: stream_block, then each of its columns in the order of the kind's
 * header file (stream_put_*), as many as announced. `columns` does not count `n`.
 */
bool stream_block(struct stream_writer *writer, uint32_t rows, uint32_t columns,
                  struct error *error);
/* The host's numbers as a little-endian `bin` of count x width bytes (width 1, 2, 4 or 8). */
bool stream_put_numbers(struct stream_writer *writer, const char *key, const void *numbers,
                        size_t count, size_t width, struct error *error);
/* An array of str. Status INPUT where one is longer than STREAM_MAX_NAME, or not UTF-8. */
bool stream_put_names(struct stream_writer *writer, const char *key, const struct text *names,
                      size_t count, struct error *error);
/* A block as it was read, whole and checked, to the byte. */
bool stream_put_record(struct stream_writer *writer, const struct stream_record *record,
                       struct error *error);
/*
 * The last column of a block that is to be told apart from a damaged one while the stream has no
 * end yet: `crc32`, one uint32, the CRC-32 of the stream before this number.
 */
bool stream_put_sum(struct stream_writer *writer, struct error *error);
/* Hands on to the system what was written so far, for readers that wait for it. */
bool stream_flush(struct stream_writer *writer, struct error *error);
/* How many rows of `dim` floats make a block of about 1 MiB, at least one. */
size_t stream_block_rows(uint32_t dim);

/*
 * Writes the end record and frees the writer whatever the result. `read` is the digest of what
 * the program read. The output still has to be committed.
 */
bool stream_end(struct stream_writer *writer, struct digest read, struct error *error);

/* Frees the writer without an end record. NULL is allowed. */
void stream_abandon(struct stream_writer *writer);

#endif

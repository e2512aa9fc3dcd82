/*
 * load: a file of word vectors to a vectors stream.
 *
 * One thread reads (and inflates) chunks of lines, `jobs` threads turn them into rows, the
 * calling thread writes these in the file's order. What is written depends on the file's bytes
 * alone. Memory is bounded whatever the file.
 *
 *     struct load *load = load_open(source, &error);
 *     ... header.dim = load_shape(load)->dim; writer = stream_begin(...) ...
 *     load_run(load, &orders, writer, &totals, &error) && stream_end(writer, totals.digest,
 * ...)
 */
#ifndef RUN_LOAD_H
#define RUN_LOAD_H

#include "base/cpu.h"
#include "base/error.h"
#include "base/words.h"
#include "input/source.h"
#include "run/word_list.h"
#include "stream/stream.h"
#include "vectors/vector_fault.h"
#include "vectors/vector_lines.h"
#include "vectors/vector_shape.h"

#include <stdbool.h>
#include <stdint.h>

struct load;

/* What holds the vectors. */
enum load_form {
    LOAD_TEXT,     /* lines (vector_lines.h) */
    LOAD_WORD2VEC, /* word2vec's binary form (vector_records.h) */
    LOAD_ARRAY,    /* numpy's .npy; the words are given */
    LOAD_SUBWORDS  /* fastText's model (subwords.h) */
};

/*
 * Reads the beginning of the source and finds the shape of its vectors. Borrows the source, and
 * `list`, the words of an array's rows (NULL: none are given). NULL on failure: status INPUT where
 * this can't be a file of word vectors, with what it seems to be instead, or USAGE where a list is
 * missing or of no use; otherwise as source_read.
 */
struct load *load_open(struct source *source, const struct word_list *list, struct error *error);
void load_close(struct load *load);

/* Of an array and word2vec's binary form `count` is what the header says, too. */
const struct vector_shape *load_shape(const struct load *load);
enum load_form load_form(const struct load *load);

/* What to do; all borrowed. */
struct load_orders {
    /* Keep these words only; NULL: all. Of a model, make the vectors of these. */
    const struct words *vocabulary;
    uint64_t top; /* keep the first so many rows only; 0: all */
    bool strict;  /* the first defect is an error */
    enum cpu_level level;
    unsigned jobs;

    /* These, unless NULL, are called from the calling thread: after each chunk, with the rows so
       far; and for each defect, in the order of the lines, which count from 1; vectors do where
       there are no lines. */
    void (*progressed)(void *context, uint64_t rows);
    bool (*defective)(void *context, uint64_t line, enum vector_defect defect, struct error *error);
    void *context;
};

/* Which kernels do it at that level, in words. */
void load_kernels(enum cpu_level level, char *text, size_t size);

struct load_totals {
    uint64_t rows;
    uint64_t words;   /* distinct ones among the rows */
    bool more_words;  /* there are more than that: too many to tell them apart */
    uint64_t found;   /* distinct words, those that the vocabulary lacks too */
    bool more_found;  /* as more_words */
    bool topped;      /* it stopped at the top: lines behind it were not looked at */
    uint64_t lines;   /* that were looked at; of what is not text, vectors */
    uint64_t entries; /* of them, but for the header and empty ones */
    uint64_t defects[DEFECT_COUNT], first_lines[DEFECT_COUNT];
    /* What is told of these lines, where there is something to quote; else empty. */
    char first_faults[DEFECT_COUNT][VECTOR_FAULT_SIZE];
    const char *doubt;             /* what is odd about the first words of a text; NULL: nothing */
    struct digest digest;          /* of the whole source */
    struct fields_account account; /* of the numbers */
};

/*
 * Loads; to be called once. Of a model, the words of a vocabulary come in its order, and those of
 * which the model knows no part are left out.
 * Afterwards the source has been read to its end and verified. Status INPUT, also where most lines
 * were left out, CUT or SYSTEM, or what `defective` reported.
 */
bool load_run(struct load *load, const struct load_orders *orders, struct stream_writer *writer,
              struct load_totals *totals, struct error *error);

#endif

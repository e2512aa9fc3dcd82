/*
 * pack: tables of numbers to samples: CSV and the like, numpy's arrays, libsvm's rows.
 *
 * Arrays go through row by row, and so do tables, unless categories are still to be found: these,
 * and libsvm's rows, are held in memory, in proportion to their numbers, until the last is read.
 * What is not there is NaN; what is infinite is refused, since no forest takes it.
 */
#ifndef RUN_PACK_H
#define RUN_PACK_H

#include "base/error.h"
#include "base/options.h"
#include "base/output.h"
#include "run/word_list.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum pack_from { PACK_AUTO, PACK_CSV, PACK_TSV, PACK_NPY, PACK_LIBSVM };
extern const char *const pack_forms[]; /* NULL-terminated */

enum { PACK_COLUMNS = 64 }; /* that can be named at a time */

/* Columns, by number or name. */
struct pack_columns {
    const char *given[PACK_COLUMNS];
    size_t count;
};
bool pack_add_column(const char *text, void *columns, struct error *error);

/* What to do; all borrowed. */
struct pack {
    const char *path;  /* NULL: standard input */
    int from;          /* enum pack_from */
    const char *label; /* a column; NULL: the one that the header calls `label` */
    bool no_label, header, no_header;
    struct pack_columns dropped, one_hot;
    const char *delimiter, *missing; /* NULL: the usual ones */
    const char *labels;              /* a file of them, for an array; NULL: none */
    const char *like;                /* samples or a forest whose features these shall be; NULL */
    uint64_t dim;                    /* features of libsvm's rows; 0: as many as there are */
    int first_index;                 /* of these: 0: 0 where any is, else 1; 1: 0; 2: 1 */
    const struct program *program;   /* for the lineage */
};

struct pack_totals {
    uint64_t rows, missing; /* missing: values */
    uint64_t strange;       /* categories that the features of `like` have no place for */
    uint64_t first_strange; /* the line of the first one */
    char twice[64];         /* what two features are called; empty: no two are called the same */
    bool counts;         /* the first record counts columns, 0, 1, 2, and was taken for a sample */
    bool row_numbers;    /* the first column counts the rows, and is a feature */
    bool counted_from_1; /* libsvm's indices, since none is 0 */
    bool may_be_from_0;  /* and nothing proves it */
    uint32_t dim;
    bool labelled;
};

/* The form of the file, by its name where it is not given. */
enum pack_from pack_form(const struct pack *pack);

/* Writes the samples; the output still has to be committed. Status USAGE, INPUT, CUT or SYSTEM. */
bool pack_run(const struct pack *pack, struct output *output, struct pack_totals *totals,
              struct error *error);

#endif

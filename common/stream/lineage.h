/*
 * lineage: which programs, options and inputs made a stream.
 *
 * Each stage appends one entry to what its input brought: its name, the project's version,
 * every option that changes the result, and the digest of what it read. Options that can't
 * change the result (-j, paths, progress) stay out. The digest of a streaming program is known
 * only when it has read everything, so it travels in the stream's end record and completes the
 * last entry there.
 */
#ifndef STREAM_LINEAGE_H
#define STREAM_LINEAGE_H

#include "base/digest.h"
#include "base/error.h"
#include "base/options.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum lineage_type { LINEAGE_COUNT, LINEAGE_REAL, LINEAGE_FLAG, LINEAGE_TEXT };

struct lineage_option {
    char *name;
    enum lineage_type type;
    uint64_t count; /* COUNT, FLAG */
    double real;
    char *text;
};

struct lineage_entry {
    char *tool;
    char *version;
    struct lineage_option *options;
    size_t option_count, option_capacity;
    bool has_read;
    struct digest read;
};

/* Start from `{0}`; owns everything, freed by lineage_free. */
struct lineage {
    struct lineage_entry *entries;
    size_t count, capacity;
};

/* Appends the entry of the running program; options follow with lineage_add_*. */
bool lineage_append(struct lineage *lineage, const char *tool, struct error *error);

/*
 * Appends the entry of `program` with all options that its rows say are noted, with their values
 * now; those of the result alone only for `result`. Status SYSTEM.
 */
bool lineage_append_program(struct lineage *lineage, const struct program *program, bool result,
                            struct error *error);

/* Add an option to the last entry. Names are the long options', without dashes. */
bool lineage_add_count(struct lineage *lineage, const char *name, uint64_t value,
                       struct error *error);
bool lineage_add_real(struct lineage *lineage, const char *name, double value, struct error *error);
bool lineage_add_flag(struct lineage *lineage, const char *name, bool value, struct error *error);
bool lineage_add_text(struct lineage *lineage, const char *name, const char *value,
                      struct error *error);

/* What the tokenizer that the programs have is called. */
#define LINEAGE_TOKENIZER "python-lower-split"

/* Completes the last entry with what its program read. */
void lineage_complete(struct lineage *lineage, struct digest read);

bool lineage_copy(struct lineage *to, const struct lineage *from, struct error *error);

/* Appends copies of the entries of `from`. Status SYSTEM. */
bool lineage_join(struct lineage *to, const struct lineage *from, struct error *error);

/* The last entry of `tool`, or NULL; the option of an entry, or NULL. */
const struct lineage_entry *lineage_find(const struct lineage *lineage, const char *tool);
const struct lineage_option *lineage_option(const struct lineage_entry *entry, const char *name);

/*
 * An option that one of two entries has otherwise than the other, or not at all: its name, which
 * belongs to its entry. Those of `passed`, which ends with NULL, may differ. NULL: there is none.
 */
const char *lineage_difference(const struct lineage_entry *left, const struct lineage_entry *right,
                               const char *const *passed);

/* Whether two entries tell of the same program and version, with the same options and input. */
bool lineage_same_entry(const struct lineage_entry *left, const struct lineage_entry *right);

/*
 * Whose predictions are: of the forest of that lineage, whose stream has that digest? Those of
 * rf-predict name the digest. Those out of bag have the forest's lineage, and what has the same one
 * (program, version, options, seed, and the samples by their digest) is the same forest.
 */
enum lineage_origin {
    LINEAGE_ITS_OWN,
    LINEAGE_ANOTHERS,
    LINEAGE_UNTOLD /* nothing is on record */
};
enum lineage_origin lineage_origin(const struct lineage *predictions, const struct lineage *forest,
                                   struct digest digest);

/*
 * Whether rows of `right` mean what rows of `left` mean: the same vectors (what glove-load
 * read, and how much of it it kept), the same evidence and the same tokenizer. Otherwise false,
 * status INPUT, and a sentence that names both; `left_name` and `right_name` are what it calls the
 * two streams.
 */
bool lineage_compatible(const struct lineage *left, const char *left_name,
                        const struct lineage *right, const char *right_name, struct error *error);

void lineage_free(struct lineage *lineage);

#endif

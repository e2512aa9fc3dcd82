/*
 * ranks: every feature of the samples as small integers.
 *
 * A split only needs to know in which order the samples stand, so each feature is sorted once,
 * before any tree is grown, and a sample is then known by its place in that order: its rank.
 * Ranks are distinct: equal values have consecutive ranks, in the order of their rows. They take
 * two bytes up to 65,536 samples, else four.
 *
 * No split goes between values that differ by 1e-7 or less, in float32: scikit-learn takes them
 * for equal (FEATURE_THRESHOLD). Most pairs of ranks are parted by more, and column_parted knows
 * it without their values: from one bit a rank, and from `span`.
 *
 * Missing values (NaN) have the ranks behind all others', and nothing parts them.
 *
 * Who draws cuts at random needs values, and no order of all samples. Then each sample has the key
 * of its value in the rank's place: a number that ascends with it. Nothing is sorted, equal values
 * have equal keys, and `tight` and `span` say nothing.
 *
 * Rows may be numbered anew, class by class. Those of a node are mostly of few classes: they then
 * lie near each other in every column, and a node reads far fewer lines of memory.
 *
 * The columns lie in one shared mapping: processes forked after ranks_begin can sort different
 * features, and all that are forked later read them in one copy.
 */
#ifndef FOREST_RANKS_H
#define FOREST_RANKS_H

#include "base/cpu.h"
#include "base/error.h"
#include "forest/matrix.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The key of a missing value, above that of every other. */
#define RANKS_MISSING UINT32_MAX

/* Bytes of ranks that a near cache holds, however they are laid out. */
enum { RANKS_NEAR = 1 << 20 };

/* The ranks of one feature; borrows from its `struct ranks`. */
struct rank_column {
    const void *rank;      /* rows: uint32_t where `wide`, else uint16_t */
    const uint64_t *tight; /* a bit a rank: the next one's value may be too close to split */
    uint32_t span;         /* ranks that differ by more are parted */
    uint32_t present;      /* ranks from here on are of missing values */
    bool wide;
    bool gaps; /* some may be */
};

/* Owns its memory; freed by ranks_free. Start from `{0}`. */
struct ranks {
    uint32_t rows, features;
    bool wide;
    bool keys;       /* of values, which are always wide, instead of ranks */
    void *rank;      /* features x rows */
    uint64_t *tight; /* features x ranks_words(rows) */
    uint32_t *span;  /* features */
    uint32_t
        *present;  /* features: how many values are not missing; of keys: whether all are there */
    uint32_t *row; /* by row: its number in the matrix; NULL: the same */
    uint16_t *by_row; /* rows x features: the ranks once more, see ranks_lay_rows; NULL: not */
    void *memory;
    size_t memory_size;
};

/* Where a row is in the matrix. */
static inline uint32_t ranks_row(const struct ranks *ranks, uint32_t row)
{
    return ranks->row ? ranks->row[row] : row;
}

/* Words of a bitmap with a bit for each rank. */
static inline size_t ranks_words(uint32_t rows)
{
    return ((size_t)rows + 63) / 64;
}

/* Makes room for the ranks of so many samples. Status SYSTEM. */
bool ranks_begin(struct ranks *ranks, uint32_t rows, uint32_t features, struct error *error);

/* The same with room for ranks row by row as well, where they take two bytes. */
bool ranks_begin_by_row(struct ranks *ranks, uint32_t rows, uint32_t features, struct error *error);

/* The same for their keys. */
bool ranks_begin_keys(struct ranks *ranks, uint32_t rows, uint32_t features, struct error *error);

/*
 * Has a part of the memory on large pages, if the system can: nodes of few rows look at ranks that
 * are pages apart. For ranks of which all will be asked for, and before any is there. Memory may be
 * slow to be had, so that processes can share it between them: ranks_page_parts is how many parts
 * are worth one each, 1 to `most`.
 */
uint32_t ranks_page_parts(const struct ranks *ranks, uint32_t most);
void ranks_enlarge_pages(const struct ranks *ranks, uint32_t part, uint32_t parts);

/* Numbers the rows class by class, in one class as they were: before any is ranked. Status SYSTEM.
 */
bool ranks_by_class(struct ranks *ranks, const struct matrix *matrix, struct error *error);

/* Makes it ranks of fewer samples, in the same memory; what they were is lost. */
void ranks_resize(struct ranks *ranks, uint32_t rows);

/* Features that are ranked together, as their values are neighbours in memory: a line of it, or,
   for the sake of many processes, less where there are few. Of keys, which take no room, a line. */
enum { RANKS_GROUP = 16, RANKS_GROUP_LEAST = 4, RANKS_GROUPS = 32 };

static inline uint32_t ranks_group(const struct ranks *ranks)
{
    const uint32_t most = ranks->features / RANKS_GROUPS;
    return ranks->keys || most > RANKS_GROUP ? RANKS_GROUP
           : most < RANKS_GROUP_LEAST        ? RANKS_GROUP_LEAST
                                             : most;
}

/* How many groups the features make. */
static inline uint32_t ranks_groups(const struct ranks *ranks)
{
    return (ranks->features - 1) / ranks_group(ranks) + 1;
}

/*
 * Ranks a group of features of `matrix`, whose shape is that of ranks_begin. It may be done again:
 * the result depends on nothing that was there before, nor on the level. Status SYSTEM.
 */
bool ranks_sort(struct ranks *ranks, const struct matrix *matrix, uint32_t group,
                enum cpu_level level, struct error *error);

/* Rows that are laid out together. */
enum { RANKS_BLOCK = 1024 };

/* How many blocks the rows make; 0 where ranks are not wanted by row. */
static inline uint32_t ranks_blocks(const struct ranks *ranks)
{
    return ranks->by_row ? (ranks->rows - 1) / RANKS_BLOCK + 1 : 0;
}

/* Whether a node that looks at so many of the features finds some of a row's ranks in one line of
   memory; else these are as far apart by row as by column. */
bool ranks_rows_share(uint32_t features, uint32_t looked_at);

/*
 * Lays a block's ranks out by row. A node of few rows looks at several features of each: these
 * then lie in a few lines of memory, which the nodes below it find near at hand.
 */
void ranks_lay_rows(struct ranks *ranks, uint32_t block);

/* Ranks that are looked at together. */
enum { RANKS_TOGETHER = 8 };

/* Copies from there the ranks of some rows in some features, RANKS_TOGETHER at most, to columns of
   `stride` each. */
void ranks_copy_rows(const struct ranks *ranks, const uint32_t *rows, uint32_t count,
                     const uint32_t *features, uint32_t feature_count, uint16_t *to, size_t stride);

/* Memory for ranks_take; start from `{0}`. */
struct ranks_scratch {
    uint64_t *taken;  /* bitmap of old ranks; clear between calls */
    uint32_t *before; /* by word of it: taken ranks in the words before */
    uint32_t *rank;   /* the old ranks of the rows */
};

/* For taking up to `rows` of `from_rows`. False when memory is out; free it then, too. */
bool ranks_scratch_begin(struct ranks_scratch *scratch, uint32_t from_rows, uint32_t rows);
void ranks_scratch_free(struct ranks_scratch *scratch);

/*
 * Writes to `to`, of uint32_t where `wide`, else of uint16_t, how many taken ranks come before
 * each of scratch->rank, of which there are `count`; `words` is the size of the bitmap.
 */
typedef void ranks_renumber(struct ranks_scratch *scratch, size_t words, uint32_t count, void *to,
                            bool wide);

/*
 * Ranks one feature of some rows of `all` among themselves: `rows` lists those that get the
 * numbers 0 .. ranks->rows - 1, ascending. No values are compared: what may have been too close
 * still may be.
 */
void ranks_take(struct ranks *ranks, uint32_t feature, const struct ranks *all,
                const uint32_t *rows, struct ranks_scratch *scratch, ranks_renumber *renumber);

void ranks_free(struct ranks *ranks);

static inline struct rank_column ranks_column(const struct ranks *ranks, uint32_t feature)
{
    return (struct rank_column){
        .rank = (const char *)ranks->rank +
                (size_t)feature * ranks->rows * (ranks->wide ? sizeof(uint32_t) : sizeof(uint16_t)),
        .tight = ranks->tight + feature * ranks_words(ranks->rows),
        .span = ranks->span[feature],
        .present = ranks->keys ? RANKS_MISSING : ranks->present[feature],
        .wide = ranks->wide,
        .gaps = ranks->keys ? !ranks->present[feature] : ranks->present[feature] < ranks->rows,
    };
}

/* A value's bits as a number that ascends with it; -0 comes before 0. */
static inline uint32_t ranks_bits(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

static inline float ranks_value(uint32_t ascending)
{
    uint32_t bits = ascending & 0x80000000u ? ascending & 0x7fffffffu : ~ascending;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* The key of a value; that of both zeros is the same. */
static inline uint32_t ranks_key(float value)
{
    return value == value ? ranks_bits(value + 0.0f) : RANKS_MISSING;
}

/* A row's rank in a column of either width; loops do best where `wide` is a constant. */
static inline uint32_t rank_of(const void *ranks, bool wide, uint32_t row)
{
    return wide ? ((const uint32_t *)ranks)[row] : ((const uint16_t *)ranks)[row];
}

static inline uint32_t column_rank(const struct rank_column *column, uint32_t row)
{
    return rank_of(column->rank, column->wide, row);
}

/* The float that is nearest to 1e-7; written as 1e-7f it is another number where floats are
   evaluated as double. */
#define RANKS_REACH 0x1.ad7f2ap-24f

/* Whether a split can go between two values: in float32, the sum rounded once. */
static inline bool values_parted(float below, float above)
{
    float reach = below + RANKS_REACH;
    return above > reach;
}

/* Whether it can between two ranks, below < above: if true, yes; if false, ask the values. */
static inline bool column_parted(const struct rank_column *column, uint32_t below, uint32_t above)
{
    return above - below > column->span || !(column->tight[below / 64] >> below % 64 & 1);
}

#endif

/*
 * The row itself is the sum, so that the scratch is only the number of vectors in it.
 */
#include "run/vector_mean.h"

#include <string.h>

struct scratch {
    size_t known;
};

static void begin(const void *model, void *scratch, const struct documents_row *document, float *x)
{
    const struct vector_mean *mean = model;
    struct scratch *sum = scratch;
    (void)document;
    memset(x, 0, mean->table->dim * sizeof *x);
    sum->known = 0;
}

static bool take(const void *model, void *scratch, const struct text *tokens, size_t count,
                 float *x, struct error *error)
{
    const struct vector_mean *mean = model;
    struct scratch *sum = scratch;
    const float *vectors[TOKENS_BATCH];
    size_t found = vector_table_find(mean->table, tokens, count, vectors);
    (void)error;
    mean->add(x, vectors, found, mean->table->dim);
    sum->known += found;
    return true;
}

static bool end(const void *model, void *scratch, float *x, struct features_told *told,
                struct error *error)
{
    const struct vector_mean *mean = model;
    const struct scratch *sum = scratch;
    (void)error;
    mean_divide(x, sum->known, mean->table->dim);
    told->known = sum->known;
    return true;
}

static const struct features_kind kind = {
    .scratch_size = sizeof(struct scratch), .begin = begin, .take = take, .end = end};

struct vector_mean vector_mean_of(const struct vector_table *table, enum cpu_level level)
{
    return (struct vector_mean){table, mean_add_of(level)};
}

struct features_source vector_mean_source(const struct vector_mean *mean)
{
    return (struct features_source){&kind, mean, mean->table->dim};
}

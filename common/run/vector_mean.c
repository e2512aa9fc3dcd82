/*
 * The row itself is the sum, so that the scratch is only the number of vectors in it, and, of a
 * document whose words are left out, which vectors its tokens have.
 */
#include "run/vector_mean.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

struct scratch {
    size_t known;
    const float **held; /* of each token of the document that is held; NULL: it has none */
    size_t held_capacity;
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

/* ---- words left out ---- */

static bool hold(const void *model, void *scratch, const struct features_document *document,
                 struct error *error)
{
    const struct vector_mean *mean = model;
    struct scratch *held = scratch;
    if (!memory_reserve(&held->held, &held->held_capacity, document->count, sizeof *held->held))
        return error_memory(error, "leaving out words");
    for (uint32_t word = 0; word < document->words; word++) {
        const uint32_t *place = document->places + document->begin[word];
        const float *vector;
        if (!vector_table_find(mean->table, &document->tokens[*place], 1, &vector))
            vector = NULL;
        for (uint32_t i = document->begin[word]; i < document->begin[word + 1]; i++)
            held->held[document->places[i]] = vector;
    }
    return true;
}

/* Vectors are added in the order of their tokens, as `take` adds them. */
static bool without(const void *model, void *scratch, const struct features_document *document,
                    uint32_t word, float *x, struct error *error)
{
    const struct vector_mean *mean = model;
    const struct scratch *held = scratch;
    const float *vectors[TOKENS_BATCH];
    size_t known = 0, count = 0;
    (void)error;
    memset(x, 0, mean->table->dim * sizeof *x);
    for (size_t i = 0; i < document->count; i++) {
        if (!held->held[i] || document->word_of[i] == word)
            continue;
        vectors[count++] = held->held[i];
        if (count < TOKENS_BATCH)
            continue;
        mean->add(x, vectors, count, mean->table->dim);
        known += count;
        count = 0;
    }
    mean->add(x, vectors, count, mean->table->dim);
    mean_divide(x, known + count, mean->table->dim);
    return true;
}

static void release(void *scratch)
{
    free(((struct scratch *)scratch)->held);
}

static const struct features_kind kind = {.scratch_size = sizeof(struct scratch),
                                          .begin = begin,
                                          .take = take,
                                          .end = end,
                                          .hold = hold,
                                          .without = without,
                                          .release = release};

struct vector_mean vector_mean_of(const struct vector_table *table, enum cpu_level level)
{
    return (struct vector_mean){table, mean_add_of(level)};
}

struct features_source vector_mean_source(const struct vector_mean *mean)
{
    return (struct features_source){&kind, mean, mean->table->dim};
}

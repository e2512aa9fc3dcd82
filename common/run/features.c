/*
 * A document's tokens are cut once, whatever the number of sources: each batch of them goes to
 * every source before the next one is cut, while it is in the cache.
 */
#include "run/features.h"

#include <stdlib.h>

size_t features_width(const struct features *features)
{
    size_t width = 0;
    for (size_t i = 0; i < features->count; i++)
        width += features->sources[i].width;
    return width;
}

bool features_prepare(const struct features *features, struct features_scratch *scratch,
                      struct error *error)
{
    scratch->of = calloc(features->count, sizeof *scratch->of);
    if (!scratch->of)
        return error_memory(error, "starting to vectorize");
    for (size_t i = 0; i < features->count; i++) {
        scratch->of[i] = calloc(1, features->sources[i].kind->scratch_size);
        if (!scratch->of[i])
            return error_memory(error, "starting to vectorize");
    }
    return true;
}

void features_release(const struct features *features, struct features_scratch *scratch)
{
    for (size_t i = 0; scratch->of && i < features->count; i++) {
        const struct features_kind *kind = features->sources[i].kind;
        if (scratch->of[i] && kind->release)
            kind->release(scratch->of[i]);
        free(scratch->of[i]);
    }
    free(scratch->of);
    scratch->of = NULL;
}

static void begin_row(const struct features *features, const struct features_scratch *scratch,
                      const struct documents_row *document, float *x)
{
    for (size_t i = 0; i < features->count; i++) {
        const struct features_source *source = &features->sources[i];
        source->kind->begin(source->model, scratch->of[i], document, x);
        x += source->width;
    }
}

static bool take_tokens(const struct features *features, const struct features_scratch *scratch,
                        const struct text *tokens, size_t count, float *x, struct error *error)
{
    for (size_t i = 0; i < features->count; i++) {
        const struct features_source *source = &features->sources[i];
        if (!source->kind->take(source->model, scratch->of[i], tokens, count, x, error))
            return false;
        x += source->width;
    }
    return true;
}

static bool end_row(const struct features *features, const struct features_scratch *scratch,
                    float *x, struct features_counts *counts, struct error *error)
{
    for (size_t i = 0; i < features->count; i++) {
        const struct features_source *source = &features->sources[i];
        struct features_told told = {0};
        if (!source->kind->end(source->model, scratch->of[i], x, &told, error))
            return false;
        if (i == 0)
            counts->known = told.known;
        counts->trained |= told.trained;
        x += source->width;
    }
    return true;
}

bool features_row(const struct features *features, const struct features_scratch *scratch,
                  struct tokens *tokens, const struct documents_row *document, float *x,
                  struct features_counts *counts, struct error *error)
{
    struct text batch[TOKENS_BATCH];
    size_t count, all = 0;
    begin_row(features, scratch, document, x);
    tokens_start(tokens, document->text, document->text_size);
    for (;;) {
        if (!tokens_next(tokens, batch, &count, error))
            return false;
        if (!count)
            break;
        if (!take_tokens(features, scratch, batch, count, x, error))
            return false;
        all += count;
    }
    *counts = (struct features_counts){.tokens = all};
    return end_row(features, scratch, x, counts, error);
}

/* ---- words left out ---- */

bool features_hold(const struct features *features, const struct features_scratch *scratch,
                   const struct features_document *document, struct error *error)
{
    for (size_t i = 0; i < features->count; i++) {
        const struct features_source *source = &features->sources[i];
        if (!source->kind->hold(source->model, scratch->of[i], document, error))
            return false;
    }
    return true;
}

bool features_without(const struct features *features, const struct features_scratch *scratch,
                      const struct features_document *document, uint32_t word, float *x,
                      struct error *error)
{
    for (size_t i = 0; i < features->count; i++) {
        const struct features_source *source = &features->sources[i];
        if (!source->kind->without(source->model, scratch->of[i], document, word, x, error))
            return false;
        x += source->width;
    }
    return true;
}

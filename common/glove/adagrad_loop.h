/*
 * adagrad_loop: the loop of a pass, which each twin fills with its own dot product and step.
 */
#ifndef GLOVE_ADAGRAD_LOOP_H
#define GLOVE_ADAGRAD_LOOP_H

#include "glove/adagrad.h"

/* How many pairs ahead rows are fetched: they are rarely in the nearest cache. */
enum { ADAGRAD_AHEAD = 4, CACHE_LINE_FLOATS = 16 };

static inline void adagrad_prefetch(const float *word, const float *context, size_t width)
{
    for (size_t k = 0; k < 2 * width; k += CACHE_LINE_FLOATS) {
        __builtin_prefetch(word + k, 1);
        __builtin_prefetch(context + k, 1);
    }
}

typedef float adagrad_dot(const float *word, const float *context, size_t width);
typedef void adagrad_step(const struct adagrad *adagrad, float *word, float *context, float slope);

static inline __attribute__((always_inline)) double adagrad_loop(const struct adagrad *adagrad,
                                                                 float *words, float *contexts,
                                                                 const struct nonzero *nonzeros,
                                                                 size_t count, adagrad_dot *dot,
                                                                 adagrad_step *step)
{
    size_t width = adagrad->width, row = 2 * width;
    double cost = 0;
    for (size_t i = 0; i < count; i++) {
        const struct nonzero *now = &nonzeros[i];
        const struct nonzero *soon = &nonzeros[i + ADAGRAD_AHEAD < count ? i + ADAGRAD_AHEAD : i];
        adagrad_prefetch(words + row * soon->word, contexts + row * soon->context, width);
        float *word = words + row * now->word, *context = contexts + row * now->context;
        float difference = dot(word, context, width) - now->log_count;
        float slope = now->weight * difference;
        cost += (double)slope * (double)difference;
        step(adagrad, word, context, slope);
    }
    return cost;
}

#endif

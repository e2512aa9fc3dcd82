/* The portable pass, which defines the others, and the choice among them. */
#include "glove/adagrad_loop.h"

#include <math.h>

/* Sixteen partial sums, added by halves. */
static inline float dot(const float *restrict word, const float *restrict context, size_t width)
{
    float sums[ADAGRAD_LANES] = {0};
    for (size_t k = 0; k < width; k += ADAGRAD_LANES)
        for (size_t lane = 0; lane < ADAGRAD_LANES; lane++)
            sums[lane] += word[k + lane] * context[k + lane];
    for (size_t half = ADAGRAD_LANES / 2; half; half /= 2)
        for (size_t lane = 0; lane < half; lane++)
            sums[lane] += sums[lane + half];
    return sums[0];
}

/* The steps of ADAGRAD_LANES numbers of either row. */
static void step_lanes(float *restrict word, float *restrict word_squares, float *restrict context,
                       float *restrict context_squares, const float *restrict word_rates,
                       const float *restrict context_rates, float slope)
{
    for (size_t lane = 0; lane < ADAGRAD_LANES; lane++) {
        float for_word = slope * word_rates[lane] * context[lane];
        float for_context = slope * context_rates[lane] * word[lane];
        word[lane] -= for_word / sqrtf(word_squares[lane]);
        context[lane] -= for_context / sqrtf(context_squares[lane]);
        word_squares[lane] += for_word * for_word;
        context_squares[lane] += for_context * for_context;
    }
}

static inline void step(const struct adagrad *adagrad, float *word, float *context, float slope)
{
    size_t width = adagrad->width;
    for (size_t k = 0; k < width; k += ADAGRAD_LANES)
        step_lanes(word + k, word + width + k, context + k, context + width + k,
                   adagrad->word_rates + k, adagrad->context_rates + k, slope);
}

double adagrad_pass_portable(const struct adagrad *adagrad, float *words, float *contexts,
                             const struct nonzero *nonzeros, size_t count)
{
    return adagrad_loop(adagrad, words, contexts, nonzeros, count, dot, step);
}

static adagrad_pass *const twins[CPU_LEVELS] = {[CPU_PORTABLE] = adagrad_pass_portable,
                                                [CPU_AVX2] = CPU_X86(adagrad_pass_avx2),
                                                [CPU_AVX512] = CPU_X86(adagrad_pass_avx512)};

adagrad_pass *adagrad_pass_of(enum cpu_level level)
{
    return CPU_BEST(twins, level);
}

const char *adagrad_pass_name(enum cpu_level level)
{
    return cpu_level_name(CPU_BEST_LEVEL(twins, level));
}

/*
 * adagrad: AdaGrad steps on GloVe's objective, over one block of co-occurrence counts.
 *
 * The objective (Pennington, Socher and Manning, "GloVe: Global Vectors for Word
 * Representation", EMNLP 2014, equation 8) sums, over the pairs whose count X is not zero,
 *
 *     f(X) (w . c + b + d - log X)^2,     f(X) = min(1, (X / x_max)^alpha)
 *
 * for a word's vector w and bias b, a context's vector c and bias d. A step takes one pair. With
 * the slope s = f(X) (w . c + b + d - log X), every number v of the two rows, whose partner in
 * the other row is p, moves by (Duchi, Hazan and Singer, JMLR 12, 2011)
 *
 *     t = s x rate x p;     v -= t / sqrt(q);     q += t^2
 *
 * where q starts at 1. The rate is eta for the vectors' numbers and 1 for the biases, whose
 * partner is the constant 1: the steps of the programs that the paper's authors published.
 *
 * Rows. A row is 2 x width floats: `width` numbers, then the q of each. The width is a multiple
 * of ADAGRAD_LANES. The numbers are
 *
 *     lane             0 .. dim-1    dim     dim+1    dim+2 ..
 *     of a word        w             b       1        0
 *     of a context     c             1       d        0
 *
 * so that the dot product of two rows is w . c + b + d. Constants have the rate 0.
 *
 * A pass is a function of its arguments to the last bit, whichever twin runs it: operations and
 * the order of sums are those of the portable one.
 */
#ifndef GLOVE_ADAGRAD_H
#define GLOVE_ADAGRAD_H

#include "base/cpu.h"

#include <stddef.h>
#include <stdint.h>

enum { ADAGRAD_LANES = 16 };

/* A pair of a block: rows of its words and of its contexts, log X and f(X). */
struct nonzero {
    uint16_t word, context;
    float log_count;
    float weight;
};

struct adagrad {
    size_t width;
    const float *word_rates, *context_rates; /* width each */
};

/*
 * Takes the steps of nonzeros[0 .. count-1] in order, on the rows of words and contexts that are
 * numbered from `words` and `contexts` on (16-byte aligned, no row in both). Returns the sum of
 * f(X) (w . c + b + d - log X)^2, each as it was before its step; it is NaN or infinite when
 * the numbers have run away.
 */
typedef double adagrad_pass(const struct adagrad *adagrad, float *words, float *contexts,
                            const struct nonzero *nonzeros, size_t count);

adagrad_pass adagrad_pass_portable; /* the definition */
adagrad_pass adagrad_pass_avx2;
adagrad_pass adagrad_pass_avx512;

/* The fastest of that level. */
adagrad_pass *adagrad_pass_of(enum cpu_level level);
/* What its own level is called. */
const char *adagrad_pass_name(enum cpu_level level);

/* The width of a row for vectors of `dim` numbers. */
static inline size_t adagrad_width(size_t dim)
{
    return (dim + 2 + ADAGRAD_LANES - 1) / ADAGRAD_LANES * ADAGRAD_LANES;
}

#endif

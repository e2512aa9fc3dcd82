/* The portable pass in vectors of sixteen, its partial sums in one. */
#include "glove/adagrad_loop.h"

#ifdef __AVX512F__

#include <immintrin.h>

static inline float dot(const float *word, const float *context, size_t width)
{
    __m512 sums = _mm512_setzero_ps();
    for (size_t k = 0; k < width; k += 16)
        sums = _mm512_add_ps(
            sums, _mm512_mul_ps(_mm512_loadu_ps(word + k), _mm512_loadu_ps(context + k)));
    __m256 of_8 = _mm256_add_ps(_mm512_castps512_ps256(sums), _mm512_extractf32x8_ps(sums, 1));
    __m128 of_4 = _mm_add_ps(_mm256_castps256_ps128(of_8), _mm256_extractf128_ps(of_8, 1));
    __m128 of_2 = _mm_add_ps(of_4, _mm_movehl_ps(of_4, of_4));
    return _mm_cvtss_f32(_mm_add_ss(of_2, _mm_movehdup_ps(of_2)));
}

static inline void step(const struct adagrad *adagrad, float *word, float *context, float slope)
{
    size_t width = adagrad->width;
    __m512 slopes = _mm512_set1_ps(slope);
    for (size_t k = 0; k < width; k += 16) {
        __m512 w = _mm512_loadu_ps(word + k), c = _mm512_loadu_ps(context + k);
        __m512 wq = _mm512_loadu_ps(word + width + k), cq = _mm512_loadu_ps(context + width + k);
        __m512 wt =
            _mm512_mul_ps(_mm512_mul_ps(slopes, _mm512_loadu_ps(adagrad->word_rates + k)), c);
        __m512 ct =
            _mm512_mul_ps(_mm512_mul_ps(slopes, _mm512_loadu_ps(adagrad->context_rates + k)), w);
        w = _mm512_sub_ps(w, _mm512_div_ps(wt, _mm512_sqrt_ps(wq)));
        c = _mm512_sub_ps(c, _mm512_div_ps(ct, _mm512_sqrt_ps(cq)));
        _mm512_storeu_ps(word + k, w);
        _mm512_storeu_ps(context + k, c);
        _mm512_storeu_ps(word + width + k, _mm512_add_ps(wq, _mm512_mul_ps(wt, wt)));
        _mm512_storeu_ps(context + width + k, _mm512_add_ps(cq, _mm512_mul_ps(ct, ct)));
    }
}

double adagrad_pass_avx512(const struct adagrad *adagrad, float *words, float *contexts,
                           const struct nonzero *nonzeros, size_t count)
{
    return adagrad_loop(adagrad, words, contexts, nonzeros, count, dot, step);
}

#endif

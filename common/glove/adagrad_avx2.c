/* The portable pass in vectors of eight: sixteen partial sums are two of them. */
#include "glove/adagrad_loop.h"

#ifdef __AVX2__

#include <immintrin.h>

static inline float dot(const float *word, const float *context, size_t width)
{
    __m256 low = _mm256_setzero_ps(), high = _mm256_setzero_ps();
    for (size_t k = 0; k < width; k += 16) {
        low = _mm256_add_ps(low,
                            _mm256_mul_ps(_mm256_loadu_ps(word + k), _mm256_loadu_ps(context + k)));
        high = _mm256_add_ps(
            high, _mm256_mul_ps(_mm256_loadu_ps(word + k + 8), _mm256_loadu_ps(context + k + 8)));
    }
    __m256 of_8 = _mm256_add_ps(low, high);
    __m128 of_4 = _mm_add_ps(_mm256_castps256_ps128(of_8), _mm256_extractf128_ps(of_8, 1));
    __m128 of_2 = _mm_add_ps(of_4, _mm_movehl_ps(of_4, of_4));
    return _mm_cvtss_f32(_mm_add_ss(of_2, _mm_movehdup_ps(of_2)));
}

static inline void step(const struct adagrad *adagrad, float *word, float *context, float slope)
{
    size_t width = adagrad->width;
    __m256 slopes = _mm256_set1_ps(slope);
    for (size_t k = 0; k < width; k += 8) {
        __m256 w = _mm256_loadu_ps(word + k), c = _mm256_loadu_ps(context + k);
        __m256 wq = _mm256_loadu_ps(word + width + k), cq = _mm256_loadu_ps(context + width + k);
        __m256 wt =
            _mm256_mul_ps(_mm256_mul_ps(slopes, _mm256_loadu_ps(adagrad->word_rates + k)), c);
        __m256 ct =
            _mm256_mul_ps(_mm256_mul_ps(slopes, _mm256_loadu_ps(adagrad->context_rates + k)), w);
        w = _mm256_sub_ps(w, _mm256_div_ps(wt, _mm256_sqrt_ps(wq)));
        c = _mm256_sub_ps(c, _mm256_div_ps(ct, _mm256_sqrt_ps(cq)));
        _mm256_storeu_ps(word + k, w);
        _mm256_storeu_ps(context + k, c);
        _mm256_storeu_ps(word + width + k, _mm256_add_ps(wq, _mm256_mul_ps(wt, wt)));
        _mm256_storeu_ps(context + width + k, _mm256_add_ps(cq, _mm256_mul_ps(ct, ct)));
    }
}

double adagrad_pass_avx2(const struct adagrad *adagrad, float *words, float *contexts,
                         const struct nonzero *nonzeros, size_t count)
{
    return adagrad_loop(adagrad, words, contexts, nonzeros, count, dot, step);
}

#endif

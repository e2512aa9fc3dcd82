/* As many dimensions as registers hold, over all vectors: each dimension's order is kept. */
#ifdef __AVX2__
#include "vectors/mean.h"

#include <immintrin.h>

enum { WIDTH = 8, BLOCK = 4 * WIDTH };

/* The sums of BLOCK dimensions stay in registers over all vectors. */
static void add_block(float *sum, const float *const *vectors, size_t count, size_t at)
{
    __m256 a = _mm256_loadu_ps(sum + at), b = _mm256_loadu_ps(sum + at + WIDTH);
    __m256 c = _mm256_loadu_ps(sum + at + 2 * WIDTH), d = _mm256_loadu_ps(sum + at + 3 * WIDTH);
    for (size_t v = 0; v < count; v++) {
        a = _mm256_add_ps(a, _mm256_loadu_ps(vectors[v] + at));
        b = _mm256_add_ps(b, _mm256_loadu_ps(vectors[v] + at + WIDTH));
        c = _mm256_add_ps(c, _mm256_loadu_ps(vectors[v] + at + 2 * WIDTH));
        d = _mm256_add_ps(d, _mm256_loadu_ps(vectors[v] + at + 3 * WIDTH));
    }
    _mm256_storeu_ps(sum + at, a);
    _mm256_storeu_ps(sum + at + WIDTH, b);
    _mm256_storeu_ps(sum + at + 2 * WIDTH, c);
    _mm256_storeu_ps(sum + at + 3 * WIDTH, d);
}

/* The last `left` (1 to WIDTH) dimensions. */
static void add_rest(float *sum, const float *const *vectors, size_t count, size_t at, size_t left)
{
    __m256i numbers = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    __m256i lanes = _mm256_cmpgt_epi32(_mm256_set1_epi32((int)left), numbers);
    __m256 a = _mm256_maskload_ps(sum + at, lanes);
    for (size_t v = 0; v < count; v++) {
        a = _mm256_add_ps(a, _mm256_maskload_ps(vectors[v] + at, lanes));
    }
    _mm256_maskstore_ps(sum + at, lanes, a);
}

void mean_add_avx2(float *sum, const float *const *vectors, size_t count, size_t dim)
{
    size_t at = 0;
    for (; dim - at >= BLOCK; at += BLOCK)
        add_block(sum, vectors, count, at);
    for (; at < dim; at += WIDTH)
        add_rest(sum, vectors, count, at, dim - at < WIDTH ? dim - at : WIDTH);
}
#else
typedef int no_avx2; /* a file is never empty */
#endif

/* Counts are few: each takes a logarithm once. */
#include "linear/tfidf.h"

#include "base/numeric.h"

#include <math.h>

double tfidf_rarity(uint64_t rows, uint64_t with)
{
    return 1 + numeric_log((1 + (double)rows) / (1 + (double)with));
}

void tfidf_of(struct tfidf *tfidf, uint64_t rows)
{
    tfidf->rows = rows;
    for (uint64_t with = 0; with < TFIDF_KNOWN; with++)
        tfidf->rarity[with] = tfidf_rarity(rows, with);
    for (unsigned count = 1; count < TFIDF_COUNTS; count++)
        tfidf->factor[count] = 1 + numeric_log(count);
}

/* 1 + ln c of a count. */
static double factor_of(const struct tfidf *tfidf, float count)
{
    return count < TFIDF_COUNTS ? tfidf->factor[(unsigned)count] : 1 + numeric_log(count);
}

void tfidf_row(const struct tfidf *tfidf, double *rarity, float *value, size_t count)
{
    double squares = 0;
    for (size_t i = 0; i < count; i++) {
        rarity[i] = factor_of(tfidf, value[i]) * rarity[i];
        squares += rarity[i] * rarity[i];
    }
    double norm = sqrt(squares);
    for (size_t i = 0; i < count; i++)
        value[i] = (float)(rarity[i] / norm);
}

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
}

enum { FACTORS = 16 };

/* 1 + ln c of a count; factors[c] is that of c, or 0: not known yet. */
static double factor_of(float count, double factors[FACTORS])
{
    if (count >= FACTORS)
        return 1 + numeric_log(count);
    double *known = &factors[(unsigned)count];
    if (*known == 0)
        *known = 1 + numeric_log(count);
    return *known;
}

void tfidf_row(const double *rarity, const uint32_t *feature, float *value, size_t count)
{
    double squares = 0, factors[FACTORS] = {0};
    for (size_t i = 0; i < count; i++) {
        double w = factor_of(value[i], factors) * rarity[feature ? feature[i] : i];
        squares += w * w;
    }
    double norm = sqrt(squares);
    for (size_t i = 0; i < count; i++)
        value[i] = (float)(factor_of(value[i], factors) * rarity[feature ? feature[i] : i] / norm);
}

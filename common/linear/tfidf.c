/* Terms that occur once, most of them, need no logarithm; the counts of others are few. */
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

enum { LOGS = 16 };

/* Of a count; logs[c] is that of c, or 0: not known yet. */
static double log_of(float count, double logs[LOGS])
{
    if (count >= LOGS)
        return numeric_log(count);
    double *known = &logs[(unsigned)count];
    if (*known == 0)
        *known = numeric_log(count);
    return *known;
}

static double weight(double rarity, float count, double logs[LOGS])
{
    return count > 1 ? (1 + log_of(count, logs)) * rarity : rarity;
}

void tfidf_row(const double *rarity, const uint32_t *feature, float *value, size_t count)
{
    double squares = 0, logs[LOGS] = {0};
    for (size_t i = 0; i < count; i++) {
        double w = weight(rarity[feature ? feature[i] : i], value[i], logs);
        squares += w * w;
    }
    double norm = sqrt(squares);
    for (size_t i = 0; i < count; i++)
        value[i] = (float)(weight(rarity[feature ? feature[i] : i], value[i], logs) / norm);
}

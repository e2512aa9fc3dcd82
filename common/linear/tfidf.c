/* Terms that occur once, most of them, need no logarithm. */
#include "linear/tfidf.h"

#include "base/numeric.h"

#include <math.h>

double tfidf_rarity(uint64_t rows, uint64_t with)
{
    return 1 + numeric_log((1 + (double)rows) / (1 + (double)with));
}

static double weight(double rarity, float count)
{
    return count > 1 ? (1 + numeric_log(count)) * rarity : rarity;
}

void tfidf_row(const double *rarity, const uint32_t *feature, float *value, size_t count)
{
    double squares = 0;
    for (size_t i = 0; i < count; i++) {
        double w = weight(rarity[feature ? feature[i] : i], value[i]);
        squares += w * w;
    }
    double norm = sqrt(squares);
    for (size_t i = 0; i < count; i++)
        value[i] = (float)(weight(rarity[feature ? feature[i] : i], value[i]) / norm);
}

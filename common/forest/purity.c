/* Sums over the classes in their order. */
#include "forest/purity.h"

#include "base/numeric.h"

static double n_log2_n(double n)
{
    const double of_two = 0x1.71547652b82fep+0; /* 1 / ln 2 */
    return n > 0 ? n * (numeric_log(n) * of_two) : 0;
}

double purity_weighed(enum criterion criterion, const double *counts, uint32_t classes)
{
    double samples = 0, sum = 0;
    const bool entropy = criterion == CRITERION_ENTROPY;
    for (uint32_t c = 0; c < classes; c++) {
        samples += counts[c];
        sum += entropy ? n_log2_n(counts[c]) : counts[c] * counts[c];
    }
    return entropy ? n_log2_n(samples) - sum : samples > 0 ? samples - sum / samples : 0;
}

/* The sum over the classes is kept up as their counts grow, not summed anew. */
#include "forest/purity.h"

#include "base/numeric.h"

static double n_log2_n(double n)
{
    const double of_two = 0x1.71547652b82fep+0; /* 1 / ln 2 */
    return n > 0 ? n * (numeric_log(n) * of_two) : 0;
}

/* What a class adds to the sum. */
static double term(enum criterion criterion, double count)
{
    return criterion == CRITERION_ENTROPY ? n_log2_n(count) : count * count;
}

static double impurity(enum criterion criterion, double samples, double sum)
{
    if (criterion == CRITERION_ENTROPY)
        return n_log2_n(samples) - sum;
    return samples > 0 ? samples - sum / samples : 0;
}

double purity_weighed(enum criterion criterion, const double *counts, uint32_t classes)
{
    double samples = 0, sum = 0;
    for (uint32_t c = 0; c < classes; c++) {
        samples += counts[c];
        sum += term(criterion, counts[c]);
    }
    return impurity(criterion, samples, sum);
}

static void add(struct purity *purity, double number)
{
    const double sum = purity->sum + number, added = sum - purity->sum;
    purity->rest += (purity->sum - (sum - added)) + (number - added);
    purity->sum = sum;
}

void purity_add(struct purity *purity, double *count, double more)
{
    add(purity, -term(purity->criterion, *count));
    *count += more;
    add(purity, term(purity->criterion, *count));
    purity->samples += more;
}

double purity_of(const struct purity *purity)
{
    return impurity(purity->criterion, purity->samples, purity->sum + purity->rest);
}

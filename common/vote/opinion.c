/* Sums run by view, then by class, in double; no exponent lies above 0. */
#include "vote/opinion.h"

#include "base/numeric.h"

#include <math.h>
#include <string.h>

/* Below it exp is as good as 0. */
static const double LEAST = -700;

double opinion_votes(const struct opinion *opinion, size_t trees)
{
    return (double)trees * opinion->share / (1 - opinion->share);
}

static double weighted_score(const struct opinion *opinion, const unsigned char *x, uint32_t number)
{
    double sum = 0;
    for (uint32_t view = 0; view < opinion->views; view++) {
        const size_t column = opinion->columns[view * (size_t)opinion->classes + number];
        float score;
        memcpy(&score, x + column * sizeof score, sizeof score);
        sum += isnan(score) ? 0 : opinion->weights[view] * score;
    }
    return sum;
}

void opinion_of(const struct opinion *opinion, const void *x, double *e)
{
    double most = -INFINITY, sum = 0;
    for (uint32_t c = 0; c < opinion->classes; c++) {
        e[c] = opinion->sharpness * weighted_score(opinion, x, c);
        most = e[c] > most ? e[c] : most;
    }
    for (uint32_t c = 0; c < opinion->classes; c++) {
        e[c] = e[c] - most > LEAST ? numeric_exp(e[c] - most) : 0;
        sum += e[c];
    }
    for (uint32_t c = 0; c < opinion->classes; c++)
        e[c] /= sum;
}

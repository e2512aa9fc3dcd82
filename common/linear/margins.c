/* The two best scores tell all: the best's margin is to the second, any other's to the best. */
#include "linear/margins.h"

void margins_of(const float *scores, uint32_t labels, float *margins)
{
    uint32_t best = 0, second = 1;
    if (labels < 2) {
        if (labels)
            margins[0] = scores[0];
        return;
    }
    if (scores[1] > scores[0]) {
        best = 1;
        second = 0;
    }
    for (uint32_t i = 2; i < labels; i++) {
        if (scores[i] > scores[best]) {
            second = best;
            best = i;
        } else if (scores[i] > scores[second]) {
            second = i;
        }
    }
    for (uint32_t i = 0; i < labels; i++)
        margins[i] = scores[i] - scores[i == best ? second : best];
}

/* Sums go over the rows in order. */
#include "score/calibration.h"

#include <math.h>

static int bin_of(float confidence)
{
    int bin = (int)((double)confidence * CALIBRATION_BINS);
    return bin < 0 ? 0 : bin < CALIBRATION_BINS ? bin : CALIBRATION_BINS - 1;
}

struct calibration calibration_of(const struct answers *answers)
{
    const struct confusion *confusion = &answers->confusion;
    struct calibration found = {.error = 0};
    uint64_t all = 0;
    for (uint64_t row = 0; row < confusion->rows; row++) {
        struct confusion_pair pair = confusion_pair(confusion, answers->pairs[row]);
        if (confusion->abstained && pair.predicted == confusion->no_answer)
            continue;
        int bin = bin_of(answers->chances[row].confidence);
        found.rows[bin]++;
        found.right[bin] += pair.label == pair.predicted;
        found.confidence[bin] += (double)answers->chances[row].confidence;
        all++;
    }
    for (int bin = 0; bin < CALIBRATION_BINS; bin++) {
        double rows = (double)found.rows[bin];
        found.error += fabs((double)found.right[bin] - found.confidence[bin]);
        found.confidence[bin] = found.rows[bin] ? found.confidence[bin] / rows : (double)NAN;
    }
    found.error = all ? found.error / (double)all : (double)NAN;
    return found;
}

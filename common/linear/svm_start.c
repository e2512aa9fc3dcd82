/* Lanes of one label, which lie side by side, start from the same a_i. */
#include "linear/svm_start.h"

#include <stdbool.h>

/* A fold that holds more of a sum of a_i than this leaves is no guide to what the others add. */
static const double most_scaled = 4;

/* Lanes of one label, and its whole model's a_i. */
struct run {
    unsigned first, end;
    const float *duals;
};

/* By how much each lane's a_i grow, for documents without the label [0] and with it [1]. */
static void find_scales(const struct svm_pass *pass, uint32_t rows, const struct run *run,
                        float scales[2][SVM_LANES])
{
    double sums[2] = {0}, lost[2][SVM_LANES] = {0};
    for (uint32_t row = 0; row < rows; row++) {
        if (!(run->duals[row] > 0))
            continue;
        bool same = pass->rows[row].class_number == pass->labels[run->first];
        sums[same] += (double)run->duals[row];
        for (unsigned lane = run->first; lane < run->end; lane++)
            if (pass->left_out[lane] == pass->rows[row].fold)
                lost[same][lane] += (double)run->duals[row];
    }
    for (int same = 0; same < 2; same++)
        for (unsigned lane = run->first; lane < run->end; lane++) {
            double left = sums[same] - lost[same][lane];
            scales[same][lane] = sums[same] < most_scaled * left ? (float)(sums[same] / left) : 1;
        }
}

static void start_run(struct svm_pass *pass, uint32_t rows, size_t lanes, const struct run *run)
{
    float scales[2][SVM_LANES];
    find_scales(pass, rows, run, scales);
    for (uint32_t row = 0; row < rows; row++) {
        if (!(run->duals[row] > 0))
            continue;
        bool same = pass->rows[row].class_number == pass->labels[run->first];
        for (unsigned lane = run->first; lane < run->end; lane++)
            if (!pass->dead[lane] && pass->left_out[lane] != pass->rows[row].fold)
                pass->duals[row * lanes + lane] = run->duals[row] * scales[same][lane];
    }
}

void svm_start(struct svm_pass *pass, uint32_t rows, unsigned models, unsigned lanes,
               const float *duals)
{
    for (struct run run = {0}; run.first < models; run.first = run.end) {
        run.end = run.first + 1;
        while (run.end < models && pass->labels[run.end] == pass->labels[run.first])
            run.end++;
        run.duals = duals + (size_t)(pass->labels[run.first] % SVM_LANES) * rows;
        start_run(pass, rows, lanes, &run);
    }
}

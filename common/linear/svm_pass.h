/*
 * svm_pass: one pass of dual coordinate descent over documents, for SVM_LANES models at a time, or
 * for no more than SVM_FEW. Internal to svm.c; svm.h has the problem.
 *
 * A lane is a model of its own: the label that it tells from the others, and the fold that it must
 * not see. With y = 1 for the documents of its label and -1 for others, x the features of a
 * document and a last one of 1, its dual problem is (Hsieh, Chang, Lin, Keerthi and Sundararajan,
 * "A Dual Coordinate Descent Method for Large-scale Linear SVM", ICML 2008)
 *
 *     min 1/2 |w|^2 + D/2 sum(a_i^2) - sum(a_i),    w = sum(a_i y_i x_i), a_i >= 0, D = 1 / (2 C)
 *
 * A step solves it for one a_i:
 *
 *     G = y_i w . x_i - 1 + D a_i;    a_i' = max(0, a_i - G / (|x_i|^2 + D));
 *     w += (a_i' - a_i) y_i x_i
 *
 * The weights of a feature lie side by side, a cache line for all lanes, so that one walk over a
 * document serves them all. A dot product is summed in the order of the features in two parts, the
 * first, third, ... and the second, fourth, ..., then the last feature of 1 is added. All in
 * float32, each operation rounded, and no lane looks at another: every width has the same bits, and
 * so have lanes of which there are more than models.
 */
#ifndef LINEAR_SVM_PASS_H
#define LINEAR_SVM_PASS_H

#include "base/cpu.h"
#include "linear/svm.h"

#include <stdint.h>

enum { SVM_LANES = SVM_BLOCK, SVM_FEW = SVM_LANES / 2 };

#define SVM_NO_FOLD UINT32_MAX

/* Set in the number of a row that has an a_i above 0 in some lane. */
#define SVM_BUSY (UINT32_C(1) << 31)

/* What a step needs to know of a document, together. */
struct svm_row {
    uint64_t begin; /* its first non-zero */
    uint32_t count; /* of its non-zeros that are in other rows too; the others follow them */
    uint32_t class_number;
    uint32_t fold;
    float diagonal; /* D, and the squares of the non-zeros that no other row has (svm.c) */
    float inverse;  /* 1 / (|x_i|^2 + D) */
    float stretch;  /* what held-out scores take it times (svm.h) */
};

struct svm_pass {
    const struct svm_row *rows;
    const uint32_t *feature; /* of the non-zeros */
    const float *value;

    uint32_t labels[SVM_LANES];
    uint32_t left_out[SVM_LANES]; /* folds */
    uint32_t dead[SVM_LANES];     /* ~0 where there is no model, else 0 */

    float *weights; /* features that several rows have x the kernels' lanes */
    float bias[SVM_LANES];
    float *duals; /* rows x lanes: a_i; 0 where the lane does not see the row */

    /*
     * The projected gradient is G, but 0 where a_i = 0 and G > 0: how far a step wants to go. Its
     * bounds over a pass are widened by it; rows are idle above `idle`.
     */
    float high[SVM_LANES], low[SVM_LANES];
    float idle[SVM_LANES];
};

struct svm_kernels {
    unsigned lanes; /* SVM_LANES or SVM_FEW */
    /*
     * A step for each of list[0 .. count-1], rows with their SVM_BUSY, in order. Rows that are idle
     * in every lane that sees them, which is a_i = 0 and G > idle, leave the list; it keeps its
     * order. Returns how many are left.
     */
    uint32_t (*pass)(struct svm_pass *pass, uint32_t *list, uint32_t count);
    /* weights and bias += a_i y_i x_i of the row. */
    void (*add)(struct svm_pass *pass, uint32_t row);
    /* w . x of the row. */
    void (*score)(const struct svm_pass *pass, uint32_t row, float scores[SVM_LANES]);
};

extern const struct svm_kernels svm_kernels_portable, svm_kernels_avx2, svm_kernels_avx512;
extern const struct svm_kernels svm_kernels_few_portable, svm_kernels_few_avx2;

/* Those of a level for so many models; the machine must have it. */
const struct svm_kernels *svm_kernels_of(enum cpu_level level, unsigned models);

#endif

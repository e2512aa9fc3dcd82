/*
 * svm_start: what the models of folds start from. Internal to svm.c.
 *
 * What a document of the fold had in w goes with it, and the intercept, to which all documents add,
 * would be far off. So the a_i of the other documents with the label, and likewise of those without
 * it, are scaled up to the sum that all had before: half the passes.
 */
#ifndef LINEAR_SVM_START_H
#define LINEAR_SVM_START_H

#include "linear/svm_pass.h"

/*
 * Sets the a_i of the first `models` of a pass's `lanes`, which are zero, by those of the block of
 * whole models that have these labels: rows of them for each of its labels.
 */
void svm_start(struct svm_pass *pass, uint32_t rows, unsigned models, unsigned lanes,
               const float *duals);

#endif

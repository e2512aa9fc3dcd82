/*
 * svm_rows: what all blocks of a problem's models go by: its rows as a pass wants them, and how
 * many documents each label and fold has. Internal to svm.
 */
#ifndef LINEAR_SVM_ROWS_H
#define LINEAR_SVM_ROWS_H

#include "linear/svm.h"
#include "linear/svm_pass.h"

struct svm {
    struct svm_problem problem;
    enum cpu_level level;
    struct svm_row *rows;
    uint32_t *only_in; /* by feature; NULL where nothing is held out */
    uint32_t *counts;  /* documents by label (folds + 1 each) and fold, and of all folds */
};

/* The documents of a label in a fold; in fold number `folds`: in all of them. */
static inline uint32_t *svm_count(const struct svm *svm, uint32_t label, uint32_t fold)
{
    return &svm->counts[(size_t)label * (svm->problem.folds + 1) + fold];
}

/* The features that more than one row has; they come first. */
static inline uint32_t svm_shared(const struct sparse *x)
{
    return x->features - x->lone;
}

#endif

/*
 * measures: figures of a whole set of answers.
 *
 *   accuracy            right / rows
 *   balanced accuracy   the mean recall of the classes that occur as labels
 *   kappa               Cohen's: (right - by chance) / (rows - by chance), chance being the sum
 *                       over classes of support x predicted / rows
 *   matthews            the correlation of labels and predictions (Gorodkin, "Comparing two
 *                       K-category assignments", 2004); 0 where one of them is constant
 *   macro, weighted     means over classes: metrics.h
 *   log loss, brier     the mean of the rows': answers.h; of a model of two classes Brier's is
 *                       halved
 *   auc                 the areas under the classes' ROC curves: curves.h
 *   top                 rows whose label is among the K classes of highest probability
 *   cost                the mean of the rows' costs: costs.h
 *   answered            rows with an answer / rows
 *   answered accuracy   right / rows with an answer
 *   set coverage, size  rows whose set has their label / rows; the mean size of a set
 *
 * Each is scikit-learn's of the same name (accuracy_score, balanced_accuracy_score,
 * cohen_kappa_score, matthews_corrcoef, log_loss, brier_score_loss, roc_auc_score with
 * multi_class="ovr", top_k_accuracy_score). What is undefined is NaN.
 */
#ifndef SCORE_MEASURES_H
#define SCORE_MEASURES_H

#include "score/answers.h"
#include "score/costs.h"
#include "score/curves.h"
#include "score/metrics.h"

#include <stdbool.h>
#include <stdint.h>

enum measure {
    MEASURE_ACCURACY,
    MEASURE_BALANCED,
    MEASURE_KAPPA,
    MEASURE_MATTHEWS,
    MEASURE_MACRO_PRECISION,
    MEASURE_MACRO_RECALL,
    MEASURE_MACRO_F1,
    MEASURE_WEIGHTED_PRECISION,
    MEASURE_WEIGHTED_RECALL,
    MEASURE_WEIGHTED_F1,
    MEASURE_LOG_LOSS,
    MEASURE_BRIER,
    MEASURE_AUC,
    MEASURE_AUC_WEIGHTED,
    MEASURE_TOP,
    MEASURE_COST,
    MEASURE_ANSWERED,
    MEASURE_ANSWERED_ACCURACY,
    MEASURE_SET_COVERAGE,
    MEASURE_SET_SIZE,
    MEASURE_COUNT
};

/* Sets of measures have the bit `1 << measure`. */
enum {
    MEASURES_OF_CURVES = 1 << MEASURE_AUC | 1 << MEASURE_AUC_WEIGHTED,
    MEASURES_OF_PROBA =
        MEASURES_OF_CURVES | 1 << MEASURE_LOG_LOSS | 1 << MEASURE_BRIER | 1 << MEASURE_TOP,
    MEASURES_OF_COSTS = 1 << MEASURE_COST,
    MEASURES_OF_SETS = 1 << MEASURE_SET_COVERAGE | 1 << MEASURE_SET_SIZE,
    MEASURES_OF_ANSWERS = 1 << MEASURE_ANSWERED | 1 << MEASURE_ANSWERED_ACCURACY,
    MEASURES_ALL = (1 << MEASURE_COUNT) - 1,
    MEASURES_SHARES = 1 << MEASURE_ACCURACY | 1 << MEASURE_TOP | 1 << MEASURE_ANSWERED |
                      1 << MEASURE_SET_COVERAGE /* of rows */
};

/* Its name in options, `balanced-accuracy`. */
const char *measure_name(enum measure measure);

/* Adds `log-loss,auc` to the set; NULL, or where a name begins that is none. */
const char *measures_parse(const char *names, unsigned *set);

/* Answers that can be measured again and again, with other weights. Freed by trial_free. */
struct trial {
    const struct answers *answers; /* borrowed; keep what the set needs */
    unsigned set;                  /* the measures that are wanted */
    uint32_t top;                  /* the K */
    struct metrics metrics;        /* each row counts once */
    struct metrics again;          /* with the weights of the last call */
    uint32_t *cell_of;             /* by pair of the confusion: its cell in the metrics */
    double *costs;                 /* by cell; NULL without costs */
    struct curves curves;
};

/*
 * Prepares `trial`, whose first three members the caller has set. `costs` is NULL unless the set
 * has the cost. Status INPUT: a pair that occurs has no cost; SYSTEM.
 */
bool trial_prepare(struct trial *trial, const struct costs *costs, struct error *error);

/*
 * The measures of the set, where each row counts `weights[row]` times (NULL: once; else the
 * answers keep rows). The others are NaN.
 */
void trial_measure(struct trial *trial, const uint32_t *weights, double values[MEASURE_COUNT]);

/* What all rows cost, of a trial with costs. */
double trial_cost(const struct trial *trial);

void trial_free(struct trial *trial);

#endif

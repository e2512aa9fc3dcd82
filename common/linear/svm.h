/*
 * svm: linear support vector machines, one a label, and what they say of documents that they have
 * not seen.
 *
 * The model of a label minimises, over all documents i with y_i = 1 where i has the label and -1
 * where not, and x_i its features and a last one of 1,
 *
 *     1/2 |w|^2 + C sum(max(0, 1 - y_i w . x_i)^2)
 *
 * which is scikit-learn's LinearSVC (and liblinear's solver 1) with its defaults: L2 penalty,
 * squared hinge, one against the rest, and an intercept that is penalised as the weight of the last
 * feature. With two labels the second's model is the first's negative.
 *
 * Held-out scores. A fold's model is trained on the documents of all other folds, and the score of
 * a document is that of its fold's model. It starts from the whole model's dual variables, from
 * which it is not far, and is not kept. A label all of whose documents are in one fold has no model
 * there: they score -1 for it, as all of them do for a label without documents.
 *
 * A feature that no document of the other folds has is as unknown to a fold's model as a term that
 * training did not have is to the whole one. Where such are left out before documents are brought
 * to length 1, as in text, a new document is longer in what is known of it than one that was
 * trained on. So what is known of this, x', is taken at its whole length: its score is
 *
 *     b + (|x_i| / |x'|) (w . x'),    b alone where nothing is known
 *
 * Work comes in blocks of up to SVM_BLOCK models that depend on nothing but the problem, so that it
 * can be shared out in any way: svm_train for each of svm_blocks, of which b has the labels from
 * b x SVM_BLOCK on; and svm_hold_out for each of svm_fold_blocks, of which f needs what svm_train
 * found for block f / folds. They only read the svm, and write nothing but their own places of the
 * arrays that they fill, so that these can be shared. Memory: 32 bytes a row for the svm, and 4 for
 * each of the features - lone where there are folds; (features - lone + rows) x 64 + rows x 4 bytes
 * for each block at work, half of the first where a block has no more than half of SVM_BLOCK. It is
 * a room that each who works keeps from block to block, since memory that the system gives anew has
 * to be cleared by it.
 */
#ifndef LINEAR_SVM_H
#define LINEAR_SVM_H

#include "base/cpu.h"
#include "linear/sparse.h"

#include <stdbool.h>

enum { SVM_BLOCK = 16 };

struct svm_problem {
    const struct sparse *x;   /* below 2^31 rows */
    const uint32_t *class_of; /* of each row, below `classes` */
    const uint32_t *fold_of;  /* of each row, below `folds`; NULL where folds is 0 */
    uint32_t classes, folds;
    double c;

    /*
     * A model is done when a step anywhere would go no farther than this: the bounds of the
     * projected gradient over a pass, as liblinear's eps; a fold's model, above 0.01, when that is
     * so of the documents that mattered in its second pass over all. At most so many passes.
     */
    double tolerance;
    uint32_t passes;
};

/*
 * C is LinearSVC's. A tolerance of 0.1 (LinearSVC's is 0.0001) moves decision values by 0.02 at
 * most and leaves held-out accuracy where it is, within 2 documents of R8's 5,485 in three views
 * and 3 of Debian's 48,344 in two, in less than half the time; at 0.5 it begins to fall.
 */
#define SVM_C 1.0
#define SVM_TOLERANCE 0.1
#define SVM_PASSES 1000

/*
 * What the work took: passes over (what was left of) the documents, and documents in them; and how
 * many blocks had no more passes before they were done.
 */
struct svm_effort {
    uint64_t passes, steps, unfinished;
};

/* What a block is worked on in, of any svm; no two at a time. Start from `{0}`. */
struct svm_room {
    struct svm_space {
        void *memory;
        size_t size;
    } weights, duals, list;
};

void svm_room_free(struct svm_room *room);

struct svm;

/* What the level of the kernels is called that serve so many models on a machine of that level. */
const char *svm_kernels_name(enum cpu_level level, unsigned models);

/*
 * Makes ready, but for what svm_measure has to say of each row. The problem's arrays are borrowed
 * until svm_free. NULL when memory is out. The results do not depend on the level.
 */
struct svm *svm_new(const struct svm_problem *problem, enum cpu_level level);

/* Measures the rows from `first` up to `end`, before any block is worked on: any thread others. */
void svm_measure(struct svm *svm, uint32_t first, uint32_t end);

/* NULL is allowed. */
void svm_free(struct svm *svm);

/* The blocks of svm_train and of svm_hold_out. */
uint32_t svm_blocks(const struct svm *svm);
uint32_t svm_fold_blocks(const struct svm *svm);

/*
 * Trains the models of a block on all documents. Fills its columns of weights, (features + 1) x
 * classes with the intercept last, unless they are NULL, and the block's duals: rows of them for
 * each of its labels, which are SVM_BLOCK but in the last block. Adds to the effort. False when
 * memory is out.
 */
bool svm_train(const struct svm *svm, struct svm_room *room, uint32_t block, float *weights,
               float *duals, struct svm_effort *effort);

/*
 * Trains the models of a fold block, from the duals of block `fold_block / folds`, and fills its
 * places of scores, rows x classes. Adds to the effort. False when memory is out.
 */
bool svm_hold_out(const struct svm *svm, struct svm_room *room, uint32_t fold_block,
                  const float *duals, float *scores, struct svm_effort *effort);

#endif

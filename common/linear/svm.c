/*
 * Dual coordinate descent (svm_pass.h), SVM_LANES models at a time. Models are numbered by label
 * for training, and by label and then fold for holding out, so that models that want the same
 * documents lie side by side; a block is SVM_LANES of them in a row. Where SVM_FEW are left, or are
 * all there are, their weights take half the lines of the cache.
 *
 * Shrinking. Most documents are soon on the right side of the margin, where a_i stays 0. A row that
 * is idle in all lanes leaves the list, and when the models are done with the rest, a pass over all
 * rows says whether they are done with these too (Hsieh et al., section 3.2). A lane alone would
 * shrink to less, but liblinear goes through the corpus once a label for it.
 *
 * Lone features. Where one row alone has a feature, that weight is a_i y_i times its value, so all
 * such features of a row add L a_i to y_i w . x_i, L being the sum of their squares, and nothing to
 * any other row's. They cost a step one addition, and no weights until a model is given; a held-out
 * score has none of them. Two thirds of the pairs of words in a corpus are such.
 *
 * A fold's model starts by svm_start.h, half the passes from its end. So near that, it has seen
 * which rows matter after two passes over all: the first still moves by the scaling, and what is
 * idle in the second stays so but for what moves a score by 0.0014 at most (R8, the demo corpus).
 * Where models are solved less tightly than that, no further pass over all rows asks again, which
 * takes a fifth to a third off the passes of all models. Out-of-bag accuracy of the forest stays
 * where it was, within 0.0001 on R8 and Debian's sections; so does test accuracy on 18 draws of 300
 * to 1,000 of R8's texts.
 */
#include "linear/svm.h"

#include "base/memory.h"
#include "base/random.h"
#include "linear/svm_pass.h"
#include "linear/svm_rows.h"
#include "linear/svm_start.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The keys of random orders: of svm_train's blocks and svm_hold_out's. */
enum { ORDER_OF_TRAINING = 0x73766d30, ORDER_OF_HOLDING_OUT = 0x73766d31 };

/*
 * The bound above which a row is idle for a model that starts near its end (0.1 and more, and 0
 * when solved tightly, take a tenth to a third more steps); others begin without one and take the
 * largest projected gradient of the pass before.
 */
static const float idle_when_near = 0.02f;

/*
 * Passes over all rows, after which a model that starts near its end and is not solved more tightly
 * than this is done with the others.
 */
enum { LOOKS_WHEN_NEAR = 2 };
static const double tight = 0.01;

/* A block at work. */
struct block {
    const struct svm *svm;
    unsigned models; /* in its first lanes */
    const struct svm_kernels *kernels;
    struct svm_pass pass;
    uint32_t *list;
    struct random random;
    float idle_at_most;
    uint32_t looks; /* passes over all rows that suffice; UINT32_MAX: the last one has to be */
};

/* What was in it is lost. False when memory is out. */
static bool make_space(struct svm_space *space, size_t size)
{
    if (space->memory && space->size >= size)
        return true;
    free(space->memory);
    *space = (struct svm_space){memory_large(size), size};
    return space->memory;
}

void svm_room_free(struct svm_room *room)
{
    free(room->weights.memory);
    free(room->duals.memory);
    free(room->list.memory);
    *room = (struct svm_room){0};
}

/* How many of `all` models block `number` has. */
static unsigned models_of(uint64_t all, uint32_t number)
{
    uint64_t left = all - (uint64_t)number * SVM_LANES;
    return left < SVM_LANES ? (unsigned)left : SVM_LANES;
}

/* Of `all` models, in the order of that key, block `number`. */
static bool block_begin(struct block *block, const struct svm *svm, struct svm_room *room,
                        uint64_t all, uint64_t order, uint32_t number)
{
    const struct sparse *x = svm->problem.x;
    unsigned models = models_of(all, number);
    const struct svm_kernels *kernels = svm_kernels_of(svm->level, models);
    size_t line = kernels->lanes * sizeof(float);
    size_t weights_size = svm_shared(x) * line, duals_size = x->rows * line;
    if (!make_space(&room->weights, weights_size) || !make_space(&room->duals, duals_size) ||
        !make_space(&room->list, x->rows * sizeof *block->list))
        return false;
    memset(room->weights.memory, 0, weights_size);
    memset(room->duals.memory, 0, duals_size);
    *block = (struct block){
        .svm = svm,
        .models = models,
        .kernels = kernels,
        .pass = {.rows = svm->rows,
                 .feature = x->feature,
                 .value = x->value,
                 .weights = room->weights.memory,
                 .duals = room->duals.memory},
        .list = room->list.memory,
        .random = random_keyed(order, number),
        .idle_at_most = INFINITY,
        .looks = UINT32_MAX,
    };
    return true;
}

/*
 * Lane `lane` is the model of `label` without `fold`, which may be SVM_NO_FOLD; or, beyond the
 * block's, no model. One without a document of its label stays as it is here, and scores -1.
 */
static void set_lane(struct block *block, unsigned lane, uint32_t label, uint32_t fold)
{
    bool model = lane < block->models;
    uint32_t folds = block->svm->problem.folds;
    uint32_t seen = 0;
    if (model) {
        seen = *svm_count(block->svm, label, folds);
        seen -= fold == SVM_NO_FOLD ? 0 : *svm_count(block->svm, label, fold);
    }
    block->pass.labels[lane] = label;
    block->pass.left_out[lane] = fold;
    block->pass.dead[lane] = seen ? 0 : UINT32_MAX;
    block->pass.bias[lane] = model && !seen ? -1 : 0;
}

/* All rows, each with its SVM_BUSY. */
static uint32_t list_all(struct block *block)
{
    uint32_t rows = block->svm->problem.x->rows;
    size_t lanes = block->kernels->lanes;
    for (uint32_t row = 0; row < rows; row++) {
        const float *duals = block->pass.duals + row * lanes;
        uint32_t busy = 0;
        for (size_t lane = 0; lane < lanes; lane++)
            busy |= duals[lane] > 0 ? SVM_BUSY : 0;
        block->list[row] = row | busy;
    }
    return rows;
}

static void shuffle(struct random *random, uint32_t *list, uint32_t count)
{
    for (uint32_t left = count; left > 1; left--) {
        uint32_t other = random_below(random, left);
        uint32_t last = list[left - 1];
        list[left - 1] = list[other];
        list[other] = last;
    }
}

/* How far apart the pass's bounds are at most; sets where rows are idle in the next. */
static float read_bounds(struct block *block)
{
    struct svm_pass *pass = &block->pass;
    float widest = 0;
    for (unsigned lane = 0; lane < SVM_LANES; lane++) {
        float width = pass->high[lane] - pass->low[lane];
        widest = width > widest ? width : widest;
        float idle = pass->high[lane] > 0 ? pass->high[lane] : INFINITY;
        pass->idle[lane] = idle < block->idle_at_most ? idle : block->idle_at_most;
    }
    return widest;
}

static void reset_idle(struct block *block, float idle)
{
    for (unsigned lane = 0; lane < SVM_LANES; lane++)
        block->pass.idle[lane] = idle;
}

static void solve(struct block *block, struct svm_effort *effort)
{
    const struct svm_problem *problem = &block->svm->problem;
    struct svm_pass *pass = &block->pass;
    uint32_t all = list_all(block), count = all, looks = 0;
    reset_idle(block, INFINITY);
    for (uint32_t i = 0; i < problem->passes; i++) {
        memset(pass->high, 0, sizeof pass->high);
        memset(pass->low, 0, sizeof pass->low);
        shuffle(&block->random, block->list, count);
        uint32_t left = block->kernels->pass(pass, block->list, count);
        effort->passes++;
        effort->steps += count;
        bool done = read_bounds(block) <= (float)problem->tolerance;
        looks += count == all;
        if (done && (count == all || looks >= block->looks))
            return;
        count = left;
        if (done || !count) {
            count = list_all(block);
            reset_idle(block, block->idle_at_most);
        }
    }
    effort->unfinished++;
}

/* The weights of lone features: what their row's a_i make of them. */
static void give_lone(const struct block *block, uint32_t first, float *weights)
{
    const struct svm_pass *pass = &block->pass;
    const struct sparse *x = block->svm->problem.x;
    for (uint32_t number = 0; number < x->rows; number++) {
        const struct svm_row *row = &pass->rows[number];
        const float *duals = pass->duals + (size_t)number * block->kernels->lanes;
        float signed_duals[SVM_LANES];
        for (unsigned lane = 0; lane < block->models; lane++)
            signed_duals[lane] =
                pass->labels[lane] == row->class_number ? duals[lane] : -duals[lane];
        for (uint64_t i = row->begin + row->count; i < x->begin[number + 1]; i++) {
            float *to = weights + (size_t)x->feature[i] * block->svm->problem.classes + first;
            for (unsigned lane = 0; lane < block->models; lane++)
                to[lane] = signed_duals[lane] * x->value[i];
        }
    }
}

/* Copies what was found: columns of weights from `first` on, */
static void give_weights(const struct block *block, uint32_t first, float *weights)
{
    const struct svm_pass *pass = &block->pass;
    const struct sparse *x = block->svm->problem.x;
    size_t classes = block->svm->problem.classes, features = x->features;
    size_t lanes = block->kernels->lanes, size = block->models * sizeof *weights;
    for (size_t feature = 0; feature < svm_shared(x); feature++)
        memcpy(weights + feature * classes + first, pass->weights + feature * lanes, size);
    give_lone(block, first, weights);
    memcpy(weights + features * classes + first, pass->bias, size);
}

/* and all duals. */
static void give_duals(const struct block *block, float *duals)
{
    size_t rows = block->svm->problem.x->rows, lanes = block->kernels->lanes;
    for (size_t row = 0; row < rows; row++)
        for (size_t lane = 0; lane < block->models; lane++)
            duals[lane * rows + row] = block->pass.duals[row * lanes + lane];
}

bool svm_train(const struct svm *svm, struct svm_room *room, uint32_t number, float *weights,
               float *duals, struct svm_effort *effort)
{
    struct block block;
    if (!block_begin(&block, svm, room, svm->problem.classes, ORDER_OF_TRAINING, number))
        return false;
    uint32_t first = number * SVM_LANES;
    for (unsigned lane = 0; lane < SVM_LANES; lane++)
        set_lane(&block, lane, first + lane, SVM_NO_FOLD);
    solve(&block, effort);
    if (weights)
        give_weights(&block, first, weights);
    give_duals(&block, duals);
    return true;
}

/* From the a_i of whole models. */
static void start(struct block *block, const float *duals)
{
    struct svm_pass *pass = &block->pass;
    uint32_t rows = block->svm->problem.x->rows;
    svm_start(pass, rows, block->models, block->kernels->lanes, duals);
    list_all(block);
    for (uint32_t row = 0; row < rows; row++)
        if (block->list[row] & SVM_BUSY)
            block->kernels->add(pass, row);
}

static void give_scores(const struct block *block, float *scores)
{
    const struct svm_pass *pass = &block->pass;
    const struct svm_problem *problem = &block->svm->problem;
    for (uint32_t row = 0; row < problem->x->rows; row++) {
        float of_lanes[SVM_LANES];
        block->kernels->score(pass, row, of_lanes);
        for (unsigned lane = 0; lane < block->models; lane++)
            if (pass->left_out[lane] == problem->fold_of[row])
                scores[(size_t)row * problem->classes + pass->labels[lane]] =
                    pass->bias[lane] +
                    pass->rows[row].stretch * (of_lanes[lane] - pass->bias[lane]);
    }
}

bool svm_hold_out(const struct svm *svm, struct svm_room *room, uint32_t number, const float *duals,
                  float *scores, struct svm_effort *effort)
{
    struct block block;
    uint32_t folds = svm->problem.folds;
    if (!block_begin(&block, svm, room, (uint64_t)svm->problem.classes * folds,
                     ORDER_OF_HOLDING_OUT, number))
        return false;
    block.idle_at_most = idle_when_near;
    if (svm->problem.tolerance > tight)
        block.looks = LOOKS_WHEN_NEAR;
    uint64_t first = (uint64_t)number * SVM_LANES;
    for (unsigned lane = 0; lane < SVM_LANES; lane++)
        set_lane(&block, lane, (uint32_t)((first + lane) / folds),
                 (uint32_t)((first + lane) % folds));
    start(&block, duals);
    solve(&block, effort);
    give_scores(&block, scores);
    return true;
}

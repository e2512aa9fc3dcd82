/*
 * model: the vectors and biases in training, with the squares that AdaGrad keeps.
 *
 * The rows are those of adagrad.h, those of a stripe (grid.h) one after the other: the words'
 * stripes, then the contexts'.
 */
#ifndef GLOVE_MODEL_H
#define GLOVE_MODEL_H

#include "base/error.h"
#include "glove/adagrad.h"
#include "glove/grid.h"

#include <stdbool.h>

/* Start from model_make; freed by model_free. */
struct model {
    struct grid grid;
    size_t dim, width;
    float *words, *contexts; /* each grid_stripes x grid_rows rows of 2 x width */
    float *rates;            /* width for words, width for contexts */
    struct adagrad adagrad;  /* points to the rates */
};

/* The bytes of a row, and of all a model holds; model_make is for those that a size_t can count. */
size_t model_row_size(size_t dim);
uint64_t model_size(const struct grid *grid, size_t dim);

/*
 * Makes a model whose numbers are uniform over +-0.5/dim, drawn for each word from `seed` and
 * its rank, and whose squares are 1. `eta` is the vectors' learning rate. Status SYSTEM.
 */
bool model_make(struct model *model, const struct grid *grid, size_t dim, double eta, uint64_t seed,
                struct error *error);
void model_free(struct model *model);

enum model_side { MODEL_WORD, MODEL_CONTEXT };

/* The rows of a stripe; `width` numbers of a word by rank, and as many squares behind them. */
float *model_stripe(const struct model *model, enum model_side side, size_t stripe);
float *model_row(const struct model *model, enum model_side side, uint32_t rank);

/* The lane of a row that holds its bias. */
static inline size_t model_bias_lane(const struct model *model, enum model_side side)
{
    return model->dim + (side == MODEL_CONTEXT);
}

/*
 * All that is known of a word, in model_state_dim numbers: its vector and bias, its context's, and
 * the squares of both likewise. Setting them for every word makes a model go on as that one.
 */
static inline size_t model_state_dim(size_t dim)
{
    return 4 * (dim + 1);
}
void model_get_state(const struct model *model, uint32_t rank, float *state);
void model_set_state(struct model *model, uint32_t rank, const float *state);

/* What of a word is its vector. */
enum model_part { MODEL_SUM, MODEL_WORDS, MODEL_CONTEXTS };

/* The vector of a word by rank: `dim` numbers, w + c, w or c. */
void model_vector(const struct model *model, enum model_part part, uint32_t rank, float *vector);

/* The mean vector of the (at most 100) rarest words, summed in double by rank: for `<unk>`. */
void model_rare_vector(const struct model *model, enum model_part part, float *vector);

#endif

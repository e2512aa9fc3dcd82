/* Rows lie stripe by stripe, so that a block's words, and its contexts, are next to each other. */
#include "glove/model.h"

#include "base/memory.h"
#include "base/random.h"

#include <stdlib.h>

enum { RARE_WORDS = 100 };

/* Streams of random numbers: a word's numbers have twice its rank, a context's one more. */
static struct random random_of(uint64_t seed, enum model_side side, uint32_t rank)
{
    return random_keyed(seed, 2 * (uint64_t)rank + (side == MODEL_CONTEXT));
}

size_t model_row_size(size_t dim)
{
    return 2 * adagrad_width(dim) * sizeof(float);
}

/* Bytes of the words' rows, or the contexts'. */
static uint64_t side_size(const struct grid *grid, size_t dim)
{
    return (uint64_t)grid_stripes(grid) * grid_rows(grid) * model_row_size(dim);
}

uint64_t model_size(const struct grid *grid, size_t dim)
{
    return 2 * side_size(grid, dim);
}

float *model_stripe(const struct model *model, enum model_side side, size_t stripe)
{
    float *rows = side == MODEL_WORD ? model->words : model->contexts;
    return rows + stripe * grid_rows(&model->grid) * 2 * model->width;
}

float *model_row(const struct model *model, enum model_side side, uint32_t rank)
{
    uint32_t place = grid_place(&model->grid, rank);
    return model_stripe(model, side, place >> model->grid.row_bits) +
           (size_t)grid_row(&model->grid, place) * 2 * model->width;
}

static void start_row(const struct model *model, enum model_side side, uint32_t rank, uint64_t seed)
{
    struct random random = random_of(seed, side, rank);
    float *row = model_row(model, side, rank);
    for (size_t lane = 0; lane < model->width; lane++) {
        row[lane] = 0;
        row[model->width + lane] = 1;
    }
    for (size_t lane = 0; lane < model->dim; lane++)
        row[lane] = (float)((random_unit(&random) - 0.5) / (double)model->dim);
    enum model_side other = side == MODEL_WORD ? MODEL_CONTEXT : MODEL_WORD;
    row[model_bias_lane(model, side)] = (float)((random_unit(&random) - 0.5) / (double)model->dim);
    row[model_bias_lane(model, other)] = 1;
}

static void set_rates(struct model *model, double eta)
{
    float *words = model->rates, *contexts = model->rates + model->width;
    for (size_t lane = 0; lane < model->width; lane++)
        words[lane] = contexts[lane] = lane < model->dim ? (float)eta : 0;
    words[model_bias_lane(model, MODEL_WORD)] = 1;
    contexts[model_bias_lane(model, MODEL_CONTEXT)] = 1;
    model->adagrad = (struct adagrad){model->width, words, contexts};
}

bool model_make(struct model *model, const struct grid *grid, size_t dim, double eta, uint64_t seed,
                struct error *error)
{
    *model = (struct model){.grid = *grid, .dim = dim, .width = adagrad_width(dim)};
    model->words = memory_large(side_size(grid, dim));
    model->contexts = memory_large(side_size(grid, dim));
    model->rates = memory_array(2 * model->width, sizeof *model->rates);
    if (!model->words || !model->contexts || !model->rates) {
        model_free(model);
        return error_memory(error, "starting to train");
    }
    set_rates(model, eta);
    for (uint32_t rank = 0; rank < grid->words; rank++) {
        start_row(model, MODEL_WORD, rank, seed);
        start_row(model, MODEL_CONTEXT, rank, seed);
    }
    return true;
}

void model_free(struct model *model)
{
    free(model->words);
    free(model->contexts);
    free(model->rates);
    *model = (struct model){0};
}

/*
 * Where in a row number `i` of its half of a state lies: the vector, then the bias. A state is
 * the numbers of both halves, then their squares.
 */
static size_t state_lane(const struct model *model, enum model_side side, size_t i)
{
    return i < model->dim ? i : model_bias_lane(model, side);
}

void model_get_state(const struct model *model, uint32_t rank, float *state)
{
    size_t half = model->dim + 1;
    for (enum model_side side = MODEL_WORD; side <= MODEL_CONTEXT; side++, state += half) {
        const float *row = model_row(model, side, rank);
        for (size_t i = 0; i < half; i++) {
            size_t lane = state_lane(model, side, i);
            state[i] = row[lane];
            state[2 * half + i] = row[model->width + lane];
        }
    }
}

void model_set_state(struct model *model, uint32_t rank, const float *state)
{
    size_t half = model->dim + 1;
    for (enum model_side side = MODEL_WORD; side <= MODEL_CONTEXT; side++, state += half) {
        float *row = model_row(model, side, rank);
        for (size_t i = 0; i < half; i++) {
            size_t lane = state_lane(model, side, i);
            row[lane] = state[i];
            row[model->width + lane] = state[2 * half + i];
        }
    }
}

void model_vector(const struct model *model, enum model_part part, uint32_t rank, float *vector)
{
    const float *word = model_row(model, MODEL_WORD, rank);
    const float *context = model_row(model, MODEL_CONTEXT, rank);
    for (size_t lane = 0; lane < model->dim; lane++)
        vector[lane] = part == MODEL_SUM     ? word[lane] + context[lane]
                       : part == MODEL_WORDS ? word[lane]
                                             : context[lane];
}

void model_rare_vector(const struct model *model, enum model_part part, float *vector)
{
    size_t words = model->grid.words, count = words < RARE_WORDS ? words : RARE_WORDS;
    for (size_t lane = 0; lane < model->dim; lane++) {
        double sum = 0;
        for (size_t rank = words - count; rank < words; rank++) {
            float word = model_row(model, MODEL_WORD, (uint32_t)rank)[lane];
            float context = model_row(model, MODEL_CONTEXT, (uint32_t)rank)[lane];
            sum += part == MODEL_SUM     ? (double)word + (double)context
                   : part == MODEL_WORDS ? word
                                         : context;
        }
        vector[lane] = (float)(sum / (double)count);
    }
}

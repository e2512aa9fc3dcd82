/* A pass over all blocks by a team, which strata.h keeps out of each other's rows. */
#include "glove/training.h"

#include "base/memory.h"
#include "glove/strata.h"

#include <math.h>
#include <stdlib.h>

/* Members use their own buffer; each block has a cost of its own, added up in order. */
struct pass {
    const struct training *training;
    struct nonzero **buffers; /* by member; NULL where all shards are in memory */
    double *costs;            /* by block */
};

static bool visit_block(void *shared, unsigned member, size_t row, size_t column,
                        struct error *error)
{
    const struct pass *pass = shared;
    const struct training *training = pass->training;
    const struct model *model = training->model;
    size_t block = row << model->grid.stripe_bits | column, count;
    const struct nonzero *nonzeros =
        shards_get(training->shards, (uint32_t)block, pass->buffers ? pass->buffers[member] : NULL,
                   &count, error);
    if (!nonzeros && count)
        return false;
    pass->costs[block] =
        training->pass(&model->adagrad, model_stripe(model, MODEL_WORD, row),
                       model_stripe(model, MODEL_CONTEXT, column), nonzeros, count);
    return true;
}

static void tell(void *shared, uint64_t blocks)
{
    const struct pass *pass = shared;
    if (pass->training->progressed)
        pass->training->progressed(pass->training->context, blocks);
}

static void free_buffers(struct nonzero **buffers, unsigned jobs)
{
    for (unsigned i = 0; buffers && i < jobs; i++)
        free(buffers[i]);
    free(buffers);
}

static bool make_buffers(struct pass *pass, unsigned jobs)
{
    if (!pass->training->shards->in_file)
        return true;
    pass->buffers = calloc(jobs, sizeof(struct nonzero *));
    for (unsigned i = 0; pass->buffers && i < jobs; i++) {
        pass->buffers[i] = memory_array(pass->training->shards->longest, sizeof *pass->buffers[i]);
        if (!pass->buffers[i]) {
            free_buffers(pass->buffers, jobs);
            pass->buffers = NULL;
        }
    }
    return pass->buffers != NULL;
}

static double add_costs(const struct pass *pass)
{
    double sum = 0;
    for (size_t block = 0; block < pass->training->shards->blocks; block++)
        sum += pass->costs[block];
    return 0.5 * sum / (double)pass->training->shards->count;
}

bool training_pass(const struct training *training, uint64_t number, double *cost,
                   struct error *error)
{
    struct pass pass = {.training = training,
                        .costs = calloc(training->shards->blocks, sizeof *pass.costs)};
    struct strata strata = {.stripes = grid_stripes(&training->model->grid),
                            .seed = training->seed,
                            .pass = number,
                            .jobs = training->jobs,
                            .visit = visit_block,
                            .progressed = tell,
                            .shared = &pass};
    bool done = pass.costs && make_buffers(&pass, training->jobs);
    done = done ? strata_run(&strata, error) : error_memory(error, "training");
    if (done)
        *cost = add_costs(&pass);
    free_buffers(pass.buffers, training->jobs);
    free(pass.costs);
    if (done && !isfinite(*cost))
        return error_set(error, STATUS_INPUT,
                         "pass %llu: the cost is no number any more: lower --eta",
                         (unsigned long long)number);
    return done;
}

/*
 * Fills shards from sorted cells: a pipeline whose reader gathers the cells of one block after
 * another, whose workers turn each into nonzeros and shuffle them, and whose writer puts them.
 */
#include "glove/fill.h"

#include "base/memory.h"
#include "base/numeric.h"
#include "base/random.h"
#include "par/pipeline.h"

#include <stdlib.h>

/* Streams of random numbers: a block's order has that of the block's number. */
#define SHUFFLE_STREAM (UINT64_C(1) << 56)

/* Nonzeros of one block. */
struct side {
    uint32_t block;
    struct nonzero *nonzeros;
    size_t count;
};

/* The cells of a block, and what they become. */
struct batch {
    uint32_t block;
    struct cell_count *cells;
    size_t count, capacity;
    struct side sides[2]; /* the second: the other order */
};

/* The reader has `merge`, `ahead` and `more`; the writer `shards`. */
struct fill {
    struct merge *merge;
    const struct fill_rules *rules;
    struct shards *shards;
    struct cell_count ahead; /* the next block's first cell */
    bool more;               /* there is one */
};

static enum pipeline_read gather_block(void *shared, void *item, struct error *error)
{
    struct fill *fill = shared;
    struct batch *batch = item;
    if (!fill->more)
        return PIPELINE_END;
    batch->block = grid_cell_block(&fill->rules->counted->grid, fill->ahead.cell);
    batch->count = 0;
    do {
        if (!memory_reserve(&batch->cells, &batch->capacity, batch->count + 1,
                            sizeof *batch->cells)) {
            error_memory(error, "arranging pairs of words");
            return PIPELINE_FAILED;
        }
        batch->cells[batch->count++] = fill->ahead;
        if (!merge_next(fill->merge, &fill->ahead, &fill->more, error))
            return PIPELINE_FAILED;
    } while (fill->more &&
             grid_cell_block(&fill->rules->counted->grid, fill->ahead.cell) == batch->block);
    return PIPELINE_BATCH;
}

static struct nonzero nonzero_of(const struct fill *fill, struct cell_count cell)
{
    const struct grid *grid = &fill->rules->counted->grid;
    double x = (double)cell.sum / (double)(1 << PAIRS_UNIT_BITS), x_max = fill->rules->x_max;
    return (struct nonzero){
        .word = grid_cell_word(grid, cell.cell),
        .context = grid_cell_context(grid, cell.cell),
        .log_count = (float)numeric_log(x),
        .weight = x < x_max ? (float)numeric_power(x / x_max, fill->rules->alpha) : 1,
    };
}

static void append(struct side *side, struct nonzero nonzero)
{
    side->nonzeros[side->count++] = nonzero;
}

static struct nonzero turned(struct nonzero nonzero)
{
    uint16_t word = nonzero.word;
    nonzero.word = nonzero.context;
    nonzero.context = word;
    return nonzero;
}

/* Both orders of a symmetric window; they are in one block where both words are in one stripe. */
static void append_cell(const struct fill *fill, struct batch *batch, struct cell_count cell)
{
    struct side *same = &batch->sides[0], *other = &batch->sides[1];
    if (other->block == same->block)
        other = same;
    bool twin = other == same && grid_cell_word(&fill->rules->counted->grid, cell.cell) ==
                                     grid_cell_context(&fill->rules->counted->grid, cell.cell);
    if (fill->rules->counted->symmetric && twin)
        cell.sum *= 2; /* each meeting of a word with itself is one in either order */
    struct nonzero nonzero = nonzero_of(fill, cell);
    append(same, nonzero);
    if (fill->rules->counted->symmetric && !twin)
        append(other, turned(nonzero));
}

static void shuffle(const struct fill *fill, const struct side *side)
{
    struct random random = random_keyed(fill->rules->seed, SHUFFLE_STREAM | side->block);
    for (size_t left = side->count; left > 1; left--) {
        size_t other = random_below(&random, (uint32_t)left);
        struct nonzero moved = side->nonzeros[left - 1];
        side->nonzeros[left - 1] = side->nonzeros[other];
        side->nonzeros[other] = moved;
    }
}

static bool turn_block(void *shared, unsigned worker, void *item, struct error *error)
{
    const struct fill *fill = shared;
    struct batch *batch = item;
    unsigned bits = fill->rules->counted->grid.stripe_bits;
    uint32_t mask = ((uint32_t)1 << bits) - 1;
    uint32_t other = (batch->block & mask) << bits | batch->block >> bits;
    bool two = fill->rules->counted->symmetric && other != batch->block;
    (void)worker;
    size_t most = fill->rules->counted->symmetric && !two ? 2 * batch->count : batch->count;
    batch->sides[0] = (struct side){batch->block, memory_array(most, sizeof(struct nonzero)), 0};
    batch->sides[1] =
        (struct side){other, two ? memory_array(most, sizeof(struct nonzero)) : NULL, 0};
    if (!batch->sides[0].nonzeros || (two && !batch->sides[1].nonzeros))
        return error_memory(error, "arranging pairs of words");
    for (size_t i = 0; i < batch->count; i++)
        append_cell(fill, batch, batch->cells[i]);
    for (int i = 0; i < 1 + two; i++)
        shuffle(fill, &batch->sides[i]);
    return true;
}

static bool put_block(void *shared, void *item, struct error *error)
{
    const struct fill *fill = shared;
    struct batch *batch = item;
    for (int i = 0; i < 2; i++) {
        struct side side = batch->sides[i];
        batch->sides[i].nonzeros = NULL;
        if (side.nonzeros &&
            !shards_put(fill->shards, side.block, side.nonzeros, side.count, error))
            return false;
    }
    return true;
}

/* Blocks are about equally large (grid.h): how many of them may be in hand. */
static size_t batches_for(const struct fill *fill)
{
    const struct pairs_rules *counted = fill->rules->counted;
    uint64_t stripes = grid_stripes(&counted->grid);
    uint64_t blocks = counted->symmetric ? stripes * (stripes + 1) / 2 : stripes * stripes;
    uint64_t size = (fill->merge->most / blocks + 1) *
                    (sizeof(struct cell_count) + (1 + counted->symmetric) * sizeof(struct nonzero));
    uint64_t busy = pipeline_batches(fill->rules->jobs), fit = fill->rules->most_bytes / size;
    return (size_t)(fit < 1 ? 1 : fit < busy ? fit : busy);
}

static void free_batch(void *item)
{
    struct batch *batch = item;
    free(batch->cells);
    free(batch->sides[0].nonzeros);
    free(batch->sides[1].nonzeros);
}

bool fill_shards(struct shards *shards, struct merge *merge, const struct fill_rules *rules,
                 struct error *error)
{
    struct fill fill = {.merge = merge, .rules = rules, .shards = shards};
    const struct pipeline pipeline = {.batch_size = sizeof(struct batch),
                                      .most_batches = batches_for(&fill),
                                      .shared = &fill,
                                      .release = free_batch,
                                      .read = gather_block,
                                      .work = turn_block,
                                      .write = put_block};
    return merge_next(merge, &fill.ahead, &fill.more, error) &&
           pipeline_run(&pipeline, rules->jobs, error);
}

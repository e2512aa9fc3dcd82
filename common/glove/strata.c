/*
 * In stratum number s, row r meets column (r + shift[s]) mod S. A row goes through its S strata
 * in order, and so does a column, so the block of row r in stratum s may be visited when its row
 * and its column have both been through s strata. Threads take the block that is farthest behind
 * of those that may be visited; where there is none, another thread is at work on one that will
 * free some. `lock` guards all but the constant members.
 */
#include "glove/strata.h"

#include "base/memory.h"
#include "base/random.h"
#include "par/team.h"

#include <pthread.h>
#include <stdlib.h>

/* Streams of random numbers: a pass has that of its number. */
#define STRATA_STREAM (UINT64_C(2) << 56)

struct run {
    const struct strata *strata;
    uint32_t *shifts; /* by stratum */

    pthread_mutex_t lock;
    pthread_cond_t visited;
    uint32_t *row_done, *column_done; /* strata that each has been through */
    bool *row_busy;
    uint64_t blocks_done, blocks_left; /* left: not taken yet */
    bool failed;
    struct error error;
};

static void shuffle_shifts(struct run *run)
{
    uint32_t stripes = (uint32_t)run->strata->stripes;
    struct random random = random_keyed(run->strata->seed, STRATA_STREAM | run->strata->pass);
    for (uint32_t i = 0; i < stripes; i++)
        run->shifts[i] = i;
    for (uint32_t left = stripes; left > 1; left--) {
        uint32_t other = random_below(&random, left), moved = run->shifts[left - 1];
        run->shifts[left - 1] = run->shifts[other];
        run->shifts[other] = moved;
    }
}

static size_t column_of(const struct run *run, size_t row)
{
    return (row + run->shifts[run->row_done[row]]) % run->strata->stripes;
}

/* The row whose next block to visit; `stripes` when none may be visited now. */
static size_t choose_row(const struct run *run)
{
    size_t stripes = run->strata->stripes, best = stripes;
    for (size_t row = 0; row < stripes; row++) {
        uint32_t done = run->row_done[row];
        if (run->row_busy[row] || done == stripes || run->column_done[column_of(run, row)] != done)
            continue;
        if (best == stripes || done < run->row_done[best])
            best = row;
    }
    return best;
}

/* Takes a row, waiting for one; `stripes` when nothing is left to take. Called with the lock. */
static size_t take_row(struct run *run)
{
    while (!run->failed && run->blocks_left) {
        size_t row = choose_row(run);
        if (row < run->strata->stripes) {
            run->row_busy[row] = true;
            run->blocks_left--;
            return row;
        }
        pthread_cond_wait(&run->visited, &run->lock);
    }
    return run->strata->stripes;
}

/* Called with the lock. */
static void give_back(struct run *run, size_t row, size_t column, const struct error *failure)
{
    run->row_done[row]++;
    run->column_done[column]++;
    run->row_busy[row] = false;
    run->blocks_done++;
    if (failure && !run->failed) {
        run->failed = true;
        run->error = *failure;
    }
    pthread_cond_broadcast(&run->visited);
}

static void visit_blocks(void *shared, unsigned member)
{
    struct run *run = shared;
    const struct strata *strata = run->strata;
    pthread_mutex_lock(&run->lock);
    for (;;) {
        size_t row = take_row(run);
        if (row == strata->stripes)
            break;
        size_t column = column_of(run, row);
        uint64_t blocks = run->blocks_done;
        struct error error = {0};
        pthread_mutex_unlock(&run->lock);
        bool done = strata->visit(strata->shared, member, row, column, &error);
        if (member == 0 && strata->progressed)
            strata->progressed(strata->shared, blocks);
        pthread_mutex_lock(&run->lock);
        give_back(run, row, column, done ? NULL : &error);
    }
    pthread_mutex_unlock(&run->lock);
}

bool strata_run(const struct strata *strata, struct error *error)
{
    size_t stripes = strata->stripes;
    struct run run = {.strata = strata,
                      .lock = PTHREAD_MUTEX_INITIALIZER,
                      .visited = PTHREAD_COND_INITIALIZER,
                      .shifts = memory_array(stripes, sizeof *run.shifts),
                      .row_done = calloc(stripes, sizeof *run.row_done),
                      .column_done = calloc(stripes, sizeof *run.column_done),
                      .row_busy = calloc(stripes, sizeof *run.row_busy),
                      .blocks_left = (uint64_t)stripes * stripes};
    bool done = run.shifts && run.row_done && run.column_done && run.row_busy;
    if (done) {
        shuffle_shifts(&run);
        team_run(strata->jobs, visit_blocks, &run);
        done = !run.failed;
        if (run.failed)
            *error = run.error;
    } else {
        error_memory(error, "training");
    }
    free(run.shifts);
    free(run.row_done);
    free(run.column_done);
    free(run.row_busy);
    return done;
}

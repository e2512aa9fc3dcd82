/*
 * The parent's side of the pool: who gets which task, what comes back (child.h has the pipes and
 * the other side). One thread does it all, in a loop of handing out, waiting and taking.
 *
 * A child holds up to two tasks, so that it finds the next one waiting when it is done and
 * never idles until the parent is scheduled. Near the end each gets one at a time, so that no
 * task waits behind another while a worker has none.
 *
 * Memory: results that arrive before their turn wait in `struct task`, as many as workers
 * differ in speed, all of them at worst.
 */
#include "par/child.h"

#include "base/memory.h"
#include "base/process.h"
#include "base/report.h"
#include "base/words.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HELD = 2 }; /* tasks that a child holds at most */

/* Seconds between looks at who is stopped, and for how long one may be seen so. */
static const double look_every = 0.5, patience = 2;

struct task {
    unsigned failures;
    bool handed; /* given to a worker that lives, or finished */
    bool finished;
    unsigned char *bytes; /* the result, from its arrival to its turn */
    size_t size;
};

struct worker {
    struct child *child; /* one of pool->children */
    uint64_t held[HELD];
    unsigned held_count;
    struct child_reply reply; /* the one that is coming in */
    unsigned char *bytes;     /* its bytes */
    size_t got, bytes_size;   /* of reply and bytes together; allocated */
    double stopped;           /* for so long it has been seen to be stopped */
};

/* Counts its tasks from 0; only the plan's functions and messages know their numbers. */
struct pool {
    const struct workers *plan;
    struct worker *workers; /* each has the child of its number */
    struct child *children;
    struct pollfd *polled;
    unsigned count;
    struct task *tasks;
    uint64_t next; /* no task below it waits to be handed out */
    uint64_t turn; /* results below it were taken */
    uint64_t unhanded;
    bool more;     /* the plan's meanwhile has something to do */
    double looked; /* when the workers were last looked at */
};

bool workers_append(struct workers_result *result, const void *bytes, size_t size)
{
    if (!size)
        return true;
    if (!memory_reserve(&result->bytes, &result->capacity, result->size + size, 1))
        return false;
    memcpy(result->bytes + result->size, bytes, size);
    result->size += size;
    return true;
}

/* Its place is free again. */
static void worker_close(struct worker *worker)
{
    child_close(worker->child);
    free(worker->bytes);
    *worker->child = (struct child){0};
    *worker = (struct worker){.child = worker->child};
}

/* ---- handing out ---- */

static bool is_ready(const struct pool *pool, uint64_t task)
{
    const struct workers *plan = pool->plan;
    return !plan->after || plan->after(plan->context, plan->first + task) <= pool->turn;
}

/* The first task that waits to be handed out and for nothing else. False where there is none. */
static bool find_task(struct pool *pool, uint64_t *task)
{
    const uint64_t tasks = pool->plan->tasks;
    while (pool->next < tasks && pool->tasks[pool->next].handed)
        pool->next++;
    for (*task = pool->next; *task < tasks; ++*task)
        if (!pool->tasks[*task].handed && is_ready(pool, *task))
            return true;
    return false;
}

static bool hand_task(struct pool *pool, struct worker *worker, uint64_t task)
{
    if (!child_ask(worker->child, task))
        return false;
    pool->tasks[task].handed = true;
    pool->unhanded--;
    worker->held[worker->held_count++] = task;
    return true;
}

static bool any_alive(const struct pool *pool)
{
    for (unsigned i = 0; i < pool->count; i++)
        if (pool->children[i].pid)
            return true;
    return false;
}

/* Keeps every worker busy, with a second task where there are plenty. */
static bool hand_out(struct pool *pool, struct error *error)
{
    for (unsigned round = 0; round < HELD; round++)
        for (unsigned i = 0; i < pool->count; i++) {
            struct worker *worker = &pool->workers[i];
            bool wants = worker->held_count == round && pool->unhanded > round * pool->count;
            uint64_t task;
            if (!wants || !find_task(pool, &task))
                continue;
            if (!worker->child->pid &&
                !child_start(worker->child, pool->children, pool->count, pool->plan)) {
                if (any_alive(pool))
                    continue; /* fewer will do */
                return error_errno(error, "starting a worker process");
            }
            if (!hand_task(pool, worker, task))
                return error_errno(error, "handing a %s to a worker process", pool->plan->noun);
        }
    return true;
}

/* A task that its worker did not finish waits again. */
static void give_back(struct pool *pool, uint64_t task)
{
    pool->tasks[task].handed = false;
    pool->unhanded++;
    if (task < pool->next)
        pool->next = task;
}

static bool task_failed(struct pool *pool, uint64_t task, const char *cause, struct error *error)
{
    const struct workers *plan = pool->plan;
    const uint64_t number = plan->first + task;
    if (++pool->tasks[task].failures == WORKERS_TRIES)
        return error_set(error, STATUS_SYSTEM, "%s %llu failed %d times: %s", plan->noun,
                         (unsigned long long)number, WORKERS_TRIES, cause);
    if (plan->again)
        plan->again(plan->context, number, cause);
    return true;
}

static bool worker_died(struct pool *pool, struct worker *worker, const char *broken,
                        struct error *error)
{
    char cause[160];
    if (broken)
        kill(worker->child->pid, SIGKILL);
    child_reap(worker->child, cause, sizeof cause);
    uint64_t held[HELD];
    unsigned count = worker->held_count;
    memcpy(held, worker->held, sizeof held);
    worker_close(worker);
    for (unsigned i = 0; i < count; i++)
        give_back(pool, held[i]);
    /* Only the first was being worked on. */
    return count == 0 || task_failed(pool, held[0], broken ? broken : cause, error);
}

/* ---- results ---- */

/* Passes on the results whose turn it is. */
static bool take_turns(struct pool *pool, struct error *error)
{
    const struct workers *plan = pool->plan;
    for (; pool->turn < plan->tasks && pool->tasks[pool->turn].finished; pool->turn++) {
        struct task *task = &pool->tasks[pool->turn];
        bool taken = !plan->take || plan->take(plan->context, plan->first + pool->turn, task->bytes,
                                               task->size, error);
        free(task->bytes);
        task->bytes = NULL;
        if (!taken)
            return false;
        pool->more = plan->meanwhile;
    }
    return true;
}

/* A whole reply is here. */
static bool reply_arrived(struct pool *pool, struct worker *worker, struct error *error)
{
    struct child_reply *reply = &worker->reply;
    if (words_hash((const char *)worker->bytes, reply->size) != reply->hash)
        return worker_died(pool, worker, "its worker sent a damaged result", error);
    worker->held_count--;
    memmove(worker->held, worker->held + 1, sizeof worker->held - sizeof *worker->held);
    worker->got = 0;
    if (reply->failed) {
        give_back(pool, reply->task);
        char sentence[ERROR_TEXT_SIZE];
        snprintf(sentence, sizeof sentence, "%.*s", (int)reply->size,
                 reply->size ? (const char *)worker->bytes : "");
        return task_failed(pool, reply->task, sentence, error);
    }
    struct task *task = &pool->tasks[reply->task];
    task->finished = true;
    task->bytes = worker->bytes;
    task->size = reply->size;
    worker->bytes = NULL;
    worker->bytes_size = 0;
    return true;
}

/* The reply's head is here: makes room for its bytes. A clause of what is wrong, or NULL. */
static const char *reply_begins(struct pool *pool, struct worker *worker)
{
    struct child_reply *reply = &worker->reply;
    size_t limit = reply->failed ? ERROR_TEXT_SIZE : pool->plan->result_limit;
    if (!worker->held_count || reply->task != worker->held[0] || reply->size > limit)
        return "its worker sent a damaged result";
    free(worker->bytes);
    worker->bytes = memory_array(reply->size, 1);
    worker->bytes_size = reply->size;
    return worker->bytes ? NULL : "no memory for its result";
}

/* Reads what a worker has sent, at most one reply. */
static bool worker_readable(struct pool *pool, struct worker *worker, struct error *error)
{
    size_t head = sizeof worker->reply;
    bool in_head = worker->got < head;
    char *to = in_head ? (char *)&worker->reply + worker->got
                       : (char *)worker->bytes + (worker->got - head);
    size_t wanted = in_head ? head - worker->got : head + worker->bytes_size - worker->got;
    ssize_t got = read(worker->child->result, to, wanted);
    if (got < 0)
        return errno == EINTR || error_errno(error, "reading from a worker process");
    if (got == 0)
        return worker_died(pool, worker, NULL, error);
    worker->got += (size_t)got;
    if (worker->got < head)
        return true;
    if (in_head) {
        const char *broken = reply_begins(pool, worker);
        if (broken)
            return worker_died(pool, worker, broken, error);
    }
    return worker->got < head + worker->bytes_size || reply_arrived(pool, worker, error);
}

/*
 * A worker that a signal has stopped sends nothing, nor does it end. It gets some time, as when all
 * of a job is stopped and goes on; of the time that this process itself did not run, no more than
 * two looks count. Then its tasks go to others.
 */
static bool look_at_workers(struct pool *pool, struct error *error)
{
    double now = report_seconds(), passed = now - pool->looked;
    if (passed < look_every)
        return true;
    pool->looked = now;
    if (passed > 2 * look_every)
        passed = 2 * look_every;
    for (unsigned i = 0; i < pool->count; i++) {
        struct worker *worker = &pool->workers[i];
        if (!worker->child->pid)
            continue;
        worker->stopped = process_is_stopped(worker->child->pid) ? worker->stopped + passed : 0;
        if (worker->stopped > patience &&
            !worker_died(pool, worker, "its worker was stopped by a signal", error))
            return false;
    }
    return true;
}

/* Only those that live are asked: poll takes no more than a process may have open. */
static bool wait_for_results(struct pool *pool, struct error *error)
{
    nfds_t alive = 0, at = 0;
    for (unsigned i = 0; i < pool->count; i++)
        if (pool->children[i].pid)
            pool->polled[alive++] =
                (struct pollfd){.fd = pool->children[i].result, .events = POLLIN};
    if (poll(pool->polled, alive, pool->more ? 0 : (int)(1000 * look_every)) < 0)
        return errno == EINTR || error_errno(error, "waiting for worker processes");
    for (unsigned i = 0; i < pool->count; i++)
        if (pool->children[i].pid && pool->polled[at++].revents &&
            !worker_readable(pool, &pool->workers[i], error))
            return false;
    return look_at_workers(pool, error);
}

static bool do_meanwhile(struct pool *pool, struct error *error)
{
    return !pool->more || pool->plan->meanwhile(pool->plan->context, &pool->more, error);
}

/* ---- the run ---- */

/*
 * Ends what still runs: children that wait leave at end of file, in a failure at once. All are told
 * before one is waited for, since it takes them a while to give their memory back.
 */
static void end_children(struct pool *pool, bool failed)
{
    for (unsigned i = 0; i < pool->count; i++)
        if (pool->children[i].pid) {
            if (failed)
                kill(pool->children[i].pid, SIGKILL);
            child_close(&pool->children[i]);
            free(pool->workers[i].bytes);
        }
    for (unsigned i = 0; i < pool->count; i++)
        if (pool->children[i].pid) {
            char cause[160];
            child_reap(&pool->children[i], cause, sizeof cause);
        }
}

static void pool_end(struct pool *pool, bool failed)
{
    if (pool->workers && pool->children)
        end_children(pool, failed);
    for (uint64_t task = pool->turn; pool->tasks && task < pool->plan->tasks; task++)
        free(pool->tasks[task].bytes);
    free(pool->tasks);
    free(pool->workers);
    free(pool->children);
    free(pool->polled);
}

static bool pool_prepare(struct pool *pool, const struct workers *plan, struct error *error)
{
    unsigned count = plan->jobs < plan->tasks ? plan->jobs : (unsigned)plan->tasks;
    *pool = (struct pool){
        .plan = plan, .count = count, .unhanded = plan->tasks, .looked = report_seconds()};
    pool->workers = calloc(count, sizeof *pool->workers);
    pool->children = calloc(count, sizeof *pool->children);
    pool->polled = calloc(count, sizeof *pool->polled);
    pool->tasks = calloc(plan->tasks, sizeof *pool->tasks);
    if (!pool->workers || !pool->children || !pool->polled || !pool->tasks) {
        pool_end(pool, true);
        return error_memory(error, "starting worker processes");
    }
    for (unsigned i = 0; i < count; i++)
        pool->workers[i].child = &pool->children[i];
    return true;
}

bool workers_run(const struct workers *plan, struct error *error)
{
    struct pool pool;
    if (plan->tasks == 0)
        return true;
    if (!pool_prepare(&pool, plan, error))
        return false;
    bool good = true;
    while (good && pool.turn < plan->tasks)
        good = hand_out(&pool, error) && do_meanwhile(&pool, error) &&
               wait_for_results(&pool, error) && take_turns(&pool, error);
    pool_end(&pool, !good);
    return good;
}

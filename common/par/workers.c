/*
 * One child:
 *
 *     parent  ── request pipe: task numbers, 8 bytes each ──>  child
 *     parent  <── result pipe: struct reply, then its bytes ──  child
 *
 * A child holds up to two tasks, so that it finds the next one waiting when it is done and
 * never idles until the parent is scheduled. Near the end each gets one at a time, so that no
 * task waits behind another while a worker has none.
 *
 * The parent keeps the reading end of a request pipe open too: writing to a dead child is then
 * no SIGPIPE, its death shows on the result pipe. A child that waits still gets end of file
 * when the parent is gone, because nobody else holds the writing end.
 *
 * Memory: results that arrive before their turn wait in `struct task`, as many as workers
 * differ in speed, all of them at worst.
 */
#define _GNU_SOURCE
#include "par/workers.h"

#include "base/memory.h"
#include "base/words.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

enum { HELD = 2 }; /* tasks that a child holds at most */

/* Goes before a result's bytes. */
struct reply {
    uint64_t task;
    uint64_t size;
    uint64_t hash;   /* of the bytes */
    uint64_t failed; /* 1: the bytes are a sentence */
};

struct task {
    unsigned failures;
    bool handed; /* given to a worker that lives, or finished */
    bool finished;
    unsigned char *bytes; /* the result, from its arrival to its turn */
    size_t size;
};

struct worker {
    pid_t pid; /* 0: there is none */
    int request, request_read;
    int result;
    uint64_t held[HELD];
    unsigned held_count;
    struct reply reply;     /* the one that is coming in */
    unsigned char *bytes;   /* its bytes */
    size_t got, bytes_size; /* of reply and bytes together; allocated */
};

struct pool {
    const struct workers *plan;
    struct worker *workers;
    struct pollfd *polled;
    unsigned count;
    struct task *tasks;
    uint64_t next; /* no task below it waits to be handed out */
    uint64_t turn; /* results below it were taken */
    uint64_t unhanded;
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

/* ---- in the child ---- */

static bool write_all(int fd, const void *bytes, size_t size)
{
    const char *at = bytes;
    while (size) {
        ssize_t put = write(fd, at, size);
        if (put < 0 && errno != EINTR)
            return false;
        if (put > 0) {
            at += put;
            size -= (size_t)put;
        }
    }
    return true;
}

/* False at end of file too. */
static bool read_all(int fd, void *bytes, size_t size)
{
    char *at = bytes;
    while (size) {
        ssize_t got = read(fd, at, size);
        if (got == 0 || (got < 0 && errno != EINTR))
            return false;
        if (got > 0) {
            at += got;
            size -= (size_t)got;
        }
    }
    return true;
}

static _Noreturn void child_main(const struct workers *plan, int request, int result_fd)
{
    struct workers_result result = {0};
    uint64_t task;
    while (read_all(request, &task, sizeof task)) {
        struct error error = {0};
        result.size = 0;
        struct reply reply = {.task = task};
        if (!plan->work(plan->context, task, &result, &error)) {
            reply.failed = 1;
            result.size = 0;
            if (!workers_append(&result, error.text, strlen(error.text)))
                break;
        }
        reply.size = result.size;
        reply.hash = words_hash((const char *)result.bytes, result.size);
        if (!write_all(result_fd, &reply, sizeof reply) ||
            !write_all(result_fd, result.bytes, result.size))
            break;
    }
    _exit(0);
}

/* A child must not outlive its parent. The parent may be gone before prctl asks. */
static void die_with_parent(pid_t parent)
{
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    if (getppid() != parent)
        _exit(0);
}

/* ---- starting and ending children ---- */

static void worker_close(struct worker *worker)
{
    close(worker->request);
    close(worker->request_read);
    close(worker->result);
    free(worker->bytes);
    *worker = (struct worker){0};
}

/* In the child: what it has of the other workers' pipes. */
static void close_others(const struct pool *pool)
{
    for (unsigned i = 0; i < pool->count; i++)
        if (pool->workers[i].pid) {
            close(pool->workers[i].request);
            close(pool->workers[i].request_read);
            close(pool->workers[i].result);
        }
}

static bool worker_fork(struct pool *pool, struct worker *worker, const int request[2],
                        const int result[2])
{
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid < 0)
        return false;
    if (pid == 0) {
        die_with_parent(parent);
        close(request[1]);
        close(result[0]);
        close_others(pool);
        child_main(pool->plan, request[0], result[1]);
    }
    close(result[1]);
    *worker = (struct worker){
        .pid = pid, .request = request[1], .request_read = request[0], .result = result[0]};
    return true;
}

/* Starts a child in a free place. On false errno says why. */
static bool worker_start(struct pool *pool, struct worker *worker)
{
    int request[2], result[2];
    if (pipe(request) != 0)
        return false;
    if (pipe(result) != 0) {
        close(request[0]);
        close(request[1]);
        return false;
    }
    if (worker_fork(pool, worker, request, result))
        return true;
    int cause = errno;
    for (int end = 0; end < 2; end++) {
        close(request[end]);
        close(result[end]);
    }
    errno = cause;
    return false;
}

/* Waits for the child to be gone; a clause of how it ended. */
static void worker_reap(struct worker *worker, char *cause, size_t size)
{
    int status;
    pid_t reaped;
    do
        reaped = waitpid(worker->pid, &status, 0);
    while (reaped < 0 && errno == EINTR);
    if (reaped < 0)
        snprintf(cause, size, "its worker is gone");
    else if (WIFSIGNALED(status))
        snprintf(cause, size, "its worker was killed by signal %d (%s)", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
    else
        snprintf(cause, size, "its worker left with status %d", WEXITSTATUS(status));
}

/* ---- handing out ---- */

static bool hand_task(struct pool *pool, struct worker *worker)
{
    while (pool->tasks[pool->next].handed)
        pool->next++;
    uint64_t task = pool->next;
    /* Eight bytes of at most sixteen that wait: a pipe takes them whole, at once. */
    if (!write_all(worker->request, &task, sizeof task))
        return false;
    pool->tasks[task].handed = true;
    pool->unhanded--;
    worker->held[worker->held_count++] = task;
    return true;
}

static bool any_alive(const struct pool *pool)
{
    for (unsigned i = 0; i < pool->count; i++)
        if (pool->workers[i].pid)
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
            if (!wants)
                continue;
            if (!worker->pid && !worker_start(pool, worker)) {
                if (any_alive(pool))
                    continue; /* fewer will do */
                return error_errno(error, "starting a worker process");
            }
            if (!hand_task(pool, worker))
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
    if (++pool->tasks[task].failures == WORKERS_TRIES)
        return error_set(error, STATUS_SYSTEM, "%s %llu failed %d times: %s", plan->noun,
                         (unsigned long long)task, WORKERS_TRIES, cause);
    if (plan->again)
        plan->again(plan->context, task, cause);
    return true;
}

static bool worker_died(struct pool *pool, struct worker *worker, const char *broken,
                        struct error *error)
{
    char cause[160];
    if (broken)
        kill(worker->pid, SIGKILL);
    worker_reap(worker, cause, sizeof cause);
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
        bool taken =
            !plan->take || plan->take(plan->context, pool->turn, task->bytes, task->size, error);
        free(task->bytes);
        task->bytes = NULL;
        if (!taken)
            return false;
    }
    return true;
}

/* A whole reply is here. */
static bool reply_arrived(struct pool *pool, struct worker *worker, struct error *error)
{
    struct reply *reply = &worker->reply;
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
    struct reply *reply = &worker->reply;
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
    ssize_t got = read(worker->result, to, wanted);
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

static bool wait_for_results(struct pool *pool, struct error *error)
{
    for (unsigned i = 0; i < pool->count; i++)
        pool->polled[i] = (struct pollfd){.fd = pool->workers[i].pid ? pool->workers[i].result : -1,
                                          .events = POLLIN};
    if (poll(pool->polled, pool->count, -1) < 0)
        return errno == EINTR || error_errno(error, "waiting for worker processes");
    for (unsigned i = 0; i < pool->count; i++)
        if (pool->polled[i].revents && !worker_readable(pool, &pool->workers[i], error))
            return false;
    return true;
}

/* ---- the run ---- */

/* Ends what still runs: children that wait leave at end of file, in a failure at once. */
static void pool_end(struct pool *pool, bool failed)
{
    for (unsigned i = 0; pool->workers && i < pool->count; i++)
        if (pool->workers[i].pid) {
            char cause[160];
            struct worker ending = pool->workers[i];
            if (failed)
                kill(ending.pid, SIGKILL);
            worker_close(&pool->workers[i]);
            worker_reap(&ending, cause, sizeof cause);
        }
    for (uint64_t task = pool->turn; pool->tasks && task < pool->plan->tasks; task++)
        free(pool->tasks[task].bytes);
    free(pool->tasks);
    free(pool->workers);
    free(pool->polled);
}

static bool pool_prepare(struct pool *pool, const struct workers *plan, struct error *error)
{
    unsigned count = plan->jobs < plan->tasks ? plan->jobs : (unsigned)plan->tasks;
    *pool = (struct pool){.plan = plan, .count = count, .unhanded = plan->tasks};
    pool->workers = calloc(count, sizeof *pool->workers);
    pool->polled = calloc(count, sizeof *pool->polled);
    pool->tasks = calloc(plan->tasks, sizeof *pool->tasks);
    if (pool->workers && pool->polled && pool->tasks)
        return true;
    pool_end(pool, true);
    return error_memory(error, "starting worker processes");
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
        good = hand_out(&pool, error) && wait_for_results(&pool, error) && take_turns(&pool, error);
    pool_end(&pool, !good);
    return good;
}

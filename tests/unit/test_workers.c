/* The pool: order, deaths, damage, and nothing left behind. */
#define _GNU_SOURCE
#include "par/workers.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "helpers.h"

enum { TASKS = 60 };

/* What children tell the test beside their results; in shared memory. */
struct ledger {
    unsigned tries[TASKS];
    pid_t workers[TASKS];
    uint64_t taken; /* results, by the parent */
};

struct setting {
    struct ledger *ledger;
    /* What task `victim` does in its first `deaths` tries. */
    uint64_t victim;
    unsigned deaths;
    void (*die)(void);
    size_t result_size;
    /* What the parent saw. */
    uint64_t taken;
    unsigned again;
    char cause[200];
    uint64_t refuse; /* `take` fails at this task */
    uint64_t (*after)(void *context, uint64_t task);
};

static void die_by_kill(void)
{
    raise(SIGKILL);
}

static void die_by_abort(void)
{
    /* No report and no core: this death is meant. */
    signal(SIGABRT, SIG_DFL);
    raise(SIGABRT);
}

static void die_by_exit(void)
{
    _exit(3);
}

static bool work(void *context, uint64_t task, struct workers_result *result, struct error *error)
{
    struct setting *s = context;
    unsigned tried = ++s->ledger->tries[task];
    s->ledger->workers[task] = getpid();
    if (s->after && s->ledger->taken < s->after(context, task))
        return error_set(error, STATUS_SYSTEM, "too early");
    if (task == s->victim && tried <= s->deaths) {
        if (!s->die)
            return error_memory(error, "testing");
        /* Some of the result is on its way already. */
        workers_append(result, "half", 4);
        s->die();
    }
    for (size_t i = 0; i < s->result_size; i++) {
        unsigned char byte = (unsigned char)(task * 31 + i);
        if (!workers_append(result, &byte, 1))
            return error_memory(error, "testing");
    }
    return true;
}

static bool take(void *context, uint64_t task, const unsigned char *bytes, size_t size,
                 struct error *error)
{
    struct setting *s = context;
    assert_int_equal(task, s->taken);
    assert_int_equal(size, s->result_size);
    for (size_t i = 0; i < size; i++)
        assert_int_equal(bytes[i], (unsigned char)(task * 31 + i));
    if (task == s->refuse)
        return error_set(error, STATUS_INPUT, "refused");
    s->ledger->taken = ++s->taken;
    return true;
}

static void again(void *context, uint64_t task, const char *cause)
{
    struct setting *s = context;
    assert_int_equal(task, s->victim);
    s->again++;
    snprintf(s->cause, sizeof s->cause, "%s", cause);
}

static unsigned open_descriptors(void)
{
    unsigned count = 0;
    DIR *folder = opendir("/proc/self/fd");
    if (!folder)
        return 0;
    while (readdir(folder))
        count++;
    closedir(folder);
    return count;
}

static bool run(struct setting *s, unsigned jobs, struct error *error)
{
    const struct workers workers = {
        .context = s,
        .noun = "tree",
        .tasks = TASKS,
        .jobs = jobs,
        .result_limit = 1 << 20,
        .after = s->after,
        .work = work,
        .take = take,
        .again = again,
    };
    unsigned before = open_descriptors();
    memset(s->ledger, 0, sizeof *s->ledger);
    bool done = workers_run(&workers, error);
    assert_int_equal(open_descriptors(), before);
    assert_true(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
    return done;
}

static struct setting make_setting(size_t result_size)
{
    struct setting s = {.victim = UINT64_MAX, .refuse = UINT64_MAX, .result_size = result_size};
    s.ledger =
        mmap(NULL, sizeof *s.ledger, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(s.ledger != MAP_FAILED);
    return s;
}

static void setting_free(struct setting *s)
{
    munmap(s->ledger, sizeof *s->ledger);
}

static void test_all_in_order(void **state)
{
    (void)state;
    /* Nothing, little, and more than a pipe holds. */
    static const size_t sizes[] = {0, 100, 300000};
    for (int i = 0; i < 3; i++)
        for (unsigned jobs = 1; jobs <= 8; jobs *= 2) {
            struct setting s = make_setting(sizes[i]);
            struct error error;
            assert_true(run(&s, jobs, &error));
            assert_int_equal(s.taken, TASKS);
            for (int task = 0; task < TASKS; task++) {
                assert_int_equal(s.ledger->tries[task], 1);
                assert_int_not_equal(s.ledger->workers[task], getpid());
            }
            setting_free(&s);
        }
}

/* ---- tasks that wait for others ---- */

static uint64_t in_thirds(void *context, uint64_t task)
{
    (void)context;
    return task < TASKS / 3 ? 0 : task < 2 * TASKS / 3 ? 5 : TASKS / 3 + 7;
}

static uint64_t each_after_the_last(void *context, uint64_t task)
{
    (void)context;
    return task;
}

/* Also where a task that others wait for is done again. */
static void test_waits_for_others(void **state)
{
    (void)state;
    uint64_t (*const afters[])(void *, uint64_t) = {in_thirds, each_after_the_last};
    for (int i = 0; i < 2; i++)
        for (unsigned jobs = 1; jobs <= 8; jobs *= 2)
            for (unsigned deaths = 0; deaths < 2; deaths++) {
                struct setting s = make_setting(10);
                struct error error;
                s.after = afters[i];
                s.victim = 4;
                s.deaths = deaths;
                s.die = die_by_kill;
                assert_true(run(&s, jobs, &error));
                assert_int_equal(s.taken, TASKS);
                assert_int_equal(s.again, deaths);
                setting_free(&s);
            }
}

static uint64_t last_of_all_at_once(void *context, uint64_t task)
{
    (void)context;
    return task > 0 && task < TASKS - 1;
}

/* The first task ends when the last one was begun, or fails. */
static bool wait_for_last(void *context, uint64_t task, struct workers_result *result,
                          struct error *error)
{
    enum { MILLISECOND = 1000 };
    struct setting *s = context;
    (void)result;
    s->ledger->tries[task]++;
    for (int i = 0; task == 0 && !s->ledger->tries[TASKS - 1]; i++) {
        if (i == 20000)
            return error_set(error, STATUS_SYSTEM, "nobody came");
        usleep(MILLISECOND);
    }
    return true;
}

/* One that waits for no other goes out before those that do. */
static void test_overtakes(void **state)
{
    (void)state;
    struct setting s = make_setting(0);
    struct error error = {0};
    const struct workers workers = {.context = &s,
                                    .noun = "tree",
                                    .tasks = TASKS,
                                    .jobs = 2,
                                    .after = last_of_all_at_once,
                                    .work = wait_for_last};
    assert_true(workers_run(&workers, &error));
    for (int task = 0; task < TASKS; task++)
        assert_int_equal(s.ledger->tries[task], 1);
    setting_free(&s);
}

/* ---- what the parent does meanwhile ---- */

/* In memory that workers share. */
struct steps {
    pid_t parent;
    volatile unsigned done;
    unsigned enough, failing; /* the step of that number fails */
    uint64_t taken;
};

static bool do_step(void *context, bool *more, struct error *error)
{
    struct steps *steps = context;
    assert_true(*more && getpid() == steps->parent);
    if (++steps->done == steps->failing)
        return error_set(error, STATUS_INPUT, "a bad step");
    *more = steps->done < steps->enough;
    return true;
}

/* After the first result, which has the parent begin, there is none before it has done enough. */
static bool wait_for_steps(void *context, uint64_t task, struct workers_result *result,
                           struct error *error)
{
    const struct steps *steps = context;
    (void)result, (void)error;
    while (task && steps->done < steps->enough)
        usleep(1000);
    return true;
}

static bool count_taken(void *context, uint64_t task, const unsigned char *bytes, size_t size,
                        struct error *error)
{
    struct steps *steps = context;
    (void)task, (void)bytes, (void)size, (void)error;
    steps->taken++;
    return true;
}

/*
 * When it has said that there is no more it is asked again for each result, and no more often. One
 * worker alone sends them one by one.
 */
static void test_meanwhile(void **state)
{
    (void)state;
    struct steps *steps =
        mmap(NULL, sizeof *steps, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(steps != MAP_FAILED);
    for (unsigned failing = 0; failing < 4; failing += 3) {
        *steps = (struct steps){.parent = getpid(), .enough = 5, .failing = failing};
        struct error error = {0};
        const struct workers workers = {.context = steps,
                                        .noun = "tree",
                                        .tasks = TASKS,
                                        .jobs = 2,
                                        .work = wait_for_steps,
                                        .take = count_taken,
                                        .meanwhile = do_step};
        assert_true(workers_run(&workers, &error) == !failing);
        if (failing) {
            assert_int_equal(steps->done, failing);
            assert_int_equal(error.status, STATUS_INPUT);
        } else {
            assert_int_equal(steps->taken, TASKS);
            assert_in_range(steps->done, steps->enough, steps->enough + TASKS);
        }
    }
    munmap(steps, sizeof *steps);
}

/* ---- tasks that begin at another number than 0 ---- */

enum { FIRST = 1000 };

static bool name_task(void *context, uint64_t task, struct workers_result *result,
                      struct error *error)
{
    (void)context;
    return workers_append(result, &task, sizeof task) || error_memory(error, "testing");
}

static bool take_name(void *context, uint64_t task, const unsigned char *bytes, size_t size,
                      struct error *error)
{
    uint64_t *next = context, name;
    (void)error;
    assert_int_equal(size, sizeof name);
    memcpy(&name, bytes, size);
    assert_int_equal(name, task);
    assert_int_equal(task, (*next)++);
    return true;
}

static void test_first(void **state)
{
    (void)state;
    uint64_t next = FIRST;
    struct error error;
    const struct workers workers = {.context = &next,
                                    .noun = "tree",
                                    .first = FIRST,
                                    .tasks = TASKS,
                                    .jobs = 3,
                                    .result_limit = 8,
                                    .work = name_task,
                                    .take = take_name};
    assert_true(workers_run(&workers, &error));
    assert_int_equal(next, FIRST + TASKS);
}

/* Where a process may have few descriptors open, fewer workers than jobs will do. */
static void test_few_descriptors(void **state)
{
    (void)state;
    struct setting s = make_setting(100);
    struct error error;
    struct rlimit before, few;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    few = (struct rlimit){TASKS / 2, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    bool done = run(&s, TASKS, &error);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    if (!done)
        fail_msg("%s", error.text);
    assert_int_equal(s.taken, TASKS);
    setting_free(&s);
}

static void check_death(void (*die)(void), const char *cause)
{
    for (uint64_t victim = 0; victim < TASKS; victim += 59)
        for (unsigned jobs = 1; jobs <= 3; jobs += 2) {
            struct setting s = make_setting(70000);
            struct error error;
            s.victim = victim;
            s.deaths = WORKERS_TRIES - 1;
            s.die = die;
            assert_true(run(&s, jobs, &error));
            assert_int_equal(s.taken, TASKS);
            assert_int_equal(s.again, WORKERS_TRIES - 1);
            assert_int_equal(s.ledger->tries[victim], WORKERS_TRIES);
            assert_non_null(strstr(s.cause, cause));
            setting_free(&s);
        }
}

static void test_dead_workers_are_replaced(void **state)
{
    (void)state;
    check_death(die_by_kill, "killed by signal 9");
    check_death(die_by_abort, "killed by signal 6");
    check_death(die_by_exit, "left with status 3");
    check_death(NULL, "out of memory while testing");
}

static void check_failure(void (*die)(void), const char *cause)
{
    struct setting s = make_setting(10);
    struct error error = {0};
    s.victim = 7;
    s.deaths = WORKERS_TRIES;
    s.die = die;
    assert_false(run(&s, 2, &error));
    assert_int_equal(error.status, STATUS_SYSTEM);
    assert_non_null(strstr(error.text, "tree 7 failed 3 times"));
    assert_non_null(strstr(error.text, cause));
    assert_true(s.taken <= 7);
    setting_free(&s);
}

static void test_gives_up_in_the_end(void **state)
{
    (void)state;
    check_failure(die_by_kill, "killed by signal 9");
    check_failure(NULL, "out of memory while testing");
}

static void test_taker_refuses(void **state)
{
    (void)state;
    struct setting s = make_setting(10);
    struct error error = {0};
    s.refuse = 5;
    assert_false(run(&s, 2, &error));
    assert_int_equal(error.status, STATUS_INPUT);
    assert_string_equal(error.text, "refused");
    assert_int_equal(s.taken, 5);
    setting_free(&s);
}

static void test_result_too_large(void **state)
{
    (void)state;
    struct setting s = make_setting(10);
    struct error error = {0};
    const struct workers workers = {.context = &s,
                                    .noun = "tree",
                                    .tasks = 3,
                                    .jobs = 1,
                                    .result_limit = 9,
                                    .work = work,
                                    .take = take};
    assert_false(workers_run(&workers, &error));
    assert_non_null(strstr(error.text, "damaged result"));
    setting_free(&s);
}

/* ---- nothing outlives the parent ---- */

static bool work_forever(void *context, uint64_t task, struct workers_result *result,
                         struct error *error)
{
    struct setting *s = context;
    (void)result;
    (void)error;
    s->ledger->workers[task] = getpid();
    while (pause() != 0)
        continue;
    return true;
}

static bool gone(pid_t pid)
{
    /* A process that nobody has waited for yet is gone as well. */
    char path[64], text[256] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        return true;
    ssize_t size = read(fd, text, sizeof text - 1);
    close(fd);
    return size <= 0 || strstr(text, ") Z ") || strstr(text, ") X ");
}

static void wait_until(bool (*what)(pid_t), pid_t pid)
{
    for (int i = 0; i < 10000 && !what(pid); i++)
        usleep(1000);
    assert_true(what(pid));
}

static void test_children_die_with_the_parent(void **state)
{
    (void)state;
    struct setting s = make_setting(0);
    pid_t parent = fork();
    assert_true(parent >= 0);
    if (parent == 0) {
        const struct workers workers = {
            .context = &s, .noun = "tree", .tasks = 3, .jobs = 3, .work = work_forever};
        struct error error;
        workers_run(&workers, &error);
        _exit(0);
    }
    volatile pid_t *workers = s.ledger->workers;
    for (int i = 0; i < 10000 && !(workers[0] && workers[1] && workers[2]); i++)
        usleep(1000);
    assert_true(workers[0] && workers[1] && workers[2]);
    kill(parent, SIGKILL);
    assert_int_equal(waitpid(parent, NULL, 0), parent);
    for (int i = 0; i < 3; i++)
        wait_until(gone, workers[i]);
    setting_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_in_order),
        cmocka_unit_test(test_waits_for_others),
        cmocka_unit_test(test_overtakes),
        cmocka_unit_test(test_meanwhile),
        cmocka_unit_test(test_first),
        cmocka_unit_test(test_few_descriptors),
        cmocka_unit_test(test_dead_workers_are_replaced),
        cmocka_unit_test(test_gives_up_in_the_end),
        cmocka_unit_test(test_taker_refuses),
        cmocka_unit_test(test_result_too_large),
        cmocka_unit_test(test_children_die_with_the_parent),
    };
    return RUN_TESTS("workers", tests);
}

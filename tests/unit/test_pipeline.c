/* The pipeline: order, bounds, and the earliest failure, whichever thread is quick. */
#define _GNU_SOURCE
#include "par/pipeline.h"

#include <stdatomic.h>
#include <time.h>

#include "helpers.h"

enum { MOST_BATCHES = 64, NEVER = -1 };

struct batch {
    int number;
    int square;
};

/* A pipeline that squares the numbers 0, 1, 2, ...; stages fail where they are told to. */
struct squares {
    int count;
    int read_fails, work_fails, also_work_fails, write_fails;
    int next;
    atomic_int in_flight, most_in_flight;
    atomic_int worked;
    bool idles;
    atomic_int idled, idling, most_idling;
    int written;
    bool in_order;
    uint64_t sum;
};

static void nap(long microseconds)
{
    nanosleep(&(struct timespec){.tv_nsec = microseconds * 1000}, NULL);
}

static enum pipeline_read read_number(void *shared, void *batch, struct error *error)
{
    struct squares *squares = shared;
    struct batch *mine = batch;
    if (squares->next == squares->read_fails) {
        error_set(error, STATUS_SYSTEM, "read %d", squares->next);
        return PIPELINE_FAILED;
    }
    if (squares->next == squares->count)
        return PIPELINE_END;
    int now = atomic_fetch_add(&squares->in_flight, 1) + 1;
    if (now > atomic_load(&squares->most_in_flight))
        atomic_store(&squares->most_in_flight, now);
    mine->number = squares->next++;
    mine->square = -1;
    return PIPELINE_BATCH;
}

static bool square_number(void *shared, void *batch, struct error *error)
{
    struct squares *squares = shared;
    struct batch *mine = batch;
    /* Later batches overtake earlier ones. */
    if (mine->number % 5 == 0)
        nap(200);
    atomic_fetch_add(&squares->worked, 1);
    if (mine->number == squares->work_fails || mine->number == squares->also_work_fails) {
        /* The earlier of two failures comes last. */
        if (mine->number == squares->work_fails)
            nap(2000);
        return error_set(error, STATUS_INPUT, "work %d", mine->number);
    }
    mine->square = mine->number * mine->number;
    return true;
}

static bool add_number(void *shared, void *batch, struct error *error)
{
    struct squares *squares = shared;
    struct batch *mine = batch;
    if (mine->number == squares->write_fails)
        return error_set(error, STATUS_SYSTEM, "write %d", mine->number);
    squares->in_order = squares->in_order && mine->number == squares->written &&
                        mine->square == mine->number * mine->number;
    squares->written++;
    squares->sum += (uint64_t)mine->square;
    atomic_fetch_sub(&squares->in_flight, 1);
    return true;
}

/* Has nothing to do, every third time. */
static bool idle_a_little(void *shared)
{
    struct squares *squares = shared;
    int now = atomic_fetch_add(&squares->idling, 1) + 1;
    if (now > atomic_load(&squares->most_idling))
        atomic_store(&squares->most_idling, now);
    nap(30);
    atomic_fetch_sub(&squares->idling, 1);
    return atomic_fetch_add(&squares->idled, 1) % 3;
}

static struct squares squares_to(int count)
{
    return (struct squares){.count = count,
                            .read_fails = NEVER,
                            .work_fails = NEVER,
                            .also_work_fails = NEVER,
                            .write_fails = NEVER,
                            .in_order = true};
}

static bool run(struct squares *squares, unsigned jobs, size_t batch_count, struct error *error)
{
    static const struct pipeline stages = {.batch_size = sizeof(struct batch),
                                           .read = read_number,
                                           .work = square_number,
                                           .write = add_number};
    struct pipeline pipeline = stages;
    struct batch batches[MOST_BATCHES];
    pipeline.shared = squares;
    pipeline.idle = squares->idles ? idle_a_little : NULL;
    return pipeline_run(&pipeline, jobs, batches, batch_count, error);
}

static void assert_in_order(bool idles)
{
    static const unsigned jobs[] = {1, 2, 3, 8};
    static const size_t rings[] = {1, 2, 3, 18};
    for (int j = 0; j < 4; j++) {
        for (int r = 0; r < 4; r++) {
            struct squares squares = squares_to(300);
            struct error error = {0};
            squares.idles = idles;
            assert_true(run(&squares, jobs[j], rings[r], &error));
            assert_true(squares.in_order);
            assert_int_equal(squares.written, 300);
            /* 0 + 1 + 4 + ... + 299^2 = 299 x 300 x 599 / 6 */
            assert_int_equal(squares.sum, 8955050);
            assert_true(atomic_load(&squares.most_in_flight) <= (int)rings[r]);
            /* One of the jobs is the reader's. */
            assert_true(atomic_load(&squares.most_idling) < (int)jobs[j]);
            assert_true(idles || atomic_load(&squares.idled) == 0);
        }
    }
}

static void test_every_batch_once_and_in_order(void **state)
{
    (void)state;
    assert_in_order(false);
}

static void test_the_same_with_threads_that_idle(void **state)
{
    (void)state;
    assert_in_order(true);
}

static void test_an_empty_input(void **state)
{
    (void)state;
    struct squares squares = squares_to(0);
    struct error error = {0};
    assert_true(run(&squares, 4, 10, &error));
    assert_int_equal(squares.written, 0);
}

/* Runs to a failure and asserts its sentence, and that all batches before it were written. */
static void assert_fails(struct squares squares, const char *text, enum status status, int written)
{
    static const unsigned jobs[] = {1, 2, 8};
    for (int j = 0; j < 3; j++) {
        for (int round = 0; round < 5; round++) {
            struct squares copy = squares;
            struct error error = {0};
            assert_false(run(&copy, jobs[j], 18, &error));
            assert_string_equal(error.text, text);
            assert_int_equal(error.status, status);
            assert_true(copy.in_order);
            assert_int_equal(copy.written, written);
        }
    }
}

static void test_a_failed_read_comes_after_what_was_read(void **state)
{
    (void)state;
    struct squares squares = squares_to(100);
    squares.read_fails = 40;
    assert_fails(squares, "read 40", STATUS_SYSTEM, 40);
    squares.read_fails = 0;
    assert_fails(squares, "read 0", STATUS_SYSTEM, 0);
}

static void test_the_earliest_failure_wins(void **state)
{
    (void)state;
    struct squares squares = squares_to(100);
    squares.work_fails = 20;
    squares.also_work_fails = 21;
    squares.read_fails = 25;
    assert_fails(squares, "work 20", STATUS_INPUT, 20);
    squares.write_fails = 19;
    assert_fails(squares, "write 19", STATUS_SYSTEM, 19);
    squares.write_fails = 20;
    assert_fails(squares, "work 20", STATUS_INPUT, 20);
}

static void test_a_failure_stops_the_reader(void **state)
{
    (void)state;
    struct squares squares = squares_to(1000000);
    squares.write_fails = 3;
    struct error error = {0};
    assert_false(run(&squares, 2, 6, &error));
    assert_string_equal(error.text, "write 3");
    /* No batch is free again after the third: the ring is the bound. */
    assert_true(squares.next <= 3 + 6);
    assert_true(atomic_load(&squares.worked) <= 3 + 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_batch_once_and_in_order),
        cmocka_unit_test(test_the_same_with_threads_that_idle),
        cmocka_unit_test(test_an_empty_input),
        cmocka_unit_test(test_a_failed_read_comes_after_what_was_read),
        cmocka_unit_test(test_the_earliest_failure_wins),
        cmocka_unit_test(test_a_failure_stops_the_reader),
    };
    return RUN_TESTS("pipeline", tests);
}

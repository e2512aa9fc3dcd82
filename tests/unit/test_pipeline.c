/* The pipeline: order, bounds, workers, and the earliest failure, whichever thread is quick. */
#define _GNU_SOURCE
#include "par/pipeline.h"

#include "base/await.h"

#include <stdatomic.h>
#include <time.h>

#include "helpers.h"

enum { MOST_JOBS = 8, NEVER = -1 };

struct batch {
    void *memory; /* made once, freed once */
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
    int prepared, prepare_fails;
    atomic_int busy[MOST_JOBS]; /* of each worker number: how many work under it */
    atomic_int shared_number;   /* times that two did */
    atomic_int turns[MOST_JOBS];
    int written;
    bool in_order;
    uint64_t most_weight, sum;
};

static void nap(long microseconds)
{
    nanosleep(&(struct timespec){.tv_nsec = microseconds * 1000}, NULL);
}

static bool prepare_batch(void *shared, void *batch, struct error *error)
{
    struct squares *squares = shared;
    struct batch *mine = batch;
    assert_null(mine->memory);
    if (squares->prepared++ == squares->prepare_fails)
        return error_set(error, STATUS_SYSTEM, "prepare %d", squares->prepare_fails);
    mine->memory = test_malloc(1);
    return true;
}

static void release_batch(void *batch)
{
    struct batch *mine = batch;
    if (mine->memory)
        test_free(mine->memory);
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

static uint64_t weigh_number(const void *shared, const void *batch)
{
    (void)shared;
    return ((const struct batch *)batch)->number % 7 ? 10 : 100;
}

static bool square_number(void *shared, unsigned worker, void *batch, struct error *error)
{
    struct squares *squares = shared;
    struct batch *mine = batch;
    if (atomic_fetch_add(&squares->busy[worker], 1))
        atomic_fetch_add(&squares->shared_number, 1);
    atomic_fetch_add(&squares->turns[worker], 1);
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
    atomic_fetch_sub(&squares->busy[worker], 1);
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

static struct squares squares_to(int count)
{
    return (struct squares){.count = count,
                            .read_fails = NEVER,
                            .work_fails = NEVER,
                            .also_work_fails = NEVER,
                            .write_fails = NEVER,
                            .prepare_fails = NEVER,
                            .in_order = true};
}

/* `most_batches`: 0 for as many as the pipeline thinks good. */
static bool run(struct squares *squares, unsigned jobs, size_t most_batches, struct error *error)
{
    const struct pipeline pipeline = {.batch_size = sizeof(struct batch),
                                      .most_batches = most_batches,
                                      .most_weight = squares->most_weight,
                                      .weigh = weigh_number,
                                      .shared = squares,
                                      .prepare = prepare_batch,
                                      .release = release_batch,
                                      .read = read_number,
                                      .work = square_number,
                                      .write = add_number};
    return pipeline_run(&pipeline, jobs, error);
}

static void test_every_batch_once_and_in_order(void **state)
{
    static const unsigned jobs[] = {1, 2, 3, MOST_JOBS};
    static const int rings[] = {1, 2, 3, 0};
    (void)state;
    for (int j = 0; j < 4; j++) {
        for (int r = 0; r < 4; r++) {
            struct squares squares = squares_to(300);
            struct error error = {0};
            int most = rings[r] ? rings[r] : 2 * (int)jobs[j] + 2;
            assert_true(run(&squares, jobs[j], (size_t)rings[r], &error));
            assert_true(squares.in_order);
            assert_int_equal(squares.written, 300);
            /* 0 + 1 + 4 + ... + 299^2 = 299 x 300 x 599 / 6 */
            assert_int_equal(squares.sum, 8955050);
            assert_true(atomic_load(&squares.most_in_flight) <= most);
            assert_int_equal(squares.prepared, most);
        }
    }
}

/* Below 25 another may come: so three of 10, and after one of 100, which is more, none. */
static void test_heavy_batches_are_few(void **state)
{
    (void)state;
    struct squares squares = squares_to(300);
    squares.most_weight = 25;
    assert_true(run(&squares, MOST_JOBS, 0, &(struct error){0}) && squares.in_order);
    assert_in_range(atomic_load(&squares.most_in_flight), 1, 3);
}

static void test_no_two_workers_have_one_number(void **state)
{
    (void)state;
    for (unsigned jobs = 1; jobs <= MOST_JOBS; jobs++) {
        struct squares squares = squares_to(500);
        struct error error = {0};
        assert_true(run(&squares, jobs, 0, &error));
        assert_int_equal(atomic_load(&squares.shared_number), 0);
        int turns = 0;
        for (unsigned worker = 0; worker < jobs; worker++)
            turns += atomic_load(&squares.turns[worker]);
        assert_int_equal(turns, 500);
    }
}

static void test_what_was_prepared_is_released_when_the_rest_fails(void **state)
{
    (void)state;
    struct squares squares = squares_to(5);
    struct error error = {0};
    squares.prepare_fails = 3;
    assert_false(run(&squares, 2, 0, &error));
    assert_string_equal(error.text, "prepare 3");
    assert_int_equal(squares.next, 0);
}

static void test_an_empty_input(void **state)
{
    (void)state;
    struct squares squares = squares_to(0);
    struct error error = {0};
    assert_true(run(&squares, 4, 0, &error));
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
            assert_false(run(&copy, jobs[j], 0, &error));
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

/* ---- a reader that waits ---- */

/* Reads a byte a batch from a pipe that brings two of them and then stays silent. */
struct silence {
    int pipe[2];
    unsigned char fails; /* the byte that can't be worked, or written */
    bool in_writing;
};

static enum pipeline_read read_byte(void *shared, void *batch, struct error *error)
{
    const struct silence *silence = shared;
    (void)error;
    return await_read(silence->pipe[0], batch, 1) == 1 ? PIPELINE_BATCH : PIPELINE_END;
}

static bool work_byte(void *shared, unsigned worker, void *batch, struct error *error)
{
    const struct silence *silence = shared;
    (void)worker;
    if (silence->in_writing || *(unsigned char *)batch != silence->fails)
        return true;
    return error_set(error, STATUS_INPUT, "byte %d", silence->fails);
}

static bool write_byte(void *shared, void *batch, struct error *error)
{
    const struct silence *silence = shared;
    if (*(unsigned char *)batch != silence->fails)
        return true;
    return error_set(error, STATUS_SYSTEM, "byte %d", silence->fails);
}

static void test_a_failure_is_told_while_the_reader_waits(void **state)
{
    static const unsigned jobs[] = {1, 2, MOST_JOBS};
    (void)state;
    alarm(60); /* it ends, or hangs */
    for (int round = 0; round < 30; round++) {
        struct silence silence = {.fails = round % 2, .in_writing = round % 4 < 2};
        const struct pipeline pipeline = {.batch_size = 1,
                                          .shared = &silence,
                                          .read = read_byte,
                                          .work = work_byte,
                                          .write = write_byte};
        struct error error = {0};
        assert_int_equal(pipe(silence.pipe), 0);
        assert_int_equal(write(silence.pipe[1], "\0\1", 2), 2);
        assert_false(pipeline_run(&pipeline, jobs[round % 3], &error));
        assert_string_equal(error.text, round % 2 ? "byte 1" : "byte 0");
        close(silence.pipe[0]);
        close(silence.pipe[1]);
    }
    alarm(0);
}

/* ---- a rest ---- */

/* A pipe that brings a byte for each rest that was taken: without rests nothing goes on. */
struct turns {
    int pipe[2];
    int written, rests, most;
};

static enum pipeline_read read_turn(void *shared, void *batch, struct error *error)
{
    const struct turns *turns = shared;
    (void)error;
    return await_read(turns->pipe[0], batch, 1) == 1 ? PIPELINE_BATCH : PIPELINE_END;
}

static bool work_turn(void *shared, unsigned worker, void *batch, struct error *error)
{
    (void)shared, (void)worker, (void)batch, (void)error;
    return true;
}

static bool write_turn(void *shared, void *batch, struct error *error)
{
    struct turns *turns = shared;
    (void)batch, (void)error;
    turns->written++;
    return true;
}

static bool rest(void *shared, struct error *error)
{
    struct turns *turns = shared;
    assert_int_equal(turns->written, ++turns->rests);
    if (turns->rests == turns->most)
        return error_set(error, STATUS_SYSTEM, "rest %d", turns->rests);
    assert_int_equal(write(turns->pipe[1], "", 1), 1);
    return true;
}

static void test_a_rest_before_more_is_waited_for(void **state)
{
    static const unsigned jobs[] = {1, 2, MOST_JOBS};
    (void)state;
    alarm(60); /* it ends, or hangs */
    for (int i = 0; i < 3; i++) {
        struct turns turns = {.most = 500};
        const struct pipeline pipeline = {.batch_size = 1,
                                          .shared = &turns,
                                          .read = read_turn,
                                          .work = work_turn,
                                          .write = write_turn,
                                          .rest = rest};
        struct error error = {0};
        assert_int_equal(pipe(turns.pipe), 0);
        assert_int_equal(write(turns.pipe[1], "", 1), 1);
        assert_false(pipeline_run(&pipeline, jobs[i], &error));
        assert_string_equal(error.text, "rest 500");
        close(turns.pipe[0]);
        close(turns.pipe[1]);
    }
    alarm(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_batch_once_and_in_order),
        cmocka_unit_test(test_heavy_batches_are_few),
        cmocka_unit_test(test_no_two_workers_have_one_number),
        cmocka_unit_test(test_what_was_prepared_is_released_when_the_rest_fails),
        cmocka_unit_test(test_an_empty_input),
        cmocka_unit_test(test_a_failed_read_comes_after_what_was_read),
        cmocka_unit_test(test_the_earliest_failure_wins),
        cmocka_unit_test(test_a_failure_stops_the_reader),
        cmocka_unit_test(test_a_failure_is_told_while_the_reader_waits),
        cmocka_unit_test(test_a_rest_before_more_is_waited_for),
    };
    return RUN_TESTS("pipeline", tests);
}

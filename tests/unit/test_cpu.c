/* How many CPUs a process may use, by masks that the system is made to give. */
#define _GNU_SOURCE
#include "base/cpu.h"

#include <errno.h>
#include <sched.h>

#include "helpers.h"

#ifdef __linux__

/* A machine that may have `possible` CPUs, of which the process may use `first` to `last`. */
static struct {
    size_t possible, first, last;
} machine;

/* Instead of the library's: no mask that is too short for the machine is filled. */
int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *cpuset)
{
    (void)pid;
    if (size * 8 < machine.possible) {
        errno = EINVAL;
        return -1;
    }
    memset(cpuset, 0, size);
    for (size_t cpu = machine.first; cpu <= machine.last; cpu++)
        CPU_SET_S(cpu, size, cpuset);
    return 0;
}

static unsigned count_of(size_t possible, size_t first, size_t last)
{
    machine.possible = possible;
    machine.first = first;
    machine.last = last;
    return cpu_count();
}

static void test_some_of_a_machine(void **state)
{
    (void)state;
    assert_int_equal(count_of(64, 0, 0), 1);
    assert_int_equal(count_of(64, 3, 6), 4);
    assert_int_equal(count_of(1024, 0, 1023), 1024);
}

/* A mask of the C library's own type has 1,024. */
static void test_more_than_1024(void **state)
{
    (void)state;
    assert_int_equal(count_of(1088, 1020, 1087), 68);
    assert_int_equal(count_of(4096, 2000, 2002), 3);
    assert_int_equal(count_of(8192, 0, 8191), 8192);
    assert_int_equal(count_of(16384, 16383, 16383), 1);
}

/* A machine that is larger still, or a mask that is empty: what else is known, and never none. */
static void test_what_is_not_told(void **state)
{
    (void)state;
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    assert_int_equal(count_of(65536, 5, 6), online > 0 ? online : 1);
    assert_int_equal(count_of(64, 1, 0), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_some_of_a_machine),
        cmocka_unit_test(test_more_than_1024),
        cmocka_unit_test(test_what_is_not_told),
    };
    return RUN_TESTS("cpu", tests);
}

#else

int main(void)
{
    puts("1..0 # SKIP masks of CPUs are Linux's");
    return 0;
}

#endif

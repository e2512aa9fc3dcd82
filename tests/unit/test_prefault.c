/* Pages that are made before another thread fills them: which ones, and that nothing is lost. */
#define _DEFAULT_SOURCE

#include "par/prefault.h"

#include <sys/mman.h>
#include <time.h>

#include "helpers.h"

enum { PAGE = 2 << 20, PAGES = 8, SIZE = PAGES * PAGE };

static char *map_nothing(void)
{
    char *memory = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(memory, MAP_FAILED);
    return memory;
}

/* Whether the system has made the page of an address. */
static bool is_made(char *address)
{
    const uintptr_t small = (uintptr_t)sysconf(_SC_PAGESIZE);
    unsigned char made = 0;
    assert_int_equal(mincore(address - (uintptr_t)address % small, 1, &made), 0);
    return made & 1;
}

/* An emulator may say that it did, and have done nothing. */
static bool system_makes_pages(void)
{
    enum { POPULATE_WRITE = 23 };
    char *memory = map_nothing();
    const bool makes = madvise(memory, PAGE, POPULATE_WRITE) == 0 && is_made(memory);
    munmap(memory, SIZE);
    return makes;
}

/* All but the first, which nobody fills here. */
static void test_prefault_makes_pages(void **state)
{
    (void)state;
    if (!system_makes_pages())
        skip();
    char *memory = map_nothing();
    madvise(memory, SIZE, MADV_NOHUGEPAGE); /* else the first may be one with what lies before */
    struct prefault prefault = {0};
    prefault_begin(&prefault, memory, SIZE);
    for (int i = 0; i < 10000 && !is_made(memory + SIZE - 1); i++)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    prefault_end(&prefault);
    assert_false(is_made(memory));
    for (size_t at = PAGE; at < SIZE; at += PAGE / 2)
        assert_true(is_made(memory + at));
    munmap(memory, SIZE);
}

static void test_prefault_keeps_what_is_there(void **state)
{
    (void)state;
    for (int round = 0; round < 20; round++) {
        char *memory = map_nothing();
        struct prefault prefault = {0};
        prefault_begin(&prefault, memory, SIZE);
        for (size_t at = 0; at < SIZE; at += 512)
            memory[at] = (char)(at / 512 % 127 + 1);
        prefault_end(&prefault);
        for (size_t at = 0; at < SIZE; at += 512)
            assert_int_equal(memory[at], at / 512 % 127 + 1);
        assert_int_equal(memory[1], 0);
        munmap(memory, SIZE);
    }
}

/* Memory may be given back before the end. */
static void test_prefault_of_what_is_gone(void **state)
{
    (void)state;
    char *memory = map_nothing();
    struct prefault prefault = {0};
    prefault_begin(&prefault, memory, SIZE);
    munmap(memory, SIZE);
    prefault_end(&prefault);
    prefault_end(&prefault);
}

static void test_prefault_leaves_what_is_little(void **state)
{
    (void)state;
    char *memory = map_nothing();
    struct prefault prefault = {0};
    prefault_begin(&prefault, memory, 4 * PAGE - 1);
    assert_false(prefault.running);
    prefault_begin(&prefault, memory, 4 * PAGE);
    assert_true(prefault.running);
    prefault_end(&prefault);
    assert_false(prefault.running);
    munmap(memory, SIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prefault_makes_pages),
        cmocka_unit_test(test_prefault_keeps_what_is_there),
        cmocka_unit_test(test_prefault_of_what_is_gone),
        cmocka_unit_test(test_prefault_leaves_what_is_little),
    };
    return RUN_TESTS("prefault", tests);
}

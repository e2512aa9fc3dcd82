/* Memory that a child writes and its parent reads, without and with a file. */
#include "run/shared.h"

#include <errno.h>
#include <sys/wait.h>

#include "helpers.h"

enum { COUNT = 300000 };

static void check(const char *folder)
{
    struct shared shared = {0};
    assert_true(shared_make(&shared, COUNT, folder));
    for (size_t i = 0; i < COUNT; i++)
        assert_true(shared.floats[i] == 0);
    pid_t child = fork();
    if (child == 0) {
        shared.floats[0] = 1.5f;
        shared.floats[COUNT - 1] = 2.5f;
        _exit(0);
    }
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_true(shared.floats[0] == 1.5f && shared.floats[COUNT - 1] == 2.5f);
    shared_free(&shared);
    assert_null(shared.floats);
}

static void test_in_memory(void **state)
{
    (void)state;
    check(NULL);
}

/* A folder from which nothing was left can be removed. */
static void test_in_a_file(void **state)
{
    (void)state;
    char folder[] = "/tmp/test_shared-XXXXXX";
    assert_non_null(mkdtemp(folder));
    check(folder);
    assert_int_equal(rmdir(folder), 0);
}

static void test_none_to_be_had(void **state)
{
    (void)state;
    struct shared shared = {0};
    assert_false(shared_make(&shared, COUNT, "/there/is/no/such/folder"));
    assert_int_equal(errno, ENOENT);
    assert_false(shared_make(&shared, SIZE_MAX / 2, NULL));
    assert_int_equal(errno, ENOMEM);
    assert_null(shared.floats);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in_memory),
        cmocka_unit_test(test_in_a_file),
        cmocka_unit_test(test_none_to_be_had),
    };
    return RUN_TESTS("shared", tests);
}

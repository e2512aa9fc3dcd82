/* Which names of outputs are one, those that are longer than a path may be among them. */
#include "base/place.h"

#include <limits.h>

#include "helpers.h"

/* `name` below the working folder, whose own name is repeated before it: `size` bytes in all. */
static char *below(size_t size, const char *name)
{
    const size_t folder = size - strlen(name);
    char *path = malloc(size + 1);
    assert_non_null(path);
    for (size_t i = 0; i < folder; i++)
        path[i] = i % 2 ? '/' : '.';
    memcpy(path + folder, name, strlen(name) + 1);
    return path;
}

static bool same_below(size_t size, const char *name)
{
    char *path = below(size, name);
    const bool same = place_same(path, name) && place_same(name, path);
    free(path);
    return same;
}

static void test_names_of_a_folder(void **state)
{
    (void)state;
    assert_true(same_below(9, "nothing"));
    assert_true(same_below(1007, "nothing"));
    assert_false(place_same("./nothing", "./nothing.else"));
    assert_false(place_same("/tmp/nothing", "/nothing"));
}

/* Cut to what a path may have, such a folder would be the working folder. */
static void test_folder_that_is_too_long(void **state)
{
    (void)state;
    assert_true(same_below(PATH_MAX - 2, "none"));
    for (size_t more = 0; more < 9; more += 2)
        assert_false(same_below(PATH_MAX + 4 + more, "none"));
    assert_false(same_below(3 * PATH_MAX, "none"));
    char *one = below(PATH_MAX + 4, "none"), *other = below(PATH_MAX + 6, "none");
    int unused;
    assert_false(place_same(one, other));
    assert_false(place_is_descriptor(one, &unused));
    free(one);
    free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_of_a_folder),
        cmocka_unit_test(test_folder_that_is_too_long),
    };
    return RUN_TESTS("place", tests);
}

/* What control groups allow: files in folders, made up. */
#define _XOPEN_SOURCE 700 /* nftw */
#include "base/room.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "helpers.h"

static void put(const char *root, const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", root, name);
    if (!text) {
        assert_int_equal(mkdir(path, 0700), 0);
        return;
    }
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *at)
{
    (void)status;
    (void)kind;
    (void)at;
    return remove(path);
}

static void remove_all(const char *root)
{
    assert_int_equal(nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

/* A batch system gives its job a bound, and runs steps and tasks in groups below that have none. */
static void test_groups_within_groups(void **state)
{
    (void)state;
    char root[] = "/tmp/test_room.XXXXXX";
    assert_non_null(mkdtemp(root));
    put(root, "job", NULL);
    put(root, "job/step", NULL);
    put(root, "job/step/task", NULL);
    put(root, "jobless", NULL);
    put(root, "job/memory.max", "4294967296\n");
    put(root, "job/step/memory.max", "8589934592\n");
    put(root, "job/step/task/memory.max", "max\n");
    put(root, "jobless/memory.max", "max\n");
    assert_int_equal(room_of_group(root, "/job/step/task", "memory.max"), 4294967296);
    assert_int_equal(room_of_group(root, "/job", "memory.max"), 4294967296);
    assert_true(room_of_group(root, "/jobless", "memory.max") == UINT64_MAX);
    assert_true(room_of_group(root, "/", "memory.max") == UINT64_MAX);
    assert_true(room_of_group(root, "", "memory.max") == UINT64_MAX);
    /* A group of another name space: what is seen of it is at the root. */
    put(root, "memory.max", "1048576\n");
    assert_int_equal(room_of_group(root, "/gone/away", "memory.max"), 1048576);
    assert_int_equal(room_of_group(root, "/", "memory.max"), 1048576);
    remove_all(root);
}

static uint64_t by_line(const char *root, const char *line)
{
    char copy[128];
    snprintf(copy, sizeof copy, "%s", line);
    return room_of_line(root, copy);
}

/* Version 1 says what a group controls, among other things; version 2 says nothing. */
static void test_lines_of_groups(void **state)
{
    (void)state;
    char root[] = "/tmp/test_room.XXXXXX";
    assert_non_null(mkdtemp(root));
    put(root, "job", NULL);
    put(root, "job/memory.max", "2097152\n");
    put(root, "memory", NULL);
    put(root, "memory/job", NULL);
    put(root, "memory/job/memory.limit_in_bytes", "1048576\n");
    assert_int_equal(by_line(root, "0::/job\n"), 2097152);
    assert_int_equal(by_line(root, "4:cpu,memory:/job/step\n"), 1048576);
    assert_int_equal(by_line(root, "4:memory:/job"), 1048576);
    assert_true(by_line(root, "4:memoryx,cpu:/job\n") == UINT64_MAX);
    assert_true(by_line(root, "1:name=systemd:/job\n") == UINT64_MAX);
    assert_true(by_line(root, "4:memory\n") == UINT64_MAX);
    assert_true(by_line(root, "") == UINT64_MAX);
    remove_all(root);
}

static void test_text(void **state)
{
    (void)state;
    char text[ROOM_TEXT_SIZE];
    assert_string_equal(room_text(340.0 * (1 << 20), text), "340 MiB");
    assert_string_equal(room_text(2.35 * (1 << 30), text), "2.35 GiB");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_groups_within_groups),
        cmocka_unit_test(test_lines_of_groups),
        cmocka_unit_test(test_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

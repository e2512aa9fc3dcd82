/* What control groups allow: files in folders, made up. */
#define _XOPEN_SOURCE 700 /* nftw, mkstemp */
#include "base/room.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* What is left of the groups in a line of /proc/self/cgroup. */
static uint64_t by_line(const char *root, const char *line)
{
    char copy[128];
    struct room room = {.machine = -1, .own = -1};
    snprintf(copy, sizeof copy, "%s", line);
    room_add_line(&room, root, copy);
    const uint64_t left = room_in_groups(&room);
    room_close(&room);
    return left;
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
    assert_int_equal(by_line(root, "0::/job/step/task"), 4294967296);
    assert_int_equal(by_line(root, "0::/job"), 4294967296);
    assert_true(by_line(root, "0::/jobless") == UINT64_MAX);
    assert_true(by_line(root, "0::/") == UINT64_MAX);
    assert_true(by_line(root, "0::") == UINT64_MAX);
    /* A group of another name space: what is seen of it is at the root. */
    put(root, "memory.max", "1048576\n");
    assert_int_equal(by_line(root, "0::/gone/away"), 1048576);
    assert_int_equal(by_line(root, "0::/"), 1048576);
    remove_all(root);
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
    put(root, "memory/free", NULL);
    put(root, "memory/job/memory.limit_in_bytes", "1048576\n");
    put(root, "memory/free/memory.limit_in_bytes", "9223372036854771712\n");
    assert_int_equal(by_line(root, "0::/job\n"), 2097152);
    assert_int_equal(by_line(root, "4:cpu,memory:/job/step\n"), 1048576);
    assert_int_equal(by_line(root, "4:memory:/job"), 1048576);
    assert_true(by_line(root, "4:memory:/free") == UINT64_MAX);
    assert_true(by_line(root, "4:memoryx,cpu:/job\n") == UINT64_MAX);
    assert_true(by_line(root, "1:name=systemd:/job\n") == UINT64_MAX);
    assert_true(by_line(root, "4:memory\n") == UINT64_MAX);
    assert_true(by_line(root, "") == UINT64_MAX);
    remove_all(root);
}

/*
 * Neighbours: of 1,000 MB for the job its processes have 700, of which 150 and 50 are pages of
 * files, and a step that has 90 of its 600 leaves more. In version 1 the numbers of a group with
 * those below it are others than its own.
 */
static void test_others_in_the_group(void **state)
{
    (void)state;
    char root[] = "/tmp/test_room.XXXXXX";
    assert_non_null(mkdtemp(root));
    put(root, "job", NULL);
    put(root, "job/step", NULL);
    put(root, "job/memory.max", "1000000000\n");
    put(root, "job/memory.current", "700000000\n");
    put(root, "job/memory.stat",
        "anon 400000000\nfile 300000000\nshmem 100000000\ninactive_anon 1\n"
        "inactive_file 150000000\nactive_file 50000000\nslab 7\n");
    put(root, "job/step/memory.max", "600000000\n");
    put(root, "job/step/memory.current", "90000000\n");
    put(root, "job/step/memory.stat", "inactive_file 0\n");
    assert_int_equal(by_line(root, "0::/job/step"), 500000000);
    put(root, "memory", NULL);
    put(root, "memory/memory.limit_in_bytes", "1000000000\n");
    put(root, "memory/memory.usage_in_bytes", "800000000\n");
    put(root, "memory/memory.stat",
        "inactive_file 1\nactive_file 2\nhierarchical_memory_limit 1000000000\n"
        "total_inactive_file 120000000\ntotal_active_file 30000000\n");
    assert_int_equal(by_line(root, "4:memory:/docker/1234"), 350000000);
    /* More than it may have, as after its limit was lowered. */
    put(root, "memory/memory.usage_in_bytes", "1200000000\n");
    assert_int_equal(by_line(root, "4:memory:/docker/1234"), 0);
    remove_all(root);
}

/* A confined program, and one whose files in /proc are others by now, reads on what it has open. */
static void test_read_again(void **state)
{
    (void)state;
    char root[] = "/tmp/test_room.XXXXXX", line[] = "0::/";
    struct room room = {.machine = -1, .own = -1};
    assert_non_null(mkdtemp(root));
    put(root, "memory.max", "1000000\n");
    put(root, "memory.current", "100000\n");
    room_add_line(&room, root, line);
    assert_int_equal(room_in_groups(&room), 900000);
    put(root, "memory.current", "600000\n");
    assert_int_equal(room_in_groups(&room), 400000);
    remove_all(root);
    assert_int_equal(room_in_groups(&room), 400000);
    room_close(&room);
}

/* The machine has MemAvailable, in units of 1,024, and the process a part of what it may map. */
static void test_machine(void **state)
{
    (void)state;
    char text[] = "/tmp/test_room.XXXXXX";
    const int fd = mkstemp(text);
    assert_true(fd >= 0);
    assert_int_equal(unlink(text), 0);
    const char said[] =
        "MemTotal:       49368188 kB\nMemFree:  1 kB\nMemAvailable:    5000000 kB\n";
    assert_int_equal(write(fd, said, sizeof said - 1), sizeof said - 1);
    const struct room room = {.machine = fd, .own = -1}, none = {.machine = -1, .own = -1};
    assert_int_equal(room_in_memory(&room), 5120000000);
    assert_true(room_in_memory(&none) == UINT64_MAX);
    assert_int_equal(close(fd), 0);
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
        cmocka_unit_test(test_others_in_the_group),
        cmocka_unit_test(test_read_again),
        cmocka_unit_test(test_machine),
        cmocka_unit_test(test_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

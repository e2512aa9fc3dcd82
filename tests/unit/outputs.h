/*
 * outputs: what tests of outputs share: a folder to write to, and files written whole.
 */
#ifndef TESTS_UNIT_OUTPUTS_H
#define TESTS_UNIT_OUTPUTS_H

#include "base/output.h"

#include <dirent.h>

#include "helpers.h"

static char folder[] = "/tmp/test_output.XXXXXX";

static inline int files_in_folder(void)
{
    DIR *stream = opendir(folder);
    assert_non_null(stream);
    int count = -2; /* . and .. */
    while (readdir(stream))
        count++;
    closedir(stream);
    return count;
}

static inline struct output *open_as(const char *path, bool no_sync)
{
    struct error error = {0};
    struct common common = {.tool = "test", .output = path, .no_sync = no_sync};
    struct output *output = output_open(&common, OUTPUT_BINARY, &error);
    assert_non_null(output);
    return output;
}

static inline struct output *open_file(const char *path)
{
    return open_as(path, false);
}

static inline void put(struct output *output, const char *text)
{
    struct error error = {0};
    assert_true(output_write(output, text, strlen(text), &error));
}

static inline void write_whole(const char *path, const char *text)
{
    struct error error = {0};
    struct output *output = open_file(path);
    put(output, text);
    assert_true(output_commit(output, &error));
}

static inline int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

#endif

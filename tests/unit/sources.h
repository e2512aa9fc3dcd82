/*
 * sources: read to their end by each inflater, from files and through pipes. Include it behind
 * helpers.h and packing.h.
 */
#ifndef TESTS_UNIT_SOURCES_H
#define TESTS_UNIT_SOURCES_H

#include "input/source.h"

#include <sys/wait.h>

struct outcome {
    struct bytes bytes;
    struct error error; /* status DONE: read to its verified end */
};

static inline struct outcome read_source(const char *name, const char *member, size_t step)
{
    struct outcome outcome = {{malloc(1 << 22), 0}, {0}};
    struct source *source = source_open(name, member, &outcome.error);
    size_t got = step;
    bool good = source != NULL;
    while (good && got == step) {
        good = source_read(source, outcome.bytes.data + outcome.bytes.size, step, &got,
                           &outcome.error);
        outcome.bytes.size += good ? got : 0;
    }
    uLong crc = crc32_z(0, outcome.bytes.data, outcome.bytes.size);
    good = good && source_verify(source, (uint32_t)crc, &outcome.error);
    assert_int_equal(good, outcome.error.status == STATUS_DONE);
    source_close(source);
    return outcome;
}

static inline void assert_reads(const char *name, const char *member, struct bytes wanted,
                                size_t step)
{
    EACH_INFLATER (i) {
        struct outcome outcome = read_source(name, member, step);
        if (outcome.error.status != STATUS_DONE)
            fail_msg("%s: %s", inflaters[i], outcome.error.text);
        assert_int_equal(outcome.bytes.size, wanted.size);
        assert_memory_equal(outcome.bytes.data, wanted.data, wanted.size);
        free(outcome.bytes.data);
    }
}

static inline void assert_fails(const char *member, enum status status, const char *part)
{
    EACH_INFLATER (i) {
        struct outcome outcome = read_source(test_path, member, 4096);
        if (outcome.error.status != status || !strstr(outcome.error.text, part))
            fail_msg("status %d, expected %d with '%s': %s", outcome.error.status, status, part,
                     outcome.error.text);
        free(outcome.bytes.data);
    }
}

/* Hands the file to a source through a pipe, `step` bytes at a time. */
static inline void assert_reads_piped(struct bytes file, struct bytes wanted, size_t step)
{
    EACH_INFLATER (i) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        if (child == 0) {
            close(ends[0]);
            for (size_t at = 0; at < file.size; at += step)
                if (write(ends[1], file.data + at, file.size - at < step ? file.size - at : step) <
                    0)
                    _exit(1);
            _exit(0);
        }
        close(ends[1]);
        char name[64];
        snprintf(name, sizeof name, "/dev/fd/%d", ends[0]);
        struct outcome outcome = read_source(name, NULL, 1000);
        close(ends[0]);
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_string_equal(outcome.error.text, "");
        assert_int_equal(outcome.bytes.size, wanted.size);
        assert_memory_equal(outcome.bytes.data, wanted.data, wanted.size);
        free(outcome.bytes.data);
    }
}

#endif

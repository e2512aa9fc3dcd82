/*
 * fuzz: what the targets share. A target is a file of its own with LLVMFuzzerTestOneInput, which is
 * libFuzzer's, or main.c's where a corpus is replayed. It returns whatever the bytes are; what must
 * not be ends in FUZZ_REQUIRE.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A file that holds the bytes, by a name that is good until the next call. */
const char *fuzz_file(const uint8_t *data, size_t size);

/* The bytes with `before` and `after` zeros around them, for free(); the end is an '\n'. */
char *fuzz_padded(const uint8_t *data, size_t size, size_t padding);

#define FUZZ_REQUIRE(condition)                                                                    \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

#endif

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

enum { FUZZ_PARTS = 4 };

/* The same for several at a time: number `file` is good until the next call with that number. */
const char *fuzz_file_of(unsigned file, const uint8_t *data, size_t size);

/* An empty file that a program which is given the name may write to, as to one that its shell
   opened. */
const char *fuzz_output(void);

struct fuzz_part {
    const uint8_t *data;
    size_t size;
};

/*
 * An input that is several files: its first byte, less than FUZZ_PARTS, says how many there are
 * beside the last one; then their sizes in two bytes each, and their bytes. Returns how many there
 * are; 0 where the bytes are too few.
 */
size_t fuzz_split(const uint8_t *data, size_t size, struct fuzz_part parts[FUZZ_PARTS]);

/* Changes a stream to one of at most `most` bytes, mostly so that its sum is right; mend.c. */
size_t fuzz_change_stream(uint8_t *data, size_t size, size_t most, unsigned seed);

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

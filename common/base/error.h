/*
 * error: the one way to report that something went wrong.
 *
 * A function that can fail takes a `struct error *` last, fills it and returns false (or the
 * failing value that its comment names). Nobody below main prints or exits: main prints the
 * sentence after the program's name and exits with the status.
 *
 * A sentence reads `where: what is wrong: what to do`, without the program's name and without
 * a full stop, and fits one line.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>

/* The exit statuses of every program. */
enum status {
    STATUS_DONE = 0,
    STATUS_SYSTEM = 1, /* the system failed us: I/O, memory, a process */
    STATUS_USAGE = 2,  /* wrong options or arguments */
    STATUS_INPUT = 3,  /* the input is not what it should be */
    STATUS_CUT = 4     /* the input ends before its end: upstream ended early */
};

enum { ERROR_TEXT_SIZE = 1024 };

/* Plain data with no resources: copy it freely. Start from `{0}`. */
struct error {
    enum status status;
    char text[ERROR_TEXT_SIZE];
};

/* Fills `error` and returns false, so that a caller may `return error_set(...)`. */
bool error_set(struct error *error, enum status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with status SYSTEM, and `: ` and errno's meaning behind the sentence. */
bool error_errno(struct error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Out of memory while doing `what` ("reading the samples"); status SYSTEM. */
bool error_memory(struct error *error, const char *what);

/* Compilers and analysers can't see into error.c; so they know that it is false all the same. */
static inline bool error_false(void)
{
    return false;
}
#define error_set(...) (error_set(__VA_ARGS__), error_false())
#define error_errno(...) (error_errno(__VA_ARGS__), error_false())
#define error_memory(error, what) (error_memory(error, what), error_false())

#endif

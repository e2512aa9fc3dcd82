/*
 * What is tried in confined processes, which report by their exit status: 0, 1 for what is wrong,
 * or NOT_HERE where the kernel can't confine.
 */
#ifndef TESTS_UNIT_CONFINED_H
#define TESTS_UNIT_CONFINED_H

#include "helpers.h"

#include <errno.h>
#include <string.h>

enum { NOT_HERE = 77 };

#define CHECK(condition)                                                                           \
    do                                                                                             \
        if (!(condition)) {                                                                        \
            print_error("%s:%d: %s: %s\n", __FILE__, __LINE__, #condition, strerror(errno));       \
            return 1;                                                                              \
        }                                                                                          \
    while (0)

#endif

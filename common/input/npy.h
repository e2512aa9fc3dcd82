/*
 * npy: the header of numpy's .npy files (numpy.lib.format, versions 1.0 to 3.0).
 */
#ifndef INPUT_NPY_H
#define INPUT_NPY_H

#include "base/error.h"
#include "base/packed.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NPY_HEAD = 64 * 1024 }; /* no header of numbers is longer */

struct npy {
    struct packed packed;
    uint64_t rows, columns; /* columns: 1 where there is one dimension */
    bool is_list;           /* there is one dimension */
    size_t header_size;     /* where the numbers begin */
};

/* Whether the file begins as one does. */
bool npy_is(const void *head, size_t size);

/*
 * Reads the header from the file's first bytes. Status INPUT where it is none, or the array is of
 * other than numbers, of more than two dimensions, or in Fortran's order, with what to do.
 */
bool npy_read_header(const void *head, size_t size, const char *name, struct npy *npy,
                     struct error *error);

#endif

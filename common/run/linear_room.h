/*
 * linear_room: whether the models of documents fit in the memory that is to be had, and how.
 *
 * Bytes for each view of F terms, of which O in one document each, R documents and L labels:
 *
 *   models    4 L (F + 1) + 32 R     its weights; of each document, what a step needs to know
 *   scores    4 L R                  with training scores
 *   duals     4 L R                  until the view is done
 *   a worker  64 (F - O + R) + 4 R   at work on a block of 16 models
 *
 * Where all views' duals do not fit together, views go one after another, to the same bytes; and
 * where that is too much, weights, scores and duals lie in temporary files, whose pages the system
 * writes out when it needs memory; but for files that take memory themselves, which are of no use.
 */
#ifndef RUN_LINEAR_ROOM_H
#define RUN_LINEAR_ROOM_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

/* A view. */
struct linear_size {
    uint64_t features, lone, rows, labels;
    bool scored;
};

enum linear_plan { LINEAR_TOGETHER, LINEAR_APART, LINEAR_IN_FILES };

/* What there is; from room.h, or made up. */
struct linear_room {
    uint64_t memory, map;   /* bytes: of all processes; of one */
    bool files_take_memory; /* temporary ones, too */
};

/* The plan for these views and so many workers; false, status SYSTEM, where none will do. */
bool linear_plan(const struct linear_size *sizes, unsigned count, unsigned jobs,
                 const struct linear_room *room, enum linear_plan *plan, struct error *error);

#endif

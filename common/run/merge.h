/*
 * merge: the parts of a forest to the forest that one run would have written.
 */
#ifndef RUN_MERGE_H
#define RUN_MERGE_H

#include "run/parted.h"

/* A tree is in memory at a time. Counts trees and their nodes. */
parted_run merge_run;

#endif

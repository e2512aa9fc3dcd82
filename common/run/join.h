/*
 * join: the parts of samples to the samples that one run would have written.
 */
#ifndef RUN_JOIN_H
#define RUN_JOIN_H

#include "run/parted.h"

/* A block is in memory at a time. Counts rows and blocks. */
parted_run join_run;

#endif

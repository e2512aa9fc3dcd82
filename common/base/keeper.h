/*
 * keeper: a process that is not confined, and gives the outputs of one that is their names.
 *
 * A file without a name gets one in a folder, and takes the place of what stands there: who may do
 * that may remove and replace all that is in the folder. So a confined program does not do it. It
 * asks the keeper, which was forked before and knows but the outputs on the command line, by
 * number:
 *
 *     open    a file that will be that output (hidden.h); its descriptor comes back
 *     appear  it gets its name
 *     drop    it is gone
 *
 * Nothing else can be asked for, so that what has taken over the program gets no more than these
 * outputs. The keeper ends with the program, also when that is killed: when all who could ask are
 * gone. With it goes what has no name yet.
 */
#ifndef BASE_KEEPER_H
#define BASE_KEEPER_H

#include "base/error.h"

#include <stdbool.h>
#include <sys/types.h>

enum { KEEPER_MOST = 8 };

/* Plain data: copies ask the same keeper, one at a time. `{0}`: there is none. */
struct keeper {
    int socket; /* to it */
    pid_t process;
    int count;
    const char *paths[KEEPER_MOST]; /* the outputs; borrowed */
};

/* Remembers an output, before it is started; false: it takes no more. */
bool keeper_add(struct keeper *keeper, const char *path);

/* Starts one; false where no process can be had, and there is none then. No other thread runs yet.
 */
bool keeper_start(struct keeper *keeper);

/* The number of an output; -1: the keeper has none of that name. */
int keeper_find(const struct keeper *keeper, const char *path);

/* As hidden_open, of the output's path; returns the descriptor, for close(), or -1. Status SYSTEM.
 */
int keeper_open(const struct keeper *keeper, int number, struct error *error);

/* As hidden_appear. */
bool keeper_appear(const struct keeper *keeper, int number, bool sync, struct error *error);

/* As hidden_drop, but for the descriptor. */
void keeper_drop(const struct keeper *keeper, int number);

/* Ends it, where there is one, and waits for its end. */
void keeper_stop(struct keeper *keeper);

#endif

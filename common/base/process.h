/*
 * process: what is done with a forked process in more than one place.
 */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * In a child that is to outlive the run, or to stay apart from it: leaves the terminal and its
 * signals, and closes all that is open but `kept`, which becomes descriptor 0, so that nobody waits
 * for what it holds.
 */
void process_withdraw(int kept);

/* Whether a signal has stopped a child, and none has made it go on. */
bool process_is_stopped(pid_t child);

/* Waits for a child that ends. */
void process_reap(pid_t child);

#endif

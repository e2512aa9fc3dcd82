/*
 * process: what is done with a forked process in more than one place.
 */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * In a child that is to outlive the run, or to stay apart from it: leaves its group, and with
 * it the signals of a terminal, and closes all that is open but `kept`, which becomes descriptor 0,
 * so that nobody waits for what it holds. Where it is stopped when the run ends, it goes on then,
 * unless its new parent is of the same session (the first process of a container).
 */
void process_withdraw(int kept);

/* Whether a signal has stopped a child, and none has made it go on. */
bool process_is_stopped(pid_t child);

/*
 * Waits until `fd` can be read, on which a child answers, or which ends with it. One that a signal
 * has stopped is made to go on. Where that is forbidden (a process that is not confined), it gets
 * the time in which all of a job that was stopped goes on: false when that is over.
 */
bool process_answers(pid_t child, int fd);

/* Waits for a child that ends, with the same help; not for one that is stopped and can't be helped:
   that ends when it goes on. */
void process_reap(pid_t child);

#endif

/*
 * team: one function on several threads at a time.
 */
#ifndef PAR_TEAM_H
#define PAR_TEAM_H

/*
 * Calls work(shared, 0) .. work(shared, size - 1), each on a thread of its own, number 0 on the
 * calling one, and returns when all have returned. Where the system starts fewer threads, the
 * calling thread makes the calls of the others after its own: every call is made in any case, but
 * none may wait for another to begin.
 */
void team_run(unsigned size, void (*work)(void *shared, unsigned member), void *shared);

#endif

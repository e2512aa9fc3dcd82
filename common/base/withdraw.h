/*
 * withdraw: a forked process that is to outlive the run, or to stay apart from it.
 */
#ifndef BASE_WITHDRAW_H
#define BASE_WITHDRAW_H

/*
 * In the child: leaves the terminal and its signals, and closes all that is open but `kept`, which
 * becomes descriptor 0, so that nobody waits for what this process holds.
 */
void withdraw(int kept);

#endif

/*
 * output: where a program writes, checked to the last byte.
 *
 * `-o FILE` is written beside FILE under no name at all (O_TMPFILE) or a hidden one (hidden.h), and
 * takes FILE's name only in output_commit, when it is whole and on the disk: a run that fails, or
 * is killed, leaves FILE as it was. A FILE that is replaced hands its permissions, owner and group
 * on, or a warning says that it can't; one that nobody may write to is not replaced. Devices and
 * FIFOs are written in place, and so is what the process was handed open
 * (/dev/stderr, /dev/fd/3): there, what stands stays. An output that is not committed is thrown
 * away by output_discard.
 *
 * One thread uses an output at a time.
 */
#ifndef BASE_OUTPUT_H
#define BASE_OUTPUT_H

#include "base/error.h"
#include "base/options.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct output;

enum output_form {
    OUTPUT_TEXT,
    OUTPUT_BINARY /* refused on a terminal without -f */
};

/* Opens `common->output` (NULL or "-": stdout). NULL on failure. */
struct output *output_open(const struct common *common, enum output_form form, struct error *error);

/*
 * Whether output_open would, of TEXT, as far as that shows before there is anything to write: what
 * stands there stays, and a FIFO is not opened.
 */
bool output_check(const struct common *common, struct error *error);

/*
 * Opens the file at `path` to go on behind its first `size` bytes, in place: what stood behind them
 * is cut off, and what is written is there at once, whatever becomes of the run. A file that is not
 * there is made. Refused where another process has it open so, or where it is no regular file; on
 * a file system that has no locks output_lockless says why that was not asked.
 * Without `sync` output_save does not wait for the disk. NULL on failure. `path` is borrowed.
 */
struct output *output_continue(const char *path, uint64_t size, bool sync, struct error *error);

/* The errno of a lock that the file system does not have; 0: nobody else writes it so. */
int output_lockless(const struct output *output);

/* Whether it is a file, and writing waits for no reader. */
bool output_is_file(const struct output *output);

/* Whether people read it as it comes, on a terminal. */
bool output_is_terminal(const struct output *output);

/* Appends bytes; small writes are gathered, large ones go straight through. */
bool output_write(struct output *output, const void *bytes, size_t size, struct error *error);

/* Appends formatted text. */
bool output_print(struct output *output, struct error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Hands what was gathered to the system: for readers that wait for each line. */
bool output_flush(struct output *output, struct error *error);

/* The same, and returns when what is written to a file is on the disk, unless --no-sync. */
bool output_save(struct output *output, struct error *error);

/*
 * Ends the output: everything written, the system's belated errors asked for, FILE in place. Frees
 * `output` whatever the result.
 */
bool output_commit(struct output *output, struct error *error);

/*
 * The same for what a program writes last: who reads its standard output comes to the end at once,
 * and not when the process is gone, which gives its memory back before it closes anything.
 */
bool output_commit_last(struct output *output, struct error *error);

/* Commits it where what it is for is `done`; otherwise discards it, for what `error` says. */
bool output_settle(struct output *output, bool done, struct error *error);

/* Throws the output away and frees it; FILE is untouched. NULL is allowed. */
void output_discard(struct output *output);

#endif

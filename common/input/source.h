/*
 * source: one sequence of bytes, whether it comes plain, gzipped or as the member of a zip.
 *
 * Which of them it is, its first bytes say, not its name. What is unpacked is checked: the size
 * here, the CRC-32 by whoever read the bytes, so that it is computed once, and by a thread that
 * has the time.
 *
 *     struct source *source = source_open(path, NULL, &error);
 *     do
 *         source_read(source, buffer, sizeof buffer, &got, &error) ...
 *     while (got == sizeof buffer);
 *     source_verify(source, crc32_of_it_all, &error) ...
 *
 * One thread uses a source at a time.
 */
#ifndef INPUT_SOURCE_H
#define INPUT_SOURCE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct source;

/*
 * Opens a file, or standard input for NULL or "-". `member` names a zip's member; NULL is
 * allowed where there is one only. A zip that comes from a pipe is first copied to a file without
 * a name in TMPDIR, for its directory stands last. `path` is borrowed. NULL on failure: status
 * USAGE (the member), INPUT, CUT or SYSTEM.
 */
struct source *source_open(const char *path, const char *member, struct error *error);

/* The same for a program that has no way to name a member: refuses a zip of several. */
struct source *source_open_only(const char *path, struct error *error);

/* What messages call it: the path, or `standard input`. */
const char *source_name(const struct source *source);

/* How it is read: `zip, ISA-L`. Lives as long as the source. */
const char *source_manner(const struct source *source);

/* The file's descriptor and size, where its bytes are the source's and it is a regular file that
   was read from its beginning; else -1. It stays the source's. */
int source_plain_file(const struct source *source, uint64_t *size);

/* How many bytes it holds, as the file says, which may be wrong; 0: nothing does. */
uint64_t source_expected(const struct source *source);

/*
 * Reads the next `size` bytes. `*got` is less only at the end, which has been checked then, but
 * for the CRC-32. Status INPUT, CUT or SYSTEM.
 */
bool source_read(struct source *source, void *bytes, size_t size, size_t *got, struct error *error);

/*
 * The same, but it takes what is there: once it has a byte, it does not wait for others. `*ended`:
 * the end came.
 */
bool source_read_ready(struct source *source, void *bytes, size_t size, size_t *got, bool *ended,
                       struct error *error);

/* Whether the next byte has to be waited for, as from a pipe; of a file it never has. */
bool source_waits(const struct source *source);

/* After the end: whether the CRC-32 of all bytes is the one on record. Status INPUT. */
bool source_verify(const struct source *source, uint32_t crc32, struct error *error);

/* Says that `name`, a zip or another `what`, could not be copied, and by errno why. False. */
bool source_refuse_copy(const char *name, const char *what, struct error *error);

void source_close(struct source *source);

/* ---- the members of a zip ---- */

/* Borrows `name` for the call. */
typedef bool source_member_visitor(void *context, const char *name, uint64_t size,
                                   struct error *error);

/* Calls `visit` for each member, in order. Status USAGE where it is no zip; else as above. */
bool source_members(const char *path, source_member_visitor *visit, void *context,
                    struct error *error);

#endif

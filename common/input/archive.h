/*
 * archive: the directory of a zip file, read by minizip; zip64 included.
 *
 * Folders, and what macOS adds under __MACOSX/, are not members here. Of several entries of one
 * name, the last one is the member.
 */
#ifndef INPUT_ARCHIVE_H
#define INPUT_ARCHIVE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum archive_method { ARCHIVE_STORED = 0, ARCHIVE_DEFLATED = 8 };

struct archive_member {
    char *name;
    uint64_t size;   /* of its bytes */
    uint64_t packed; /* of what the archive holds of it */
    uint32_t crc32;  /* of its bytes */
    unsigned method; /* enum archive_method, or another of the format's numbers */
    bool encrypted;
};

struct archive;

/* Whether a file that begins with these bytes begins with a zip. */
bool archive_is(const unsigned char *bytes, size_t size);

/*
 * Whether a zip ends the file at `fd`, whatever is before it: a program that unpacks it, or what a
 * server said. False, too, where that can't be read.
 */
bool archive_ends(int fd);

/*
 * Reads the directory of the file open at `fd`, which must be seekable; its offset is not used
 * and not moved, here and in what follows. The zip may begin anywhere in the file. Borrows `fd` and
 * `name` (for messages). NULL on failure: status CUT where the directory, which stands last, is
 * missing, INPUT, or SYSTEM.
 */
struct archive *archive_open(int fd, const char *name, struct error *error);

size_t archive_count(const struct archive *archive);
const struct archive_member *archive_member(const struct archive *archive, size_t index);

/* Whether a member is in a folder. */
bool archive_has_folders(const struct archive *archive);

/*
 * The number of the member called `name`, or of the only one where `name` is NULL. SIZE_MAX,
 * status USAGE and a sentence that lists the members where there is none, or where there are
 * several and `name` is NULL: `several` says what to do then.
 */
size_t archive_find(const struct archive *archive, const char *name, const char *several,
                    struct error *error);

/* Where the member's packed bytes begin in the file. Refuses what can't be read, by name. */
bool archive_locate(struct archive *archive, size_t index, uint64_t *offset, struct error *error);

void archive_close(struct archive *archive);

#endif

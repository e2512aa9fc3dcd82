/*
 * files: what is done with descriptors in more than one place.
 */
#ifndef BASE_FILES_H
#define BASE_FILES_H

#include <stdbool.h>
#include <stddef.h>

/* Writes all of it, however often write(2) has to be called; on false errno says why. */
bool files_write(int fd, const void *bytes, size_t size);

/*
 * A file without a name in `folder`, to be written and read: it is gone with the program, however
 * that ends. -1 on failure: errno says why.
 */
int files_nameless(const char *folder);

/* Whether what is written to files in `folder` takes memory and no disk, as far as that is known.
 */
bool files_take_memory(const char *folder);

/* The folder of temporary files where none is named: TMPDIR; else /tmp, or, where that takes memory
   and it does not, /var/tmp. errno stays as it was. */
const char *files_temporary(void);

/* Whether that takes no name for a moment; false too where none could be made. */
bool files_know_nameless(const char *folder);

/* Whether files can be made in `folder`; on false errno says why not. */
bool files_can_be_made(const char *folder);

/* Whether something is mounted there, as a file of a container may be: its name can't go to another
   file. False where the system can't tell. */
bool files_is_mount_point(const char *path);

/* Has two names, of files or of folders in one file system, change places in one step. On false
   they are as they were, as where kernel or file system can't; errno says why. */
bool files_exchange(const char *one, const char *other);

/* How many bytes of `path` name its folder, with the slash; 0: it is the present one. */
int files_folder_size(const char *path);

/* The folder of `path`, for free(); NULL when memory is out. */
char *files_folder(const char *path);

/* Returns when the disk has what was written to the file. On false errno says why. */
bool files_save(int fd);

/*
 * The same of the names in the folder of `path`. A folder that this process may not read can't be
 * saved by it, which is no failure.
 */
bool files_save_folder(const char *path);

#endif

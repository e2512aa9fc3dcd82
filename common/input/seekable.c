/*
 * What minizip asks for a file: functions that open, seek, tell and read, each upon a cursor of its
 * own. All reading is pread. minizip takes any failure for a damaged zip, so what the system said
 * is kept in the file.
 */
#include "input/seekable.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

bool seekable_open(struct seekable *file, int fd)
{
    struct stat status;
    if (fstat(fd, &status) != 0)
        return false;
    *file = (struct seekable){.fd = fd, .size = (uint64_t)status.st_size};
    return true;
}

bool seekable_read(struct seekable *file, uint64_t offset, void *bytes, size_t size)
{
    char *to = bytes;
    /* A place that a damaged zip names may be one that the system doesn't even count to. */
    if (offset > file->size || size > file->size - offset)
        return false;
    for (size_t got = 0; got < size;) {
        ssize_t result = pread(file->fd, to + got, size - got, (off_t)(offset + got));
        if (result < 0 && errno == EINTR)
            continue;
        if (result < 0)
            file->failure = errno;
        if (result <= 0)
            return false;
        got += (size_t)result;
    }
    return true;
}

/* ---- for minizip ---- */

/* A place in the file that is minizip's alone. */
struct cursor {
    struct seekable *file;
    uint64_t offset;
};

static void *cursor_open(void *opaque, const void *unused_name, int unused_mode)
{
    (void)unused_name;
    (void)unused_mode;
    struct cursor *cursor = calloc(1, sizeof *cursor);
    if (cursor)
        cursor->file = opaque;
    else
        ((struct seekable *)opaque)->failure = errno;
    return cursor;
}

static uLong cursor_read(void *unused_opaque, void *stream, void *bytes, uLong size)
{
    (void)unused_opaque;
    struct cursor *cursor = stream;
    uint64_t end = cursor->file->size;
    uint64_t left = cursor->offset < end ? end - cursor->offset : 0;
    size_t given = size < left ? (size_t)size : (size_t)left;
    if (!seekable_read(cursor->file, cursor->offset, bytes, given))
        return 0;
    cursor->offset += given;
    return given;
}

static uLong cursor_write(void *unused_opaque, void *unused_stream, const void *unused_bytes,
                          uLong unused_size)
{
    (void)unused_opaque;
    (void)unused_stream;
    (void)unused_bytes;
    (void)unused_size;
    return 0;
}

static ZPOS64_T cursor_tell(void *unused_opaque, void *stream)
{
    (void)unused_opaque;
    return ((const struct cursor *)stream)->offset;
}

static long cursor_seek(void *unused_opaque, void *stream, ZPOS64_T offset, int origin)
{
    (void)unused_opaque;
    struct cursor *cursor = stream;
    switch (origin) {
    case ZLIB_FILEFUNC_SEEK_SET:
        cursor->offset = offset;
        return 0;
    case ZLIB_FILEFUNC_SEEK_CUR:
        cursor->offset += offset;
        return 0;
    case ZLIB_FILEFUNC_SEEK_END:
        cursor->offset = cursor->file->size + offset;
        return 0;
    default:
        return -1;
    }
}

static int cursor_close(void *unused_opaque, void *stream)
{
    (void)unused_opaque;
    free(stream);
    return 0;
}

static int cursor_error(void *unused_opaque, void *stream)
{
    (void)unused_opaque;
    return ((const struct cursor *)stream)->file->failure != 0;
}

zlib_filefunc64_def seekable_functions(struct seekable *file)
{
    return (zlib_filefunc64_def){.zopen64_file = cursor_open,
                                 .zread_file = cursor_read,
                                 .zwrite_file = cursor_write,
                                 .ztell64_file = cursor_tell,
                                 .zseek64_file = cursor_seek,
                                 .zclose_file = cursor_close,
                                 .zerror_file = cursor_error,
                                 .opaque = file};
}

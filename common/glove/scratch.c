/* Appended at the end and read anywhere, each byte once. */
#define _XOPEN_SOURCE 700 /* pread */
#include "glove/scratch.h"

#include "base/files.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

struct scratch scratch_in(const char *folder)
{
    return (struct scratch){.folder = folder, .fd = -1};
}

static bool open_file(struct scratch *scratch, struct error *error)
{
    scratch->fd = files_nameless(scratch->folder);
    if (scratch->fd >= 0)
        return true;
    return error_errno(error,
                       "%s: no temporary file can be made there: name another folder with "
                       "--temp-dir, or raise --memory",
                       scratch->folder);
}

static bool refuse_append(const struct scratch *scratch, struct error *error)
{
    int cause = errno;
    return error_set(error, STATUS_SYSTEM,
                     "%s: %s while writing a temporary file of %.1f MiB: name another folder with "
                     "--temp-dir, or raise --memory",
                     scratch->folder, strerror(cause), (double)scratch->size / (1 << 20));
}

bool scratch_append(struct scratch *scratch, const void *bytes, size_t size, struct error *error)
{
    if (scratch->fd < 0 && !open_file(scratch, error))
        return false;
    for (size_t done = 0; done < size;) {
        ssize_t wrote =
            pwrite(scratch->fd, (const char *)bytes + done, size - done, (off_t)scratch->size);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return refuse_append(scratch, error);
        done += (size_t)wrote;
        scratch->size += (uint64_t)wrote;
    }
    return true;
}

bool scratch_read(const struct scratch *scratch, uint64_t offset, void *bytes, size_t size,
                  struct error *error)
{
    for (size_t done = 0; done < size;) {
        ssize_t got = pread(scratch->fd, (char *)bytes + done, size - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_errno(error, "%s: can't read a temporary file", scratch->folder);
        if (got == 0)
            return error_set(error, STATUS_SYSTEM,
                             "%s: a temporary file is shorter than what was written to it",
                             scratch->folder);
        done += (size_t)got;
    }
    return true;
}

void scratch_close(struct scratch *scratch)
{
    if (scratch->fd >= 0)
        close(scratch->fd);
    *scratch = scratch_in(scratch->folder);
}

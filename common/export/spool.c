/* A file that is gone with the program, however that ends. */
#include "export/spool.h"

#include "base/files.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

enum { PIECE = 256 * 1024 };

static bool failed(struct error *error)
{
    return error_errno(error, "the temporary file in %s (TMPDIR says where)", files_temporary());
}

bool spool_open(struct spool *spool, struct error *error)
{
    spool->fd = files_nameless(files_temporary());
    return spool->fd >= 0 || failed(error);
}

bool spool_write(struct spool *spool, const void *bytes, size_t size, struct error *error)
{
    return files_write(spool->fd, bytes, size) || failed(error);
}

bool spool_rewind(struct spool *spool, struct error *error)
{
    return lseek(spool->fd, 0, SEEK_SET) == 0 || failed(error);
}

bool spool_read(struct spool *spool, void *bytes, size_t size, size_t *got, struct error *error)
{
    ssize_t count;
    do
        count = read(spool->fd, bytes, size);
    while (count < 0 && errno == EINTR);
    *got = count > 0 ? (size_t)count : 0;
    return count >= 0 || failed(error);
}

bool spool_copy(struct spool *spool, struct output *output, struct error *error)
{
    char *piece = malloc(PIECE);
    size_t got = 1;
    bool done = piece ? spool_rewind(spool, error) : error_memory(error, "exporting");
    while (done && got)
        done =
            spool_read(spool, piece, PIECE, &got, error) && output_write(output, piece, got, error);
    free(piece);
    return done;
}

void spool_close(struct spool *spool)
{
    if (spool->fd >= 0)
        close(spool->fd);
    *spool = SPOOL_CLOSED;
}

/*
 * Bytes reach a record by two ways. Small needs (the type and length of the next object) are
 * served from a read-ahead buffer; a large need (the rest of a `bin`) is read straight into the
 * record, and the same call refills the buffer behind it. So the floats are never copied, and a
 * record's memory grows only as its bytes arrive: a length is taken on trust up to
 * TRUSTED_SIZE, and beyond that memory at most doubles what is there.
 */
#define _GNU_SOURCE
#include "stream/intake.h"

#include "base/await.h"
#include "base/memory.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { SMALL_NEED = 4096, TRUSTED_SIZE = 4 << 20, PIPE_SIZE = 1 << 20 };

bool intake_open(struct intake *intake, const char *path, const char *name, struct error *error)
{
    intake->fd = STDIN_FILENO;
    intake->name = name;
    intake->at_end_of_file = false;
    intake->ahead_from = intake->ahead_to = 0;
    struct stat status;
    if (path)
        intake->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (intake->fd < 0 || fstat(intake->fd, &status) != 0)
        return error_errno(error, "%s: can't open", intake->name);
    if (S_ISDIR(status.st_mode))
        return error_set(error, STATUS_USAGE, "%s: is a folder: name a file", intake->name);
#ifdef F_SETPIPE_SZ
    /* A wider pipe means fewer switches between the programs; where it is refused, so be it. */
    if (S_ISFIFO(status.st_mode))
        fcntl(intake->fd, F_SETPIPE_SZ, PIPE_SIZE);
#endif
    return true;
}

void intake_close(struct intake *intake)
{
    if (intake->fd >= 0 && intake->fd != STDIN_FILENO)
        close(intake->fd);
}

bool intake_waits(const struct intake *intake)
{
    return intake->ahead_from == intake->ahead_to && await_waits(intake->fd);
}

static bool reserve(struct stream_record *record, size_t needed, struct error *error)
{
    return memory_reserve(&record->bytes, &record->capacity, record->size + needed, 1) ||
           error_memory(error, "reading a record");
}

static void take_ahead(struct intake *intake, struct stream_record *record, size_t size)
{
    memcpy(record->bytes + record->size, intake->ahead + intake->ahead_from, size);
    record->size += size;
    intake->ahead_from += size;
}

/* Reads into `direct`, and what the system has beyond that into the empty read-ahead buffer. */
static ssize_t read_some(struct intake *intake, unsigned char *direct, size_t size,
                         struct error *error)
{
    intake->ahead_from = intake->ahead_to = 0;
    struct iovec parts[2] = {{direct, size}, {intake->ahead, INTAKE_AHEAD}};
    ssize_t got = await_readv(intake->fd, parts, 2);
    if (got < 0)
        error_errno(error, "%s: can't read", intake->name);
    if (got == 0)
        intake->at_end_of_file = true;
    if (got > (ssize_t)size) {
        intake->ahead_to = (size_t)got - size;
        return (ssize_t)size;
    }
    return got;
}

bool intake_peek(struct intake *intake, int *byte, struct error *error)
{
    if (!intake->at_end_of_file && intake->ahead_from == intake->ahead_to &&
        read_some(intake, NULL, 0, error) < 0)
        return false;
    *byte = intake->ahead_from < intake->ahead_to ? intake->ahead[intake->ahead_from] : -1;
    return true;
}

bool intake_read(struct intake *intake, void *bytes, size_t size, size_t *got, struct error *error)
{
    size_t ahead = intake->ahead_to - intake->ahead_from;
    if (ahead == 0) {
        ssize_t count = read_some(intake, bytes, size, error);
        *got = count > 0 ? (size_t)count : 0;
        return count >= 0;
    }
    *got = ahead < size ? ahead : size;
    memcpy(bytes, intake->ahead + intake->ahead_from, *got);
    intake->ahead_from += *got;
    return true;
}

bool intake_fill(struct intake *intake, struct stream_record *record, uint64_t needed,
                 struct error *error)
{
    while (needed && !(intake->at_end_of_file && intake->ahead_from == intake->ahead_to)) {
        size_t step = record->size > TRUSTED_SIZE ? record->size : TRUSTED_SIZE;
        if (step > needed)
            step = (size_t)needed;
        size_t ahead = intake->ahead_to - intake->ahead_from;
        size_t take = step < SMALL_NEED ? SMALL_NEED : step;
        if (take > ahead)
            take = ahead;
        if (!reserve(record, take > step ? take : step, error))
            return false;
        size_t got = take;
        if (take) {
            take_ahead(intake, record, take);
        } else {
            ssize_t count = read_some(intake, record->bytes + record->size, step, error);
            if (count < 0)
                return false;
            record->size += (size_t)count;
            got = (size_t)count;
        }
        needed -= got < needed ? got : needed;
    }
    return true;
}

void intake_return(struct intake *intake, struct stream_record *record, size_t size)
{
    intake->ahead_from -= record->size - size;
    record->size = size;
}

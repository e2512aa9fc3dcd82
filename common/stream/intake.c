/*
 * Bytes reach a record by two ways. Small needs (the type and length of the next object) are
 * served from a read-ahead buffer; a large need (the rest of a `bin`) is read straight into the
 * record, and the same call refills the buffer behind it. So the floats are never copied, and a
 * record's memory grows only as its bytes arrive: a length is taken on trust up to
 * TRUSTED_SIZE, and beyond that memory at most doubles what is there.
 *
 * Or bytes are read to where they stay, in the caller's memory. A record is then a window there,
 * and neither it nor what is beyond it is copied.
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

enum { SMALL_NEED = 4096, TRUSTED_SIZE = 4 << 20, PIPE_SIZE = 1 << 20, KEPT_STEP = 256 * 1024 };

bool intake_open(struct intake *intake, const char *path, const char *name, struct error *error)
{
    intake->fd = STDIN_FILENO;
    intake->name = name;
    intake->at_end_of_file = false;
    intake->ahead_from = intake->ahead_to = 0;
    intake->kept = NULL;
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
    bool any = intake->ahead_from < intake->ahead_to ||
               (intake->kept && intake->kept_from < intake->kept_to);
    return !any && await_waits(intake->fd);
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

/* ---- bytes that stay ---- */

void intake_drop(struct stream_record *record)
{
    if (record->stays) {
        record->bytes = NULL;
        record->stays = false;
    }
    record->size = 0;
}

void intake_keep(struct intake *intake, void *room, size_t size)
{
    intake->kept = room;
    intake->kept_from = intake->kept_to = 0;
    intake->kept_room = size;
}

/* The record is all that is there. */
static void look_at_kept(const struct intake *intake, struct stream_record *record)
{
    record->bytes = intake->kept + intake->kept_from;
    record->size = intake->kept_to - intake->kept_from;
    record->stays = true;
}

/* No more will stay: the record, so far as it is there, gets bytes of its own. */
static bool stop_keeping(struct intake *intake, struct stream_record *record, struct error *error)
{
    const unsigned char *kept = intake->kept + intake->kept_from;
    size_t size = intake->kept_to - intake->kept_from;
    intake_drop(record);
    if (!reserve(record, size, error))
        return false;
    if (size)
        memcpy(record->bytes, kept, size);
    record->size = size;
    intake->kept = NULL;
    return true;
}

/* As intake_fill, while there is room for all that is needed; else it is full. */
static bool fill_kept(struct intake *intake, struct stream_record *record, size_t wanted,
                      struct error *error)
{
    size_t left;
    while (!intake->at_end_of_file && intake->kept_to - intake->kept_from < wanted &&
           (left = intake->kept_room - intake->kept_to) > 0) {
        struct iovec part = {intake->kept + intake->kept_to, left < KEPT_STEP ? left : KEPT_STEP};
        ssize_t got = await_readv(intake->fd, &part, 1);
        if (got < 0)
            return error_errno(error, "%s: can't read", intake->name);
        intake->at_end_of_file = got == 0;
        intake->kept_to += (size_t)got;
    }
    look_at_kept(intake, record);
    return true;
}

/* ---- bytes of a record ---- */

bool intake_fill(struct intake *intake, struct stream_record *record, uint64_t needed,
                 struct error *error)
{
    if (intake->kept) {
        uint64_t wanted = record->size + needed, most = intake->kept_room - intake->kept_from;
        if (!fill_kept(intake, record, (size_t)(wanted < most ? wanted : most), error))
            return false;
        if (intake->at_end_of_file || record->size >= wanted)
            return true;
        needed = wanted - record->size;
        if (!stop_keeping(intake, record, error))
            return false;
    }
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
    if (intake->kept) {
        intake->kept_from += size;
        record->size = size;
        return;
    }
    intake->ahead_from -= record->size - size;
    record->size = size;
}

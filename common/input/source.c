#include "input/source.h"

#include "base/path.h"
#include "input/archive.h"
#include "input/feed.h"
#include "input/gzip.h"
#include "input/inflate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { HEAD_SIZE = 4 }; /* what tells the forms apart */

enum form { PLAIN, GZIP, ZIP_STORED, ZIP_DEFLATED };

struct source {
    int fd;
    const char *name;
    char manner[32];
    bool seekable; /* and at its beginning when it was opened */
    enum form form;
    struct feed feed;
    struct inflater *inflater; /* GZIP and ZIP_DEFLATED */
    bool ended;
    uint64_t size;        /* bytes handed out */
    uint64_t member_size; /* of them, in gzip's present member */
    uint64_t packed_at;   /* where a zip's member begins in the file */
    uint64_t wanted_size; /* of a zip's member */
    uint32_t wanted_crc;  /* of all bytes; for gzip, of the members that have ended */
};

/* ---- opening ---- */

/* Opens the file and reads its head. */
static bool open_file(struct source *source, const char *path, struct error *error)
{
    bool standard = path_is_standard(path);
    source->name = standard ? "standard input" : path;
    source->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (source->fd < 0)
        return error_errno(error, "%s: can't open", path);
    struct stat status;
    if (fstat(source->fd, &status) == 0 && S_ISDIR(status.st_mode))
        return error_set(error, STATUS_USAGE, "%s: is a folder: name a file", source->name);
    posix_fadvise(source->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    source->seekable = lseek(source->fd, 0, SEEK_CUR) == 0;
    return feed_init(&source->feed, source->fd, source->name, error) &&
           feed_peek(&source->feed, HEAD_SIZE, error);
}

/* A new file that has no name any more. */
static int open_nameless(void)
{
    const char *folder = getenv("TMPDIR");
    char path[4096];
    snprintf(path, sizeof path, "%s/glovepipe-XXXXXX", folder && *folder ? folder : "/tmp");
    int fd = mkstemp(path);
    if (fd >= 0)
        unlink(path);
    return fd;
}

static bool write_all(int fd, const unsigned char *bytes, size_t size)
{
    while (size) {
        ssize_t written = write(fd, bytes, size);
        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0) {
            bytes += written;
            size -= (size_t)written;
        }
    }
    return true;
}

/* Copies the rest of the feed to `fd`. */
static bool copy_feed(struct feed *feed, int fd, struct error *error)
{
    for (;;) {
        if (!feed_fill(feed, error))
            return false;
        if (!feed->available)
            return true;
        if (!write_all(fd, feed->next, feed->available))
            return error_errno(error, "%s: can't copy the zip to a temporary file", feed->name);
        feed->next += feed->available;
        feed->available = 0;
    }
}

/* Puts a file that can be read in any order in the place of what the source reads from. */
static bool spool(struct source *source, struct error *error)
{
    int fd = open_nameless();
    if (fd < 0)
        return error_errno(error, "%s: can't make a temporary file for the zip", source->name);
    if (!copy_feed(&source->feed, fd, error)) {
        close(fd);
        return false;
    }
    if (source->fd != STDIN_FILENO)
        close(source->fd);
    source->fd = source->feed.fd = fd;
    return true;
}

/* The directory stands last, so the file must be seekable. */
static struct archive *open_zip(struct source *source, struct error *error)
{
    if (!source->seekable && !spool(source, error))
        return NULL;
    return archive_open(source->fd, source->name, error);
}

static bool enter_member(struct source *source, struct archive *archive, const char *name,
                         struct error *error)
{
    size_t index = archive_find(archive, name, error);
    if (index == SIZE_MAX || !archive_locate(archive, index, &source->packed_at, error))
        return false;
    const struct archive_member *member = archive_member(archive, index);
    source->form = member->method == ARCHIVE_STORED ? ZIP_STORED : ZIP_DEFLATED;
    source->wanted_size = member->size;
    source->wanted_crc = member->crc32;
    return feed_seek(&source->feed, source->packed_at, member->packed, error);
}

static bool start_inflating(struct source *source, const char *form, struct error *error)
{
    source->inflater = inflater_new(error);
    if (source->inflater)
        snprintf(source->manner, sizeof source->manner, "%s, %s", form, source->inflater->name);
    return source->inflater;
}

static bool start_gzip(struct source *source, struct error *error)
{
    source->form = GZIP;
    return gzip_header(&source->feed, error) == GZIP_MEMBER &&
           start_inflating(source, "gzip", error);
}

static bool start_zip(struct source *source, const char *member, struct error *error)
{
    struct archive *archive = open_zip(source, error);
    bool entered = archive && enter_member(source, archive, member, error);
    archive_close(archive);
    if (entered && source->form == ZIP_DEFLATED)
        return start_inflating(source, "zip", error);
    snprintf(source->manner, sizeof source->manner, "zip, stored");
    return entered;
}

static bool start(struct source *source, const char *path, const char *member, struct error *error)
{
    if (!open_file(source, path, error))
        return false;
    const struct feed *feed = &source->feed;
    if (archive_is(feed->next, feed->available))
        return start_zip(source, member, error);
    if (member)
        return error_set(error, STATUS_USAGE, "%s: is no zip: leave --member out", source->name);
    if (gzip_is(feed->next, feed->available))
        return start_gzip(source, error);
    snprintf(source->manner, sizeof source->manner, "plain");
    return true;
}

static struct source *source_new(struct error *error)
{
    struct source *source = calloc(1, sizeof *source);
    if (source)
        source->fd = -1;
    else
        error_memory(error, "opening a file");
    return source;
}

struct source *source_open(const char *path, const char *member, struct error *error)
{
    struct source *source = source_new(error);
    if (!source || start(source, path, member, error))
        return source;
    source_close(source);
    return NULL;
}

void source_close(struct source *source)
{
    if (!source)
        return;
    if (source->inflater)
        source->inflater->free(source->inflater);
    feed_free(&source->feed);
    if (source->fd >= 0 && source->fd != STDIN_FILENO)
        close(source->fd);
    free(source);
}

const char *source_name(const struct source *source)
{
    return source->name;
}

const char *source_manner(const struct source *source)
{
    return source->manner;
}

/* ---- reading ---- */

/* Runs the inflater once, on the available bytes. */
static enum inflate_result run_inflater(struct source *source, struct inflate_window *window,
                                        bool *stuck)
{
    struct feed *feed = &source->feed;
    size_t room = window->room, given = feed->available;
    window->next = feed->next;
    window->available = given;
    enum inflate_result result = source->inflater->run(source->inflater, window);
    *stuck = window->room == room && window->available == given;
    feed->next = window->next;
    feed->available = window->available;
    return result;
}

/* Inflates to the end of the room or of the deflate data. */
static bool inflate_some(struct source *source, struct inflate_window *window, bool *data_ended,
                         struct error *error)
{
    struct feed *feed = &source->feed;
    enum inflate_result result = INFLATE_MORE;
    while (window->room && result == INFLATE_MORE) {
        if (!feed_fill(feed, error))
            return false;
        bool stuck;
        result = run_inflater(source, window, &stuck);
        if (result == INFLATE_MORE && stuck && !feed->available)
            return error_set(error, STATUS_CUT,
                             "%s: the compressed data ends early: fetch or make it again",
                             source->name);
        if (result == INFLATE_DAMAGED || (result == INFLATE_MORE && stuck))
            return error_set(
                error, STATUS_INPUT,
                "%s: byte %llu: the compressed data is damaged: fetch or make it again",
                source->name, (unsigned long long)(source->packed_at + feed_position(feed)));
    }
    *data_ended = result == INFLATE_END;
    return true;
}

static bool wrong_size(const struct source *source, struct error *error)
{
    return error_set(error, STATUS_INPUT,
                     "%s: it unpacks to another size than is on record: it is damaged",
                     source->name);
}

/* Behind a gzip member: its trailer, and perhaps another member. */
static bool next_member(struct source *source, struct error *error)
{
    uint32_t crc, size;
    if (!gzip_trailer(&source->feed, &crc, &size, error))
        return false;
    if (size != (uint32_t)source->member_size)
        return wrong_size(source, error);
    source->wanted_crc =
        (uint32_t)crc32_combine(source->wanted_crc, crc, (z_off_t)source->member_size);
    source->member_size = 0;
    switch (gzip_header(&source->feed, error)) {
    case GZIP_MEMBER:
        if (source->inflater->restart(source->inflater))
            return true;
        return error_memory(error, "preparing to inflate");
    case GZIP_END:
        source->ended = true;
        return true;
    default:
        return false;
    }
}

static bool read_inflated(struct source *source, void *bytes, size_t size, size_t *got,
                          struct error *error)
{
    struct inflate_window window = {.to = bytes, .room = size};
    while (window.room && !source->ended) {
        bool data_ended = false;
        size_t room = window.room;
        if (!inflate_some(source, &window, &data_ended, error))
            return false;
        source->member_size += room - window.room;
        if (data_ended && source->form == GZIP && !next_member(source, error))
            return false;
        if (data_ended && source->form == ZIP_DEFLATED)
            source->ended = true;
    }
    *got = size - window.room;
    return true;
}

bool source_read(struct source *source, void *bytes, size_t size, size_t *got, struct error *error)
{
    bool read = source->inflater ? read_inflated(source, bytes, size, got, error)
                                 : feed_read(&source->feed, bytes, size, got, error);
    if (!read)
        return false;
    source->size += *got;
    if (*got == size || source->form == PLAIN || source->form == GZIP)
        return true;
    return source->size == source->wanted_size || wrong_size(source, error);
}

bool source_verify(const struct source *source, uint32_t crc32, struct error *error)
{
    return source->form == PLAIN || crc32 == source->wanted_crc ||
           error_set(error, STATUS_INPUT,
                     "%s: it unpacks to another CRC-32 (%08x) than is on record (%08x): it is "
                     "damaged: fetch or make it again",
                     source->name, (unsigned)crc32, (unsigned)source->wanted_crc);
}

/* ---- the members of a zip ---- */

static bool visit_members(const struct archive *archive, source_member_visitor *visit,
                          void *context, struct error *error)
{
    for (size_t i = 0; i < archive_count(archive); i++) {
        const struct archive_member *member = archive_member(archive, i);
        if (!visit(context, member->name, member->size, error))
            return false;
    }
    return true;
}

static struct archive *open_members(struct source *source, const char *path, struct error *error)
{
    if (!open_file(source, path, error))
        return NULL;
    if (archive_is(source->feed.next, source->feed.available))
        return open_zip(source, error);
    error_set(error, STATUS_USAGE, "%s: is no zip: it has no members to list", source->name);
    return NULL;
}

bool source_members(const char *path, source_member_visitor *visit, void *context,
                    struct error *error)
{
    struct source *source = source_new(error);
    if (!source)
        return false;
    struct archive *archive = open_members(source, path, error);
    bool done = archive && visit_members(archive, visit, context, error);
    archive_close(archive);
    source_close(source);
    return done;
}

/*
 * A source opens and hands on. It looks at the first bytes, picks the form from a table, and goes
 * to where the form's data begin. From there bytes come from the feed as they are (plain text, a
 * stored member of a zip), or from `inflated`, which has taken the feed over then. What is on
 * record of the whole is compared here.
 *
 * A zip's directory stands at its end, so a zip from a pipe is copied to a file first.
 */
#include "input/source.h"

#include "base/files.h"
#include "base/path.h"
#include "input/archive.h"
#include "input/feed.h"
#include "input/gzip.h"
#include "input/inflated.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEAD_SIZE = 4 }; /* what tells the forms apart */

/* What the file says of all its unpacked bytes. Of gzip, the size is `inflated`'s to check. */
struct record {
    bool has_size, has_crc32;
    uint64_t size;
    uint32_t crc32;
};

/* What to do about a zip of several members. */
struct advice {
    const char *files, *folders; /* of which none is in a folder, or any */
};

struct source {
    int fd;
    const char *name;
    char manner[32];
    bool seekable; /* and at its beginning when it was opened */
    const struct advice *several;
    struct feed feed;          /* empty once `inflated` has it */
    struct inflated *inflated; /* NULL: the feed's bytes are the source's */
    uint64_t size;             /* bytes handed out */
    struct record record;
};

/* ---- opening a file ---- */

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
    source->seekable = lseek(source->fd, 0, SEEK_CUR) == 0;
    return feed_init(&source->feed, source->fd, source->name, error) &&
           feed_peek_line(&source->feed, HEAD_SIZE, error);
}

bool source_refuse_copy(const char *name, const char *what, struct error *error)
{
    return error_errno(error, "%s: can't copy the %s to a temporary file in %s (TMPDIR says where)",
                       name, what, files_temporary());
}

/* Copies the rest of the feed to `fd`. */
static bool copy_feed(struct feed *feed, int fd, struct error *error)
{
    for (;;) {
        if (!feed_fill(feed, error))
            return false;
        if (!feed->available)
            return true;
        if (!files_write(fd, feed->next, feed->available))
            return source_refuse_copy(feed->name, "zip", error);
        feed->next += feed->available;
        feed->available = 0;
    }
}

/* Puts a file that can be read in any order in the place of what the source reads from. */
static bool spool(struct source *source, struct error *error)
{
    int fd = files_nameless(files_temporary());
    if (fd < 0)
        return source_refuse_copy(source->name, "zip", error);
    if (!copy_feed(&source->feed, fd, error)) {
        close(fd);
        return false;
    }
    if (source->fd != STDIN_FILENO)
        close(source->fd);
    source->fd = source->feed.fd = fd;
    return true;
}

/* ---- the forms ---- */

static bool open_inflated(struct source *source, enum inflated_form form, const char *name,
                          struct error *error)
{
    source->inflated = inflated_open(&source->feed, form, error);
    if (source->inflated)
        snprintf(source->manner, sizeof source->manner, "%s, %s", name,
                 inflated_by(source->inflated));
    return source->inflated;
}

/* The directory stands last, so the file must be seekable. */
static struct archive *open_archive(struct source *source, struct error *error)
{
    if (!source->seekable && !spool(source, error))
        return NULL;
    return archive_open(source->fd, source->name, error);
}

static size_t find_member(const struct source *source, const struct archive *archive,
                          const char *name, struct error *error)
{
    const struct advice *several = source->several;
    const char *advice = archive_has_folders(archive) ? several->folders : several->files;
    return archive_find(archive, name, advice, error);
}

static bool enter_member(struct source *source, struct archive *archive, size_t index,
                         struct error *error)
{
    uint64_t offset;
    const struct archive_member *member = archive_member(archive, index);
    if (!archive_locate(archive, index, &offset, error) ||
        !feed_seek(&source->feed, offset, member->packed, error))
        return false;
    source->record = (struct record){true, true, member->size, member->crc32};
    if (member->method == ARCHIVE_DEFLATED)
        return open_inflated(source, INFLATED_BARE, "zip", error);
    snprintf(source->manner, sizeof source->manner, "zip, stored");
    return true;
}

static bool open_zip(struct source *source, const char *name, struct error *error)
{
    struct archive *archive = open_archive(source, error);
    size_t index = archive ? find_member(source, archive, name, error) : SIZE_MAX;
    bool entered = index != SIZE_MAX && enter_member(source, archive, index, error);
    archive_close(archive);
    return entered;
}

/* A form that has no members is asked for none. */
static bool refuse_member(const struct source *source, const char *name, struct error *error)
{
    return !name ||
           error_set(error, STATUS_USAGE, "%s: is no zip: leave --member out", source->name);
}

static bool open_gzip(struct source *source, const char *name, struct error *error)
{
    source->record.has_crc32 = true;
    return refuse_member(source, name, error) &&
           open_inflated(source, INFLATED_GZIP, "gzip", error);
}

static bool open_plain(struct source *source, const char *name, struct error *error)
{
    snprintf(source->manner, sizeof source->manner, "plain");
    return refuse_member(source, name, error);
}

static bool is_gzip(const struct source *source)
{
    return gzip_is(source->feed.next, source->feed.available);
}

static bool is_zip(const struct source *source)
{
    return archive_is(source->feed.next, source->feed.available) ||
           (source->seekable && archive_ends(source->fd));
}

static bool is_anything(const struct source *unused_source)
{
    (void)unused_source;
    return true;
}

/* The first one that it is. */
static const struct form {
    bool (*is)(const struct source *source);
    bool (*open)(struct source *source, const char *member, struct error *error);
} forms[] = {{is_gzip, open_gzip}, {is_zip, open_zip}, {is_anything, open_plain}};

/* ---- opening ---- */

static bool start(struct source *source, const char *path, const char *member, struct error *error)
{
    if (!open_file(source, path, error))
        return false;
    const struct form *form = forms;
    while (!form->is(source))
        form++;
    return form->open(source, member, error);
}

static struct source *source_new(const struct advice *several, struct error *error)
{
    struct source *source = malloc(sizeof *source);
    if (source)
        *source = (struct source){.fd = -1, .several = several};
    else
        error_memory(error, "opening a file");
    return source;
}

static struct source *open_source(const char *path, const char *member,
                                  const struct advice *several, struct error *error)
{
    struct source *source = source_new(several, error);
    if (!source || start(source, path, member, error))
        return source;
    source_close(source);
    return NULL;
}

struct source *source_open(const char *path, const char *member, struct error *error)
{
    static const struct advice pick = {"pick one with --member", "pick one with --member"};
    return open_source(path, member, &pick, error);
}

struct source *source_open_only(const char *path, struct error *error)
{
    static const struct advice unzip = {
        "unzip one of them first, with unzip FILE MEMBER",
        "unpack it, with unzip FILE, and name a file or folder of it"};
    return open_source(path, NULL, &unzip, error);
}

void source_close(struct source *source)
{
    if (!source)
        return;
    inflated_close(source->inflated);
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

int source_plain_file(const struct source *source, uint64_t *size)
{
    struct stat status;
    if (source->inflated || source->record.has_size || !source->seekable ||
        fstat(source->fd, &status) != 0 || !S_ISREG(status.st_mode))
        return -1;
    *size = (uint64_t)status.st_size;
    return source->fd;
}

uint64_t source_expected(const struct source *source)
{
    uint64_t size = 0;
    if (source->record.has_size)
        return source->record.size;
    return source_plain_file(source, &size) < 0 ? 0 : size;
}

/* ---- reading ---- */

/* At the end: compares the size, and takes the CRC-32 of gzip's trailers, which are read now. */
static bool finish(struct source *source, struct error *error)
{
    struct record *record = &source->record;
    if (record->has_crc32 && !record->has_size)
        record->crc32 = inflated_crc32(source->inflated);
    return !record->has_size || source->size == record->size ||
           error_set(error, STATUS_INPUT,
                     "%s: it unpacks to another size than is on record: it is damaged",
                     source->name);
}

bool source_read(struct source *source, void *bytes, size_t size, size_t *got, struct error *error)
{
    bool read = source->inflated ? inflated_read(source->inflated, bytes, size, got, error)
                                 : feed_read(&source->feed, bytes, size, got, error);
    if (!read)
        return false;
    source->size += *got;
    return *got == size || finish(source, error);
}

bool source_read_ready(struct source *source, void *bytes, size_t size, size_t *got, bool *ended,
                       struct error *error)
{
    bool read = source->inflated
                    ? inflated_read_ready(source->inflated, bytes, size, got, ended, error)
                    : feed_read_ready(&source->feed, bytes, size, got, ended, error);
    if (!read)
        return false;
    source->size += *got;
    return !*ended || finish(source, error);
}

bool source_waits(const struct source *source)
{
    return source->inflated ? inflated_waits(source->inflated) : feed_waits(&source->feed);
}

bool source_verify(const struct source *source, uint32_t crc32, struct error *error)
{
    const struct record *record = &source->record;
    return !record->has_crc32 || crc32 == record->crc32 ||
           error_set(error, STATUS_INPUT,
                     "%s: it unpacks to another CRC-32 (%08x) than is on record (%08x): it is "
                     "damaged: fetch or make it again",
                     source->name, (unsigned)crc32, (unsigned)record->crc32);
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
    if (is_zip(source))
        return open_archive(source, error);
    error_set(error, STATUS_USAGE, "%s: is no zip: it has no members to list", source->name);
    return NULL;
}

bool source_members(const char *path, source_member_visitor *visit, void *context,
                    struct error *error)
{
    struct source *source = source_new(NULL, error);
    if (!source)
        return false;
    struct archive *archive = open_members(source, path, error);
    bool done = archive && visit_members(archive, visit, context, error);
    archive_close(archive);
    source_close(source);
    return done;
}

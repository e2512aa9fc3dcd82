/*
 * minizip finds the directory and walks through it. What a directory entry says is read here,
 * at the place that minizip tells: releases of it that are in use take the 64-bit fields of an
 * entry (APPNOTE.TXT 4.5.3) for absent where `long` has 64 bits, and so lose every member that is
 * larger than 4 GiB, or lies behind that in the file.
 */
#include "input/archive.h"

#include "base/memory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <minizip/unzip.h>

enum {
    ENTRY_SIZE = 46,  /* of a directory entry, before its name and its extra fields */
    HEADER_SIZE = 30, /* the same for the header before a member's bytes */
    END_SIZE = 22,    /* of the record that ends the directory, before its comment */
    LONGEST_COMMENT = UINT16_MAX,
    ENCRYPTED = 1,
    LONGEST_NAME = UINT16_MAX,
    LONGEST_EXTRA = UINT16_MAX,
    EXTRA_ZIP64 = 1
};

struct entry {
    struct archive_member member;
    uint64_t header; /* where it begins in the file */
};

struct archive {
    int fd;
    uint64_t size; /* of the file */
    const char *name;
    unzFile zip;
    struct entry *entries;
    size_t count, capacity;
};

bool archive_is(const unsigned char *bytes, size_t size)
{
    /* A first member, or the end of a directory without any. */
    return size >= 4 && (memcmp(bytes, "PK\3\4", 4) == 0 || memcmp(bytes, "PK\5\6", 4) == 0);
}

/* ---- reading the directory ---- */

static uint64_t little_endian(const unsigned char *bytes, size_t size)
{
    uint64_t value = 0;
    for (size_t i = size; i > 0; i--)
        value = value << 8 | bytes[i - 1];
    return value;
}

/* False where the file has no such bytes. */
static bool read_at(const struct archive *archive, uint64_t offset, unsigned char *bytes,
                    size_t size)
{
    for (size_t got = 0; got < size;) {
        ssize_t result = pread(archive->fd, bytes + got, size - got, (off_t)(offset + got));
        if (result == 0 || (result < 0 && errno != EINTR))
            return false;
        if (result > 0)
            got += (size_t)result;
    }
    return true;
}

/*
 * Whether the record that ends the directory is there to its last byte. minizip takes what lies
 * behind the end of the file for zeros.
 */
static bool has_end(const struct archive *archive)
{
    unsigned char tail[END_SIZE + LONGEST_COMMENT];
    uint64_t size = archive->size;
    size_t held = size < sizeof tail ? (size_t)size : sizeof tail;
    if (size < END_SIZE || !read_at(archive, size - held, tail, held))
        return false;
    for (size_t at = held - END_SIZE + 1; at-- > 0;)
        if (memcmp(tail + at, "PK\5\6", 4) == 0)
            return at + END_SIZE + little_endian(tail + at + 20, 2) <= held;
    return false;
}

/* ---- the file as minizip sees it ---- */

/* A place in the file that is minizip's alone: the descriptor's own offset is another's. */
struct cursor {
    const struct archive *archive;
    uint64_t offset;
    bool failed;
};

static void *cursor_open(void *opaque, const void *unused_name, int unused_mode)
{
    (void)unused_name;
    (void)unused_mode;
    struct cursor *cursor = calloc(1, sizeof *cursor);
    if (cursor)
        cursor->archive = opaque;
    return cursor;
}

static uLong cursor_read(void *unused_opaque, void *stream, void *bytes, uLong size)
{
    (void)unused_opaque;
    struct cursor *cursor = stream;
    uint64_t end = cursor->archive->size;
    uint64_t left = cursor->offset < end ? end - cursor->offset : 0;
    size_t given = size < left ? (size_t)size : (size_t)left;
    if (!read_at(cursor->archive, cursor->offset, bytes, given)) {
        cursor->failed = true;
        return 0;
    }
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
        cursor->offset = cursor->archive->size + offset;
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
    return ((const struct cursor *)stream)->failed;
}

static bool damaged(const struct archive *archive, struct error *error)
{
    return error_set(error, STATUS_INPUT, "%s: the zip's directory is damaged: fetch it again",
                     archive->name);
}

static bool is_passed_over(const char *name)
{
    size_t size = strlen(name);
    return size == 0 || name[size - 1] == '/' || strncmp(name, "__MACOSX/", 9) == 0;
}

/* A field that is full says that its value stands in the extra field, which then moves on. */
static bool widen(uint64_t *value, const unsigned char **at, const unsigned char *end)
{
    if (*value != UINT32_MAX)
        return true;
    if (end - *at < 8)
        return false;
    *value = little_endian(*at, 8);
    *at += 8;
    return true;
}

/* Replaces fields of an entry by their 64-bit values, where it has them. */
static bool widen_entry(struct entry *entry, const unsigned char *extra, size_t size)
{
    struct archive_member *member = &entry->member;
    while (size >= 4) {
        size_t field = (size_t)little_endian(extra + 2, 2);
        if (field > size - 4)
            return false;
        const unsigned char *at = extra + 4, *end = at + field;
        if (little_endian(extra, 2) == EXTRA_ZIP64)
            return widen(&member->size, &at, end) && widen(&member->packed, &at, end) &&
                   widen(&entry->header, &at, end);
        extra = end;
        size -= 4 + field;
    }
    return true;
}

/* Reads the directory entry at `offset`, but for its name. */
static bool read_entry(const struct archive *archive, uint64_t offset, struct entry *entry)
{
    unsigned char fixed[ENTRY_SIZE], extra[LONGEST_EXTRA];
    if (!read_at(archive, offset, fixed, sizeof fixed) || memcmp(fixed, "PK\1\2", 4) != 0)
        return false;
    size_t name_size = (size_t)little_endian(fixed + 28, 2);
    size_t extra_size = (size_t)little_endian(fixed + 30, 2);
    entry->member = (struct archive_member){.size = little_endian(fixed + 24, 4),
                                            .packed = little_endian(fixed + 20, 4),
                                            .crc32 = (uint32_t)little_endian(fixed + 16, 4),
                                            .method = (unsigned)little_endian(fixed + 10, 2),
                                            .encrypted = fixed[8] & ENCRYPTED};
    entry->header = little_endian(fixed + 42, 4);
    return read_at(archive, offset + sizeof fixed + name_size, extra, extra_size) &&
           widen_entry(entry, extra, extra_size);
}

/* Appends the entry that minizip stands at. */
static bool add_entry(struct archive *archive, struct error *error)
{
    struct entry entry;
    char name[LONGEST_NAME + 1];
    if (unzGetCurrentFileInfo64(archive->zip, NULL, name, sizeof name, NULL, 0, NULL, 0) !=
            UNZ_OK ||
        !read_entry(archive, unzGetOffset64(archive->zip), &entry))
        return damaged(archive, error);
    if (is_passed_over(name))
        return true;
    entry.member.name = strdup(name);
    if (!entry.member.name || !memory_reserve(&archive->entries, &archive->capacity,
                                              archive->count + 1, sizeof *archive->entries)) {
        free(entry.member.name);
        return error_memory(error, "reading a zip's directory");
    }
    archive->entries[archive->count++] = entry;
    return true;
}

static bool read_directory(struct archive *archive, struct error *error)
{
    unz_global_info64 global;
    if (unzGetGlobalInfo64(archive->zip, &global) != UNZ_OK)
        return damaged(archive, error);
    int at = global.number_entry ? unzGoToFirstFile(archive->zip) : UNZ_END_OF_LIST_OF_FILE;
    for (; at == UNZ_OK; at = unzGoToNextFile(archive->zip))
        if (!add_entry(archive, error))
            return false;
    return at == UNZ_END_OF_LIST_OF_FILE || damaged(archive, error);
}

struct archive *archive_open(int fd, const char *name, struct error *error)
{
    struct archive *archive = calloc(1, sizeof *archive);
    if (!archive) {
        error_memory(error, "opening a zip");
        return NULL;
    }
    archive->fd = fd;
    archive->name = name;
    struct stat status;
    zlib_filefunc64_def functions = {.zopen64_file = cursor_open,
                                     .zread_file = cursor_read,
                                     .zwrite_file = cursor_write,
                                     .ztell64_file = cursor_tell,
                                     .zseek64_file = cursor_seek,
                                     .zclose_file = cursor_close,
                                     .zerror_file = cursor_error,
                                     .opaque = archive};
    if (fstat(fd, &status) == 0)
        archive->size = (uint64_t)status.st_size;
    if (!has_end(archive))
        error_set(error, STATUS_CUT,
                  "%s: the zip ends early, before its directory: fetch or make it again", name);
    else if (!(archive->zip = unzOpen2_64(name, &functions)))
        error_set(error, STATUS_INPUT,
                  "%s: the zip holds no files, or its directory is damaged: make it again", name);
    if (archive->zip && read_directory(archive, error))
        return archive;
    archive_close(archive);
    return NULL;
}

void archive_close(struct archive *archive)
{
    if (!archive)
        return;
    if (archive->zip)
        unzClose(archive->zip);
    for (size_t i = 0; i < archive->count; i++)
        free(archive->entries[i].member.name);
    free(archive->entries);
    free(archive);
}

size_t archive_count(const struct archive *archive)
{
    return archive->count;
}

const struct archive_member *archive_member(const struct archive *archive, size_t index)
{
    return &archive->entries[index].member;
}

/* ---- finding a member ---- */

/* `a.txt, b.txt and 3 more`, without bytes that would steer a terminal. */
static void list_members(const struct archive *archive, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < archive->count; i++) {
        const char *name = archive->entries[i].member.name;
        if (used + strlen(name) + 32 > size) {
            snprintf(text + used, size - used, " and %zu more", archive->count - i);
            break;
        }
        used += (size_t)snprintf(text + used, size - used, "%s%s", i ? ", " : "", name);
    }
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            *text = '?';
}

size_t archive_find(const struct archive *archive, const char *name, struct error *error)
{
    for (size_t i = 0; name && i < archive->count; i++)
        if (strcmp(archive->entries[i].member.name, name) == 0)
            return i;
    if (!name && archive->count == 1)
        return 0;
    char members[ERROR_TEXT_SIZE / 2];
    list_members(archive, members, sizeof members);
    if (archive->count == 0)
        error_set(error, STATUS_INPUT, "%s: the zip holds no file", archive->name);
    else if (name)
        error_set(error, STATUS_USAGE, "%s: the zip has no member '%s': it holds %s", archive->name,
                  name, members);
    else
        error_set(error, STATUS_USAGE, "%s: the zip holds %zu files: pick one with --member: %s",
                  archive->name, archive->count, members);
    return SIZE_MAX;
}

/* What unzip calls the methods that some zip programs use. */
static const char *method_name(unsigned method)
{
    static const struct {
        unsigned method;
        const char *name;
    } names[] = {{1, "shrink"}, {6, "implode"}, {9, "deflate64"}, {12, "bzip2"}, {14, "LZMA"},
                 {93, "zstd"},  {95, "xz"},     {98, "PPMd"},     {99, "AES"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].method == method)
            return names[i].name;
    return "unknown";
}

bool archive_locate(const struct archive *archive, size_t index, uint64_t *offset,
                    struct error *error)
{
    const struct entry *entry = &archive->entries[index];
    const struct archive_member *member = &entry->member;
    if (member->encrypted)
        return error_set(error, STATUS_INPUT, "%s: %s: is encrypted: unzip it into a pipe",
                         archive->name, member->name);
    if (member->method != ARCHIVE_STORED && member->method != ARCHIVE_DEFLATED)
        return error_set(error, STATUS_INPUT,
                         "%s: %s: is packed by method %u (%s), not deflate: unpack it first",
                         archive->name, member->name, member->method, method_name(member->method));
    unsigned char header[HEADER_SIZE];
    if (!read_at(archive, entry->header, header, sizeof header) || memcmp(header, "PK\3\4", 4) != 0)
        return error_set(error, STATUS_INPUT, "%s: %s: its header in the zip is damaged",
                         archive->name, member->name);
    *offset = entry->header + sizeof header + little_endian(header + 26, 2) +
              little_endian(header + 28, 2);
    return true;
}

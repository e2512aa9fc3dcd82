/*
 * minizip finds the directory and walks through it. What a directory entry says is read here,
 * at the place that minizip tells: releases of it that are in use take the 64-bit fields of an
 * entry (APPNOTE.TXT 4.5.3) for absent where `long` has 64 bits, and so lose every member that is
 * larger than 4 GiB, or lies behind that in the file.
 */
#include "input/archive.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "base/words.h"
#include "input/packing.h"
#include "input/seekable.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <minizip/unzip.h>

enum {
    ENTRY_SIZE = 46,   /* of a directory entry, before its name and its extra fields */
    HEADER_SIZE = 30,  /* the same for the header before a member's bytes */
    END_SIZE = 22,     /* of the record that ends the directory, before its comment */
    LOCATOR_SIZE = 20, /* of what may stand before it, in a zip of 64 bits */
    LONGEST_COMMENT = UINT16_MAX,
    ENCRYPTED = 1,
    EXTRA_ZIP64 = 1
};

struct entry {
    struct archive_member member;
    uint64_t header; /* where it begins in the file */
};

struct archive {
    struct seekable file;
    const char *name;
    uint64_t prefix;    /* bytes of the file before the zip, from where its offsets count */
    uint64_t directory; /* where in the file it begins; 0: not known */
    /* Of minizip's places in the directory: the prefix, but for minizip-ng, which may be in its
       place, and counts from where the file begins. */
    uint64_t shift;
    bool split; /* it is the last of several files */
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

/* What the system failed at goes before what the zip looks like then. */
static bool refuse(const struct archive *archive, enum status status, const char *what,
                   struct error *error)
{
    errno = archive->file.failure;
    if (errno)
        return error_errno(error, "%s: can't read the zip's directory", archive->name);
    return error_set(error, status, "%s: %s", archive->name, what);
}

/*
 * Where the directory begins that ends at `end`, and how many bytes stand before the zip, when it
 * says that it begins earlier. A zip with a locator (of a directory of 64 bits) is taken to begin
 * with the file, as minizip does.
 */
static void find_directory(struct archive *archive, uint64_t end, const unsigned char *record)
{
    unsigned char locator[4];
    uint64_t size = little_endian(record + 12, 4), offset = little_endian(record + 16, 4);
    if (size + offset > end ||
        (end >= LOCATOR_SIZE &&
         seekable_read(&archive->file, end - LOCATOR_SIZE, locator, sizeof locator) &&
         memcmp(locator, "PK\6\7", 4) == 0))
        return;
    archive->directory = end - size;
    archive->prefix = archive->directory - offset;
}

/*
 * Whether the record that ends the directory is there to its last byte. minizip takes what lies
 * behind the end of the file for zeros. The file then counts to where the comment begins: minizip
 * looks for the record in the last 64 KiB, from which a long comment keeps it out.
 */
static bool find_end(struct archive *archive)
{
    unsigned char tail[END_SIZE + LONGEST_COMMENT];
    uint64_t size = archive->file.size;
    size_t held = size < sizeof tail ? (size_t)size : sizeof tail;
    if (size < END_SIZE || !seekable_read(&archive->file, size - held, tail, held))
        return false;
    for (size_t at = held - END_SIZE + 1; at-- > 0;) {
        if (memcmp(tail + at, "PK\5\6", 4) != 0)
            continue;
        find_directory(archive, size - held + at, tail + at);
        uint64_t disk = little_endian(tail + at + 4, 2);
        archive->split = disk != 0 && disk != UINT16_MAX;
        archive->file.size = size - held + at + END_SIZE;
        return at + END_SIZE + little_endian(tail + at + 20, 2) <= held;
    }
    return false;
}

static bool damaged(const struct archive *archive, struct error *error)
{
    return refuse(archive, STATUS_INPUT, "the zip's directory is damaged: fetch it again", error);
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

/* Bytes of the file, and a zero byte behind them; NULL where there are none, or memory is out. */
static char *copy_bytes(struct archive *archive, uint64_t offset, size_t size)
{
    char *bytes = malloc(size + 1);
    if (!bytes) {
        archive->file.failure = errno;
        return NULL;
    }
    bytes[size] = '\0';
    if (seekable_read(&archive->file, offset, bytes, size))
        return bytes;
    free(bytes);
    return NULL;
}

/* Reads the name of a directory entry and what stands behind it, from `offset` on. */
static bool read_texts(struct archive *archive, uint64_t offset, size_t name_size,
                       size_t extra_size, struct entry *entry)
{
    char *name = copy_bytes(archive, offset, name_size);
    char *extra = copy_bytes(archive, offset + name_size, extra_size);
    entry->member.name = name;
    bool read = name && extra && widen_entry(entry, (const unsigned char *)extra, extra_size);
    free(extra);
    if (!read)
        free(name);
    return read;
}

/* Reads the directory entry at `offset`. */
static bool read_entry(struct archive *archive, uint64_t offset, struct entry *entry)
{
    unsigned char fixed[ENTRY_SIZE];
    if (!seekable_read(&archive->file, offset, fixed, sizeof fixed) ||
        memcmp(fixed, "PK\1\2", 4) != 0)
        return false;
    size_t name_size = (size_t)little_endian(fixed + 28, 2);
    size_t extra_size = (size_t)little_endian(fixed + 30, 2);
    entry->member = (struct archive_member){.size = little_endian(fixed + 24, 4),
                                            .packed = little_endian(fixed + 20, 4),
                                            .crc32 = (uint32_t)little_endian(fixed + 16, 4),
                                            .method = (unsigned)little_endian(fixed + 10, 2),
                                            .encrypted = fixed[8] & ENCRYPTED};
    entry->header = little_endian(fixed + 42, 4);
    if (!read_texts(archive, offset + sizeof fixed, name_size, extra_size, entry))
        return false;
    entry->header += archive->prefix;
    return true;
}

/*
 * Takes the entry, unless it is passed over. An archive that was added to may hold a name again:
 * its last entry replaces what was there, as where all is unpacked. `names` are those of the
 * entries.
 */
static bool take_entry(struct archive *archive, struct words *names, struct entry *entry)
{
    bool added;
    uint32_t at = words_add(names, text_of(entry->member.name), &added);
    if (at == WORDS_NONE || !memory_reserve(&archive->entries, &archive->capacity,
                                            archive->count + 1, sizeof *archive->entries))
        return false;
    if (added)
        archive->count++;
    else
        free(archive->entries[at].member.name);
    archive->entries[at] = *entry;
    return true;
}

/* Reads the entry that minizip stands at. */
static bool add_entry(struct archive *archive, struct words *names, struct error *error)
{
    struct entry entry;
    if (!read_entry(archive, archive->shift + (uint64_t)unzGetOffset64(archive->zip), &entry))
        return damaged(archive, error);
    bool wanted = !is_passed_over(entry.member.name);
    if (wanted && take_entry(archive, names, &entry))
        return true;
    free(entry.member.name);
    return !wanted || error_memory(error, "reading a zip's directory");
}

static bool add_entries(struct archive *archive, struct words *names, struct error *error)
{
    unz_global_info64 global;
    if (unzGetGlobalInfo64(archive->zip, &global) != UNZ_OK)
        return damaged(archive, error);
    int at = global.number_entry ? unzGoToFirstFile(archive->zip) : UNZ_END_OF_LIST_OF_FILE;
    if (at == UNZ_OK && unzGetOffset64(archive->zip) != archive->directory)
        archive->shift = archive->prefix;
    for (; at == UNZ_OK; at = unzGoToNextFile(archive->zip))
        if (!add_entry(archive, names, error))
            return false;
    /* A read that failed while minizip looked for what may not be there counts, too. */
    return (at == UNZ_END_OF_LIST_OF_FILE && !archive->file.failure) || damaged(archive, error);
}

static bool read_directory(struct archive *archive, struct error *error)
{
    struct words names = {0};
    bool done = add_entries(archive, &names, error);
    words_free(&names);
    return done;
}

/* minizip's own failure to get memory shows in errno alone. */
static bool open_directory(struct archive *archive, struct error *error)
{
    if (!find_end(archive))
        return refuse(archive, STATUS_CUT,
                      "the zip ends early, before its directory: fetch or make it again", error);
    if (archive->split)
        return refuse(archive, STATUS_INPUT,
                      "is the last part of a zip that was split: put it together, with zip -s 0 "
                      "FILE --out WHOLE.zip",
                      error);
    zlib_filefunc64_def functions = seekable_functions(&archive->file);
    errno = 0;
    archive->zip = unzOpen2_64(archive->name, &functions);
    if (archive->zip)
        return true;
    if (errno == ENOMEM)
        return error_memory(error, "opening a zip");
    return refuse(archive, STATUS_INPUT,
                  "the zip holds no files, or its directory is damaged: make it again", error);
}

bool archive_ends(int fd)
{
    struct archive archive = {0};
    unsigned char sign[4];
    return seekable_open(&archive.file, fd) && find_end(&archive) && archive.directory &&
           seekable_read(&archive.file, archive.directory, sign, sizeof sign) &&
           memcmp(sign, "PK\1\2", 4) == 0;
}

struct archive *archive_open(int fd, const char *name, struct error *error)
{
    struct archive *archive = calloc(1, sizeof *archive);
    if (!archive) {
        error_memory(error, "opening a zip");
        return NULL;
    }
    archive->name = name;
    if (!seekable_open(&archive->file, fd))
        error_errno(error, "%s: can't read", name);
    else if (open_directory(archive, error) && read_directory(archive, error))
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

bool archive_has_folders(const struct archive *archive)
{
    for (size_t i = 0; i < archive->count; i++)
        if (strchr(archive->entries[i].member.name, '/'))
            return true;
    return false;
}

/* `a.txt, b.txt and 3 more`. */
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
}

/* Whether `shown` is how the member's name is listed: a name that nobody can type is given so. */
static bool is_listed_as(const struct archive_member *member, const char *shown)
{
    struct buffer name = {0};
    buffer_name(&name, text_of(member->name));
    bool same = text_equal((struct text){name.bytes, name.size}, text_of(shown));
    buffer_free(&name);
    return same;
}

size_t archive_find(const struct archive *archive, const char *name, const char *several,
                    struct error *error)
{
    for (size_t i = 0; name && i < archive->count; i++)
        if (strcmp(archive->entries[i].member.name, name) == 0)
            return i;
    for (size_t i = 0; name && i < archive->count; i++)
        if (is_listed_as(&archive->entries[i].member, name))
            return i;
    if (!name && archive->count == 1)
        return 0;
    for (size_t i = 0; !name && i < archive->count; i++) {
        const char *what = packing_document(archive->entries[i].member.name);
        if (what) {
            error_set(error, STATUS_INPUT, "%s: %s", archive->name, what);
            return SIZE_MAX;
        }
    }
    char members[ERROR_TEXT_SIZE / 2];
    list_members(archive, members, sizeof members);
    if (archive->count == 0)
        error_set(error, STATUS_INPUT, "%s: the zip holds no file", archive->name);
    else if (name)
        error_set(error, STATUS_USAGE, "%s: the zip has no member '%s': it holds %s", archive->name,
                  name, members);
    else
        error_set(error, STATUS_USAGE, "%s: the zip holds %zu files: %s: %s", archive->name,
                  archive->count, several, members);
    return SIZE_MAX;
}

bool archive_locate(struct archive *archive, size_t index, uint64_t *offset, struct error *error)
{
    const struct entry *entry = &archive->entries[index];
    const struct archive_member *member = &entry->member;
    char why[PACKING_SIZE];
    if (!packing_known(member->method, member->encrypted, why))
        return error_set(error, STATUS_INPUT, "%s: %s: %s", archive->name, member->name, why);
    unsigned char header[HEADER_SIZE] = {0};
    if (!seekable_read(&archive->file, entry->header, header, sizeof header) &&
        archive->file.failure) {
        errno = archive->file.failure;
        return error_errno(error, "%s: can't read", archive->name);
    }
    if (memcmp(header, "PK\3\4", 4) != 0)
        return error_set(error, STATUS_INPUT, "%s: %s: its header in the zip is damaged",
                         archive->name, member->name);
    *offset = entry->header + sizeof header + little_endian(header + 26, 2) +
              little_endian(header + 28, 2);
    return true;
}

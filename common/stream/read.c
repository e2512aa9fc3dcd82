/*
 * Reading a stream, record by record.
 *
 * The end of the input means one of three things. After the end record it is right. Where an
 * end record stands in the last bytes, but the records before it did not lead there, some
 * length was changed: the stream is damaged. Otherwise it was cut.
 */
#define _GNU_SOURCE
#include "stream/stream.h"

#include "base/path.h"
#include "stream/end.h"
#include "stream/frame.h"
#include "stream/header.h"
#include "stream/intake.h"
#include "stream/object.h"
#include "stream/strange.h"
#include "stream/unpack.h"

#include <msgpack.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MAGIC_SIZE = sizeof STREAM_MAGIC - 1 };

struct stream_reader {
    char *name;
    bool end_within;      /* the record before this one ran over an end record */
    struct digest digest; /* of the records so far */
    uint64_t rows, blocks;
    enum stream_kind kind;
    const char *maker; /* what writes what is wanted; NULL: any kind is */
    uint64_t trees;    /* a forest's promise */
    struct digest read;
    struct intake intake;
};

/* ---- opening ---- */

struct stream_reader *stream_open(const char *path, struct error *error)
{
    bool standard = path_is_standard(path);
    struct stream_reader *reader = malloc(sizeof *reader);
    char *name = strdup(standard ? "standard input" : path);
    if (!reader || !name) {
        free(reader);
        free(name);
        error_memory(error, "opening a stream");
        return NULL;
    }
    memset(reader, 0, offsetof(struct stream_reader, intake));
    reader->name = name;
    if (intake_open(&reader->intake, standard ? NULL : path, name, error))
        return reader;
    stream_close(reader);
    return NULL;
}

const char *stream_name(const struct stream_reader *reader)
{
    return reader->name;
}

void stream_made_by(struct stream_reader *reader, const char *maker)
{
    reader->maker = maker;
}

uint64_t stream_file_size(const struct stream_reader *reader)
{
    struct stat status;
    bool file = fstat(reader->intake.fd, &status) == 0 && S_ISREG(status.st_mode);
    if (!file)
        return 0;
    uint64_t size = (uint64_t)status.st_size, stored = (uint64_t)status.st_blocks * 512;
    return size < stored ? size : stored;
}

void stream_keep(struct stream_reader *reader, struct pool *pool)
{
    uint64_t size = stream_file_size(reader);
    void *room = size && size < SIZE_MAX / 2 ? pool_take(pool, (size_t)size) : NULL;
    if (room)
        intake_keep(&reader->intake, room, (size_t)size);
}

void stream_close(struct stream_reader *reader)
{
    if (!reader)
        return;
    intake_close(&reader->intake);
    free(reader->name);
    free(reader);
}

void stream_record_free(struct stream_record *record)
{
    if (record->unpacked)
        msgpack_unpacked_destroy(record->unpacked);
    free(record->unpacked);
    intake_drop(record);
    free(record->bytes);
    *record = (struct stream_record){0};
}

bool stream_opens_as_stream(struct stream_reader *reader, bool *does, struct error *error)
{
    int byte;
    if (!intake_peek(&reader->intake, &byte, error))
        return false;
    *does = byte < 0 || (byte & 0xf0) == 0x80;
    return true;
}

bool stream_read_bytes(struct stream_reader *reader, void *bytes, size_t size, size_t *got,
                       struct error *error)
{
    return intake_read(&reader->intake, bytes, size, got, error);
}

/* ---- records ---- */

enum framed { FRAMED, FRAMED_CUT, FRAMED_FAILED };

static bool damaged_at(const struct stream_reader *reader, uint64_t offset, const char *what,
                       struct error *error)
{
    return error_set(error, STATUS_INPUT, "%s: byte %llu: the stream is damaged: %s", reader->name,
                     (unsigned long long)offset, what);
}

static bool refuse_strange(struct stream_reader *reader, struct stream_record *record,
                           struct error *error)
{
    if (record->size < STRANGE_SIZE &&
        !intake_fill(&reader->intake, record, STRANGE_SIZE - record->size, error))
        return false;
    return error_set(error, STATUS_INPUT,
                     "%s: byte 0: not a glovepipe stream%s: expected what %s writes", reader->name,
                     strange_what(record->bytes, record->size),
                     reader->maker ? reader->maker
                                   : "glove-load, vectorize, linear-train, rf-train, rf-decide or "
                                     "rf-predict --format mp");
}

/* Whether the first bytes of the input can be those of a stream. */
static bool check_magic(struct stream_reader *reader, struct stream_record *record,
                        struct error *error)
{
    if (reader->digest.size || record->size == 0)
        return true;
    size_t have = record->size - 1 < MAGIC_SIZE ? record->size - 1 : MAGIC_SIZE;
    if ((record->bytes[0] & 0xf0) == 0x80 && memcmp(record->bytes + 1, STREAM_MAGIC, have) == 0)
        return true;
    return refuse_strange(reader, record, error);
}

/* Collects the bytes of one object, and no more. */
static enum framed frame_record(struct stream_reader *reader, struct stream_record *record,
                                struct frame *frame, struct error *error)
{
    *frame = (struct frame){0};
    intake_drop(record);
    record->offset = reader->digest.size;
    for (;;) {
        uint64_t needed = 0;
        const char *why = NULL;
        enum frame_state state =
            frame_advance(frame, record->bytes, record->size, STREAM_MAX_RECORD, &needed, &why);
        if (!check_magic(reader, record, error))
            return FRAMED_FAILED;
        if (state == FRAME_WHOLE) {
            intake_return(&reader->intake, record, frame->at);
            return FRAMED;
        }
        if (state == FRAME_BAD) {
            damaged_at(reader, record->offset + frame->at, why, error);
            return FRAMED_FAILED;
        }
        size_t before = record->size;
        if (!intake_fill(&reader->intake, record, needed, error))
            return FRAMED_FAILED;
        if (record->size - before < needed)
            return FRAMED_CUT;
    }
}

/* The blocks of evidence are lists of terms, which are gone through once. */
static bool unpack(const struct stream_reader *reader, struct stream_record *record,
                   const struct frame *frame, struct error *error)
{
    const bool leaves_lists = reader->digest.size && reader->kind == STREAM_LINEAR;
    const char *why;
    switch (unpack_record(record, frame, leaves_lists, &why)) {
    case UNPACKED:
        return true;
    case UNPACKED_BAD:
        return damaged_at(reader, record->offset, why, error);
    case UNPACKED_NO_MEMORY:
        break;
    }
    return error_memory(error, "reading a record");
}

static bool report_cut(const struct stream_reader *reader, const struct stream_record *record,
                       struct error *error)
{
    if (stream_end_seen(record->bytes, record->size) || (record->size == 0 && reader->end_within))
        return damaged_at(reader, record->offset,
                          "a length near here points past the end of the stream", error);
    if (reader->digest.size == 0 && record->size == 0)
        return error_set(error, STATUS_CUT,
                         "%s: is empty: upstream ended early, and wrote nothing: run %s",
                         reader->name, reader->maker ? reader->maker : "what writes it");
    if (reader->digest.size == 0)
        return error_set(error, STATUS_CUT,
                         "%s: upstream ended early: the stream ends at byte %zu, within its "
                         "header: run what writes it again",
                         reader->name, record->size);
    return error_set(error, STATUS_CUT,
                     "%s: upstream ended early: no end record; the last good row is %llu, at byte "
                     "%llu: run what writes it again",
                     reader->name, (unsigned long long)reader->rows,
                     (unsigned long long)reader->digest.size);
}

/* Reads and unpacks the next record, whose bytes are not in the digest yet. */
static bool next_record(struct stream_reader *reader, struct stream_record *record,
                        struct error *error)
{
    record->source = reader->name;
    record->crc32 = reader->digest.crc32;
    record->row = reader->rows;
    record->index = reader->blocks;
    struct frame frame;
    switch (frame_record(reader, record, &frame, error)) {
    case FRAMED:
        return unpack(reader, record, &frame, error);
    case FRAMED_CUT:
        return report_cut(reader, record, error);
    case FRAMED_FAILED:
        break;
    }
    return false;
}

bool stream_read_any_header(struct stream_reader *reader, struct stream_header *header,
                            struct error *error)
{
    *header = (struct stream_header){0};
    struct stream_record record = {0};
    bool read = next_record(reader, &record, error);
    if (read && !header_unpack(record.map, header, error)) {
        struct error inner = *error;
        read = error_set(error, inner.status, "%s: byte 0: %.900s", reader->name, inner.text);
    }
    if (read) {
        digest_update(&reader->digest, record.bytes, record.size);
        reader->end_within = stream_end_seen(record.bytes, record.size);
        reader->kind = header->kind;
        reader->trees = header->trees;
    }
    stream_record_free(&record);
    return read;
}

static bool is_one(enum stream_kind kind)
{
    return kind == STREAM_FOREST || kind == STREAM_LINEAR;
}

static const char *noun_of(enum stream_kind kind)
{
    if (!is_one(kind))
        return stream_kind_name(kind);
    return kind == STREAM_FOREST ? "a forest" : "evidence of words";
}

bool stream_read_header(struct stream_reader *reader, enum stream_kind kind,
                        struct stream_header *header, struct error *error)
{
    if (!reader->maker)
        reader->maker = strange_maker(kind);
    if (!stream_read_any_header(reader, header, error))
        return false;
    if (header->kind == kind && (kind != STREAM_SAMPLES || !header->whole))
        return true;
    enum stream_kind found = header->kind;
    unsigned long long number = header->first + 1, whole = header->whole;
    stream_header_free(header);
    if (found == kind)
        return error_set(error, STATUS_INPUT,
                         "%s: byte 0: these are part %llu of %llu of samples: join all parts with "
                         "mp-join",
                         reader->name, number, whole);
    return error_set(error, STATUS_INPUT,
                     "%s: byte 0: this stream holds %s, and %s %s needed here: %s writes %s",
                     reader->name, noun_of(found), noun_of(kind), is_one(kind) ? "is" : "are",
                     reader->maker, is_one(kind) ? "it" : "them");
}

bool stream_waits(const struct stream_reader *reader)
{
    return intake_waits(&reader->intake);
}

/* ---- blocks and the end ---- */

static bool accept_block(struct stream_reader *reader, struct stream_record *record,
                         struct error *error)
{
    const msgpack_object *n = object_find_typed(record->map, "n", MSGPACK_OBJECT_POSITIVE_INTEGER);
    uint64_t most = reader->kind == STREAM_FOREST ? INT32_MAX : STREAM_MAX_ROWS;
    if (!n || n->via.u64 == 0 || n->via.u64 > most)
        return damaged_at(reader, record->offset, "a block without a number of rows", error);
    record->rows = n->via.u64;
    reader->rows += record->rows;
    reader->blocks++;
    reader->end_within = stream_end_seen(record->bytes, record->size);
    digest_update(&reader->digest, record->bytes, record->size);
    return true;
}

/* The end record must be the one that belongs to what was read. */
static bool check_end(struct stream_reader *reader, const struct stream_record *record,
                      struct error *error)
{
    struct stream_end end;
    bool intact;
    if (!stream_end_unpack(record->map, record->bytes, record->size, reader->digest.crc32, &end,
                           &intact))
        return damaged_at(reader, record->offset, "an end record of another layout", error);
    if (end.rows != reader->rows || end.blocks != reader->blocks)
        return damaged_at(reader, record->offset, "the end record's totals are not those read",
                          error);
    if (!intact)
        return damaged_at(reader, record->offset, "the bytes before do not match their CRC-32",
                          error);
    if (reader->kind == STREAM_FOREST && reader->trees != reader->blocks)
        return damaged_at(reader, record->offset, "the header promised another number of trees",
                          error);
    digest_update(&reader->digest, record->bytes, record->size);
    reader->read = end.read;
    return true;
}

/* After the end record comes the end of the file. */
static bool check_nothing_follows(struct stream_reader *reader, struct stream_record *record,
                                  struct error *error)
{
    record->size = 0;
    if (!intake_fill(&reader->intake, record, 1, error))
        return false;
    if (!record->size)
        return true;
    if ((record->bytes[0] & 0xf0) != 0x80)
        return damaged_at(reader, reader->digest.size, "something follows the end record", error);
    return error_set(error, STATUS_INPUT,
                     "%s: byte %llu: another stream follows the end of this one: streams can't be "
                     "joined: give all files to the program that makes one of them, as vectorize "
                     "takes several",
                     reader->name, (unsigned long long)reader->digest.size);
}

enum stream_next stream_next(struct stream_reader *reader, struct stream_record *record,
                             struct error *error)
{
    if (!next_record(reader, record, error))
        return STREAM_FAILED;
    if (!object_find(record->map, "end"))
        return accept_block(reader, record, error) ? STREAM_BLOCK : STREAM_FAILED;
    bool whole = check_end(reader, record, error) && check_nothing_follows(reader, record, error);
    return whole ? STREAM_END : STREAM_FAILED;
}

struct digest stream_read_digest(const struct stream_reader *reader)
{
    return reader->read;
}

struct stream_totals stream_read_totals(const struct stream_reader *reader)
{
    return (struct stream_totals){reader->rows, reader->blocks, reader->digest};
}

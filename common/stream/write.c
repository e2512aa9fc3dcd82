/*
 * Writing a stream.
 *
 * Small objects are packed into a buffer; before a large one (a column of numbers) and at the
 * end of a block the buffer goes out, so that each byte is in the CRC-32 once and the large
 * ones are not copied.
 */
#include "stream/stream.h"

#include "base/memory.h"
#include "base/utf8.h"
#include "stream/end.h"
#include "stream/header.h"
#include "stream/numbers.h"
#include "stream/object.h"

#include <stdlib.h>
#include <string.h>

enum { LARGE = 16 * 1024, BLOCK_FLOATS = 1 << 18 };

struct stream_writer {
    struct output *output;
    msgpack_sbuffer buffer;
    msgpack_packer packer;
    bool out_of_memory; /* the buffer could not grow: what it holds is not to be written */
    struct digest digest;
    uint64_t rows, blocks;
    size_t record_size; /* of the record so far */
};

static int append(void *data, const char *bytes, size_t size)
{
    struct stream_writer *writer = data;
    if (msgpack_sbuffer_write(&writer->buffer, bytes, size) == 0)
        return 0;
    writer->out_of_memory = true;
    return -1;
}

/* Readers refuse a longer record, so it is not written. */
static bool fits(const struct stream_writer *writer, size_t size, struct error *error)
{
    return size <= STREAM_MAX_RECORD - writer->record_size ||
           error_set(error, STATUS_INPUT,
                     "a record of the stream would be longer than 1 GiB: give less at a time");
}

static bool put_bytes(struct stream_writer *writer, const void *bytes, size_t size,
                      struct error *error)
{
    if (!fits(writer, size, error))
        return false;
    writer->record_size += size;
    digest_update(&writer->digest, bytes, size);
    return output_write(writer->output, bytes, size, error);
}

static bool flush(struct stream_writer *writer, struct error *error)
{
    if (writer->out_of_memory)
        return error_memory(error, "writing a record");
    bool done = put_bytes(writer, writer->buffer.data, writer->buffer.size, error);
    writer->buffer.size = 0;
    return done;
}

struct stream_writer *stream_continue(struct output *output, struct stream_totals before,
                                      struct error *error)
{
    struct stream_writer *writer = calloc(1, sizeof *writer);
    if (!writer) {
        error_memory(error, "opening a stream");
        return NULL;
    }
    writer->output = output;
    writer->rows = before.rows;
    writer->blocks = before.blocks;
    writer->digest = before.digest;
    msgpack_sbuffer_init(&writer->buffer);
    msgpack_packer_init(&writer->packer, writer, append);
    return writer;
}

struct stream_writer *stream_begin(struct output *output, const struct stream_header *header,
                                   struct error *error)
{
    if (header->class_count > STREAM_MAX_CLASSES) {
        error_set(error, STATUS_INPUT, "%u classes are more than a stream takes: %d are the most",
                  (unsigned)header->class_count, STREAM_MAX_CLASSES);
        return NULL;
    }
    struct stream_writer *writer = stream_continue(output, (struct stream_totals){0}, error);
    if (!writer)
        return NULL;
    header_pack(header, &writer->packer);
    /* Readers start on the header while this program still works on the first block. */
    if (stream_flush(writer, error))
        return writer;
    stream_abandon(writer);
    return NULL;
}

static int count_bytes(void *bytes, const char *data, size_t size)
{
    (void)data;
    *(uint64_t *)bytes += size;
    return 0;
}

uint64_t stream_least_bytes(const struct stream_header *header)
{
    enum { END_RECORD = 128 };
    uint64_t bytes = 0;
    msgpack_packer packer;
    msgpack_packer_init(&packer, &bytes, count_bytes);
    header_pack(header, &packer);
    return bytes + END_RECORD;
}

void stream_abandon(struct stream_writer *writer)
{
    if (!writer)
        return;
    msgpack_sbuffer_destroy(&writer->buffer);
    free(writer);
}

bool stream_block(struct stream_writer *writer, uint32_t rows, uint32_t columns,
                  struct error *error)
{
    writer->rows += rows;
    writer->blocks++;
    writer->record_size = 0;
    msgpack_pack_map(&writer->packer, 1 + columns);
    object_pack_text(&writer->packer, "n");
    msgpack_pack_uint32(&writer->packer, rows);
    return flush(writer, error);
}

bool stream_put_record(struct stream_writer *writer, const struct stream_record *record,
                       struct error *error)
{
    writer->rows += record->rows;
    writer->blocks++;
    writer->record_size = 0;
    return put_bytes(writer, record->bytes, record->size, error);
}

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
static bool put_little_endian(struct stream_writer *writer, const void *numbers, size_t count,
                              size_t width, struct error *error)
{
    return put_bytes(writer, numbers, count * width, error);
}
#else
static bool put_little_endian(struct stream_writer *writer, const void *numbers, size_t count,
                              size_t width, struct error *error)
{
    unsigned char turned[8 * 512];
    const unsigned char *from = numbers;
    while (count) {
        size_t step = count < 512 ? count : 512;
        numbers_copy(turned, from, step, width);
        if (!put_bytes(writer, turned, step * width, error))
            return false;
        from += step * width;
        count -= step;
    }
    return true;
}
#endif

bool stream_put_numbers(struct stream_writer *writer, const char *key, const void *numbers,
                        size_t count, size_t width, struct error *error)
{
    if (!fits(writer, count * width, error))
        return false;
    object_pack_text(&writer->packer, key);
    msgpack_pack_bin(&writer->packer, count * width);
    return flush(writer, error) && put_little_endian(writer, numbers, count, width, error);
}

bool stream_put_sum(struct stream_writer *writer, struct error *error)
{
    object_pack_text(&writer->packer, "crc32");
    msgpack_pack_bin(&writer->packer, sizeof(uint32_t));
    if (!flush(writer, error))
        return false;
    const uint32_t sum = writer->digest.crc32;
    return put_little_endian(writer, &sum, 1, sizeof sum, error);
}

/* Its head, as short as can be, and its bytes: by the packer each is a call and a copy. */
static bool put_name(msgpack_sbuffer *buffer, struct text name)
{
    enum { SHORT = 0xa0, HEAD = 0xd8, MOST_HEAD = 5 };
    if (!memory_reserve(&buffer->data, &buffer->alloc, buffer->size + MOST_HEAD + name.size, 1))
        return false;
    char *to = buffer->data + buffer->size;
    unsigned width = name.size < 32 ? 0 : name.size < 1 << 8 ? 1 : name.size < 1 << 16 ? 2 : 4;
    *to++ = (char)(width ? HEAD + (width == 4 ? 3 : width) : SHORT | name.size);
    for (unsigned byte = width; byte-- > 0;)
        *to++ = (char)(name.size >> 8 * byte);
    if (name.size)
        memcpy(to, name.data, name.size);
    buffer->size = (size_t)(to - buffer->data) + name.size;
    return true;
}

bool stream_put_names(struct stream_writer *writer, const char *key, const struct text *names,
                      size_t count, struct error *error)
{
    object_pack_text(&writer->packer, key);
    msgpack_pack_array(&writer->packer, count);
    for (size_t i = 0; i < count; i++) {
        if (names[i].size > STREAM_MAX_NAME)
            return error_set(error, STATUS_INPUT, "%s: a name of %zu bytes: %d are the most", key,
                             names[i].size, STREAM_MAX_NAME);
        if (!utf8_valid(names[i].data, names[i].size))
            return error_set(error, STATUS_INPUT, "%s: a name that is not UTF-8", key);
        if (!put_name(&writer->buffer, names[i]))
            return error_memory(error, "writing a record");
        if (writer->buffer.size >= LARGE && !flush(writer, error))
            return false;
    }
    return flush(writer, error);
}

bool stream_flush(struct stream_writer *writer, struct error *error)
{
    return flush(writer, error) && output_flush(writer->output, error);
}

size_t stream_block_rows(uint32_t dim)
{
    size_t rows = BLOCK_FLOATS / dim;
    return rows < 1 ? 1 : rows > STREAM_MAX_ROWS ? STREAM_MAX_ROWS : rows;
}

bool stream_end(struct stream_writer *writer, struct digest read, struct error *error)
{
    struct stream_end end = {.rows = writer->rows, .blocks = writer->blocks, .read = read};
    unsigned char bytes[STREAM_END_SIZE];
    stream_end_pack(&end, writer->digest.crc32, bytes);
    writer->record_size = 0;
    bool done = flush(writer, error) && put_bytes(writer, bytes, sizeof bytes, error);
    stream_abandon(writer);
    return done;
}

/*
 * chunks: a source cut into pieces of whole lines, of nearly the same size.
 *
 * A chunk has as many whole lines as fit in its size. So where one ends and the next begins
 * depends on nothing but the source's bytes, and on the rows that are allowed; where they are
 * `live`, also on when the bytes of a pipe come.
 */
#ifndef INPUT_CHUNKS_H
#define INPUT_CHUNKS_H

#include "base/error.h"
#include "base/records.h"
#include "input/source.h"

#include <stdbool.h>
#include <stddef.h>

/* Fuzzers are built with less, so that small files are several chunks. */
#ifndef CHUNKS_UNIT
#define CHUNKS_UNIT (512 * 1024)
#endif

enum {
    CHUNKS_PEEKED = 64 * 1024, /* may be peeked at without more memory */
    CHUNKS_SMALL = CHUNKS_UNIT,
    /* The most, but for a line that is longer. */
    CHUNKS_LARGE = 4 * CHUNKS_UNIT < CHUNKS_PEEKED ? CHUNKS_PEEKED : 4 * CHUNKS_UNIT,
    CHUNKS_PADDING = 64 /* readable bytes around those of a chunk */
};

/* Owned by the caller, who may work on one while the next is read. Start from `{0}`. */
struct chunk {
    char *bytes;
    size_t begin, end;    /* the whole lines in it; bytes[end] is '\n' where the last lacks one */
    size_t rows;          /* how many, where chunks_read_rows read it; records, with a rule */
    size_t lines;         /* and how many '\n' are in them */
    size_t fresh, filled; /* what was read from the source for it: each byte is in one chunk */
    bool long_line;       /* before `begin` a line ended that no chunk has room for */
    char *memory;
    size_t capacity;
};

/* Room for `size` bytes before they are read. False when memory is out. */
bool chunk_init(struct chunk *chunk, size_t size);
void chunk_free(struct chunk *chunk);

/* Start from chunks_open. One thread uses it at a time. */
struct chunks {
    struct source *source;
    size_t size;    /* of a chunk, up to CHUNKS_LARGE */
    size_t longest; /* for a line of up to so many bytes, '\n' included, a chunk may grow */
    char *held;     /* read already, for the next chunk: held[held_at .. held_at + held_size-1] */
    size_t held_at, held_size, held_room;
    const struct records_rule *rule; /* what stands for lines; NULL: lines */
    struct records_scan scan;        /* of the record that the chunk's last bytes begin */
    bool source_ended;
    bool live;     /* hands on the lines that are there when the source has to be waited for */
    bool skipping; /* amid a line that no chunk has room for */
    bool ended;
};

/* Borrows the source. Status SYSTEM. */
bool chunks_open(struct chunks *chunks, struct source *source, struct error *error);
void chunks_close(struct chunks *chunks);

/*
 * Before the first chunk: reads on until the first `size` bytes of the source, or all it has, are
 * in held[0 .. held_size-1]; live, a line is enough. These are fresh in no chunk. Above
 * CHUNKS_LARGE, `held` grows, and may move.
 */
bool chunks_peek(struct chunks *chunks, size_t size, struct error *error);

/*
 * Leaves out the first bytes of what was peeked, and makes chunks of `size` bytes from there. A
 * line that is longer than that, and than `longest`, is passed over.
 */
void chunks_start(struct chunks *chunks, size_t skipped, size_t size, size_t longest);

/* Before the first chunk: cuts by the rule, which is borrowed. For chunks_read_rows alone. */
void chunks_cut_by(struct chunks *chunks, const struct records_rule *rule);

enum chunks_next { CHUNKS_CHUNK, CHUNKS_END, CHUNKS_FAILED };

/* Reads the next chunk, which may have no lines. Status as of source_read. */
enum chunks_next chunks_read(struct chunks *chunks, struct chunk *chunk, struct error *error);

/* The same with `most` lines (at least 1) at most, which are counted. */
enum chunks_next chunks_read_rows(struct chunks *chunks, size_t most, struct chunk *chunk,
                                  struct error *error);

#endif

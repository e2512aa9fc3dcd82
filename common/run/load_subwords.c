/*
 * Most of a model is rows of n-grams that are looked up anywhere, so its file is mapped: reading
 * them by pread took nearly three times as long. One that comes packed or through a pipe is copied
 * to a file without a name first. Where a file that is mapped gets shorter, or its disk fails, no
 * call says so, but a signal, SIGBUS, whenever bytes are touched that are no more.
 *
 * A batch is a range of words, of the dictionary or of the vocabulary; workers make their vectors.
 */
#include "run/load_inner.h"

#include "base/files.h"
#include "base/memory.h"
#include "par/pipeline.h"
#include "stream/stream.h"
#include "vectors/vector_word.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { BATCH_BYTES = 256 * 1024 };

/* ---- the file ---- */

static bool copy_bytes(struct load *load, int fd, size_t size, struct error *error)
{
    const struct chunks *chunks = &load->chunks;
    digest_update(&load->peeked, chunks->held, size);
    return files_write(fd, chunks->held, size) ||
           source_refuse_copy(source_name(chunks->source), "model", error);
}

/* Copies what was peeked, and the rest of the source, to `fd`. */
static bool copy_source(struct load *load, int fd, struct error *error)
{
    struct chunks *chunks = &load->chunks;
    size_t got = chunks->held_size;
    bool good = copy_bytes(load, fd, got, error);
    while (good && !chunks->source_ended) {
        good = source_read(chunks->source, chunks->held, CHUNKS_LARGE, &got, error) &&
               copy_bytes(load, fd, got, error);
        chunks->source_ended = got < CHUNKS_LARGE;
    }
    return good;
}

/* On SIGBUS: there is no way back into the program, which is in the midst of anything. */
static void end_without(int unused_signal)
{
    static const char said[] =
        "glove-load: the model got shorter while it was read, or its disk failed: run this again "
        "when it is whole\n";
    (void)unused_signal;
    ssize_t unused = write(STDERR_FILENO, said, sizeof said - 1);
    (void)unused;
    _exit(STATUS_SYSTEM);
}

static bool map(struct load *load, int fd, uint64_t size, struct error *error)
{
    const struct sigaction catch = {.sa_handler = end_without};
    const char *name = source_name(load->chunks.source);
    if (size > SIZE_MAX)
        return error_set(error, STATUS_SYSTEM, "%s: is too large for this machine's addresses",
                         name);
    void *bytes = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes == MAP_FAILED || sigaction(SIGBUS, &catch, NULL) != 0)
        return error_errno(error, "%s: can't map it", name);
    load->map = bytes;
    load->map_size = (size_t)size;
    return true;
}

/* For subwords.h. */
static bool read_map(const void *map, uint64_t from, void *bytes, size_t size, struct error *error)
{
    (void)error;
    memcpy(bytes, (const char *)map + from, size);
    return true;
}

static bool map_copy(struct load *load, struct error *error)
{
    int fd = files_nameless(files_temporary());
    if (fd < 0)
        return source_refuse_copy(source_name(load->chunks.source), "model", error);
    bool done = copy_source(load, fd, error) && map(load, fd, load->peeked.size, error) &&
                source_verify(load->chunks.source, load->peeked.crc32, error);
    close(fd);
    return done;
}

bool load_map_model(struct load *load, struct error *error)
{
    struct source *source = load->chunks.source;
    uint64_t size;
    int fd = source_plain_file(source, &size);
    if (fd < 0 ? !map_copy(load, error) : !map(load, fd, size, error))
        return false;
    const struct subwords_file file = {load->map_size, source_name(source), read_map, load->map};
    if (!subwords_open(&load->subwords, &file, STREAM_MAX_DIM, error))
        return false;
    if (fd >= 0)
        digest_update(&load->peeked, load->map, load->map_size);
    load->shape = (struct vector_shape){.dim = load->subwords.dim};
    return true;
}

void load_unmap_model(struct load *load)
{
    subwords_free(&load->subwords);
    if (load->map)
        munmap(load->map, load->map_size);
}

/* ---- the stages ---- */

/* A range of words and what is made of it. */
struct batch {
    const char *at;       /* in the dictionary */
    uint32_t first, last; /* numbers of words: last is behind the range */
    struct parsed_vectors rows;
    char *copies; /* of words of the dictionary, to be repaired */
    size_t copies_capacity;
};

struct words_run {
    struct load_work *work;
    const char *at; /* these two: where the reading stage is */
    uint32_t next, count;
    uint32_t most; /* words of a batch */
};

static bool prepare_batch(void *shared, void *item, struct error *error)
{
    const struct words_run *run = shared;
    struct batch *batch = item;
    return parsed_vectors_init(&batch->rows, BATCH_BYTES, run->work->load->shape.dim) ||
           error_memory(error, "loading word vectors");
}

static void free_batch(void *item)
{
    struct batch *batch = item;
    parsed_vectors_free(&batch->rows);
    free(batch->copies);
}

static enum pipeline_read read_batch(void *shared, void *item, struct error *error)
{
    struct words_run *run = shared;
    struct batch *batch = item;
    (void)error;
    if (run->next == run->count || atomic_load_explicit(&run->work->enough, memory_order_relaxed))
        return PIPELINE_END;
    batch->at = run->at;
    batch->first = run->next;
    uint32_t left = run->count - run->next;
    run->next += left < run->most ? left : run->most;
    batch->last = run->next;
    for (uint32_t i = batch->first; !run->work->orders->vocabulary && i < batch->last; i++)
        subwords_next(&run->at);
    return PIPELINE_BATCH;
}

/* Takes a word, by its number. `data` is where it may be repaired; NULL: it is as it should be. */
static bool take_word(const struct load *load, struct text word, char *data, uint32_t number,
                      struct parsed_vectors *rows, struct error *error)
{
    float *x = rows->x + rows->rows * load->shape.dim;
    size_t parts;
    if (!subwords_vector(&load->subwords, word, number, x, &parts, error))
        return false;
    int result = VECTOR_WORD_KEPT;
    if (data && word.size) {
        memcpy(data, word.data, word.size);
        word.data = data;
        result = vector_word_take(data, &word, false);
    } else if (!word.size) {
        result = DEFECT_NO_WORD;
    }
    if (result != VECTOR_WORD_KEPT)
        parsed_vectors_note(rows, result);
    if (!parts || (result != VECTOR_WORD_KEPT && result != DEFECT_REPAIRED))
        return true;
    if (!vector_word_finite(x, load->shape.dim))
        parsed_vectors_note(rows, DEFECT_INFINITE);
    vector_word_add(rows, word, words_hash(word.data, word.size));
    return true;
}

static bool take_listed(const struct words_run *run, struct batch *batch, struct error *error)
{
    const struct load *load = run->work->load;
    bool good = true;
    for (uint32_t i = batch->first; good && i < batch->last; i++, batch->rows.line_count++) {
        struct text word = words_text(run->work->orders->vocabulary, i);
        uint32_t number = subwords_find(&load->subwords, word);
        good = take_word(load, word, NULL, number, &batch->rows, error);
    }
    return good;
}

static bool take_known(const struct words_run *run, struct batch *batch, struct error *error)
{
    const char *at = batch->at;
    size_t size = 0;
    for (uint32_t i = batch->first; i < batch->last; i++)
        size += subwords_next(&at).size;
    if (!memory_reserve(&batch->copies, &batch->copies_capacity, size + 1, 1))
        return error_memory(error, "loading word vectors");
    char *copy = batch->copies;
    bool good = true;
    at = batch->at;
    for (uint32_t i = batch->first; good && i < batch->last; i++, batch->rows.line_count++) {
        struct text word = subwords_next(&at);
        good = take_word(run->work->load, word, copy, i, &batch->rows, error);
        copy += word.size;
    }
    return good;
}

static bool make_vectors(void *shared, unsigned worker, void *item, struct error *error)
{
    const struct words_run *run = shared;
    struct batch *batch = item;
    struct parsed_vectors *rows = &batch->rows;
    (void)worker;
    rows->rows = rows->other_count = rows->note_count = rows->line_count = 0;
    rows->account = (struct fields_account){0};
    if (!run->work->orders->vocabulary)
        return take_known(run, batch, error);
    return take_listed(run, batch, error);
}

static bool write_batch(void *shared, void *item, struct error *error)
{
    const struct words_run *run = shared;
    struct load_work *work = run->work;
    const struct batch *batch = item;
    if (work->totals->topped || !batch->rows.line_count)
        return true;
    if (!load_write_rows(work, &batch->rows, error))
        return false;
    if (work->orders->progressed)
        work->orders->progressed(work->orders->context, work->totals->rows);
    return true;
}

bool load_words(struct load_work *work, struct error *error)
{
    struct subwords *subwords = &work->load->subwords;
    const struct words *vocabulary = work->orders->vocabulary;
    size_t most = parsed_vectors_most(BATCH_BYTES, subwords->dim);
    if (vocabulary && !subwords_index(subwords, error))
        return false;
    struct words_run run = {.work = work,
                            .at = subwords->dictionary,
                            .count = vocabulary ? (uint32_t)vocabulary->count : subwords->count,
                            .most = most ? (uint32_t)most : 1};
    const struct pipeline pipeline = {.batch_size = sizeof(struct batch),
                                      .shared = &run,
                                      .prepare = prepare_batch,
                                      .release = free_batch,
                                      .read = read_batch,
                                      .work = make_vectors,
                                      .write = write_batch};
    return pipeline_run(&pipeline, work->orders->jobs, error);
}

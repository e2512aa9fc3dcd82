/*
 * A binary heap of the sources, by their first cell. Keys are combined, and runs read, a buffer
 * at a time; the tables' cells are one source, all in hand.
 */
#include "glove/merge.h"

#include "base/memory.h"

#include <stdlib.h>

enum { LEAST_BUFFER = 1 << 6, MOST_BUFFER = 1 << 14 }; /* cells */

static bool refill(const struct merge *merge, struct merge_source *source, struct error *error)
{
    source->at = source->count = 0;
    if (source->keys)
        source->count = pairs_combine(source->keys->rules, source->keys->keys, source->keys->count,
                                      &source->next_key, source->cells, merge->buffer);
    if (source->run_of && source->cells_left) {
        size_t count =
            source->cells_left < merge->buffer ? (size_t)source->cells_left : merge->buffer;
        if (!scratch_read(&source->run_of->scratch, source->offset, source->cells,
                          count * sizeof *source->cells, error))
            return false;
        source->offset += count * sizeof *source->cells;
        source->cells_left -= count;
        source->count = count;
    }
    return true;
}

/* ---- the heap ---- */

static uint64_t first_cell(const struct merge_source *source)
{
    return source->cells[source->at].cell;
}

static void sift_down(struct merge *merge, size_t place)
{
    struct merge_source **heap = merge->heap, *moving = heap[place];
    for (;;) {
        size_t child = 2 * place + 1;
        if (child >= merge->heap_count)
            break;
        if (child + 1 < merge->heap_count && first_cell(heap[child + 1]) < first_cell(heap[child]))
            child++;
        if (first_cell(moving) <= first_cell(heap[child]))
            break;
        heap[place] = heap[child];
        place = child;
    }
    heap[place] = moving;
}

/* Takes the least source's first cell away. */
static bool advance(struct merge *merge, struct error *error)
{
    struct merge_source *source = merge->heap[0];
    if (++source->at == source->count) {
        if (!refill(merge, source, error))
            return false;
        if (!source->count)
            merge->heap[0] = merge->heap[--merge->heap_count];
    }
    if (merge->heap_count)
        sift_down(merge, 0);
    return true;
}

bool merge_next(struct merge *merge, struct cell_count *cell, bool *more, struct error *error)
{
    *more = merge->heap_count > 0;
    if (!*more)
        return true;
    *cell = (struct cell_count){.cell = first_cell(merge->heap[0])};
    while (merge->heap_count && first_cell(merge->heap[0]) == cell->cell) {
        cell->sum += merge->heap[0]->cells[merge->heap[0]->at].sum;
        if (!advance(merge, error))
            return false;
    }
    return true;
}

/* ---- opening ---- */

static size_t count_sources(const struct pairs *threads, size_t count)
{
    size_t sources = 1;
    for (size_t i = 0; i < count; i++)
        sources += 1 + threads[i].run_count;
    return sources;
}

static size_t buffer_cells(size_t most_bytes, size_t sources)
{
    size_t cells = most_bytes / sources / sizeof(struct cell_count);
    return cells < LEAST_BUFFER ? LEAST_BUFFER : cells > MOST_BUFFER ? MOST_BUFFER : cells;
}

static bool add_tables(struct merge *merge, struct pairs *threads, size_t count)
{
    struct merge_source *source = &merge->sources[merge->source_count++];
    const struct pairs_rules *rules = threads[0].rules;
    for (size_t thread = 1; thread < count; thread++)
        for (size_t i = 0; i < rules->table_size; i++)
            threads[0].table[i] += threads[thread].table[i];
    source->cells = pairs_table_cells(rules, threads[0].table, &source->count);
    merge->most += source->count;
    return source->cells != NULL;
}

static bool add_source(struct merge *merge, struct merge_source source)
{
    source.cells = memory_array(merge->buffer, sizeof *source.cells);
    merge->most += source.keys ? source.keys->count : source.cells_left;
    merge->sources[merge->source_count++] = source;
    return source.cells != NULL;
}

static bool add_thread(struct merge *merge, const struct pairs *thread)
{
    if (thread->count && !add_source(merge, (struct merge_source){.keys = thread}))
        return false;
    for (size_t i = 0; i < thread->run_count; i++)
        if (!add_source(merge, (struct merge_source){.run_of = thread,
                                                     .offset = thread->runs[i].offset,
                                                     .cells_left = thread->runs[i].count}))
            return false;
    return true;
}

static bool add_all(struct merge *merge, struct pairs *threads, size_t count)
{
    if (!merge->sources || !merge->heap || !add_tables(merge, threads, count))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!add_thread(merge, &threads[i]))
            return false;
    return true;
}

bool merge_open(struct merge *merge, struct pairs *threads, size_t count, size_t most_bytes,
                struct error *error)
{
    size_t sources = count_sources(threads, count);
    *merge = (struct merge){.sources = calloc(sources, sizeof *merge->sources),
                            .heap = memory_array(sources, sizeof(struct merge_source *)),
                            .buffer = buffer_cells(most_bytes, sources)};
    if (!add_all(merge, threads, count)) {
        merge_close(merge);
        return error_memory(error, "adding up pairs of words");
    }
    for (size_t i = 0; i < merge->source_count; i++) {
        struct merge_source *source = &merge->sources[i];
        if (!source->count && !refill(merge, source, error)) {
            merge_close(merge);
            return false;
        }
        if (source->count)
            merge->heap[merge->heap_count++] = source;
    }
    for (size_t place = merge->heap_count; place-- > 0;)
        sift_down(merge, place);
    return true;
}

void merge_close(struct merge *merge)
{
    for (size_t i = 0; i < merge->source_count; i++)
        free(merge->sources[i].cells);
    free(merge->sources);
    free(merge->heap);
    *merge = (struct merge){0};
}

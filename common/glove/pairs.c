/*
 * Pairs of frequent words, which are most of all pairs, are counted in a table under a hyperbola;
 * the others become keys that are sorted and added up when their memory is full.
 */
#include "glove/pairs.h"

#include "base/memory.h"
#include "base/radix.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    TABLE_PRODUCT = 1 << 16, /* ranks, from 1, whose product is at most this are in the table */
    FIRST_KEYS = 1 << 16,
    RUN_CELLS = 1 << 12 /* cells that are written at a time */
};

/* ---- rules ---- */

/* The first context of a row: of a symmetric window, pairs are ordered by rank. */
static uint32_t first_context(const struct pairs_rules *rules, uint32_t word)
{
    return rules->symmetric ? word : 0;
}

/* The hyperbola of the table: a row for each rank that reaches a context. */
static void shape_table(struct pairs_rules *rules, size_t rows)
{
    uint32_t words = (uint32_t)rules->grid.words, used = 0;
    for (uint32_t word = 0; word < rows; word++) {
        uint32_t limit = TABLE_PRODUCT / (word + 1), first = first_context(rules, word);
        limit = limit < words ? limit : words;
        if (limit <= first)
            break;
        rules->rows[word] = (struct pairs_row){limit, used - first};
        rules->row_count = word + 1;
        used += limit - first;
    }
    rules->table_size = used;
}

bool pairs_rules_make(struct pairs_rules *rules, const struct grid *grid, unsigned window,
                      bool symmetric, bool weighted, struct error *error)
{
    size_t rows = grid->words < TABLE_PRODUCT ? grid->words : TABLE_PRODUCT;
    *rules = (struct pairs_rules){.grid = *grid, .window = window, .symmetric = symmetric};
    rules->weights = memory_array((size_t)window + 1, sizeof *rules->weights);
    rules->rows = memory_array(rows, sizeof *rules->rows);
    if (!rules->weights || !rules->rows) {
        pairs_rules_free(rules);
        return error_memory(error, "starting to count");
    }
    rules->weights[0] = 0;
    for (unsigned distance = 1; distance <= window; distance++)
        rules->weights[distance] =
            (uint64_t)rint((double)(1 << PAIRS_UNIT_BITS) / (weighted ? distance : 1));
    shape_table(rules, rows);
    return true;
}

void pairs_rules_free(struct pairs_rules *rules)
{
    free(rules->weights);
    free(rules->rows);
    *rules = (struct pairs_rules){0};
}

/* ---- a thread's pairs ---- */

/* A key has a place in the array, and one in the spare one that sorting needs. */
enum { KEY_BYTES = 2 * sizeof(uint64_t) };

size_t pairs_least_bytes(const struct pairs_rules *rules)
{
    return (FIRST_KEYS + 2 * (size_t)rules->window) * KEY_BYTES;
}

bool pairs_start(struct pairs *pairs, const struct pairs_rules *rules, size_t most_bytes,
                 const char *folder, struct error *error)
{
    *pairs = (struct pairs){.rules = rules, .scratch = scratch_in(folder)};
    size_t least = pairs_least_bytes(rules);
    pairs->most = (most_bytes > least ? most_bytes : least) / KEY_BYTES;
    pairs->table = calloc(rules->table_size + 1, sizeof *pairs->table);
    return pairs->table || error_memory(error, "starting to count");
}

void pairs_free(struct pairs *pairs)
{
    free(pairs->table);
    free(pairs->keys);
    free(pairs->spare);
    free(pairs->runs);
    scratch_close(&pairs->scratch);
    *pairs = (struct pairs){.scratch = scratch_in(pairs->scratch.folder)};
}

size_t pairs_combine(const struct pairs_rules *rules, const uint64_t *keys, size_t count,
                     size_t *at, struct cell_count *cells, size_t most)
{
    size_t made = 0, i = *at;
    while (i < count && made < most) {
        struct cell_count cell = {.cell = keys[i] >> PAIRS_DISTANCE_BITS};
        for (; i < count && keys[i] >> PAIRS_DISTANCE_BITS == cell.cell; i++)
            cell.sum += rules->weights[keys[i] & PAIRS_MOST_WINDOW];
        cells[made++] = cell;
    }
    *at = i;
    return made;
}

static bool sort_keys(struct pairs *pairs, struct error *error)
{
    if (pairs->spare_capacity < pairs->count) {
        free(pairs->spare);
        pairs->spare_capacity = pairs->capacity;
        pairs->spare = memory_array(pairs->spare_capacity, sizeof *pairs->spare);
        if (!pairs->spare) {
            pairs->spare_capacity = 0;
            return error_memory(error, "counting pairs of words");
        }
    }
    uint64_t *sorted = radix_sort(pairs->keys, pairs->spare, pairs->count, PAIRS_DISTANCE_BITS,
                                  grid_cell_bits(&pairs->rules->grid));
    if (sorted != pairs->keys) {
        size_t capacity = pairs->capacity;
        pairs->spare = pairs->keys;
        pairs->keys = sorted;
        pairs->capacity = pairs->spare_capacity;
        pairs->spare_capacity = capacity;
    }
    return true;
}

static bool write_cells(struct pairs *pairs, struct cell_count *cells, struct error *error)
{
    struct pairs_run run = {.offset = pairs->scratch.size};
    for (size_t at = 0; at < pairs->count;) {
        size_t made = pairs_combine(pairs->rules, pairs->keys, pairs->count, &at, cells, RUN_CELLS);
        if (!scratch_append(&pairs->scratch, cells, made * sizeof *cells, error))
            return false;
        run.count += made;
    }
    if (!memory_reserve(&pairs->runs, &pairs->run_capacity, pairs->run_count + 1,
                        sizeof *pairs->runs))
        return error_memory(error, "counting pairs of words");
    pairs->runs[pairs->run_count++] = run;
    pairs->count = 0;
    return true;
}

/* Sorts the keys and writes them out as a run. */
static bool spill(struct pairs *pairs, struct error *error)
{
    struct cell_count *cells = memory_array(RUN_CELLS, sizeof *cells);
    if (!cells)
        return error_memory(error, "counting pairs of words");
    bool done = sort_keys(pairs, error) && write_cells(pairs, cells, error);
    free(cells);
    return done;
}

/* Makes room for the pairs of one more word. */
static bool make_room(struct pairs *pairs, struct error *error)
{
    size_t needed = pairs->count + pairs->rules->window;
    if (needed <= pairs->capacity)
        return true;
    if (needed > pairs->most)
        return spill(pairs, error);
    size_t wanted = 2 * pairs->capacity > needed ? 2 * pairs->capacity : needed;
    wanted = wanted < FIRST_KEYS ? FIRST_KEYS : wanted > pairs->most ? pairs->most : wanted;
    uint64_t *keys = realloc(pairs->keys, wanted * sizeof *keys);
    if (!keys)
        return error_memory(error, "counting pairs of words");
    pairs->keys = keys;
    pairs->capacity = wanted;
    return true;
}

/* Counts one meeting of two words, the first `distance` before the second. */
static inline void meet(struct pairs *pairs, uint32_t word, uint32_t context, size_t distance)
{
    const struct pairs_rules *rules = pairs->rules;
    if (rules->symmetric && word > context) {
        uint32_t other = word;
        word = context;
        context = other;
    }
    if (word < rules->row_count && context < rules->rows[word].limit) {
        pairs->table[(uint32_t)(rules->rows[word].base + context)] += rules->weights[distance];
        return;
    }
    uint32_t from = grid_place(&rules->grid, word), to = grid_place(&rules->grid, context);
    uint64_t cell = rules->symmetric && from > to ? grid_cell(&rules->grid, to, from)
                                                  : grid_cell(&rules->grid, from, to);
    pairs->keys[pairs->count++] = cell << PAIRS_DISTANCE_BITS | distance;
}

bool pairs_count(struct pairs *pairs, const uint32_t *ranks, size_t from, size_t count,
                 struct error *error)
{
    size_t window = pairs->rules->window, start = 0;
    for (size_t i = 0; i < from; i++)
        if (ranks[i] == PAIRS_BREAK)
            start = i + 1;
    for (size_t i = from; i < count; i++) {
        if (ranks[i] == PAIRS_BREAK) {
            start = i + 1;
            continue;
        }
        if (!make_room(pairs, error))
            return false;
        size_t reach = i - start < window ? i - start : window;
        for (size_t distance = 1; distance <= reach; distance++)
            meet(pairs, ranks[i - distance], ranks[i], distance);
    }
    return true;
}

bool pairs_finish(struct pairs *pairs, struct error *error)
{
    bool done = !pairs->count || sort_keys(pairs, error);
    free(pairs->spare);
    pairs->spare = NULL;
    pairs->spare_capacity = 0;
    return done;
}

/* ---- the table as cells ---- */

/* The number of a pair of places in the table, or NULL where it is not in it. */
static const uint64_t *find_number(const struct pairs_rules *rules, const uint64_t *table,
                                   uint32_t from, uint32_t to)
{
    uint32_t word = grid_rank(&rules->grid, from), context = grid_rank(&rules->grid, to);
    if (word >= rules->grid.words || context >= rules->grid.words)
        return NULL;
    uint32_t first = rules->symmetric && context < word ? context : word;
    uint32_t second = first == word ? context : word;
    if (first >= rules->row_count || second >= rules->rows[first].limit)
        return NULL;
    return &table[(uint32_t)(rules->rows[first].base + second)];
}

/*
 * The table's cells of one block. Ranks rise with rows, so where a pair is not in the table, none
 * behind it in its row is, nor in later rows where it was the first.
 */
static size_t block_cells(const struct pairs_rules *rules, const uint64_t *table, uint32_t from,
                          uint32_t to, struct cell_count *cells)
{
    const struct grid *grid = &rules->grid;
    uint32_t rows = (uint32_t)grid_rows(grid);
    size_t count = 0;
    for (uint32_t word = 0; word < rows; word++) {
        uint32_t first = rules->symmetric && from == to ? word : 0;
        uint32_t context = first;
        for (; context < rows; context++) {
            const uint64_t *number = find_number(rules, table, from << grid->row_bits | word,
                                                 to << grid->row_bits | context);
            if (!number)
                break;
            if (*number)
                cells[count++] = (struct cell_count){
                    grid_cell(grid, from << grid->row_bits | word, to << grid->row_bits | context),
                    *number};
        }
        if (context == first)
            break;
    }
    return count;
}

struct cell_count *pairs_table_cells(const struct pairs_rules *rules, const uint64_t *table,
                                     size_t *count)
{
    uint32_t stripes = (uint32_t)grid_stripes(&rules->grid);
    size_t most = 0;
    for (size_t i = 0; i < rules->table_size; i++)
        most += table[i] != 0;
    struct cell_count *cells = memory_array(most, sizeof *cells);
    *count = 0;
    if (!cells)
        return NULL;
    for (uint32_t from = 0; from < stripes; from++)
        for (uint32_t to = rules->symmetric ? from : 0; to < stripes; to++)
            *count += block_cells(rules, table, from, to, cells + *count);
    return cells;
}

#include "forest/narrow.h"

#include "base/memory.h"

#include <stdlib.h>

/* Nodes of fewer rows than that share of the slots are not scanned. */
enum { SPARSE = 256 };

/* A node of fewer rows is counted feature by feature: soon one parts the classes, and no other
   can be better. */
enum { ONE_BY_ONE = 4 };

const struct kernels *kernels_of(enum cpu_level level)
{
#ifdef __x86_64__
    if (level >= CPU_AVX512)
        return &kernels_avx512;
    if (level >= CPU_AVX2)
        return &kernels_avx2;
#endif
    (void)level;
    return &kernels_portable;
}

bool narrow_begin(struct narrow *narrow, uint32_t rows, uint32_t classes, enum cpu_level level)
{
    /* Vectors that reach beyond the last rank, or row. */
    size_t beyond = LANES_MOST;
    narrow->kernels = kernels_of(level);
    for (uint32_t i = 0; i < COUNT_MOST; i++)
        narrow->lane[i] = (uint16_t)count_lane(i, narrow->kernels->count_lanes);
    narrow->rows_of = calloc(classes, sizeof *narrow->rows_of);
    narrow->cells = calloc(classes, sizeof *narrow->cells);
    narrow->slots = memory_array(rows + beyond, sizeof *narrow->slots);
    narrow->few = memory_array(rows, sizeof *narrow->few);
    narrow->few_slots = calloc(rows + beyond, sizeof *narrow->few_slots);
    narrow->few_sorted = memory_array(rows + beyond, sizeof *narrow->few_sorted);
    narrow->few_place = memory_array(classes, sizeof *narrow->few_place);
    narrow->sorted = memory_array(rows + beyond, sizeof *narrow->sorted);
    narrow->taken = memory_array(ranks_words(rows), sizeof *narrow->taken);
    size_t lines = (narrow->kernels->counted_size + LANES_MOST - 1) / LANES_MOST;
    narrow->counted = aligned_alloc(LANES_MOST, lines * LANES_MOST);
    if (narrow->rows_of && narrow->cells && narrow->slots && narrow->sorted && narrow->taken &&
        narrow->few && narrow->few_sorted && narrow->few_slots && narrow->few_place &&
        narrow->counted)
        return true;
    narrow_free(narrow);
    return false;
}

void narrow_free(struct narrow *narrow)
{
    free(narrow->rows_of);
    free(narrow->cells);
    free(narrow->slots);
    free(narrow->sorted);
    free(narrow->taken);
    free(narrow->few);
    free(narrow->few_sorted);
    free(narrow->few_slots);
    free(narrow->few_place);
    free(narrow->counted);
    *narrow = (struct narrow){0};
}

/* Puts the rows of each class next to each other. */
static void group_rows(struct narrow *narrow, const struct node *node)
{
    struct count_node *count = &narrow->count;
    const uint16_t *codes = node->codes;
    const struct tally *tally = node->tally;
    uint32_t *next = narrow->rows_of, begin = 0;
    for (uint32_t i = 0; i < node->count; i++)
        next[codes[i] >> CODE_WEIGHT_BITS]++;
    for (uint32_t g = 0; g < tally->present_count; g++) {
        uint32_t class = tally->present[g], rows = next[class];
        next[class] = begin;
        begin += rows;
        count->groups[g] = (struct group){begin, tally->total[class]};
    }
    for (uint32_t i = 0; i < node->count; i++) {
        uint32_t weight = codes[i] & CODE_MAX_WEIGHT;
        uint32_t at = next[codes[i] >> CODE_WEIGHT_BITS]++;
        count->rows[at] = node->rows[i];
        count->weights[at] = weight << 16 | weight;
    }
    for (uint32_t g = 0; g < tally->present_count; g++)
        next[tally->present[g]] = 0;
    count->count = node->count;
    count->group_count = tally->present_count;
}

/* Codes of a byte, for a node of few classes; false: it is not one. */
static bool pack_few(struct narrow *narrow, const struct node *node)
{
    const struct tally *tally = node->tally;
    if (!narrow->kernels->takes_few || tally->present_count > FEW_CLASSES)
        return false;
    uint8_t *place = narrow->few_place, *few = narrow->few;
    const uint16_t *codes = node->codes;
    for (uint32_t g = 0; g < tally->present_count; g++)
        place[tally->present[g]] = (uint8_t)(g << CODE_WEIGHT_BITS);
    for (uint32_t i = 0, count = node->count; i < count; i++) {
        uint16_t wide = codes[i];
        few[i] = place[wide >> CODE_WEIGHT_BITS] | (uint8_t)(wide & CODE_MAX_WEIGHT);
    }
    return true;
}

static void prepare_scan(struct narrow *narrow, const struct node *node)
{
    const struct tally *tally = node->tally;
    bool few = pack_few(narrow, node);
    for (uint32_t g = 0; g < tally->present_count; g++)
        narrow->cells[few ? g : tally->present[g]].total = tally->total[tally->present[g]];
    narrow->scan = (struct scan_node){
        .rows = node->rows,
        .count = node->count,
        .least = node->growth->min_samples_leaf,
        .codes = node->codes,
        .cells = narrow->cells,
        .classes = tally->present,
        .class_count = tally->present_count,
        .slots = narrow->slots,
        .taken = narrow->taken,
        .sorted = narrow->sorted,
        .ranks = node->table->ranks->rows,
        .few = few ? narrow->few : NULL,
        .few_sorted = narrow->few_sorted,
        .few_slots = narrow->few_slots,
    };
}

bool narrow_enter(struct narrow *narrow, const struct node *node)
{
    const struct tally *tally = node->tally;
    const struct ranks *ranks = node->table->ranks;
    narrow->counts =
        node->count <= COUNT_MOST && node->growth->min_samples_leaf == 1 && !ranks->wide;
    if (!narrow->counts && node->count < ranks->rows / SPARSE)
        return false;
    struct whole whole = {.weight = tally->weight};
    for (uint32_t g = 0; g < tally->present_count; g++) {
        double total = tally->total[tally->present[g]];
        whole.squares += total * total;
    }
    /* Scores of so light nodes are exact up to the last division, which rounds no more than up to
       the weight. */
    narrow->most = whole.weight;
    if (narrow->counts)
        group_rows(narrow, node);
    else
        prepare_scan(narrow, node);
    narrow->count.whole = narrow->scan.whole = whole;
    return true;
}

unsigned narrow_batch(const struct narrow *narrow)
{
    return narrow->counts && narrow->count.count < ONE_BY_ONE ? 1 : COUNT_FEATURES;
}

void narrow_load(struct narrow *narrow, const struct ranking *rankings, unsigned count,
                 double score)
{
    struct count_node *node = &narrow->count;
    if (!narrow->counts || score == narrow->most)
        return;
    for (uint32_t i = 0; i < node->count; i++)
        for (unsigned f = 0; f < count; f++) {
            uint16_t rank = ((const uint16_t *)rankings[f].rank)[node->rows[i]];
            node->twice[f][i] = rank * UINT32_C(0x10001);
            node->ranks[f][narrow->lane[i]] = rank;
        }
    narrow->kernels->count(node, count, narrow->counted);
}

/* Whether one of the node's ranks is further than `span` from the first; the second mostly is. */
static bool spread_wider(const struct node *node, const struct ranking *ranking)
{
    uint32_t first = ranking_rank(ranking, node->rows[0]);
    for (uint32_t i = 1; i < node->count; i++) {
        uint32_t rank = ranking_rank(ranking, node->rows[i]);
        if ((rank > first ? rank - first : first - rank) > ranking->span)
            return true;
    }
    return false;
}

bool narrow_find(struct narrow *narrow, const struct node *node, const struct ranking *rankings,
                 unsigned number, unsigned count, struct found *found)
{
    const struct ranking *ranking = &rankings[number];
    const struct ranking *next = number + 1 < count ? ranking + 1 : NULL;
    if (!narrow->counts)
        return narrow->kernels->scan(&narrow->scan, ranking, next, found);
    if (!spread_wider(node, ranking))
        return false;
    if (found->score < narrow->most)
        narrow->kernels->pick(&narrow->count, number, narrow->counted, found);
    return true;
}

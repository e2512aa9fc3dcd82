/*
 * The search for a gini cut by the kernels, on nodes whose rows have codes.
 *
 * A small node is counted, where ranks take 16 bits and one sample is enough for a leaf; another
 * one is scanned, where its rows are not too few among the view's. What is neither is left to the
 * plain search as a whole, and of a node that is searched two kinds of features are: those that
 * may not vary, and those whose best cut lies between ranks that may not be parted. Both take
 * values to decide, which kernels know nothing of.
 *
 * No cut scores more than the weight of the node, which is reached where the classes are apart;
 * then the other features are not looked at but for whether they vary.
 */
#include "forest/narrow.h"

#include "base/memory.h"
#include "forest/bag.h"
#include "forest/search.h"
#include "forest/tally.h"

#include <stdlib.h>
#include <string.h>

/* Nodes of fewer rows than that share of the slots are not scanned. */
enum { SPARSE = 256 };

/* Features of a node that are scanned one after another, each with an eye on the two that follow.
 */
enum { SCAN_FEATURES = 32 };

/* A node of no more than that share of the slots asks for ranks before, unless a near cache holds
   so many bytes of them: where rows lie closer the machine foresees what is asked for. */
enum { APART = 8, NEAR_BYTES = 1 << 20 };

/* A node of fewer rows is counted feature by feature: soon one parts the classes, and no other
   can be better. */
enum { ONE_BY_ONE = 4 };

/* How a node is searched. */
enum way { WAY_PLAIN, WAY_COUNT, WAY_SCAN };

/* What the kernels need for one node at a time. */
struct narrow {
    const struct kernels *kernels;
    uint64_t *paths;           /* of the account */
    uint16_t lane[COUNT_MOST]; /* by row, see count_lane */
    struct class_sums *by_class;
    uint16_t *slots, *sorted;
    struct ranks_scratch marks[2];
    uint8_t *few, *few_sorted, *few_slots; /* see struct scan_node */
    uint8_t *few_place;                    /* by class: its code without a weight */
    uint32_t few_total[FEW_CLASSES];       /* by place in the node's classes */
    double most;                           /* what no cut of the node scores more than */
    struct count_node count;
    void *counted; /* what kernels->count leaves */
    struct scan_node scan;
};

/* Some of a quest: up to COUNT_FEATURES, which are loaded together, or SCAN_FEATURES. */
struct batch {
    const struct quest *quest;
    uint32_t first; /* its place in the quest */
    unsigned count;
    struct rank_column columns[SCAN_FEATURES];
    bool far; /* what is looked at lies in far memory */
};

/* ---- memory ---- */

static bool narrow_takes(const struct search_task *task)
{
    return task->growth->criterion == CRITERION_GINI && task->matrix->classes <= CODE_MAX_CLASSES &&
           !bag_weighs(task->growth) && !limits_wanted(task->growth) && !task->matrix->missing;
}

static void narrow_end(void *memory)
{
    struct narrow *narrow = memory;
    if (!narrow)
        return;
    free(narrow->by_class);
    free(narrow->slots);
    free(narrow->sorted);
    for (int i = 0; i < 2; i++)
        ranks_scratch_free(&narrow->marks[i]);
    free(narrow->few);
    free(narrow->few_sorted);
    free(narrow->few_slots);
    free(narrow->few_place);
    free(narrow->counted);
    free(narrow);
}

static bool make_room(struct narrow *narrow, size_t rows, size_t classes)
{
    /* Vectors reach beyond the last rank, or row. */
    const size_t beyond = LANES_MOST;
    const size_t lines = (narrow->kernels->counted_size + LANES_MOST - 1) / LANES_MOST;
    narrow->by_class = calloc(classes, sizeof *narrow->by_class);
    narrow->slots = memory_array(rows + beyond, sizeof *narrow->slots);
    narrow->few = memory_array(rows, sizeof *narrow->few);
    narrow->few_slots = calloc(rows + beyond, sizeof *narrow->few_slots);
    narrow->few_sorted = memory_array(rows + beyond, sizeof *narrow->few_sorted);
    narrow->few_place = memory_array(classes, sizeof *narrow->few_place);
    narrow->sorted = memory_array(rows + beyond, sizeof *narrow->sorted);
    narrow->counted = aligned_alloc(LANES_MOST, lines * LANES_MOST);
    return narrow->by_class && narrow->slots && narrow->sorted && narrow->few &&
           narrow->few_sorted && narrow->few_slots && narrow->few_place && narrow->counted &&
           ranks_scratch_begin(&narrow->marks[0], (uint32_t)rows, (uint32_t)rows) &&
           ranks_scratch_begin(&narrow->marks[1], (uint32_t)rows, (uint32_t)rows);
}

static void *narrow_begin(const struct search_task *task)
{
    /* Vectors are laid into it, which malloc's alignment may be too narrow for. */
    struct narrow *narrow = aligned_alloc(_Alignof(struct narrow), sizeof *narrow);
    if (!narrow)
        return NULL;
    memset(narrow, 0, sizeof *narrow);
    narrow->kernels = task->kernels;
    narrow->paths = task->account->paths;
    for (uint32_t i = 0; i < COUNT_MOST; i++)
        narrow->lane[i] = (uint16_t)count_lane(i, narrow->kernels->count_lanes);
    if (make_room(narrow, task->matrix->rows, task->matrix->classes))
        return narrow;
    narrow_end(narrow);
    return NULL;
}

/* ---- a node ---- */

/* The node's rows, which come class by class. */
static void group_rows(struct narrow *narrow, const struct node *node)
{
    struct count_node *count = &narrow->count;
    const struct tally *tally = node->tally;
    const uint16_t *codes = node->codes;
    uint32_t groups = 0, class = code_class(codes[0]);
    for (uint32_t i = 0, rows = node->count; i < rows; i++) {
        const uint32_t weight = code_weight(codes[i]);
        const uint32_t next = code_class(codes[i + 1 < rows ? i + 1 : i]);
        count->rows[i] = node->rows[i];
        count->weights[i] = weight << 16 | weight;
        count->groups[groups].end = i + 1;
        groups += next != class;
        class = next;
    }
    for (uint32_t g = 0; g < tally->present_count; g++)
        count->groups[g].total = tally->total[tally->present[g]];
    count->count = node->count;
    count->group_count = tally->present_count;
}

/* Codes of a byte, for a node of few classes; false: it is not one. */
static bool few_codes(struct narrow *narrow, const struct node *node)
{
    const struct tally *tally = node->tally;
    if (!narrow->kernels->few || tally->present_count > FEW_CLASSES)
        return false;
    uint8_t *place = narrow->few_place, *few = narrow->few;
    const uint16_t *codes = node->codes;
    for (uint32_t g = 0; g < tally->present_count; g++) {
        place[tally->present[g]] = (uint8_t)(g << CODE_WEIGHT_BITS);
        narrow->few_total[g] = tally->total[tally->present[g]];
    }
    for (uint32_t i = 0, count = node->count; i < count; i++) {
        uint16_t wide = codes[i];
        few[i] = place[code_class(wide)] | (uint8_t)(code_weight(wide));
    }
    return true;
}

static void prepare_scan(struct narrow *narrow, const struct node *node)
{
    const struct tally *tally = node->tally;
    bool few = few_codes(narrow, node);
    const uint32_t dense = few ? narrow->kernels->few_dense : SCAN_DENSE;
    narrow->scan = (struct scan_node){
        .rows = node->rows,
        .count = node->count,
        .least = node->growth->min_samples_leaf,
        .codes = node->codes,
        .total = few ? narrow->few_total : tally->total,
        .by_class = narrow->by_class,
        .classes = tally->present,
        .class_count = tally->present_count,
        .slots = narrow->slots,
        .taken = narrow->marks[0].taken,
        .marks = &narrow->marks[0],
        .marks_ahead = &narrow->marks[1],
        .sorted = narrow->sorted,
        .ranks = node->view->ranks->rows,
        .sparse = node->count < dense * ranks_words(node->view->ranks->rows),
        .few = few ? narrow->few : NULL,
        .few_sorted = narrow->few_sorted,
        .few_slots = narrow->few_slots,
    };
}

static enum way way_of(const struct node *node)
{
    const struct ranks *ranks = node->view->ranks;
    if (!node->codes)
        return WAY_PLAIN;
    if (node->count <= COUNT_MOST && node->growth->min_samples_leaf == 1 && !ranks->wide)
        return WAY_COUNT;
    return node->count < ranks->rows / SPARSE ? WAY_PLAIN : WAY_SCAN;
}

static struct whole whole_of(const struct tally *tally)
{
    struct whole whole = {.weight = tally->weight};
    for (uint32_t g = 0; g < tally->present_count; g++) {
        double total = tally->total[tally->present[g]];
        whole.squares += total * total;
    }
    return whole;
}

/* Prepares for a node, in the way that is returned. */
static enum way enter(struct narrow *narrow, const struct node *node)
{
    enum way way = way_of(node);
    if (way == WAY_COUNT)
        group_rows(narrow, node);
    else if (way == WAY_SCAN)
        prepare_scan(narrow, node);
    if (way != WAY_PLAIN)
        narrow->count.whole = narrow->scan.whole = whole_of(node->tally);
    /* Scores of so light nodes are exact up to the last division, which rounds no more than up to
       the weight. */
    narrow->most = node->tally->weight;
    narrow->paths[PATH_COUNT] += way == WAY_COUNT;
    narrow->paths[PATH_SCAN] += way == WAY_SCAN;
    narrow->paths[PATH_LIGHT] += way == WAY_SCAN && narrow->scan.whole.weight <= LIGHT_WEIGHT;
    narrow->paths[PATH_PLACED] += way == WAY_SCAN && narrow->scan.sparse;
    narrow->paths[PATH_FEW] += way == WAY_SCAN && narrow->scan.few;
    return way;
}

/* ---- its features ---- */

/* Whether one of the node's ranks is further than `span` from the first; the second mostly is. */
static bool spread_wider(const struct node *node, const struct rank_column *column)
{
    uint32_t first = column_rank(column, node->rows[0]);
    for (uint32_t i = 1; i < node->count; i++) {
        uint32_t rank = column_rank(column, node->rows[i]);
        if ((rank > first ? rank - first : first - rank) > column->span)
            return true;
    }
    return false;
}

/* Lays the ranks of a batch's features where the kernels count them, and has them counted. */
static void count_batch(struct narrow *narrow, const struct batch *batch)
{
    struct count_node *node = &narrow->count;
    const uint16_t sign = narrow->kernels->count_sign;
    for (uint32_t i = 0; i < node->count; i++)
        for (unsigned f = 0; f < batch->count; f++) {
            uint16_t rank = ((const uint16_t *)batch->columns[f].rank)[node->rows[i]] ^ sign;
            node->twice[f][i] = rank * UINT32_C(0x10001);
            node->ranks[f][narrow->lane[i]] = rank;
        }
    narrow->kernels->count(node, batch->count, narrow->counted);
}

/* Feature `number` of a batch that was counted. False: it may not vary. */
static bool pick_counted(struct narrow *narrow, const struct batch *batch, unsigned number,
                         struct found *found)
{
    if (!spread_wider(batch->quest->node, &batch->columns[number]))
        return false;
    if (found->score == narrow->most)
        narrow->paths[PATH_SETTLED]++;
    else if (!narrow->kernels->pick(&narrow->count, number, narrow->counted, found))
        narrow->paths[PATH_SKIPPED]++;
    return true;
}

/* Feature `number` of a batch of a node that is scanned. False: it may not vary. */
static bool scan_next(struct narrow *narrow, const struct batch *batch, unsigned number,
                      struct found *found)
{
    const struct rank_column *column = &batch->columns[number];
    const struct rank_column *next = number + 1 < batch->count ? column + 1 : NULL;
    if (!narrow->scan.few)
        return narrow->kernels->scan(&narrow->scan, column, found);
    narrow->paths[PATH_AHEAD] += narrow->scan.scattered;
    narrow->scan.after = batch->far && number + 2 < batch->count ? column + 2 : NULL;
    bool varies = narrow->kernels->few(&narrow->scan, column, next, found);
    narrow->paths[PATH_RUNNING] += narrow->scan.ran;
    narrow->paths[PATH_ASKED] += narrow->scan.ran && narrow->scan.after;
    return varies;
}

static void search_batch(struct narrow *narrow, enum way way, const struct batch *batch,
                         struct leftover *left)
{
    struct cut *best = batch->quest->best;
    if (way == WAY_COUNT && best->score < narrow->most)
        count_batch(narrow, batch);
    for (unsigned i = 0; i < batch->count; i++) {
        const struct rank_column *column = &batch->columns[i];
        uint32_t place = batch->first + i;
        struct found found = {.score = best->score};
        bool varies = way == WAY_COUNT ? pick_counted(narrow, batch, i, &found)
                                       : scan_next(narrow, batch, i, &found);
        bool better = found.score > best->score;
        batch->quest->varies[place] = varies;
        if (!varies || (better && !column_parted(column, found.below, found.above)))
            left->places[left->count++] = place;
        else if (better)
            *best = (struct cut){found.score, batch->quest->features[place],
                                 found.below, found.above,
                                 CUT_MIDWAY,  false,
                                 false,       false};
    }
}

static void leave_all(const struct quest *quest, struct leftover *left)
{
    while (left->count < quest->count) {
        left->places[left->count] = left->count;
        left->count++;
    }
}

/* Whether the node's ranks are worth asking for. */
static bool ranks_far(const struct node *node)
{
    const struct ranks *ranks = node->view->ranks;
    const size_t width = ranks->wide ? sizeof(uint32_t) : sizeof(uint16_t);
    return node->count <= ranks->rows / APART &&
           (size_t)ranks->rows * ranks->features * width > NEAR_BYTES;
}

static void narrow_find(void *memory, const struct quest *quest, struct leftover *left)
{
    struct narrow *narrow = memory;
    enum way way = enter(narrow, quest->node);
    if (way == WAY_PLAIN) {
        leave_all(quest, left);
        return;
    }
    bool single = way == WAY_COUNT && quest->node->count < ONE_BY_ONE;
    struct batch batch = {.quest = quest, .far = ranks_far(quest->node)};
    const uint32_t most = single ? 1 : way == WAY_COUNT ? COUNT_FEATURES : SCAN_FEATURES;
    narrow->paths[PATH_SINGLE] += single;
    for (; batch.first < quest->count; batch.first += most) {
        uint32_t ahead = quest->count - batch.first;
        batch.count = ahead < most ? ahead : most;
        for (unsigned i = 0; i < batch.count; i++)
            batch.columns[i] =
                ranks_column(quest->node->view->ranks, quest->features[batch.first + i]);
        search_batch(narrow, way, &batch, left);
    }
}

const struct search search_narrow = {narrow_takes, narrow_begin, narrow_end, NULL, narrow_find};

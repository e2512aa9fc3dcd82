/*
 * The search for a gini cut by the kernels, on nodes whose rows have codes.
 *
 * A small node is counted (count.h), where ranks take 16 bits; another one is scanned, where its
 * rows are not too few among the view's. What is neither is left to the plain search as a whole,
 * and of a node that is searched two kinds of features are: those that may not vary, and those
 * whose best cut lies between ranks that may not be parted. Both take values to decide, which
 * kernels know nothing of.
 */
#include "forest/narrow.h"

#include "base/memory.h"
#include "forest/count.h"
#include "forest/search.h"
#include "forest/tally.h"

#include <stdlib.h>
#include <string.h>

/* Nodes of fewer rows than that share of the slots are not scanned. */
enum { SPARSE = 256 };

/* Columns that are copied do not begin at the same place of a page. */
enum { COPY_STRIDE = SCAN_COPIED + 96 };

/* Features of a node that are scanned one after another, each with an eye on the two that follow.
 */
enum { SCAN_FEATURES = 32 };

/* A node of no more than that share of the slots asks for ranks before, unless all of them are
   near: where rows lie closer the machine foresees what is asked for. */
enum { APART = 8 };

/* How a node is searched. */
enum way { WAY_PLAIN, WAY_COUNT, WAY_SCAN };

/* What the kernels need for one node at a time. */
struct narrow {
    const struct kernels *kernels;
    uint64_t *paths; /* of the account */
    struct class_sums *by_class;
    uint16_t *slots, *sorted;
    struct ranks_scratch marks[2];
    uint8_t *few, *few_sorted, *few_slots; /* see struct scan_node */
    uint32_t *adds;                        /* likewise, */
    uint8_t *number;                       /* and this */
    uint32_t few_total[FEW_CLASSES];       /* by place in the node's classes */
    struct count *count;
    uint16_t *copied;              /* see copy_ranks */
    uint32_t numbers[SCAN_COPIED]; /* 0, 1, ... */
    struct scan_node scan;
};

/* ---- memory ---- */

static bool narrow_takes(const struct search_task *task)
{
    return codes_tell_all(task->matrix, task->growth);
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
    free(narrow->adds);
    free(narrow->number);
    count_free(narrow->count);
    free(narrow->copied);
    free(narrow);
}

static bool make_room(struct narrow *narrow, size_t rows, size_t classes)
{
    /* Vectors reach beyond the last rank, or row. */
    const size_t beyond = LANES_MOST, light = rows < FEW_WEIGHT ? rows : FEW_WEIGHT;
    narrow->by_class = calloc(classes, sizeof *narrow->by_class);
    narrow->slots = memory_array(rows + beyond, sizeof *narrow->slots);
    narrow->few = memory_array(rows, sizeof *narrow->few);
    narrow->adds = memory_array(light, sizeof *narrow->adds);
    narrow->number = memory_array(light + beyond, sizeof *narrow->number);
    narrow->copied = memory_array(RANKS_TOGETHER * COPY_STRIDE, sizeof *narrow->copied);
    narrow->few_slots = calloc(rows + beyond, sizeof *narrow->few_slots);
    narrow->few_sorted = memory_array(rows + beyond, sizeof *narrow->few_sorted);
    narrow->sorted = memory_array(rows + beyond, sizeof *narrow->sorted);
    return narrow->by_class && narrow->copied && narrow->slots && narrow->sorted && narrow->few &&
           narrow->few_sorted && narrow->few_slots && narrow->adds && narrow->number &&
           ranks_scratch_begin(&narrow->marks[0], (uint32_t)rows, (uint32_t)rows) &&
           ranks_scratch_begin(&narrow->marks[1], (uint32_t)rows, (uint32_t)rows);
}

static void *narrow_begin(const struct search_task *task)
{
    struct narrow *narrow = calloc(1, sizeof *narrow);
    if (!narrow)
        return NULL;
    narrow->kernels = task->kernels;
    narrow->paths = task->account->paths;
    narrow->count = count_new(task);
    for (uint32_t i = 0; i < SCAN_COPIED; i++)
        narrow->numbers[i] = i;
    if (narrow->count && make_room(narrow, task->matrix->rows, task->matrix->classes))
        return narrow;
    narrow_end(narrow);
    return NULL;
}

/* ---- a node ---- */

/* Makes codes of a byte of those of a class. Of a number that it knows a compiler makes vector
   code. */
static void few_codes_of(uint8_t *few, const uint16_t *codes, uint32_t count, uint8_t place)
{
    enum { STEP = 16 };
    uint32_t i = 0;
    for (; i + STEP <= count; i += STEP) {
        uint16_t from[STEP];
        uint8_t to[STEP];
        memcpy(from, codes + i, sizeof from);
        for (unsigned k = 0; k < STEP; k++)
            to[k] = (uint8_t)(place | code_weight(from[k]));
        memcpy(few + i, to, sizeof to);
    }
    for (; i < count; i++)
        few[i] = (uint8_t)(place | code_weight(codes[i]));
}

/* Codes of a byte, for a node of few classes; false: it is not one. */
static bool few_codes(struct narrow *narrow, const struct node *node)
{
    const struct tally *tally = node->tally;
    if (!narrow->kernels->few || tally->present_count > FEW_CLASSES)
        return false;
    for (uint32_t g = 0, i = 0; g < tally->present_count; i = tally->end[g++]) {
        few_codes_of(narrow->few + i, node->codes + i, tally->end[g] - i,
                     (uint8_t)(g << CODE_WEIGHT_BITS));
        narrow->few_total[g] = tally->total[tally->present[g]];
    }
    return true;
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

static void prepare_scan(struct narrow *narrow, const struct node *node)
{
    const struct tally *tally = node->tally;
    bool few = few_codes(narrow, node);
    const uint32_t dense = few ? narrow->kernels->few_dense : SCAN_DENSE;
    narrow->scan = (struct scan_node){
        .whole = whole_of(tally),
        .rows = node->rows,
        .count = node->count,
        .least = node->growth->min_samples_leaf,
        .codes = node->codes,
        .total = few ? narrow->few_total : tally->total,
        .by_class = narrow->by_class,
        .classes = tally->present,
        .end = tally->end,
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
        .adds = narrow->adds,
        .number = narrow->number,
    };
}

static enum way way_of(const struct node *node)
{
    const struct ranks *ranks = node->view->ranks;
    if (!node->codes)
        return WAY_PLAIN;
    if (count_takes(node))
        return WAY_COUNT;
    return node->count < ranks->rows / SPARSE ? WAY_PLAIN : WAY_SCAN;
}

/* Prepares for a node, in the way that is returned. */
static enum way enter(struct narrow *narrow, const struct node *node)
{
    enum way way = way_of(node);
    if (way == WAY_SCAN)
        prepare_scan(narrow, node);
    narrow->paths[PATH_COUNT] += way == WAY_COUNT;
    narrow->paths[PATH_SCAN] += way == WAY_SCAN;
    narrow->paths[PATH_LIGHT] += way == WAY_SCAN && narrow->scan.whole.weight <= LIGHT_WEIGHT;
    narrow->paths[PATH_FEW] += way == WAY_SCAN && narrow->scan.few;
    return way;
}

/* ---- its features ---- */

/* Some features of a quest, that are scanned one after another: up to SCAN_FEATURES, or, where
   their ranks are copied, RANKS_TOGETHER. */
struct batch {
    uint32_t first, count;
    struct rank_column columns[SCAN_FEATURES];
    bool far;    /* what is looked at lies in far memory */
    bool sorted; /* a network puts the node's rows in order */
};

/* Feature `number` of a batch of a node that is scanned. False: it may not vary. */
static bool scan_next(struct narrow *narrow, const struct batch *batch, unsigned number,
                      struct found *found)
{
    const struct rank_column *column = &batch->columns[number];
    const struct rank_column *next = number + 1 < batch->count ? column + 1 : NULL;
    bool varies;
    narrow->scan.ran = narrow->scan.passed = false;
    if (batch->sorted) {
        varies = narrow->kernels->copied(&narrow->scan, column, found);
    } else if (!narrow->scan.few) {
        varies = narrow->kernels->scan(&narrow->scan, column, found);
    } else {
        narrow->paths[PATH_AHEAD] += narrow->scan.scattered;
        narrow->scan.after = batch->far && number + 2 < batch->count ? column + 2 : NULL;
        varies = narrow->kernels->few(&narrow->scan, column, next, found);
    }
    narrow->paths[PATH_RUNNING] += narrow->scan.ran;
    narrow->paths[PATH_PASSED] += narrow->scan.passed;
    narrow->paths[PATH_ASKED] += narrow->scan.ran && narrow->scan.after;
    return varies;
}

/* Copies the batch's ranks from where they lie by row to columns of the node's rows alone. */
static void copy_ranks(struct narrow *narrow, const struct quest *quest, struct batch *batch)
{
    const struct node *node = quest->node;
    ranks_copy_rows(node->view->whole, node->rows, node->count, quest->features + batch->first,
                    batch->count, narrow->copied, COPY_STRIDE);
    for (uint32_t i = 0; i < batch->count; i++)
        batch->columns[i].rank = narrow->copied + i * COPY_STRIDE;
}

static void scan_batch(struct narrow *narrow, const struct quest *quest, const struct batch *batch,
                       struct leftover *left)
{
    struct cut *best = quest->best;
    for (uint32_t i = 0; i < batch->count; i++) {
        const struct rank_column *column = &batch->columns[i];
        const uint32_t place = batch->first + i;
        struct found found = {.score = best->score};
        bool varies = scan_next(narrow, batch, i, &found);
        bool better = found.score > best->score;
        quest->varies[place] = varies;
        if (!varies || (better && !column_parted(column, found.below, found.above)))
            left->places[left->count++] = place;
        else if (better)
            *best = (struct cut){.score = found.score,
                                 .feature = quest->features[place],
                                 .below = found.below,
                                 .above = found.above,
                                 .threshold = CUT_MIDWAY};
    }
}

/* Whether the node's ranks are worth asking for. */
static bool ranks_far(const struct node *node)
{
    const struct ranks *ranks = node->view->ranks;
    const size_t width = ranks->wide ? sizeof(uint32_t) : sizeof(uint16_t);
    return node->count <= ranks->rows / APART &&
           (size_t)ranks->rows * ranks->features * width > RANKS_NEAR;
}

/* Whether ranks are copied; those of nodes of few classes are asked for before instead. */
static bool copies(const struct narrow *narrow, const struct node *node)
{
    return node->view->whole == node->view->ranks && node->count <= SCAN_COPIED &&
           !narrow->scan.few;
}

static void scan_find(struct narrow *narrow, const struct quest *quest, struct leftover *left)
{
    const struct ranks *ranks = quest->node->view->ranks;
    const bool copied = copies(narrow, quest->node);
    const uint32_t most = copied ? RANKS_TOGETHER : SCAN_FEATURES;
    struct batch batch = {.far = !copied && ranks_far(quest->node),
                          .sorted = copied && narrow->kernels->copied};
    narrow->paths[PATH_COPIED] += copied;
    narrow->paths[PATH_NETWORK] += batch.sorted;
    narrow->paths[PATH_PLACED] += narrow->scan.sparse && !batch.sorted;
    if (copied)
        narrow->scan.rows = narrow->numbers;
    for (; batch.first < quest->count; batch.first += most) {
        const uint32_t ahead = quest->count - batch.first;
        batch.count = ahead < most ? ahead : most;
        for (uint32_t i = 0; i < batch.count; i++)
            batch.columns[i] = ranks_column(ranks, quest->features[batch.first + i]);
        if (copied)
            copy_ranks(narrow, quest, &batch);
        scan_batch(narrow, quest, &batch, left);
    }
}

static void leave_all(const struct quest *quest, struct leftover *left)
{
    while (left->count < quest->count) {
        left->places[left->count] = left->count;
        left->count++;
    }
}

static void narrow_find(void *memory, const struct quest *quest, struct leftover *left)
{
    struct narrow *narrow = memory;
    enum way way = enter(narrow, quest->node);
    if (way == WAY_PLAIN)
        leave_all(quest, left);
    else if (way == WAY_COUNT)
        count_find(narrow->count, quest, left);
    else
        scan_find(narrow, quest, left);
}

static bool narrow_by_row(const struct quest *quest, const void *memory)
{
    (void)memory;
    return quest->node->codes && count_takes(quest->node) && count_by_row(quest->node);
}

const struct search search_narrow = {narrow_takes, narrow_begin, narrow_end, narrow_by_row,
                                     narrow_find};

/*
 * Nodes of few rows, most nodes of a tree. What takes the time is not the arithmetic
 * (count_lanes.h), but to fetch ranks that lie far apart, and what is done once for each node.
 *
 * So ranks are read once, to where the kernel has them, row by row; all else that is asked of them
 * is asked there. They are distinct: whether n of them are further apart than a feature's span is
 * mostly clear from n. And no cut scores more than the weight of the node, which is reached where
 * the classes are apart; then the other features are not looked at but for whether they vary. Of
 * two rows of two classes every cut is such.
 */
#include "forest/count.h"

#include "forest/tally.h"

#include <stdlib.h>
#include <string.h>

struct count {
    const struct kernels *kernels;
    uint64_t *paths; /* of the account */
    double most;     /* what no cut of the node scores more than */
    void *counted;   /* what kernels->count leaves */
    struct count_node node;
};

/* Up to COUNT_FEATURES of a quest, which are looked at together. */
struct batch {
    const struct quest *quest;
    uint32_t first; /* its place in the quest */
    unsigned count;
    const uint32_t *features;
    struct rank_column columns[COUNT_FEATURES]; /* of the ranks that are laid out */
};

/* ---- memory ---- */

/*
 * Where a load and a store before it are a multiple of a page apart, the machine takes them for the
 * same place at first; so where ranks and what is counted lie in a page is not left to chance. It
 * is aligned for vectors as well.
 */
enum { PAGE = 4096 };

static void *at_page(size_t size)
{
    void *memory = aligned_alloc(PAGE, (size + PAGE - 1) / PAGE * PAGE);
    if (memory)
        memset(memory, 0, size);
    return memory;
}

struct count *count_new(const struct search_task *task)
{
    struct count *count = at_page(sizeof *count);
    if (!count)
        return NULL;
    count->kernels = task->kernels;
    count->paths = task->account->paths;
    count->counted = at_page(task->kernels->counted_size);
    if (count->counted)
        return count;
    count_free(count);
    return NULL;
}

void count_free(struct count *count)
{
    if (count)
        free(count->counted);
    free(count);
}

/* ---- a node ---- */

bool count_takes(const struct node *node)
{
    return node->count <= COUNT_MOST && node->tally->weight <= COUNT_WEIGHT &&
           !node->view->ranks->wide;
}

static inline uint32_t twice(uint32_t number)
{
    return number << 16 | number;
}

/* Lays out the node's rows, which come class by class: nothing branches on how many each has. */
static void lay_rows(struct count_node *to, const struct node *node)
{
    const uint32_t *total = node->tally->total, count = node->count;
    const uint16_t *codes = node->codes;
    uint32_t singles = 0, begin = count, groups = 0, before = UINT32_MAX;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t class = code_class(codes[i]);
        const uint32_t after = i + 1 < count ? code_class(codes[i + 1]) : UINT32_MAX;
        const bool single = class != before && class != after;
        const uint32_t at = single ? singles : begin - 1;
        to->rows[at] = node->rows[i];
        to->weights[at] = twice(code_weight(codes[i]));
        singles += single;
        begin -= !single;
        to->groups[groups] = (struct group){begin, twice(total[class])};
        groups += !single && class != after;
        before = class;
    }
    to->singles = singles;
    to->group_count = groups;
}

static void enter(struct count *count, const struct node *node)
{
    const struct tally *tally = node->tally;
    struct count_node *to = &count->node;
    uint32_t squares = 0;
    for (uint32_t g = 0; g < tally->present_count; g++)
        squares += tally->total[tally->present[g]] * tally->total[tally->present[g]];
    lay_rows(to, node);
    to->count = node->count;
    to->least =
        node->growth->min_samples_leaf < COUNT_MOST ? node->growth->min_samples_leaf : COUNT_MOST;
    to->weight = twice(tally->weight);
    to->squares = twice(squares);
    count->most = tally->weight;
}

/* ---- ranks ---- */

/* Whether so many ranks are further apart than `span` at least, whatever they are. */
static inline bool spread_anyway(uint32_t count, uint32_t span)
{
    return count - 1 > span;
}

/* Whether ranks are further apart than the feature's span. */
static bool spread_wider(const struct batch *batch, unsigned f)
{
    const struct node *node = batch->quest->node;
    if (spread_anyway(node->count, batch->columns[f].span))
        return true;
    uint32_t lowest = UINT32_MAX, highest = 0;
    for (uint32_t i = 0; i < node->count; i++) {
        const uint32_t row = node->rows[i];
        const uint32_t rank = node->view->whole
                                  ? view_ranks_of_row(node->view, row)[batch->features[f]]
                                  : column_rank(&batch->columns[f], row);
        lowest = rank < lowest ? rank : lowest;
        highest = rank > highest ? rank : highest;
    }
    return highest - lowest > batch->columns[f].span;
}

/* The same of ranks that are laid out. */
static bool laid_wider(const struct count_node *node, const struct rank_column *column, unsigned f)
{
    if (spread_anyway(node->count, column->span))
        return true;
    uint32_t lowest = UINT32_MAX, highest = 0;
    for (uint32_t i = 0; i < node->count; i++) {
        const uint32_t rank = node->ranks[i * node->lanes + f] ^ COUNT_SIGN;
        lowest = rank < lowest ? rank : lowest;
        highest = rank > highest ? rank : highest;
    }
    return highest - lowest > column->span;
}

/* A row's ranks of the batch's features, from where they are. */
static inline void lay_row(uint16_t *to, const struct batch *batch, unsigned count, uint32_t row)
{
    const struct view *view = batch->quest->node->view;
    if (view->whole) {
        const uint16_t *ranks = view_ranks_of_row(view, row);
        for (unsigned f = 0; f < count; f++)
            to[f] = ranks[batch->features[f]] ^ COUNT_SIGN;
    } else
        for (unsigned f = 0; f < count; f++)
            to[f] = ((const uint16_t *)batch->columns[f].rank)[row] ^ COUNT_SIGN;
}

static void lay_ranks(struct count_node *node, const struct batch *batch)
{
    const uint16_t highest = UINT16_MAX ^ COUNT_SIGN;
    unsigned lanes = 2;
    while (lanes < batch->count)
        lanes *= 2;
    uint16_t *to = node->ranks;
    if (batch->count == COUNT_FEATURES)
        for (uint32_t i = 0; i < node->count; i++, to += COUNT_FEATURES)
            lay_row(to, batch, COUNT_FEATURES, node->rows[i]);
    else
        for (uint32_t i = 0; i < node->count; i++, to += lanes) {
            lay_row(to, batch, batch->count, node->rows[i]);
            for (unsigned f = batch->count; f < lanes; f++)
                to[f] = highest;
        }
    for (unsigned i = 0; i < LANES_MOST / sizeof *to; i++)
        to[i] = highest;
    node->lanes = lanes;
}

/* ---- the search ---- */

/* The place in `left` of features that are left: those of a batch that are not among `known`. */
static void leave(struct leftover *left, const struct batch *batch, unsigned known)
{
    for (unsigned f = 0; f < batch->count; f++)
        if (!(known >> f & 1))
            left->places[left->count++] = batch->first + f;
}

static struct cut cut_of(const struct batch *batch, unsigned f, const struct found *found)
{
    return (struct cut){.score = found->score,
                        .feature = batch->features[f],
                        .below = found->below,
                        .above = found->above,
                        .threshold = CUT_MIDWAY,
                        .by_row = batch->quest->node->view->whole};
}

/* Nothing can be better than what was found. */
static void pass_by(struct count *count, const struct batch *batch, struct leftover *left)
{
    unsigned known = 0;
    for (unsigned f = 0; f < batch->count; f++) {
        const bool varies = spread_wider(batch, f);
        batch->quest->varies[batch->first + f] = varies;
        known |= (unsigned)varies << f;
    }
    count->paths[PATH_SETTLED] += (unsigned)__builtin_popcount(known);
    leave(left, batch, known);
}

/* Replaces the best cut, if it is between ranks that may be parted, else leaves features out. */
static void search_batch(struct count *count, const struct batch *batch, struct leftover *left)
{
    struct cut *best = batch->quest->best;
    struct count_node *node = &count->node;
    unsigned known = 0, f;
    lay_ranks(node, batch);
    count->kernels->count(node, count->counted);
    for (f = 0; f < batch->count; f++) {
        const bool varies = laid_wider(node, &batch->columns[f], f);
        batch->quest->varies[batch->first + f] = varies;
        known |= (unsigned)varies << f;
    }
    struct found found = {.score = best->score};
    if (!count->kernels->pick(node, known, count->counted, &found, &f))
        count->paths[PATH_SKIPPED] += (unsigned)__builtin_popcount(known);
    while (found.score > best->score) {
        if (column_parted(&batch->columns[f], found.below, found.above)) {
            *best = cut_of(batch, f, &found);
            break;
        }
        known &= ~(1u << f);
        found.score = best->score;
        count->kernels->pick(node, known, count->counted, &found, &f);
    }
    leave(left, batch, known);
}

void count_find(struct count *count, const struct quest *quest, struct leftover *left)
{
    const struct view *view = quest->node->view;
    const struct ranks *ranks = view->whole ? view->whole : view->ranks;
    struct batch batch = {.quest = quest};
    enter(count, quest->node);
    count->paths[PATH_BY_ROW] += count_by_row(quest->node);
    for (; batch.first < quest->count; batch.first += COUNT_FEATURES) {
        const uint32_t ahead = quest->count - batch.first;
        batch.count = ahead < COUNT_FEATURES ? ahead : COUNT_FEATURES;
        batch.features = quest->features + batch.first;
        for (unsigned f = 0; f < batch.count; f++)
            batch.columns[f] = ranks_column(ranks, batch.features[f]);
        if (quest->best->score < count->most)
            search_batch(count, &batch, left);
        else
            pass_by(count, &batch, left);
    }
}

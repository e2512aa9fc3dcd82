/*
 * few: the scan of a node of few classes, several rows at a time. For the files that compile it for
 * an instruction set, and say how many rows that is, FEW_ROWS, and what holds a lane of 32 bits for
 * each of them, few_vector.
 *
 * Class and weight fit a byte, and so do the slots, out of which the taken ones are closed up.
 * Then, four classes at a time, the weights of their rows, and 0 for the others, are summed up over
 * the lanes, which gives each class's weight on the left after each row.
 *
 * Sums take 16 bits, with a sign, which nodes of more weight do not fit: those are put in order
 * like this, and then scanned as nodes of many classes are.
 */
#include "base/unroll.h"
#include "forest/order.h"

/* ---- what the including file has ---- */

struct few_state;

/* Leaves the codes in order, and the ranks in node->taken. All slots are 0 afterwards. */
static inline void few_close_up(const struct scan_node *node, uint8_t *to);

/* Copies node->few_sorted to node->sorted, where the codes of many classes are. */
static inline void few_widen(const struct scan_node *node);

/* Scans these. */
static inline void few_scan_sorted(const struct scan_node *node, struct found *found);

/* The sums after each of up to FEW_ROWS rows; the last is repeated for those left over. */
static inline struct running_sums few_rows(struct few_state *state, uint32_t classes,
                                           const uint8_t *codes, uint32_t count);

/* What scoring needs to know of a node while what is found scores so much. */
static inline struct running_whole few_whole(const struct scan_node *node, double score);

/* Scores a block's cuts that may be better than `found`; then `whole` is of what it became. */
static inline void few_score(const struct scan_node *node, struct running_whole *whole,
                             const struct running_sums *sums, uint32_t first, struct found *found);

/* ---- the order ---- */

static inline void few_scatter_by(const struct scan_node *node, const void *ranks, bool wide,
                                  uint32_t begin, uint32_t end)
{
    /* A byte that is stored might be part of anything, but for what is local. */
    const uint32_t *rows = node->rows;
    const uint8_t *few = node->few;
    uint8_t *slots = node->few_slots;
    UNROLL(4)
    for (uint32_t i = begin; i < end; i++)
        slots[rank_of(ranks, wide, rows[i])] = few[i];
}

/* Puts the codes of rows[begin .. end-1] into the slots of their ranks. */
static inline void few_scatter(const struct scan_node *node, const struct rank_column *column,
                               uint32_t begin, uint32_t end)
{
    if (column->wide)
        few_scatter_by(node, column->rank, true, begin, end);
    else
        few_scatter_by(node, column->rank, false, begin, end);
}

/* Puts the codes into their slots, or marks their ranks, of which none is marked yet. */
static inline __attribute__((always_inline)) void few_prepare(const struct scan_node *node,
                                                              const struct ranks_scratch *marks,
                                                              const struct rank_column *column,
                                                              uint32_t begin, uint32_t end)
{
    if (node->sparse)
        order_mark(node, marks, column, begin, end);
    else
        few_scatter(node, column, begin, end);
}

/* Of all rows, beginning with no marks. */
static inline void few_prepare_all(const struct scan_node *node, const struct ranks_scratch *marks,
                                   const struct rank_column *column)
{
    if (node->sparse)
        order_clear(node, marks);
    few_prepare(node, marks, column, 0, node->count);
}

/* As few_close_up, by marks. */
static inline void few_place(const struct scan_node *node, uint8_t *to)
{
    const uint8_t *few = node->few;
    const uint32_t count = node->count;
    renumber_words(node->marks, ranks_words(node->ranks));
    const struct ranks_scratch marks = *node->marks;
    UNROLL(4)
    for (uint32_t i = 0; i < count; i++)
        to[renumber_one(&marks, marks.rank[i])] = few[i];
    /* Rows of no weight fill the last block. */
    memset(to + count, 0, FEW_ROWS);
}

/* Takes what was prepared for this feature while the one before was scanned. */
static inline void few_take(struct scan_node *node)
{
    struct ranks_scratch *ahead = node->marks_ahead;
    node->marks_ahead = node->marks;
    node->marks = ahead;
    node->taken = ahead->taken;
}

/* Leaves the codes in node->few_sorted and the ranks in node->taken. */
static inline void few_order(struct scan_node *node, const struct rank_column *column)
{
    if (node->scattered)
        few_take(node);
    else
        few_prepare_all(node, node->marks, column);
    if (node->sparse)
        few_place(node, node->few_sorted);
    else
        few_close_up(node, node->few_sorted);
}

/* ---- the sums ---- */

/*
 * Four classes share a lane of 32 bits, with a byte each while sums are those of a block: 16 rows
 * of weights up to 15 fit. Then they are pairs, the even ones and the odd ones, of 16 bits.
 */
enum { QUAD = 4, QUADS = FEW_CLASSES / QUAD, BLOCK_WEIGHT = FEW_ROWS * CODE_MAX_WEIGHT };
_Static_assert((int)BLOCK_WEIGHT <= UINT8_MAX, "sums of a block fit a byte");

/* In all lanes: */
struct few_state {
    few_vector before[QUADS][2]; /* the weights of each pair before the next row */
    few_vector totals[QUADS][2];
    few_vector codes[QUADS]; /* of the four classes, without a weight */
};

static inline few_vector few_all(uint32_t lane)
{
    uint32_t lanes[FEW_ROWS];
    few_vector all;
    for (uint32_t i = 0; i < FEW_ROWS; i++)
        lanes[i] = lane;
    memcpy(&all, lanes, sizeof all);
    return all;
}

/* The totals of a pair: of the classes of which a lane has the bytes 0 and 2, or 1 and 3. */
static inline uint32_t few_totals(const struct scan_node *node, uint32_t first)
{
    uint32_t second = first + 2, count = node->class_count;
    uint32_t low = first < count ? node->total[first] : 0;
    uint32_t high = second < count ? node->total[second] : 0;
    return low | high << 16;
}

static inline void few_begin(struct few_state *state, const struct scan_node *node)
{
    for (uint32_t quad = 0; QUAD * quad < node->class_count; quad++) {
        state->codes[quad] = few_all(0x30201000u + quad * 0x40404040u);
        for (uint32_t odd = 0; odd < 2; odd++) {
            state->before[quad][odd] = (few_vector){0};
            state->totals[quad][odd] = few_all(few_totals(node, QUAD * quad + odd));
        }
    }
}

/* ---- the scan ---- */

/* Asks for the ranks that these rows have of the feature after the next. */
static inline __attribute__((always_inline)) void few_ask(const struct scan_node *node,
                                                          uint32_t begin, uint32_t end)
{
    const uint32_t *rows = node->rows;
    const char *ranks = node->after->rank;
    const unsigned shift = node->after->wide ? 2 : 1;
    UNROLL(4)
    for (uint32_t i = begin; i < end; i++)
        __builtin_prefetch(ranks + ((size_t)rows[i] << shift), 0, 2);
}

/* Prepares the rows that are no whole block for the next feature. */
static __attribute__((noinline)) void few_prepare_last(const struct scan_node *node,
                                                       const struct rank_column *next,
                                                       uint32_t first)
{
    if (node->after)
        few_ask(node, first, node->count);
    few_prepare(node, node->marks_ahead, next, first, node->count);
}

/*
 * Finds the cut that is better than what `found` has; its `below` is the cut's number. Scatters
 * the codes for the next feature, if there is one, on the way: that keeps the machine's loads and
 * stores busy, and scoring its arithmetic. What these load was asked for a feature before.
 */
static inline void few_scan(const struct scan_node *node, const struct rank_column *next,
                            struct found *found)
{
    const uint8_t *codes = node->few_sorted;
    struct few_state state;
    struct running_whole whole = few_whole(node, found->score);
    few_begin(&state, node);
    for (uint32_t first = 0; first < node->count; first += FEW_ROWS) {
        uint32_t left = node->count - first;
        struct running_sums sums = few_rows(&state, node->class_count, codes + first, left);
        /* Of a number of rows that it knows a compiler makes one piece of code. */
        if (node->after && left >= FEW_ROWS)
            few_ask(node, first, first + FEW_ROWS);
        if (next && left >= FEW_ROWS)
            few_prepare(node, node->marks_ahead, next, first, first + FEW_ROWS);
        else if (next)
            few_prepare_last(node, next, first);
        few_score(node, &whole, &sums, first, found);
    }
}

/* ---- the kernel ---- */

/* As kernels.h has it. */
static bool few_feature(struct scan_node *node, const struct rank_column *column,
                        const struct rank_column *next, struct found *found)
{
    const double before = found->score;
    few_order(node, column);
    if (next && node->sparse)
        order_clear(node, node->marks_ahead);
    bool varies = order_width(node) > column->span;
    node->ran = varies && node->whole.weight <= FEW_WEIGHT;
    if (node->ran) {
        few_scan(node, next, found);
    } else if (varies) {
        few_widen(node);
        few_scan_sorted(node, found);
    }
    if (next && !node->ran)
        few_prepare(node, node->marks_ahead, next, 0, node->count);
    node->scattered = next;
    if (found->score > before)
        order_neighbours(node, 0, false, found);
    return varies;
}

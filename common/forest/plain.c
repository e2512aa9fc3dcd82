#include "forest/plain.h"

#include "base/memory.h"
#include "forest/entropy.h"

#include <stdlib.h>
#include <string.h>

/*
 * Up to FEW rows are sorted by insertion. More are put into slots by rank, unless there are SPARSE
 * times as many slots; then they are sorted by merging.
 */
enum { FEW = 24, SPARSE = 256 };

bool plain_begin(struct plain *plain, uint32_t rows, uint32_t classes, enum criterion criterion)
{
    *plain = (struct plain){
        .slot = memory_array(rows, sizeof *plain->slot),
        .taken = calloc(ranks_words(rows), sizeof *plain->taken),
        .items = memory_array(2 * ((size_t)rows / SPARSE + 1), sizeof *plain->items),
        .row = memory_array(rows, sizeof *plain->row),
        .rank = memory_array(rows, sizeof *plain->rank),
        .left = calloc(classes, sizeof *plain->left),
        .n_log2_n = criterion == CRITERION_ENTROPY ? entropy_table(rows) : NULL,
    };
    if (plain->slot && plain->taken && plain->items && plain->row && plain->rank && plain->left &&
        (plain->n_log2_n || criterion == CRITERION_GINI))
        return true;
    plain_free(plain);
    return false;
}

void plain_free(struct plain *plain)
{
    free(plain->slot);
    free(plain->taken);
    free(plain->items);
    free(plain->row);
    free(plain->rank);
    free(plain->left);
    free(plain->n_log2_n);
    *plain = (struct plain){0};
}

/* ---- the node's rows in the feature's order ---- */

static void order_few(struct plain *plain, const struct node *node, const struct ranking *ranking)
{
    for (uint32_t i = 0; i < node->count; i++) {
        uint32_t row = node->rows[i], rank = ranking_rank(ranking, row), at = i;
        for (; at > 0 && plain->rank[at - 1] > rank; at--) {
            plain->rank[at] = plain->rank[at - 1];
            plain->row[at] = plain->row[at - 1];
        }
        plain->rank[at] = rank;
        plain->row[at] = row;
    }
}

/* Each row goes to the slot of its rank; the slots are then read in order. */
static void order_many(struct plain *plain, const struct node *node, const struct ranking *ranking)
{
    for (uint32_t i = 0; i < node->count; i++) {
        uint32_t rank = ranking_rank(ranking, node->rows[i]);
        plain->slot[rank] = node->rows[i];
        plain->taken[rank / 64] |= UINT64_C(1) << rank % 64;
    }
    uint32_t at = 0;
    for (size_t word = 0; at < node->count; word++) {
        uint64_t taken = plain->taken[word];
        plain->taken[word] = 0;
        for (; taken; taken &= taken - 1) {
            uint32_t rank = (uint32_t)word * 64 + (uint32_t)__builtin_ctzll(taken);
            plain->rank[at] = rank;
            plain->row[at++] = plain->slot[rank];
        }
    }
}

/* Merges two neighbouring runs, from[begin .. middle) and from[middle .. end). */
static void merge_runs(const uint64_t *from, uint64_t *to, uint32_t begin, uint32_t middle,
                       uint32_t end)
{
    uint32_t left = begin, right = middle;
    for (uint32_t at = begin; at < end; at++) {
        bool from_left = right == end || (left < middle && from[left] < from[right]);
        to[at] = from_left ? from[left++] : from[right++];
    }
}

/* Ranks above rows, sorted by merging runs of 1, 2, 4 ... */
static void order_sparse(struct plain *plain, const struct node *node,
                         const struct ranking *ranking)
{
    uint32_t count = node->count;
    uint64_t *from = plain->items, *to = plain->items + count;
    for (uint32_t i = 0; i < count; i++)
        from[i] = (uint64_t)ranking_rank(ranking, node->rows[i]) << 32 | node->rows[i];
    for (uint32_t run = 1; run < count; run *= 2) {
        for (uint32_t begin = 0; begin < count; begin += 2 * run) {
            uint32_t middle = count - begin < run ? count : begin + run;
            uint32_t end = count - begin < 2 * run ? count : begin + 2 * run;
            merge_runs(from, to, begin, middle, end);
        }
        uint64_t *merged = to;
        to = from;
        from = merged;
    }
    for (uint32_t i = 0; i < count; i++) {
        plain->rank[i] = (uint32_t)(from[i] >> 32);
        plain->row[i] = (uint32_t)from[i];
    }
}

/* Whether a split can go between two neighbours in that order. */
static bool neighbours_parted(const struct plain *plain, const struct node *node,
                              const struct ranking *ranking, uint32_t feature, uint32_t below,
                              uint32_t above)
{
    if (ranking_parted(ranking, plain->rank[below], plain->rank[above]))
        return true;
    const struct table *table = node->table;
    uint32_t rows[2] = {table_matrix_row(table, plain->row[below]),
                        table_matrix_row(table, plain->row[above])};
    return values_parted(matrix_value(table->matrix, rows[0], feature),
                         matrix_value(table->matrix, rows[1], feature));
}

/* ---- the score ---- */

/* What n samples of a class on one side add to that side's sum. */
static inline int64_t side_term(const int64_t *n_log2_n, uint64_t n)
{
    return n_log2_n ? n_log2_n[n] : (int64_t)(n * n);
}

static inline double cut_score(const int64_t *n_log2_n, int64_t left_sum, int64_t right_sum,
                               uint32_t left_weight, uint32_t right_weight)
{
    if (n_log2_n)
        return (double)(left_sum + right_sum - n_log2_n[left_weight] - n_log2_n[right_weight]);
    double left = left_weight, right = right_weight;
    return ((double)left_sum * right + (double)right_sum * left) / (left * right);
}

/* Walks over the node in the feature's order, moving one row after another to the left side. */
static inline void walk(struct plain *plain, const int64_t *n_log2_n, const struct node *node,
                        const struct ranking *ranking, uint32_t feature, struct cut *best)
{
    const struct tally *tally = node->tally;
    uint32_t least = node->growth->min_samples_leaf, left_weight = 0;
    int64_t left_sum = 0, right_sum = 0;
    for (uint32_t i = 0; i < tally->present_count; i++)
        right_sum += side_term(n_log2_n, tally->total[tally->present[i]]);
    for (uint32_t i = 0; i + least < node->count; i++) {
        uint32_t class = node->table->class_of[plain->row[i]];
        uint32_t weight = node->table->weight[plain->row[i]];
        uint32_t left = plain->left[class], right = tally->total[class] - left;
        left_sum += side_term(n_log2_n, left + weight) - side_term(n_log2_n, left);
        right_sum -= side_term(n_log2_n, right) - side_term(n_log2_n, right - weight);
        left_weight += weight;
        plain->left[class] = left + weight;
        if (i + 1 < least || !neighbours_parted(plain, node, ranking, feature, i, i + 1))
            continue;
        double score =
            cut_score(n_log2_n, left_sum, right_sum, left_weight, tally->weight - left_weight);
        if (score > best->score)
            *best = (struct cut){score, feature, plain->rank[i], plain->rank[i + 1]};
    }
    for (uint32_t i = 0; i < tally->present_count; i++)
        plain->left[tally->present[i]] = 0;
}

bool plain_try(struct plain *plain, const struct node *node, uint32_t feature, struct cut *best)
{
    struct ranking ranking = ranks_of(node->table->ranks, feature);
    if (node->count <= FEW)
        order_few(plain, node, &ranking);
    else if (node->count < node->table->ranks->rows / SPARSE)
        order_sparse(plain, node, &ranking);
    else
        order_many(plain, node, &ranking);
    if (!neighbours_parted(plain, node, &ranking, feature, 0, node->count - 1))
        return false;
    if (plain->n_log2_n)
        walk(plain, plain->n_log2_n, node, &ranking, feature, best);
    else
        walk(plain, NULL, node, &ranking, feature, best);
    return true;
}

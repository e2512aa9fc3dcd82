/*
 * impurity: how good a cut is.
 *
 * A score is what scikit-learn calls the proxy of the impurity improvement, which differs from the
 * improvement by constants of the node. With l and r the samples of a class on either side,
 * repeats counted, n_l and n_r their sums:
 *
 *   gini      (n_r sum(l^2) + n_l sum(r^2)) / (n_l n_r)
 *   entropy   sum(l log2 l) + sum(r log2 r) - n_l log2 n_l - n_r log2 n_r
 *   hellinger -(sum(sqrt(l / n)))^2 - (sum(sqrt(r / n)))^2, n = l + r the class in the node
 *
 * (Breiman, Friedman, Olshen and Stone, "Classification and Regression Trees", 1984, 4.3;
 * Quinlan, "Induction of decision trees", 1986). The sums are exact whole numbers, of roots in
 * units of 2^-40; gini's two products, their sum and the quotient, and hellinger's squares and
 * their sum, are each rounded to double once.
 *
 * The squared Hellinger distance of classes a and b in a node, 2 - 2 (sqrt(l_a l_b / n_a n_b) +
 * sqrt(r_a r_b / n_a n_b)), is what the distance of Cieslak and Chawla, "Learning decision trees
 * for unbalanced data", 2008, orders cuts of two classes by. Of several classes it is added up over
 * all pairs, so that none counts more than another however few it has: and since
 * 2 sum over pairs of sqrt(u_a u_b) is (sum sqrt(u))^2 - sum u, and the u of both sides add up to
 * the number of classes, the score above is that sum but for constants of the node.
 */
#ifndef FOREST_IMPURITY_H
#define FOREST_IMPURITY_H

#include "forest/growth.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The x87 rounds twice; the build asks i386 for SSE2. Floats that are evaluated as double are all
   right: what the forest does with them is exact there. */
_Static_assert(FLT_EVAL_METHOD == 0 || FLT_EVAL_METHOD == 1, "double is rounded to double");

/* The two sides of a cut, as an impurity sums them up. */
struct sides {
    int64_t left_sum, right_sum;
    uint32_t left_weight, right_weight;
};

struct impurity {
    /* A class of that weight joins the right side. */
    void (*join)(struct sides *sides, const int64_t *terms, uint32_t weight);

    /* Of a class that has `left` and `right` on the two sides, `weight` moves to the left. */
    void (*move)(struct sides *sides, const int64_t *terms, uint32_t left, uint32_t right,
                 uint32_t weight);

    /* How good the cut between the sides is: the more the better. Both weigh something. */
    double (*score)(const struct sides *sides, const int64_t *terms);

    /* What the others get as `terms`, for weights up to `most`; freed with free(). NULL: nothing.
     */
    int64_t *(*terms)(uint32_t most);
};

/* ---- gini ---- */

static inline void gini_join(struct sides *sides, const int64_t *terms, uint32_t weight)
{
    (void)terms;
    sides->right_sum += (int64_t)((uint64_t)weight * weight);
    sides->right_weight += weight;
}

/* (l + w)^2 - l^2 = w (2l + w) */
static inline void gini_move(struct sides *sides, const int64_t *terms, uint32_t left,
                             uint32_t right, uint32_t weight)
{
    (void)terms;
    sides->left_sum += (int64_t)(weight * (2 * (uint64_t)left + weight));
    sides->right_sum -= (int64_t)(weight * (2 * (uint64_t)right - weight));
    sides->left_weight += weight;
    sides->right_weight -= weight;
}

static inline double gini_score(const struct sides *sides, const int64_t *terms)
{
    (void)terms;
    double left = sides->left_weight, right = sides->right_weight;
    double right_times_left = (double)sides->left_sum * right;
    double left_times_right = (double)sides->right_sum * left;
    return (right_times_left + left_times_right) / (left * right);
}

/* ---- entropy ---- */

/*
 * The array of n log2 n x 2^s for n = 0 .. most, most in 1 .. 2^31, with the largest s that keeps
 * them below 2^52, so that they are exact as doubles too. Each is the true number or less, by 1.1
 * at most. Whole numbers add up exactly, in any order and on any machine, so that equal splits
 * score exactly equal. Freed with free(); NULL when memory is out.
 */
int64_t *entropy_terms(uint32_t most);

static inline void entropy_join(struct sides *sides, const int64_t *terms, uint32_t weight)
{
    sides->right_sum += terms[weight];
    sides->right_weight += weight;
}

static inline void entropy_move(struct sides *sides, const int64_t *terms, uint32_t left,
                                uint32_t right, uint32_t weight)
{
    sides->left_sum += terms[left + weight] - terms[left];
    sides->right_sum -= terms[right] - terms[right - weight];
    sides->left_weight += weight;
    sides->right_weight -= weight;
}

static inline double entropy_score(const struct sides *sides, const int64_t *terms)
{
    return (double)(sides->left_sum + sides->right_sum - terms[sides->left_weight] -
                    terms[sides->right_weight]);
}

/* ---- hellinger ---- */

/* The root of a class's part, in units of 2^-40: fewer than 2^23 classes add up to less than 2^63.
 */
static inline int64_t hellinger_root(uint32_t part, uint32_t whole)
{
    return (int64_t)(sqrt((double)part / (double)whole) * 0x1p40);
}

static inline void hellinger_join(struct sides *sides, const int64_t *terms, uint32_t weight)
{
    (void)terms;
    sides->right_sum += weight ? INT64_C(1) << 40 : 0;
    sides->right_weight += weight;
}

static inline void hellinger_move(struct sides *sides, const int64_t *terms, uint32_t left,
                                  uint32_t right, uint32_t weight)
{
    (void)terms;
    const uint32_t whole = left + right;
    sides->left_sum += hellinger_root(left + weight, whole) - hellinger_root(left, whole);
    sides->right_sum += hellinger_root(right - weight, whole) - hellinger_root(right, whole);
    sides->left_weight += weight;
    sides->right_weight -= weight;
}

static inline double hellinger_score(const struct sides *sides, const int64_t *terms)
{
    (void)terms;
    const double left = (double)sides->left_sum, right = (double)sides->right_sum;
    return -(left * left + right * right);
}

/* ---- of weights ---- */

/*
 * What a node weighs is below 2^31 units then, and sums of squares are not exact as doubles. So
 * that nothing scores more than classes that are apart, and these score alike, their score is the
 * node's weight itself, and no other is higher.
 */
static inline double gini_weighed_score(const struct sides *sides, const int64_t *terms)
{
    const uint64_t left = sides->left_weight, right = sides->right_weight;
    const double most = (double)(left + right), score = gini_score(sides, terms);
    const bool apart =
        (uint64_t)sides->left_sum == left * left && (uint64_t)sides->right_sum == right * right;
    return apart || score > most ? most : score;
}

/*
 * Weights are too many for a table of n log2 n. The array is that of log2(1 + i / 2^11) x 2^56;
 * entropy_term(it, n), n < 2^31, is n log2 n x 2^26, rounded down, of a logarithm that is off by
 * less than 2^-50 of itself.
 */
int64_t *entropy_logs(uint32_t most);
int64_t entropy_term(const int64_t *logs, uint32_t n);

static inline void entropy_weighed_join(struct sides *sides, const int64_t *logs, uint32_t weight)
{
    sides->right_sum += entropy_term(logs, weight);
    sides->right_weight += weight;
}

static inline void entropy_weighed_move(struct sides *sides, const int64_t *logs, uint32_t left,
                                        uint32_t right, uint32_t weight)
{
    sides->left_sum += entropy_term(logs, left + weight) - entropy_term(logs, left);
    sides->right_sum -= entropy_term(logs, right) - entropy_term(logs, right - weight);
    sides->left_weight += weight;
    sides->right_weight -= weight;
}

static inline double entropy_weighed_score(const struct sides *sides, const int64_t *logs)
{
    return (double)(sides->left_sum + sides->right_sum - entropy_term(logs, sides->left_weight) -
                    entropy_term(logs, sides->right_weight));
}

/* ---- all of them ---- */

/* Constant, so that a loop that is compiled for one of them has its functions inlined. */
static const struct impurity impurity_gini = {gini_join, gini_move, gini_score, NULL};
static const struct impurity impurity_entropy = {entropy_join, entropy_move, entropy_score,
                                                 entropy_terms};
static const struct impurity impurity_gini_weighed = {gini_join, gini_move, gini_weighed_score,
                                                      NULL};
static const struct impurity impurity_entropy_weighed = {entropy_weighed_join, entropy_weighed_move,
                                                         entropy_weighed_score, entropy_logs};
static const struct impurity impurity_hellinger = {hellinger_join, hellinger_move, hellinger_score,
                                                   NULL};

#endif

/*
 * Each model numbers the labels in its own way, so rows are compared by the labels themselves.
 */
#include "score/paired.h"

static struct text label_of(const struct answers *answers, uint64_t row)
{
    struct confusion_pair pair = confusion_pair(&answers->confusion, answers->pairs[row]);
    return words_text(&answers->confusion.labels, pair.label);
}

static bool is_right(const struct answers *answers, uint64_t row)
{
    struct confusion_pair pair = confusion_pair(&answers->confusion, answers->pairs[row]);
    return pair.label == pair.predicted;
}

bool paired_of(const struct answers *first, const struct answers *second, struct paired *paired,
               uint64_t *row)
{
    uint64_t counts[2][2] = {{0}}, rows = first->confusion.rows;
    if (second->confusion.rows < rows)
        rows = second->confusion.rows;
    for (*row = 0; *row < rows; ++*row) {
        if (!text_equal(label_of(first, *row), label_of(second, *row)))
            return false;
        counts[is_right(first, *row)][is_right(second, *row)]++;
    }
    *paired = (struct paired){counts[1][1], counts[1][0], counts[0][1], counts[0][0]};
    return first->confusion.rows == second->confusion.rows;
}

/*
 * Rows are sorted by confidence, and with it whether they are right.
 */
#include "score/coverage.h"

#include "base/memory.h"

#include <stdlib.h>

struct row {
    float confidence;
    bool right;
};

static const float UNANSWERED = -1; /* below all others */

static int by_confidence(const void *left, const void *right)
{
    float l = ((const struct row *)left)->confidence, r = ((const struct row *)right)->confidence;
    return (l < r) - (l > r);
}

static struct row *rows_of(const struct answers *answers)
{
    struct row *rows = memory_array(answers->confusion.rows, sizeof *rows);
    for (size_t i = 0; rows && i < answers->confusion.rows; i++) {
        struct confusion_pair pair = confusion_pair(&answers->confusion, answers->pairs[i]);
        bool answered =
            !answers->confusion.abstained || pair.predicted != answers->confusion.no_answer;
        rows[i] = (struct row){answered ? answers->chances[i].confidence : UNANSWERED,
                               pair.label == pair.predicted};
    }
    if (rows)
        qsort(rows, answers->confusion.rows, sizeof *rows, by_confidence);
    return rows;
}

bool coverage_of(const struct answers *answers, struct coverage_step steps[COVERAGE_STEPS],
                 size_t *count)
{
    uint64_t all = answers->confusion.rows, taken = 0, right = 0;
    struct coverage_step found[COVERAGE_STEPS];
    size_t found_count = 0;
    struct row *rows = rows_of(answers);
    if (!rows)
        return false;
    for (uint64_t step = 1; step <= COVERAGE_STEPS; step++) {
        uint64_t wanted = (all * step + COVERAGE_STEPS - 1) / COVERAGE_STEPS;
        if (taken >= wanted)
            continue;
        float confidence = rows[wanted - 1].confidence;
        if (confidence == UNANSWERED)
            break;
        for (; taken < all && rows[taken].confidence >= confidence; taken++)
            right += rows[taken].right;
        found[found_count++] = (struct coverage_step){confidence, taken, right};
    }
    free(rows);
    for (size_t i = 0; i < found_count; i++)
        steps[i] = found[found_count - 1 - i];
    *count = found_count;
    return true;
}

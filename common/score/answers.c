/*
 * Labels are known by two numbers: one in the confusion, which has those that occur, and one among
 * the model's classes. Each is found once from the other and remembered.
 */
#include "score/answers.h"

#include "base/memory.h"
#include "base/numeric.h"

#include <stdlib.h>

static const double least_chance = 0x1p-52; /* scikit-learn's, for doubles */
static const double most_off = 1e-3;        /* of the sum of a row's probabilities */

uint32_t answers_class(struct answers *answers, struct text class)
{
    bool added;
    uint32_t number = words_add(&answers->classes, class, &added);
    if (number == WORDS_NONE || !memory_reserve(&answers->label_of, &answers->label_of_capacity,
                                                (size_t)number + 1, sizeof *answers->label_of))
        return WORDS_NONE;
    if (added)
        answers->label_of[number] = WORDS_NONE;
    return number;
}

const char *answers_check(const float *proba, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        if (!(proba[i] >= 0 && proba[i] <= 1))
            return "a probability is not in 0 .. 1";
        sum += (double)proba[i];
    }
    return sum > 1 + most_off || sum < 1 - most_off ? "the probabilities do not sum to 1" : NULL;
}

/* ---- one row ---- */

static uint32_t label_of_class(struct answers *answers, uint32_t class)
{
    if (class == ANSWERS_NO_CLASS)
        return confusion_no_answer(&answers->confusion, text_of(ANSWERS_NO_ANSWER));
    uint32_t *label = &answers->label_of[class];
    if (*label == WORDS_NONE)
        *label = confusion_label(&answers->confusion, words_text(&answers->classes, class));
    return *label;
}

/* Remembers the classes of labels that are new. */
static bool find_classes(struct answers *answers)
{
    const struct words *labels = &answers->confusion.labels;
    if (!memory_reserve(&answers->class_of, &answers->class_of_capacity, labels->count,
                        sizeof *answers->class_of))
        return false;
    for (; answers->class_of_count < labels->count; answers->class_of_count++) {
        uint32_t label = (uint32_t)answers->class_of_count;
        answers->class_of[label] = words_find(&answers->classes, words_text(labels, label));
    }
    return true;
}

/* `label`: a class, or WORDS_NONE. */
static struct answers_chance chance_of(const float *proba, uint32_t count, uint32_t label,
                                       uint32_t predicted)
{
    double sum = 0, brier = 0;
    struct answers_chance chance = {.confidence =
                                        predicted == ANSWERS_NO_CLASS ? 0 : proba[predicted],
                                    .place = ANSWERS_NOWHERE};
    for (uint32_t i = 0; i < count; i++)
        sum += (double)proba[i];
    for (uint32_t i = 0; i < count; i++) {
        double share = (double)proba[i] / sum;
        brier += i == label ? (1 - share) * (1 - share) : share * share;
    }
    double own = label == WORDS_NONE ? 0 : (double)proba[label] / sum;
    chance.brier = label == WORDS_NONE ? brier + 1 : brier;
    chance.loss = -numeric_log(own > least_chance ? own : least_chance);
    if (label == WORDS_NONE)
        return chance;
    chance.place = 0;
    for (uint32_t i = 0; i < count; i++)
        chance.place += i < label ? proba[i] >= proba[label] : proba[i] > proba[label];
    return chance;
}

static bool keep_shares(struct answers *answers, uint32_t row, const float *proba)
{
    for (uint32_t i = 0; i < answers->classes.count; i++) {
        if (proba[i] == 0)
            continue;
        if (!memory_reserve(&answers->shares, &answers->share_capacity, answers->share_count + 1,
                            sizeof *answers->shares))
            return false;
        answers->shares[answers->share_count++] = (struct answers_share){row, i, proba[i]};
    }
    return true;
}

static bool keep_chance(struct answers *answers, size_t row, uint32_t label, uint32_t predicted,
                        const float *proba)
{
    if (!find_classes(answers) || !memory_reserve(&answers->chances, &answers->chances_capacity,
                                                  row + 1, sizeof *answers->chances))
        return false;
    uint32_t class = answers->class_of[label];
    answers->chances[row] = chance_of(proba, (uint32_t)answers->classes.count, class, predicted);
    answers->hopeless += class == WORDS_NONE || proba[class] == 0;
    return answers->keeps < ANSWERS_CURVES || keep_shares(answers, (uint32_t)row, proba);
}

bool answers_row(struct answers *answers, struct text label, uint32_t predicted, const float *proba)
{
    size_t row = answers->confusion.rows;
    uint32_t number = confusion_label(&answers->confusion, label);
    uint32_t answer = label_of_class(answers, predicted);
    if (number == WORDS_NONE || answer == WORDS_NONE)
        return false;
    uint32_t pair = confusion_count(&answers->confusion, number, answer);
    if (pair == WORDS_NONE)
        return false;
    if (answers->keeps == ANSWERS_COUNTS)
        return true;
    if (row >= UINT32_MAX - 1 ||
        !memory_reserve(&answers->pairs, &answers->pairs_capacity, row + 1, sizeof *answers->pairs))
        return false;
    answers->pairs[row] = pair;
    return answers->keeps == ANSWERS_ROWS || !answers->proba ||
           keep_chance(answers, row, number, predicted, proba);
}

bool answers_set(struct answers *answers, struct text label, const uint32_t *set, uint32_t size)
{
    size_t row = answers->confusion.rows - 1;
    uint32_t class = words_find(&answers->classes, label);
    struct answers_set found = {.size = size};
    for (uint32_t i = 0; i < size; i++)
        found.holds |= set[i] == class;
    answers->held += found.holds;
    answers->labels_in_sets += size;
    answers->empty += size == 0;
    if (answers->keeps == ANSWERS_COUNTS)
        return true;
    if (!memory_reserve(&answers->sizes, &answers->sizes_capacity, row + 1, sizeof found))
        return false;
    answers->sizes[row] = found;
    return true;
}

void answers_free(struct answers *answers)
{
    confusion_free(&answers->confusion);
    words_free(&answers->classes);
    free(answers->label_of);
    free(answers->class_of);
    free(answers->pairs);
    free(answers->chances);
    free(answers->shares);
    free(answers->sizes);
    *answers = (struct answers){0};
}

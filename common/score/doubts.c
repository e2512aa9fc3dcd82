/*
 * Labels that differ from the model's by case or a blank are a common slip, and invisible in a
 * report; so they are named as names.h shows them.
 */
#include "score/doubts.h"

#include "base/report.h"
#include "score/names.h"

enum { MOST_NAMED = 5 };

static bool is_unknown(const struct answers *answers, const struct metrics_class *of)
{
    bool none = answers->confusion.abstained && text_equal(of->label, text_of(ANSWERS_NO_ANSWER));
    return !none && of->support && words_find(&answers->classes, of->label) == WORDS_NONE;
}

/* The rows of labels that the model lacks, and how many such labels there are. */
static uint64_t count_unknown(const struct answers *answers, const struct metrics *metrics,
                              uint32_t *labels)
{
    uint64_t rows = 0;
    *labels = 0;
    for (uint32_t i = 0; i < metrics->class_count; i++) {
        if (!is_unknown(answers, &metrics->classes[i]))
            continue;
        rows += metrics->classes[i].support;
        ++*labels;
    }
    return rows;
}

static void name_unknown(const struct answers *answers, const struct metrics *metrics,
                         uint32_t count, struct buffer *text)
{
    uint32_t named = 0;
    for (uint32_t i = 0; i < metrics->class_count && named < MOST_NAMED; i++) {
        if (!is_unknown(answers, &metrics->classes[i]))
            continue;
        buffer_string(text, named++ ? ", " : "");
        if (!metrics->classes[i].label.size)
            buffer_string(text, "the empty one");
        name_show(text, metrics->classes[i].label);
    }
    if (count > named)
        buffer_print(text, " and %u more", (unsigned)(count - named));
}

static bool some_label_is_predicted(const struct metrics *metrics)
{
    for (uint32_t i = 0; i < metrics->class_count; i++)
        if (metrics->classes[i].support && metrics->classes[i].predicted)
            return true;
    return false;
}

void doubts_of(const struct answers *answers, const struct metrics *metrics, struct buffer *text)
{
    uint32_t count;
    char some[REPORT_COUNT_SIZE], all[REPORT_COUNT_SIZE];
    if (!answers->classes_known) {
        if (!some_label_is_predicted(metrics))
            buffer_string(text, "no label is ever predicted: are these a model's predictions?");
        return;
    }
    uint64_t rows = count_unknown(answers, metrics, &count);
    if (count == 0)
        return;
    buffer_print(text, "%s of %s %s ", report_count(rows, some), report_count(metrics->rows, all),
                 report_noun(metrics->rows, "row", "rows"));
    buffer_print(text, "%s that the model does not know, and %s as wrong: ",
                 report_noun(rows, "has a label", "have labels"),
                 report_noun(rows, "counts", "count"));
    name_unknown(answers, metrics, count, text);
}

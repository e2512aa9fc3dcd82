/* The sections that show texts: the surest mistakes, and suspect labels. */
#include "base/memory.h"
#include "page/html.h"
#include "run/report_parts.h"
#include "run/table.h"

#include <math.h>
#include <stdlib.h>

enum {
    MOST_MISTAKES = 25,
    MOST_SUSPECTS = 50,
    MOST_WORDS = 12,
    SHOWN_CHARACTERS = 500,
    MOST_SHADE = 55
};

/* What is less would be shown as nothing. */
static const double LEAST_SHIFT = 0.0005;

static void put_name(struct buffer *page, struct text name)
{
    buffer_string(page, "<strong><bdi>");
    html_name(page, name);
    buffer_string(page, "</bdi></strong>");
}

static void put_text(struct buffer *page, struct text text)
{
    buffer_string(page, "<p class=\"text\"><bdi>");
    html_cut(page, text, SHOWN_CHARACTERS);
    buffer_string(page, "</bdi></p>\n");
}

/* ---- mistakes ---- */

/* A wrong row, for sorting. */
struct mistake {
    float confidence;
    uint64_t row;
};

static int surest_first(const void *left, const void *right)
{
    const struct mistake *l = left, *r = right;
    if (l->confidence != r->confidence)
        return l->confidence > r->confidence ? -1 : 1;
    return l->row < r->row ? -1 : l->row > r->row;
}

/* All wrong rows with an answer, the surest first. NULL: memory is out. */
static struct mistake *mistakes_of(const struct answers *answers, size_t *count)
{
    const struct confusion *confusion = &answers->confusion;
    bool sure = answers->proba && answers->keeps >= ANSWERS_CHANCES;
    struct mistake *mistakes = memory_array(confusion->rows + 1, sizeof *mistakes);
    *count = 0;
    for (uint64_t row = 0; mistakes && row < confusion->rows; row++) {
        struct confusion_pair pair = confusion_pair(confusion, answers->pairs[row]);
        if (pair.label == pair.predicted ||
            (confusion->abstained && pair.predicted == confusion->no_answer))
            continue;
        mistakes[(*count)++] = (struct mistake){sure ? answers->chances[row].confidence : 0, row};
    }
    if (mistakes)
        qsort(mistakes, *count, sizeof *mistakes, surest_first);
    return mistakes;
}

/* Whether the row has the label that stands in a table; texts without labels have none there. */
static bool has_label(const struct answers *answers, uint64_t row, struct text label,
                      struct buffer *room)
{
    struct confusion_pair pair = confusion_pair(&answers->confusion, answers->pairs[row]);
    room->size = 0;
    buffer_name(room, words_text(&answers->confusion.labels, pair.label));
    return !label.size || text_equal(label, (struct text){room->bytes, room->size});
}

/*
 * Whether the explanations are of the rows' texts. Nothing tells whether they are of the same
 * forest: of a text that was trained on they have the vote on it as a new one (explain.h).
 */
static bool check_words(const struct table *words, const struct answers *answers,
                        struct buffer *room, struct error *error)
{
    for (size_t i = 0; i < words->rows; i++) {
        uint64_t number;
        if (!table_count(words, i, 0, &number, error))
            return false;
        if (number == 0 || number > answers->confusion.rows)
            return error_set(error, STATUS_INPUT,
                             "%s:%zu: there is no prediction %llu: explain the texts that were "
                             "predicted",
                             words->name, i + 2, (unsigned long long)number);
        if (!has_label(answers, number - 1, table_field(words, i, 1), room))
            return error_set(error, STATUS_INPUT,
                             "%s:%zu: has another label than prediction %llu: explain the texts "
                             "that were predicted",
                             words->name, i + 2, (unsigned long long)number);
    }
    return true;
}

static bool read_words(const struct report *report, struct table *words, struct error *error)
{
    static const char *const names[] = {"document", "label", "predicted", "probability",
                                        "kind",     "what",  "value",     "to"};
    struct buffer room = {0};
    if (!report->explanations)
        return true;
    bool done =
        table_read(words, report->explanations, names, sizeof names / sizeof *names, error) &&
        check_words(words, report->evaluation->trial.answers, &room, error) &&
        buffer_check(&room, error);
    buffer_free(&room);
    return done;
}

/* The words of a document, in a table of explanations, where they follow each other. */
static bool put_words(struct buffer *page, const struct table *words, uint64_t document,
                      struct error *error)
{
    size_t shown = 0;
    double largest = 0;
    for (size_t i = 0; i < words->rows && shown < MOST_WORDS; i++) {
        uint64_t number;
        double shift;
        if (!table_count(words, i, 0, &number, error))
            return false;
        if (number != document || !text_equal(table_field(words, i, 4), text_of("word")))
            continue;
        if (!table_real(words, i, 6, &shift, error))
            return false;
        if (fabs(shift) < LEAST_SHIFT)
            continue;
        largest = largest > 0 ? largest : fabs(shift);
        buffer_print(
            page, "%s<mark class=\"%c\" style=\"--s:%d\"><bdi>",
            shown++ ? " " : "<p class=\"small\">", shift < 0 ? 'n' : 'y',
            largest > 0 && fabs(shift) <= largest ? (int)(MOST_SHADE * fabs(shift) / largest) : 0);
        html_name(page, table_field(words, i, 5));
        buffer_print(page, "</bdi> %+.3f</mark>", shift);
    }
    buffer_string(page, shown ? "</p>\n" : "");
    return true;
}

static bool put_mistake(const struct report *report, const struct kept *texts,
                        const struct mistake *mistake, const struct table *words,
                        struct buffer *page, struct error *error)
{
    const struct answers *answers = report->evaluation->trial.answers;
    const struct confusion *confusion = &answers->confusion;
    struct confusion_pair pair = confusion_pair(confusion, answers->pairs[mistake->row]);
    buffer_print(page, "<article><h3>Text %llu: ", (unsigned long long)mistake->row + 1);
    put_name(page, words_text(&confusion->labels, pair.predicted));
    if (answers->proba && answers->keeps >= ANSWERS_CHANCES)
        buffer_print(page, " %.1f%%", 100 * (double)mistake->confidence);
    buffer_string(page, ", labelled ");
    put_name(page, words_text(&confusion->labels, pair.label));
    buffer_string(page, "</h3>\n");
    if (texts)
        put_text(page, texts->rows[mistake->row].text);
    bool done = put_words(page, words, mistake->row + 1, error);
    buffer_string(page, "</article>\n");
    return done;
}

static bool put_mistakes(const struct report *report, const struct kept *texts,
                         const struct table *words, struct buffer *page, struct error *error)
{
    size_t count;
    struct mistake *mistakes = mistakes_of(report->evaluation->trial.answers, &count);
    bool done = mistakes || error_memory(error, "writing the page");
    size_t shown = count < MOST_MISTAKES ? count : MOST_MISTAKES;
    buffer_print(page,
                 "<p class=\"quiet\">%zu of %zu mistakes, those first of which the model was "
                 "surest.%s</p>\n",
                 shown, count,
                 words->rows
                     ? " Marked are the words that moved the prediction most: how much more "
                       "probable it is with the word than without."
                     : "");
    for (size_t i = 0; done && i < shown; i++)
        done = put_mistake(report, texts, &mistakes[i], words, page, error);
    free(mistakes);
    return done;
}

bool report_mistakes(const struct report *report, const struct kept *texts, struct buffer *page,
                     struct error *error)
{
    struct table words = {0};
    bool done = read_words(report, &words, error);
    buffer_string(page, "<section aria-labelledby=\"mistakes\"><h2 id=\"mistakes\">The surest "
                        "mistakes</h2>\n");
    done = done && put_mistakes(report, texts, &words, page, error);
    buffer_string(page, "</section>\n");
    table_free(&words);
    return done;
}

/* ---- suspects ---- */

static void put_suspect(const struct table *table, size_t row, struct buffer *page)
{
    bool alone = text_equal(table_field(table, row, 0), text_of("label"));
    bool equal = text_equal(table_field(table, row, 0), text_of("equal"));
    buffer_string(page, "<article><h3>Text ");
    html_text(page, table_field(table, row, 1));
    buffer_string(page, ": labelled ");
    put_name(page, table_field(table, row, 2));
    buffer_string(page, ", perhaps ");
    put_name(page, table_field(table, row, 3));
    buffer_string(page, "</h3>\n<p class=\"small quiet\">probability ");
    html_text(page, table_field(table, row, 4));
    buffer_string(page, " and ");
    html_text(page, table_field(table, row, 5));
    if (!alone) {
        buffer_string(page, equal ? "; text " : "; nearly the same, text ");
        html_text(page, table_field(table, row, 6));
        buffer_string(page, equal ? " is the same and has that label" : ", has that label");
    }
    buffer_string(page, "</p>\n");
    put_text(page, table_field(table, row, 7));
    buffer_string(page, "</article>\n");
}

bool report_suspects(const struct report *report, struct buffer *page, struct error *error)
{
    static const char *const names[] = {"kind",        "document",           "label", "should",
                                        "probability", "should_probability", "twin",  "text"};
    struct table table = {0};
    bool done = true;
    if (report->suspects)
        done = table_read(&table, report->suspects, names, sizeof names / sizeof *names, error);
    if (report->suspects && done) {
        size_t shown = table.rows < MOST_SUSPECTS ? table.rows : MOST_SUSPECTS;
        buffer_print(page,
                     "<section aria-labelledby=\"suspects\"><h2 id=\"suspects\">Suspect "
                     "labels</h2>\n<p class=\"quiet\">%zu of %zu training texts whose label "
                     "may be wrong, by models that have not seen them.</p>\n<details>"
                     "<summary>Show them</summary>\n",
                     shown, table.rows);
        for (size_t i = 0; i < shown; i++)
            put_suspect(&table, i, page);
        buffer_string(page, "</details></section>\n");
    }
    table_free(&table);
    return done;
}

/*
 * Shifts have a sign and four digits for people, all their digits for programs.
 */
#include "run/explain_show.h"

#include "run/leave_out.h"
#include "score/json_put.h"
#include "score/names.h"
#include "stream/predictions.h"

#include <stdlib.h>

enum {
    SHOWN_CHARACTERS = 160, /* of a similar text, for people */
    SHOWN_TOKENS = 120      /* of the document itself, on a terminal */
};

static size_t words_shown(const struct explain_show *show, const struct explained *explained)
{
    size_t words = explained->document->words;
    return show->most_words && show->most_words < words ? show->most_words : words;
}

static size_t similar_shown(const struct explain_show *show, const struct explained *explained)
{
    size_t count = 0;
    while (explained->similar && count < show->most_similar && explained->similar[count].trees)
        count++;
    return count;
}

static double proximity(const struct explain_show *show, const struct kin *kin)
{
    return (double)kin->trees / (double)show->model->forest.tree_count;
}

struct text explain_show_label(const struct explain_show *show, uint32_t class)
{
    return class == RULE_NONE ? text_of(PREDICTIONS_NO_ANSWER) : show->model->header.classes[class];
}

static bool is_answered(const struct explained_vote *vote)
{
    return vote->predicted != RULE_NONE;
}

/* Of an answer. */
static double chance(const struct explained_vote *vote)
{
    return vote->proba[vote->predicted];
}

/* ---- text ---- */

static const char *ink(const struct explain_show *show, double shift)
{
    if (!show->colour || shift == 0)
        return "";
    return shift > 0 ? "\x1b[32m" : "\x1b[31m";
}

static const char *plain(const struct explain_show *show)
{
    return show->colour ? "\x1b[0m" : "";
}

static void put_answer(const struct explain_show *show, const struct explained_vote *vote,
                       struct buffer *text)
{
    name_show(text, explain_show_label(show, vote->predicted));
    if (is_answered(vote))
        buffer_print(text, " %.4f", chance(vote));
}

static void put_vote(const struct explain_show *show, const struct explained *explained,
                     struct buffer *text)
{
    put_answer(show, &explained->vote, text);
    if (show->labelled) {
        buffer_string(text, ", labelled ");
        name_show(text, explained->label);
    }
    if (explained->class != explained->vote.predicted) {
        buffer_string(text, "; for ");
        name_show(text, explain_show_label(show, explained->class));
        buffer_print(text, " %.4f", explained->vote.proba[explained->class]);
    }
    if (explained->trained) {
        buffer_string(text, "; was trained on: held out ");
        put_answer(show, &explained->held_out, text);
    }
}

static void put_word(const struct explain_show *show, const struct explained *explained,
                     const struct explained_word *word, struct buffer *text)
{
    buffer_print(text, "  %s%+.4f%s  ", ink(show, word->shift), word->shift, plain(show));
    name_show(text, leave_out_word(explained->document, word->word));
    if (word->times > 1)
        buffer_print(text, " (%u times)", (unsigned)word->times);
    if (word->without != explained->vote.predicted) {
        buffer_string(text, "  without it: ");
        name_show(text, explain_show_label(show, word->without));
    }
    buffer_byte(text, '\n');
}

/* The shift of each word by its number, of those that are shown; NULL where memory is out. */
static double *shifts_of(const struct explain_show *show, const struct explained *explained)
{
    double *shifts = calloc((size_t)explained->document->words + 1, sizeof *shifts);
    for (size_t i = 0; shifts && i < words_shown(show, explained); i++)
        shifts[explained->words[i].word] = explained->words[i].shift;
    return shifts;
}

/* The text itself, its words in the colour of their shifts. */
static void put_document(const struct explain_show *show, const struct explained *explained,
                         struct buffer *text)
{
    const struct features_document *document = explained->document;
    double *shifts = shifts_of(show, explained);
    text->out_of_memory |= !shifts;
    buffer_string(text, " ");
    for (size_t i = 0; shifts && i < document->count && i < SHOWN_TOKENS; i++) {
        double shift = shifts[document->word_of[i]];
        buffer_print(text, " %s", ink(show, shift));
        name_show_text(text, document->tokens[i]);
        buffer_string(text, shift != 0 ? plain(show) : "");
    }
    buffer_string(text, document->count > SHOWN_TOKENS ? " \xe2\x80\xa6\n" : "\n");
    free(shifts);
}

static void put_cut(struct buffer *text, struct text shown)
{
    struct text cut = {shown.data, 0};
    for (size_t count = 0; cut.size < shown.size && count < SHOWN_CHARACTERS; count++)
        do
            cut.size++;
        while (cut.size < shown.size && ((unsigned char)shown.data[cut.size] & 0xc0) == 0x80);
    name_show_text(text, cut);
    buffer_string(text, cut.size < shown.size ? "\xe2\x80\xa6\n" : "\n");
}

static void put_kin(const struct explain_show *show, const struct kin *kin, struct buffer *text)
{
    const struct kept_row *row = &show->training->rows[kin->row];
    buffer_print(text, "   %.4f  %s:%llu  ", proximity(show, kin), row->file,
                 (unsigned long long)row->line);
    name_show(text, row->label);
    buffer_string(text, "  ");
    put_cut(text, row->text);
}

void explain_show_text(const struct explain_show *show, const struct explained *explained,
                       struct buffer *text)
{
    buffer_name(text, text_of(explained->file));
    buffer_print(text, ":%llu  ", (unsigned long long)explained->line);
    put_vote(show, explained, text);
    buffer_byte(text, '\n');
    if (show->colour)
        put_document(show, explained, text);
    for (size_t i = 0; i < words_shown(show, explained); i++)
        put_word(show, explained, &explained->words[i], text);
    for (size_t i = 0; i < similar_shown(show, explained); i++)
        put_kin(show, &explained->similar[i], text);
}

/* ---- TSV ---- */

void explain_show_tsv_heading(struct buffer *text)
{
    buffer_string(text, "document\tlabel\tpredicted\tprobability\tkind\twhat\tvalue\tto\n");
}

static void put_columns(const struct explain_show *show, const struct explained *explained,
                        const char *kind, struct buffer *text)
{
    buffer_print(text, "%llu\t", (unsigned long long)explained->number);
    if (show->labelled)
        buffer_name(text, explained->label);
    buffer_byte(text, '\t');
    buffer_field(text, explain_show_label(show, explained->vote.predicted), '\t');
    if (is_answered(&explained->vote))
        json_number(text, chance(&explained->vote));
    buffer_print(text, "\t%s\t", kind);
}

void explain_show_tsv(const struct explain_show *show, const struct explained *explained,
                      struct buffer *text)
{
    for (size_t i = 0; i < words_shown(show, explained); i++) {
        const struct explained_word *word = &explained->words[i];
        put_columns(show, explained, "word", text);
        buffer_field(text, leave_out_word(explained->document, word->word), '\t');
        json_number(text, word->shift);
        buffer_byte(text, '\t');
        buffer_field(text, explain_show_label(show, word->without), '\n');
    }
    for (size_t i = 0; i < similar_shown(show, explained); i++) {
        const struct kin *kin = &explained->similar[i];
        put_columns(show, explained, "similar", text);
        buffer_print(text, "%u\t", (unsigned)kin->row + 1);
        json_number(text, proximity(show, kin));
        buffer_byte(text, '\t');
        buffer_name(text, show->training->rows[kin->row].label);
        buffer_byte(text, '\n');
    }
}

/* ---- JSON lines ---- */

static void put_key(struct buffer *text, const char *key, struct text value)
{
    buffer_print(text, ", \"%s\": ", key);
    buffer_json(text, value);
}

static void put_json_class(const struct explain_show *show, const char *key, uint32_t class,
                           struct buffer *text)
{
    if (class == RULE_NONE)
        buffer_print(text, ", \"%s\": null", key);
    else
        put_key(text, key, explain_show_label(show, class));
}

/* The keys of the class and its probability; of no answer, which has none, null. */
static void put_json_vote(const struct explain_show *show, const char *const keys[2],
                          const struct explained_vote *vote, struct buffer *text)
{
    put_json_class(show, keys[0], vote->predicted, text);
    buffer_print(text, ", \"%s\": ", keys[1]);
    if (is_answered(vote))
        json_number(text, chance(vote));
    else
        buffer_string(text, "null");
}

static void put_json_words(const struct explain_show *show, const struct explained *explained,
                           struct buffer *text)
{
    buffer_string(text, ", \"words\": [");
    for (size_t i = 0; i < words_shown(show, explained); i++) {
        const struct explained_word *word = &explained->words[i];
        buffer_string(text, i ? ", {\"word\": " : "{\"word\": ");
        buffer_json(text, leave_out_word(explained->document, word->word));
        buffer_print(text, ", \"times\": %u, ", (unsigned)word->times);
        json_real(text, "shift", word->shift);
        put_json_class(show, "without", word->without, text);
        buffer_byte(text, '}');
    }
    buffer_byte(text, ']');
}

static void put_json_similar(const struct explain_show *show, const struct explained *explained,
                             struct buffer *text)
{
    buffer_string(text, ", \"similar\": [");
    for (size_t i = 0; i < similar_shown(show, explained); i++) {
        const struct kin *kin = &explained->similar[i];
        const struct kept_row *row = &show->training->rows[kin->row];
        buffer_print(text, "%s{\"document\": %u, ", i ? ", " : "", (unsigned)kin->row + 1);
        json_real(text, "proximity", proximity(show, kin));
        put_key(text, "label", row->label);
        put_key(text, "text", row->text);
        buffer_byte(text, '}');
    }
    buffer_byte(text, ']');
}

void explain_show_json(const struct explain_show *show, const struct explained *explained,
                       struct buffer *text)
{
    buffer_print(text, "{\"document\": %llu", (unsigned long long)explained->number);
    put_key(text, "file", text_of(explained->file));
    buffer_print(text, ", \"line\": %llu", (unsigned long long)explained->line);
    if (show->labelled)
        put_key(text, "label", explained->label);
    put_json_vote(show, (const char *const[]){"predicted", "probability"}, &explained->vote, text);
    put_key(text, "class", explain_show_label(show, explained->class));
    buffer_string(text, ", ");
    json_real(text, "class_probability", explained->vote.proba[explained->class]);
    buffer_print(text, ", \"trained\": %s", explained->trained ? "true" : "false");
    if (explained->trained)
        put_json_vote(show, (const char *const[]){"held_out_predicted", "held_out_probability"},
                      &explained->held_out, text);
    put_json_words(show, explained, text);
    if (show->most_similar)
        put_json_similar(show, explained, text);
    buffer_string(text, "}\n");
}

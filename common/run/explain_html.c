/*
 * An article a document: its text with the words shaded by what they did, the same as a table for
 * who does not see shades, and similar texts behind a fold.
 *
 * A shade is the word's shift beside the largest one of the document.
 */
#include "page/html.h"
#include "run/explain_show.h"
#include "run/leave_out.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_SHADE = 55, SHOWN_CHARACTERS = 600 };

void explain_show_html_begin(const struct explain_show *show, struct buffer *text)
{
    html_begin(text, "Why these predictions");
    buffer_string(text, "<p class=\"quiet\">Each word was struck out of its text in turn, and the "
                        "forest voted again: <span class=\"y\" style=\"--s:40\">green</span> "
                        "words raised the probability of the label, <span class=\"n\" "
                        "style=\"--s:40\">red</span> ones lowered it.");
    if (show->most_similar)
        buffer_string(text, " Similar texts are the training texts that come into the same leaf in "
                            "most trees.");
    buffer_string(text, "</p>\n");
}

void explain_show_html_end(struct buffer *text)
{
    html_end(text);
}

static void put_class(const struct explain_show *show, uint32_t class, struct buffer *text)
{
    buffer_string(text, "<bdi>");
    html_name(text, explain_show_label(show, class));
    buffer_string(text, "</bdi>");
}

static void put_vote(const struct explain_show *show, const struct explained_vote *vote,
                     const char *before_share, struct buffer *text)
{
    put_class(show, vote->predicted, text);
    if (vote->predicted != RULE_NONE)
        buffer_print(text, "%s%.1f%%", before_share, 100 * vote->proba[vote->predicted]);
}

static void put_heading(const struct explain_show *show, const struct explained *explained,
                        struct buffer *text)
{
    buffer_string(text, "<article>\n<h2>");
    html_text(text, text_of(explained->file));
    buffer_print(text, ":%llu \xe2\x80\x93 ", (unsigned long long)explained->line);
    put_vote(show, &explained->vote, " ", text);
    if (show->labelled) {
        buffer_string(text, ", labelled <bdi>");
        html_name(text, explained->label);
        buffer_string(text, "</bdi>");
    }
    buffer_string(text, "</h2>\n");
    if (explained->class != explained->vote.predicted) {
        buffer_string(text, "<p>For ");
        put_class(show, explained->class, text);
        buffer_print(text, ", %.1f%%.</p>\n", 100 * explained->vote.proba[explained->class]);
    }
    if (explained->trained) {
        buffer_string(text, "<p>This text was trained on, and is explained as a new one. Held out "
                            "it is ");
        put_vote(show, &explained->held_out, ", ", text);
        buffer_string(text, ".</p>\n");
    }
}

static void put_text(const struct explain_show *show, const struct explained *explained,
                     struct buffer *text)
{
    const struct features_document *document = explained->document;
    size_t shown =
        show->most_words && show->most_words < document->words ? show->most_words : document->words;
    double *shifts = calloc((size_t)document->words + 1, sizeof *shifts);
    text->out_of_memory |= !shifts;
    for (size_t i = 0; shifts && i < shown; i++)
        shifts[explained->words[i].word] = explained->words[i].shift;
    double largest = document->words ? fabs(explained->words[0].shift) : 0;
    buffer_string(text, "<p class=\"text\"><bdi>");
    for (size_t i = 0; shifts && i < document->count; i++) {
        double shift = shifts[document->word_of[i]];
        int shade = largest > 0 ? (int)(MOST_SHADE * fabs(shift) / largest) : 0;
        if (shade)
            buffer_print(text, "<mark class=\"%c\" style=\"--s:%d\">", shift > 0 ? 'y' : 'n',
                         shade);
        html_text(text, document->tokens[i]);
        buffer_string(text, shade ? "</mark> " : " ");
    }
    buffer_string(text, "</bdi></p>\n");
    free(shifts);
}

static void put_words(const struct explain_show *show, const struct explained *explained,
                      struct buffer *text)
{
    size_t count = show->most_words && show->most_words < explained->document->words
                       ? show->most_words
                       : explained->document->words;
    buffer_string(text, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                        "aria-label=\"Words\"><table>\n<thead><tr><th class=\"name\" "
                        "scope=\"col\">word</th><th scope=\"col\">shift</th><th scope=\"col\">times"
                        "</th><th class=\"name\" scope=\"col\">without it</th></tr></thead>\n"
                        "<tbody>\n");
    for (size_t i = 0; i < count; i++) {
        const struct explained_word *word = &explained->words[i];
        buffer_string(text, "<tr><th class=\"name\" scope=\"row\"><bdi>");
        html_name(text, leave_out_word(explained->document, word->word));
        buffer_print(text, "</bdi></th><td>%+.4f</td><td>%u</td><td class=\"name\">", word->shift,
                     (unsigned)word->times);
        if (word->without != explained->vote.predicted)
            put_class(show, word->without, text);
        buffer_string(text, "</td></tr>\n");
    }
    buffer_string(text, "</tbody></table></div>\n");
}

static void put_similar(const struct explain_show *show, const struct explained *explained,
                        struct buffer *text)
{
    buffer_string(text, "<details><summary>Similar training texts</summary>\n");
    for (size_t i = 0; i < show->most_similar && explained->similar[i].trees; i++) {
        const struct kin *kin = &explained->similar[i];
        const struct kept_row *row = &show->training->rows[kin->row];
        buffer_print(text, "<p class=\"text\">%.0f%% <strong><bdi>",
                     100.0 * kin->trees / (double)show->model->forest.tree_count);
        html_name(text, row->label);
        buffer_string(text, "</bdi></strong> <bdi>");
        html_cut(text, row->text, SHOWN_CHARACTERS);
        buffer_string(text, "</bdi> <small>");
        html_text(text, text_of(row->file));
        buffer_print(text, ":%llu</small></p>\n", (unsigned long long)row->line);
    }
    buffer_string(text, "</details>\n");
}

void explain_show_html(const struct explain_show *show, const struct explained *explained,
                       struct buffer *text)
{
    put_heading(show, explained, text);
    put_text(show, explained, text);
    put_words(show, explained, text);
    if (show->most_similar && explained->similar)
        put_similar(show, explained, text);
    buffer_string(text, "</article>\n");
}

/*
 * explain_show: explained documents as text, TSV, JSON lines or HTML.
 *
 * text   test.txt:3  acq 0.7115, labelled earn
 *          +0.1234  shares
 *          -0.0312  dividend             without it: earn
 *         0.8500  train.txt:2041  earn  the training text
 * TSV    document label predicted probability kind what value to: a row a word (kind `word`, the
 *        word, its shift, what is predicted without it) and a row a similar text (`similar`, its
 *        number among the training documents, the proximity, its label)
 * JSON   {"document": 3, "file": ..., "words": [{"word": ..., "shift": ...}, ...], ...}
 * HTML   an article
 *
 * No answer is `?`, without a probability; in JSON both are null.
 *
 * Words, labels and texts are shown as score/names.h says, in JSON as they are.
 */
#ifndef RUN_EXPLAIN_SHOW_H
#define RUN_EXPLAIN_SHOW_H

#include "base/buffer.h"
#include "run/explain.h"
#include "run/kept.h"

#include <stdbool.h>
#include <stddef.h>

/* All borrowed; read by any number of threads. */
struct explain_show {
    const struct trained *model;
    bool labelled;
    bool colour;                 /* of text */
    size_t most_words;           /* of a document; 0: all */
    const struct kept *training; /* what similar texts are shown from; NULL: there are none */
    size_t most_similar;
};

/* The label of a class, or of RULE_NONE what stands for no answer. */
struct text explain_show_label(const struct explain_show *show, uint32_t class);

void explain_show_text(const struct explain_show *show, const struct explained *explained,
                       struct buffer *text);
void explain_show_tsv(const struct explain_show *show, const struct explained *explained,
                      struct buffer *text);
void explain_show_json(const struct explain_show *show, const struct explained *explained,
                       struct buffer *text);
void explain_show_html(const struct explain_show *show, const struct explained *explained,
                       struct buffer *text);

/* What stands before all documents, and behind them; of text and JSON nothing. */
void explain_show_tsv_heading(struct buffer *text);
void explain_show_html_begin(const struct explain_show *show, struct buffer *text);
void explain_show_html_end(struct buffer *text);

#endif

/*
 * What evidence says of a document without one of its words.
 *
 * Of a document's terms only those around the word change, and there are many words: so the
 * document's rows are made once, and each word is cut out of them. A window is the tokens around
 * some places of the word, with as many words to either side as a term may reach. The terms of a
 * window go, those of the same window without the word come; what both have, which are the terms
 * beside the word, cancels. Places whose windows would share a term have one window together. What
 * is weighed then is the row of the text without the word, to the bit, for rows hold counts.
 */
#include "base/memory.h"
#include "linear/margins.h"
#include "linear/row.h"
#include "run/evidence_work.h"

#include <stdlib.h>
#include <string.h>

/* Marks of a change, which row_sort wants above 0. */
#define GOES 1.0f
#define COMES 2.0f

/* ---- holding ---- */

static enum view view_of(const struct evidence_part *part)
{
    return part->is_bayes ? VIEW_SPACE : part->view;
}

/* How many words each distinct token holds: `u.s.` has two, `--` none. */
static bool count_words(struct evidence_held *held, const struct features_document *document,
                        struct error *error)
{
    if (!memory_reserve(&held->words_in, &held->words_in_capacity, document->words,
                        sizeof *held->words_in))
        return error_memory(error, "leaving out words");
    for (uint32_t word = 0; word < document->words; word++) {
        const struct text *token = &document->tokens[document->places[document->begin[word]]];
        held->words_in[word] = 0;
        views_begin(&held->window);
        if (!views_take(&held->window, token, 1, error))
            return false;
        views_start(&held->window, VIEW_WORD);
        do {
            if (!views_next(&held->window, error))
                return false;
            held->words_in[word] += held->window.count;
        } while (held->window.count);
    }
    return true;
}

/* Puts the row that the scratch holds behind those of the parts before. */
static bool keep_row(struct evidence_scratch *scratch, uint32_t part)
{
    struct evidence_held *held = &scratch->held;
    size_t begin = part ? held->ends[part - 1] : 0, end = begin + scratch->count;
    if (!memory_reserve(&held->feature, &held->feature_capacity, end, sizeof *held->feature) ||
        !memory_reserve(&held->value, &held->value_capacity, end, sizeof *held->value))
        return false;
    if (scratch->count) {
        memcpy(held->feature + begin, scratch->feature, scratch->count * sizeof *held->feature);
        memcpy(held->value + begin, scratch->value, scratch->count * sizeof *held->value);
    }
    held->ends[part] = end;
    return true;
}

bool evidence_hold(const void *model, void *scratch, const struct features_document *document,
                   struct error *error)
{
    const struct evidence *evidence = model;
    struct evidence_scratch *work = scratch;
    struct evidence_held *held = &work->held;
    uint32_t parts = evidence->header.part_count;
    if (!memory_reserve(&held->ends, &held->ends_capacity, parts, sizeof *held->ends))
        return error_memory(error, "leaving out words");
    views_begin(&work->views);
    if (!views_take(&work->views, document->tokens, document->count, error) ||
        !count_words(held, document, error))
        return false;
    for (uint32_t i = 0; i < parts; i++) {
        if (!evidence_row(&evidence->parts[i], work, error))
            return false;
        if (!keep_row(work, i))
            return error_memory(error, "leaving out words");
    }
    return true;
}

void evidence_held_free(struct evidence_held *held)
{
    views_free(&held->window);
    free(held->feature);
    free(held->value);
    free(held->ends);
    free(held->words_in);
    free(held->tokens);
    free(held->change);
    free(held->direction);
}

/* ---- windows ---- */

/* A word that is being cut out of a part's row; `count` changes so far. */
struct cut {
    const struct evidence_part *part;
    struct evidence_scratch *scratch;
    const struct features_document *document;
    uint32_t word;
    size_t count;
};

/* The tokens from `begin` to before `end`. */
struct window {
    size_t begin, end;
};

/* Around the place, and those behind it that are too near for a window of their own. */
static struct window window_at(const struct cut *cut, size_t place, size_t reach)
{
    const struct features_document *document = cut->document;
    const size_t *words_in = cut->scratch->held.words_in;
    struct window window = {place, place + 1};
    for (size_t seen = 0; window.begin && seen < reach;)
        seen += words_in[document->word_of[--window.begin]];
    for (size_t seen = 0; window.end < document->count && seen < reach; window.end++) {
        uint32_t word = document->word_of[window.end];
        seen = word == cut->word ? 0 : seen + words_in[word];
    }
    return window;
}

/* Notes the terms of the tokens as changes. */
static bool note(struct cut *cut, const struct text *tokens, size_t count, float direction,
                 struct error *error)
{
    struct evidence_scratch *scratch = cut->scratch;
    struct evidence_held *held = &scratch->held;
    views_begin(&held->window);
    if (!views_take(&held->window, tokens, count, error) ||
        !evidence_list(cut->part, &held->window, scratch, error))
        return false;
    size_t all = cut->count + scratch->known;
    if (!memory_reserve(&held->change, &held->change_capacity, all, sizeof *held->change) ||
        !memory_reserve(&held->direction, &held->direction_capacity, all, sizeof *held->direction))
        return error_memory(error, "leaving out words");
    for (size_t i = 0; i < scratch->known; i++) {
        held->change[cut->count] = scratch->feature[i];
        held->direction[cut->count++] = direction;
    }
    return true;
}

static bool note_window(struct cut *cut, struct window window, struct error *error)
{
    const struct features_document *document = cut->document;
    struct evidence_held *held = &cut->scratch->held;
    size_t left = 0;
    if (!memory_reserve(&held->tokens, &held->tokens_capacity, window.end - window.begin,
                        sizeof *held->tokens))
        return error_memory(error, "leaving out words");
    for (size_t i = window.begin; i < window.end; i++)
        if (document->word_of[i] != cut->word)
            held->tokens[left++] = document->tokens[i];
    return note(cut, document->tokens + window.begin, window.end - window.begin, GOES, error) &&
           (!left || note(cut, held->tokens, left, COMES, error));
}

static bool note_all(struct cut *cut, struct error *error)
{
    const struct features_document *document = cut->document;
    size_t reach = views_reach(view_of(cut->part)), done = 0;
    for (uint32_t i = document->begin[cut->word]; i < document->begin[cut->word + 1]; i++) {
        size_t place = document->places[i];
        if (i > document->begin[cut->word] && place < done)
            continue;
        struct window window = window_at(cut, place, reach);
        if (!note_window(cut, window, error))
            return false;
        done = window.end;
    }
    return true;
}

/* ---- the row ---- */

/* How often the changes add the term that they stand at, or take it away; moves past it. */
static float take_change(const struct evidence_held *held, size_t count, size_t *at)
{
    uint32_t feature = held->change[*at];
    float sum = 0;
    for (; *at < count && held->change[*at] == feature; ++*at)
        sum += held->direction[*at] == COMES ? 1 : -1;
    return sum;
}

/* Merges a part's row and the sorted changes into the scratch's row. */
static bool merge(const struct cut *cut, size_t begin, size_t end)
{
    struct evidence_scratch *scratch = cut->scratch;
    const struct evidence_held *held = &scratch->held;
    size_t most = end - begin + cut->count, to = 0, at = 0;
    if (!memory_reserve(&scratch->feature, &scratch->feature_capacity, most, sizeof(uint32_t)) ||
        !memory_reserve(&scratch->value, &scratch->value_capacity, most, sizeof(float)))
        return false;
    while (begin < end || at < cut->count) {
        bool old = begin < end && (at == cut->count || held->feature[begin] <= held->change[at]);
        uint32_t feature = old ? held->feature[begin] : held->change[at];
        float value = old ? held->value[begin++] : 0;
        if (at < cut->count && held->change[at] == feature)
            value += take_change(held, cut->count, &at);
        scratch->feature[to] = feature;
        scratch->value[to] = value;
        to += value > 0;
    }
    scratch->count = to;
    return true;
}

static bool cut_row(struct cut *cut, size_t begin, size_t end, struct error *error)
{
    struct evidence_scratch *scratch = cut->scratch;
    struct evidence_held *held = &scratch->held;
    if (cut->word != FEATURES_ALL && !note_all(cut, error))
        return false;
    if (!memory_reserve(&scratch->room, &scratch->room_capacity, 2 * cut->count,
                        sizeof *scratch->room))
        return error_memory(error, "leaving out words");
    if (cut->count)
        row_sort(held->change, held->direction, cut->count,
                 row_bits((uint32_t)cut->part->terms.count), scratch->room);
    return merge(cut, begin, end) || error_memory(error, "leaving out words");
}

bool evidence_without(const void *model, void *scratch, const struct features_document *document,
                      uint32_t word, float *x, struct error *error)
{
    const struct evidence *evidence = model;
    uint32_t classes = evidence->header.class_count;
    struct evidence_at_work work = {.evidence = evidence, .scratch = scratch};
    const size_t *ends = work.scratch->held.ends;
    for (uint32_t i = 0; i < evidence->header.part_count; i++) {
        work.part = &evidence->parts[i];
        struct cut cut = {work.part, scratch, document, word, 0};
        if (!cut_row(&cut, i ? ends[i - 1] : 0, ends[i], error) || !evidence_weigh(&work, x, error))
            return false;
        margins_of(x, classes, x + classes);
        x += 2 * (size_t)classes;
    }
    return true;
}

/*
 * A document's tokens are laid out as they come; when the last one is there, each part finds its
 * terms in them. Of a document that was trained on, only naive Bayes looks at its terms, and the
 * first part, for how many of them it knows.
 */
#include "run/evidence.h"

#include "base/memory.h"
#include "linear/margins.h"
#include "linear/row.h"
#include "run/evidence_work.h"
#include "run/text_key.h"
#include "stream/numbers.h"
#include "text/views.h"

#include <stdlib.h>
#include <string.h>

enum { LOOKED_UP = 128 }; /* terms at a time */

/* NOLINTBEGIN(readability-non-const-parameter): the type is features_kind's */
static void begin(const void *model, void *scratch, const struct documents_row *document, float *x)
{
    (void)model, (void)document, (void)x;
    views_begin(&((struct evidence_scratch *)scratch)->views);
}

static bool take(const void *model, void *scratch, const struct text *tokens, size_t count,
                 float *x, struct error *error)
{
    (void)model, (void)x;
    return views_take(&((struct evidence_scratch *)scratch)->views, tokens, count, error);
}
/* NOLINTEND(readability-non-const-parameter) */

/* ---- the terms that a part knows ---- */

static bool find_terms(const struct words *terms, const struct views *views,
                       struct evidence_scratch *scratch)
{
    uint32_t numbers[LOOKED_UP];
    if (!memory_reserve(&scratch->feature, &scratch->feature_capacity,
                        scratch->known + views->count, sizeof *scratch->feature))
        return false;
    for (size_t at = 0, count; at < views->count; at += count) {
        count = views->count - at < LOOKED_UP ? views->count - at : LOOKED_UP;
        words_find_batch(terms, views->terms + at, count, numbers);
        for (size_t i = 0; i < count; i++) {
            scratch->feature[scratch->known] = numbers[i];
            scratch->known += numbers[i] != WORDS_NONE;
        }
    }
    return true;
}

/* Makes a row of them: ascending, each once. */
static bool make_row(const struct words *terms, struct evidence_scratch *scratch)
{
    size_t known = scratch->known;
    if (!memory_reserve(&scratch->value, &scratch->value_capacity, known, sizeof(float)) ||
        !memory_reserve(&scratch->room, &scratch->room_capacity, 2 * known, sizeof(uint64_t)))
        return false;
    for (size_t i = 0; i < known; i++)
        scratch->value[i] = 1;
    row_sort(scratch->feature, scratch->value, known, row_bits((uint32_t)terms->count),
             scratch->room);
    scratch->count = row_merge(scratch->feature, scratch->value, known);
    return true;
}

bool evidence_list(const struct evidence_part *part, struct views *views,
                   struct evidence_scratch *scratch, struct error *error)
{
    bool done = true;
    scratch->known = 0;
    views_start(views, part->is_bayes ? VIEW_SPACE : part->view);
    do {
        if (!views_next(views, error))
            return false;
        done = find_terms(&part->terms, views, scratch);
    } while (done && views->count);
    return done || error_memory(error, "finding terms");
}

bool evidence_row(const struct evidence_part *part, struct evidence_scratch *scratch,
                  struct error *error)
{
    return evidence_list(part, &scratch->views, scratch, error) &&
           (make_row(&part->terms, scratch) || error_memory(error, "finding terms"));
}

/* ---- scores ---- */

/* The rows of the document among those that were trained on: `*count` from the returned one. */
static size_t find_trained(const struct evidence *evidence, uint64_t hash, size_t *count)
{
    size_t low = 0, high = evidence->trained;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (evidence->hashes[middle] < hash)
            low = middle + 1;
        else
            high = middle;
    }
    for (*count = 0; low + *count < evidence->trained && evidence->hashes[low + *count] == hash;)
        ++*count;
    return low;
}

static bool score_view(const struct evidence_at_work *work, float *scores)
{
    struct evidence_scratch *scratch = work->scratch;
    const struct scorer *scorer = &work->part->scorer;
    if (!memory_reserve(&scratch->sums, &scratch->sums_capacity, scratch->count, sizeof(double)))
        return false;
    scorer_weigh(scorer, scratch->feature, scratch->value, scratch->count, scratch->sums);
    scorer_scores(scorer, scratch->feature, scratch->value, scratch->count, scores);
    return true;
}

static bool score_bayes(const struct evidence_at_work *work, float *scores)
{
    struct evidence_scratch *scratch = work->scratch;
    const struct bayes *bayes = &work->part->bayes;
    if (!memory_reserve(&scratch->sums, &scratch->sums_capacity, 2 * (size_t)bayes->labels,
                        sizeof(double)))
        return false;
    bayes_evidence(bayes, scratch->feature, scratch->value, scratch->count,
                   work->evidence->own + work->row, work->copies, scratch->sums, scores);
    return true;
}

/* The last block that begins at the row or before it. */
static const struct evidence_scores *find_scores(const struct evidence *evidence, size_t row)
{
    size_t low = 0, high = evidence->score_blocks;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (evidence->scores[middle].first <= row)
            low = middle;
        else
            high = middle;
    }
    return &evidence->scores[low];
}

static void copy_scores(const struct evidence_at_work *work, float *scores)
{
    const struct evidence *evidence = work->evidence;
    const struct evidence_scores *block = find_scores(evidence, work->row);
    size_t classes = evidence->header.class_count;
    size_t before = (work->row - block->first) * evidence->views + work->view;
    numbers_copy(scores, block->rows + before * classes * sizeof *scores, classes, sizeof *scores);
}

bool evidence_weigh(const struct evidence_at_work *work, float *scores, struct error *error)
{
    bool done = work->part->is_bayes ? score_bayes(work, scores) : score_view(work, scores);
    return done || error_memory(error, "weighing terms");
}

static bool score(const struct evidence_at_work *work, bool collected, float *scores,
                  struct error *error)
{
    bool held_out = work->copies && !work->part->is_bayes;
    if (held_out)
        copy_scores(work, scores);
    if (held_out || (!collected && !evidence_row(work->part, work->scratch, error)))
        return held_out;
    return evidence_weigh(work, scores, error);
}

/* Of how many tokens the part knows a word; of characters there may be more than tokens. */
static size_t known_tokens(const struct evidence_part *part, const struct evidence_scratch *scratch)
{
    size_t tokens = scratch->views.tokens.count, known = scratch->known;
    bool pairs = !part->is_bayes && (part->view == VIEW_BIGRAM || part->view == VIEW_TRIGRAM);
    for (size_t i = 0; pairs && i < scratch->count; i++) {
        struct text term = words_text(&part->terms, scratch->feature[i]);
        if (memchr(term.data, ' ', term.size))
            known -= (size_t)scratch->value[i];
    }
    return known < tokens ? known : tokens;
}

static bool end(const void *model, void *scratch, float *x, struct features_told *told,
                struct error *error)
{
    const struct evidence *evidence = model;
    uint32_t classes = evidence->header.class_count;
    struct evidence_at_work work = {.evidence = evidence, .scratch = scratch};
    work.row = find_trained(evidence, text_key_hash(&work.scratch->views), &work.copies);
    told->trained = work.copies != 0;
    for (uint32_t i = 0; i < evidence->header.part_count; i++) {
        work.part = &evidence->parts[i];
        if (i == 0) {
            if (!evidence_row(work.part, work.scratch, error))
                return false;
            told->known = known_tokens(work.part, work.scratch);
        }
        if (!score(&work, i == 0, x, error))
            return false;
        margins_of(x, classes, x + classes);
        work.view += !work.part->is_bayes;
        x += 2 * (size_t)classes;
    }
    return true;
}

static void release(void *scratch)
{
    struct evidence_scratch *used = scratch;
    views_free(&used->views);
    free(used->feature);
    free(used->value);
    free(used->room);
    free(used->sums);
    evidence_held_free(&used->held);
}

struct features_source evidence_source(const struct evidence *evidence)
{
    static const struct features_kind kind = {.scratch_size = sizeof(struct evidence_scratch),
                                              .begin = begin,
                                              .take = take,
                                              .end = end,
                                              .hold = evidence_hold,
                                              .without = evidence_without,
                                              .release = release};
    return (struct features_source){&kind, evidence, (uint32_t)evidence_width(evidence)};
}

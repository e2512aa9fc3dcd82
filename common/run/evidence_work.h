/*
 * evidence_work: what the files of evidence share: a part of it at work on a document. For this
 * source alone; others enter by evidence.h.
 */
#ifndef RUN_EVIDENCE_WORK_H
#define RUN_EVIDENCE_WORK_H

#include "run/evidence.h"

/* Of a document whose words are left out: what stays the same, and room for what changes. */
struct evidence_held {
    uint32_t *feature; /* the rows of all parts, one after the other */
    float *value;
    size_t *ends;        /* of each part's row */
    size_t *words_in;    /* of each distinct token: the words that it holds */
    struct views window; /* the tokens around what is left out */
    struct text *tokens; /* of a window, without the word */
    uint32_t *change;    /* terms that come or go, each by itself */
    float *direction;    /* GOES or COMES */
    size_t feature_capacity, value_capacity, ends_capacity, words_in_capacity, tokens_capacity,
        change_capacity, direction_capacity;
};

/* A worker's; zeroed at first. */
struct evidence_scratch {
    struct views views;
    uint32_t *feature; /* of a part: the document's terms that it knows */
    float *value;
    uint64_t *room;
    double *sums; /* of labels, or what terms are worth */
    size_t feature_capacity, value_capacity, room_capacity, sums_capacity;
    size_t count, known; /* distinct, and all of them */
    struct evidence_held held;
};

/* A part at work on a document. */
struct evidence_at_work {
    const struct evidence *evidence;
    const struct evidence_part *part;
    struct evidence_scratch *scratch;
    size_t row, copies; /* among those that were trained on; copies 0: it is not */
    uint32_t view;      /* number of the view */
};

/* Lists the terms of the document that `views` has and the part knows, repeats and all, in
   scratch->feature; `known` of them. Status SYSTEM. */
bool evidence_list(const struct evidence_part *part, struct views *views,
                   struct evidence_scratch *scratch, struct error *error);

/* Lists them of scratch->views, and makes a row of them: ascending, each once, `count` of them.
   Status SYSTEM. */
bool evidence_row(const struct evidence_part *part, struct evidence_scratch *scratch,
                  struct error *error);

/* The scores of the row in the scratch, whose values change. Status SYSTEM. */
bool evidence_weigh(const struct evidence_at_work *work, float *scores, struct error *error);

/* Those of features_kind. */
bool evidence_hold(const void *model, void *scratch, const struct features_document *document,
                   struct error *error);
bool evidence_without(const void *model, void *scratch, const struct features_document *document,
                      uint32_t word, float *x, struct error *error);
void evidence_held_free(struct evidence_held *held);

#endif

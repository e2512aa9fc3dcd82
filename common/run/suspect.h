/*
 * suspect: training texts whose label looks wrong, the surest first.
 *
 * Three kinds, in this order; a text is listed once:
 *
 *   equal  its text stands there under another label as well, of which there are more
 *   near   a text that is nearly the same has another label, and of the two this is the one whose
 *          label is less probable
 *   label  score/suspects.h
 *
 * Of equal texts that label is right that most of them have; of equally many the one that is more
 * probable by the sum over the texts, then the first. Within a kind the lower the probability of
 * its label, the earlier a text comes; of equals the one with the more probable other label, then
 * the first. Of the kind `label` those whose label is the most probable come behind all others.
 */
#ifndef RUN_SUSPECT_H
#define RUN_SUSPECT_H

#include "run/kept.h"
#include "run/voted.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum suspect_kind { SUSPECT_EQUAL, SUSPECT_NEAR, SUSPECT_LABEL };

enum { SUSPECT_NO_TWIN = UINT32_MAX };

/* A label that looks wrong. */
struct suspected {
    enum suspect_kind kind;
    uint32_t row, twin; /* twin: the text that is equal or near */
    uint32_t should;    /* class */
    float probability, should_probability;
};

/* Owned; freed by suspicions_free. Start from `{0}`. */
struct suspicions {
    struct suspected *list; /* of all rows that the model has the label of */
    size_t count;
    size_t kinds[3];     /* how many of each kind */
    size_t off_diagonal; /* of the confident joint: how many labels may be wrong */
    size_t likely;       /* of equal and near texts all, and of others that many */
};

/*
 * `near` is the least Jaccard index of texts that are nearly the same; 0: none are. The texts are
 * those of the rows. Status SYSTEM.
 */
bool suspect_find(const struct voted *voted, const struct kept *kept, double near,
                  struct suspicions *suspicions, struct error *error);
void suspicions_free(struct suspicions *suspicions);

/* Whether the texts are those of the rows, by number and labels. Status INPUT. */
bool suspect_check(const struct voted *voted, const char *voted_name, const struct kept *kept,
                   const char *kept_name, struct error *error);

/* `equal`, `near`, `label`. */
const char *suspect_kind_name(enum suspect_kind kind);

#endif

/*
 * costs: what each mistake costs, from a table of text.
 *
 *     <TAB>acq<TAB>earn         the predicted labels, behind a field that is not looked at
 *     acq<TAB>0<TAB>1           a true label, and the cost of each prediction
 *     earn<TAB>5.5<TAB>0
 *
 * Lines end at '\n', with or without '\r' before it. Costs are decimal numbers, negative ones (a
 * gain) too. Rows and columns stand in any order; the table need not have them all.
 */
#ifndef SCORE_COSTS_H
#define SCORE_COSTS_H

#include "base/error.h"
#include "base/text.h"
#include "base/words.h"

#include <stdbool.h>
#include <stddef.h>

/* Owns everything; freed by costs_free. */
struct costs {
    struct words labels, predicted;
    double *values; /* labels x predicted */
    size_t capacity;
};

/* Reads the table; `name` is what messages call it. Status INPUT, with the line, or SYSTEM. */
bool costs_parse(struct text table, const char *name, struct costs *costs, struct error *error);

/* False where the table does not have the pair. */
bool costs_find(const struct costs *costs, struct text label, struct text predicted, double *cost);

void costs_free(struct costs *costs);

#endif

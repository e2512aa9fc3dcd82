/*
 * report_parts: the sections of a report that come from files. For report.c alone.
 */
#ifndef RUN_REPORT_PARTS_H
#define RUN_REPORT_PARTS_H

#include "base/buffer.h"
#include "run/report.h"

/* Each appends its section, with its heading; `texts` are those of the rows, or none. Status INPUT,
   CUT, SYSTEM. */
bool report_mistakes(const struct report *report, const struct kept *texts, struct buffer *page,
                     struct error *error);
bool report_suspects(const struct report *report, struct buffer *page, struct error *error);
bool report_curve(const struct report *report, struct buffer *page, struct error *error);
bool report_corpus(const struct report *report, struct buffer *page, struct error *error);
/* Of the model: importances, and how it was made. */
bool report_model(const struct report *report, struct buffer *page, struct error *error);

/* The stages of a lineage, as a list. */
void report_stages(const struct lineage *lineage, struct buffer *page);

#endif

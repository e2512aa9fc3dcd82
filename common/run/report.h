/*
 * report: an evaluation as a page that stands alone: figures, what is confused, how sure the model
 * is, its surest mistakes with their texts and words, suspect labels, importances, the corpus, and
 * where all of it came from. What was not given is left out.
 */
#ifndef RUN_REPORT_H
#define RUN_REPORT_H

#include "base/options.h"
#include "run/kept.h"
#include "score/evaluation.h"
#include "stream/lineage.h"

#include <stdbool.h>
#include <stddef.h>

enum { REPORT_TEXTS = 32 /* files */ };

/* What a report is made of; all borrowed, paths as given; NULL or 0: not given. */
struct report {
    const char *path; /* of the page */
    const char *title;
    const struct evaluation *evaluation; /* of all measures */
    const char *predictions;             /* what they are called */
    const struct lineage *lineage;       /* theirs */
    char *texts[REPORT_TEXTS];           /* files of the rows' documents */
    size_t text_count;
    struct collection_settings documents; /* how these are read */
    const char *model;                    /* the forest */
    const char *explanations;             /* rf-explain --format tsv of the texts */
    const char *suspects;                 /* rf-suspect --format tsv */
    const char *curve;                    /* documents TAB accuracy */
    const char *corpus;                   /* corpus --format tsv */
};

/*
 * Writes the page to its path, which is in place when it is whole. Status INPUT (also: texts or
 * explanations are not of the rows, or the forest is another than that of the predictions, whose
 * lineage says so), CUT, SYSTEM.
 */
bool report_write(const struct report *report, const struct common *common, struct error *error);

#endif

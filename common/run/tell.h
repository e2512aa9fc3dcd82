/*
 * tell: what several programs say of their input where it is doubtful.
 */
#ifndef RUN_TELL_H
#define RUN_TELL_H

#include "base/options.h"
#include "run/collection.h"
#include "run/sources.h"
#include "text/repairs.h"

#include <stdint.h>

/* Documents that were repaired: a line of the summary, and a warning where labels became one. */
void tell_repairs(const struct common *common, const struct repairs *repairs, bool labelled);

/* A warning where there are nearly as many classes as rows: no label stands in that column. */
void tell_classes(const struct common *common, uint64_t classes, uint64_t rows, const char *noun);

/* In what form the documents were read, where that is not lines. */
void tell_form(const struct common *common, const struct collection *documents);

/* A warning where there are no documents at all, not even such as can't be read. */
void tell_empty(const struct common *common, uint64_t documents, const struct repairs *repairs,
                const char *path);

/* A warning where one line is all there is, and has more bytes than a document would. */
void tell_single(const struct common *common, uint64_t documents, uint64_t bytes);

/* Warns where labels differ in what people don't see, or are names of what is not there. */
void tell_alike(const struct common *common, const struct text *labels, size_t count);

/* Streams that are given twice, whose columns stand twice. */
void tell_twice(const struct common *common, const struct sources_paths *paths);

#endif

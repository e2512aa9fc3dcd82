/*
 * opinions: which columns of samples are evidence that speaks for itself, and how loud it is.
 *
 * A view's scores for the classes, beside their margins, are such columns, as vectorize --linear
 * names them: `word:acq`, ..., `word:acq-margin`, .... Counts of naive Bayes are none: they weigh
 * beside the views, not like them.
 *
 * The fewer samples a class has, the less trees learn of how to weigh evidence. Where the user
 * doesn't say what share its opinion has, it is that of OPINIONS_TEXTS samples a class in all that
 * have been seen:
 *
 *     OPINIONS_TEXTS / (OPINIONS_TEXTS + samples / classes)
 *
 * and none from OPINIONS_MANY samples a class on, where trees were found to be as good alone. Found
 * on texts of six corpora, 100 to 15,000 of them with 5 to 58 labels: any number from 15 to 40 is
 * within 0.002 of the accuracy of a share and sharpness fitted out of bag.
 */
#ifndef RUN_OPINIONS_H
#define RUN_OPINIONS_H

#include "base/error.h"
#include "stream/samples.h"
#include "vote/opinion.h"

enum { OPINIONS_TEXTS = 20, OPINIONS_MANY = 200, OPINIONS_SHARPNESS = 6 };

/* In place of a share: by the number of samples. */
#define OPINIONS_AUTO (-1.0)

/*
 * The opinion in the header of a forest on these samples, whose columns are for free(); {0} where
 * the share is 0, or by the number of samples and there is no such evidence. Status USAGE where
 * there is none and the share is above 0, or SYSTEM.
 */
bool opinions_find(const struct samples *samples, const char *name, double share,
                   struct stream_opinion *opinion, struct error *error);

/* The opinion of a header, whose columns it borrows. */
struct opinion opinions_of(const struct stream_opinion *opinion, uint32_t classes);

#endif

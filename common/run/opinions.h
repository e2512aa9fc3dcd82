/*
 * opinions: which columns of samples are evidence that speaks for itself, and how loud it is.
 *
 * A view's scores for the classes, beside their margins, are such columns, as vectorize --linear
 * names them: `word:acq`, ..., `word:acq-margin`, .... Counts of naive Bayes are none: they weigh
 * beside the views, not like them. Where all samples are of one class, nothing has to be said.
 *
 * Views differ, and one that is often wrong shouldn't spoil what a good one says: each has a weight
 * by its accuracy on the samples, whose evidence was held out as a new document's is,
 *
 *     w(v) = q(v)^4 / sum over u of q(u)^4,    q(v) = (right + 1) / (samples + 1)
 *
 * where its answer is the first of the highest scores. As in a weighted vote (Kuncheva, Combining
 * Pattern Classifiers, 2004, section 4.3), a view has more of a say the more often it's right; the
 * power is the one whose out-of-bag accuracy was best: on 19 labelled sets of 90 to 6,000 texts
 * with 6 to 63 labels, each parted in three ways, 0.5912 with equal weights, 0.5965, 0.5990,
 * 0.6012, 0.6020, 0.6016 and 0.6012 with powers 1, 2, 3, 4, 6 and 8, and 0.6014 with the weights
 * that make the labels most probable by what was held out. On texts held back, 0.6081 became
 * 0.6139.
 *
 * To weigh evidence, trees have to learn which column tells each class from each other one, and of
 * few samples of many classes they can't. So where the user doesn't say what share its opinion has,
 * evidence counts like OPINIONS_SAMPLES samples for each pair of classes in all that trees have
 * seen:
 *
 *     k / (k + samples),    k = OPINIONS_SAMPLES x classes^2
 *
 * and where that comes to less than OPINIONS_LEAST, it has none. Out-of-bag accuracy decided it: on
 * these sets 0.5542 without an opinion, 0.6007, 0.6020, 0.6007 and 0.6008 with one, two, three and
 * four samples for each pair; on texts of six other corpora, up to 60,000 of them, when all views
 * weighed the same, two were best as well, by 0.0005, and 20 for each class worse by 0.0011.
 */
#ifndef RUN_OPINIONS_H
#define RUN_OPINIONS_H

#include "base/error.h"
#include "stream/samples.h"
#include "vote/opinion.h"

enum { OPINIONS_SAMPLES = 2, OPINIONS_SHARPNESS = 6 };
#define OPINIONS_LEAST 0.05

/* In place of a share: by the number of samples. */
#define OPINIONS_AUTO (-1.0)

/*
 * The opinion in the header of a forest on these samples, for stream_opinion_free; {0} where the
 * share is 0, or by the number of samples and no such evidence, or no linear-train, is in the
 * samples. `name` is how messages call the samples. Status USAGE where there is none and the share
 * is above 0, or SYSTEM.
 */
bool opinions_find(const struct samples *samples, const char *name, double share,
                   struct stream_opinion *opinion, struct error *error);

/* The opinion of a header, whose weights and columns it borrows. */
struct opinion opinions_of(const struct stream_opinion *opinion, uint32_t classes);

#endif

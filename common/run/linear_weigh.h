/*
 * linear_weigh: the rows of a bag as linear models want them.
 */
#ifndef RUN_LINEAR_WEIGH_H
#define RUN_LINEAR_WEIGH_H

#include "linear/bag.h"

#include <stdbool.h>

/*
 * After bag_select: puts the features of each row in ascending order, and what they weigh by TF-IDF
 * (linear/tfidf.h) in place of how often they occur; on `jobs` threads. False when memory is out.
 */
bool linear_weigh(struct bag *bag, unsigned jobs);

#endif

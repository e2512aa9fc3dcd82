/*
 * temperature: the T and s of rule.h whose log-loss on rows is the least.
 *
 * The loss is convex in 1 / T, which Newton's method finds; s is found by golden sections of its
 * logarithm, from 1e-6 to 1. Of more than 10,000 rows so many are looked at, evenly.
 */
#ifndef DECIDE_TEMPERATURE_H
#define DECIDE_TEMPERATURE_H

#include "decide/rows.h"
#include "decide/rule.h"

/* Fills RULE_TEMPERATURE from rows as the forest made them. False when memory is out. */
bool temperature_fit(const struct rows *rows, struct rule *rule);

#endif

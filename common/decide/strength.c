/*
 * Thresholds that are best on some rows go too far for others, where labels are rare most of all.
 * So they are tried at some strengths, on rows that they were not found on: threshold^strength.
 */
#include "base/memory.h"
#include "base/numeric.h"
#include "decide/fit.h"

#include <stdlib.h>
#include <string.h>

/* From not at all to all the way. */
enum { STRENGTHS = 5 };
static const double strengths[STRENGTHS] = {0, 0.25, 0.5, 0.75, 1};

/* The thresholds of a rule at each strength, and what they come to: one behind the other. */
struct contest {
    double *thresholds;
    struct goal_counts *counts;
    float *proba;
    double *room;
};

static bool contest_begin(struct contest *contest, size_t classes)
{
    *contest = (struct contest){memory_array(STRENGTHS * classes, sizeof *contest->thresholds),
                                calloc(STRENGTHS * classes, sizeof *contest->counts),
                                memory_array(classes, sizeof *contest->proba),
                                memory_array(classes, sizeof *contest->room)};
    return contest->thresholds && contest->counts && contest->proba && contest->room;
}

static void contest_end(struct contest *contest)
{
    free(contest->thresholds);
    free(contest->counts);
    free(contest->proba);
    free(contest->room);
}

static void weaken(struct contest *contest, const double *full, uint32_t classes)
{
    for (size_t i = 0; i < STRENGTHS; i++)
        for (uint32_t c = 0; c < classes; c++)
            contest->thresholds[i * classes + c] = numeric_power(full[c], strengths[i]);
}

static void contest_row(struct contest *contest, struct rule *rule, const float *proba,
                        uint32_t label, uint32_t voted)
{
    struct rule_list *list = &rule->lists[RULE_THRESHOLDS];
    double *full = list->values;
    memcpy(contest->proba, proba, rule->classes * sizeof *proba);
    rule_calibrate(rule, contest->proba, contest->room);
    for (size_t i = 0; i < STRENGTHS; i++) {
        struct goal_counts *counts = contest->counts + i * rule->classes;
        list->values = contest->thresholds + i * rule->classes;
        uint32_t answer = rule_answer(rule, contest->proba, voted);
        counts[label].support++;
        counts[answer].predicted++;
        counts[answer].hits += answer == label;
    }
    list->values = full;
}

static bool contest_fold(struct contest *contest, const struct deal *deal, uint32_t fold,
                         const struct rows *rows, const struct wish *wish)
{
    struct rule rule = {.classes = rows->classes};
    struct rows held, rest;
    deal_split(deal, fold, rows, &held, &rest);
    bool done = fit_rule(&rest, wish, &rule);
    if (done)
        weaken(contest, rule.lists[RULE_THRESHOLDS].values, rows->classes);
    for (size_t i = 0; done && i < held.count; i++)
        contest_row(contest, &rule, rows_proba(&held, i), rows_label(&held, i),
                    rows_voted(&held, i));
    rule_free(&rule);
    return done;
}

static double winner(const struct contest *contest, enum goal goal, uint32_t classes)
{
    size_t best = 0;
    double most = goal_mean(goal, contest->counts, classes);
    for (size_t i = 1; i < STRENGTHS; i++) {
        double mean = goal_mean(goal, contest->counts + i * classes, classes);
        if (mean > most + 1e-9) {
            most = mean;
            best = i;
        }
    }
    return strengths[best];
}

bool fit_strength(const struct rows *rows, const struct dealing *dealing, struct wish *wish)
{
    const struct wish full = {.calibration = wish->calibration, .goal = wish->goal, .strength = 1};
    struct contest contest;
    struct deal deal = {0};
    if (wish->goal == GOAL_NONE || wish->strength >= 0)
        return true;
    bool done = contest_begin(&contest, rows->classes) && deal_rows(&deal, rows, dealing);
    for (uint32_t fold = 0; done && fold < dealing->folds; fold++)
        done = contest_fold(&contest, &deal, fold, rows, &full);
    if (done)
        wish->strength = winner(&contest, wish->goal, rows->classes);
    contest_end(&contest);
    deal_free(&deal);
    return done;
}

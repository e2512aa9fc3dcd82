/*
 * A rule is made in two steps: how probabilities are calibrated, then the rest from calibrated
 * ones, which are held for all rows that are looked at.
 */
#include "decide/fit.h"

#include "base/memory.h"
#include "base/numeric.h"
#include "decide/deal.h"
#include "decide/isotonic.h"
#include "decide/novelty.h"
#include "decide/sets.h"
#include "decide/temperature.h"

#include <stdlib.h>
#include <string.h>

enum { INNER_FOLDS = 5 };
static const double least_chance = 0x1p-52;
const double judged_sets[JUDGED_SETS] = {0.9, 0.95, 0.99};

/* ---- making ---- */

static bool calibrate(const struct rows *rows, enum calibration calibration, struct rule *rule)
{
    rule->classes = rows->classes;
    if (calibration == CALIBRATION_TEMPERATURE)
        return temperature_fit(rows, rule);
    return calibration != CALIBRATION_ISOTONIC || isotonic_fit(rows, rule);
}

static bool copy_list(struct rule *rule, enum rule_part part, const double *from, size_t count)
{
    double *to = from ? rule_room(rule, part, count) : NULL;
    if (to)
        memcpy(to, from, count * sizeof *to);
    return to || !from;
}

static bool fit_rest(const struct rows *rows, const struct wish *wish, struct rule *rule)
{
    size_t classes = rows->classes;
    return sets_fit(rows, rule) && copy_list(rule, RULE_COSTS, wish->costs, classes * classes) &&
           copy_list(rule, RULE_NO_ANSWER, wish->no_answer, classes) &&
           (wish->goal == GOAL_NONE || thresholds_fit(rows, wish->goal, wish->strength, rule)) &&
           (wish->precision <= 0 || floors_fit(rows, wish->precision, rule)) &&
           (wish->novelty <= 0 || novelty_fit(rows, wish->novelty, rule));
}

/* The picked rows, one behind the other, calibrated. */
struct calibrated {
    struct rows rows;
    float *proba;
    uint32_t *label, *voted, *pick;
};

static void free_calibrated(struct calibrated *made)
{
    free(made->proba);
    free(made->label);
    free(made->voted);
    free(made->pick);
}

static bool make_room(struct calibrated *made, const struct rows *rows)
{
    size_t n = rows->count;
    *made = (struct calibrated){.proba = memory_array(n, rows->classes * sizeof *made->proba),
                                .label = memory_array(n, sizeof *made->label),
                                .voted = memory_array(n, sizeof *made->voted),
                                .pick = memory_array(n, sizeof *made->pick)};
    made->rows =
        (struct rows){rows->classes, made->proba, made->label, made->voted, made->pick, 0, NULL};
    return made->proba && made->label && made->voted && made->pick;
}

/* Puts the rows behind those that are there. */
static bool add_rows(struct calibrated *made, const struct rows *rows, const struct rule *rule)
{
    double *room = memory_array(rows->classes, sizeof *room);
    for (size_t i = 0; room && i < rows->count; i++) {
        size_t at = made->rows.count++;
        float *proba = made->proba + at * rows->classes;
        memcpy(proba, rows_proba(rows, i), rows->classes * sizeof *proba);
        rule_calibrate(rule, proba, room);
        made->label[at] = rows_label(rows, i);
        made->voted[at] = rows_voted(rows, i);
        made->pick[at] = (uint32_t)at;
    }
    free(room);
    return room != NULL;
}

static bool add_fold(struct calibrated *made, const struct deal *deal, uint32_t fold,
                     const struct rows *rows)
{
    struct rule rule = {.classes = rows->classes};
    struct rows held, rest;
    deal_split(deal, fold, rows, &held, &rest);
    bool done = calibrate(&rest, CALIBRATION_ISOTONIC, &rule) && add_rows(made, &held, &rule);
    rule_free(&rule);
    return done;
}

/*
 * Two numbers know no row by itself. Curves do: the rows that they were made from look surer by
 * them than others will, and so each gets those that were made without it.
 */
static bool calibrate_rows(struct calibrated *made, const struct rows *rows,
                           const struct wish *wish, const struct rule *rule)
{
    static const struct dealing inner = {INNER_FOLDS, 1};
    struct deal deal = {0};
    if (!make_room(made, rows))
        return false;
    if (wish->calibration != CALIBRATION_ISOTONIC || rows->count < INNER_FOLDS)
        return add_rows(made, rows, rule);
    bool done = deal_rows(&deal, rows, &inner);
    for (uint32_t fold = 0; done && fold < INNER_FOLDS; fold++)
        done = add_fold(made, &deal, fold, rows);
    deal_free(&deal);
    return done;
}

bool fit_rule(const struct rows *rows, const struct wish *wish, struct rule *rule)
{
    struct calibrated made = {.proba = NULL};
    bool done = calibrate(rows, wish->calibration, rule) &&
                calibrate_rows(&made, rows, wish, rule) && fit_rest(&made.rows, wish, rule);
    free_calibrated(&made);
    return done;
}

/* ---- judging ---- */

static void add_chances(struct verdict *verdict, const float *proba, uint32_t classes,
                        uint32_t label)
{
    double sum = 0, brier = 0;
    for (uint32_t c = 0; c < classes; c++)
        sum += (double)proba[c];
    for (uint32_t c = 0; c < classes; c++) {
        double off = (double)proba[c] / sum - (c == label);
        brier += off * off;
    }
    double own = (double)proba[label] / sum;
    verdict->loss -= numeric_log(own > least_chance ? own : least_chance);
    verdict->brier += brier;
    verdict->rows++;
}

static void add_answer(struct verdict *verdict, uint32_t answer, uint32_t label)
{
    verdict->counts[label].support++;
    if (answer == RULE_NONE)
        return;
    verdict->answered++;
    verdict->right += answer == label;
    verdict->counts[answer].predicted++;
    verdict->counts[answer].hits += answer == label;
}

static double cost_of(const struct wish *wish, uint32_t classes, uint32_t label, uint32_t answer)
{
    if (!wish->costs)
        return 0;
    if (answer != RULE_NONE)
        return wish->costs[(size_t)label * classes + answer];
    return wish->no_answer ? wish->no_answer[label] : 0;
}

static void add_sets(struct judgement *judgement, const float *proba, uint32_t classes,
                     uint32_t label, const double *least)
{
    for (int level = 0; level < JUDGED_SETS; level++) {
        uint32_t size = 0;
        for (uint32_t c = 0; c < classes; c++)
            size += (double)proba[c] >= least[level];
        judgement->covered[level] += (double)proba[label] >= least[level];
        judgement->size[level] += size;
        judgement->empty[level] += size == 0;
    }
}

/* `proba` is calibrated on the way. */
static void judge_row(struct judgement *judgement, const struct rule *rule, const struct wish *wish,
                      const double *least, float *proba, double *room, uint32_t label,
                      uint32_t voted)
{
    uint32_t classes = rule->classes;
    add_chances(&judgement->before, proba, classes, label);
    add_answer(&judgement->before, voted, label);
    judgement->before.cost += cost_of(wish, classes, label, voted);
    rule_calibrate(rule, proba, room);
    uint32_t answer = rule_answer(rule, proba, voted);
    add_chances(&judgement->after, proba, classes, label);
    add_answer(&judgement->after, answer, label);
    judgement->after.cost += cost_of(wish, classes, label, answer);
    judgement->novel += rule_is_novel(rule, proba, voted);
    add_sets(judgement, proba, classes, label, least);
}

static bool judge_rows(struct judgement *judgement, const struct rule *rule,
                       const struct wish *wish, const struct rows *rows)
{
    double least[JUDGED_SETS], *room = memory_array(rows->classes, sizeof *room);
    float *proba = memory_array(rows->classes, sizeof *proba);
    for (int level = 0; level < JUDGED_SETS; level++)
        least[level] = sets_least(rule, judged_sets[level]);
    for (size_t i = 0; room && proba && i < rows->count; i++) {
        memcpy(proba, rows_proba(rows, i), rows->classes * sizeof *proba);
        judge_row(judgement, rule, wish, least, proba, room, rows_label(rows, i),
                  rows_voted(rows, i));
    }
    bool done = room && proba;
    free(room);
    free(proba);
    return done;
}

static bool judge_fold(const struct deal *deal, uint32_t fold, const struct rows *rows,
                       const struct wish *wish, struct judgement *judgement)
{
    struct rule rule = {.classes = rows->classes};
    struct rows held, rest;
    deal_split(deal, fold, rows, &held, &rest);
    bool done = fit_rule(&rest, wish, &rule) && judge_rows(judgement, &rule, wish, &held);
    rule_free(&rule);
    return done;
}

bool fit_judge(const struct rows *rows, const struct dealing *dealing, const struct wish *wish,
               struct judgement *judgement)
{
    struct deal deal = {0};
    *judgement = (struct judgement){0};
    judgement->before.counts = calloc(rows->classes, sizeof *judgement->before.counts);
    judgement->after.counts = calloc(rows->classes, sizeof *judgement->after.counts);
    bool done =
        judgement->before.counts && judgement->after.counts && deal_rows(&deal, rows, dealing);
    for (uint32_t fold = 0; done && fold < dealing->folds; fold++)
        done = judge_fold(&deal, fold, rows, wish, judgement);
    deal_free(&deal);
    return done;
}

void judgement_free(struct judgement *judgement)
{
    free(judgement->before.counts);
    free(judgement->after.counts);
}

/* ---- choosing ---- */

static bool mean_loss(const struct rows *rows, const struct dealing *dealing,
                      enum calibration calibration, double *loss)
{
    const struct wish wish = {.calibration = calibration};
    struct judgement judgement;
    bool done = fit_judge(rows, dealing, &wish, &judgement);
    *loss = judgement.after.loss / (double)rows->count;
    judgement_free(&judgement);
    return done;
}

bool fit_choose(const struct rows *rows, const struct dealing *dealing, struct wish *wish,
                struct choice *choice)
{
    if (wish->calibration != CALIBRATION_AUTO)
        return true;
    if (!mean_loss(rows, dealing, CALIBRATION_TEMPERATURE, &choice->temperature) ||
        !mean_loss(rows, dealing, CALIBRATION_ISOTONIC, &choice->isotonic))
        return false;
    wish->calibration =
        choice->isotonic < choice->temperature ? CALIBRATION_ISOTONIC : CALIBRATION_TEMPERATURE;
    return true;
}

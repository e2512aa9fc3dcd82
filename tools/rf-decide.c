/*
 * rf-decide: from out-of-bag predictions, what becomes of probabilities: an answer that fits.
 */
#include "base/output.h"
#include "base/program.h"
#include "base/report.h"
#include "run/costs.h"
#include "run/decide.h"
#include "run/decided.h"
#include "stream/predictions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How far thresholds go. */
struct strength {
    const char *text; /* as given; NULL: to be found, */
    double value;     /* which is -1 then */
};

struct settings {
    int calibrate, maximize; /* by enum calibration and enum goal */
    double precision, novelty;
    struct strength strength;
    const char *costs;
    uint64_t costs_crc32, costs_size; /* of its text */
    uint64_t folds, seed;
};

/* What a run holds; freed in rf_decide. */
struct run {
    const struct program *program;
    const struct common *common;
    struct settings *settings;
    struct decide decide;
    struct costs costs;
    double *table, *no_answer;
    struct wish wish;
    struct choice choice;
    struct rule rule;
    struct judgement judgement;
};

static const char *const calibrations[] = {"auto", "temperature", "isotonic", "none", NULL};
static const char *const goals[] = {"none", "macro-f1", "balanced-accuracy", NULL};

/* ---- checking ---- */

static bool parse_strength(const char *text, void *target, struct error *error)
{
    struct strength *strength = target;
    strength->text = text;
    return options_real("--strength", text, 0, 1, &strength->value, error);
}

static bool check(const struct settings *settings, struct error *error)
{
    int ways =
        (settings->maximize != GOAL_NONE) + (settings->precision > 0) + (settings->costs != NULL);
    if (settings->strength.text && settings->maximize == GOAL_NONE)
        return error_set(error, STATUS_USAGE, "--strength is of the thresholds of --maximize");
    return ways < 2 || error_set(error, STATUS_USAGE,
                                 "--maximize, --precision and --costs exclude each other: each is "
                                 "a way to choose the label");
}

/* ---- reading ---- */

/* Before the predictions, which may be an hour's work of a pipe. */
static bool read_costs(struct run *run, struct error *error)
{
    struct settings *settings = run->settings;
    struct digest digest = {0};
    if (!settings->costs)
        return true;
    if (!costs_read(settings->costs, &run->costs, &digest, error))
        return false;
    settings->costs_crc32 = digest.crc32;
    settings->costs_size = digest.size;
    return true;
}

static bool match_costs(struct run *run, struct error *error)
{
    const struct settings *settings = run->settings;
    const char *path = settings->costs;
    if (!path)
        return true;
    run->table = decide_costs(&run->decide, &run->costs, path, &run->no_answer, error);
    return run->table &&
           (run->no_answer || settings->novelty <= 0 ||
            error_set(error, STATUS_INPUT,
                      "%s: has no column '?', and --novelty leaves texts without an answer: add "
                      "what that costs",
                      path));
}

/* rf-predict would refuse what comes of a label that is shown as no answer is. */
static bool check_labels(const struct run *run, const char *name, struct error *error)
{
    const struct stream_header *header = &run->decide.header;
    const struct settings *settings = run->settings;
    const bool abstains = settings->novelty > 0 || settings->precision > 0 || run->no_answer;
    for (uint32_t i = 0; abstains && i < header->class_count; i++)
        if (text_equal(header->classes[i], text_of(PREDICTIONS_NO_ANSWER)))
            return error_set(error, STATUS_INPUT,
                             "%s: has the label '" PREDICTIONS_NO_ANSWER
                             "', which stands for no answer: leave out --novelty, --precision and "
                             "costs of '" PREDICTIONS_NO_ANSWER "', or call the label otherwise",
                             name);
    return true;
}

static bool load(struct run *run, const char *path, struct error *error)
{
    struct stream_reader *reader = stream_open(path, error);
    char some[REPORT_COUNT_SIZE];
    if (!reader)
        return false;
    bool done = decide_load(&run->decide, reader, error);
    if (done && run->decide.strangers)
        report_warning(run->common, "%s: %s %s that the model does not know: left out",
                       stream_name(reader), report_count(run->decide.strangers, some),
                       report_noun(run->decide.strangers, "row has a label", "rows have labels"));
    done = done && match_costs(run, error) && check_labels(run, stream_name(reader), error);
    stream_close(reader);
    return done;
}

/* ---- deciding ---- */

static bool decide(struct run *run, struct error *error)
{
    const struct settings *settings = run->settings;
    const struct rows *rows = &run->decide.rows;
    uint64_t folds = settings->folds < rows->count ? settings->folds : rows->count;
    const struct dealing dealing = {(uint32_t)folds, settings->seed};
    run->wish = (struct wish){.calibration = (enum calibration)settings->calibrate,
                              .goal = (enum goal)settings->maximize,
                              .strength = settings->strength.value,
                              .precision = settings->precision,
                              .costs = run->table,
                              .no_answer = run->no_answer,
                              .novelty = settings->novelty};
    run->rule.classes = rows->classes;
    return (fit_choose(rows, &dealing, &run->wish, &run->choice) &&
            fit_strength(rows, &dealing, &run->wish) &&
            fit_judge(rows, &dealing, &run->wish, &run->judgement) &&
            fit_rule(rows, &run->wish, &run->rule)) ||
           error_memory(error, "deciding");
}

static bool write_out(struct run *run, struct error *error)
{
    struct stream_header header = {.kind = STREAM_DECISIONS,
                                   .class_count = run->decide.header.class_count,
                                   .classes = run->decide.header.classes};
    struct output *output = output_open(run->common, OUTPUT_BINARY, error);
    bool done = output && lineage_copy(&header.lineage, &run->decide.header.lineage, error) &&
                lineage_append_program(&header.lineage, run->program, true, error) &&
                decided_write(output, &header, &run->rule, run->decide.digest, error);
    lineage_free(&header.lineage);
    return output_settle(output, done, error);
}

/* ---- telling ---- */

/* What a forest says of samples that it was grown from is nearly always right, and of no use. */
static void tell_perfect(const struct run *run)
{
    enum { LEAST_ROWS = 20 };
    const struct decide *decide = &run->decide;
    const struct lineage *lineage = &decide->header.lineage;
    size_t right = 0;
    for (size_t i = 0; i < decide->rows.count; i++)
        right += decide->voted[i] == decide->label[i];
    if (right == decide->rows.count && right >= LEAST_ROWS && lineage->count &&
        strcmp(lineage->entries[lineage->count - 1].tool, "rf-predict") == 0)
        report_warning(run->common, "every prediction is right: was the forest trained on these "
                                    "samples? Then take what rf-train --oob writes");
}

static void tell_calibration(const struct run *run)
{
    const struct judgement *judgement = &run->judgement;
    const double n = judgement->before.rows, halves = run->rule.classes == 2 ? 2 : 1;
    const double *temperature = run->rule.lists[RULE_TEMPERATURE].values;
    if (run->settings->calibrate == CALIBRATION_AUTO)
        report_summary(run->common,
                       "calibration: %s: log-loss %.4f by temperature, %.4f by "
                       "isotonic",
                       calibrations[run->wish.calibration], run->choice.temperature,
                       run->choice.isotonic);
    if (temperature)
        report_summary(run->common, "temperature %.4f, share of a uniform guess %.6f",
                       temperature[0], temperature[1]);
    report_summary(run->common, "log-loss %.4f -> %.4f, Brier %.4f -> %.4f",
                   judgement->before.loss / n, judgement->after.loss / n,
                   judgement->before.brier / n / halves, judgement->after.brier / n / halves);
}

static void tell_goal(const struct run *run)
{
    enum goal goal = run->wish.goal;
    const struct judgement *judgement = &run->judgement;
    double before = goal_mean(goal, judgement->before.counts, run->rule.classes);
    double after = goal_mean(goal, judgement->after.counts, run->rule.classes);
    if (goal == GOAL_NONE)
        return;
    report_summary(run->common, "%s %.4f -> %.4f, thresholds at strength %g", goals[goal], before,
                   after, run->wish.strength);
    if (after <= before)
        report_warning(run->common,
                       "thresholds do not raise %s on rows that they were not made "
                       "from: better leave --maximize out",
                       goals[goal]);
}

/* The labels that are never answered, for no probability is high enough. */
static uint32_t closed_floors(const struct rule *rule)
{
    uint32_t closed = 0;
    for (size_t c = 0; c < rule->lists[RULE_FLOORS].count; c++)
        closed += isinf(rule->lists[RULE_FLOORS].values[c]) != 0;
    return closed;
}

static void tell_answers(const struct run *run)
{
    const struct verdict *before = &run->judgement.before, *after = &run->judgement.after;
    const uint32_t closed = closed_floors(&run->rule);
    report_summary(run->common, "accuracy %.4f -> %.4f", before->right / before->rows,
                   after->right / after->rows);
    if (rule_abstains(&run->rule))
        report_summary(run->common, "answered %.2f%%, accuracy on these %.4f",
                       100 * after->answered / after->rows,
                       after->answered > 0 ? after->right / after->answered : 0);
    if (run->wish.precision > 0)
        report_summary(run->common, "precision %g: %u %s of %u %s never answered",
                       run->wish.precision, (unsigned)closed,
                       report_noun(closed, "label", "labels"), (unsigned)run->rule.classes,
                       report_noun(closed, "is", "are"));
    if (run->wish.costs)
        report_summary(run->common, "cost a row %.6g -> %.6g", before->cost / before->rows,
                       after->cost / after->rows);
    if (run->wish.novelty > 0)
        report_summary(run->common, "novelty: %.2f%% of these known texts are called novel",
                       100 * run->judgement.novel / before->rows);
}

static void tell_sets(const struct run *run)
{
    const struct judgement *judgement = &run->judgement;
    const double n = judgement->before.rows;
    for (int i = 0; i < JUDGED_SETS; i++)
        report_summary(run->common,
                       "sets for %.0f%%: %.2f%% hold the label, %.3f labels a set, "
                       "%.2f%% empty",
                       100 * judged_sets[i], 100 * judgement->covered[i] / n,
                       judgement->size[i] / n, 100 * judgement->empty[i] / n);
}

static void summarize(const struct run *run, double seconds)
{
    char rows[REPORT_COUNT_SIZE];
    report_summary(run->common,
                   "%s %s of %u %s in %.2f s; judged on rows that were left out "
                   "in turn, 1/%llu each:",
                   report_count(run->decide.count, rows),
                   report_noun(run->decide.count, "row", "rows"), (unsigned)run->rule.classes,
                   report_noun(run->rule.classes, "label", "labels"), seconds,
                   (unsigned long long)run->settings->folds);
    tell_perfect(run);
    tell_calibration(run);
    tell_answers(run);
    tell_goal(run);
    tell_sets(run);
}

/* ---- running ---- */

static bool rf_decide(const struct call *call, void *target, struct error *error)
{
    struct settings *settings = target;
    const double start = report_seconds();
    struct run run = {.program = call->program, .common = &call->common, .settings = settings};
    const char *path;
    if (!check(settings, error) || !program_operand(call, &path, error))
        return false;
    bool done = read_costs(&run, error) && load(&run, path, error) && decide(&run, error) &&
                write_out(&run, error);
    if (done)
        summarize(&run, report_seconds() - start);
    judgement_free(&run.judgement);
    rule_free(&run.rule);
    free(run.table);
    free(run.no_answer);
    costs_free(&run.costs);
    decide_free(&run.decide);
    return done;
}

int main(int argc, char **argv)
{
    struct settings settings = {.folds = 5, .strength = {NULL, -1}};
    const struct option_row rows[] = {
        {0, "calibrate", "HOW",
         "make probabilities mean what they say: auto, temperature, isotonic, none [auto]",
         OPTION_CHOICE | OPTION_NOTED, &settings.calibrate, 0, 0, calibrations, NULL},
        {0, "maximize", "MEASURE", "weigh the labels for it: macro-f1, balanced-accuracy [none]",
         OPTION_CHOICE | OPTION_NOTED_SET, &settings.maximize, 0, 0, goals, NULL},
        {0, "strength", "S", "how far thresholds go, 0 to 1 [what is best for rows left out]",
         OPTION_CUSTOM | OPTION_NOTED_SET, &settings.strength, 0, 0, NULL, parse_strength},
        {0, "precision", "P", "answer a label where so many of its answers are right, else ?",
         OPTION_REAL | OPTION_NOTED_SET, &settings.precision, 0, 1, NULL, NULL},
        {0, "costs", "FILE", "choose what costs least, by a table of TAB-separated text",
         OPTION_TEXT | OPTION_UNPACKS, &settings.costs, 0, 0, NULL, NULL},
        {.name = "costs-crc32",
         .type = OPTION_COUNT | OPTION_NOTED_SET,
         .target = &settings.costs_crc32},
        {.name = "costs-size",
         .type = OPTION_COUNT | OPTION_NOTED_SET,
         .target = &settings.costs_size},
        {0, "novelty", "RATE", "answer ? to texts of no known kind, and to so many others",
         OPTION_REAL | OPTION_NOTED_SET, &settings.novelty, 0, 1, NULL, NULL},
        {0, "folds", "N", "parts of the rows that are left out in turn to judge [5]",
         OPTION_COUNT | OPTION_NOTED, &settings.folds, 2, 1000, NULL, NULL},
        {0, "seed", "N", "of the dealing of rows into parts [0]", OPTION_COUNT | OPTION_NOTED,
         &settings.seed, 0, 0x1p53, NULL, NULL},
        {0},
    };
    const struct program program = {
        .name = "rf-decide",
        .arguments = "[options] [PREDICTIONS]",
        .purpose = "Find out from out-of-bag predictions, of rf-train --oob, how a forest's "
                   "probabilities become answers, for rf-predict --decide.",
        .rows = rows,
        .takes = TAKES_OUTPUT | TAKES_FORCE,
        .examples = "  rf-train --oob oob.mp -o model.mp train.mp\n"
                    "  rf-decide --maximize macro-f1 -o decide.mp oob.mp\n"
                    "  rf-predict --decide decide.mp --coverage 0.95 model.mp test.mp\n",
    };
    return program_main(&program, argc, argv, rf_decide, &settings);
}

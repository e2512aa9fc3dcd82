/*
 * rf-train: labelled samples to a random forest.
 */
#include "base/buffer.h"
#include "base/cpu.h"
#include "base/output.h"
#include "base/path.h"
#include "base/place.h"
#include "base/program.h"
#include "base/report.h"
#include "forest/growth.h"
#include "forest/recipe.h"
#include "run/directions.h"
#include "run/opinions.h"
#include "run/tell.h"
#include "run/train.h"
#include "run/weigh.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_TREES = 10000000, MOST_REAL = 1000000 };

/* --tree-range A:B: the trees A .. B - 1. */
struct tree_range {
    const char *text; /* as given; NULL: all trees */
    uint64_t first, end;
};

struct settings {
    uint64_t trees;
    struct recipe recipe;
    struct tree_range range;
    const char *warm_start, *checkpoint, *oob; /* NULL: none */
    uint64_t features_a_split;                 /* what its max_features comes to */
    const char *monotonic;                     /* NULL: no feature has a direction */
    double evidence_share;                     /* OPINIONS_AUTO at first */
    struct weigh weigh;
    int weights_in;
    bool balanced_bags;
    uint64_t weights_digest; /* of what these come to; 0: all samples weigh 1 */
    uint64_t weightless;     /* samples that weigh nothing */
};

/* What a run holds; freed in train. */
struct run {
    const struct program *program;
    const struct common *common;
    struct settings *settings;
    struct samples samples;
    struct growth growth;
    struct weighed weighed;
    struct stream_opinion opinion;
    int8_t *directions; /* of the features; NULL: none has any */
    struct buffer directions_text;
    struct train_totals totals;
    struct progress progress;
    struct output *oob; /* NULL: none is wanted, or it was committed */
};

static const char *const weights_places[] = {"splits", "bootstrap", NULL};

/* ---- options ---- */

static bool parse_range(const char *text, void *target, struct error *error)
{
    struct tree_range *range = target;
    char first[32] = "";
    const char *colon = strchr(text, ':');
    if (!colon || (size_t)(colon - text) >= sizeof first)
        return error_set(error, STATUS_USAGE,
                         "--tree-range: '%s' is no A:B, for the trees A to B - 1", text);
    memcpy(first, text, (size_t)(colon - text));
    range->text = text;
    return options_count("--tree-range, before the colon", first, 0, MOST_TREES - 1, &range->first,
                         error) &&
           options_count("--tree-range, behind the colon", colon + 1, range->first + 1, MOST_TREES,
                         &range->end, error);
}

/* Files that are not to be mixed up. */
static bool check_files(const struct call *call, const struct settings *settings,
                        struct error *error)
{
    const char *checkpoint = settings->checkpoint, *output = call->common.output;
    int descriptor;
    if (checkpoint && place_is_descriptor(checkpoint, &descriptor))
        return error_set(error, STATUS_USAGE, "--checkpoint: name a file");
    if (settings->oob && place_same(settings->oob, output))
        return error_set(error, STATUS_USAGE,
                         "--oob %s: the forest goes there: name another file, or one with -o",
                         settings->oob);
    if (settings->oob && settings->warm_start && !path_is_standard(settings->warm_start) &&
        place_same(settings->oob, settings->warm_start))
        return error_set(error, STATUS_USAGE, "--oob %s: would write over the model to start from",
                         settings->oob);
    if (checkpoint && settings->oob && place_same(checkpoint, settings->oob))
        return error_set(error, STATUS_USAGE, "checkpoint and --oob can't both go to %s",
                         checkpoint);
    if (checkpoint && place_same(checkpoint, output))
        return error_set(error, STATUS_USAGE, "checkpoint and forest can't both go to %s",
                         checkpoint);
    if (checkpoint && settings->warm_start && !path_is_standard(settings->warm_start) &&
        place_same(checkpoint, settings->warm_start))
        return error_set(error, STATUS_USAGE,
                         "--checkpoint %s: would write over the model to start from", checkpoint);
    return true;
}

/* Whether the options go together. */
static bool check(const struct settings *settings, struct error *error)
{
    if (settings->recipe.max_samples.text && settings->recipe.no_bootstrap)
        return error_set(error, STATUS_USAGE,
                         "--max-samples says how many samples a bag draws, and --no-bootstrap that "
                         "there is none: leave out one of them");
    if (settings->oob && settings->recipe.no_bootstrap)
        return error_set(error, STATUS_USAGE,
                         "--oob: with --no-bootstrap no sample is out of a bag: leave out one of "
                         "them");
    if (settings->oob && settings->range.text)
        return error_set(
            error, STATUS_USAGE,
            "--oob wants all trees, and --tree-range grows some: merge the parts, then "
            "give the forest to --warm-start");
    if (settings->monotonic && settings->evidence_share > 0)
        return error_set(
            error, STATUS_USAGE,
            "--evidence-share: what evidence says knows of no direction that --monotonic "
            "gives: leave out one of them");
    if (settings->weights_in && settings->monotonic)
        return error_set(error, STATUS_USAGE,
                         "--monotonic: leaves get shares that whole samples do not have, and "
                         "--weights-in bootstrap counts whole samples: leave out one of them");
    if (settings->weights_in && settings->recipe.no_bootstrap)
        return error_set(error, STATUS_USAGE,
                         "--weights-in bootstrap: with --no-bootstrap nothing is drawn: leave out "
                         "one of them");
    if (settings->weights_in && settings->balanced_bags)
        return error_set(error, STATUS_USAGE,
                         "--class-weight balanced-subsample balances a bag that was drawn, and "
                         "--weights-in bootstrap weighs in drawing it: say balanced");
    if (settings->range.text && settings->range.end > settings->trees)
        return error_set(error, STATUS_USAGE,
                         "--tree-range %s: a forest of %llu %s, as --trees says, has the trees "
                         "0:%llu",
                         settings->range.text, (unsigned long long)settings->trees,
                         report_noun(settings->trees, "tree", "trees"),
                         (unsigned long long)settings->trees);
    return true;
}

/* ---- samples ---- */

static bool load_samples(struct run *run, const char *path, struct error *error)
{
    struct stream_reader *reader = stream_open(path, error);
    if (!reader)
        return false;
    const struct samples *samples = &run->samples;
    bool loaded = train_load(reader, run->common->jobs, &run->samples, error);
    if (loaded && samples->class_count == 1)
        report_warning(run->common, "%s: all samples are labelled '%.*s': nothing to tell apart",
                       stream_name(reader), (int)samples->classes[0].size,
                       samples->classes[0].data);
    stream_close(reader);
    return loaded;
}

/* What the samples weigh, if they weigh anything but 1; or where leaves are to have shares that
   whole samples do not have. */
static bool weigh(struct run *run, struct error *error)
{
    struct settings *settings = run->settings;
    const bool wanted = weigh_wanted(&settings->weigh, &run->samples);
    if (!wanted && settings->weigh.draws)
        return error_set(error, STATUS_USAGE,
                         "--weights-in bootstrap: there are no weights: give some with "
                         "--sample-weight or --class-weight");
    if (!wanted && !settings->monotonic)
        return true;
    if (!weigh_samples(&settings->weigh, &run->samples, &run->weighed, error))
        return false;
    run->growth.weights = &run->weighed.weights;
    settings->weights_digest = run->weighed.digest;
    settings->weightless = run->weighed.weightless;
    return true;
}

/* The directions of features; the lineage has them as they are meant, however they were given. */
static bool load_directions(struct run *run, const char *path, struct error *error)
{
    struct settings *settings = run->settings;
    const struct samples *samples = &run->samples;
    if (!settings->monotonic)
        return true;
    if (samples->class_count != 2)
        return error_set(error, STATUS_USAGE,
                         "--monotonic: %s has %u class%s, and a feature speaks for one of two",
                         path_called(path), (unsigned)samples->class_count,
                         report_noun(samples->class_count, "", "es"));
    run->directions = directions_read(settings->monotonic, samples, &run->directions_text, error);
    settings->monotonic = run->directions_text.bytes;
    return run->directions != NULL;
}

/* The options' meaning for these samples. */
static bool settle(struct run *run, const char *path, struct error *error)
{
    const struct samples *samples = &run->samples;
    struct settings *settings = run->settings;
    run->growth = recipe_growth(&settings->recipe, samples->dim, (uint32_t)samples->rows);
    run->growth.directions = run->directions;
    settings->features_a_split = run->growth.max_features;
    if (settings->monotonic)
        settings->evidence_share = 0;
    if (!opinions_find(samples, path_called(path), settings->evidence_share, &run->opinion, error))
        return false;
    settings->evidence_share = run->opinion.share;
    return true;
}

/* ---- telling ---- */

static void tell_progress(void *context, uint64_t trees)
{
    struct run *run = context;
    progress_update(&run->progress, trees);
}

static void tell_again(void *context, const char *noun, uint64_t number, const char *cause)
{
    struct run *run = context;
    progress_again(&run->progress, run->common, noun, number, cause);
}

static void tell_goes_on(void *context, const char *without, const char *cause)
{
    struct run *run = context;
    progress_finish(&run->progress);
    report_warning(run->common, "goes on without %s: %s", without, cause);
}

/* What there was before. */
static void tell_kept(const struct run *run, uint64_t trees)
{
    char kept[REPORT_COUNT_SIZE], all[REPORT_COUNT_SIZE];
    if (run->totals.damaged)
        report_warning(run->common,
                       "%s: byte %llu: was damaged from there on: those trees were grown again",
                       run->settings->checkpoint, (unsigned long long)run->totals.damaged);
    if (run->totals.kept)
        report_summary(run->common, "%s of %s %s %s grown before",
                       report_count(run->totals.kept, kept), report_count(trees, all),
                       report_noun(trees, "tree", "trees"),
                       report_noun(run->totals.kept, "was", "were"));
}

static void tell_opinion(const struct run *run)
{
    struct buffer views = {0};
    stream_opinion_show(&run->opinion, run->samples.features, run->samples.class_count, &views);
    buffer_byte(&views, '\0');
    if (!views.out_of_memory)
        report_detail(run->common, "evidence has %.6f of the vote for itself, by %s",
                      run->opinion.share, views.bytes);
    buffer_free(&views);
}

static void tell_oob(const struct run *run)
{
    char right[REPORT_COUNT_SIZE], rows[REPORT_COUNT_SIZE];
    const struct oob_totals *oob = &run->totals.oob;
    if (!run->settings->oob)
        return;
    if (oob->unvoted)
        report_warning(
            run->common,
            "--oob: %s %s in every bag: %s the classes' shares in place of votes: grow more "
            "trees",
            report_count(oob->unvoted, right),
            report_noun(oob->unvoted, "sample is", "samples are"),
            report_noun(oob->unvoted, "it has", "they have"));
    report_summary(run->common, "out-of-bag accuracy %.6f (%s of %s right)",
                   (double)oob->right / (double)run->samples.rows, report_count(oob->right, right),
                   report_count(run->samples.rows, rows));
}

static void summarize(const struct run *run, double seconds)
{
    char trees[REPORT_COUNT_SIZE], rows[REPORT_COUNT_SIZE], nodes[REPORT_COUNT_SIZE];
    char paths[ACCOUNT_TEXT_SIZE];
    const struct samples *samples = &run->samples;
    const uint64_t count = run->settings->range.end - run->settings->range.first;
    tell_kept(run, count);
    report_summary(run->common, "%s %s of %s %s with %u %s in %u %s, in %.2f s",
                   report_count(count, trees), report_noun(count, "tree", "trees"),
                   report_count(samples->rows, rows),
                   report_noun(samples->rows, "sample", "samples"), samples->dim,
                   report_noun(samples->dim, "feature", "features"), samples->class_count,
                   report_noun(samples->class_count, "class", "classes"), seconds);
    if (samples->missing)
        report_summary(run->common, "%s %s values", report_count(samples->missing, rows),
                       report_noun(samples->missing, "sample misses", "samples miss"));
    tell_classes(run->common, samples->class_count, samples->rows, "samples");
    tell_alike(run->common, samples->classes, samples->class_count);
    if (run->opinion.views)
        tell_opinion(run);
    tell_oob(run);
    report_detail(run->common, "%s %s, depth %u, %s kernels",
                  report_count(run->totals.nodes, nodes),
                  report_noun(run->totals.nodes, "node", "nodes"), run->totals.account.depth,
                  cpu_level_name(cpu_level()));
    if (run->totals.account.trees)
        report_detail(run->common, "paths: %s", account_text(&run->totals.account, paths));
    if (run->settings->oob)
        report_detail(run->common, "out of bag: %s %s parted",
                      report_count(run->totals.oob.crowds, nodes),
                      report_noun(run->totals.oob.crowds, "crowd", "crowds"));
}

/* ---- running ---- */

static bool write_forest(struct run *run, struct output *output, struct error *error)
{
    const struct tree_range *range = &run->settings->range;
    const struct train train = {.samples = &run->samples,
                                .growth = &run->growth,
                                .first = range->first,
                                .trees = range->end - range->first,
                                .whole = run->settings->trees,
                                .opinion = &run->opinion,
                                .oob = run->oob,
                                .warm_start = run->settings->warm_start,
                                .checkpoint = run->settings->checkpoint,
                                .sync = !run->common->no_sync,
                                .lineage = &run->samples.lineage,
                                .level = cpu_level(),
                                .jobs = run->common->jobs,
                                .progressed = tell_progress,
                                .again = tell_again,
                                .goes_on = tell_goes_on,
                                .context = run};
    if (!lineage_append_program(&run->samples.lineage, run->program, true, error))
        return false;
    run->progress = progress_start(run->common, "trees", train.trees);
    bool done = train_run(&train, output, &run->totals, error);
    progress_finish(&run->progress);
    return done;
}

static bool train_to(struct run *run, struct output *output, struct error *error)
{
    double start = report_seconds();
    bool done = write_forest(run, output, error);
    if (done && run->oob) {
        done = output_commit(run->oob, error);
        run->oob = NULL;
    }
    if (!output_settle(output, done, error))
        return false;
    summarize(run, report_seconds() - start);
    return true;
}

static bool open_oob(struct run *run, struct error *error)
{
    struct common common = *run->common;
    common.output = run->settings->oob;
    if (common.output)
        run->oob = output_open(&common, OUTPUT_BINARY, error);
    return run->oob || !common.output;
}

static bool train(const struct call *call, void *target, struct error *error)
{
    struct run run = {.program = call->program, .common = &call->common, .settings = target};
    const char *path;
    if (!program_operand(call, &path, error))
        return false;
    run.settings->weigh.draws = run.settings->weights_in;
    run.settings->balanced_bags = weigh_balances_bags(&run.settings->weigh);
    if (!check(run.settings, error) || !check_files(call, run.settings, error))
        return false;
    if (!run.settings->range.text)
        run.settings->range.end = run.settings->trees;
    bool done = load_samples(&run, path, error) && load_directions(&run, path, error);
    if (done && (done = settle(&run, path, error))) {
        struct output *output = NULL;
        done = weigh(&run, error) && open_oob(&run, error) &&
               (output = output_open(run.common, OUTPUT_BINARY, error)) &&
               train_to(&run, output, error);
        output_discard(run.oob);
    }
    free(run.directions);
    buffer_free(&run.directions_text);
    stream_opinion_free(&run.opinion);
    samples_free(&run.samples);
    weighed_free(&run.weighed);
    return done;
}

/* All but its options. */
static const struct program description = {
    .name = "rf-train",
    .arguments = "[options] [SAMPLES]",
    .purpose = "Train a random forest on labelled samples, from vectorize.",
    .takes = TAKES_OUTPUT | TAKES_JOBS | TAKES_FORCE | TAKES_PROGRESS,
    .examples = "  vectorize --vectors vectors.mp train.txt | rf-train -o model.mp\n"
                "  rf-train -n 500 --seed 1 --max-depth 20 train.mp >model.mp\n",
};

int main(int argc, char **argv)
{
    struct settings settings = {
        .trees = 200, .recipe = RECIPE_DEFAULT, .evidence_share = OPINIONS_AUTO};
    struct recipe *recipe = &settings.recipe;
    const struct option_row rows[] = {
        {'n', "trees", "N", "how many trees [200]", OPTION_COUNT | OPTION_NOTED, &settings.trees, 1,
         MOST_TREES, NULL, NULL},
        {0, "tree-range", "A:B", "grow only the trees A to B - 1 of these: a part for rf-merge",
         OPTION_CUSTOM, &settings.range, 0, 0, NULL, parse_range},
        {0, "oob", "FILE", "write each sample's out-of-bag predictions there",
         OPTION_TEXT | OPTION_WRITES, &settings.oob, 0, 0, NULL, NULL},
        {0, "warm-start", "MODEL", "take the first trees from that forest of fewer",
         OPTION_TEXT | OPTION_READS | OPTION_CONTINUES, &settings.warm_start, 0, 0, NULL, NULL},
        {0, "checkpoint", "FILE", "keep trees there as they come, and go on from what it has",
         OPTION_TEXT | OPTION_READS | OPTION_WRITES, &settings.checkpoint, 0, 0, NULL, NULL},
        {0, "seed", "N", "of the random numbers [0]", OPTION_COUNT | OPTION_NOTED, &recipe->seed, 0,
         0x1p53, NULL, NULL},
        {0, "criterion", "NAME",
         "what makes a split good: gini, entropy, log_loss, hellinger [gini]",
         OPTION_CHOICE | OPTION_NOTED, &recipe->criterion, 0, 0, recipe_criteria, NULL},
        {0, "splitter", "NAME", "a feature's cut: best, or random for extra trees [best]",
         OPTION_CHOICE | OPTION_NOTED_SET, &recipe->splitter, 0, 0, recipe_splitters, NULL},
        {0, "class-weight", "HOW",
         "of all samples of a class: balanced, balanced-subsample, or a file: label, TAB, weight",
         OPTION_TEXT | OPTION_UNPACKS, &settings.weigh.class_weight, 0, 0, NULL, NULL},
        {0, "sample-weight", "FILE", "each sample's weight, one a line [its own, or 1]",
         OPTION_TEXT | OPTION_UNPACKS, &settings.weigh.sample_weight, 0, 0, NULL, NULL},
        {0, "weights-in", "PLACE", "where weights count: splits, bootstrap [splits]",
         OPTION_CHOICE | OPTION_NOTED_SET, &settings.weights_in, 0, 0, weights_places, NULL},
        {0, "weights", NULL, NULL, OPTION_COUNT | OPTION_NOTED_SET, &settings.weights_digest, 0, 0,
         NULL, NULL},
        {0, "weightless", NULL, NULL, OPTION_COUNT | OPTION_NOTED_SET, &settings.weightless, 0, 0,
         NULL, NULL},
        {0, "balanced-bags", NULL, NULL, OPTION_FLAG | OPTION_NOTED_SET, &settings.balanced_bags, 0,
         0, NULL, NULL},
        {0, "bootstrap", NULL, "draw each tree's samples with replacement [yes]",
         OPTION_NEGATE | OPTION_NOTED, &recipe->no_bootstrap, 0, 0, NULL, NULL},
        {0, "no-bootstrap", NULL, "grow each tree on all samples", OPTION_FLAG,
         &recipe->no_bootstrap, 0, 0, NULL, NULL},
        {0, "max-samples", "N", "samples that each tree draws, N or 0.N of all [all]",
         OPTION_CUSTOM | OPTION_NOTED_SET, &recipe->max_samples, 0, 0, NULL, amount_parse_draws},
        {0, "max-features", "HOW", "features looked at for a split: sqrt, log2, all, N, 0.N [sqrt]",
         OPTION_CUSTOM | OPTION_NOTED, &recipe->max_features, 0, 0, NULL, amount_parse_features},
        {0, "features-a-split", NULL, NULL, OPTION_COUNT | OPTION_NOTED, &settings.features_a_split,
         0, 0, NULL, NULL},
        {0, "max-depth", "N", "no deeper than N splits [no limit]", OPTION_COUNT | OPTION_NOTED_SET,
         &recipe->max_depth, 1, INT32_MAX, NULL, NULL},
        {0, "min-samples-split", "N", "samples that a node needs to be split, N or 0.N of all [2]",
         OPTION_CUSTOM | OPTION_NOTED, &recipe->min_samples_split, 0, 0, NULL, amount_parse_split},
        {0, "min-samples-leaf", "N", "samples that a leaf needs, N or 0.N of all [1]",
         OPTION_CUSTOM | OPTION_NOTED, &recipe->min_samples_leaf, 0, 0, NULL, amount_parse_leaf},
        {0, "min-weight-fraction-leaf", "F", "part of its bag's weight that a leaf needs [0]",
         OPTION_REAL | OPTION_NOTED_SET, &recipe->min_weight_fraction, 0, 0.5, NULL, NULL},
        {0, "min-impurity-decrease", "F", "how much purer a split makes all samples, or none [0]",
         OPTION_REAL | OPTION_NOTED_SET, &recipe->min_decrease, 0, MOST_REAL, NULL, NULL},
        {0, "max-leaf-nodes", "N", "leaves of a tree, which then grows best first [no limit]",
         OPTION_COUNT | OPTION_NOTED_SET, &recipe->max_leaves, 2, INT32_MAX, NULL, NULL},
        {0, "ccp-alpha", "F", "prune splits that gain less than F for each leaf more [0]",
         OPTION_REAL | OPTION_NOTED_SET, &recipe->prune, 0, MOST_REAL, NULL, NULL},
        {0, "evidence-share", "F",
         "what part of the vote evidence has for itself [by the numbers of classes and samples]",
         OPTION_REAL | OPTION_NOTED_SET, &settings.evidence_share, 0, STREAM_MOST_SHARE, NULL,
         NULL},
        {0, "monotonic", "LIST", "features that speak for a class: NAME:+1,NAME:-1, or @FILE",
         OPTION_TEXT | OPTION_NOTED_SET | OPTION_UNPACKS, &settings.monotonic, 0, 0, NULL, NULL},
        {0},
    };
    struct program program = description;
    program.rows = rows;
    return program_main(&program, argc, argv, train, &settings);
}

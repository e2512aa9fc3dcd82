/*
 * rf-train: labelled samples to a random forest.
 */
#include "base/cpu.h"
#include "base/output.h"
#include "base/program.h"
#include "base/report.h"
#include "forest/growth.h"
#include "run/tell.h"
#include "run/train.h"

enum { MOST_TREES = 10000000 };

struct settings {
    uint64_t trees, seed;
    struct amount max_features, min_samples_split, min_samples_leaf;
    struct amount max_samples; /* text NULL: as many as there are */
    uint64_t max_depth;        /* 0: no limit */
    uint64_t features_a_split; /* what max_features comes to */
    bool no_bootstrap;
    int criterion;
};

/* What a run holds; freed in train. */
struct run {
    const struct program *program;
    const struct common *common;
    struct settings *settings;
    struct samples samples;
    struct growth growth;
    struct train_totals totals;
    struct progress progress;
};

static const char *const criteria[] = {"gini", "entropy", NULL};

/* ---- samples ---- */

static bool load_samples(struct run *run, const char *path, struct error *error)
{
    struct stream_reader *reader = stream_open(path, error);
    if (!reader)
        return false;
    const struct samples *samples = &run->samples;
    bool loaded = train_load(reader, &run->samples, error);
    if (loaded && samples->class_count == 1)
        report_warning(run->common, "%s: all samples are labelled '%.*s': nothing to tell apart",
                       stream_name(reader), (int)samples->classes[0].size,
                       samples->classes[0].data);
    stream_close(reader);
    return loaded;
}

/* The options' meaning for so many samples. */
static void settle(struct run *run)
{
    struct settings *settings = run->settings;
    const struct samples *samples = &run->samples;
    run->growth = (struct growth){
        .seed = settings->seed,
        .criterion = settings->criterion ? CRITERION_ENTROPY : CRITERION_GINI,
        .bootstrap = !settings->no_bootstrap,
        .max_features = amount_of_features(&settings->max_features, samples->dim),
        .max_depth = settings->max_depth ? (uint32_t)settings->max_depth : UINT32_MAX,
    };
    amount_of_samples(&settings->min_samples_split, &settings->min_samples_leaf,
                      (uint32_t)samples->rows, &run->growth);
    if (settings->max_samples.text)
        run->growth.max_samples = amount_of_draws(&settings->max_samples, (uint32_t)samples->rows);
    settings->features_a_split = run->growth.max_features;
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
    progress_finish(&run->progress);
    report_warning(run->common, "%s %llu is done again: %s", noun, (unsigned long long)number,
                   cause);
}

static void summarize(const struct run *run, double seconds)
{
    char trees[REPORT_COUNT_SIZE], rows[REPORT_COUNT_SIZE], nodes[REPORT_COUNT_SIZE];
    char paths[ACCOUNT_TEXT_SIZE];
    const struct samples *samples = &run->samples;
    report_summary(run->common, "%s trees of %s samples with %u features in %u classes, in %.2f s",
                   report_count(run->settings->trees, trees), report_count(samples->rows, rows),
                   samples->dim, samples->class_count, seconds);
    tell_classes(run->common, samples->class_count, samples->rows, "samples");
    report_detail(run->common, "%s nodes, depth %u, %s kernels",
                  report_count(run->totals.nodes, nodes), run->totals.account.depth,
                  cpu_level_name(cpu_level()));
    report_detail(run->common, "paths: %s", account_text(&run->totals.account, paths));
}

/* ---- running ---- */

static bool write_forest(struct run *run, struct output *output, struct error *error)
{
    const struct train train = {.samples = &run->samples,
                                .growth = &run->growth,
                                .trees = run->settings->trees,
                                .lineage = &run->samples.lineage,
                                .level = cpu_level(),
                                .jobs = run->common->jobs,
                                .progressed = tell_progress,
                                .again = tell_again,
                                .context = run};
    if (!lineage_append_program(&run->samples.lineage, run->program, true, error))
        return false;
    run->progress = progress_start(run->common, "trees", run->settings->trees);
    bool done = train_run(&train, output, &run->totals, error);
    progress_finish(&run->progress);
    return done;
}

static bool train_to(struct run *run, struct output *output, struct error *error)
{
    double start = report_seconds();
    if (!write_forest(run, output, error)) {
        output_discard(output);
        return false;
    }
    if (!output_commit(output, error))
        return false;
    summarize(run, report_seconds() - start);
    return true;
}

static bool train(const struct call *call, void *target, struct error *error)
{
    struct run run = {.program = call->program, .common = &call->common, .settings = target};
    const char *path;
    if (!program_operand(call, &path, error))
        return false;
    if (run.settings->max_samples.text && run.settings->no_bootstrap)
        return error_set(error, STATUS_USAGE,
                         "--max-samples says how many samples a bag draws, and --no-bootstrap that "
                         "there is none: leave out one of them");
    bool done = load_samples(&run, path, error);
    if (done) {
        settle(&run);
        struct output *output = output_open(run.common, OUTPUT_BINARY, error);
        done = output && train_to(&run, output, error);
    }
    samples_free(&run.samples);
    return done;
}

int main(int argc, char **argv)
{
    struct settings settings = {
        .trees = 200,
        .max_features = {.text = "sqrt", .type = AMOUNT_SQRT},
        .min_samples_split = {.text = "2", .count = 2},
        .min_samples_leaf = {.text = "1", .count = 1},
    };
    const struct option_row rows[] = {
        {'n', "trees", "N", "how many trees [200]", OPTION_COUNT | OPTION_NOTED, &settings.trees, 1,
         MOST_TREES, NULL, NULL},
        {0, "seed", "N", "of the random numbers [0]", OPTION_COUNT | OPTION_NOTED, &settings.seed,
         0, 0x1p53, NULL, NULL},
        {0, "criterion", "NAME", "what makes a split good: gini, entropy [gini]",
         OPTION_CHOICE | OPTION_NOTED, &settings.criterion, 0, 0, criteria, NULL},
        {0, "bootstrap", NULL, "draw each tree's samples with replacement [yes]",
         OPTION_NEGATE | OPTION_NOTED, &settings.no_bootstrap, 0, 0, NULL, NULL},
        {0, "no-bootstrap", NULL, "grow each tree on all samples", OPTION_FLAG,
         &settings.no_bootstrap, 0, 0, NULL, NULL},
        {0, "max-samples", "N", "samples that each tree draws, N or 0.N of all [all]",
         OPTION_CUSTOM | OPTION_NOTED_SET, &settings.max_samples, 0, 0, NULL, amount_parse_draws},
        {0, "max-features", "HOW", "features looked at for a split: sqrt, log2, all, N, 0.N [sqrt]",
         OPTION_CUSTOM | OPTION_NOTED, &settings.max_features, 0, 0, NULL, amount_parse_features},
        {.name = "features-a-split",
         .type = OPTION_COUNT | OPTION_NOTED,
         .target = &settings.features_a_split},
        {0, "max-depth", "N", "no deeper than N splits [no limit]", OPTION_COUNT | OPTION_NOTED_SET,
         &settings.max_depth, 1, INT32_MAX, NULL, NULL},
        {0, "min-samples-split", "N", "samples that a node needs to be split, N or 0.N of all [2]",
         OPTION_CUSTOM | OPTION_NOTED, &settings.min_samples_split, 0, 0, NULL, amount_parse_split},
        {0, "min-samples-leaf", "N", "samples that a leaf needs, N or 0.N of all [1]",
         OPTION_CUSTOM | OPTION_NOTED, &settings.min_samples_leaf, 0, 0, NULL, amount_parse_leaf},
        {0},
    };
    const struct program program = {
        .name = "rf-train",
        .arguments = "[options] [SAMPLES]",
        .purpose = "Train a random forest on labelled samples, from vectorize.",
        .rows = rows,
        .takes = TAKES_OUTPUT | TAKES_JOBS | TAKES_FORCE | TAKES_PROGRESS,
        .examples = "  vectorize --vectors vectors.mp train.txt | rf-train -o model.mp\n"
                    "  rf-train -n 500 --seed 1 --max-depth 20 train.mp >model.mp\n",
    };
    return program_main(&program, argc, argv, train, &settings);
}

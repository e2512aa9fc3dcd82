/*
 * rf-train: labelled samples to a random forest, grown by forked workers.
 */
#include "base/cpu.h"
#include "base/output.h"
#include "base/program.h"
#include "base/report.h"
#include "forest/grow.h"
#include "forest/parcel.h"
#include "par/workers.h"
#include "stream/forest.h"
#include "stream/samples.h"

enum { MOST_TREES = 10000000 };

struct settings {
    uint64_t trees, seed;
    struct amount max_features, min_samples_split, min_samples_leaf;
    uint64_t max_depth; /* 0: no limit */
    bool no_bootstrap;
    int criterion;
};

/* What a run holds; freed in train. Workers have a copy of it, in which they make a grower. */
struct run {
    const struct common *common;
    const struct settings *settings;
    struct samples samples;
    struct matrix matrix;
    struct growth growth;
    struct ranks ranks;
    enum cpu_level level;
    struct stream_writer *writer;
    struct tree tree; /* in a worker: the one that grows; in the parent: that is written */
    struct grower *grower;
    const char *task; /* what workers do at the moment */
    struct progress progress;
    uint64_t nodes;
    struct grow_account account; /* of all trees */
};

static const char *const criteria[] = {"gini", "entropy", NULL};

/* ---- checking ---- */

static bool check_samples(const struct run *run, const char *name, struct error *error)
{
    const struct samples *samples = &run->samples;
    if (samples->rows == 0)
        return error_set(error, STATUS_INPUT, "%s: there are no samples", name);
    if (!samples->class_of)
        return error_set(error, STATUS_INPUT,
                         "%s: the samples have no labels: make them without --no-label", name);
    if (samples->rows > MATRIX_MAX_ROWS)
        return error_set(error, STATUS_INPUT, "%s: %zu samples; at most %u can be trained on", name,
                         samples->rows, (unsigned)MATRIX_MAX_ROWS);
    if (samples->class_count == 1)
        report_warning(run->common, "%s: all samples are labelled '%.*s': nothing to tell apart",
                       name, (int)samples->classes[0].size, samples->classes[0].data);
    return true;
}

static bool load_samples(struct run *run, const char *path, struct error *error)
{
    struct stream_reader *reader = stream_open(path, error);
    if (!reader)
        return false;
    bool loaded = samples_load(reader, &run->samples, error) &&
                  check_samples(run, stream_name(reader), error);
    stream_close(reader);
    return loaded;
}

/* The samples as the engine sees them, and the options' meaning for so many. */
static void settle(struct run *run)
{
    const struct settings *settings = run->settings;
    const struct samples *samples = &run->samples;
    uint32_t rows = (uint32_t)samples->rows;
    run->matrix = (struct matrix){
        .rows = rows,
        .features = samples->dim,
        .classes = samples->class_count,
        .x = samples->x,
        .class_of = samples->class_of,
    };
    run->growth = (struct growth){
        .seed = settings->seed,
        .criterion = settings->criterion ? CRITERION_ENTROPY : CRITERION_GINI,
        .bootstrap = !settings->no_bootstrap,
        .max_features = amount_of_features(&settings->max_features, samples->dim),
        .max_depth = settings->max_depth ? (uint32_t)settings->max_depth : UINT32_MAX,
    };
    amount_of_samples(&settings->min_samples_split, &settings->min_samples_leaf, rows,
                      &run->growth);
    run->level = cpu_level();
}

static bool write_lineage(const struct run *run, struct lineage *lineage, struct error *error)
{
    const struct settings *settings = run->settings;
    return lineage_append(lineage, "rf-train", error) &&
           lineage_add_count(lineage, "trees", settings->trees, error) &&
           lineage_add_count(lineage, "seed", settings->seed, error) &&
           lineage_add_text(lineage, "criterion", criteria[settings->criterion], error) &&
           lineage_add_flag(lineage, "bootstrap", !settings->no_bootstrap, error) &&
           lineage_add_text(lineage, "max-features", settings->max_features.text, error) &&
           lineage_add_count(lineage, "features-a-split", run->growth.max_features, error) &&
           (!settings->max_depth ||
            lineage_add_count(lineage, "max-depth", settings->max_depth, error)) &&
           lineage_add_text(lineage, "min-samples-split", settings->min_samples_split.text,
                            error) &&
           lineage_add_text(lineage, "min-samples-leaf", settings->min_samples_leaf.text, error);
}

/* ---- what workers do ---- */

static bool rank_features(void *context, uint64_t group, struct workers_result *result,
                          struct error *error)
{
    struct run *run = context;
    (void)result;
    return ranks_sort(&run->ranks, &run->matrix, (uint32_t)group, error);
}

static bool put_piece(void *context, const void *bytes, size_t size)
{
    return workers_append(context, bytes, size);
}

static bool grow_tree(void *context, uint64_t index, struct workers_result *result,
                      struct error *error)
{
    struct run *run = context;
    if (!run->grower)
        run->grower = grower_new(&run->matrix, &run->ranks, &run->growth, run->level, error);
    return run->grower && grower_grow(run->grower, index, &run->tree, error) &&
           (parcel_pack(&run->tree, run->matrix.classes, grower_account(run->grower), put_piece,
                        result) ||
            error_memory(error, "sending a tree"));
}

/* ---- what becomes of it ---- */

static bool take_tree(void *context, uint64_t index, const unsigned char *bytes, size_t size,
                      struct error *error)
{
    struct run *run = context;
    struct grow_account account;
    if (!parcel_unpack(bytes, size, run->matrix.classes, &run->tree, &account))
        return error_memory(error, "receiving a tree");
    run->nodes += run->tree.nodes;
    account_add(&run->account, &account);
    progress_update(&run->progress, index + 1);
    return forest_write(run->writer, run->matrix.classes, &run->tree, error);
}

static void tell_again(void *context, uint64_t task, const char *cause)
{
    struct run *run = context;
    progress_finish(&run->progress);
    report_warning(run->common, "%s %llu is done again: %s", run->task, (unsigned long long)task,
                   cause);
}

/* ---- running ---- */

static bool rank_samples(struct run *run, struct error *error)
{
    if (!ranks_begin(&run->ranks, run->matrix.rows, run->matrix.features, error))
        return false;
    run->task = "group of features";
    const struct workers workers = {
        .context = run,
        .noun = run->task,
        .tasks = ranks_groups(&run->ranks),
        .jobs = run->common->jobs,
        .work = rank_features,
        .again = tell_again,
    };
    return workers_run(&workers, error);
}

static bool grow_trees(struct run *run, struct error *error)
{
    run->task = "tree";
    const struct workers workers = {
        .context = run,
        .noun = run->task,
        .tasks = run->settings->trees,
        .jobs = run->common->jobs,
        .result_limit = SIZE_MAX,
        .work = grow_tree,
        .take = take_tree,
        .again = tell_again,
    };
    run->progress = progress_start(run->common, "trees", run->settings->trees);
    bool grown = workers_run(&workers, error);
    progress_finish(&run->progress);
    return grown;
}

static bool write_forest(struct run *run, struct output *output, struct error *error)
{
    if (!write_lineage(run, &run->samples.lineage, error))
        return false;
    const struct stream_header header = {
        .kind = STREAM_FOREST,
        .dim = run->matrix.features,
        .trees = run->settings->trees,
        .samples = run->matrix.rows,
        .class_count = run->matrix.classes,
        .classes = run->samples.classes,
        .lineage = run->samples.lineage,
    };
    run->writer = stream_begin(output, &header, error);
    if (!run->writer)
        return false;
    if (grow_trees(run, error))
        return stream_end(run->writer, run->samples.digest, error);
    stream_abandon(run->writer);
    return false;
}

static void summarize(const struct run *run, double seconds)
{
    char trees[REPORT_COUNT_SIZE], samples[REPORT_COUNT_SIZE], nodes[REPORT_COUNT_SIZE];
    char paths[ACCOUNT_TEXT_SIZE];
    const struct matrix *matrix = &run->matrix;
    report_summary(run->common, "%s trees of %s samples with %u features in %u classes, in %.2f s",
                   report_count(run->settings->trees, trees), report_count(matrix->rows, samples),
                   matrix->features, matrix->classes, seconds);
    report_detail(run->common, "%s nodes, depth %u, %s kernels", report_count(run->nodes, nodes),
                  run->account.depth, cpu_level_name(run->level));
    report_detail(run->common, "paths: %s", account_text(&run->account, paths));
}

static bool train_to(struct run *run, struct output *output, struct error *error)
{
    double start = report_seconds();
    bool done = rank_samples(run, error) && write_forest(run, output, error);
    if (!done) {
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
    struct run run = {.common = &call->common, .settings = target};
    const char *path;
    if (!program_operand(call, &path, error))
        return false;
    bool done = load_samples(&run, path, error);
    if (done) {
        settle(&run);
        struct output *output = output_open(run.common, OUTPUT_BINARY, error);
        done = output && train_to(&run, output, error);
    }
    ranks_free(&run.ranks);
    tree_free(&run.tree);
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
        {'n', "trees", "N", "how many trees [200]", OPTION_COUNT, &settings.trees, 1, MOST_TREES,
         NULL, NULL},
        {0, "seed", "N", "of the random numbers [0]", OPTION_COUNT, &settings.seed, 0, 0x1p53, NULL,
         NULL},
        {0, "max-features", "HOW", "features looked at for a split: sqrt, log2, all, N, 0.N [sqrt]",
         OPTION_CUSTOM, &settings.max_features, 0, 0, NULL, amount_parse_features},
        {0, "max-depth", "N", "no deeper than N splits [no limit]", OPTION_COUNT,
         &settings.max_depth, 1, INT32_MAX, NULL, NULL},
        {0, "min-samples-split", "N", "samples that a node needs to be split, N or 0.N of all [2]",
         OPTION_CUSTOM, &settings.min_samples_split, 0, 0, NULL, amount_parse_split},
        {0, "min-samples-leaf", "N", "samples that a leaf needs, N or 0.N of all [1]",
         OPTION_CUSTOM, &settings.min_samples_leaf, 0, 0, NULL, amount_parse_leaf},
        {0, "bootstrap", NULL, "draw each tree's samples with replacement [yes]", OPTION_NEGATE,
         &settings.no_bootstrap, 0, 0, NULL, NULL},
        {0, "no-bootstrap", NULL, "grow each tree on all samples", OPTION_FLAG,
         &settings.no_bootstrap, 0, 0, NULL, NULL},
        {0, "criterion", "NAME", "what makes a split good: gini, entropy [gini]", OPTION_CHOICE,
         &settings.criterion, 0, 0, criteria, NULL},
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

/*
 * A ballot is a bit for each sample, set where it is not in the tree's bag, in whole words.
 *
 * What a task at the end writes depends on nothing that any of them changes, so that a worker's
 * that died is done again.
 */
#include "run/oob.h"

#include "base/memory.h"
#include "forest/bag.h"
#include "stream/predictions.h"

#include <stdlib.h>
#include <string.h>

static const char doing[] = "voting out of bag";

bool oob_start(struct oob *oob, const struct samples *samples, const struct growth *growth,
               const struct opinion *opinion, enum cpu_level level, struct error *error)
{
    const size_t rows = samples->rows, words = (rows + CROWD_WORD - 1) / CROWD_WORD;
    *oob = (struct oob){.samples = samples,
                        .growth = growth,
                        .opinion = *opinion,
                        .level = level,
                        .words = words,
                        .most = OOB_BYTES,
                        .few = OOB_FEW};
    oob->unseen = memory_array(words, sizeof *oob->unseen);
    oob->weight = memory_array(rows, sizeof *oob->weight);
    oob->rows = memory_array(rows, sizeof *oob->rows);
    return (oob->unseen && oob->weight && oob->rows) || error_memory(error, doing);
}

static void drop_trees(struct oob *oob)
{
    for (size_t i = 0; i < oob->count; i++)
        unseen_tree_free(&oob->trees[i]);
    oob->count = oob->bytes = 0;
}

void oob_free(struct oob *oob)
{
    drop_trees(oob);
    free(oob->trees);
    free(oob->unseen);
    free(oob->weight);
    free(oob->rows);
    free(oob->sums);
    free(oob->votes);
    free(oob->prior);
    free(oob->evidence);
    unseen_end(&oob->room);
    shared_free(&oob->said);
    *oob = (struct oob){0};
}

/* ---- ballots ---- */

const uint32_t *oob_draw(struct oob *oob, uint64_t index)
{
    struct random random = random_keyed(oob->growth->seed, index);
    bag_draw(&random, oob->growth, (uint32_t)oob->samples->rows, oob->weight, oob->rows);
    return oob->weight;
}

bool oob_ballot(struct oob *oob, const uint32_t *weight, struct workers_result *ballot)
{
    const size_t rows = oob->samples->rows;
    for (size_t first = 0; first < rows; first += CROWD_WORD) {
        const size_t count = rows - first < CROWD_WORD ? rows - first : CROWD_WORD;
        uint64_t unseen = 0;
        for (size_t i = 0; i < count; i++)
            unseen |= (uint64_t)(weight[first + i] == 0) << i;
        oob->unseen[first / CROWD_WORD] = unseen;
    }
    return workers_append(ballot, oob->unseen, oob->words * sizeof *oob->unseen);
}

/* ---- votes ---- */

/* Some samples, next to each other. */
struct stretch {
    size_t first, count;
};

/* What the trees that wait say of a tile is added to what others said before. */
static void vote_tile(struct oob *oob, struct stretch tile)
{
    const size_t classes = oob->samples->class_count;
    struct unseen *room = &oob->room;
    if (oob->sums) {
        memcpy(room->sums, oob->sums + tile.first * classes,
               tile.count * classes * sizeof *room->sums);
        memcpy(room->votes, oob->votes + tile.first, tile.count * sizeof *room->votes);
    } else {
        memset(room->sums, 0, tile.count * classes * sizeof *room->sums);
        memset(room->votes, 0, tile.count * sizeof *room->votes);
    }
    unseen_tile(room, oob->trees, oob->count, oob->samples->x + tile.first * oob->samples->dim,
                tile.first, tile.count);
}

/* The next tile of a stretch, which is cut from it. */
static struct stretch next_tile(const struct oob *oob, struct stretch *rest)
{
    const struct stretch tile = {rest->first,
                                 rest->count < oob->room.rows ? rest->count : oob->room.rows};
    rest->first += tile.count;
    rest->count -= tile.count;
    return tile;
}

static bool make_room(struct oob *oob)
{
    return oob->room.columns ||
           unseen_start(&oob->room, oob->samples->dim, oob->samples->class_count, oob->level);
}

/* The trees that wait vote before the end. */
static bool vote_before(struct oob *oob)
{
    const size_t rows = oob->samples->rows, classes = oob->samples->class_count;
    struct stretch rest = {0, rows};
    if (!oob->sums) {
        oob->sums = calloc(rows, classes * sizeof *oob->sums);
        oob->votes = calloc(rows, sizeof *oob->votes);
    }
    if (!oob->sums || !oob->votes || !make_room(oob))
        return false;
    while (rest.count) {
        const struct stretch tile = next_tile(oob, &rest);
        vote_tile(oob, tile);
        memcpy(oob->sums + tile.first * classes, oob->room.sums,
               tile.count * classes * sizeof *oob->sums);
        memcpy(oob->votes + tile.first, oob->room.votes, tile.count * sizeof *oob->votes);
    }
    drop_trees(oob);
    return true;
}

bool oob_add(struct oob *oob, const struct tree *tree, const void *ballot, size_t size)
{
    if (size != oob->words * sizeof *oob->unseen ||
        !memory_reserve(&oob->trees, &oob->capacity, oob->count + 1, sizeof *oob->trees))
        return false;
    struct unseen_tree *added = &oob->trees[oob->count++];
    if (!unseen_tree_make(added, tree, oob->samples->dim, oob->samples->class_count, ballot,
                          oob->words))
        return false;
    oob->bytes += added->bytes;
    return oob->bytes <= oob->most || vote_before(oob);
}

/* ---- at the end ---- */

/* What is said of samples that no tree voted on: the classes' shares among all. */
static bool make_prior(struct oob *oob)
{
    const struct samples *samples = oob->samples;
    oob->prior = calloc(samples->class_count, sizeof *oob->prior);
    if (oob->opinion.share > 0)
        oob->evidence = memory_array(samples->class_count, sizeof *oob->evidence);
    if (!oob->prior || (oob->opinion.share > 0 && !oob->evidence))
        return false;
    for (size_t row = 0; row < samples->rows; row++)
        oob->prior[samples->class_of[row]] += 1.0;
    for (uint32_t c = 0; c < samples->class_count; c++)
        oob->prior[c] /= (double)samples->rows;
    return true;
}

static float *proba_of(const struct oob *oob, size_t row)
{
    return oob->said.floats + row * oob->samples->class_count;
}

/* The rows' answers stand behind all probabilities: one takes as much room as one of these. */
static int32_t *answers_of(const struct oob *oob)
{
    return (void *)proba_of(oob, oob->samples->rows);
}

/* Probabilities as they are written; returns the first class of the greatest. */
static int32_t decide(const double *proba, uint32_t classes, float *written)
{
    uint32_t best = 0;
    for (uint32_t c = 0; c < classes; c++)
        written[c] = (float)proba[c];
    for (uint32_t c = 1; c < classes; c++)
        if (proba[c] > proba[best])
            best = c;
    return (int32_t)best;
}

/* Makes a sample's sums of so many trees' votes its probabilities. */
static void say_row(struct oob *oob, size_t row, double *sums, uint32_t trees)
{
    const struct samples *samples = oob->samples;
    const double opinion = opinion_votes(&oob->opinion, trees ? trees : 1);
    const double votes = (trees ? trees : 1) + opinion;
    if (!trees)
        memcpy(sums, oob->prior, samples->class_count * sizeof *sums);
    if (opinion > 0)
        opinion_of(&oob->opinion, samples->x + row * samples->dim, oob->evidence);
    for (uint32_t c = 0; c < samples->class_count; c++)
        sums[c] = (opinion > 0 ? sums[c] + opinion * oob->evidence[c] : sums[c]) / votes;
}

/* Sums of a tile become what is said of its samples. */
static void say_tile(struct oob *oob, struct stretch tile)
{
    const uint32_t classes = oob->samples->class_count;
    for (size_t i = 0; i < tile.count; i++) {
        const size_t row = tile.first + i;
        double *sums = oob->room.sums + i * classes;
        say_row(oob, row, sums, oob->room.votes[i]);
        oob->totals.unvoted += oob->room.votes[i] == 0;
        answers_of(oob)[row] = decide(sums, classes, proba_of(oob, row));
    }
}

static void say(struct oob *oob, struct stretch rest)
{
    while (rest.count) {
        const struct stretch tile = next_tile(oob, &rest);
        vote_tile(oob, tile);
        say_tile(oob, tile);
    }
    oob->totals.crowds = oob->room.reach.parted;
}

enum {
    TASKS = 8,       /* a worker, so that none waits long for the last one */
    TASK_ROWS = 1024 /* at least, some tiles or one */
};

/* What workers do. */
struct voting {
    struct oob *oob;
    const struct oob_jobs *jobs;
    size_t rows; /* of a task, but for the last one: some words of bits */
};

/* In a worker, whose totals are of the task at hand. */
static bool do_task(void *context, uint64_t task, struct workers_result *result,
                    struct error *error)
{
    struct voting *voting = context;
    struct oob *oob = voting->oob;
    const size_t first = (size_t)task * voting->rows, left = oob->samples->rows - first;
    oob->totals = (struct oob_totals){0};
    if (!make_room(oob))
        return error_memory(error, doing);
    oob->room.reach.parted = 0;
    say(oob, (struct stretch){first, left < voting->rows ? left : voting->rows});
    return workers_append(result, &oob->totals, sizeof oob->totals) || error_memory(error, doing);
}

static bool take_totals(void *context, uint64_t task, const unsigned char *bytes, size_t size,
                        struct error *error)
{
    struct oob *oob = ((struct voting *)context)->oob;
    struct oob_totals more;
    (void)task, (void)size, (void)error;
    memcpy(&more, bytes, sizeof more);
    oob->totals.unvoted += more.unvoted;
    oob->totals.crowds += more.crowds;
    return true;
}

static void tell_again(void *context, uint64_t task, const char *cause)
{
    const struct oob_jobs *jobs = ((struct voting *)context)->jobs;
    jobs->again(jobs->context, task, cause);
}

static bool say_by_workers(struct oob *oob, const struct oob_jobs *jobs, struct error *error)
{
    const size_t rows = oob->samples->rows, share = (rows - 1) / ((size_t)TASKS * jobs->jobs) + 1;
    const size_t most = share < TASK_ROWS ? TASK_ROWS : share;
    struct voting voting = {oob, jobs, (most + CROWD_WORD - 1) / CROWD_WORD * CROWD_WORD};
    const struct workers workers = {
        .context = &voting,
        .noun = OOB_NOUN,
        .tasks = (rows - 1) / voting.rows + 1,
        .jobs = jobs->jobs,
        .result_limit = sizeof oob->totals,
        .work = do_task,
        .take = take_totals,
        .again = tell_again,
    };
    return workers_run(&workers, error);
}

static bool say_all(struct oob *oob, struct error *error)
{
    if (!make_room(oob))
        return error_memory(error, doing);
    say(oob, (struct stretch){0, oob->samples->rows});
    return true;
}

bool oob_vote(struct oob *oob, const struct oob_jobs *jobs, struct error *error)
{
    const struct samples *samples = oob->samples;
    if (!shared_make(&oob->said, samples->rows * (samples->class_count + 1), NULL) ||
        !make_prior(oob))
        return error_memory(error, doing);
    oob->totals.crowds = oob->room.reach.parted;
    /* What is said of a sample takes a class as long as a tree, or less. */
    const uint64_t work = samples->rows * ((uint64_t)oob->count + samples->class_count);
    return jobs->jobs == 1 || work < oob->few ? say_all(oob, error)
                                              : say_by_workers(oob, jobs, error);
}

/* ---- predictions ---- */

static bool write_blocks(struct oob *oob, struct text *labels, size_t room,
                         struct stream_writer *writer, const struct stream_header *header,
                         struct error *error)
{
    const struct samples *samples = oob->samples;
    for (size_t first = 0, count; first < samples->rows; first += count) {
        count = samples->rows - first < room ? samples->rows - first : room;
        const int32_t *answers = answers_of(oob) + first;
        for (size_t i = 0; i < count; i++) {
            const uint32_t class = samples->class_of[first + i];
            labels[i] = samples->classes[class];
            oob->totals.right += answers[i] == (int32_t) class;
        }
        const struct predictions_rows rows = {.rows = (uint32_t)count,
                                              .predicted = answers,
                                              .labels = labels,
                                              .proba = proba_of(oob, first)};
        if (!predictions_write(writer, header, &rows, error))
            return false;
    }
    return true;
}

bool oob_write(struct oob *oob, const struct lineage *lineage, struct output *output,
               struct error *error)
{
    const struct samples *samples = oob->samples;
    const struct stream_header header = {.kind = STREAM_PREDICTIONS,
                                         .labelled = true,
                                         .class_count = samples->class_count,
                                         .classes = samples->classes,
                                         .proba = true,
                                         .lineage = *lineage};
    const size_t room = stream_block_rows(samples->class_count);
    struct text *labels = memory_array(room, sizeof *labels);
    struct stream_writer *writer = labels ? stream_begin(output, &header, error) : NULL;
    const bool done = labels ? writer && write_blocks(oob, labels, room, writer, &header, error)
                             : error_memory(error, "writing out-of-bag predictions");
    free(labels);
    if (done)
        return stream_end(writer, samples->digest, error);
    stream_abandon(writer);
    return false;
}

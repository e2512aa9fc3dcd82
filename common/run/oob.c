/*
 * Bits, sums, votes and what is said at the end are in the order of the samples.
 *
 * What a task at the end writes depends on nothing that any of them changes, so that a worker's
 * that died is done again.
 */
#include "run/oob.h"

#include "base/memory.h"
#include "base/unroll.h"
#include "forest/bag.h"

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
                        .form = {samples->dim, samples->class_count, samples->missing, words},
                        .most = OOB_BYTES,
                        .few = OOB_FEW};
    oob->unseen = memory_array(words, sizeof *oob->unseen);
    oob->weight = memory_array(rows, sizeof *oob->weight);
    return (oob->unseen && oob->weight) || error_memory(error, doing);
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
    bag_draw(&random, oob->growth, (uint32_t)oob->samples->rows, oob->weight, NULL);
    return oob->weight;
}

static bool put_piece(void *context, const void *bytes, size_t size)
{
    return workers_append(context, bytes, size);
}

/* The bits of some rows: whether they are not in the bag. */
static inline uint64_t unseen_of(const uint32_t *weight, unsigned count)
{
    uint64_t unseen = 0;
    UNROLL(64)
    for (unsigned i = 0; i < count; i++)
        unseen |= (uint64_t)(weight[i] == 0) << i;
    return unseen;
}

bool oob_ballot(struct oob *oob, const struct tree *tree, const uint32_t *weight,
                struct workers_result *ballot)
{
    const size_t rows = oob->samples->rows;
    uint64_t *unseen = oob->unseen;
    size_t first = 0;
    for (; first + CROWD_WORD <= rows; first += CROWD_WORD)
        *unseen++ = unseen_of(weight + first, CROWD_WORD);
    if (first < rows)
        *unseen = unseen_of(weight + first, (unsigned)(rows - first));
    return unseen_pack(&oob->form, tree, oob->unseen, put_piece, ballot);
}

/* ---- votes ---- */

/* Some samples, next to each other. */
struct stretch {
    size_t first, count;
};

/* What the trees that wait say of a tile is added to what others said before. */
static bool vote_tile(struct oob *oob, struct stretch tile)
{
    const size_t classes = oob->form.classes;
    struct unseen *room = &oob->room;
    if (oob->sums) {
        memcpy(room->sums, oob->sums + tile.first * classes,
               tile.count * classes * sizeof *room->sums);
        memcpy(room->votes, oob->votes + tile.first, tile.count * sizeof *room->votes);
    } else {
        memset(room->sums, 0, tile.count * classes * sizeof *room->sums);
        memset(room->votes, 0, tile.count * sizeof *room->votes);
    }
    return unseen_tile(room, oob->trees, oob->count, oob->samples->x, tile.first, tile.count);
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
    return oob->room.sums || unseen_start(&oob->room, &oob->form, oob->level);
}

/* The trees that wait vote before the end. */
static bool vote_before(struct oob *oob)
{
    const size_t rows = oob->samples->rows, classes = oob->form.classes;
    struct stretch rest = {0, rows};
    if (!oob->sums) {
        oob->sums = calloc(rows, classes * sizeof *oob->sums);
        oob->votes = calloc(rows, sizeof *oob->votes);
    }
    if (!oob->sums || !oob->votes || !make_room(oob))
        return false;
    while (rest.count) {
        const struct stretch tile = next_tile(oob, &rest);
        if (!vote_tile(oob, tile))
            return false;
        memcpy(oob->sums + tile.first * classes, oob->room.sums,
               tile.count * classes * sizeof *oob->sums);
        memcpy(oob->votes + tile.first, oob->room.votes, tile.count * sizeof *oob->votes);
    }
    drop_trees(oob);
    return true;
}

bool oob_add(struct oob *oob, const void *ballot, size_t size)
{
    if (!memory_reserve(&oob->trees, &oob->capacity, oob->count + 1, sizeof *oob->trees) ||
        !unseen_tree_take(&oob->trees[oob->count], &oob->form, ballot, size))
        return false;
    oob->bytes += oob->trees[oob->count++].bytes;
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

enum { ABREAST = 8 }; /* classes that are passed over together */

static inline bool all_zero(const double sums[ABREAST])
{
    uint64_t bits[ABREAST], any = 0;
    memcpy(bits, sums, sizeof bits);
    for (size_t i = 0; i < ABREAST; i++)
        any |= bits[i];
    return !any;
}

/* Probabilities as they are written, in place of zeros: of many classes most have no vote. Returns
   the first class of the greatest. */
static int32_t decide(const double *sums, double votes, uint32_t classes, float *written)
{
    uint32_t best = 0;
    double most = 0;
    for (uint32_t first = 0; first < classes; first += ABREAST) {
        const uint32_t left = classes - first, count = left < ABREAST ? left : ABREAST;
        if (count == ABREAST && all_zero(sums + first))
            continue;
        for (uint32_t c = first; c < first + count; c++) {
            const double proba = sums[c] / votes;
            written[c] = (float)proba;
            if (proba > most) {
                most = proba;
                best = c;
            }
        }
    }
    return (int32_t)best;
}

/* What is said of a sample by so many trees, or none, and by evidence: sums, and of how many votes.
 */
static double gather(struct oob *oob, size_t row, double *sums, uint32_t trees)
{
    const uint32_t classes = oob->form.classes;
    const double opinion = opinion_votes(&oob->opinion, trees ? trees : 1);
    if (!trees)
        memcpy(sums, oob->prior, classes * sizeof *sums);
    if (opinion > 0) {
        opinion_of(&oob->opinion, oob->samples->x + row * oob->samples->dim, oob->evidence);
        for (uint32_t c = 0; c < classes; c++)
            sums[c] += opinion * oob->evidence[c];
    }
    return (trees ? trees : 1) + opinion;
}

/* Sums of a tile become what is said of its samples. */
static void say_tile(struct oob *oob, struct stretch tile)
{
    const uint32_t classes = oob->form.classes;
    for (size_t i = 0; i < tile.count; i++) {
        const size_t row = tile.first + i;
        const uint32_t trees = oob->room.votes[i];
        double *sums = oob->room.sums + i * classes;
        const double votes = gather(oob, row, sums, trees);
        oob->totals.unvoted += trees == 0;
        oob_answers(oob)[row] = decide(sums, votes, classes, oob_proba(oob, row));
    }
}

static bool say(struct oob *oob, struct stretch tile)
{
    if (!vote_tile(oob, tile))
        return false;
    say_tile(oob, tile);
    oob->totals.crowds = oob->room.reach.parted;
    return true;
}

enum {
    TASKS = 8,        /* a worker, so that none waits long for the last one */
    TASK_ROWS = 1024, /* at least, some tiles or one */
    VALUES = 8        /* of a sample, that take as long as a tree */
};

/* What workers do, and their parent. */
struct voting {
    struct oob *oob;
    const struct oob_jobs *jobs;
    size_t rows; /* of a task, but for the last one: some words of bits */
    oob_said *said;
    void *context; /* of it */
};

/* The samples of a task. */
static struct stretch stretch_of(const struct voting *voting, uint64_t task)
{
    const size_t first = (size_t)task * voting->rows, left = voting->oob->samples->rows - first;
    return (struct stretch){first, left < voting->rows ? left : voting->rows};
}

static bool tell_said(const struct voting *voting, struct stretch done, struct error *error)
{
    return !voting->said || voting->said(voting->context, done.first + done.count, error);
}

/* In a worker, whose totals are of the task at hand. */
static bool do_task(void *context, uint64_t task, struct workers_result *result,
                    struct error *error)
{
    struct voting *voting = context;
    struct oob *oob = voting->oob;
    struct stretch rest = stretch_of(voting, task);
    oob->totals = (struct oob_totals){0};
    bool good = make_room(oob);
    oob->room.reach.parted = 0;
    while (good && rest.count)
        good = say(oob, next_tile(oob, &rest));
    return (good && workers_append(result, &oob->totals, sizeof oob->totals)) ||
           error_memory(error, doing);
}

static bool take_totals(void *context, uint64_t task, const unsigned char *bytes, size_t size,
                        struct error *error)
{
    const struct voting *voting = context;
    struct oob_totals *totals = &voting->oob->totals, more;
    (void)size;
    memcpy(&more, bytes, sizeof more);
    totals->unvoted += more.unvoted;
    totals->crowds += more.crowds;
    return tell_said(voting, stretch_of(voting, task), error);
}

static void tell_again(void *context, uint64_t task, const char *cause)
{
    const struct oob_jobs *jobs = ((struct voting *)context)->jobs;
    jobs->again(jobs->context, task, cause);
}

static bool say_by_workers(struct voting *voting, struct error *error)
{
    const unsigned jobs = voting->jobs->jobs;
    const size_t rows = voting->oob->samples->rows, share = (rows - 1) / ((size_t)TASKS * jobs) + 1;
    const size_t most = share < TASK_ROWS ? TASK_ROWS : share;
    voting->rows = (most + CROWD_WORD - 1) / CROWD_WORD * CROWD_WORD;
    const struct workers workers = {
        .context = voting,
        .noun = OOB_NOUN,
        .tasks = (rows - 1) / voting->rows + 1,
        .jobs = jobs,
        .result_limit = sizeof voting->oob->totals,
        .work = do_task,
        .take = take_totals,
        .again = tell_again,
    };
    return workers_run(&workers, error);
}

static bool say_all(const struct voting *voting, struct error *error)
{
    struct oob *oob = voting->oob;
    struct stretch rest = {0, oob->samples->rows};
    if (!make_room(oob))
        return error_memory(error, doing);
    while (rest.count) {
        const struct stretch tile = next_tile(oob, &rest);
        if (!say(oob, tile))
            return error_memory(error, doing);
        if (!tell_said(voting, tile, error))
            return false;
    }
    return true;
}

/* What it takes to hear a sample, in meetings of a sample and a tree: what is said of it takes a
   class about as long as a tree, and its values are fetched. */
static uint64_t work_of(const struct oob *oob)
{
    return (uint64_t)oob->count + oob->form.classes + oob->form.dim / VALUES;
}

bool oob_vote(struct oob *oob, const struct oob_jobs *jobs, oob_said *said, void *context,
              struct error *error)
{
    const struct samples *samples = oob->samples;
    const size_t numbers = (size_t)samples->class_count + 1; /* of a row */
    struct voting voting = {.oob = oob, .jobs = jobs, .said = said, .context = context};
    if (samples->rows > SIZE_MAX / numbers ||
        !shared_make(&oob->said, samples->rows * numbers, NULL) || !make_prior(oob))
        return error_memory(error, doing);
    oob->totals.crowds = oob->room.reach.parted;
    return jobs->jobs == 1 || samples->rows * work_of(oob) < oob->few
               ? say_all(&voting, error)
               : say_by_workers(&voting, error);
}

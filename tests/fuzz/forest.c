/*
 * Forests as rf-predict loads and walks them: by the portable kernel and by the best that the
 * machine has, to the same bits.
 */
#include "base/cpu.h"
#include "base/random.h"
#include "fuzz.h"
#include "run/trained.h"
#include "vote/vote.h"

#include <string.h>

enum { ROWS = 20, MOST_VALUES = 1 << 16, MOST_SUMS = 1 << 20 };

static void vote(const struct packed_forest *forest, const struct walk_kernel *kernel,
                 const float *x, size_t rows, uint32_t *classes, double *proba)
{
    struct voter voter;
    FUZZ_REQUIRE(vote_start(&voter, forest) && rows <= voter.rows);
    voter.kernel = kernel;
    for (int turn = 0; turn < 2; turn++)
        FUZZ_REQUIRE(vote_tile(&voter, x, rows));
    memcpy(classes, voter.classes, rows * sizeof *classes);
    memcpy(proba, voter.proba, rows * forest->form.class_count * sizeof *proba);
    vote_end(&voter);
}

static void compare(const struct packed_forest *forest)
{
    struct random random = random_keyed(1, 2);
    size_t dim = forest->form.dim, sums = ROWS * (size_t)forest->form.class_count;
    uint32_t classes[2][ROWS];
    float *x = calloc(ROWS * dim, sizeof *x);
    double *proba[2] = {calloc(sums, sizeof **proba), calloc(sums, sizeof **proba)};
    FUZZ_REQUIRE(x && proba[0] && proba[1]);
    for (size_t i = 0; i < ROWS * dim; i++)
        x[i] = (float)((int)random_below(&random, 81) - 40) / 8;
    vote(forest, &walk_portable, x, ROWS, classes[0], proba[0]);
    for (int gathers_well = 0; gathers_well < 2; gathers_well++) {
        vote(forest, walk_kernel_of(cpu_level(), gathers_well), x, ROWS, classes[1], proba[1]);
        FUZZ_REQUIRE(memcmp(classes[0], classes[1], sizeof classes[0]) == 0);
        FUZZ_REQUIRE(memcmp(proba[0], proba[1], sums * sizeof **proba) == 0);
    }
    free(x);
    free(proba[0]);
    free(proba[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error error = {0};
    struct trained trained;
    if (!trained_load(&trained, fuzz_file(data, size), 1, &error)) {
        FUZZ_REQUIRE(error.status == STATUS_INPUT || error.status == STATUS_CUT);
        return 0;
    }
    const struct packed_form *form = &trained.forest.form;
    if (trained.forest.tree_count && form->dim * ROWS <= MOST_VALUES &&
        form->class_count * ROWS <= MOST_SUMS)
        compare(&trained.forest);
    trained_free(&trained);
    return 0;
}

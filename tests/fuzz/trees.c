/*
 * Models with the ways through their trees: what each tree says of a sample adds up to what the
 * forest votes; and how much their features count.
 */
#include "base/random.h"
#include "fuzz.h"
#include "run/detail.h"
#include "run/importances.h"
#include "run/trained.h"
#include "vote/vote.h"

#include <math.h>

enum { ROWS = 8, MOST_VALUES = 1 << 12, MOST_SHARES = 1 << 14 };

static void make_rows(float *x, size_t count)
{
    struct random random = random_keyed(1, 3);
    for (size_t i = 0; i < count; i++)
        x[i] = random_below(&random, 9) ? (float)((int)random_below(&random, 81) - 40) / 8 : NAN;
}

/* Bias and contributions to the probability, in single precision, unless that is finer. */
static void check_sums(const struct detail *detail, const struct details *details, size_t row,
                       const double *proba)
{
    const double *bias = details_doubles(details, DETAILS_BIAS);
    const size_t dim = detail->dim;
    const double *shares =
        details_doubles(details, DETAILS_CONTRIBUTIONS) + row * detail->classes * dim;
    for (uint32_t c = 0; c < detail->classes; c++) {
        double sum = bias[c];
        for (size_t f = 0; f < dim; f++)
            sum += shares[c * dim + f];
        FUZZ_REQUIRE((float)sum == (float)proba[c] ||
                     (proba[c] < 0x1p-26 && fabs(sum - proba[c]) <= 0x1p-50));
    }
}

static void tell(const struct trained *model, struct voter *voter, const float *x)
{
    struct detail detail = {
        .routes = &model->routes, .dim = model->header.dim, .classes = model->header.class_count};
    const size_t classes = detail.classes;
    for (detail.kind = DETAIL_LEAVES; detail.kind <= DETAIL_CONTRIBUTIONS; detail.kind++) {
        if (detail_row_bytes(&detail) > MOST_SHARES)
            continue;
        struct detail_rows rows = {0};
        FUZZ_REQUIRE(detail_begin(&detail, &rows, ROWS));
        for (size_t row = 0; row < ROWS; row++)
            FUZZ_REQUIRE(
                detail_add(&detail, &rows, x + row * detail.dim, voter->proba + row * classes));
        const struct details *details = detail_end(&rows);
        for (size_t row = 0; detail.kind == DETAIL_CONTRIBUTIONS && row < ROWS; row++)
            check_sums(&detail, details, row, voter->proba + row * classes);
        detail_rows_free(&rows);
    }
}

static void vote(const struct trained *model)
{
    struct voter voter;
    const size_t values = ROWS * (size_t)model->header.dim;
    if (!model->forest.tree_count || values > MOST_VALUES ||
        model->header.class_count > MOST_SHARES / ROWS)
        return;
    float *x = calloc(values, sizeof *x);
    FUZZ_REQUIRE(x && vote_start(&voter, &model->forest) && voter.rows >= ROWS);
    make_rows(x, values);
    FUZZ_REQUIRE(vote_tile(&voter, x, ROWS));
    tell(model, &voter, x);
    vote_end(&voter);
    free(x);
}

static void weigh(const char *path)
{
    struct error error = {0};
    struct stream_header header = {0};
    struct importance importance = {0};
    struct stream_reader *reader = stream_open(path, &error);
    bool done = reader && stream_read_header(reader, STREAM_FOREST, &header, &error) &&
                importances_read(reader, &header, &importance, &error);
    FUZZ_REQUIRE(done || error.status == STATUS_INPUT || error.status == STATUS_CUT);
    double sum = 0;
    for (uint32_t f = 0; done && f < header.dim; f++)
        sum += importance_mean(&importance, f);
    FUZZ_REQUIRE(!done || isfinite(sum));
    importance_free(&importance);
    stream_header_free(&header);
    stream_close(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error error = {0};
    struct trained model;
    const char *path = fuzz_file(data, size);
    weigh(path);
    if (trained_load_routes(&model, path, TRAINED_CHANGES, 1, &error)) {
        vote(&model);
        trained_free(&model);
    } else {
        FUZZ_REQUIRE(error.status == STATUS_INPUT || error.status == STATUS_CUT);
    }
    return 0;
}

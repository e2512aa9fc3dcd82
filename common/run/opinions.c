/*
 * Columns are gone through once, in order. A label may end with the mark of margins itself: of two
 * columns of one name the first is the score, for a view's margins stand behind all its scores.
 */
#include "run/opinions.h"

#include "base/memory.h"
#include "run/evidence.h"

#include <math.h>
#include <stdlib.h>

static const char counts[] = "bayes";

/* Columns that begin alike: their scores so far, and how many of both kinds there are. */
struct view_columns {
    struct text name;
    uint32_t *columns; /* by class; UINT32_MAX: none yet */
    uint32_t scores, margins;
};

struct search {
    const struct samples *samples;
    struct view_columns views[STREAM_MAX_PARTS];
    uint32_t count;
};

/* ---- columns ---- */

static const uint32_t none = UINT32_MAX;

static bool begins(struct text text, const char *with)
{
    const struct text start = text_of(with);
    return text.size >= start.size && text_equal((struct text){text.data, start.size}, start);
}

/* The view that is called so, a new one if need be; NULL: there are too many, or no memory. */
static struct view_columns *view_named(struct search *search, struct text name)
{
    for (uint32_t i = 0; i < search->count; i++)
        if (text_equal(search->views[i].name, name))
            return &search->views[i];
    if (search->count == STREAM_MAX_PARTS)
        return NULL;
    struct view_columns *view = &search->views[search->count];
    view->name = name;
    view->columns = memory_array(search->samples->class_count, sizeof *view->columns);
    for (uint32_t c = 0; view->columns && c < search->samples->class_count; c++)
        view->columns[c] = none;
    search->count += view->columns != NULL;
    return view->columns ? view : NULL;
}

static void take_score(struct view_columns *view, uint32_t class_number, uint32_t column)
{
    view->columns[class_number] = column;
    view->scores++;
}

/* False when memory is out. */
static bool take_column(struct search *search, uint32_t column)
{
    const struct text *classes = search->samples->classes;
    const uint32_t class_count = search->samples->class_count;
    struct text label = search->samples->features[column];
    const struct text name = text_cut(&label, ':'), mark = text_of(EVIDENCE_MARGIN);
    const struct text stem = {label.data, label.size > mark.size ? label.size - mark.size : 0};
    const uint32_t whole = text_search(classes, class_count, label);
    const bool marked =
        stem.size && text_equal((struct text){stem.data + stem.size, mark.size}, mark);
    const uint32_t of = marked ? text_search(classes, class_count, stem) : none;
    if (begins(name, counts) || (whole == none && of == none))
        return true;
    struct view_columns *view = view_named(search, name);
    if (view && whole != none && view->columns[whole] == none)
        take_score(view, whole, column);
    else if (view && of != none)
        view->margins++;
    return view || search->count == STREAM_MAX_PARTS;
}

/* ---- weights ---- */

/* The class that a view has the highest score for, the first of equals; a missing score is 0. */
static uint32_t answer_of(const uint32_t *columns, const float *x, uint32_t classes)
{
    uint32_t answer = 0;
    float most = -INFINITY;
    for (uint32_t c = 0; c < classes; c++) {
        const float score = isnan(x[columns[c]]) ? 0 : x[columns[c]];
        if (score > most) {
            most = score;
            answer = c;
        }
    }
    return answer;
}

static double quality_of(const uint32_t *columns, const struct samples *samples)
{
    size_t right = 0;
    for (size_t row = 0; row < samples->rows; row++)
        right += answer_of(columns, samples->x + row * samples->dim, samples->class_count) ==
                 samples->class_of[row];
    return (double)(right + 1) / (double)(samples->rows + 1);
}

static double square_of(double x)
{
    return x * x;
}

/* False when memory is out. */
static bool weigh_views(const struct samples *samples, struct stream_opinion *opinion)
{
    opinion->weights = memory_array(opinion->views, sizeof *opinion->weights);
    if (!opinion->weights)
        return false;
    double sum = 0;
    for (uint32_t view = 0; view < opinion->views; view++) {
        const double square =
            square_of(quality_of(opinion->columns + (size_t)view * samples->class_count, samples));
        opinion->weights[view] = square_of(square);
        sum += opinion->weights[view];
    }
    for (uint32_t view = 0; view < opinion->views; view++)
        opinion->weights[view] /= sum;
    return true;
}

/* ---- views ---- */

static bool is_whole(const struct view_columns *view, uint32_t classes)
{
    return view->scores == classes && view->margins == classes;
}

/* The columns of all views that are whole, one after the other. */
static bool gather(const struct search *search, struct stream_opinion *opinion)
{
    const uint32_t classes = search->samples->class_count;
    opinion->columns = memory_array((size_t)search->count * classes, sizeof *opinion->columns);
    for (uint32_t i = 0; opinion->columns && i < search->count; i++)
        if (is_whole(&search->views[i], classes))
            memcpy(opinion->columns + (size_t)opinion->views++ * classes, search->views[i].columns,
                   classes * sizeof *opinion->columns);
    return opinion->columns;
}

static bool look(struct search *search, struct stream_opinion *opinion)
{
    for (uint32_t column = 0; column < search->samples->dim; column++)
        if (!take_column(search, column))
            return false;
    return !search->count ||
           (gather(search, opinion) && (!opinion->views || weigh_views(search->samples, opinion)));
}

/* ---- what is found ---- */

static double share_of(const struct samples *samples)
{
    if (!lineage_find(&samples->lineage, "linear-train"))
        return 0;
    const double pairs = (double)samples->class_count * samples->class_count;
    const double share = OPINIONS_SAMPLES * pairs / (OPINIONS_SAMPLES * pairs + samples->rows);
    if (share < OPINIONS_LEAST)
        return 0;
    return share < STREAM_MOST_SHARE ? share : STREAM_MOST_SHARE;
}

bool opinions_find(const struct samples *samples, const char *name, double share,
                   struct stream_opinion *opinion, struct error *error)
{
    const bool asked = share != OPINIONS_AUTO;
    struct search search = {.samples = samples};
    *opinion = (struct stream_opinion){.share = asked ? share : share_of(samples),
                                       .sharpness = OPINIONS_SHARPNESS};
    bool found = opinion->share == 0 || !samples->features || samples->class_count < 2 ||
                 look(&search, opinion) || error_memory(error, "looking for evidence");
    for (uint32_t i = 0; i < search.count; i++)
        free(search.views[i].columns);
    if (found && asked && share > 0 && samples->class_count > 1 && !opinion->views)
        found = error_set(error, STATUS_USAGE,
                          "--evidence-share: %s has no evidence of linear models for each of its "
                          "labels: make it with vectorize --linear",
                          name);
    if (found && opinion->views)
        return true;
    stream_opinion_free(opinion);
    return found;
}

struct opinion opinions_of(const struct stream_opinion *opinion, uint32_t classes)
{
    return (struct opinion){.share = opinion->share,
                            .sharpness = opinion->sharpness,
                            .views = opinion->views,
                            .classes = classes,
                            .weights = opinion->weights,
                            .columns = opinion->columns};
}

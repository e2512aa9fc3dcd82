/*
 * Rows of the matrix are sent as they are put together: a report may be larger than what one would
 * hold in memory.
 */
#include "score/json.h"

#include "score/json_put.h"

#include <math.h>

enum { MATRIX_CLASSES = 256 /* of a matrix that nobody asked for */ };

static void put_figures(struct buffer *text, double precision, double recall, double f1)
{
    json_real(text, "precision", precision);
    buffer_string(text, ", ");
    json_real(text, "recall", recall);
    buffer_string(text, ", ");
    json_real(text, "f1", f1);
}

static void put_mean(struct buffer *text, const char *key, const struct metrics_mean *mean)
{
    buffer_print(text, "  \"%s\": {", key);
    put_figures(text, mean->precision, mean->recall, mean->f1);
    buffer_string(text, "},\n");
}

/* ---- classes ---- */

static void put_more(struct buffer *text, const struct metrics_class *of,
                     const struct evaluation *all)
{
    const struct trial *trial = &all->trial;
    uint32_t class = words_find(&trial->answers->classes, of->label);
    buffer_string(text, ", ");
    json_interval(text, "precision_interval", interval_wilson(of->hits, of->predicted));
    buffer_string(text, ", ");
    json_interval(text, "recall_interval", interval_wilson(of->hits, of->support));
    if (!(trial->set & MEASURES_OF_CURVES))
        return;
    buffer_string(text, ", ");
    json_real(text, "auc", class == WORDS_NONE ? NAN : curves_area(&trial->curves, class));
}

static void put_class(struct buffer *text, const struct metrics_class *of,
                      const struct evaluation *all, bool last)
{
    buffer_string(text, "    {\"label\": ");
    buffer_json(text, of->label);
    buffer_string(text, ", ");
    put_figures(text, of->precision, of->recall, of->f1);
    buffer_string(text, ", ");
    json_count(text, "support", of->support);
    buffer_string(text, ", ");
    json_count(text, "predicted", of->predicted);
    if (all)
        put_more(text, of, all);
    buffer_string(text, last ? "}\n" : "},\n");
}

static bool put_classes(const struct metrics *metrics, const struct evaluation *all,
                        struct buffer *text, struct output *output, struct error *error)
{
    buffer_string(text, "  \"classes\": [\n");
    for (uint32_t i = 0; i < metrics->class_count; i++) {
        put_class(text, &metrics->classes[i], all, i + 1 == metrics->class_count);
        if (!buffer_send(text, output, error))
            return false;
    }
    buffer_string(text, "  ]");
    return true;
}

/* ---- the matrix ---- */

/* One row of the matrix; `*cell` moves past its cells. */
static void put_row(struct buffer *text, const struct metrics *metrics, uint32_t row, size_t *cell)
{
    buffer_string(text, "    [");
    for (uint32_t column = 0; column < metrics->class_count; column++) {
        const struct metrics_cell *next = &metrics->cells[*cell];
        bool here = *cell < metrics->cell_count && next->label == row && next->predicted == column;
        buffer_print(text, "%s%llu", column ? ", " : "",
                     here ? (unsigned long long)next->count : 0);
        *cell += here;
    }
    buffer_string(text, row + 1 < metrics->class_count ? "],\n" : "]\n");
}

static bool put_matrix(const struct metrics *metrics, struct buffer *text, struct output *output,
                       struct error *error)
{
    size_t cell = 0;
    buffer_string(text, ",\n  \"confusion\": [\n");
    for (uint32_t row = 0; row < metrics->class_count; row++) {
        put_row(text, metrics, row, &cell);
        if (!buffer_send(text, output, error))
            return false;
    }
    buffer_string(text, "  ]");
    return true;
}

static bool put_cells(const struct metrics *metrics, struct buffer *text, struct output *output,
                      struct error *error)
{
    buffer_string(text, ",\n  \"cells\": [\n");
    for (size_t i = 0; i < metrics->cell_count; i++) {
        const struct metrics_cell *cell = &metrics->cells[i];
        buffer_print(text, "    [%u, %u, %llu]%s\n", (unsigned)cell->label,
                     (unsigned)cell->predicted, (unsigned long long)cell->count,
                     i + 1 < metrics->cell_count ? "," : "");
        if (!buffer_send(text, output, error))
            return false;
    }
    buffer_string(text, "  ]");
    return true;
}

/* ---- all of it ---- */

static bool put_all(const struct metrics *metrics, const struct json_more *more,
                    struct buffer *text, struct output *output, struct error *error)
{
    bool matrix = more->matrix || metrics->class_count <= MATRIX_CLASSES;
    buffer_string(text, "{\n  ");
    json_count(text, "rows", metrics->rows);
    buffer_string(text, ",\n  ");
    json_real(text, "accuracy", metrics->accuracy);
    buffer_string(text, ",\n");
    if (metrics->abstained) {
        buffer_string(text, "  ");
        json_count(text, "answered", metrics->answered);
        buffer_string(text, ",\n  ");
        json_real(text, "answered_accuracy", metrics->answered_accuracy);
        buffer_string(text, ",\n");
    }
    put_mean(text, "macro", &metrics->macro);
    put_mean(text, "weighted", &metrics->weighted);
    if (!put_classes(metrics, more->all, text, output, error) ||
        !(matrix ? put_matrix : put_cells)(metrics, text, output, error))
        return false;
    if (more->sets)
        json_sets(more->sets, text);
    if (more->cost)
        json_cost(more->cost, metrics->rows, text);
    if (more->all)
        json_evaluation(more->all, text);
    buffer_string(text, "\n}\n");
    return buffer_send(text, output, error);
}

bool json_metrics(const struct metrics *metrics, const struct json_more *more,
                  struct output *output, struct error *error)
{
    struct buffer text = {0};
    bool done = put_all(metrics, more, &text, output, error);
    buffer_free(&text);
    return done;
}

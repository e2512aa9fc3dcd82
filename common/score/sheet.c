#include "score/sheet.h"

#include "base/report.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <uniwidth.h>

enum {
    MOST_NAME = 32,    /* columns of a label */
    MOST_WIDTH = 100,  /* columns of a matrix whose columns have names */
    MOST_CLASSES = 40, /* of a matrix at all */
    GAP = 2            /* between the matrix's columns */
};

/* A label as it is shown, and how many columns it takes. */
struct name {
    struct buffer text;
    int width;
};

/* ---- names ---- */

static int width_of(const char *text, size_t size)
{
    return u8_width((const uint8_t *)text, size, "UTF-8");
}

/* Cuts a text to MOST_NAME columns, the last of them an ellipsis. */
static void cut(struct buffer *text)
{
    size_t size = 0;
    int width = 0;
    while (size < text->size) {
        size_t step = utf8_sequence(text->bytes + size, text->size - size);
        width += step ? width_of(text->bytes + size, step) : 0;
        if (!step || width > MOST_NAME - 1)
            break;
        size += step;
    }
    text->size = size;
    buffer_string(text, "\xe2\x80\xa6");
}

static struct name name_of(struct text label)
{
    struct name name = {0};
    buffer_name(&name.text, label);
    if (width_of(name.text.bytes, name.text.size) > MOST_NAME)
        cut(&name.text);
    name.width = width_of(name.text.bytes, name.text.size);
    return name;
}

static struct name *names_of(const struct metrics *metrics)
{
    struct name *names = calloc(metrics->class_count, sizeof *names);
    for (uint32_t i = 0; names && i < metrics->class_count; i++)
        names[i] = name_of(metrics->classes[i].label);
    return names;
}

static bool free_names(struct name *names, uint32_t count)
{
    bool whole = true;
    for (uint32_t i = 0; i < count; i++) {
        whole = whole && !names[i].text.out_of_memory;
        buffer_free(&names[i].text);
    }
    free(names);
    return whole;
}

static int widest(const struct name *names, uint32_t count)
{
    int width = 0;
    for (uint32_t i = 0; i < count; i++)
        if (names[i].width > width)
            width = names[i].width;
    return width;
}

static void put_name(struct buffer *text, const struct name *name)
{
    buffer_bytes(text, name->text.bytes, name->text.size);
}

static void put_left(struct buffer *text, const struct name *name, int width)
{
    put_name(text, name);
    buffer_print(text, "%*s", width - name->width, "");
}

static void put_right(struct buffer *text, const struct name *name, int width)
{
    buffer_print(text, "%*s", width - name->width, "");
    put_name(text, name);
}

/* ---- figures ---- */

static void put_figures(struct buffer *text, double precision, double recall, double f1,
                        uint64_t support)
{
    buffer_print(text, "  %9.4f  %8.4f  %8.4f  %9llu\n", precision, recall, f1,
                 (unsigned long long)support);
}

static void put_mean(struct buffer *text, const char *what, int width,
                     const struct metrics_mean *mean, uint64_t rows)
{
    buffer_print(text, "%-*s", width, what);
    put_figures(text, mean->precision, mean->recall, mean->f1, rows);
}

static void put_summary(const struct metrics *metrics, struct buffer *text)
{
    char hits[REPORT_COUNT_SIZE], rows[REPORT_COUNT_SIZE];
    buffer_print(text, "accuracy %.6f: %s of %s rows\n\n", metrics->accuracy,
                 report_count(metrics->hits, hits), report_count(metrics->rows, rows));
}

static void put_classes(const struct metrics *metrics, const struct name *names,
                        struct buffer *text)
{
    static const char longest_mean[] = "weighted mean";
    int width = widest(names, metrics->class_count);
    if (width < (int)sizeof longest_mean - 1)
        width = sizeof longest_mean - 1;
    buffer_print(text, "%-*s  %9s  %8s  %8s  %9s\n", width, "class", "precision", "recall", "f1",
                 "support");
    for (uint32_t i = 0; i < metrics->class_count; i++) {
        const struct metrics_class *of = &metrics->classes[i];
        put_left(text, &names[i], width);
        put_figures(text, of->precision, of->recall, of->f1, of->support);
    }
    buffer_byte(text, '\n');
    put_mean(text, "macro mean", width, &metrics->macro, metrics->rows);
    put_mean(text, longest_mean, width, &metrics->weighted, metrics->rows);
}

/* ---- the matrix ---- */

static int digits_of(uint64_t number)
{
    return snprintf(NULL, 0, "%llu", (unsigned long long)number);
}

/* How the matrix is laid out. */
struct layout {
    bool numbered; /* the columns: by the numbers that the rows show */
    int number;    /* columns of such a number in front of a row's name */
    int name;      /* columns of a row's name */
    int *cells;    /* of each column */
};

static void measure_cells(const struct metrics *metrics, int *cells)
{
    for (uint32_t i = 0; i < metrics->class_count; i++)
        cells[i] = 1;
    for (size_t i = 0; i < metrics->cell_count; i++) {
        int digits = digits_of(metrics->cells[i].count);
        int *cell = &cells[metrics->cells[i].predicted];
        *cell = digits > *cell ? digits : *cell;
    }
}

static struct layout lay_out(const struct metrics *metrics, const struct name *names, int *cells)
{
    uint32_t count = metrics->class_count;
    struct layout layout = {.cells = cells, .name = widest(names, count)};
    int width = layout.name;
    measure_cells(metrics, cells);
    for (uint32_t i = 0; i < count; i++)
        width += GAP + (names[i].width > cells[i] ? names[i].width : cells[i]);
    layout.numbered = width > MOST_WIDTH;
    layout.number = layout.numbered ? digits_of(count) : 0;
    for (uint32_t i = 0; i < count; i++) {
        int heading = layout.numbered ? digits_of(i + 1) : names[i].width;
        cells[i] = heading > cells[i] ? heading : cells[i];
    }
    return layout;
}

static void put_heading(const struct metrics *metrics, const struct name *names,
                        const struct layout *layout, struct buffer *text)
{
    buffer_print(text, "%*s", layout->name + (layout->numbered ? layout->number + 1 : 0), "");
    for (uint32_t i = 0; i < metrics->class_count; i++) {
        if (layout->numbered)
            buffer_print(text, "%*u", GAP + layout->cells[i], (unsigned)i + 1);
        else
            put_right(text, &names[i], GAP + layout->cells[i]);
    }
    buffer_byte(text, '\n');
}

static void put_matrix(const struct metrics *metrics, const struct name *names,
                       const struct layout *layout, struct buffer *text)
{
    const struct metrics_cell *cell = metrics->cells, *end = cell + metrics->cell_count;
    put_heading(metrics, names, layout, text);
    for (uint32_t row = 0; row < metrics->class_count; row++) {
        if (layout->numbered)
            buffer_print(text, "%*u ", layout->number, (unsigned)row + 1);
        put_left(text, &names[row], layout->name);
        for (uint32_t column = 0; column < metrics->class_count; column++) {
            int width = GAP + layout->cells[column];
            if (cell < end && cell->label == row && cell->predicted == column)
                buffer_print(text, "%*llu", width, (unsigned long long)cell++->count);
            else
                buffer_print(text, "%*s", width, ".");
        }
        buffer_byte(text, '\n');
    }
}

static bool put_confusion(const struct metrics *metrics, const struct name *names,
                          struct buffer *text)
{
    if (metrics->class_count > MOST_CLASSES) {
        buffer_print(text, "\nconfusion matrix of %u classes: left out here, whole with --json\n",
                     (unsigned)metrics->class_count);
        return true;
    }
    int *cells = calloc(metrics->class_count, sizeof *cells);
    if (!cells)
        return false;
    buffer_string(text, "\nconfusion matrix: true classes down, predicted across, . for 0\n");
    struct layout layout = lay_out(metrics, names, cells);
    put_matrix(metrics, names, &layout, text);
    free(cells);
    return true;
}

bool sheet_metrics(const struct metrics *metrics, struct buffer *text)
{
    struct name *names = names_of(metrics);
    if (!names)
        return false;
    put_summary(metrics, text);
    put_classes(metrics, names, text);
    bool put = put_confusion(metrics, names, text);
    return free_names(names, metrics->class_count) && put;
}

/*
 * The confusion matrix, or what of it matters.
 */
#include "base/memory.h"
#include "score/ranked.h"
#include "score/sheet.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    MATRIX_CLASSES = 20,  /* of a matrix that nobody asked for */
    MOST_CONFUSIONS = 20, /* in its place */
    LEAST_CONFUSIONS = 5, /* however small a terminal is */
    SHEET_LINES = 14,     /* of what stands around them and the classes */
    MOST_WIDTH = 100,     /* columns of a matrix whose columns have names */
    GAP = 2               /* between the matrix's columns */
};

static int digits_of(uint64_t number)
{
    return snprintf(NULL, 0, "%llu", (unsigned long long)number);
}

/* ---- the matrix ---- */

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
    struct layout layout = {.cells = cells, .name = names_widest(names, count)};
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
            name_right(text, &names[i], GAP + layout->cells[i]);
    }
    buffer_byte(text, '\n');
}

/* White on a ground that is the stronger the larger the share of its row: green where right. */
static void put_heat(struct buffer *text, const struct metrics_cell *cell, double share)
{
    static const int right[] = {22, 28, 34}, wrong[] = {52, 88, 124};
    const int *grounds = cell->label == cell->predicted ? right : wrong;
    buffer_print(text, "\x1b[97;48;5;%dm", grounds[share < 1.0 / 3 ? 0 : share < 2.0 / 3 ? 1 : 2]);
}

static void put_cell(struct buffer *text, const struct metrics *metrics,
                     const struct metrics_cell *cell, int width, bool colour)
{
    buffer_print(text, "%*s", GAP + width - digits_of(cell->count), "");
    if (colour)
        put_heat(text, cell, (double)cell->count / (double)metrics->classes[cell->label].support);
    buffer_print(text, "%llu%s", (unsigned long long)cell->count, colour ? "\x1b[0m" : "");
}

static void put_matrix(const struct metrics *metrics, const struct name *names,
                       const struct layout *layout, bool colour, struct buffer *text)
{
    const struct metrics_cell *cell = metrics->cells, *end = cell + metrics->cell_count;
    put_heading(metrics, names, layout, text);
    for (uint32_t row = 0; row < metrics->class_count; row++) {
        if (!layout->numbered && metrics_is_no_class(metrics, row)) /* a number is its column's */
            continue;
        if (layout->numbered)
            buffer_print(text, "%*u ", layout->number, (unsigned)row + 1);
        name_left(text, &names[row], layout->name);
        for (uint32_t column = 0; column < metrics->class_count; column++) {
            if (cell < end && cell->label == row && cell->predicted == column)
                put_cell(text, metrics, cell++, layout->cells[column], colour);
            else
                buffer_print(text, "%*s", GAP + layout->cells[column], ".");
        }
        buffer_byte(text, '\n');
    }
}

static bool lay_out_matrix(const struct metrics *metrics, const struct name *names, bool colour,
                           struct buffer *text)
{
    int *cells = memory_array(metrics->class_count, sizeof *cells);
    if (!cells)
        return false;
    buffer_string(text, "\nconfusion matrix: true classes down, predicted across, . for 0\n");
    struct layout layout = lay_out(metrics, names, cells);
    put_matrix(metrics, names, &layout, colour, text);
    free(cells);
    return true;
}

/* ---- the most frequent confusions ---- */

static void put_confusions(const struct metrics *metrics, const struct name *names,
                           const struct metrics_cell *cells, size_t count, struct buffer *text)
{
    int width = 4; /* of `true` */
    for (size_t i = 0; i < count; i++)
        if (names[cells[i].label].width > width)
            width = names[cells[i].label].width;
    buffer_print(text, "%9s  %8s  %-*s  %s\n", "rows", "of true", width, "true", "predicted");
    for (size_t i = 0; i < count; i++) {
        const struct metrics_cell *cell = &cells[i];
        buffer_print(text, "%9llu  %7.1f%%  ", (unsigned long long)cell->count,
                     100 * (double)cell->count / (double)metrics->classes[cell->label].support);
        name_left(text, &names[cell->label], width);
        buffer_string(text, "  ");
        buffer_bytes(text, names[cell->predicted].text.bytes, names[cell->predicted].text.size);
        buffer_byte(text, '\n');
    }
}

/* A third of what a terminal has room for, as sheet.c takes the rest. */
static size_t most_confusions(const struct sheet_look *look)
{
    size_t fit = look->lines > SHEET_LINES ? (look->lines - SHEET_LINES) / 3 : 0;
    if (!look->lines || fit > MOST_CONFUSIONS)
        return MOST_CONFUSIONS;
    return fit < LEAST_CONFUSIONS ? LEAST_CONFUSIONS : fit;
}

static bool list_confusions(const struct metrics *metrics, const struct name *names,
                            const struct sheet_look *look, struct buffer *text)
{
    size_t count;
    struct metrics_cell *cells = ranked_confusions(metrics, &count);
    if (!cells)
        return false;
    size_t most = most_confusions(look), shown = count < most ? count : most;
    buffer_print(text,
                 "\nthe most frequent confusions, %zu of %zu; the matrix of %u classes with "
                 "--matrix\n",
                 shown, count, (unsigned)metrics_count_classes(metrics));
    if (shown)
        put_confusions(metrics, names, cells, shown, text);
    free(cells);
    return true;
}

bool sheet_confusion(const struct metrics *metrics, const struct name *names,
                     const struct sheet_look *look, struct buffer *text)
{
    if (metrics->class_count > MATRIX_CLASSES && !look->matrix)
        return list_confusions(metrics, names, look, text);
    return lay_out_matrix(metrics, names, look->colour, text);
}

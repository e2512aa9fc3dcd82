#include "score/json.h"

#include "base/buffer.h"

#include <stdio.h>
#include <stdlib.h>

static void put_string(struct buffer *text, struct text string)
{
    buffer_byte(text, '"');
    for (size_t i = 0; i < string.size; i++) {
        char byte = string.data[i];
        if (byte == '"' || byte == '\\')
            buffer_print(text, "\\%c", byte);
        else if ((unsigned char)byte < 0x20)
            buffer_print(text, "\\u%04x", (unsigned)byte);
        else
            buffer_byte(text, byte);
    }
    buffer_byte(text, '"');
}

/* `"key": value`, in the fewest digits from 15 on that read back as the same double. */
static void put_real(struct buffer *text, const char *key, double value)
{
    char digits[32];
    int precision = 15;
    do
        snprintf(digits, sizeof digits, "%.*g", precision, value);
    while (strtod(digits, NULL) != value && ++precision <= 17);
    buffer_print(text, "\"%s\": %s", key, digits);
}

static void put_figures(struct buffer *text, double precision, double recall, double f1)
{
    put_real(text, "precision", precision);
    buffer_string(text, ", ");
    put_real(text, "recall", recall);
    buffer_string(text, ", ");
    put_real(text, "f1", f1);
}

static void put_mean(struct buffer *text, const char *key, const struct metrics_mean *mean)
{
    buffer_print(text, "  \"%s\": {", key);
    put_figures(text, mean->precision, mean->recall, mean->f1);
    buffer_string(text, "},\n");
}

static void put_class(struct buffer *text, const struct metrics_class *of, bool last)
{
    buffer_string(text, "    {\"label\": ");
    put_string(text, of->label);
    buffer_string(text, ", ");
    put_figures(text, of->precision, of->recall, of->f1);
    buffer_print(text, ", \"support\": %llu, \"predicted\": %llu}%s\n",
                 (unsigned long long)of->support, (unsigned long long)of->predicted,
                 last ? "" : ",");
}

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

static bool put_all(const struct metrics *metrics, struct buffer *text, struct output *output,
                    struct error *error)
{
    buffer_print(text, "{\n  \"rows\": %llu,\n  ", (unsigned long long)metrics->rows);
    put_real(text, "accuracy", metrics->accuracy);
    buffer_string(text, ",\n");
    put_mean(text, "macro", &metrics->macro);
    put_mean(text, "weighted", &metrics->weighted);
    buffer_string(text, "  \"classes\": [\n");
    for (uint32_t i = 0; i < metrics->class_count; i++)
        put_class(text, &metrics->classes[i], i + 1 == metrics->class_count);
    buffer_string(text, "  ],\n  \"confusion\": [\n");
    size_t cell = 0;
    for (uint32_t row = 0; row < metrics->class_count; row++) {
        put_row(text, metrics, row, &cell);
        if (!buffer_send(text, output, error))
            return false;
    }
    buffer_string(text, "  ]\n}\n");
    return buffer_send(text, output, error);
}

bool json_metrics(const struct metrics *metrics, struct output *output, struct error *error)
{
    struct buffer text = {0};
    bool done = put_all(metrics, &text, output, error);
    buffer_free(&text);
    return done;
}

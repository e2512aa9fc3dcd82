/*
 * The field of a drawing is 410 x 226 units, its lower left corner at (44, 190) and its upper right
 * one at (386, 12).
 */
#include "page/charts.h"

#include "page/html.h"
#include "score/intervals.h"

#include <math.h>

enum { LEFT = 44, RIGHT = 386, TOP = 12, BOTTOM = 190, TICKS = 5 };

/* What the axes reach from and to. */
struct field {
    double x_least, x_most, y_least, y_most;
};

static double x_of(const struct field *field, double x)
{
    return LEFT + (RIGHT - LEFT) * (x - field->x_least) / (field->x_most - field->x_least);
}

static double y_of(const struct field *field, double y)
{
    return BOTTOM - (BOTTOM - TOP) * (y - field->y_least) / (field->y_most - field->y_least);
}

/* A scale from below the least value, in steps of 0.05, to 1. */
static double scale_from(double least)
{
    double from = floor(least * 20 - 0.01) / 20;
    return from < 0 ? 0 : from > 0.95 ? 0.95 : from;
}

static void begin_chart(struct buffer *page, const char *id, const char *caption, const char *label)
{
    buffer_print(page,
                 "<figure id=\"%s\"><figcaption>%s</figcaption>\n<svg viewBox=\"0 0 410 226\" "
                 "role=\"img\" aria-label=\"%s\">\n",
                 id, caption, label);
}

static void put_axes(struct buffer *page, const struct field *field, const char *x, int digits,
                     double scale)
{
    buffer_print(page, "<path class=\"axis\" d=\"M%d %dV%dH%d\"/>\n", LEFT, TOP, BOTTOM, RIGHT);
    for (int i = 0; i <= TICKS; i++) {
        double at = field->y_least + (field->y_most - field->y_least) * i / TICKS;
        buffer_print(page, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.2f</text>\n", LEFT - 6,
                     y_of(field, at) + 4, at);
        at = field->x_least + (field->x_most - field->x_least) * i / TICKS;
        buffer_print(page, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.*f</text>\n",
                     x_of(field, at), BOTTOM + 15, digits, at * scale);
    }
    buffer_print(page, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
                 (LEFT + RIGHT) / 2, BOTTOM + 29, x);
}

static void put_point(struct buffer *page, const struct field *field, double x, double y)
{
    buffer_print(page, "<circle class=\"mark\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"/>\n",
                 x_of(field, x), y_of(field, y));
}

static void begin_table(struct buffer *page, const char *headings)
{
    buffer_print(page,
                 "</svg>\n<details><summary>As numbers</summary><table>\n<thead><tr>%s</tr>"
                 "</thead>\n<tbody>\n",
                 headings);
}

static void end_table(struct buffer *page)
{
    buffer_string(page, "</tbody></table></details></figure>\n");
}

/* ---- calibration ---- */

static void put_bin(struct buffer *page, const struct field *field,
                    const struct calibration *calibration, int bin)
{
    struct interval interval = interval_wilson(calibration->right[bin], calibration->rows[bin]);
    double x = calibration->confidence[bin];
    buffer_print(page, "<path class=\"band\" d=\"M%.1f %.1fV%.1f\"/>\n", x_of(field, x),
                 y_of(field, interval.low), y_of(field, interval.high));
    put_point(page, field, x, (double)calibration->right[bin] / (double)calibration->rows[bin]);
}

void chart_calibration(struct buffer *page, const struct calibration *calibration)
{
    const struct field field = {0, 1, 0, 1};
    begin_chart(page, "calibration", "Calibration: share that is right, by confidence",
                "How often the model is right, by how sure it is; the numbers follow");
    put_axes(page, &field, "confidence", 1, 1);
    buffer_print(page, "<path class=\"even\" d=\"M%d %dL%d %d\"/>\n", LEFT, BOTTOM, RIGHT, TOP);
    for (int bin = 0; bin < CALIBRATION_BINS; bin++)
        if (calibration->rows[bin])
            put_bin(page, &field, calibration, bin);
    begin_table(page, "<th scope=\"col\">confidence</th><th scope=\"col\">right</th>"
                      "<th scope=\"col\">texts</th>");
    for (int bin = 0; bin < CALIBRATION_BINS; bin++) {
        if (!calibration->rows[bin])
            continue;
        buffer_string(page, "<tr><td>");
        html_number(page, calibration->confidence[bin], 3);
        buffer_string(page, "</td><td>");
        html_number(page, (double)calibration->right[bin] / (double)calibration->rows[bin], 3);
        buffer_string(page, "</td><td>");
        html_count(page, calibration->rows[bin]);
        buffer_string(page, "</td></tr>\n");
    }
    end_table(page);
}

/* ---- coverage ---- */

static double accuracy_of(const struct coverage_step *step)
{
    return (double)step->right / (double)step->answered;
}

void chart_coverage(struct buffer *page, const struct coverage_step *steps, size_t count,
                    uint64_t rows)
{
    double least = 1;
    for (size_t i = 0; i < count; i++)
        least = accuracy_of(&steps[i]) < least ? accuracy_of(&steps[i]) : least;
    const struct field field = {0, 1, scale_from(least), 1};
    begin_chart(page, "coverage", "Accuracy, if only the surest answers are given",
                "Accuracy by the share of texts that are answered; the numbers follow");
    put_axes(page, &field, "% of the texts answered", 0, 100);
    for (size_t i = 0; i < count; i++)
        buffer_print(page, "%s%.1f %.1f", i ? "L" : "<path class=\"path\" d=\"M",
                     x_of(&field, (double)steps[i].answered / (double)rows),
                     y_of(&field, accuracy_of(&steps[i])));
    buffer_string(page, count ? "\"/>\n" : "");
    for (size_t i = 0; i < count; i++)
        put_point(page, &field, (double)steps[i].answered / (double)rows, accuracy_of(&steps[i]));
    begin_table(page, "<th scope=\"col\">confidence from</th><th scope=\"col\">answered</th>"
                      "<th scope=\"col\">accuracy</th>");
    for (size_t i = 0; i < count; i++) {
        buffer_print(page, "<tr><td>%.3f</td><td>", (double)steps[i].confidence);
        html_count(page, steps[i].answered);
        buffer_string(page, "</td><td>");
        html_number(page, accuracy_of(&steps[i]), 4);
        buffer_string(page, "</td></tr>\n");
    }
    end_table(page);
}

/* ---- learning ---- */

void chart_learning(struct buffer *page, const struct curve_point *points, size_t count)
{
    double least = 1;
    for (size_t i = 0; i < count; i++)
        least = points[i].accuracy < least ? points[i].accuracy : least;
    const struct field field = {0, points[count - 1].documents, scale_from(least), 1};
    begin_chart(page, "learning", "Accuracy by the number of training texts",
                "Accuracy by the number of training texts; the numbers follow");
    put_axes(page, &field, "training texts", 0, 1);
    for (size_t i = 0; i < count; i++)
        buffer_print(page, "%s%.1f %.1f", i ? "L" : "<path class=\"path\" d=\"M",
                     x_of(&field, points[i].documents), y_of(&field, points[i].accuracy));
    buffer_string(page, "\"/>\n");
    for (size_t i = 0; i < count; i++)
        put_point(page, &field, points[i].documents, points[i].accuracy);
    begin_table(page, "<th scope=\"col\">texts</th><th scope=\"col\">accuracy</th>");
    for (size_t i = 0; i < count; i++)
        buffer_print(page, "<tr><td>%.0f</td><td>%.4f</td></tr>\n", points[i].documents,
                     points[i].accuracy);
    end_table(page);
}

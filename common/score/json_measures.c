/*
 * Members stand in the order of the sheet's lines.
 */
#include "score/json_measures.h"

#include "score/json_put.h"
#include "score/mcnemar.h"

#include <math.h>

/* `"balanced_accuracy": ` */
static void put_key(struct buffer *text, enum measure measure)
{
    buffer_byte(text, '"');
    for (const char *name = measure_name(measure); *name; name++)
        buffer_byte(text, *name == '-' ? '_' : *name);
    buffer_string(text, "\": ");
}

/* `"value": 0.75, "interval": [0.3, 0.95]` */
static void put_figure(struct buffer *text, const struct figure *figure)
{
    json_real(text, "value", figure->value);
    buffer_string(text, ", ");
    json_interval(text, "interval", figure->interval);
}

static void put_named_figure(struct buffer *text, const char *key, const struct figure *figure)
{
    buffer_print(text, "\"%s\": {", key);
    put_figure(text, figure);
    buffer_byte(text, '}');
}

/* The K of the top measure, behind its other members. */
static void end_measure(struct buffer *text, enum measure measure, uint32_t top)
{
    if (measure == MEASURE_TOP)
        buffer_print(text, ", \"k\": %u", (unsigned)top);
    buffer_byte(text, '}');
}

/* Begins the next measure of an object, if the set has it. */
static bool begin_measure(struct buffer *text, enum measure measure, unsigned set)
{
    unsigned bit = 1u << measure;
    if (!(set & bit))
        return false;
    buffer_string(text, set & (bit - 1) ? ",\n    " : "\n    ");
    put_key(text, measure);
    buffer_byte(text, '{');
    return true;
}

static void put_resampling(const struct resampling *resampling, struct buffer *text)
{
    buffer_string(text, ",\n  ");
    json_count(text, "resamples", resampling->count);
    buffer_string(text, ",\n  ");
    json_count(text, "seed", resampling->seed);
}

static void put_coverage(const struct evaluation *evaluation, struct buffer *text)
{
    buffer_string(text, ",\n  \"coverage\": [");
    for (size_t i = 0; i < evaluation->step_count; i++) {
        const struct coverage_step *step = &evaluation->steps[i];
        buffer_string(text, i ? ",\n    {\"confidence\": " : "\n    {\"confidence\": ");
        buffer_float(text, step->confidence);
        buffer_string(text, ", ");
        json_count(text, "answered", step->answered);
        buffer_string(text, ", ");
        json_count(text, "right", step->right);
        buffer_string(text, ", ");
        json_real(text, "accuracy", (double)step->right / (double)step->answered);
        buffer_string(text, ", ");
        json_interval(text, "interval", interval_wilson(step->right, step->answered));
        buffer_byte(text, '}');
    }
    buffer_string(text, "\n  ]");
}

static void put_measures(const struct evaluation *evaluation, struct buffer *text)
{
    const struct trial *trial = &evaluation->trial;
    buffer_string(text, ",\n  \"measures\": {");
    for (int i = 0; i < MEASURE_COUNT; i++) {
        if (!begin_measure(text, (enum measure)i, trial->set))
            continue;
        put_figure(text, &evaluation->figures[i]);
        end_measure(text, (enum measure)i, trial->top);
    }
    buffer_string(text, "\n  }");
    put_resampling(&evaluation->resampling, text);
}

void json_evaluation(const struct evaluation *evaluation, struct buffer *text)
{
    put_measures(evaluation, text);
    if (evaluation->step_count)
        put_coverage(evaluation, text);
}

void json_sets(const struct answers *answers, struct buffer *text)
{
    double rows = (double)answers->confusion.rows;
    buffer_string(text, ",\n  \"sets\": {");
    json_real(text, "coverage", (double)answers->held / rows);
    buffer_string(text, ", ");
    json_real(text, "size", (double)answers->labels_in_sets / rows);
    buffer_string(text, ", ");
    json_count(text, "empty", answers->empty);
    buffer_byte(text, '}');
}

void json_cost(const double *total, uint64_t rows, struct buffer *text)
{
    buffer_string(text, ",\n  \"cost\": {");
    json_real(text, "total", *total);
    buffer_string(text, ", ");
    json_real(text, "mean", *total / (double)rows);
    buffer_byte(text, '}');
}

static void begin_object(uint64_t rows, struct buffer *text)
{
    buffer_string(text, "{\n  ");
    json_count(text, "rows", rows);
}

void json_measures(const struct evaluation *evaluation, struct buffer *text)
{
    begin_object(evaluation->trial.metrics.rows, text);
    put_measures(evaluation, text);
    buffer_string(text, "\n}\n");
}

static void put_mcnemar(const struct paired *paired, struct buffer *text)
{
    struct mcnemar test = mcnemar_of(paired->first, paired->second);
    buffer_string(text, ",\n  \"mcnemar\": {");
    json_count(text, "both_right", paired->both);
    buffer_string(text, ", ");
    json_count(text, "first_only", paired->first);
    buffer_string(text, ", ");
    json_count(text, "second_only", paired->second);
    buffer_string(text, ", ");
    json_count(text, "neither", paired->neither);
    buffer_print(text, ", \"exact\": %s, ", test.exact ? "true" : "false");
    json_real(text, "statistic", test.exact ? (double)NAN : test.statistic);
    buffer_string(text, ", ");
    json_real(text, "p", test.p);
    buffer_byte(text, '}');
}

void json_pair(const struct figures_pair *pair, const struct paired *paired,
               const struct trial *trial, const struct resampling *resampling, struct buffer *text)
{
    begin_object(trial->metrics.rows, text);
    buffer_string(text, ",\n  \"measures\": {");
    for (int i = 0; i < MEASURE_COUNT; i++) {
        if (!begin_measure(text, (enum measure)i, trial->set))
            continue;
        put_named_figure(text, "first", &pair->first[i]);
        buffer_string(text, ", ");
        put_named_figure(text, "second", &pair->second[i]);
        buffer_string(text, ", ");
        put_named_figure(text, "difference", &pair->difference[i]);
        end_measure(text, (enum measure)i, trial->top);
    }
    buffer_string(text, "\n  }");
    put_resampling(resampling, text);
    put_mcnemar(paired, text);
    buffer_string(text, "\n}\n");
}

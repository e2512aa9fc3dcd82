/* Pairs of label and prediction are counted as they come, and figures made of them at the end. */
#include "score/metrics.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- counting ---- */

uint32_t confusion_label(struct confusion *confusion, struct text label)
{
    return words_add(&confusion->labels, label, NULL);
}

uint32_t confusion_no_answer(struct confusion *confusion, struct text shown)
{
    if (!confusion->abstained)
        confusion->no_answer = confusion_label(confusion, shown);
    confusion->abstained = confusion->no_answer != WORDS_NONE;
    return confusion->no_answer;
}

uint32_t confusion_count(struct confusion *confusion, uint32_t label, uint32_t predicted)
{
    struct confusion_pair pair = {label, predicted};
    bool added;
    uint32_t number =
        words_add(&confusion->pairs, (struct text){(const char *)&pair, sizeof pair}, &added);
    if (number == WORDS_NONE || !memory_reserve(&confusion->counts, &confusion->count_capacity,
                                                (size_t)number + 1, sizeof *confusion->counts))
        return WORDS_NONE;
    if (added)
        confusion->counts[number] = 0;
    confusion->counts[number]++;
    confusion->rows++;
    return number;
}

bool confusion_row(struct confusion *confusion, uint32_t label, uint32_t predicted)
{
    return confusion_count(confusion, label, predicted) != WORDS_NONE;
}

struct confusion_pair confusion_pair(const struct confusion *confusion, uint32_t number)
{
    struct confusion_pair pair;
    memcpy(&pair, words_text(&confusion->pairs, number).data, sizeof pair);
    return pair;
}

void confusion_free(struct confusion *confusion)
{
    words_free(&confusion->labels);
    words_free(&confusion->pairs);
    free(confusion->counts);
    *confusion = (struct confusion){0};
}

/* ---- cells and classes ---- */

static int by_name(const void *left, const void *right)
{
    const struct metrics_class *l = left, *r = right;
    return text_compare(l->label, r->label);
}

static int by_place(const void *left, const void *right)
{
    const struct metrics_cell *l = left, *r = right;
    if (l->label != r->label)
        return l->label < r->label ? -1 : 1;
    return (l->predicted > r->predicted) - (l->predicted < r->predicted);
}

/* Sorts the labels into `classes`; `rank[number]` is the class of label `number`. */
static void sort_classes(const struct confusion *confusion, struct metrics *metrics, uint32_t *rank)
{
    for (uint32_t i = 0; i < metrics->class_count; i++)
        metrics->classes[i] = (struct metrics_class){.label = words_text(&confusion->labels, i)};
    qsort(metrics->classes, metrics->class_count, sizeof *metrics->classes, by_name);
    for (uint32_t i = 0; i < metrics->class_count; i++)
        rank[words_find(&confusion->labels, metrics->classes[i].label)] = i;
    metrics->abstained = confusion->abstained;
    metrics->no_answer = confusion->abstained ? rank[confusion->no_answer] : WORDS_NONE;
}

static void sort_cells(const struct confusion *confusion, struct metrics *metrics,
                       const uint32_t *rank)
{
    for (uint32_t i = 0; i < metrics->cell_count; i++) {
        struct confusion_pair pair = confusion_pair(confusion, i);
        metrics->cells[i] =
            (struct metrics_cell){rank[pair.label], rank[pair.predicted], confusion->counts[i], i};
    }
    qsort(metrics->cells, metrics->cell_count, sizeof *metrics->cells, by_place);
}

static void count_classes(struct metrics *metrics)
{
    for (size_t i = 0; i < metrics->cell_count; i++) {
        const struct metrics_cell *cell = &metrics->cells[i];
        metrics->classes[cell->label].support += cell->count;
        metrics->classes[cell->predicted].predicted += cell->count;
        if (cell->label == cell->predicted) {
            metrics->classes[cell->label].hits = cell->count;
            metrics->hits += cell->count;
        }
    }
}

/* ---- figures ---- */

static double ratio(uint64_t part, uint64_t whole)
{
    return whole ? (double)part / (double)whole : 0;
}

static void add_to_mean(struct metrics_mean *mean, const struct metrics_class *of, double weight)
{
    mean->precision += of->precision * weight;
    mean->recall += of->recall * weight;
    mean->f1 += of->f1 * weight;
}

static void divide_mean(struct metrics_mean *mean, double weights)
{
    mean->precision /= weights;
    mean->recall /= weights;
    mean->f1 /= weights;
}

bool metrics_is_no_class(const struct metrics *metrics, uint32_t class)
{
    return class == metrics->no_answer && metrics->classes[class].support == 0;
}

uint32_t metrics_count_classes(const struct metrics *metrics)
{
    return metrics->class_count -
           (metrics->abstained && metrics_is_no_class(metrics, metrics->no_answer));
}

static void compute_answered(struct metrics *metrics)
{
    const struct metrics_class *none =
        metrics->abstained ? &metrics->classes[metrics->no_answer] : NULL;
    uint64_t right = metrics->hits - (none ? none->hits : 0);
    metrics->answered = metrics->rows - (none ? none->predicted : 0);
    metrics->answered_accuracy =
        metrics->answered ? (double)right / (double)metrics->answered : (double)NAN;
}

static void compute(struct metrics *metrics)
{
    uint32_t occurring = 0;
    for (uint32_t i = 0; i < metrics->class_count; i++) {
        struct metrics_class *of = &metrics->classes[i];
        if (metrics_is_no_class(metrics, i))
            continue;
        occurring += of->support || of->predicted;
        of->precision = ratio(of->hits, of->predicted);
        of->recall = ratio(of->hits, of->support);
        of->f1 = ratio(2 * of->hits, of->support + of->predicted);
        add_to_mean(&metrics->macro, of, 1);
        add_to_mean(&metrics->weighted, of, (double)of->support);
    }
    divide_mean(&metrics->macro, occurring);
    divide_mean(&metrics->weighted, (double)metrics->rows);
    metrics->accuracy = ratio(metrics->hits, metrics->rows);
    compute_answered(metrics);
}

void metrics_recount(struct metrics *metrics)
{
    for (uint32_t i = 0; i < metrics->class_count; i++)
        metrics->classes[i] = (struct metrics_class){.label = metrics->classes[i].label};
    metrics->macro = metrics->weighted = (struct metrics_mean){0};
    metrics->hits = metrics->rows = 0;
    for (size_t i = 0; i < metrics->cell_count; i++)
        metrics->rows += metrics->cells[i].count;
    count_classes(metrics);
    compute(metrics);
}

bool metrics_copy(const struct metrics *metrics, struct metrics *copy)
{
    *copy = *metrics;
    copy->classes = memory_array(metrics->class_count, sizeof *copy->classes);
    copy->cells = memory_array(metrics->cell_count, sizeof *copy->cells);
    if (!copy->classes || !copy->cells) {
        metrics_free(copy);
        return false;
    }
    memcpy(copy->classes, metrics->classes, metrics->class_count * sizeof *copy->classes);
    memcpy(copy->cells, metrics->cells, metrics->cell_count * sizeof *copy->cells);
    return true;
}

bool metrics_of(const struct confusion *confusion, struct metrics *metrics)
{
    *metrics = (struct metrics){.rows = confusion->rows,
                                .class_count = (uint32_t)confusion->labels.count,
                                .cell_count = confusion->pairs.count};
    metrics->classes = memory_array(metrics->class_count, sizeof *metrics->classes);
    metrics->cells = memory_array(metrics->cell_count, sizeof *metrics->cells);
    uint32_t *rank = memory_array(metrics->class_count, sizeof *rank);
    bool done = metrics->classes && metrics->cells && rank;
    if (done) {
        sort_classes(confusion, metrics, rank);
        sort_cells(confusion, metrics, rank);
        count_classes(metrics);
        compute(metrics);
    } else {
        metrics_free(metrics);
    }
    free(rank);
    return done;
}

void metrics_free(struct metrics *metrics)
{
    free(metrics->classes);
    free(metrics->cells);
    *metrics = (struct metrics){0};
}

/* Sections come in the order in which one asks: how right, what is confused, how sure, why. */
#include "run/report.h"

#include "base/report.h"
#include "page/charts.h"
#include "page/figures.h"
#include "page/html.h"
#include "page/matrix.h"
#include "run/report_parts.h"

enum { CONFUSIONS = 10 };

static void put_summary(const struct report *report, struct buffer *page)
{
    const struct metrics *metrics = &report->evaluation->trial.metrics;
    buffer_string(page, "<p class=\"quiet\">");
    html_count(page, metrics->hits);
    buffer_string(page, " of ");
    html_count(page, metrics->rows);
    buffer_print(page, " texts are labelled rightly: %.2f%%.</p>\n", 100 * metrics->accuracy);
}

static void put_link(struct buffer *page, bool there, const char *id, const char *name)
{
    if (there)
        buffer_print(page, "<a href=\"#%s\">%s</a>\n", id, name);
}

static void put_navigation(const struct report *report, bool sure, struct buffer *page)
{
    buffer_string(page, "<nav aria-label=\"Sections\">\n");
    put_link(page, true, "confused", "What is confused");
    put_link(page, true, "by-label", "Labels");
    put_link(page, sure, "sure", "How sure");
    put_link(page, report->curve, "learn", "Learning");
    put_link(page, true, "mistakes", "Mistakes");
    put_link(page, report->suspects, "suspects", "Suspect labels");
    put_link(page, report->model, "importances", "Importances");
    put_link(page, report->corpus, "corpus", "Corpus");
    put_link(page, true, "lineage", "Lineage");
    buffer_string(page, "</nav>\n");
}

static bool put_confused(const struct report *report, struct buffer *page, struct error *error)
{
    const struct metrics *metrics = &report->evaluation->trial.metrics;
    buffer_string(page, "<section aria-labelledby=\"confused\"><h2 id=\"confused\">What is "
                        "confused</h2>\n");
    buffer_string(page, "<div class=\"pair\">\n<div>\n");
    if (metrics->class_count <= MATRIX_MOST)
        matrix_put(page, metrics);
    buffer_string(page, "</div>\n<div>\n");
    if (!matrix_confusions(page, metrics, CONFUSIONS))
        return error_memory(error, "writing the page");
    buffer_string(
        page, "</div></div></section>\n<section aria-labelledby=\"by-label\"><h2 id=\"by-label\">"
              "Labels</h2>\n");
    if (!figures_classes(page, report->evaluation))
        return error_memory(error, "writing the page");
    buffer_string(page, "</section>\n");
    return true;
}

static void put_sure(const struct report *report, const struct calibration *calibration,
                     struct buffer *page)
{
    const struct evaluation *evaluation = report->evaluation;
    buffer_string(page, "<section aria-labelledby=\"sure\"><h2 id=\"sure\">How sure</h2>\n"
                        "<p class=\"quiet\">On the dotted line the model is right as often as it "
                        "says; bars are 95% intervals.</p>\n<div class=\"pair\">\n");
    chart_calibration(page, calibration);
    chart_coverage(page, evaluation->steps, evaluation->step_count, evaluation->trial.metrics.rows);
    buffer_string(page, "</div></section>\n");
}

static void put_lineage(const struct report *report, struct buffer *page)
{
    buffer_string(page, "<h3>These predictions</h3>\n");
    report_stages(report->lineage, page);
    buffer_string(page, "</section>\n");
}

static bool put_all(const struct report *report, const struct kept *texts, struct buffer *page,
                    struct error *error)
{
    const struct evaluation *evaluation = report->evaluation;
    const struct answers *answers = evaluation->trial.answers;
    bool sure = answers->proba && answers->keeps >= ANSWERS_CHANCES;
    struct calibration calibration = {.error = 0};
    if (sure)
        calibration = calibration_of(answers);
    html_begin(page, report->title);
    put_summary(report, page);
    figures_headline(page, evaluation, sure ? &calibration : NULL);
    figures_measures(page, evaluation);
    put_navigation(report, sure, page);
    if (!put_confused(report, page, error))
        return false;
    if (sure)
        put_sure(report, &calibration, page);
    if (!report_curve(report, page, error) || !report_mistakes(report, texts, page, error) ||
        !report_suspects(report, page, error) || !report_corpus(report, page, error) ||
        !report_model(report, page, error))
        return false;
    put_lineage(report, page);
    html_end(page);
    return true;
}

/* Whether the texts are those of the rows. */
static bool check_texts(const struct report *report, const struct kept *texts, struct error *error)
{
    const struct answers *answers = report->evaluation->trial.answers;
    const struct confusion *confusion = &answers->confusion;
    if (texts->count != confusion->rows)
        return error_set(error, STATUS_INPUT, "%s: %zu %s, and there %s %llu %s", report->texts[0],
                         texts->count, report_noun(texts->count, "document", "documents"),
                         report_noun(confusion->rows, "is", "are"),
                         (unsigned long long)confusion->rows,
                         report_noun(confusion->rows, "prediction", "predictions"));
    for (size_t i = 0; i < texts->count; i++) {
        struct confusion_pair pair = confusion_pair(confusion, answers->pairs[i]);
        if (!text_equal(texts->rows[i].label, words_text(&confusion->labels, pair.label)))
            return error_set(error, STATUS_INPUT,
                             "%s:%llu: has another label than prediction %zu: give the texts that "
                             "were predicted",
                             texts->rows[i].file, (unsigned long long)texts->rows[i].line, i + 1);
    }
    return true;
}

static bool send(const struct report *report, const struct common *common, struct buffer *page,
                 struct error *error)
{
    struct common beside = *common;
    beside.output = report->path;
    struct output *output = output_open(&beside, OUTPUT_TEXT, error);
    if (!output)
        return false;
    return output_settle(output, buffer_send(page, output, error), error);
}

bool report_write(const struct report *report, const struct common *common, struct error *error)
{
    struct buffer page = {0};
    struct kept texts = {0};
    bool done = !report->text_count ||
                (kept_read(&texts, &report->documents, report->texts, report->text_count,
                           "give another --label-column", common, error) &&
                 check_texts(report, &texts, error));
    done = done && put_all(report, report->text_count ? &texts : NULL, &page, error) &&
           send(report, common, &page, error);
    kept_free(&texts);
    buffer_free(&page);
    return done;
}

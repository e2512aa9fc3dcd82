/*
 * None of this ends a run: the input may be meant so. Dropping bytes is what the reference does;
 * scikit-learn warns where more than half of the samples have a class of their own.
 */
#include "run/tell.h"

#include "base/path.h"
#include "base/report.h"
#include "run/path_twice.h"
#include "text/alike.h"

#include <stdbool.h>

enum {
    FEW_ROWS = 20, /* of which half may have a class of their own by chance */
    LEAST_ROWS = 3,
    LONG_DOCUMENT = 64 * 1024, /* bytes */
    LONGEST_SHOWN = 60
};

static void tell_refused(const struct common *common, const struct repairs *repairs)
{
    char count[REPORT_COUNT_SIZE];
    uint64_t refused = repairs->counts[REPAIR_REFUSED];
    if (refused)
        report_warning(common, "%s %s left out, which can't be read (first: %s)",
                       report_count(refused, count),
                       report_noun(refused, "document is", "documents are"), repairs->refused);
}

void tell_repairs(const struct common *common, const struct repairs *repairs, bool labelled)
{
    char count[REPORT_COUNT_SIZE];
    if (report_told())
        return;
    tell_refused(common, repairs);
    for (enum repair i = 0; i < REPAIR_COUNT; i++)
        if (repairs->counts[i] && i != REPAIR_REFUSED)
            (repair_warns(i, labelled) ? report_warning : report_summary)(
                common, "%s %s%s: %s: %s (first: %s:%llu)", report_count(repairs->counts[i], count),
                repair_noun(i), report_noun(repairs->counts[i], "", "s"), repair_reason(i),
                repair_action(i), repairs->first[i].name,
                (unsigned long long)repairs->first[i].line);
    size_t merged = repairs_merged(repairs);
    if (merged != SIZE_MAX)
        report_warning(common,
                       "labels became one when bytes were dropped: '%s': turn the documents into "
                       "UTF-8, with iconv -f LATIN1 -t UTF-8 or what they are in",
                       repairs->labels[merged].shown);
}

void tell_form(const struct common *common, const struct collection *documents)
{
    const char *told = collection_told(documents);
    if (report_told())
        return;
    if (told)
        report_summary(common, "%s", told);
    if (collection_doubted(documents))
        report_warning(common, "%s", collection_doubted(documents));
}

void tell_classes(const struct common *common, uint64_t classes, uint64_t rows, const char *noun)
{
    char count[REPORT_COUNT_SIZE], row_count[REPORT_COUNT_SIZE];
    bool all = classes == rows && rows >= LEAST_ROWS;
    if (!report_told() && (all || (rows > FEW_ROWS && classes > rows / 2)))
        report_warning(common, "%s classes for %s %s: is the label in another column?",
                       report_count(classes, count), report_count(rows, row_count), noun);
}

void tell_single(const struct common *common, uint64_t documents, uint64_t bytes)
{
    char count[REPORT_COUNT_SIZE];
    if (documents == 1 && bytes > LONG_DOCUMENT && !report_told())
        report_warning(common,
                       "one document of %s bytes is all there is: a document a line: were "
                       "the ends of lines lost?",
                       report_count(bytes, count));
}

void tell_empty(const struct common *common, uint64_t documents, const struct repairs *repairs,
                const char *path)
{
    if (!documents && !repairs->counts[REPAIR_REFUSED])
        report_warning(common, "%s: is empty: there are no documents", path_called(path));
}

static bool is_nothing(struct text label)
{
    static const char *const names[] = {"NA",   "N/A",  "n/a",  "NaN",  "nan",
                                        "null", "NULL", "None", "<NA>", "#N/A"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_equal(label, text_of(names[i])))
            return true;
    return false;
}

static int shown(struct text label)
{
    return label.size < LONGEST_SHOWN ? (int)label.size : LONGEST_SHOWN;
}

void tell_alike(const struct common *common, const struct text *labels, size_t count)
{
    size_t first, second, alike;
    char more[REPORT_COUNT_SIZE];
    if (alike_find(labels, count, &first, &second, &alike) && alike)
        report_warning(common, "labels look alike: '%.*s' and '%.*s'%s%s%s%s: are they one?",
                       shown(labels[first]), labels[first].data, shown(labels[second]),
                       labels[second].data,
                       alike_composed(labels[first], labels[second])
                           ? ", whose accents are composed in two ways"
                           : "",
                       alike > 1 ? ", and " : "", alike > 1 ? report_count(alike - 1, more) : "",
                       alike > 1 ? " more" : "");
    for (size_t i = 0; i < count; i++)
        if (is_nothing(labels[i])) {
            report_warning(common, "a label is '%.*s': does it stand for none?", shown(labels[i]),
                           labels[i].data);
            return;
        }
}

void tell_twice(const struct common *common, const struct sources_paths *paths)
{
    const char *twice = path_twice(paths->vectors, paths->vector_count);
    if (!twice)
        twice = path_twice(paths->linear, paths->linear_count);
    if (twice)
        report_warning(common, "%s is given twice, and fills twice the columns", twice);
}

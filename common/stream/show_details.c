/* Lines of numbers and names. */
#include "stream/show_details.h"

static void put_feature(const struct stream_header *header, uint32_t feature, struct buffer *text)
{
    if (header->features)
        buffer_name(text, header->features[feature]);
    else
        buffer_print(text, "%u", (unsigned)feature);
}

void show_details_heading(const struct stream_header *header, struct buffer *text)
{
    if (header->detail == DETAIL_PATHS)
        buffer_string(text, "sample\ttree\tnode\tfeature\tvalue\ttest\tthreshold");
    for (uint64_t tree = 0; header->detail == DETAIL_LEAVES && tree < header->trees; tree++)
        buffer_print(text, "\ttree:%llu", (unsigned long long)tree);
    if (header->detail != DETAIL_CONTRIBUTIONS)
        return;
    buffer_string(text, header->labelled ? "sample\tlabel\tpredicted" : "sample\tpredicted");
    buffer_string(text, "\tclass\tprobability\tbias");
    for (uint32_t feature = 0; feature < header->dim; feature++) {
        buffer_byte(text, '\t');
        put_feature(header, feature, text);
    }
}

void show_leaves(const struct stream_header *header, const struct predictions_rows *rows,
                 uint32_t row, struct buffer *text)
{
    const uint32_t *leaves = details_numbers(rows->details, DETAILS_LEAVES) + row * header->trees;
    for (uint64_t tree = 0; tree < header->trees; tree++)
        buffer_print(text, "\t%u", (unsigned)leaves[tree]);
}

/* ---- paths ---- */

static void put_step(const struct stream_header *header, const struct details *details, size_t step,
                     struct buffer *text)
{
    const uint32_t feature = details_numbers(details, DETAILS_FEATURE)[step];
    buffer_print(text, "%u\t", (unsigned)details_numbers(details, DETAILS_NODE)[step]);
    if (feature == UINT32_MAX) {
        buffer_string(text, "\t\tleaf\t\n");
        return;
    }
    put_feature(header, feature, text);
    buffer_byte(text, '\t');
    buffer_float(text, details_floats(details, DETAILS_VALUE)[step]);
    /* The left child follows its parent; so it does where the value is missing. */
    const uint32_t *node = details_numbers(details, DETAILS_NODE) + step;
    buffer_string(text, node[1] == node[0] + 1 ? "\t<=\t" : "\t>\t");
    buffer_float(text, details_floats(details, DETAILS_THRESHOLD)[step]);
    buffer_byte(text, '\n');
}

void show_paths(const struct stream_header *header, const struct predictions_rows *rows,
                uint32_t row, struct buffer *text)
{
    const uint32_t *ends = details_numbers(rows->details, DETAILS_ENDS) + row * header->trees;
    size_t step = row ? ends[-1] : 0;
    for (uint64_t tree = 0; tree < header->trees; tree++)
        for (; step < ends[tree]; step++) {
            buffer_print(text, "%llu\t%llu\t", (unsigned long long)(rows->first + row + 1),
                         (unsigned long long)tree);
            put_step(header, rows->details, step, text);
        }
}

/* ---- contributions ---- */

static void put_double(struct buffer *text, double value)
{
    if (value == 0)
        buffer_string(text, "\t0");
    else
        buffer_print(text, "\t%.17g", value);
}

void show_contributions(const struct stream_header *header, const struct predictions_rows *rows,
                        uint32_t row, struct buffer *text)
{
    const size_t classes = header->class_count;
    const double *bias = details_doubles(rows->details, DETAILS_BIAS);
    const double *shares =
        details_doubles(rows->details, DETAILS_CONTRIBUTIONS) + row * classes * header->dim;
    const int32_t predicted = rows->predicted[row];
    for (size_t c = 0; c < classes; c++, shares += header->dim) {
        buffer_print(text, "%llu\t", (unsigned long long)(rows->first + row + 1));
        if (rows->labels)
            buffer_field(text, rows->labels[row], '\t');
        buffer_field(text, predictions_label(header, predicted), '\t');
        buffer_field(text, header->classes[c], '\t');
        buffer_float(text, rows->proba[row * classes + c]);
        put_double(text, bias[c]);
        for (uint32_t feature = 0; feature < header->dim; feature++)
            put_double(text, shares[feature]);
        buffer_byte(text, '\n');
    }
}

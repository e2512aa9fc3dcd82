/*
 * Which feature each column, or each of its categories, is: one after the other, or where other
 * samples have it.
 */
#include "run/pack_columns.h"

#include "base/memory.h"
#include "base/report.h"
#include "run/pack_rows.h"
#include "stream/stream.h"

#include <stdlib.h>
#include <string.h>

/* ---- one after the other ---- */

struct category {
    struct text text;
    uint32_t number;
};

static int compare_categories(const void *left, const void *right)
{
    const struct category *l = left, *r = right;
    return text_compare(l->text, r->text);
}

/* Gives the column's categories features from `dim` on, in the order of their bytes. */
static bool place_categories(struct table_column *column, uint32_t dim)
{
    size_t count = column->categories.count;
    struct category *sorted = memory_array(count, sizeof *sorted);
    bool done = sorted && memory_reserve(&column->places, &column->places_capacity, count,
                                         sizeof *column->places);
    for (uint32_t i = 0; done && i < count; i++)
        sorted[i] = (struct category){words_text(&column->categories, i), i};
    if (done && count)
        qsort(sorted, count, sizeof *sorted, compare_categories);
    for (uint32_t i = 0; done && i < count; i++)
        column->places[sorted[i].number] = dim + i;
    free(sorted);
    return done || !count;
}

static uint32_t width_of(const struct table_column *column)
{
    if (column->role == COLUMN_NUMBER)
        return 1;
    return column->role == COLUMN_CATEGORY ? (uint32_t)column->categories.count : 0;
}

/* Writes `name`, and `=category`, to `*at`; the feature is called so. */
static void name_feature(struct table_columns *table, uint32_t feature, struct text name,
                         const struct text *category, char **at)
{
    char *begin = *at;
    memcpy(*at, name.data, name.size);
    *at += name.size;
    if (category) {
        *(*at)++ = '=';
        memcpy(*at, category->data, category->size);
        *at += category->size;
    }
    table->features[feature] = (struct text){begin, (size_t)(*at - begin)};
}

static bool name_features(struct table_columns *table, struct error *error)
{
    size_t size = 1;
    for (uint32_t i = 0; i < table->count; i++) {
        const struct table_column *column = &table->columns[i];
        size += column->name.size;
        for (uint32_t k = 0; column->role == COLUMN_CATEGORY && k < column->categories.count; k++)
            size += column->name.size + 1 + words_text(&column->categories, k).size;
    }
    table->features = memory_array(table->dim, sizeof *table->features);
    char *at = table->names = malloc(size);
    if (!table->features || !at)
        return error_memory(error, "naming features");
    for (uint32_t i = 0; i < table->count; i++) {
        const struct table_column *column = &table->columns[i];
        if (column->role == COLUMN_NUMBER)
            name_feature(table, column->feature, column->name, NULL, &at);
        for (uint32_t k = 0; column->role == COLUMN_CATEGORY && k < column->categories.count; k++) {
            struct text category = words_text(&column->categories, k);
            name_feature(table, column->places[k], column->name, &category, &at);
        }
    }
    return true;
}

bool pack_columns_place(struct table_columns *table, struct error *error)
{
    uint64_t dim = 0;
    for (uint32_t i = 0; i < table->count; i++)
        dim += width_of(&table->columns[i]);
    if (dim == 0 || dim > STREAM_MAX_DIM)
        return error_set(error, STATUS_INPUT,
                         "the columns make %llu features, of 1 to %d: leave some out with --drop",
                         (unsigned long long)dim, STREAM_MAX_DIM);
    for (uint32_t i = 0; i < table->count; i++) {
        struct table_column *column = &table->columns[i];
        column->feature = table->dim;
        if (column->role == COLUMN_CATEGORY && !place_categories(column, table->dim))
            return error_memory(error, "placing features");
        table->dim += width_of(column);
    }
    return !table->has_header || name_features(table, error);
}

/* ---- features of other samples ---- */

/* How many bytes of a name a message has. */
static int shown_of(struct text name)
{
    return name.size < 60 ? (int)name.size : 60;
}

/* Whether the feature is the column's, or of one of its categories. */
static bool is_feature_of(const struct table_column *column, struct text feature)
{
    const struct text name = column->name;
    if (column->role == COLUMN_NUMBER)
        return text_equal(name, feature) && column->feature == UINT32_MAX;
    return column->role == COLUMN_CATEGORY && feature.size > name.size &&
           feature.data[name.size] == '=' && memcmp(feature.data, name.data, name.size) == 0;
}

static bool take_feature(struct table_column *column, struct text feature, uint32_t number,
                         const char *like, struct error *error)
{
    if (column->role == COLUMN_NUMBER) {
        column->feature = number;
        return true;
    }
    const size_t before = column->name.size + 1; /* the name and = */
    const struct text category = {feature.data + before, feature.size - before};
    bool added;
    const uint32_t place = words_add(&column->categories, category, &added);
    if (place == WORDS_NONE || !memory_reserve(&column->places, &column->places_capacity,
                                               place + (size_t)1, sizeof *column->places))
        return error_memory(error, "placing features");
    column->places[place] = number;
    return added || error_set(error, STATUS_INPUT, "the feature '%.*s' stands twice in %s",
                              shown_of(feature), feature.data, like);
}

static bool match_features(const struct pack *pack, struct table_columns *table,
                           struct error *error)
{
    for (uint32_t i = 0; i < table->count; i++)
        table->columns[i].feature = UINT32_MAX;
    for (uint32_t f = 0; f < table->dim; f++) {
        const struct text name = table->like[f];
        uint32_t i = 0;
        while (i < table->count && !is_feature_of(&table->columns[i], name))
            i++;
        if (i == table->count)
            return error_set(error, STATUS_INPUT, "no column makes the feature '%.*s' of %s",
                             shown_of(name), name.data, pack->like);
        if (!take_feature(&table->columns[i], name, f, pack->like, error))
            return false;
    }
    char text[64];
    for (uint32_t i = 0; i < table->count; i++)
        if (table->columns[i].role == COLUMN_NUMBER && table->columns[i].feature == UINT32_MAX)
            return error_set(error, STATUS_INPUT,
                             "%s is no feature of %s: leave it out with --drop",
                             pack_column_name(table, i, text), pack->like);
    return true;
}

bool pack_columns_like(const struct pack *pack, struct table_columns *table, struct error *error)
{
    uint32_t dim;
    if (!pack_read_like(pack, &table->like, &dim, error))
        return false;
    table->dim = dim;
    if (table->like && table->has_header) {
        table->features = memory_array(dim, sizeof *table->features);
        if (!table->features)
            return error_memory(error, "placing features");
        memcpy(table->features, table->like, dim * sizeof *table->features);
        return match_features(pack, table, error);
    }
    if (table->like || table->has_header || pack->one_hot.count)
        return error_set(error, STATUS_INPUT,
                         "%s has %s names of features, and the table %s: they can't be matched",
                         pack->like, table->like ? "the" : "no",
                         table->has_header ? "has them" : "has none");
    table->dim = 0;
    return pack_columns_place(table, error) &&
           (table->dim == dim ||
            error_set(error, STATUS_INPUT, "the columns make %u %s, and %s has %u",
                      (unsigned)table->dim, report_noun(table->dim, "feature", "features"),
                      pack->like, (unsigned)dim));
}

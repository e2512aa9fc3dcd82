/*
 * One piece of memory holds all views' columns. Before views had weights, a list of columns stood
 * alone, and all views weigh the same there.
 */
#include "stream/opinion.h"

#include "base/memory.h"
#include "base/report.h"
#include "stream/object.h"

#include <math.h>
#include <stdlib.h>

enum { SHARPEST = 1000 };

/* How far the sum of weights may be from 1, for rounding. */
static const double WEIGHTS_OFF = 1e-9;

static const char without[] = "the header's opinion does not name a column for each class";

/* ---- packing ---- */

static void pack_view(double weight, const uint32_t *columns, uint32_t classes,
                      msgpack_packer *packer)
{
    msgpack_pack_map(packer, 2);
    object_pack_text(packer, "weight");
    msgpack_pack_double(packer, weight);
    object_pack_text(packer, "columns");
    msgpack_pack_array(packer, classes);
    for (uint32_t c = 0; c < classes; c++)
        msgpack_pack_uint32(packer, columns[c]);
}

void opinion_pack(const struct stream_header *header, msgpack_packer *packer)
{
    const struct stream_opinion *opinion = &header->opinion;
    object_pack_text(packer, "opinion");
    msgpack_pack_map(packer, 3);
    object_pack_text(packer, "share");
    msgpack_pack_double(packer, opinion->share);
    object_pack_text(packer, "sharpness");
    msgpack_pack_double(packer, opinion->sharpness);
    object_pack_text(packer, "views");
    msgpack_pack_array(packer, opinion->views);
    for (uint32_t view = 0; view < opinion->views; view++)
        pack_view(opinion->weights[view], opinion->columns + (size_t)view * header->class_count,
                  header->class_count, packer);
}

/* ---- unpacking ---- */

static bool unpack_real(const msgpack_object *map, const char *key, double most, double *value)
{
    const msgpack_object *found = object_find_typed(map, key, MSGPACK_OBJECT_FLOAT64);
    *value = found ? found->via.f64 : 0;
    return *value > 0 && *value <= most;
}

/* The columns of one of a list of views: of a map, or before views had weights, the view itself. */
static const msgpack_object *columns_of(const msgpack_object *view, bool weighted)
{
    if (!weighted)
        return view;
    return view->type == MSGPACK_OBJECT_MAP ? object_find(view, "columns") : NULL;
}

/* Before memory is taken for them. */
static bool are_views(const msgpack_object *views, bool weighted, uint32_t classes)
{
    for (uint32_t view = 0; view < views->via.array.size; view++) {
        const msgpack_object *columns = columns_of(&views->via.array.ptr[view], weighted);
        if (!columns || columns->type != MSGPACK_OBJECT_ARRAY || columns->via.array.size != classes)
            return false;
    }
    return true;
}

static bool unpack_columns(const msgpack_object *list, const struct stream_header *header,
                           uint32_t *columns)
{
    for (uint32_t c = 0; c < header->class_count; c++) {
        const msgpack_object *column = &list->via.array.ptr[c];
        if (column->type != MSGPACK_OBJECT_POSITIVE_INTEGER || column->via.u64 >= header->dim)
            return false;
        columns[c] = (uint32_t)column->via.u64;
    }
    return true;
}

static bool unpack_weights(const msgpack_object *views, bool weighted,
                           struct stream_opinion *opinion, struct error *error)
{
    double sum = 0;
    for (uint32_t view = 0; view < opinion->views; view++) {
        opinion->weights[view] = 1.0 / opinion->views;
        if (weighted &&
            !unpack_real(&views->via.array.ptr[view], "weight", 1, &opinion->weights[view]))
            return error_set(error, STATUS_INPUT,
                             "the header's opinion has a view whose weight is none");
        sum += opinion->weights[view];
    }
    return fabs(sum - 1) <= WEIGHTS_OFF ||
           error_set(error, STATUS_INPUT, "the weights in the header's opinion do not add up to 1");
}

static bool unpack_views(const msgpack_object *views, bool weighted, struct stream_header *header,
                         struct error *error)
{
    struct stream_opinion *opinion = &header->opinion;
    opinion->views = views->via.array.size;
    opinion->weights = memory_array(opinion->views, sizeof *opinion->weights);
    opinion->columns =
        memory_array((size_t)opinion->views * header->class_count, sizeof *opinion->columns);
    if (!opinion->weights || !opinion->columns)
        return error_memory(error, "reading the header");
    for (uint32_t view = 0; view < opinion->views; view++)
        if (!unpack_columns(columns_of(&views->via.array.ptr[view], weighted), header,
                            opinion->columns + (size_t)view * header->class_count))
            return error_set(error, STATUS_INPUT, "%s", without);
    return unpack_weights(views, weighted, opinion, error);
}

bool opinion_unpack(const msgpack_object *map, struct stream_header *header, struct error *error)
{
    const msgpack_object *found = object_find(map, "opinion");
    struct stream_opinion *opinion = &header->opinion;
    if (!found)
        return true;
    if (found->type != MSGPACK_OBJECT_MAP ||
        !unpack_real(found, "share", STREAM_MOST_SHARE, &opinion->share) ||
        !unpack_real(found, "sharpness", SHARPEST, &opinion->sharpness))
        return error_set(error, STATUS_INPUT, "the header's opinion is none");
    const bool weighted = object_find(found, "views");
    const msgpack_object *views =
        object_find_typed(found, weighted ? "views" : "columns", MSGPACK_OBJECT_ARRAY);
    if (!views || views->via.array.size == 0 || views->via.array.size > STREAM_MAX_PARTS)
        return error_set(error, STATUS_INPUT, "the header's opinion has no list of views");
    if (!are_views(views, weighted, header->class_count))
        return error_set(error, STATUS_INPUT, "%s", without);
    return unpack_views(views, weighted, header, error);
}

/* ---- showing ---- */

static void put_view_name(const struct text *features, uint32_t column, struct buffer *text)
{
    struct text name = features ? features[column] : (struct text){0};
    if (features)
        buffer_name(text, text_cut(&name, ':'));
    else
        buffer_print(text, "from column %u", (unsigned)column);
}

void stream_opinion_show(const struct stream_opinion *opinion, const struct text *features,
                         uint32_t classes, struct buffer *text)
{
    buffer_print(text, "%u %s: ", (unsigned)opinion->views,
                 report_noun(opinion->views, "view", "views"));
    for (uint32_t view = 0; view < opinion->views; view++) {
        const uint32_t column = opinion->columns[(size_t)view * classes];
        buffer_string(text, view ? ", " : "");
        put_view_name(features, column, text);
        buffer_print(text, " %.3f", opinion->weights[view]);
    }
}

void stream_opinion_free(struct stream_opinion *opinion)
{
    free(opinion->weights);
    free(opinion->columns);
    *opinion = (struct stream_opinion){0};
}

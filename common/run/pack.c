/* A form each has its file; what they share is here and in pack_rows.c. */
#include "run/pack.h"

#include "base/path.h"
#include "run/pack_rows.h"
#include "stream/stream.h"

#include <stdlib.h>
#include <string.h>

const char *const pack_forms[] = {"auto", "csv", "tsv", "npy", "libsvm", NULL};

bool pack_add_column(const char *text, void *target, struct error *error)
{
    struct pack_columns *columns = target;
    if (columns->count == PACK_COLUMNS)
        return error_set(error, STATUS_USAGE, "more than %d columns", PACK_COLUMNS);
    columns->given[columns->count++] = text;
    return true;
}

enum pack_from pack_form(const struct pack *pack)
{
    static const struct {
        const char *ending;
        enum pack_from from;
    } endings[] = {{".npy", PACK_NPY},
                   {".libsvm", PACK_LIBSVM},
                   {".svm", PACK_LIBSVM},
                   {".svmlight", PACK_LIBSVM},
                   {".tsv", PACK_TSV}};
    if (pack->from != PACK_AUTO)
        return (enum pack_from)pack->from;
    for (size_t i = 0; pack->path && i < sizeof endings / sizeof *endings; i++)
        if (path_ends_with(pack->path, endings[i].ending))
            return endings[i].from;
    return PACK_CSV;
}

bool pack_read_like(const struct pack *pack, struct text **features, uint32_t *dim,
                    struct error *error)
{
    struct stream_header header = {0};
    struct stream_reader *reader = stream_open(pack->like, error);
    bool done = reader && stream_read_any_header(reader, &header, error);
    if (done && header.kind != STREAM_SAMPLES && header.kind != STREAM_FOREST)
        done =
            error_set(error, STATUS_USAGE, "--like %s: is a stream of %s: name samples or a forest",
                      pack->like, stream_kind_name(header.kind));
    if (done) {
        *features = header.features;
        *dim = header.dim;
        header.features = NULL;
    }
    stream_header_free(&header);
    stream_close(reader);
    return done;
}

static bool check(const struct pack *pack, struct error *error)
{
    enum pack_from from = pack_form(pack);
    bool table = from == PACK_CSV || from == PACK_TSV;
    if (pack->no_label && (pack->label || pack->labels))
        return error_set(error, STATUS_USAGE, "--no-label goes with no label");
    if (pack->header && pack->no_header)
        return error_set(error, STATUS_USAGE, "--header and --no-header exclude each other");
    if (!table && (pack->label || pack->dropped.count || pack->one_hot.count || pack->delimiter ||
                   pack->header || pack->no_header || pack->missing))
        return error_set(error, STATUS_USAGE,
                         "%s has no columns to name: these options are for "
                         "tables",
                         pack_forms[from]);
    if (pack->labels && from != PACK_NPY)
        return error_set(error, STATUS_USAGE, "--labels goes with a numpy array");
    if (pack->dim && from != PACK_LIBSVM)
        return error_set(error, STATUS_USAGE, "--dim is for libsvm's rows");
    if (pack->first_index && from != PACK_LIBSVM)
        return error_set(error, STATUS_USAGE, "--first-index is for libsvm's rows");
    return !pack->dim || !pack->like ||
           error_set(error, STATUS_USAGE, "--dim and --like exclude each other");
}

bool pack_run(const struct pack *pack, struct output *output, struct pack_totals *totals,
              struct error *error)
{
    *totals = (struct pack_totals){0};
    if (!check(pack, error))
        return false;
    switch (pack_form(pack)) {
    case PACK_NPY:
        return pack_array(pack, output, totals, error);
    case PACK_LIBSVM:
        return pack_libsvm(pack, output, totals, error);
    default:
        return pack_table(pack, output, totals, error);
    }
}

/* Each stream is read by a function of its kind; what they have in common is their lineage. */
#include "run/sources.h"

#include "base/memory.h"

#include <stdlib.h>

static bool add_path(const char **paths, size_t *count, const char *path, struct error *error)
{
    if (*count == SOURCES_MOST)
        return error_set(error, STATUS_USAGE, "more than %d streams", SOURCES_MOST);
    paths[(*count)++] = path;
    return true;
}

bool sources_add_vectors(const char *path, void *paths, struct error *error)
{
    struct sources_paths *sources = paths;
    return add_path(sources->vectors, &sources->vector_count, path, error);
}

bool sources_add_linear(const char *path, void *paths, struct error *error)
{
    struct sources_paths *sources = paths;
    return add_path(sources->linear, &sources->linear_count, path, error);
}

static bool load_vectors(struct sources *sources, struct stream_reader *reader,
                         enum cpu_level level, struct error *error)
{
    struct vector_table *table = &sources->tables[sources->table_count];
    struct vector_mean *mean = &sources->means[sources->table_count];
    if (!vector_table_load(table, reader, error))
        return false;
    sources->table_count++;
    *mean = vector_mean_of(table, level);
    sources->list[sources->features.count++] = vector_mean_source(mean);
    return lineage_join(&sources->lineage, &table->lineage, error);
}

static bool load_evidence(struct sources *sources, struct stream_reader *reader,
                          enum cpu_level level, struct error *error)
{
    struct evidence *evidence = &sources->evidence[sources->evidence_count];
    (void)level;
    if (!evidence_load(evidence, reader, error))
        return false;
    sources->evidence_count++;
    if (evidence_width(evidence) > STREAM_MAX_DIM)
        return error_set(error, STATUS_INPUT, "%s: fills %zu columns; samples have at most %d",
                         stream_name(reader), evidence_width(evidence), STREAM_MAX_DIM);
    sources->list[sources->features.count++] = evidence_source(evidence);
    return lineage_join(&sources->lineage, &evidence->header.lineage, error);
}

typedef bool load_source(struct sources *, struct stream_reader *, enum cpu_level, struct error *);

static bool load_all(struct sources *sources, const char *const *paths, size_t count,
                     load_source *load, enum cpu_level level, struct error *error)
{
    for (size_t i = 0; i < count; i++) {
        struct stream_reader *reader = stream_open(paths[i], error);
        bool loaded = reader && load(sources, reader, level, error);
        stream_close(reader);
        if (!loaded)
            return false;
    }
    return true;
}

/* ---- names ---- */

static void put_name(const struct sources *sources, size_t source, uint32_t column,
                     struct buffer *text)
{
    size_t evidence = source - sources->table_count;
    if (source >= sources->table_count)
        evidence_name(&sources->evidence[evidence], evidence + 1, column, text);
    else if (source == 0)
        buffer_print(text, "glove:%u", (unsigned)column);
    else
        buffer_print(text, "glove%zu:%u", source + 1, (unsigned)column);
}

/* One table alone has none, as it always was. The bytes move while they grow, so places come last.
 */
static bool name_columns(struct sources *sources, size_t width, struct error *error)
{
    struct buffer *text = &sources->names_text;
    if (sources->features.count == 1 && sources->table_count == 1)
        return true;
    struct text *name = sources->names = memory_array(width, sizeof *sources->names);
    if (!name)
        return error_memory(error, "naming the features");
    for (size_t i = 0; i < sources->features.count; i++)
        for (uint32_t column = 0; column < sources->list[i].width; column++, name++) {
            size_t before = text->size;
            put_name(sources, i, column, text);
            name->size = text->size - before;
            if (name->size > STREAM_MAX_NAME)
                return error_set(error, STATUS_INPUT,
                                 "the name of feature %zu, which is '%.20s...', has %zu bytes, and "
                                 "may have %d: make the label shorter",
                                 (size_t)(name - sources->names), text->bytes + before, name->size,
                                 STREAM_MAX_NAME);
        }
    if (!buffer_check(text, error))
        return false;
    const char *at = text->bytes;
    for (size_t i = 0; i < width; i++) {
        sources->names[i].data = at;
        at += sources->names[i].size;
    }
    return true;
}

/* ---- the whole ---- */

bool sources_load(struct sources *sources, const struct sources_paths *paths, enum cpu_level level,
                  struct error *error)
{
    *sources = (struct sources){0};
    sources->features.sources = sources->list;
    bool done =
        load_all(sources, paths->vectors, paths->vector_count, load_vectors, level, error) &&
        load_all(sources, paths->linear, paths->linear_count, load_evidence, level, error);
    size_t width = done ? features_width(&sources->features) : 0;
    if (width > STREAM_MAX_DIM)
        done = error_set(error, STATUS_INPUT, "%zu features in all; samples have at most %d", width,
                         STREAM_MAX_DIM);
    done = done && name_columns(sources, width, error);
    if (!done)
        sources_free(sources);
    return done;
}

void sources_free(struct sources *sources)
{
    for (size_t i = 0; i < sources->table_count; i++)
        vector_table_free(&sources->tables[i]);
    for (size_t i = 0; i < sources->evidence_count; i++)
        evidence_free(&sources->evidence[i]);
    lineage_free(&sources->lineage);
    free(sources->names);
    buffer_free(&sources->names_text);
    *sources = (struct sources){0};
}

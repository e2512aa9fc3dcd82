#include "predict/trained.h"

#include "base/tree.h"
#include "stream/forest.h"

static bool add_trees(struct trained *trained, struct stream_reader *reader,
                      struct stream_record *record, struct tree *tree, struct error *error)
{
    enum stream_next next;
    while ((next = stream_next(reader, record, error)) == STREAM_BLOCK) {
        if (!forest_decode(&trained->header, record, tree, error))
            return false;
        if (!packed_add(&trained->forest, tree))
            return error_memory(error, "reading the model");
    }
    return next == STREAM_END;
}

static bool read_trees(struct trained *trained, struct stream_reader *reader, struct error *error)
{
    struct stream_record record = {0};
    struct tree tree = {0};
    trained->forest = packed_start(trained->header.dim, trained->header.class_count);
    bool read = add_trees(trained, reader, &record, &tree, error);
    if (read) {
        lineage_complete(&trained->header.lineage, stream_read_digest(reader));
        trained->digest = stream_read_totals(reader).digest;
    }
    tree_free(&tree);
    stream_record_free(&record);
    return read;
}

bool trained_load(struct trained *trained, const char *path, struct error *error)
{
    *trained = (struct trained){0};
    struct stream_reader *reader = stream_open(path, error);
    if (!reader)
        return false;
    bool loaded = stream_read_header(reader, STREAM_FOREST, &trained->header, error) &&
                  read_trees(trained, reader, error);
    stream_close(reader);
    if (!loaded)
        trained_free(trained);
    return loaded;
}

void trained_free(struct trained *trained)
{
    stream_header_free(&trained->header);
    packed_free(&trained->forest);
}

/* A tree at a time; the impurity is that by which the forest was grown, as its lineage says. */
#include "run/importances.h"

#include "stream/forest.h"

#include <string.h>

static enum criterion criterion_of(const struct lineage *lineage)
{
    const struct lineage_entry *entry = lineage_find(lineage, "rf-train");
    const struct lineage_option *option = entry ? lineage_option(entry, "criterion") : NULL;
    const bool entropy =
        option && option->type == LINEAGE_TEXT && strcmp(option->text, "entropy") == 0;
    return entropy ? CRITERION_ENTROPY : CRITERION_GINI;
}

bool importances_read(struct stream_reader *reader, const struct stream_header *header,
                      struct importance *importance, struct error *error)
{
    struct stream_record record = {0};
    struct tree tree = {0};
    enum stream_next next = STREAM_FAILED;
    if (!importance_start(importance, header->dim, header->class_count,
                          criterion_of(&header->lineage)))
        return error_memory(error, "reading the forest");
    while ((next = stream_next(reader, &record, error)) == STREAM_BLOCK) {
        if (!forest_decode(header, &record, &tree, error))
            break;
        if (!importance_add(importance, &tree)) {
            error_memory(error, "reading the forest");
            break;
        }
    }
    stream_record_free(&record);
    tree_free(&tree);
    return next == STREAM_END;
}

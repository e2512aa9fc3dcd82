/*
 * Loads the whole table: the cosine with every word is needed, and of a repeated word the last
 * vector counts.
 */
#include "run/nearest.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

bool nearest_find(struct nearest *nearest, struct stream_reader *reader, const char *word,
                  size_t most, struct error *error)
{
    struct vector_table *table = &nearest->table;
    if (!vector_table_load(table, reader, error))
        return false;
    uint32_t number = words_find(&table->words, (struct text){word, strlen(word)});
    if (number == WORDS_NONE)
        return error_set(error, STATUS_INPUT, "%s: has no vector of '%s'", stream_name(reader),
                         word);
    if (!neighbours_has_direction(table->vectors[number], table->dim))
        return error_set(error, STATUS_INPUT,
                         "%s: the vector of '%s' has no direction: it is of zeros, or has a value "
                         "that is not finite",
                         stream_name(reader), word);
    most = most < table->words.count ? most : table->words.count;
    nearest->found = memory_array(most, sizeof *nearest->found);
    if (!nearest->found)
        return error_memory(error, "looking for neighbours");
    if (most)
        nearest->count = neighbours_find(table->vectors, table->words.count, table->dim, number,
                                         nearest->found, most);
    return true;
}

void nearest_free(struct nearest *nearest)
{
    free(nearest->found);
    vector_table_free(&nearest->table);
    *nearest = (struct nearest){0};
}

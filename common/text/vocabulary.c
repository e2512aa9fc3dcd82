/* Words one a line; their number and a hash that no order changes stand for them in a lineage. */
#include "text/vocabulary.h"

#include "base/path.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>

static bool add_line(struct words *words, const char *line, size_t size, const char *name,
                     uint64_t number, struct error *error)
{
    if (size && line[size - 1] == '\n')
        size--;
    if (size && line[size - 1] == '\r')
        size--;
    if (!utf8_valid(line, size))
        return error_set(error, STATUS_INPUT, "%s:%llu: is not valid UTF-8: turn it into UTF-8",
                         name, (unsigned long long)number);
    return size == 0 || words_add(words, (struct text){line, size}, NULL) != WORDS_NONE ||
           error_memory(error, "reading the vocabulary");
}

static bool read_lines(FILE *file, const char *name, struct words *words, struct error *error)
{
    char *line = NULL;
    size_t capacity = 0;
    bool good = true;
    ssize_t size;
    for (uint64_t number = 1; good && (size = getline(&line, &capacity, file)) >= 0; number++)
        good = add_line(words, line, (size_t)size, name, number, error);
    free(line);
    if (good && !feof(file))
        return error_errno(error, "%s: can't read", name);
    if (good && words->count == 0)
        return error_set(error, STATUS_INPUT, "%s: lists no words: write one a line", name);
    return good;
}

bool vocabulary_read(const char *path, struct words *words, struct error *error)
{
    if (path_is_standard(path))
        return read_lines(stdin, "standard input", words, error);
    FILE *file = fopen(path, "r");
    if (!file)
        return error_errno(error, "%s: can't open", path);
    bool good = read_lines(file, path, words, error);
    fclose(file);
    return good;
}

uint64_t vocabulary_fingerprint(const struct words *words)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < words->count; i++) {
        struct text word = words_text(words, i);
        sum += words_hash(word.data, word.size);
    }
    return sum;
}

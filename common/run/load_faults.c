/*
 * The bytes of a line are there while its chunk is written; so the first line of each defect is
 * quoted then, and the whole file judged in the end.
 */
#include "run/load_faults.h"

#include "base/report.h"
#include "vectors/number.h"

#include <string.h>

/* The line of that number, without its end; NULL: there is none. */
static const char *find_line(const struct chunk *chunk, uint64_t line, size_t *size)
{
    const char *at = chunk->bytes + chunk->begin, *end = chunk->bytes + chunk->end, *newline;
    while ((newline = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL) && line--)
        at = newline + 1;
    *size = (size_t)((newline ? newline : end) - at);
    while (*size && (at[*size - 1] == '\r' || at[*size - 1] == ' '))
        --*size;
    return at < end ? at : NULL;
}

void load_quote(const struct chunk *chunk, uint64_t line, enum vector_defect defect,
                char text[VECTOR_FAULT_SIZE])
{
    size_t size;
    const char *at = find_line(chunk, line, &size);
    text[0] = '\0';
    if (at && (defect == DEFECT_INFINITE || defect == DEFECT_REPEATED))
        vector_fault_word(at, size, text);
    if (at && (defect == DEFECT_NUMBER || defect == DEFECT_DIM || defect == DEFECT_RETURN))
        vector_fault(at, size, text);
}

static bool is_quoted(struct text word)
{
    return word.size > 1 && word.data[0] == '"' && word.data[word.size - 1] == '"';
}

static bool ends_in_colon(struct text word)
{
    return word.size > 1 && word.data[word.size - 1] == ':';
}

/* Whole numbers may be the names of things. */
static bool is_real(struct text word)
{
    float unused;
    return word.size && memchr(word.data, '.', word.size) &&
           number_parse(word.data, word.size, &unused);
}

const char *load_doubt(const struct text *words, size_t count)
{
    enum { LEAST = 2, MOST = 100 };
    static const struct {
        bool (*fits)(struct text word);
        const char *doubt;
    } doubts[] = {
        {is_quoted,
         "words stand in quotes, which are read as part of them: tr -d '\"' takes them off"},
        {ends_in_colon,
         "words end in a colon, which is read as part of them: sed 's/: / /' takes it off"},
        {is_real, "lines begin with numbers, which are read as words: are the words missing?"}};
    size_t most = count < MOST ? count : MOST;
    for (size_t i = 0; most >= LEAST && i < sizeof doubts / sizeof *doubts; i++) {
        size_t fit = 0;
        while (fit < most && doubts[i].fits(words[fit]))
            fit++;
        if (fit == most)
            return doubts[i].doubt;
    }
    return NULL;
}

static enum vector_defect most_frequent(const struct load_totals *totals)
{
    int most = 0;
    for (int i = 0; i < DEFECT_COUNT; i++)
        if (i != DEFECT_EMPTY && vector_defect_drops(i) &&
            (most == DEFECT_EMPTY || totals->defects[i] > totals->defects[most]))
            most = i;
    return most;
}

bool load_check_share(const struct load_totals *totals, uint32_t dim, const char *name,
                      struct error *error)
{
    uint64_t left_out = 0;
    for (int i = 0; i < DEFECT_COUNT; i++)
        if (i != DEFECT_EMPTY && vector_defect_drops(i))
            left_out += totals->defects[i];
    if (left_out <= totals->entries / 2)
        return true;
    int most = most_frequent(totals);
    const char *fault = totals->first_faults[most];
    return error_set(
        error, STATUS_INPUT, "%s: %llu of %llu lines are no vectors of %u %s: line %llu: %s%s%s",
        name, (unsigned long long)left_out, (unsigned long long)totals->entries, (unsigned)dim,
        report_noun(dim, "dimension", "dimensions"), (unsigned long long)totals->first_lines[most],
        vector_defect_reason(most), *fault ? ": " : "", fault);
}

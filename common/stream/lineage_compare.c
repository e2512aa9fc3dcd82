/*
 * Two streams go together when their rows mean the same: the entry of vectorize names the
 * tokenizer, and the one before it the vectors.
 */
#include "stream/lineage.h"

#include <stdio.h>
#include <string.h>

static bool same_value(const struct lineage_option *left, const struct lineage_option *right)
{
    if (left->type != right->type)
        return false;
    if (left->type == LINEAGE_TEXT)
        return strcmp(left->text, right->text) == 0;
    return left->count == right->count && left->real == right->real;
}

/*
 * Whether `entry` has the same option. A vocabulary is passed over: it leaves out only words that
 * the documents don't have.
 */
static bool option_within(const struct lineage_option *option, const struct lineage_entry *entry)
{
    const struct lineage_option *other = entry ? lineage_option(entry, option->name) : NULL;
    return strcmp(option->name, "vocab") == 0 || (other && same_value(option, other));
}

static bool options_within(const struct lineage_entry *left, const struct lineage_entry *right)
{
    for (size_t i = 0; i < left->option_count; i++)
        if (!option_within(&left->options[i], right))
            return false;
    return true;
}

/* What a stream's rows mean: where its vectors came from and how its text was cut into tokens. */
struct meaning {
    const struct lineage_entry *vectors;   /* NULL: none are on record */
    const struct lineage_entry *vectorize; /* NULL: likewise */
    const char *tokenizer;
};

static struct meaning meaning_of(const struct lineage *lineage)
{
    struct meaning meaning = {.tokenizer = "none"};
    meaning.vectorize = lineage_find(lineage, "vectorize");
    if (!meaning.vectorize)
        return meaning;
    if (meaning.vectorize > lineage->entries)
        meaning.vectors = meaning.vectorize - 1;
    const struct lineage_option *tokenizer = lineage_option(meaning.vectorize, "tokenizer");
    if (tokenizer && tokenizer->type == LINEAGE_TEXT)
        meaning.tokenizer = tokenizer->text;
    return meaning;
}

static bool same_vectors(const struct lineage_entry *left, const struct lineage_entry *right)
{
    if (!left || !right)
        return left == right;
    return strcmp(left->tool, right->tool) == 0 && left->has_read == right->has_read &&
           left->read.crc32 == right->read.crc32 && left->read.size == right->read.size &&
           options_within(left, right) && options_within(right, left);
}

static void describe_option(const struct lineage_option *option, char *text, size_t size)
{
    switch (option->type) {
    case LINEAGE_COUNT:
        snprintf(text, size, ", %s %llu", option->name, (unsigned long long)option->count);
        break;
    case LINEAGE_REAL:
        snprintf(text, size, ", %s %g", option->name, option->real);
        break;
    case LINEAGE_FLAG:
        snprintf(text, size, ", %s %s", option->name, option->count ? "yes" : "no");
        break;
    case LINEAGE_TEXT:
        snprintf(text, size, ", %s %s", option->name, option->text);
        break;
    }
}

/* "glove-load of 5926886 bytes, CRC-32 06797063, top 1000": of the options what sets it apart. */
static void describe_vectors(const struct lineage_entry *entry, const struct lineage_entry *other,
                             char *text, size_t size)
{
    if (!entry) {
        snprintf(text, size, "no vectors on record");
        return;
    }
    snprintf(text, size, "%s of %llu bytes, CRC-32 %08x", entry->tool,
             (unsigned long long)entry->read.size, (unsigned)entry->read.crc32);
    for (size_t i = 0; i < entry->option_count; i++) {
        const struct lineage_option *option = &entry->options[i];
        size_t used = strlen(text);
        if (!option_within(option, other))
            describe_option(option, text + used, size - used);
    }
}

bool lineage_compatible(const struct lineage *left, const char *left_name,
                        const struct lineage *right, const char *right_name, struct error *error)
{
    struct meaning l = meaning_of(left), r = meaning_of(right);
    if (!same_vectors(l.vectors, r.vectors)) {
        char l_text[256], r_text[256];
        describe_vectors(l.vectors, r.vectors, l_text, sizeof l_text);
        describe_vectors(r.vectors, l.vectors, r_text, sizeof r_text);
        return error_set(error, STATUS_INPUT,
                         "%s and %s come from different vectors (%s; %s): vectorize with the "
                         "model's vectors, or insist with --force",
                         left_name, right_name, l_text, r_text);
    }
    if (strcmp(l.tokenizer, r.tokenizer) != 0)
        return error_set(error, STATUS_INPUT,
                         "%s and %s come from different tokenizers (%s; %s): vectorize both "
                         "alike, or insist with --force",
                         left_name, right_name, l.tokenizer, r.tokenizer);
    return true;
}

/*
 * Two streams go together when their rows mean the same: the entry of vectorize names the
 * tokenizer, and those before it the vectors and the evidence that its columns are of.
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

/* ---- one entry and another ---- */

static bool is_passed(const char *name, const char *const *passed)
{
    for (; *passed; passed++)
        if (strcmp(name, *passed) == 0)
            return true;
    return false;
}

/* The first option of `left` that `right` has not, or otherwise. */
static const char *one_way(const struct lineage_entry *left, const struct lineage_entry *right,
                           const char *const *passed)
{
    for (size_t i = 0; i < left->option_count; i++) {
        const struct lineage_option *other = lineage_option(right, left->options[i].name);
        if (!is_passed(left->options[i].name, passed) &&
            (!other || !same_value(&left->options[i], other)))
            return left->options[i].name;
    }
    return NULL;
}

const char *lineage_difference(const struct lineage_entry *left, const struct lineage_entry *right,
                               const char *const *passed)
{
    const char *other = one_way(left, right, passed);
    return other ? other : one_way(right, left, passed);
}

bool lineage_same_entry(const struct lineage_entry *left, const struct lineage_entry *right)
{
    static const char *const none[] = {NULL};
    return strcmp(left->tool, right->tool) == 0 && strcmp(left->version, right->version) == 0 &&
           left->has_read == right->has_read && left->read.crc32 == right->read.crc32 &&
           left->read.size == right->read.size && !lineage_difference(left, right, none);
}

/* ---- predictions and a forest ---- */

static enum lineage_origin by_digest(const struct lineage_entry *entry, struct digest digest)
{
    const struct lineage_option *crc32 = lineage_option(entry, "model-crc32");
    const struct lineage_option *size = lineage_option(entry, "model-size");
    if (!crc32 || !size)
        return LINEAGE_UNTOLD;
    return crc32->count == digest.crc32 && size->count == digest.size ? LINEAGE_ITS_OWN
                                                                      : LINEAGE_ANOTHERS;
}

static bool same_entries(const struct lineage *left, const struct lineage *right)
{
    if (left->count != right->count)
        return false;
    for (size_t i = 0; i < left->count; i++)
        if (!lineage_same_entry(&left->entries[i], &right->entries[i]))
            return false;
    return true;
}

enum lineage_origin lineage_origin(const struct lineage *predictions, const struct lineage *forest,
                                   struct digest digest)
{
    if (!predictions->count)
        return LINEAGE_UNTOLD;
    const struct lineage_entry *maker = &predictions->entries[predictions->count - 1];
    if (strcmp(maker->tool, "rf-predict") == 0)
        return by_digest(maker, digest);
    if (same_entries(predictions, forest))
        return LINEAGE_ITS_OWN;
    return strcmp(maker->tool, "rf-train") == 0 ? LINEAGE_ANOTHERS : LINEAGE_UNTOLD;
}

/* ---- rows of one stream and another ---- */

/*
 * Whether `entry` has the same option. A vocabulary is passed over: it leaves out only words that
 * the documents don't have. So are training scores, which others than the documents that were
 * trained on never get.
 */
static bool option_within(const struct lineage_option *option, const struct lineage_entry *entry)
{
    const struct lineage_option *other = entry ? lineage_option(entry, option->name) : NULL;
    return strcmp(option->name, "vocab") == 0 || strcmp(option->name, "no-training-scores") == 0 ||
           (other && same_value(option, other));
}

static bool options_within(const struct lineage_entry *left, const struct lineage_entry *right)
{
    for (size_t i = 0; i < left->option_count; i++)
        if (!option_within(&left->options[i], right))
            return false;
    return true;
}

/* What a stream's rows mean: where its columns came from and how its text was cut into tokens. */
struct meaning {
    const struct lineage_entry *sources; /* of vectors and evidence */
    size_t source_count;                 /* 0: none are on record */
    const char *tokenizer;
};

static struct meaning meaning_of(const struct lineage *lineage)
{
    struct meaning meaning = {.tokenizer = "none"};
    const struct lineage_entry *vectorize = lineage_find(lineage, "vectorize");
    if (!vectorize)
        return meaning;
    meaning.sources = lineage->entries;
    meaning.source_count = (size_t)(vectorize - lineage->entries);
    const struct lineage_option *tokenizer = lineage_option(vectorize, "tokenizer");
    if (tokenizer && tokenizer->type == LINEAGE_TEXT)
        meaning.tokenizer = tokenizer->text;
    return meaning;
}

/* A source by its number, NULL where there are not so many. */
static const struct lineage_entry *source_of(const struct meaning *meaning, size_t number)
{
    return number < meaning->source_count ? &meaning->sources[number] : NULL;
}

static bool is_evidence(const struct lineage_entry *entry)
{
    return entry && strcmp(entry->tool, "linear-train") == 0;
}

static bool same_source(const struct lineage_entry *left, const struct lineage_entry *right)
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
static void describe_source(const struct lineage_entry *entry, const struct lineage_entry *other,
                            char *text, size_t size)
{
    if (!entry) {
        snprintf(text, size, "no %s on record", is_evidence(other) ? "evidence" : "vectors");
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

static bool different_sources(const struct lineage_entry *left, const char *left_name,
                              const struct lineage_entry *right, const char *right_name,
                              struct error *error)
{
    char left_text[256], right_text[256];
    const char *noun = is_evidence(left) || is_evidence(right) ? "evidence" : "vectors";
    describe_source(left, right, left_text, sizeof left_text);
    describe_source(right, left, right_text, sizeof right_text);
    return error_set(error, STATUS_INPUT,
                     "%s and %s come from different %s (%s; %s): vectorize with the model's %s, or "
                     "insist with --force",
                     left_name, right_name, noun, left_text, right_text, noun);
}

bool lineage_compatible(const struct lineage *left, const char *left_name,
                        const struct lineage *right, const char *right_name, struct error *error)
{
    struct meaning l = meaning_of(left), r = meaning_of(right);
    for (size_t i = 0; i < l.source_count || i < r.source_count; i++)
        if (!same_source(source_of(&l, i), source_of(&r, i)))
            return different_sources(source_of(&l, i), left_name, source_of(&r, i), right_name,
                                     error);
    if (strcmp(l.tokenizer, r.tokenizer) != 0)
        return error_set(error, STATUS_INPUT,
                         "%s and %s come from different tokenizers (%s; %s): vectorize both "
                         "alike, or insist with --force",
                         left_name, right_name, l.tokenizer, r.tokenizer);
    return true;
}

/* Two headers side by side: first the samples' shape, then what came before, then the growing. */
#include "run/kinship.h"

#include <string.h>

static bool other_samples(const char *left, const char *right, struct error *error)
{
    return error_set(error, STATUS_INPUT,
                     "%s and %s were grown from different samples: grow both from the same ones",
                     left, right);
}

static bool same_names(const struct text *left, const struct text *right, uint32_t count)
{
    if (!left || !right)
        return left == right;
    for (uint32_t i = 0; i < count; i++)
        if (!text_equal(left[i], right[i]))
            return false;
    return true;
}

static bool same_shape(const struct stream_header *left, const struct stream_header *right)
{
    return left->dim == right->dim && left->samples == right->samples &&
           left->class_count == right->class_count &&
           same_names(left->features, right->features, left->dim) &&
           same_names(left->classes, right->classes, left->class_count);
}

/* All stages but the last, which has grown the trees. */
static bool same_origin(const struct lineage *left, const struct lineage *right)
{
    if (left->count != right->count)
        return false;
    for (size_t i = 0; i + 1 < left->count; i++)
        if (!lineage_same_entry(&left->entries[i], &right->entries[i]))
            return false;
    return true;
}

/* What lineage notes beside options, as people call it; else NULL. */
static const char *called(const char *name)
{
    static const char *const inner[][2] = {
        {"weights", "weights"},
        {"weightless", "weights"},
        {"balanced-bags", "--class-weight"},
        {"features-a-split", "--max-features"},
        {"tokenizer", "tokenizer"},
        {"unicode", "version of Unicode"},
    };
    for (size_t i = 0; i < sizeof inner / sizeof *inner; i++)
        if (strcmp(inner[i][0], name) == 0)
            return inner[i][1];
    return NULL;
}

static bool same_growing(const struct lineage_entry *left, const char *left_name,
                         const struct lineage_entry *right, const char *right_name, bool any_size,
                         struct error *error)
{
    const char *passed[] = {any_size ? "trees" : NULL, NULL};
    const char *other = lineage_difference(left, right, passed);
    if (strcmp(left->tool, right->tool) != 0 || strcmp(left->version, right->version) != 0)
        return error_set(error, STATUS_INPUT,
                         "%s and %s were made by different programs (%s %s; %s %s): make both by "
                         "the same one",
                         left_name, right_name, left->tool, left->version, right->tool,
                         right->version);
    if (other)
        return error_set(error, STATUS_INPUT,
                         "%s and %s were made with different options: not the same %s%s", left_name,
                         right_name, called(other) ? "" : "--",
                         called(other) ? called(other) : other);
    return true;
}

bool kinship_check(const struct stream_header *left, const char *left_name,
                   const struct stream_header *right, const char *right_name, bool any_size,
                   struct error *error)
{
    const struct lineage *l = &left->lineage, *r = &right->lineage;
    if (!same_shape(left, right) || !same_origin(l, r))
        return other_samples(left_name, right_name, error);
    return l->count == 0 || same_growing(&l->entries[l->count - 1], left_name,
                                         &r->entries[r->count - 1], right_name, any_size, error);
}

bool kinship_check_opinions(const struct stream_header *left, const char *left_name,
                            const struct stream_header *right, const char *right_name,
                            struct error *error)
{
    const struct stream_opinion *l = &left->opinion, *r = &right->opinion;
    const size_t scores = (size_t)l->views * left->class_count;
    return (l->share == r->share && l->sharpness == r->sharpness && l->views == r->views &&
            (scores == 0 || (memcmp(l->weights, r->weights, l->views * sizeof *l->weights) == 0 &&
                             memcmp(l->columns, r->columns, scores * sizeof *l->columns) == 0))) ||
           error_set(error, STATUS_INPUT,
                     "%s and %s have different views, or weigh them differently: grow both by the "
                     "same glovepipe",
                     left_name, right_name);
}

bool kinship_check_samples(struct digest left, const char *left_name, struct digest right,
                           const char *right_name, struct error *error)
{
    return (left.crc32 == right.crc32 && left.size == right.size) ||
           other_samples(left_name, right_name, error);
}

bool kinship_check_rows(const struct stream_header *left, const char *left_name,
                        const struct stream_header *right, const char *right_name,
                        struct error *error)
{
    const struct lineage *l = &left->lineage, *r = &right->lineage;
    if (left->labelled != right->labelled || !same_shape(left, right) || !same_origin(l, r))
        return error_set(error, STATUS_INPUT,
                         "%s and %s have different features: make both with the same vectors and "
                         "evidence",
                         left_name, right_name);
    return l->count == 0 || same_growing(&l->entries[l->count - 1], left_name,
                                         &r->entries[r->count - 1], right_name, false, error);
}

bool kinship_check_documents(struct digest left, const char *left_name, struct digest right,
                             const char *right_name, struct error *error)
{
    return (left.crc32 == right.crc32 && left.size == right.size) ||
           error_set(error, STATUS_INPUT,
                     "%s and %s were made of different documents: make both of the same", left_name,
                     right_name);
}

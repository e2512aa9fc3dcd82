/* What the options with amounts take, and what these come to for so many samples or features. */
#include "forest/growth.h"

#include "base/options.h"

#include <math.h>
#include <string.h>

enum { MOST = INT32_MAX };

/* A count from `least`, or a fraction above 0 and at most `most`. */
static bool parse_number(const char *name, const char *text, uint64_t least, double most,
                         struct amount *amount, struct error *error)
{
    if (!strpbrk(text, ".eE")) {
        *amount = (struct amount){.text = text, .type = AMOUNT_COUNT};
        return options_count(name, text, least, MOST, &amount->count, error);
    }
    *amount = (struct amount){.text = text, .type = AMOUNT_FRACTION};
    if (!options_real(name, text, 0, 1, &amount->fraction, error))
        return false;
    if (amount->fraction > 0 && amount->fraction <= most)
        return true;
    return error_set(error, STATUS_USAGE, "%s: a fraction is above 0 and %s 1, not '%s'", name,
                     most == 1 ? "at most" : "below", text);
}

bool amount_parse_features(const char *text, void *amount, struct error *error)
{
    static const struct {
        const char *word;
        enum amount_type type;
    } words[] = {{"sqrt", AMOUNT_SQRT}, {"log2", AMOUNT_LOG2}, {"all", AMOUNT_ALL}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(text, words[i].word) == 0) {
            *(struct amount *)amount = (struct amount){.text = text, .type = words[i].type};
            return true;
        }
    if (!*text || !strchr("0123456789.", *text))
        return error_set(error, STATUS_USAGE,
                         "--max-features: '%s' is none of sqrt, log2, all, a number or a fraction",
                         text);
    return parse_number("--max-features", text, 1, 1, amount, error);
}

bool amount_parse_split(const char *text, void *amount, struct error *error)
{
    return parse_number("--min-samples-split", text, 2, 1, amount, error);
}

bool amount_parse_leaf(const char *text, void *amount, struct error *error)
{
    return parse_number("--min-samples-leaf", text, 1, nextafter(1, 0), amount, error);
}

bool amount_parse_draws(const char *text, void *amount, struct error *error)
{
    if (!*text || !strchr("0123456789.", *text) || strchr(text, ','))
        return error_set(error, STATUS_USAGE,
                         "--max-samples: '%s' is no number of samples, and no fraction such as 0.5",
                         text);
    return parse_number("--max-samples", text, 1, 1, amount, error);
}

/* The largest whole number whose square is at most n. */
static uint32_t whole_sqrt(uint32_t n)
{
    uint32_t root = 0;
    while ((uint64_t)(root + 1) * (root + 1) <= n)
        root++;
    return root;
}

static uint32_t whole_log2(uint32_t n)
{
    uint32_t log = 0;
    while (n >>= 1)
        log++;
    return log;
}

uint32_t amount_of_features(const struct amount *amount, uint32_t features)
{
    uint64_t count = features;
    if (amount->type == AMOUNT_SQRT)
        count = whole_sqrt(features);
    else if (amount->type == AMOUNT_LOG2)
        count = whole_log2(features);
    else if (amount->type == AMOUNT_COUNT)
        count = amount->count;
    else if (amount->type == AMOUNT_FRACTION)
        count = (uint64_t)(amount->fraction * features);
    if (count < 1)
        count = 1;
    return count < features ? (uint32_t)count : features;
}

static uint32_t samples_of(const struct amount *amount, uint32_t samples)
{
    if (amount->type == AMOUNT_COUNT)
        return (uint32_t)amount->count;
    return (uint32_t)ceil(amount->fraction * samples);
}

void amount_of_samples(const struct amount *split, const struct amount *leaf, uint32_t samples,
                       struct growth *growth)
{
    growth->min_samples_leaf = samples_of(leaf, samples);
    uint64_t least = samples_of(split, samples);
    if (least < 2)
        least = 2;
    if (least < 2 * (uint64_t)growth->min_samples_leaf)
        least = 2 * (uint64_t)growth->min_samples_leaf;
    growth->min_samples_split = least < UINT32_MAX ? (uint32_t)least : UINT32_MAX;
}

uint32_t amount_of_draws(const struct amount *amount, uint32_t samples)
{
    uint64_t count = amount->count;
    if (amount->type == AMOUNT_FRACTION)
        count = (uint64_t)rint(amount->fraction * samples);
    if (count < 1)
        count = 1;
    return count < samples ? (uint32_t)count : samples;
}

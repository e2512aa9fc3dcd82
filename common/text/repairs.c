/*
 * Labels are told apart by a hash of what they were, so that nothing is kept of the bytes that were
 * dropped. Repairs are rare; where they are not, the first labels show what is wrong.
 */
#include "text/repairs.h"

#include "base/words.h"

#include <stdio.h>

void repairs_add_line(struct repairs *repairs, const char *name, uint64_t line)
{
    if (repairs->lines++ == 0) {
        repairs->first_name = name;
        repairs->first_line = line;
    }
}

static void add_label(struct repairs *repairs, const struct repaired_label *label)
{
    for (size_t i = 0; i < repairs->label_count; i++)
        if (repairs->labels[i].before == label->before)
            return;
    if (repairs->label_count < REPAIRS_LABELS)
        repairs->labels[repairs->label_count++] = *label;
}

void repairs_add_label(struct repairs *repairs, uint64_t before, struct text label)
{
    struct repaired_label repaired = {.before = before,
                                      .after = words_hash(label.data, label.size)};
    snprintf(repaired.shown, sizeof repaired.shown, "%.*s",
             label.size < REPAIRS_LABEL_SIZE ? (int)label.size : REPAIRS_LABEL_SIZE - 1,
             label.data);
    add_label(repairs, &repaired);
}

void repairs_join(struct repairs *repairs, const struct repairs *later)
{
    if (!later->lines)
        return;
    if (!repairs->lines) {
        repairs->first_name = later->first_name;
        repairs->first_line = later->first_line;
    }
    repairs->lines += later->lines;
    for (size_t i = 0; i < later->label_count; i++)
        add_label(repairs, &later->labels[i]);
}

size_t repairs_merged(const struct repairs *repairs)
{
    for (size_t i = 1; i < repairs->label_count; i++)
        for (size_t before = 0; before < i; before++)
            if (repairs->labels[before].after == repairs->labels[i].after)
                return i;
    return SIZE_MAX;
}

/*
 * Labels are told apart by a hash of what they were, so that nothing is kept of the bytes that were
 * dropped. Repairs are rare; where they are not, the first labels show what is wrong.
 */
#include "text/repairs.h"

#include "base/memory.h"
#include "base/words.h"

#include <stdio.h>

static const struct {
    const char *noun, *reason, *action;
    enum { SUMS_UP, WARNS, WARNS_UNLABELLED } tells;
} repairs_table[REPAIR_COUNT] = {
    [REPAIR_UTF8] = {"line", "there are bytes that are not valid UTF-8", "dropped those bytes",
                     WARNS},
    [REPAIR_HALF] = {"line", "there are halves of surrogate pairs", "dropped those", WARNS},
    [REPAIR_NUL] = {"line", "there are NUL bytes", "kept: is the file whole, and text?", WARNS},
    [REPAIR_RETURN] = {"line", "a carriage return stands within it",
                       "read as a blank: does it end a line?", WARNS},
    [REPAIR_RETURNS] = {"line", "several carriage returns end it", "read as one end", SUMS_UP},
    [REPAIR_END] = {"line", "a form feed, or another of Unicode's ends of lines, stands within it",
                    "read as a blank", SUMS_UP},
    [REPAIR_UNNAMED] = {"line", "the label is empty", "kept as a label: is there none?", WARNS},
    [REPAIR_MARK] = {"line", "a byte order mark stands before it", "passed over", SUMS_UP},
    [REPAIR_JOINED] = {"line", "text stands behind a closing quote", "joined to the field",
                       SUMS_UP},
    [REPAIR_SWALLOWED] = {"record",
                          "quotes go over several lines, and text stands behind the closing one",
                          "read as one document: is a quote not closed?", WARNS},
    [REPAIR_TWICE] = {"line", "a member stands twice", "took the last one", WARNS},
    [REPAIR_HEADER] = {"line", "the header stands there again", "passed over", WARNS_UNLABELLED},
    [REPAIR_EMPTY] = {"line", "the line is empty", "passed over", WARNS_UNLABELLED},
    [REPAIR_FILE_END] = {"line", "it is the byte 0x1A, DOS's mark of a file's end", "passed over",
                         SUMS_UP},
    [REPAIR_REFUSED] = {"document", "it can't be read", "left out", WARNS},
    [REPAIR_UNLABELLED] = {"file", "it is in no folder of a label", "left out", SUMS_UP},
    [REPAIR_HIDDEN] = {"file", "its name begins with a dot", "left out", SUMS_UP},
    [REPAIR_LINK] = {"file", "it is a link to a folder", "left out", WARNS_UNLABELLED},
    [REPAIR_LOST] = {"file", "it is a link that leads nowhere", "left out", WARNS_UNLABELLED},
    [REPAIR_SPECIAL] = {"file", "it is no regular file", "left out", WARNS_UNLABELLED},
    [REPAIR_BINARY] = {"file", "it is no text", "left out", WARNS_UNLABELLED},
};

bool repair_is_file_end(const char *line, size_t size)
{
    struct text text = text_line((struct text){line, size});
    return text.size == 1 && text.data[0] == '\x1a';
}

const char *repair_noun(enum repair repair)
{
    return repairs_table[repair].noun;
}

const char *repair_reason(enum repair repair)
{
    return repairs_table[repair].reason;
}

bool repair_warns(enum repair repair, bool labelled)
{
    return repairs_table[repair].tells == WARNS ||
           (repairs_table[repair].tells == WARNS_UNLABELLED && !labelled);
}

const char *repair_action(enum repair repair)
{
    return repairs_table[repair].action;
}

void repairs_add(struct repairs *repairs, enum repair repair, const char *name, uint64_t line)
{
    if (repairs->counts[repair]++ == 0) {
        repairs->first[repair].name = name;
        repairs->first[repair].line = line;
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

void repairs_tell_refused(struct repairs *repairs, const char *why)
{
    if (!repairs->counts[REPAIR_REFUSED])
        snprintf(repairs->refused, sizeof repairs->refused, "%s", why);
}

void repairs_join(struct repairs *repairs, const struct repairs *later)
{
    repairs_tell_refused(repairs, later->refused);
    for (int i = 0; i < REPAIR_COUNT; i++) {
        if (!repairs->counts[i])
            repairs->first[i] = later->first[i];
        repairs->counts[i] += later->counts[i];
    }
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

bool repairs_list_add(struct repairs_list *list, enum repair repair, const char *name,
                      uint64_t line)
{
    if (!memory_reserve(&list->items, &list->capacity, list->count + 1, sizeof *list->items))
        return false;
    list->items[list->count++] = (struct repairs_item){repair, name, line};
    return true;
}

/*
 * Tables as documents: what the first record says, then record after record; and where records end,
 * found in one go and a byte at a time to the same places.
 */
#include "text/table.h"

#include "fuzz.h"
#include "text/wish.h"

#include <string.h>

enum { MOST = 4096 };

/* The separator, and whether quotes mean anything, are of the first byte. */
static void compare_ends(const char *bytes, size_t size, char separator)
{
    const struct records_rule rule = {.behind = table_behind, .separator = separator};
    struct records_scan slow = {0};
    for (size_t begin = 0, seen = 0; begin < size;) {
        struct records_scan fast = {.at = begin};
        size_t end = table_behind(&rule, bytes, size, &fast), found = 0;
        while (!found && seen <= size)
            found = table_behind(&rule, bytes, seen++, &slow);
        FUZZ_REQUIRE(end == found);
        if (!end)
            return;
        FUZZ_REQUIRE(end > begin && end <= size && bytes[end - 1] == '\n' &&
                     fast.lines == slow.lines);
        begin = end;
        seen = end;
        slow = (struct records_scan){.at = end};
    }
}

static void read_all(const struct wish_start *start, char *bytes, size_t size)
{
    struct error error = {0};
    struct documents_row row;
    struct forms_cursor cursor = forms_cursor(&start->form, bytes + start->skipped,
                                              size - start->skipped, "t", 1 + start->lines);
    size_t expected = 0, rows = 0;
    if (!forms_count(&cursor, &expected, &error))
        FUZZ_REQUIRE(start->form.skips && error.status == STATUS_INPUT);
    enum forms_next next;
    while ((next = forms_next(&cursor, &row, &error)) == FORMS_ROW) {
        rows++;
        /* Of at most two columns, which may be the same. */
        FUZZ_REQUIRE(row.text_size <= 2 * size + 1 && row.label.size <= size);
        memset(row.text, 'x', row.text_size);
    }
    if (next == FORMS_END)
        FUZZ_REQUIRE(rows == expected &&
                     (error.status == STATUS_INPUT) == (cursor.at.repairs.refused[0] != '\0'));
    else
        FUZZ_REQUIRE(error.status == STATUS_INPUT && (!start->form.skips || cursor.unclosed));
    forms_cursor_free(&cursor);
}

static void read_documents(struct wish wish, bool skips, const char *bytes, size_t size)
{
    struct error error = {0};
    struct wish_start start;
    if (wish_settle(&wish, "", &error)) {
        char *copy = fuzz_padded((const uint8_t *)bytes, size, 0);
        struct table_ways ways = {.count = 0};
        const struct wish_head head = {
            .name = "t", .bytes = copy, .size = size, .whole = true, .last = true, .ways = &ways};
        if (wish_begin(&wish, FROM_CSV, &head, &start, &error) == WISH_DONE) {
            start.form.skips = skips;
            read_all(&start, copy, size);
        } else {
            FUZZ_REQUIRE(error.status == STATUS_INPUT || error.status == STATUS_USAGE);
        }
        free(copy);
    }
    wish_free(&wish);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char separators[] = ",;\t|";
    if (size < 1 || size > MOST)
        return 0;
    const uint8_t way = data[0];
    const char *bytes = (const char *)data + 1;
    compare_ends(bytes, size - 1, separators[way & 3]);
    struct wish wish = {
        .labelled = way & 4, .from = FROM_CSV, .label_column = way & 4 ? "1" : NULL};
    wish.header = way & 8;
    wish.no_header = !wish.header && way & 16;
    wish.text_columns.given[wish.text_columns.count++] = wish.header ? "text" : "2";
    if (way & 32)
        wish.text_columns.given[wish.text_columns.count++] = "3";
    wish.keep = way & 64 ? "line" : NULL;
    wish.rewrites = way & 128 && wish.keep;
    read_documents(wish, false, bytes, size - 1);
    read_documents(wish, true, bytes, size - 1);
    return 0;
}

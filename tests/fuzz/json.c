/* Lines of JSON as documents, and members picked out of a text. */
#include "base/utf8.h"
#include "fuzz.h"
#include "text/wish.h"

#include <string.h>

enum { MOST = 4096, PATHS = 3 };

static const char *const given[PATHS] = {"label", "/a/0", "/a/b~1c"};

/* Strings are decoded to valid UTF-8 that is no longer. */
static void pick(const struct member_path *paths, const char *text, size_t size)
{
    struct member members[PATHS];
    struct members_fault fault;
    if (!utf8_valid(text, size))
        return;
    if (!members_pick(text, size, paths, PATHS, members, &fault)) {
        FUZZ_REQUIRE(fault.what && fault.at <= size);
        return;
    }
    for (int i = 0; i < PATHS; i++) {
        const struct member *member = &members[i];
        if (member->kind != MEMBER_STRING && member->kind != MEMBER_NUMBER)
            continue;
        FUZZ_REQUIRE(member->raw.data >= text &&
                     member->raw.data + member->raw.size <= text + size);
        if (member->kind != MEMBER_STRING)
            continue;
        size_t dropped = 0;
        char *copy = fuzz_padded((const uint8_t *)text, size, 0);
        struct member copied = *member;
        copied.raw.data = copy + (member->raw.data - text);
        struct text decoded = member_decode(&copied, copy, &dropped);
        FUZZ_REQUIRE(decoded.size <= member->raw.size && utf8_valid(decoded.data, decoded.size));
        free(copy);
    }
}

static void read_documents(const uint8_t *data, size_t size, bool skips)
{
    struct error error = {0};
    struct wish wish = {.labelled = true, .from = FROM_JSON, .label_key = "label"};
    struct wish_start start;
    wish.text_keys.given[wish.text_keys.count++] = "text";
    wish.text_keys.given[wish.text_keys.count++] = "/a/b~1c";
    FUZZ_REQUIRE(wish_settle(&wish, "", &error));
    char *bytes = fuzz_padded(data, size, 0);
    const struct wish_head head = {
        .name = "t", .bytes = bytes, .size = size, .whole = true, .last = true};
    if (wish_begin(&wish, FROM_JSON, &head, &start, &error) == WISH_DONE) {
        struct documents_row row;
        start.form.skips = skips;
        struct forms_cursor cursor =
            forms_cursor(&start.form, bytes + start.skipped, size - start.skipped, "t", 1);
        size_t expected, rows = 0;
        enum forms_next next;
        FUZZ_REQUIRE(forms_count(&cursor, &expected, &error));
        while ((next = forms_next(&cursor, &row, &error)) == FORMS_ROW) {
            rows++;
            FUZZ_REQUIRE(utf8_valid(row.label.data, row.label.size) &&
                         utf8_valid(row.text, row.text_size));
        }
        FUZZ_REQUIRE(next == FORMS_END ? rows == expected : error.status == STATUS_INPUT && !skips);
        forms_cursor_free(&cursor);
    }
    free(bytes);
    wish_free(&wish);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct member_path paths[PATHS];
    struct error error = {0};
    for (int i = 0; !paths[PATHS - 1].count && i < PATHS; i++)
        FUZZ_REQUIRE(member_path_parse(given[i], &paths[i], &error));
    if (size > MOST)
        return 0;
    pick(paths, (const char *)data, size);
    read_documents(data, size, false);
    read_documents(data, size, true);
    return 0;
}

/*
 * Which characters are not seen, Unicode's general categories say: Zs, Zl, Zp, Cf and Cc.
 */
#include "score/names.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <unictype.h>
#include <unistr.h>
#include <uniwidth.h>

enum {
    MOST_COLUMNS = 32,
    UNSEEN = UC_CATEGORY_MASK_Zs | UC_CATEGORY_MASK_Zl | UC_CATEGORY_MASK_Zp | UC_CATEGORY_MASK_Cf |
             UC_CATEGORY_MASK_Cc
};

static int width_of(const char *text, size_t size)
{
    return u8_width((const uint8_t *)text, size, "UTF-8");
}

/* ---- showing ---- */

/* One character, which is `size` bytes long. */
static void show(struct buffer *text, const char *at, size_t size, bool at_an_end)
{
    ucs4_t character;
    u8_mbtouc(&character, (const uint8_t *)at, size);
    if (character == ' ' && at_an_end)
        buffer_string(text, "\\x20");
    else if (size > 1 && uc_is_general_category_withtable(character, UNSEEN))
        buffer_print(text, character > 0xffff ? "\\U%08x" : "\\u%04x", (unsigned)character);
    else
        buffer_name(text, (struct text){at, size});
}

void name_show(struct buffer *text, struct text label)
{
    size_t first = 0, last = label.size;
    while (first < label.size && label.data[first] == ' ')
        first++;
    while (last > first && label.data[last - 1] == ' ')
        last--;
    for (size_t at = 0, step; at < label.size; at += step) {
        step = utf8_sequence(label.data + at, label.size - at);
        step = step ? step : 1;
        show(text, label.data + at, step, at < first || at >= last);
    }
}

void name_show_text(struct buffer *buffer, struct text text)
{
    for (size_t at = 0, step; at < text.size; at += step) {
        size_t plain = utf8_ascii_run(text.data + at, text.size - at);
        buffer_name(buffer, (struct text){text.data + at, plain});
        at += plain;
        if (at == text.size)
            break;
        step = utf8_sequence(text.data + at, text.size - at);
        step = step ? step : 1;
        show(buffer, text.data + at, step, false);
    }
}

/* ---- for tables ---- */

/* Cuts a text to MOST_COLUMNS, the last of them an ellipsis. */
static void cut(struct buffer *text)
{
    size_t size = 0;
    int width = 0;
    while (size < text->size) {
        size_t step = utf8_sequence(text->bytes + size, text->size - size);
        width += step ? width_of(text->bytes + size, step) : 0;
        if (!step || width > MOST_COLUMNS - 1)
            break;
        size += step;
    }
    text->size = size;
    buffer_string(text, "\xe2\x80\xa6");
}

static struct name name_of(struct text label)
{
    struct name name = {0};
    name_show(&name.text, label);
    if (width_of(name.text.bytes, name.text.size) > MOST_COLUMNS)
        cut(&name.text);
    name.width = width_of(name.text.bytes, name.text.size);
    return name;
}

struct name *names_of(const struct metrics *metrics)
{
    struct name *names = calloc(metrics->class_count, sizeof *names);
    for (uint32_t i = 0; names && i < metrics->class_count; i++)
        names[i] = name_of(metrics->classes[i].label);
    return names;
}

bool names_free(struct name *names, uint32_t count)
{
    bool whole = true;
    for (uint32_t i = 0; i < count; i++) {
        whole = whole && !names[i].text.out_of_memory;
        buffer_free(&names[i].text);
    }
    free(names);
    return whole;
}

int names_widest(const struct name *names, uint32_t count)
{
    int width = 0;
    for (uint32_t i = 0; i < count; i++)
        if (names[i].width > width)
            width = names[i].width;
    return width;
}

void name_left(struct buffer *text, const struct name *name, int width)
{
    buffer_bytes(text, name->text.bytes, name->text.size);
    buffer_print(text, "%*s", width - name->width, "");
}

void name_right(struct buffer *text, const struct name *name, int width)
{
    buffer_print(text, "%*s", width - name->width, "");
    buffer_bytes(text, name->text.bytes, name->text.size);
}

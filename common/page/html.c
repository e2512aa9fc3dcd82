/* What is shown is made by names.h first, and escaped behind it. */
#include "page/html.h"

#include "base/report.h"
#include "base/utf8.h"
#include "page/style.h"
#include "score/names.h"

#include <math.h>

static const char *entity_of(char byte)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

static void escape(struct buffer *page, const struct buffer *shown)
{
    size_t start = 0;
    page->out_of_memory |= shown->out_of_memory;
    for (size_t i = 0; i < shown->size; i++) {
        const char *entity = entity_of(shown->bytes[i]);
        if (!entity)
            continue;
        buffer_bytes(page, shown->bytes + start, i - start);
        buffer_string(page, entity);
        start = i + 1;
    }
    if (shown->size)
        buffer_bytes(page, shown->bytes + start, shown->size - start);
}

static void put(struct buffer *page, struct text text, void (*show)(struct buffer *, struct text))
{
    struct buffer shown = {0};
    show(&shown, text);
    escape(page, &shown);
    buffer_free(&shown);
}

void html_text(struct buffer *page, struct text text)
{
    put(page, text, name_show_text);
}

void html_name(struct buffer *page, struct text name)
{
    put(page, name, name_show);
}

void html_cut(struct buffer *page, struct text text, size_t most)
{
    size_t size = 0;
    for (size_t count = 0; size < text.size && count < most; count++) {
        size_t step = utf8_sequence(text.data + size, text.size - size);
        size += step ? step : 1;
    }
    html_text(page, (struct text){text.data, size});
    if (size < text.size)
        buffer_string(page, "\xe2\x80\xa6");
}

void html_begin(struct buffer *page, const char *title)
{
    buffer_string(page, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                        "<meta name=\"viewport\" content=\"width=device-width, "
                        "initial-scale=1\">\n"
                        "<meta name=\"color-scheme\" content=\"light dark\">\n"
                        /* Else a browser asks the network for an icon. */
                        "<link rel=\"icon\" href=\"data:,\">\n<title>");
    html_text(page, text_of(title));
    buffer_string(page, "</title>\n<style>\n");
    for (const char *const *part = style_sheet; *part; part++)
        buffer_string(page, *part);
    buffer_string(page, "</style>\n</head>\n<body>\n<main>\n<h1>");
    html_text(page, text_of(title));
    buffer_string(page, "</h1>\n");
}

void html_end(struct buffer *page)
{
    buffer_string(page, "</main>\n</body>\n</html>\n");
}

void html_number(struct buffer *page, double value, int digits)
{
    if (isfinite(value))
        buffer_print(page, "%.*f", digits, value);
    else
        buffer_string(page, "\xe2\x80\x93");
}

void html_count(struct buffer *page, uint64_t count)
{
    char text[REPORT_COUNT_SIZE];
    buffer_string(page, report_count(count, text));
}

/* A stream's lineage and figures: some from its header, some from its end, some counted. */
#include "stream/about.h"

#include "base/memory.h"
#include "base/report.h"
#include "stream/samples.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_NAMES = 20 /* classes or labels that are named */ };

/* ---- lineage ---- */

static void put_value(struct buffer *text, const struct lineage_option *option)
{
    switch (option->type) {
    case LINEAGE_COUNT:
        buffer_print(text, "%llu", (unsigned long long)option->count);
        break;
    case LINEAGE_REAL:
        buffer_print(text, "%.17g", option->real);
        break;
    case LINEAGE_FLAG:
        buffer_string(text, option->count ? "yes" : "no");
        break;
    case LINEAGE_TEXT:
        buffer_name(text, (struct text){option->text, strlen(option->text)});
        break;
    }
}

static void put_digest(struct buffer *text, struct digest digest)
{
    buffer_print(text, "%llu %s, CRC-32 %08x", (unsigned long long)digest.size,
                 report_noun(digest.size, "byte", "bytes"), (unsigned)digest.crc32);
}

/* A name of an option, as it is shown, up to where the values begin. */
static void put_option_name(struct buffer *text, const char *name, size_t width)
{
    size_t before = text->size;
    buffer_string(text, "    ");
    buffer_name(text, text_of(name));
    while (!text->out_of_memory && text->size - before < 4 + width + 2)
        buffer_byte(text, ' ');
}

/* The bytes of the longest name, as it is shown; `text` notes that memory was out. */
static size_t widest_name(struct buffer *text, const struct lineage_entry *entry)
{
    struct buffer name = {0};
    size_t width = sizeof "read" - 1;
    for (size_t i = 0; i < entry->option_count; i++) {
        name.size = 0;
        buffer_name(&name, text_of(entry->options[i].name));
        width = name.size > width ? name.size : width;
    }
    text->out_of_memory = text->out_of_memory || name.out_of_memory;
    buffer_free(&name);
    return width;
}

static void put_entry(struct buffer *text, const struct lineage_entry *entry)
{
    size_t width = widest_name(text, entry);
    for (size_t i = 0; i < entry->option_count; i++) {
        put_option_name(text, entry->options[i].name, width);
        put_value(text, &entry->options[i]);
        buffer_byte(text, '\n');
    }
    put_option_name(text, "read", width);
    if (entry->has_read)
        put_digest(text, entry->read);
    else
        buffer_string(text, "not known when this header was written");
    buffer_byte(text, '\n');
}

void about_lineage(const struct lineage *lineage, struct buffer *text)
{
    for (size_t i = 0; i < lineage->count; i++) {
        const struct lineage_entry *entry = &lineage->entries[i];
        buffer_print(text, "%zu ", i + 1);
        buffer_name(text, (struct text){entry->tool, strlen(entry->tool)});
        buffer_byte(text, ' ');
        buffer_name(text, (struct text){entry->version, strlen(entry->version)});
        buffer_byte(text, '\n');
        put_entry(text, entry);
    }
}

/* ---- figures ---- */

static bool count_label(struct about *about, struct text label)
{
    bool added;
    uint32_t number = words_add(&about->labels, label, &added);
    if (number == WORDS_NONE || !memory_reserve(&about->label_rows, &about->label_capacity,
                                                (size_t)number + 1, sizeof *about->label_rows))
        return false;
    if (added)
        about->label_rows[number] = 0;
    about->label_rows[number]++;
    return true;
}

bool about_block(struct about *about, const struct stream_header *header,
                 const struct stream_record *record, struct error *error)
{
    struct samples_block block;
    if (header->kind != STREAM_SAMPLES || !header->labelled)
        return true;
    if (!samples_decode(header, record, &block, error))
        return false;
    for (uint32_t row = 0; row < block.rows; row++)
        if (!count_label(about, stream_text(block.labels, row)))
            return error_memory(error, "counting the labels");
    return true;
}

static void put_count(struct buffer *text, const char *name, uint64_t count)
{
    buffer_print(text, "%-10s %llu\n", name, (unsigned long long)count);
}

static void put_flag(struct buffer *text, const char *name, bool flag)
{
    buffer_print(text, "%-10s %s\n", name, flag ? "yes" : "no");
}

/* How many, and the first of them. */
static void put_names(struct buffer *text, const char *what, const struct text *names,
                      uint32_t count)
{
    buffer_print(text, "%-10s %u", what, (unsigned)count);
    for (uint32_t i = 0; i < count && i < MOST_NAMES; i++) {
        buffer_string(text, i ? ", " : ": ");
        buffer_name(text, names[i]);
    }
    buffer_string(text, count > MOST_NAMES ? ", ...\n" : "\n");
}

static void put_labels(struct buffer *text, const struct about *about)
{
    buffer_print(text, "%-10s %zu", "labels", about->labels.count);
    for (uint32_t i = 0; i < about->labels.count && i < MOST_NAMES; i++) {
        buffer_string(text, i ? ", " : ": ");
        buffer_name(text, words_text(&about->labels, i));
        buffer_print(text, " %llu", (unsigned long long)about->label_rows[i]);
    }
    buffer_string(text, about->labels.count > MOST_NAMES ? ", ...\n" : "\n");
}

static void put_parts(struct buffer *text, const struct stream_header *header)
{
    put_count(text, "scored", header->scored);
    buffer_print(text, "%-10s %u", "parts", (unsigned)header->part_count);
    for (uint32_t i = 0; i < header->part_count; i++) {
        buffer_string(text, i ? ", " : ": ");
        buffer_name(text, header->parts[i].name);
        buffer_print(text, " %llu", (unsigned long long)header->parts[i].terms);
    }
    buffer_byte(text, '\n');
}

static void put_opinion(struct buffer *text, const struct stream_header *header)
{
    buffer_print(text, "%-10s %.6f of the vote, by ", "evidence", header->opinion.share);
    stream_opinion_show(&header->opinion, header->features, header->class_count, text);
    buffer_byte(text, '\n');
}

void about_stats(const struct about *about, const struct stream_header *header,
                 const struct stream_totals *totals, struct buffer *text)
{
    bool forest = header->kind == STREAM_FOREST, samples = header->kind == STREAM_SAMPLES;
    bool predictions = header->kind == STREAM_PREDICTIONS, linear = header->kind == STREAM_LINEAR;
    bool decisions = header->kind == STREAM_DECISIONS;
    buffer_print(text, "%-10s %s\n", "kind", stream_kind_name(header->kind));
    put_count(text, forest ? "nodes" : "rows", totals->rows);
    put_count(text, forest ? "trees" : "blocks", totals->blocks);
    if (header->whole && !forest)
        buffer_print(text, "%-10s %llu of %llu\n", "part", (unsigned long long)header->first + 1,
                     (unsigned long long)header->whole);
    else if (header->whole)
        buffer_print(text, "%-10s %llu:%llu of %llu\n", "part", (unsigned long long)header->first,
                     (unsigned long long)(header->first + header->trees),
                     (unsigned long long)header->whole);
    put_count(text, "bytes", totals->digest.size);
    if (header->dim)
        put_count(text, "dim", header->dim);
    if (header->features)
        put_names(text, "features", header->features, header->dim);
    if (forest || linear || header->kind == STREAM_PIECES)
        put_count(text, "samples", header->samples);
    if (header->opinion.share > 0)
        put_opinion(text, header);
    if (linear)
        put_parts(text, header);
    if (samples || predictions)
        put_flag(text, "labelled", header->labelled);
    if (predictions)
        put_flag(text, "proba", header->proba);
    if (header->log_proba)
        put_flag(text, "log proba", true);
    if (header->detail)
        buffer_print(text, "%-10s %s\n", "detail", stream_detail_name(header->detail));
    if (header->abstains)
        put_flag(text, "abstains", true);
    if (header->sets)
        put_flag(text, "sets", true);
    if (forest || predictions || linear || decisions)
        put_names(text, "classes", header->classes, header->class_count);
    if (samples && header->labelled)
        put_labels(text, about);
    buffer_print(text, "%-10s %08x\n", "crc32", (unsigned)totals->digest.crc32);
}

void about_free(struct about *about)
{
    words_free(&about->labels);
    free(about->label_rows);
    *about = (struct about){0};
}

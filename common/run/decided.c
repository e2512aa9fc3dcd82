/* Decisions are a model's own, of which its predictions tell by their lineage. */
#include "run/decided.h"

#include "stream/decisions.h"
#include "stream/numbers.h"
#include "stream/predictions.h"

#include <stdlib.h>
#include <string.h>

/* ---- reading ---- */

static bool find_part(const struct stream_record *record, struct text name, int *part,
                      struct error *error)
{
    for (*part = 0; *part < RULE_PARTS; ++*part)
        if (text_equal(name, text_of(rule_part_name((enum rule_part) * part))))
            return true;
    return stream_damaged(record, error,
                          "decisions of a kind that this program does not know: "
                          "'%.*s'",
                          (int)name.size, name.data);
}

static bool take_block(struct rule *rule, const struct stream_record *record, struct error *error)
{
    struct decisions_block block;
    int part;
    if (!decisions_decode(record, &block, error) || !find_part(record, block.name, &part, error))
        return false;
    size_t before = rule->lists[part].count;
    double *values = rule_room(rule, (enum rule_part)part, before + block.rows);
    if (!values)
        return error_memory(error, "reading the decisions");
    numbers_copy(values + before, block.values.bytes, block.rows, sizeof *values);
    return true;
}

static bool take_blocks(struct stream_reader *reader, struct rule *rule, struct error *error)
{
    struct stream_record record = {0};
    enum stream_next next;
    while ((next = stream_next(reader, &record, error)) == STREAM_BLOCK)
        if (!take_block(rule, &record, error)) {
            next = STREAM_FAILED;
            break;
        }
    stream_record_free(&record);
    const char *wrong = next == STREAM_END ? rule_check(rule) : NULL;
    return next == STREAM_END &&
           (!wrong || error_set(error, STATUS_INPUT, "%s: %s", stream_name(reader), wrong));
}

/* ---- whose it is ---- */

/* The last entry is rf-decide's, those before it are of the predictions. */
static bool is_of(const struct lineage *lineage, const struct trained *model)
{
    if (!lineage->count)
        return false;
    const struct lineage predictions = {.entries = lineage->entries, .count = lineage->count - 1};
    return lineage_origin(&predictions, &model->header.lineage, model->digest) == LINEAGE_ITS_OWN;
}

static bool check_model(const struct stream_header *header, const char *name,
                        const struct trained *model, struct error *error)
{
    bool same = header->class_count == model->header.class_count && is_of(&header->lineage, model);
    for (uint32_t i = 0; same && i < header->class_count; i++)
        same = text_equal(header->classes[i], model->header.classes[i]);
    return same || error_set(error, STATUS_INPUT,
                             "%s: was found for another model than %s: run rf-decide on the "
                             "out-of-bag predictions of this one",
                             name, model->name);
}

bool decided_check_labels(const struct rule *rule, const struct trained *model, struct error *error)
{
    const struct stream_header *header = &model->header;
    for (uint32_t i = 0; rule_abstains(rule) && i < header->class_count; i++)
        if (text_equal(header->classes[i], text_of(PREDICTIONS_NO_ANSWER)))
            return error_set(error, STATUS_INPUT,
                             "%s: has the label '" PREDICTIONS_NO_ANSWER
                             "', which stands for no answer: let there always be one, without "
                             "--abstain, novelty, precision or costs of '" PREDICTIONS_NO_ANSWER
                             "'",
                             model->name);
    return true;
}

static bool load(struct stream_reader *reader, const struct trained *model, struct rule *rule,
                 struct error *error)
{
    struct stream_header header = {0};
    bool done = stream_read_header(reader, STREAM_DECISIONS, &header, error) &&
                check_model(&header, stream_name(reader), model, error);
    rule->classes = header.class_count;
    done = done && take_blocks(reader, rule, error) && decided_check_labels(rule, model, error);
    stream_header_free(&header);
    return done;
}

bool decided_load(const char *path, const struct trained *model, struct rule *rule,
                  struct digest *digest, struct error *error)
{
    struct stream_reader *reader = stream_open(path, error);
    if (!reader)
        return false;
    bool done = load(reader, model, rule, error);
    *digest = done ? stream_read_totals(reader).digest : (struct digest){0};
    stream_close(reader);
    return done;
}

/* ---- writing ---- */

bool decided_write(struct output *output, const struct stream_header *header,
                   const struct rule *rule, struct digest read, struct error *error)
{
    struct stream_writer *writer = stream_begin(output, header, error);
    bool done = writer != NULL;
    for (int i = 0; done && i < RULE_PARTS; i++)
        done = decisions_write(writer, rule_part_name((enum rule_part)i), rule->lists[i].values,
                               rule->lists[i].count, error);
    if (done)
        return stream_end(writer, read, error);
    stream_abandon(writer);
    return false;
}

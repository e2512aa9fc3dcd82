/*
 * What an old state may differ in is its number of passes; all else is compared option by option,
 * so that a new option that changes the vectors is compared, too, without a line here. That the
 * corpus is the same shows only after it was read.
 */
#include "run/state.h"

#include "run/vector_rows.h"

#include <string.h>

static const char marked_as[] = "state";

/* ---- writing ---- */

static struct text get_row(void *context, size_t row, float *numbers)
{
    const struct glove *glove = context;
    model_get_state(&glove->model, (uint32_t)row, numbers);
    return glove->ranking.words[row];
}

bool state_write(struct glove *glove, struct lineage *made, struct digest corpus,
                 struct output *output, struct error *error)
{
    const struct vector_rows rows = {
        .count = glove->ranking.size,
        .dim = (uint32_t)model_state_dim(glove->options.dim),
        .row = get_row,
        .context = glove,
    };
    return lineage_add_text(made, "model", marked_as, error) &&
           vector_rows_stream(&rows, made, corpus, output, error);
}

/* ---- checking ---- */

static bool check_entry(struct state *state, const struct lineage_entry *saved,
                        const struct lineage_entry *wanted, struct error *error)
{
    const char *path = stream_name(state->reader);
    const struct lineage_option *model = saved ? lineage_option(saved, "model") : NULL;
    const struct lineage_option *iter = saved ? lineage_option(saved, "iter") : NULL;
    if (!model || model->type != LINEAGE_TEXT || strcmp(model->text, marked_as) != 0 || !iter ||
        iter->type != LINEAGE_COUNT)
        return error_set(error, STATUS_INPUT, "%s: holds no state: save one with --save-gradsq",
                         path);
    static const char *const passed[] = {"iter", "model", NULL};
    const char *other = lineage_difference(wanted, saved, passed);
    if (other)
        return error_set(error, STATUS_INPUT,
                         "%s: was saved with another --%s: give all options again, but --iter",
                         path, other);
    state->passes = iter->count;
    return true;
}

bool state_open(struct state *state, const char *path, const struct lineage_entry *wanted,
                size_t dim, struct error *error)
{
    state->reader = stream_open(path, error);
    if (!state->reader ||
        !stream_read_header(state->reader, STREAM_VECTORS, &state->header, error) ||
        !check_entry(state, lineage_find(&state->header.lineage, wanted->tool), wanted, error))
        return false;
    if (state->header.dim == model_state_dim(dim))
        return true;
    return error_set(error, STATUS_INPUT, "%s: has rows of %u numbers, a state has %zu",
                     stream_name(state->reader), (unsigned)state->header.dim, model_state_dim(dim));
}

/* ---- loading ---- */

struct load {
    const struct state *state;
    struct glove *glove;
};

static bool other_corpus(const struct state *state, struct error *error)
{
    return error_set(error, STATUS_INPUT, "%s: was saved for another corpus",
                     stream_name(state->reader));
}

static bool set_row(void *context, uint64_t row, struct text word, const float *numbers,
                    struct error *error)
{
    const struct load *load = context;
    const struct word_ranking *ranking = &load->glove->ranking;
    if (row >= ranking->size || text_compare(word, ranking->words[row]) != 0)
        return other_corpus(load->state, error);
    model_set_state(&load->glove->model, (uint32_t)row, numbers);
    return true;
}

bool state_load(struct state *state, struct glove *glove, struct digest corpus, struct error *error)
{
    struct load load = {state, glove};
    if (!vector_rows_read(state->reader, &state->header, set_row, &load, error))
        return false;
    struct digest saved = stream_read_digest(state->reader);
    if (stream_read_totals(state->reader).rows != glove->ranking.size ||
        saved.crc32 != corpus.crc32 || saved.size != corpus.size)
        return other_corpus(state, error);
    return true;
}

void state_close(struct state *state)
{
    stream_header_free(&state->header);
    stream_close(state->reader);
    *state = (struct state){0};
}

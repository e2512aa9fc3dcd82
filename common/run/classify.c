/*
 * A model folder is read as the programs read it: each file by the loader of its kind, and what
 * vectorize would say of itself in the header of its samples is said here, so that trained_fit
 * holds a folder of mixed models apart.
 */
#include "run/classify.h"

#include "base/memory.h"
#include "run/decided.h"
#include "text/documents.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- loading ---- */

/* `FOLDER/NAME`, owned; NULL when memory is out. */
static char *path_within(const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = memory_array(size, 1);
    if (path)
        snprintf(path, size, "%s/%s", folder, name);
    return path;
}

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

static bool load_sources(struct classifier *classifier, const char *folder, struct error *error)
{
    struct sources_paths paths = {0};
    char *vectors = path_within(folder, "vectors.mp"), *linear = path_within(folder, "linear.mp");
    bool done = vectors && linear;
    if (!done)
        error_memory(error, "reading the model");
    if (done && is_there(vectors))
        paths.vectors[paths.vector_count++] = vectors;
    if (done && is_there(linear))
        paths.linear[paths.linear_count++] = linear;
    if (done && !paths.vector_count && !paths.linear_count)
        done = error_set(error, STATUS_INPUT, "%s: holds neither linear.mp nor vectors.mp: %s",
                         folder, "name a folder that glovepipe train made");
    done = done && sources_load(&classifier->sources, &paths, cpu_level(), error);
    free(vectors);
    free(linear);
    return done;
}

/* What is wrong with a folder that has no forest. */
static bool find_model(const struct classifier *classifier, const char *folder, struct error *error)
{
    if (is_there(classifier->model_name))
        return true;
    if ((errno != ENOENT && errno != ENOTDIR) || !is_there(folder))
        return error_errno(error, "%s", folder);
    return error_set(error, STATUS_INPUT, "%s: is no model: it holds no model.mp", folder);
}

static bool load_decisions(struct classifier *classifier, const char *folder, struct error *error)
{
    struct digest digest;
    char *path = path_within(folder, "decide.mp");
    bool done = path || error_memory(error, "reading the model");
    classifier->decides = done && is_there(path);
    if (classifier->decides)
        done = decided_load(path, &classifier->model, &classifier->rule, &digest, error);
    free(path);
    return done;
}

/* The header of the samples that vectorize would make by these sources; borrows their names. */
static bool describe_samples(const struct sources *sources, struct stream_header *header,
                             struct error *error)
{
    *header = (struct stream_header){.kind = STREAM_SAMPLES,
                                     .dim = (uint32_t)features_width(&sources->features),
                                     .features = sources->names};
    return lineage_copy(&header->lineage, &sources->lineage, error) &&
           lineage_append(&header->lineage, "vectorize", error) &&
           lineage_add_text(&header->lineage, "tokenizer", LINEAGE_TOKENIZER, error);
}

/* The cause, without what the user of a program could do about it. */
static bool refuse_mixed(const char *folder, const struct error *cause, struct error *error)
{
    const char *advice = strrchr(cause->text, ':');
    int size = advice ? (int)(advice - cause->text) : (int)strlen(cause->text);
    return error_set(error, STATUS_INPUT, "%s: its files are not of one model: %.*s", folder, size,
                     cause->text);
}

static bool check_fit(const struct classifier *classifier, const char *folder, struct error *error)
{
    struct stream_header header;
    struct error cause = {STATUS_DONE, ""};
    bool done = describe_samples(&classifier->sources, &header, error);
    if (done && trained_fit(&classifier->model, &header, folder, &cause) != TRAINED_FITS)
        done = refuse_mixed(folder, &cause, error);
    lineage_free(&header.lineage);
    return done;
}

bool classify_load(struct classifier *classifier, const char *folder, unsigned jobs,
                   struct error *error)
{
    *classifier = (struct classifier){.model_name = path_within(folder, "model.mp")};
    bool done = classifier->model_name || error_memory(error, "reading the model");
    done = done && find_model(classifier, folder, error) &&
           trained_load(&classifier->model, classifier->model_name, jobs, error) &&
           load_sources(classifier, folder, error) && check_fit(classifier, folder, error) &&
           load_decisions(classifier, folder, error);
    if (!done)
        classify_free(classifier);
    return done;
}

void classify_free(struct classifier *classifier)
{
    sources_free(&classifier->sources);
    trained_free(&classifier->model);
    rule_free(&classifier->rule);
    free(classifier->model_name);
    *classifier = (struct classifier){0};
}

/* ---- documents ---- */

bool classify_begin(struct classify_worker *worker, const struct classifier *classifier,
                    struct error *error)
{
    const uint32_t classes = classifier->model.header.class_count;
    *worker = (struct classify_worker){.classifier = classifier,
                                       .tokens = tokens_with(tokens_scan_of(cpu_level())),
                                       .proba = memory_array(classes, sizeof *worker->proba),
                                       .room = memory_array(classes, sizeof *worker->room)};
    if (features_prepare(&classifier->sources.features, &worker->scratch, error) &&
        ((worker->proba && worker->room && vote_start(&worker->voter, &classifier->model.forest)) ||
         error_memory(error, "starting to predict")))
        return true;
    classify_end(worker);
    return false;
}

enum { LONGEST = 1 << 30 /* bytes; so long may a line be that vectorize reads */ };

/* Puts the text where it may be changed, as one line. */
static bool copy_text(struct classify_worker *worker, const char *text, size_t size,
                      struct error *error)
{
    if (size > LONGEST)
        return error_set(error, STATUS_INPUT, "the text is longer than 1 GiB");
    if (!memory_reserve(&worker->text, &worker->text_capacity, size + 1, 1))
        return error_memory(error, "predicting");
    if (size)
        memcpy(worker->text, text, size);
    for (char *at = worker->text; (at = memchr(at, '\n', size - (size_t)(at - worker->text)));)
        *at = ' ';
    return true;
}

static bool vote(struct classify_worker *worker, struct error *error)
{
    struct voter *voter = &worker->voter;
    voter->classes_only = worker->classes_only && !worker->classifier->decides;
    return vote_tile(voter, voter->x, 1) ||
           error_set(error, STATUS_INPUT, "the text has a feature that is not finite: %s",
                     "the vectors hold infinite values");
}

/* As rf-predict hands probabilities over: float32. */
static uint32_t answer_by(struct classify_worker *worker)
{
    const struct classifier *classifier = worker->classifier;
    const struct voter *voter = &worker->voter;
    if (classifier->decides)
        return rule_decide(&classifier->rule, voter->proba, voter->classes[0], worker->proba,
                           worker->room);
    for (uint32_t c = 0; !voter->classes_only && c < classifier->model.header.class_count; c++)
        worker->proba[c] = (float)voter->proba[c];
    return voter->classes[0];
}

bool classify_document(struct classify_worker *worker, const char *text, size_t size,
                       uint32_t *answer, struct error *error)
{
    static const struct documents_columns text_alone = {0};
    struct documents_row document;
    struct features_counts counts;
    if (!copy_text(worker, text, size, error))
        return false;
    struct documents_cursor cursor = documents_cursor(worker->text, size, "text", 1);
    if (!documents_row(&cursor, &text_alone, &document, error) ||
        !features_row(&worker->classifier->sources.features, &worker->scratch, &worker->tokens,
                      &document, worker->voter.x, &counts, error) ||
        !vote(worker, error))
        return false;
    *answer = answer_by(worker);
    return true;
}

void classify_end(struct classify_worker *worker)
{
    const struct classifier *classifier = worker->classifier;
    tokens_free(&worker->tokens);
    features_release(&classifier->sources.features, &worker->scratch);
    vote_end(&worker->voter);
    free(worker->proba);
    free(worker->room);
    free(worker->text);
    *worker = (struct classify_worker){0};
}

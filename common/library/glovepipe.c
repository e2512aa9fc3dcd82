/*
 * The public functions, over run/classify.
 *
 * What a thread works with (scratch, a voter) outlives a call, for to make it costs more than a
 * short text: a call takes one from the model's shelf, or makes one where the shelf is empty, and
 * puts it back. So there are as many as calls were ever under way at a time, each is one thread's
 * while it is off the shelf, and only the shelf has a lock, which is held for two assignments.
 * The classifier itself is only read.
 */
#include "library/glovepipe.h"

#include "base/memory.h"
#include "run/classify.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOADING_JOBS = 1 };

struct worker {
    struct classify_worker classify;
    struct worker *next; /* on the shelf */
};

struct glovepipe {
    struct classifier classifier;
    char **classes; /* the labels, each ended by a NUL */
    pthread_mutex_t lock;
    struct worker *shelf; /* under the lock */
};

static void tell(const struct error *cause, char *error, size_t error_size)
{
    if (error && error_size)
        snprintf(error, error_size, "%s", cause->text);
}

/* ---- models ---- */

static bool name_classes(struct glovepipe *model, struct error *error)
{
    const struct stream_header *header = &model->classifier.model.header;
    model->classes = calloc(header->class_count, sizeof *model->classes);
    for (uint32_t i = 0; model->classes && i < header->class_count; i++) {
        struct text label = header->classes[i];
        char *name = model->classes[i] = memory_array(label.size + 1, 1);
        if (!name)
            return error_memory(error, "reading the model");
        if (label.size)
            memcpy(name, label.data, label.size);
        name[label.size] = '\0';
    }
    return model->classes || error_memory(error, "reading the model");
}

struct glovepipe *glovepipe_load(const char *folder, char *error, size_t error_size)
{
    struct error cause = {STATUS_DONE, ""};
    struct glovepipe *model = calloc(1, sizeof *model);
    bool done = model && pthread_mutex_init(&model->lock, NULL) == 0;
    if (!done) {
        error_memory(&cause, "reading the model");
        free(model);
    } else {
        done = classify_load(&model->classifier, folder, LOADING_JOBS, &cause) &&
               name_classes(model, &cause);
        if (!done)
            glovepipe_free(model);
    }
    if (!done)
        tell(&cause, error, error_size);
    return done ? model : NULL;
}

void glovepipe_free(struct glovepipe *model)
{
    if (!model)
        return;
    for (struct worker *worker = model->shelf, *next; worker; worker = next) {
        next = worker->next;
        classify_end(&worker->classify);
        free(worker);
    }
    for (uint32_t i = 0; model->classes && i < model->classifier.model.header.class_count; i++)
        free(model->classes[i]);
    free(model->classes);
    classify_free(&model->classifier);
    pthread_mutex_destroy(&model->lock);
    free(model);
}

size_t glovepipe_class_count(const struct glovepipe *model)
{
    return model->classifier.model.header.class_count;
}

const char *glovepipe_class(const struct glovepipe *model, size_t number)
{
    return number < glovepipe_class_count(model) ? model->classes[number] : NULL;
}

/* ---- the shelf ---- */

static struct worker *take_worker(struct glovepipe *model, struct error *error)
{
    pthread_mutex_lock(&model->lock);
    struct worker *worker = model->shelf;
    if (worker)
        model->shelf = worker->next;
    pthread_mutex_unlock(&model->lock);
    if (worker)
        return worker;
    worker = calloc(1, sizeof *worker);
    if (!worker)
        error_memory(error, "starting to predict");
    else if (classify_begin(&worker->classify, &model->classifier, error))
        return worker;
    free(worker);
    return NULL;
}

static void put_back(struct glovepipe *model, struct worker *worker)
{
    pthread_mutex_lock(&model->lock);
    worker->next = model->shelf;
    model->shelf = worker;
    pthread_mutex_unlock(&model->lock);
}

/* ---- predictions ---- */

enum { FAILED = -1 };

/*
 * The class of a text, GLOVEPIPE_UNANSWERED or FAILED. Its probability, 0 of no answer, goes to
 * `probability`, those of all classes to `probabilities`, unless they are NULL.
 */
static int classify(struct glovepipe *model, const char *text, size_t size, float *probability,
                    float *probabilities, struct error *error)
{
    struct worker *worker = take_worker(model, error);
    uint32_t answer;
    if (!worker)
        return FAILED;
    worker->classify.classes_only = !probability && !probabilities;
    bool done = classify_document(&worker->classify, text, size, &answer, error);
    const float *proba = worker->classify.proba;
    if (done && probability)
        *probability = answer == RULE_NONE ? 0 : proba[answer];
    if (done && probabilities)
        memcpy(probabilities, proba, glovepipe_class_count(model) * sizeof *probabilities);
    put_back(model, worker);
    if (!done)
        return FAILED;
    return answer == RULE_NONE ? GLOVEPIPE_UNANSWERED : (int)answer;
}

const char *glovepipe_predict(struct glovepipe *model, const char *text, size_t size,
                              float *probability, char *error, size_t error_size)
{
    struct error cause = {STATUS_DONE, ""};
    int number = classify(model, text, size, probability, NULL, &cause);
    if (number >= 0)
        return model->classes[number];
    if (number == GLOVEPIPE_UNANSWERED)
        return GLOVEPIPE_NO_ANSWER;
    tell(&cause, error, error_size);
    return NULL;
}

int glovepipe_probabilities(struct glovepipe *model, const char *text, size_t size,
                            float *probabilities, char *error, size_t error_size)
{
    struct error cause = {STATUS_DONE, ""};
    int number = classify(model, text, size, NULL, probabilities, &cause);
    if (number == GLOVEPIPE_UNANSWERED)
        error_set(&cause, STATUS_DONE, "no answer: the model's decisions give none for this text");
    if (number < 0)
        tell(&cause, error, error_size);
    return number;
}

const char *glovepipe_version(void)
{
    return GLOVEPIPE_VERSION;
}

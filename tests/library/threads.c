/*
 * One model, many threads: each predicts all lines of a file, beginning at another one, and
 * compares every bit with what `glovepipe predict --proba` said.
 *
 *   threads MODEL LINES PREDICTIONS THREADS
 */
#include <glovepipe.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_LINES = 10000, MOST_CLASSES = 1000, MOST_THREADS = 64 };

struct line {
    char *text, *label;
    size_t size;
    float *proba;
};

struct task {
    struct glovepipe *model;
    const struct line *lines;
    size_t count, first, wrong;
};

static void fail(const char *what)
{
    fprintf(stderr, "threads: %s\n", what);
    exit(1);
}

static size_t read_lines(const char *path, char **lines)
{
    FILE *file = fopen(path, "r");
    size_t count = 0, room = 0;
    char *line = NULL;
    if (!file)
        fail(path);
    while (count < MOST_LINES && getline(&line, &room, file) > 0) {
        line[strcspn(line, "\n")] = '\0';
        lines[count++] = strdup(line);
    }
    free(line);
    fclose(file);
    return count;
}

/* The label, and a probability a class: each is the shortest decimal that leads to its bits. */
static void parse(char *row, struct line *line, size_t classes)
{
    line->label = strtok(row, "\t");
    line->proba = malloc(classes * sizeof *line->proba);
    for (size_t i = 0; i < classes; i++) {
        const char *cell = strtok(NULL, "\t");
        if (!cell)
            fail("a row with fewer probabilities than the model has classes");
        line->proba[i] = strtof(cell, NULL);
    }
}

/* What stands for no answer, and has no probability. */
static int is_unanswered(int number, const char *label, float best)
{
    return number == GLOVEPIPE_UNANSWERED && strcmp(label, GLOVEPIPE_NO_ANSWER) == 0 && best == 0;
}

static int is_answered(struct glovepipe *model, int number, const char *label, float best,
                       const float *proba)
{
    return number >= 0 && label == glovepipe_class(model, (size_t)number) && best == proba[number];
}

static int is_right(struct glovepipe *model, const struct line *line)
{
    char error[GLOVEPIPE_ERROR_SIZE];
    float proba[MOST_CLASSES], best = -1;
    size_t classes = glovepipe_class_count(model);
    int number = glovepipe_probabilities(model, line->text, line->size, proba, error, sizeof error);
    const char *label =
        glovepipe_predict(model, line->text, line->size, &best, error, sizeof error);
    return label && strcmp(label, line->label) == 0 &&
           (strcmp(line->label, "?") == 0 ? is_unanswered(number, label, best)
                                          : is_answered(model, number, label, best, proba)) &&
           memcmp(proba, line->proba, classes * sizeof *proba) == 0;
}

static void *predict_all(void *argument)
{
    struct task *task = argument;
    for (size_t i = 0; i < task->count; i++)
        task->wrong += !is_right(task->model, &task->lines[(task->first + i) % task->count]);
    return NULL;
}

static size_t run(struct glovepipe *model, const struct line *lines, size_t count, size_t threads)
{
    pthread_t handles[MOST_THREADS];
    struct task tasks[MOST_THREADS];
    size_t wrong = 0;
    for (size_t i = 0; i < threads; i++) {
        tasks[i] = (struct task){model, lines, count, i * count / threads, 0};
        if (pthread_create(&handles[i], NULL, predict_all, &tasks[i]))
            fail("no thread");
    }
    for (size_t i = 0; i < threads; i++) {
        pthread_join(handles[i], NULL);
        wrong += tasks[i].wrong;
    }
    return wrong;
}

int main(int argc, char **argv)
{
    static char *texts[MOST_LINES], *rows[MOST_LINES];
    static struct line lines[MOST_LINES];
    char error[GLOVEPIPE_ERROR_SIZE];
    size_t threads = argc == 5 ? strtoul(argv[4], NULL, 10) : 0;
    if (threads < 1 || threads > MOST_THREADS)
        fail("usage: threads MODEL LINES PREDICTIONS THREADS");
    struct glovepipe *model = glovepipe_load(argv[1], error, sizeof error);
    if (!model)
        fail(error);
    size_t count = read_lines(argv[2], texts), expected = read_lines(argv[3], rows);
    if (expected != count + 1 || glovepipe_class_count(model) > MOST_CLASSES) /* a heading */
        fail("as many predictions as lines, and a heading");
    for (size_t i = 0; i < count; i++) {
        lines[i] = (struct line){.text = texts[i], .size = strlen(texts[i])};
        parse(rows[i + 1], &lines[i], glovepipe_class_count(model));
    }
    size_t wrong = run(model, lines, count, threads);
    printf("%zu lines, %zu wrong\n", count, wrong);
    for (size_t i = 0; i < count; i++) {
        free(lines[i].proba);
        free(texts[i]);
        free(rows[i + 1]);
    }
    free(rows[0]);
    glovepipe_free(model);
    return wrong != 0;
}

/*
 * What the library does beside predictions: texts at the edges, errors, sizes of their room.
 *
 *   misuse MODEL [TEXT]    the model has no answer to TEXT
 */
#include <glovepipe.h>
#include <stdio.h>
#include <string.h>

static int failures;

static void check(int holds, const char *what)
{
    if (!holds)
        printf("wrong: %s\n", what);
    failures += !holds;
}

/* Whether two texts have the same bits. */
static int same(struct glovepipe *model, const char *left, const char *right, size_t right_size)
{
    float l[1000], r[1000];
    int one = glovepipe_probabilities(model, left, strlen(left), l, NULL, 0);
    int other = glovepipe_probabilities(model, right, right_size, r, NULL, 0);
    return one >= 0 && one == other && memcmp(l, r, glovepipe_class_count(model) * sizeof *l) == 0;
}

static void check_errors(void)
{
    char error[GLOVEPIPE_ERROR_SIZE] = "before", little[8];
    check(!glovepipe_load("there/is/none", error, sizeof error), "a folder that is not there");
    check(strcmp(error, "there/is/none: No such file or directory") == 0, error);
    check(!glovepipe_load("there/is/none", little, sizeof little), "little room");
    check(strcmp(little, "there/i") == 0, "as much as there is room for, ended by a NUL");
    check(!glovepipe_load("there/is/none", NULL, 0), "no room");
    glovepipe_free(NULL);
}

static void check_classes(struct glovepipe *model)
{
    size_t count = glovepipe_class_count(model);
    check(count > 1, "classes");
    check(!glovepipe_class(model, count) && !glovepipe_class(model, (size_t)-1), "no such class");
    for (size_t i = 1; i < count; i++)
        check(strcmp(glovepipe_class(model, i - 1), glovepipe_class(model, i)) < 0, "byte order");
}

static void check_texts(struct glovepipe *model)
{
    const char *text = "oil prices rose in london";
    char error[GLOVEPIPE_ERROR_SIZE] = "untouched";
    float probability = -1;
    check(glovepipe_predict(model, text, strlen(text), NULL, NULL, 0) != NULL, "a label alone");
    check(glovepipe_predict(model, "", 0, &probability, error, sizeof error) != NULL, "no text");
    check(probability >= 0 && probability <= 1, "its probability");
    check(glovepipe_predict(model, NULL, 0, NULL, NULL, 0) != NULL, "nowhere, of no size");
    check(strcmp(error, "untouched") == 0, "nothing is said of success");
    check(same(model, text, "oil prices\nrose in london\n", 26), "a line feed is a space");
    check(same(model, text, "OIL  Prices rose\tin London", 26), "case and white space");
    check(same(model, text, "oil\xff prices \xc3rose in london", 27), "bytes that are not UTF-8");
    check(same(model, text, "__label__crude oil prices rose in london", 40), "a label passed over");
    check(same(model, text, "oil prices rose in londonderry", 25), "no more than its size");
}

/* A program that takes any number below 0 for a failure is told what it is. */
static void check_unanswered(struct glovepipe *model, const char *text)
{
    char error[GLOVEPIPE_ERROR_SIZE] = "untouched";
    float proba[1000], probability = -1, sum = 0;
    const char *label =
        glovepipe_predict(model, text, strlen(text), &probability, error, sizeof error);
    check(label && strcmp(label, "?") == 0 && probability == 0, "no answer has no probability");
    label = glovepipe_predict(model, text, strlen(text), NULL, error, sizeof error);
    check(label && strcmp(label, "?") == 0, "no answer, without a probability");
    check(strcmp(error, "untouched") == 0, "no answer is no failure");
    int number = glovepipe_probabilities(model, text, strlen(text), proba, error, sizeof error);
    check(number == -2 && strncmp(error, "no answer", 9) == 0, error);
    for (size_t i = 0; i < glovepipe_class_count(model); i++)
        sum += proba[i];
    check(sum > 0.999 && sum < 1.001, "probabilities there are");
}

int main(int argc, char **argv)
{
    char error[GLOVEPIPE_ERROR_SIZE];
    struct glovepipe *model =
        argc == 2 || argc == 3 ? glovepipe_load(argv[1], error, sizeof error) : NULL;
    check(model != NULL, argc > 1 ? error : "usage: misuse MODEL [TEXT]");
    check_errors();
    if (model && argc == 3)
        check_unanswered(model, argv[2]);
    else if (model) {
        check_classes(model);
        check_texts(model);
    }
    glovepipe_free(model);
    return failures != 0;
}

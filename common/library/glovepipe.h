/*
 * glovepipe: labels for texts, by a model that `glovepipe train` made. See libglovepipe(3).
 *
 *     char error[GLOVEPIPE_ERROR_SIZE];
 *     struct glovepipe *model = glovepipe_load("model", error, sizeof error);
 *     float probability;
 *     const char *label =
 *         model ? glovepipe_predict(model, text, strlen(text), &probability, error, sizeof error)
 *               : NULL;
 *     if (!label)
 *         fprintf(stderr, "%s\n", error);
 *     glovepipe_free(model);
 *
 * Threads: one model may be used by any number of threads at once, by every function but
 * glovepipe_free, which comes after all others. The library has no state outside of models, sets
 * no locale, no signal and no handler, and writes nowhere.
 *
 * Errors: a function that can fail is given room for a sentence, `error` of `error_size` bytes
 * (GLOVEPIPE_ERROR_SIZE is room for all; NULL and 0: none is wanted), which it fills, ended by a
 * NUL, when it fails, and leaves alone otherwise.
 *
 * Texts are UTF-8 of `size` bytes, at most 1 GiB, and need no NUL at their end; they are not
 * changed. Bytes that are not UTF-8 and labels in fastText's form (`__label__x`) that a text begins
 * with are passed over, as in a line that `glovepipe predict` reads, and a line feed counts as a
 * space. Labels and probabilities are the same as there, to the bit.
 *
 * Decisions: where the model's folder holds decide.mp (`glovepipe train --decide`, --costs, ...),
 * probabilities are calibrated and labels chosen by it, and a text may have no answer. Then its
 * label is GLOVEPIPE_NO_ANSWER, and its number GLOVEPIPE_UNANSWERED. Other models always answer.
 *
 * Everything that is here stays as it is while the library's name ends in `.so.1`.
 */
#ifndef GLOVEPIPE_H
#define GLOVEPIPE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define GLOVEPIPE_API __attribute__((visibility("default")))
#else
#define GLOVEPIPE_API
#endif

enum { GLOVEPIPE_ERROR_SIZE = 1024 };

/* In place of a label, and of its number, where there is no answer. No class of a model that may
   have none is called like that. */
#define GLOVEPIPE_NO_ANSWER "?"
enum { GLOVEPIPE_UNANSWERED = -2 };

/* A model in memory; only the library sees what is in it. */
struct glovepipe;

/*
 * Reads the model in `folder` (model.mp, linear.mp, vectors.mp or both, and decide.mp where there
 * is one), whole and checked. It is the caller's, who ends it with glovepipe_free; the files are no
 * longer needed. A thread runs for as long as it reads. NULL when it fails: files that are not
 * there, damaged, or of different models; memory.
 */
GLOVEPIPE_API struct glovepipe *glovepipe_load(const char *folder, char *error, size_t error_size);

/* Frees the model and the names of its classes. NULL is no model, and nothing is done. */
GLOVEPIPE_API void glovepipe_free(struct glovepipe *model);

/* How many classes the model tells apart: at least 1. */
GLOVEPIPE_API size_t glovepipe_class_count(const struct glovepipe *model);

/*
 * The label of class `number`, in 0 .. glovepipe_class_count - 1, in byte order of the labels;
 * NULL for any other number. It is the model's, UTF-8, ended by a NUL.
 */
GLOVEPIPE_API const char *glovepipe_class(const struct glovepipe *model, size_t number);

/*
 * The label of the text: that of its most probable class, of equal ones the first, or that which
 * the model's decisions choose; or GLOVEPIPE_NO_ANSWER. A label is the model's. `probability`,
 * unless NULL, gets its probability, 0 to 1; 0 of no answer. NULL when it fails: memory, a text
 * that is too long, or vectors that hold infinite values.
 */
GLOVEPIPE_API const char *glovepipe_predict(struct glovepipe *model, const char *text, size_t size,
                                            float *probability, char *error, size_t error_size);

/*
 * The same, with the probability of every class: `probabilities` has room for
 * glovepipe_class_count of them. Returns the number of the class whose label glovepipe_predict
 * returns; -1 when it fails; GLOVEPIPE_UNANSWERED where there is no answer. Then there are
 * probabilities, and `error` says so too, for programs that take all below 0 for a failure.
 */
GLOVEPIPE_API int glovepipe_probabilities(struct glovepipe *model, const char *text, size_t size,
                                          float *probabilities, char *error, size_t error_size);

/* The version of the library that runs, such as "1.0.0"; static. */
GLOVEPIPE_API const char *glovepipe_version(void);

#ifdef __cplusplus
}
#endif

#endif

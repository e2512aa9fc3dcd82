/*
 * explain: which words of a document moved its prediction, and which training samples are like it.
 *
 * Each distinct word of a document (token of tokens.h) is struck out in turn, all its occurrences
 * at once; what is left gets its features as vectorize would make them, to the bit, and the forest
 * votes again. The word's shift is the probability of a class with the word, less that without it:
 * what the word did for the class, all others staying. With a rule, it makes probabilities and
 * answers of all votes, as rf-predict does (rule.h); where there is no answer, it is the most
 * probable class that words speak for or against. Shifts of words that stand for each other
 * are small, and shifts do not add up to the probability.
 *
 * A document that evidence was trained on has its features from models that have not seen it, which
 * know it by its text: without one of its words it would be another text, and be weighed by models
 * that have seen it. So such a document is explained as a text that is new, with all its words and
 * without each of them, by the models that know new texts; that it was trained on is said, and what
 * the forest makes of its features as they are stands beside it.
 *
 * One thread reads chunks of documents, `jobs` threads explain them, the calling thread takes them
 * in order. Time goes by a document's distinct words times its tokens.
 */
#ifndef RUN_EXPLAIN_H
#define RUN_EXPLAIN_H

#include "base/buffer.h"
#include "base/cpu.h"
#include "base/error.h"
#include "decide/rule.h"
#include "run/collection.h"
#include "run/features.h"
#include "run/similar.h"
#include "run/trained.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    EXPLAIN_PREDICTED = UINT32_MAX /* in place of a class: the predicted one, or where there is no
                                      answer the most probable one */
};

struct explained_word {
    uint32_t word;    /* its number in order of appearance */
    uint32_t times;   /* that it occurs */
    uint32_t without; /* the class that is predicted without it, or RULE_NONE */
    double shift;
};

/* What is predicted: the class, or RULE_NONE, the most probable one, and all probabilities. */
struct explained_vote {
    uint32_t predicted, top;
    const double *proba;
};

/* A document explained; good until the next one. */
struct explained {
    uint64_t number; /* of the document among all, from 1 */
    const char *file;
    uint64_t line;
    struct text label; /* where documents are labelled */
    bool trained;      /* evidence was made of it: `vote` is that of a new text, */
    struct explained_vote vote, held_out; /* held_out: of its features as vectorize makes them */
    uint32_t class;                       /* whose probability moves */
    const struct features_document *document;
    const struct explained_word *words; /* those that moved it most first; of equals, the first */
    const struct kin *similar;          /* as many as were asked for; those of 0 trees are none */
};

/* What a run works with; all borrowed. */
struct explain {
    const struct trained *model;
    const struct rule *rule; /* makes answers of votes; NULL: the most probable class is one */
    const struct features *features;
    struct collection *documents;
    enum cpu_level level;
    unsigned jobs;
    uint32_t class;                /* or EXPLAIN_PREDICTED */
    bool wrong_only;               /* explain only documents whose label is not predicted */
    const struct similar *similar; /* NULL: without */
    size_t most_similar;

    /* Puts a document into words, on any thread. */
    void (*spell)(void *context, const struct explained *explained, struct buffer *text);
    /* Takes the words of some documents, on the calling thread, in order. */
    bool (*take)(void *context, struct buffer *text, uint64_t documents, struct error *error);
    void *context;
};

struct explain_totals {
    uint64_t documents, explained;
    uint64_t trained; /* of the explained: evidence was made of them */
    uint64_t words;   /* that were left out */
    struct repairs repairs;
};

/* Status INPUT, SYSTEM, or what `take` set. */
bool explain_run(const struct explain *explain, struct explain_totals *totals, struct error *error);

#endif

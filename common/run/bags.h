/*
 * bags: labelled documents as bags of the terms of some views.
 *
 * One thread reads chunks of documents, `jobs` threads cut them and number their words, the calling
 * thread joins the chunks in order; then the terms are counted, a view on each thread. Memory is
 * linear in distinct terms and in the words of documents, 5 bytes each, all of which are there
 * before runs of several are counted. Where that is short, single words alone are counted as they
 * come, so that it is linear in the terms of each document, and views one after another.
 */
#ifndef RUN_BAGS_H
#define RUN_BAGS_H

#include "base/cpu.h"
#include "base/error.h"
#include "linear/bag.h"
#include "run/collection.h"
#include "run/text_key.h"
#include "text/views.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bags;

/* What a run works with; all borrowed. */
struct bags_source {
    struct collection *documents;
    struct texts_chunk *first; /* of the documents, where it was read before; it is used up */
    bool wanted[VIEW_COUNT];   /* views; of characters one */
    enum cpu_level level;
    unsigned jobs;
    uint64_t most; /* bytes that the bags may take */
    /*
     * Unless NULL, called in the calling thread once, where it seems that they will take more: sets
     * the views that may be given up for that, by what was read so far, of which only VIEW_BIGRAM
     * and the view of characters are there.
     */
    void (*spare)(void *context, const struct bags *bags, bool spared[VIEW_COUNT]);
    void (*progressed)(void *context, uint64_t documents); /* in the calling thread; or NULL */
    void *context;
};

/* Start from `{0}`; owns everything, freed by bags_free; stays where it is once it is filled. */
struct bags {
    struct bag of[VIEW_COUNT]; /* of the wanted views */
    bool spared[VIEW_COUNT];   /* those of which nothing is there, for want of memory */
    struct runs runs;          /* while they are read: words, where none are wanted tokens, */
    struct runs tokens;        /* and tokens, once they are */
    bool apart;                /* from words */
    struct words words;        /* what their terms are made of, all but */
    struct words characters;   /* those of the view of characters */
    struct words labels;       /* in order of appearance */
    uint32_t *label;           /* of each row */
    struct text_key *keys;     /* of each row */
    size_t rows;
    struct repairs repairs;
    size_t label_capacity, keys_capacity;
};

/* Reads all documents, and counts characters. Status INPUT or SYSTEM. */
bool bags_read(const struct bags_source *source, struct bags *bags, struct error *error);

/*
 * Then counts the other wanted views, unless they are spared. `filled`, unless NULL, is called with
 * each when it is counted, on the thread that did, while others are counted; false: memory is out.
 * Status SYSTEM.
 */
bool bags_fill(const struct bags_source *source, struct bags *bags,
               bool (*filled)(void *context, enum view view), void *context, struct error *error);

/* How many bytes of memory they take, without what was not touched. */
uint64_t bags_bytes(const struct bags *bags);

void bags_free(struct bags *bags);

#endif

/*
 * account: what growing trees came to beside the trees: their depth, and which paths it took.
 *
 * Each path is faster than what it stands in for, or leaves work out, and changes no result: that
 * one is never taken would show nowhere else.
 */
#ifndef FOREST_ACCOUNT_H
#define FOREST_ACCOUNT_H

#include <stddef.h>
#include <stdint.h>

enum account_path {
    PATH_CODED,    /* trees whose rows fit codes, which the kernels need */
    PATH_SUBSET,   /* nodes whose rows were ranked anew among themselves */
    PATH_BY_CODE,  /* nodes whose classes were counted by codes */
    PATH_BY_CLASS, /* of these: whose classes have many rows, eight of which were counted at once */
    PATH_PARTED,   /* nodes whose rows a kernel parted */
    PATH_COUNT,    /* nodes searched by counting */
    PATH_BY_ROW,   /* of these: whose ranks were read row by row */
    PATH_SCAN,     /* nodes searched by scanning */
    PATH_LIGHT,    /* of these: light enough for sums in one word */
    PATH_PLACED,   /* of those scanned: whose rows marks of their ranks put in order */
    PATH_COPIED,   /* of those scanned: whose ranks were copied from where they lie row by row */
    PATH_NETWORK,  /* of these: whose rows a sorting network put in order */
    PATH_FEW,      /* of those scanned: as nodes of few classes */
    PATH_RUNNING,  /* features of these whose sums ran several rows at a time */
    PATH_PASSED,   /* features some of whose ranks were passed by, by a bound */
    PATH_AHEAD,    /* features put in order while the one before was scanned */
    PATH_ASKED,    /* features whose ranks were asked for two features before */
    PATH_SETTLED,  /* features passed by, as nothing can be better than what was found */
    PATH_SKIPPED,  /* features passed by, as a bound of their scores is not better */
    PATH_PLAIN,    /* features searched as it is defined */
    PATH_SORTED,   /* of these: those of few rows, put in order by insertion */
    PATH_WIDE,     /* features searched with weights */
    PATH_DRAWN,    /* cuts drawn at random */
    PATH_GATHERED, /* of these: whose values a kernel gathered */
    PATH_ABREAST,  /* nodes whose features were drawn side by side */
    ACCOUNT_PATHS
};

/* Of one tree, or of several. Start from `{0}`. */
struct grow_account {
    uint64_t paths[ACCOUNT_PATHS]; /* how often each was taken */
    uint32_t trees;
    uint32_t depth; /* of the deepest leaf; that of a tree of one leaf is 0 */
};

/* Adds an account to another one. */
void account_add(struct grow_account *sum, const struct grow_account *more);

/* Room for the longest text. */
enum { ACCOUNT_TEXT_SIZE = 2048 };

/* The paths that were taken and how often, in one line; returns `text`. */
const char *account_text(const struct grow_account *account, char text[ACCOUNT_TEXT_SIZE]);

#endif

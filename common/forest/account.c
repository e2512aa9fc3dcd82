/* Counters, and one line of text about them. Nothing here is read while a tree grows. */
#include "forest/account.h"

#include "base/report.h"

#include <stdio.h>

static const char *const names[ACCOUNT_PATHS] = {
    [PATH_CODED] = "trees coded",
    [PATH_SUBSET] = "subsets",
    [PATH_BY_CODE] = "nodes tallied by codes",
    [PATH_BY_CLASS] = "class by class",
    [PATH_PARTED] = "parted",
    [PATH_COUNT] = "counted",
    [PATH_BY_ROW] = "read by row",
    [PATH_SCAN] = "scanned",
    [PATH_LIGHT] = "light",
    [PATH_PLACED] = "by marks",
    [PATH_COPIED] = "copied",
    [PATH_NETWORK] = "by a network",
    [PATH_FEW] = "as few classes",
    [PATH_RUNNING] = "features by sums",
    [PATH_PASSED] = "features in part",
    [PATH_AHEAD] = "ordered ahead",
    [PATH_ASKED] = "asked for before",
    [PATH_SETTLED] = "settled",
    [PATH_SKIPPED] = "skipped",
    [PATH_PLAIN] = "plain",
    [PATH_SORTED] = "sorted",
    [PATH_WIDE] = "wide",
    [PATH_DRAWN] = "drawn",
    [PATH_GATHERED] = "gathered",
    [PATH_ABREAST] = "side by side",
};

void account_add(struct grow_account *sum, const struct grow_account *more)
{
    for (int path = 0; path < ACCOUNT_PATHS; path++)
        sum->paths[path] += more->paths[path];
    sum->trees += more->trees;
    if (more->depth > sum->depth)
        sum->depth = more->depth;
}

const char *account_text(const struct grow_account *account, char text[ACCOUNT_TEXT_SIZE])
{
    size_t at = 0;
    text[0] = 0;
    for (int path = 0; path < ACCOUNT_PATHS; path++) {
        char count[REPORT_COUNT_SIZE];
        if (account->paths[path] && at < ACCOUNT_TEXT_SIZE)
            at += (size_t)snprintf(text + at, ACCOUNT_TEXT_SIZE - at, "%s%s %s", at ? ", " : "",
                                   report_count(account->paths[path], count), names[path]);
    }
    return text;
}

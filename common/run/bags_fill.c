/*
 * Runs of words are counted when all documents are read (linear/runs.h). Views are counted one at a
 * time by each member of a team, those of several words by one, which numbers these first. How much
 * they take is known before they are counted, and looked at.
 */
#include "base/room.h"
#include "par/team.h"
#include "run/bags_count.h"

#include <stdatomic.h>

static const struct runs *runs_of(const struct bags *bags, enum view view)
{
    return view == VIEW_SPACE && bags->apart ? &bags->tokens : &bags->runs;
}

static unsigned longest_of(enum view view)
{
    return 1 + (unsigned)views_reach(view);
}

bool bags_fill_view(struct bags *bags, enum view view, const struct runs_numbers *numbers)
{
    const struct runs *runs = runs_of(bags, view);
    struct runs_numbers own = *numbers;
    own.of[0] = runs->word;
    bags->of[view].words = &bags->words;
    return bag_fill(&bags->of[view], runs, &own, longest_of(view));
}

bool bags_refuse(const struct bags_source *source, const struct bags *bags, bool memory_is_out,
                 uint64_t bytes, struct error *error)
{
    char taken[ROOM_TEXT_SIZE], had[ROOM_TEXT_SIZE];
    room_text((double)bytes, taken);
    if (memory_is_out)
        return error_set(error, STATUS_SYSTEM,
                         "out of memory while counting terms, which take %s after %zu "
                         "documents: use fewer views or documents",
                         taken, bags->rows);
    return error_set(error, STATUS_SYSTEM,
                     "the terms of the first %zu documents take %s, and %s are to be had: use "
                     "fewer views or documents",
                     bags->rows, taken, room_text((double)source->most, had));
}

struct filling {
    const struct bags_source *source;
    struct bags *bags;
    bool (*filled)(void *context, enum view view);
    void *context;
    unsigned longest; /* words of a term */
    uint64_t bytes;   /* with views of single words, before runs are numbered */
    atomic_uint next;
    struct error error; /* of runs of several words */
    atomic_bool failed; /* memory is out */
};

static bool is_filled(const struct filling *filling, enum view view)
{
    return filling->source->wanted[view] && !filling->bags->spared[view];
}

static uint64_t fill_bytes(const struct filling *filling, enum view view,
                           const struct runs_numbers *numbers)
{
    return is_filled(filling, view)
               ? bag_fill_bytes(runs_of(filling->bags, view), numbers, longest_of(view))
               : 0;
}

static bool fill(const struct filling *filling, enum view view, const struct runs_numbers *numbers)
{
    if (!is_filled(filling, view))
        return true;
    return bags_fill_view(filling->bags, view, numbers) &&
           (!filling->filled || filling->filled(filling->context, view));
}

static bool fill_several(struct filling *filling, struct runs_numbers *numbers)
{
    const struct runs *runs = &filling->bags->runs;
    if (filling->longest < 2)
        return true;
    if (!runs_number(runs, numbers->counts[0], filling->longest, numbers))
        return false;
    uint64_t bytes = filling->bytes + runs_numbers_bytes(runs, filling->longest) +
                     fill_bytes(filling, VIEW_BIGRAM, numbers) +
                     fill_bytes(filling, VIEW_TRIGRAM, numbers);
    if (bytes > filling->source->most)
        return !bags_refuse(filling->source, filling->bags, false, bytes, &filling->error);
    return fill(filling, VIEW_BIGRAM, numbers) && fill(filling, VIEW_TRIGRAM, numbers);
}

enum { PIECES = 3 };

static void fill_some(void *shared, unsigned member)
{
    struct filling *filling = shared;
    struct runs_numbers numbers = {.counts = {(uint32_t)filling->bags->words.count}};
    bool done = true;
    (void)member;
    for (unsigned piece; done && (piece = filling->next++) < PIECES;)
        done = piece == 0 ? fill_several(filling, &numbers)
                          : fill(filling, piece == 1 ? VIEW_WORD : VIEW_SPACE, &numbers);
    runs_numbers_free(&numbers);
    if (!done)
        filling->failed = true;
}

bool bags_fill(const struct bags_source *source, struct bags *bags,
               bool (*filled)(void *context, enum view view), void *context, struct error *error)
{
    const struct runs_numbers none = {.counts = {(uint32_t)bags->words.count}};
    struct filling filling = {.source = source,
                              .bags = bags,
                              .filled = filled,
                              .context = context,
                              .longest = bags_longest(source->wanted)};
    filling.bytes = bags_bytes(bags) + fill_bytes(&filling, VIEW_WORD, &none) +
                    fill_bytes(&filling, VIEW_SPACE, &none);
    uint64_t bytes =
        filling.bytes + runs_number_bytes(&bags->runs, none.counts[0], filling.longest);
    if (bytes > source->most)
        return bags_refuse(source, bags, false, bytes, error);
    team_run(source->jobs < PIECES ? source->jobs : PIECES, fill_some, &filling);
    runs_free(&bags->runs);
    runs_free(&bags->tokens);
    if (filling.failed)
        return bags_refuse(source, bags, true, bytes, error);
    *error = filling.error;
    return !error->status;
}

/*
 * Runs of words are counted when all documents are read (linear/runs.h). Views are counted one at a
 * time by each member of a team, those of several words by one, which numbers these first.
 *
 * Where not all of that fits even if no word came twice in a document, views are counted one after
 * another instead: before each step what it takes is known to the entry, and looked at, and
 * tokens are given back when they are counted.
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

/* Of single words, they are the words. */
static struct runs_numbers numbers_of(const struct runs *runs, const struct runs_numbers *numbers)
{
    struct runs_numbers own = *numbers;
    own.of[0] = runs->word;
    return own;
}

uint64_t bags_entries(const struct bags *bags, enum view view, const struct runs_numbers *numbers)
{
    const struct runs *runs = runs_of(bags, view);
    const struct runs_numbers own = numbers_of(runs, numbers);
    return bag_entries(runs, &own, longest_of(view));
}

bool bags_fill_view(struct bags *bags, enum view view, const struct runs_numbers *numbers,
                    uint64_t entries)
{
    const struct runs *runs = runs_of(bags, view);
    const struct runs_numbers own = numbers_of(runs, numbers);
    bags->of[view].words = &bags->words;
    return bag_fill(&bags->of[view], runs, &own, longest_of(view), entries);
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
    bool is_tight;    /* one step after another, looking at what it takes */
    atomic_uint next;
    struct error error; /* where memory is tight */
    atomic_bool failed; /* memory is out */
};

static bool is_filled(const struct filling *filling, enum view view)
{
    return filling->source->wanted[view] && !filling->bags->spared[view];
}

/* Whether there is room for so many bytes more, where that is asked. */
static bool fits(struct filling *filling, uint64_t more)
{
    if (!filling->is_tight)
        return true;
    uint64_t bytes = bags_bytes(filling->bags) + more;
    return bytes <= filling->source->most ||
           bags_refuse(filling->source, filling->bags, false, bytes, &filling->error);
}

/* What filling a view takes more; some of its single words may be there. */
static uint64_t fill_bytes(const struct filling *filling, enum view view,
                           const struct runs_numbers *numbers, uint64_t entries)
{
    struct runs_numbers more = *numbers;
    more.counts[0] -= filling->bags->of[view].count;
    return bag_fill_bytes(runs_of(filling->bags, view), &more, longest_of(view), entries);
}

/* Beside what else there is, which takes `beside` bytes. */
static bool fill(struct filling *filling, enum view view, const struct runs_numbers *numbers,
                 uint64_t beside)
{
    if (!is_filled(filling, view))
        return true;
    uint64_t entries = filling->is_tight
                           ? bags_entries(filling->bags, view, numbers)
                           : bag_entries_most(runs_of(filling->bags, view), longest_of(view));
    return entries != UINT64_MAX &&
           fits(filling, beside + fill_bytes(filling, view, numbers, entries)) &&
           bags_fill_view(filling->bags, view, numbers, entries) &&
           (!filling->filled || filling->filled(filling->context, view));
}

static bool fill_several(struct filling *filling, struct runs_numbers *numbers)
{
    const struct runs *runs = &filling->bags->runs;
    const unsigned longest = filling->longest;
    const uint64_t beside = runs_numbers_bytes(runs, longest);
    if (longest < 2)
        return true;
    return fits(filling, runs_number_bytes(runs, numbers->counts[0], longest)) &&
           runs_number(runs, numbers->counts[0], longest, numbers) &&
           fill(filling, VIEW_BIGRAM, numbers, beside) &&
           fill(filling, VIEW_TRIGRAM, numbers, beside);
}

enum { PIECES = 3 };

static bool fill_piece(struct filling *filling, unsigned piece, struct runs_numbers *numbers)
{
    return piece == 0 ? fill_several(filling, numbers)
                      : fill(filling, piece == 1 ? VIEW_WORD : VIEW_SPACE, numbers, 0);
}

static void fill_some(void *shared, unsigned member)
{
    struct filling *filling = shared;
    struct runs_numbers numbers = {.counts = {(uint32_t)filling->bags->words.count}};
    bool done = true;
    (void)member;
    for (unsigned piece; done && (piece = filling->next++) < PIECES;)
        done = fill_piece(filling, piece, &numbers);
    runs_numbers_free(&numbers);
    if (!done)
        filling->failed = true;
}

/* The other way round: what takes most comes last, when tokens are gone. */
static void fill_in_turn(struct filling *filling)
{
    struct runs_numbers numbers = {.counts = {(uint32_t)filling->bags->words.count}};
    bool done = true;
    for (unsigned piece = PIECES; done && piece-- > 0;) {
        done = fill_piece(filling, piece, &numbers);
        runs_free(&filling->bags->tokens);
    }
    runs_numbers_free(&numbers);
    filling->failed = !done;
}

/* What all of it takes at once if no run of words comes twice. */
static uint64_t most_bytes(const struct filling *filling)
{
    const struct bags *bags = filling->bags;
    const uint32_t words = (uint32_t)bags->words.count;
    const uint32_t places = bags->runs.count < UINT32_MAX ? (uint32_t)bags->runs.count : UINT32_MAX;
    const struct runs_numbers numbers = {.counts = {words, places, places}};
    uint64_t bytes = bags_bytes(bags) + runs_number_bytes(&bags->runs, words, filling->longest);
    for (enum view view = VIEW_SPACE; view < VIEW_COUNT; view++)
        if (!view_is_characters(view) && is_filled(filling, view))
            bytes += fill_bytes(filling, view, &numbers,
                                bag_entries_most(runs_of(bags, view), longest_of(view)));
    return bytes;
}

bool bags_fill(const struct bags_source *source, struct bags *bags,
               bool (*filled)(void *context, enum view view), void *context, struct error *error)
{
    struct filling filling = {.source = source,
                              .bags = bags,
                              .filled = filled,
                              .context = context,
                              .longest = bags_longest(source->wanted, bags->spared)};
    filling.is_tight = most_bytes(&filling) > source->most;
    if (filling.is_tight)
        fill_in_turn(&filling);
    else
        team_run(source->jobs < PIECES ? source->jobs : PIECES, fill_some, &filling);
    uint64_t bytes = bags_bytes(bags);
    runs_free(&bags->runs);
    runs_free(&bags->tokens);
    *error = filling.error;
    if (filling.failed && !error->status)
        return bags_refuse(source, bags, true, bytes, error);
    return !filling.failed;
}

/*
 * The data is a chain of stretches: the reader's, and those that helpers are at. Each ends where
 * the next begins; the last has no end as yet. A helper that finds no other work looks for the
 * begin of a block, some way behind the begin of the last stretch, and makes it a new one, if
 * the last one has not been taken beyond it meanwhile: `given` says how far. So the reader never
 * searches: where nobody helps, it goes through all of the data. It waits for a helper only where
 * that is at the very stretch it comes to, and helpers keep off that when the reader is close.
 *
 * A helper does not know what stands before its stretch, and inflates it twice (marks.h). The
 * reader knows, when it comes to the end of its own stretch. If it stands between two blocks just
 * there, the begin was one; then it turns what the helpers did into what is true, and goes on with
 * their inflater, at full speed. So helpers work at half the speed, or less, and with n of them
 * the data is read in 2 / (2 + n) of the time at best.
 *
 * A byte that a helper inflates costs twice the time of one of the reader's, so helping pays only
 * where a processor would be idle: a helper that had to wait for one tells all to pause.
 *
 * A stretch lives in a slot. The slots are as many as there are helpers, and one, and each has
 * room for some bytes; a helper that has filled all of them has no work. Memory is bounded by that.
 *
 * `lock` guards the chain and the states of the slots. A slot's content belongs to the helper that
 * set it to BUSY, and to the reader from when it found it to be IDLE.
 */
#include "input/ahead.h"

#include "input/begin.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    STEP = 64 * 1024,    /* bytes that a helper gives at a time */
    PORTION = 64 * 1024, /* packed bytes that it may take for them */
    SEARCH = 16 * 1024,  /* bytes that are searched for a begin at a time */
    LEAST_PAUSE = 8,     /* times as long as a helper waited for a processor, nobody helps */
    MOST_PAUSE = 256,
    SOON = 10 * 1000 * 1000, /* ns: when a helper waits again so soon, twice as long */
    SEARCHES = 64            /* in vain, until no more are looked for */
};

/* A stretch of the chain. */
struct link {
    uint64_t begin, end; /* bits of the data; `end` is UINT64_MAX for the last */
    uint64_t given;      /* bytes of the data that its inflater may have taken */
};

enum slot_state {
    SLOT_FREE,
    SLOT_IDLE,
    SLOT_BUSY,
    SLOT_DROPPED /* busy, and free when whoever is at it is done */
};

struct slot {
    enum slot_state state;
    struct link link;
    struct stretch stretch;
    unsigned char *a, *b; /* what it gave from the two windows */
    size_t size;          /* of each */
};

struct ahead {
    struct packed packed;
    size_t stretch_size, room;

    pthread_mutex_t lock;
    pthread_cond_t rested; /* the reader waits for a slot that is not BUSY */
    struct link reader;
    size_t *chain; /* numbers of the slots behind the reader's stretch, in order */
    size_t chained;
    bool searching; /* a helper is at it */
    int pieces;     /* that were searched in vain since the last begin */
    uint64_t piece; /* where there are such: the bit behind the last one */
    bool exhausted; /* there are no more begins to be found */
    bool stopped;
    uint64_t paused_until; /* in ns */
    unsigned pause;        /* LEAST_PAUSE to MOST_PAUSE */
    struct slot *slots;
    size_t count;

    /* The reader's. */
    struct slot *taken; /* whose bytes it gives */
    size_t taken_at;
    struct marks marks; /* for these */
    marks_resolve *resolve;
    unsigned char window[INFLATE_WINDOW]; /* the last bytes that were given, the last at its end */
    size_t window_size;                   /* how many of it there are */

    unsigned char search[SEARCH + BEGIN_PADDING]; /* the searching helper's */
};

/* ---- the chain ---- */

static struct slot *chained_slot(const struct ahead *ahead, size_t i)
{
    return &ahead->slots[ahead->chain[i]];
}

static struct link *last_link(struct ahead *ahead)
{
    return ahead->chained ? &chained_slot(ahead, ahead->chained - 1)->link : &ahead->reader;
}

/* How many bytes from `position` on may be taken; they count as given. */
static size_t allow(struct link *link, uint64_t position, size_t wanted)
{
    uint64_t left = stretch_byte_of(link->end) - position;
    size_t size = left < wanted ? (size_t)left : wanted;
    if (position + size > link->given)
        link->given = position + size;
    return size;
}

/* The reader is close to the end of its stretch, and must not find the next one BUSY. */
static bool is_close(const struct ahead *ahead)
{
    return ahead->reader.given == stretch_byte_of(ahead->reader.end);
}

/* The first slot that a helper may go on with, or NULL. */
static struct slot *find_work(struct ahead *ahead)
{
    for (size_t i = is_close(ahead); i < ahead->chained; i++) {
        struct slot *slot = chained_slot(ahead, i);
        if (slot->state == SLOT_IDLE && slot->stretch.state == STRETCH_MORE &&
            slot->size < ahead->room)
            return slot;
    }
    return NULL;
}

static struct slot *find_free(struct ahead *ahead)
{
    for (size_t i = 0; i < ahead->count; i++)
        if (ahead->slots[i].state == SLOT_FREE)
            return &ahead->slots[i];
    return NULL;
}

/* ---- searching ---- */

/*
 * Looks in one piece of the data for the begin of a block, from bit `from` of the data on. Where
 * there is none, `*next` is where to look then, or UINT64_MAX at the end.
 */
static bool find_begin(struct ahead *ahead, uint64_t from, uint64_t *begin, uint64_t *next)
{
    uint64_t byte = from / 8;
    size_t got = packed_read(&ahead->packed, byte, ahead->search, SEARCH);
    memset(ahead->search + got, 0, BEGIN_PADDING);
    if (begin_find(ahead->search, got, from % 8, begin)) {
        *begin += 8 * byte;
        return true;
    }
    /* A header may have been cut. */
    *next = got < SEARCH ? UINT64_MAX : 8 * (byte + SEARCH - BEGIN_HEADER);
    return false;
}

/* Makes `slot` the end of the chain, unless the data has been taken beyond it meanwhile. */
static void append(struct ahead *ahead, struct slot *slot, uint64_t begin)
{
    struct link *last = last_link(ahead);
    slot->state = SLOT_FREE;
    if (8 * last->given > begin || ahead->stopped)
        return;
    last->end = begin;
    slot->link = (struct link){.begin = begin, .end = UINT64_MAX, .given = slot->stretch.at};
    slot->size = 0;
    slot->state = SLOT_IDLE;
    ahead->chain[ahead->chained++] = (size_t)(slot - ahead->slots);
}

/* Where to search: some way behind what the last stretch has taken, or on from the last piece. */
static uint64_t search_from(struct ahead *ahead)
{
    uint64_t least = 8 * (last_link(ahead)->given + ahead->stretch_size);
    return ahead->pieces && ahead->piece > least ? ahead->piece : least;
}

/* With the lock, which is released while it searches one piece. */
static void search(struct ahead *ahead, struct slot *slot)
{
    uint64_t from = search_from(ahead), begin, next = UINT64_MAX;
    slot->state = SLOT_BUSY;
    ahead->searching = true;
    pthread_mutex_unlock(&ahead->lock);
    bool found = find_begin(ahead, from, &begin, &next);
    if (found)
        stretch_start(&slot->stretch, begin);
    pthread_mutex_lock(&ahead->lock);
    ahead->searching = false;
    ahead->piece = next;
    ahead->pieces = found ? 0 : ahead->pieces + 1;
    ahead->exhausted = !found && (next == UINT64_MAX || ahead->pieces == SEARCHES);
    if (found)
        append(ahead, slot, begin);
    else
        slot->state = SLOT_FREE;
}

/* ---- not in the way of others ---- */

static uint64_t nanoseconds(clockid_t clock)
{
    struct timespec time = {0};
    clock_gettime(clock, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* When a helper began, by the clock and by what it had of a processor. */
struct start {
    uint64_t clock, used;
};

static struct start start_now(void)
{
    return (struct start){nanoseconds(CLOCK_MONOTONIC), nanoseconds(CLOCK_THREAD_CPUTIME_ID)};
}

/* With the lock. A helper that had to wait for a processor took it from somebody else, too. */
static void give_way(struct ahead *ahead, struct start start)
{
    struct start end = start_now();
    uint64_t passed = end.clock - start.clock, used = end.used - start.used;
    if (passed <= 2 * used)
        return;
    bool again = ahead->paused_until && end.clock < ahead->paused_until + passed + SOON;
    if (!again)
        ahead->pause = LEAST_PAUSE;
    else if (ahead->pause < MOST_PAUSE)
        ahead->pause *= 2;
    ahead->paused_until = end.clock + ahead->pause * (passed - used);
}

/* ---- helping ---- */

/* With the lock, which is released while it inflates. */
static void go_on(struct ahead *ahead, struct slot *slot)
{
    struct stretch *stretch = &slot->stretch;
    size_t room = ahead->room - slot->size;
    uint64_t limit = stretch->at + allow(&slot->link, stretch->at, PORTION);
    uint64_t end = slot->link.end;
    struct start start = start_now();
    slot->state = SLOT_BUSY;
    pthread_mutex_unlock(&ahead->lock);
    size_t got = stretch_guess(stretch, limit, end, slot->a + slot->size, slot->b + slot->size,
                               room < STEP ? room : STEP);
    pthread_mutex_lock(&ahead->lock);
    slot->size += got;
    slot->state = slot->state == SLOT_DROPPED ? SLOT_FREE : SLOT_IDLE;
    pthread_cond_signal(&ahead->rested);
    give_way(ahead, start);
}

bool ahead_help(struct ahead *ahead)
{
    pthread_mutex_lock(&ahead->lock);
    bool paused = ahead->paused_until && nanoseconds(CLOCK_MONOTONIC) < ahead->paused_until;
    struct slot *slot = paused ? NULL : find_work(ahead);
    bool helps = slot;
    if (slot) {
        go_on(ahead, slot);
    } else if (!paused && !ahead->searching && !ahead->exhausted && !ahead->stopped &&
               (slot = find_free(ahead))) {
        search(ahead, slot);
        helps = true;
    }
    pthread_mutex_unlock(&ahead->lock);
    return helps;
}

/* ---- reading ---- */

size_t ahead_allow(struct ahead *ahead, uint64_t position, size_t available)
{
    pthread_mutex_lock(&ahead->lock);
    size_t size = allow(&ahead->reader, position, available);
    pthread_mutex_unlock(&ahead->lock);
    return size;
}

static void wait_until_idle(struct ahead *ahead, const struct slot *slot)
{
    while (slot->state == SLOT_BUSY)
        pthread_cond_wait(&ahead->rested, &ahead->lock);
}

/* The reader goes on by itself. */
static void drop_chain(struct ahead *ahead)
{
    for (size_t i = 0; i < ahead->chained; i++) {
        struct slot *slot = chained_slot(ahead, i);
        slot->state = slot->state == SLOT_BUSY ? SLOT_DROPPED : SLOT_FREE;
    }
    ahead->chained = 0;
    ahead->reader.end = UINT64_MAX;
}

/* Whether the first of the chain can take the place of `inflater`, which came to its begin. */
static bool settle(struct ahead *ahead, struct slot *slot, const struct inflater *inflater,
                   uint64_t position)
{
    unsigned bits;
    if (!inflater->between(inflater, &bits) || 8 * position - bits != slot->link.begin ||
        slot->stretch.state == STRETCH_FAILED || ahead->window_size < INFLATE_WINDOW)
        return false;
    marks_learn(&ahead->marks, ahead->window);
    return stretch_settle(&slot->stretch, &ahead->marks);
}

/* The first of the chain becomes the reader's. */
static void shift_chain(struct ahead *ahead)
{
    ahead->taken = chained_slot(ahead, 0);
    ahead->taken_at = 0;
    ahead->reader = ahead->taken->link;
    ahead->taken->state = SLOT_BUSY;
    memmove(ahead->chain, ahead->chain + 1, --ahead->chained * sizeof *ahead->chain);
}

void ahead_cross(struct ahead *ahead, struct inflater **inflater, uint64_t *position)
{
    pthread_mutex_lock(&ahead->lock);
    struct slot *slot = chained_slot(ahead, 0);
    wait_until_idle(ahead, slot);
    if (settle(ahead, slot, *inflater, *position)) {
        struct inflater *before = *inflater;
        *inflater = slot->stretch.inflater;
        slot->stretch.inflater = before;
        *position = stretch_position(&slot->stretch);
        shift_chain(ahead);
    } else {
        drop_chain(ahead);
    }
    pthread_mutex_unlock(&ahead->lock);
}

void ahead_stop(struct ahead *ahead)
{
    pthread_mutex_lock(&ahead->lock);
    ahead->stopped = true;
    drop_chain(ahead);
    pthread_mutex_unlock(&ahead->lock);
}

size_t ahead_give(struct ahead *ahead, unsigned char *to, size_t room)
{
    struct slot *slot = ahead->taken;
    if (!slot)
        return 0;
    size_t left = slot->size - ahead->taken_at, size = left < room ? left : room;
    ahead->resolve(&ahead->marks, slot->a + ahead->taken_at, slot->b + ahead->taken_at, to, size);
    ahead->taken_at += size;
    if (size == left) {
        pthread_mutex_lock(&ahead->lock);
        slot->state = SLOT_FREE;
        pthread_mutex_unlock(&ahead->lock);
        ahead->taken = NULL;
    }
    return size;
}

void ahead_remember(struct ahead *ahead, const unsigned char *bytes, size_t size)
{
    unsigned char *window = ahead->window;
    size_t kept = size < INFLATE_WINDOW ? INFLATE_WINDOW - size : 0, fresh = INFLATE_WINDOW - kept;
    memmove(window, window + fresh, kept);
    memcpy(window + kept, bytes + size - fresh, fresh);
    if (ahead->window_size < INFLATE_WINDOW)
        ahead->window_size += fresh;
}

/* ---- opening and closing ---- */

static bool prepare(struct ahead *ahead, const struct inflater *kind)
{
    ahead->slots = calloc(ahead->count, sizeof *ahead->slots);
    ahead->chain = calloc(ahead->count, sizeof *ahead->chain);
    if (!ahead->slots || !ahead->chain)
        return false;
    for (size_t i = 0; i < ahead->count; i++) {
        struct slot *slot = &ahead->slots[i];
        slot->a = malloc(ahead->room);
        slot->b = malloc(ahead->room);
        if (!stretch_init(&slot->stretch, &ahead->packed, kind) || !slot->a || !slot->b)
            return false;
    }
    return true;
}

struct ahead *ahead_open(const struct packed *packed, struct inflater *inflater, unsigned helpers,
                         size_t stretch)
{
    struct ahead *ahead = calloc(1, sizeof *ahead);
    if (!ahead)
        return NULL;
    ahead->packed = *packed;
    ahead->stretch_size = ahead->room = stretch;
    ahead->count = (helpers < AHEAD_MOST_HELPERS ? helpers : AHEAD_MOST_HELPERS) + 1;
    ahead->reader.end = UINT64_MAX;
    ahead->resolve = marks_kernel_of(cpu_level());
    pthread_mutex_init(&ahead->lock, NULL);
    pthread_cond_init(&ahead->rested, NULL);
    if (prepare(ahead, inflater) && inflater->enter(inflater, 0, 0, NULL))
        return ahead;
    ahead_close(ahead);
    return NULL;
}

void ahead_close(struct ahead *ahead)
{
    if (!ahead)
        return;
    for (size_t i = 0; ahead->slots && i < ahead->count; i++) {
        free(ahead->slots[i].a);
        free(ahead->slots[i].b);
        stretch_free(&ahead->slots[i].stretch);
    }
    pthread_mutex_destroy(&ahead->lock);
    pthread_cond_destroy(&ahead->rested);
    free(ahead->slots);
    free(ahead->chain);
    free(ahead);
}

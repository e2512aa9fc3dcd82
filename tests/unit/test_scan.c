/*
 * The kernels that scan a node, in memory behind which there is nothing: what reads beyond a
 * bitmap of ranks, or a row, ends the test. Cuts are held to one after another, counted anew.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "base/random.h"
#include "forest/kernels.h"

#include "helpers.h"

#include <sys/mman.h>

/* ---- memory ---- */

/* Zeros, and behind them a page that can be neither read nor written. */
struct walled {
    char *map;
    size_t size;
};

static void *walled_make(struct walled *walled, size_t size)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), whole = (size + page - 1) / page * page;
    walled->size = whole + page;
    walled->map =
        mmap(NULL, walled->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(walled->map != MAP_FAILED);
    assert_int_equal(mprotect(walled->map + whole, page, PROT_NONE), 0);
    return walled->map + whole - size;
}

/* ---- a node ---- */

/* Some rows of a view, class by class, which a feature tells apart the better the fewer of them
   changed places. */
struct setting {
    uint32_t ranks, count, classes, heaviest, least, changed;
    bool sparse;
};

enum { WALLS = 21 };

struct place {
    struct setting setting;
    struct walled walls[WALLS];
    int used;
    uint32_t *rows, *total, *classes, *end;
    uint16_t *rank, *codes; /* by row of the view; by place in the node */
    uint8_t *few;
    struct ranks_scratch marks[2];
    struct scan_node node;
};

static void *take(struct place *place, size_t count, size_t size)
{
    assert_true(place->used < WALLS);
    return walled_make(&place->walls[place->used++], count * size);
}

/* As much as narrow.c has. */
static void make_room(struct place *p)
{
    const size_t ranks = p->setting.ranks, count = p->setting.count, beyond = ranks + LANES_MOST;
    p->rank = take(p, ranks, sizeof *p->rank);
    p->rows = take(p, count, sizeof *p->rows);
    p->codes = take(p, count, sizeof *p->codes);
    p->few = take(p, count, sizeof *p->few);
    p->total = take(p, p->setting.classes, sizeof *p->total);
    p->classes = take(p, p->setting.classes, sizeof *p->classes);
    p->end = take(p, p->setting.classes, sizeof *p->end);
    p->node.by_class = take(p, p->setting.classes, sizeof *p->node.by_class);
    p->node.slots = take(p, beyond, sizeof *p->node.slots);
    p->node.sorted = take(p, beyond, sizeof *p->node.sorted);
    p->node.few_sorted = take(p, beyond, sizeof *p->node.few_sorted);
    p->node.few_slots = take(p, beyond, sizeof *p->node.few_slots);
    p->node.adds = take(p, count, sizeof *p->node.adds);
    p->node.number = take(p, count + LANES_MOST, sizeof *p->node.number);
    for (int i = 0; i < 2; i++) {
        p->marks[i].taken = take(p, ranks_words(p->setting.ranks), sizeof *p->marks[i].taken);
        p->marks[i].before = take(p, ranks_words(p->setting.ranks), sizeof *p->marks[i].before);
        p->marks[i].rank = take(p, ranks, sizeof *p->marks[i].rank);
    }
}

static void draw_ranks(struct place *p, struct random *random)
{
    const uint32_t ranks = p->setting.ranks;
    for (uint32_t row = 0; row < ranks; row++)
        p->rank[row] = (uint16_t)row;
    for (uint32_t i = 0; i < p->setting.changed; i++) {
        uint16_t *one = &p->rank[random_below(random, ranks)];
        uint16_t *other = &p->rank[random_below(random, ranks)];
        const uint16_t rank = *one;
        *one = *other;
        *other = rank;
    }
}

static void draw_rows(struct place *p, struct random *random)
{
    const struct setting *s = &p->setting;
    for (uint32_t row = 0, at = 0; at < s->count; row++) {
        if (random_below(random, s->ranks - row) >= s->count - at)
            continue;
        const uint32_t class = (uint32_t)((uint64_t)at * s->classes / s->count);
        const uint32_t weight = 1 + random_below(random, s->heaviest);
        p->rows[at] = row;
        p->codes[at] = code_of(class, weight);
        p->few[at] = (uint8_t)p->codes[at]; /* of up to 16 classes */
        p->total[class] += weight;
        p->end[class] = ++at;
    }
}

static struct place *place_make(const struct setting *setting, uint64_t seed)
{
    struct random random = random_keyed(seed, setting->ranks);
    struct place *p = calloc(1, sizeof *p);
    assert_non_null(p);
    p->setting = *setting;
    make_room(p);
    draw_ranks(p, &random);
    draw_rows(p, &random);
    struct scan_node *node = &p->node;
    for (uint32_t class = 0; class < setting->classes; class ++) {
        p->classes[class] = class;
        node->whole.weight += p->total[class];
        node->whole.squares += (double)p->total[class] * p->total[class];
    }
    node->rows = p->rows;
    node->count = setting->count;
    node->least = setting->least;
    node->codes = p->codes;
    node->total = p->total;
    node->classes = p->classes;
    node->end = p->end;
    node->class_count = setting->classes;
    node->marks = &p->marks[0];
    node->marks_ahead = &p->marks[1];
    node->taken = p->marks[0].taken;
    node->ranks = setting->ranks;
    node->sparse = setting->sparse;
    node->few = p->few;
    return p;
}

static void place_free(struct place *p)
{
    while (p->used-- > 0)
        assert_int_equal(munmap(p->walls[p->used].map, p->walls[p->used].size), 0);
    free(p);
}

/* ---- cuts, one after another ---- */

/* Gini's proxy of the cut right above a rank; fewer rows than wanted on a side: no cut. */
static double score_above(const struct place *p, uint32_t rank)
{
    uint64_t sides[2][CODE_MAX_CLASSES] = {{0}}, weights[2] = {0}, sums[2] = {0};
    uint32_t rows[2] = {0};
    for (uint32_t i = 0; i < p->setting.count; i++) {
        const bool right = p->rank[p->rows[i]] > rank;
        rows[right]++;
        sides[right][code_class(p->codes[i])] += code_weight(p->codes[i]);
        weights[right] += code_weight(p->codes[i]);
    }
    if (rows[0] < p->setting.least || rows[1] < p->setting.least || !rows[0] || !rows[1])
        return -INFINITY;
    for (int side = 0; side < 2; side++)
        for (uint32_t class = 0; class < p->setting.classes; class ++)
            sums[side] += sides[side][class] * sides[side][class];
    volatile double left = (double)sums[0] * (double)weights[1];
    volatile double right = (double)sums[1] * (double)weights[0];
    return (left + right) / (double)(weights[0] * weights[1]);
}

static struct found try_everything(const struct place *p)
{
    struct found best = {.score = -INFINITY, .above = UINT32_MAX};
    for (uint32_t i = 0; i < p->setting.count; i++) {
        const uint32_t rank = p->rank[p->rows[i]];
        const double score = score_above(p, rank);
        if (score > best.score || (score == best.score && rank < best.below))
            best = (struct found){score, rank, 0};
    }
    best.above = UINT32_MAX;
    for (uint32_t i = 0; i < p->setting.count; i++) {
        const uint32_t rank = p->rank[p->rows[i]];
        best.above = rank > best.below && rank < best.above ? rank : best.above;
    }
    return best;
}

/* ---- the kernels ---- */

static void check_found(const struct found *wanted, const struct found *found)
{
    assert_true(found->score == wanted->score);
    if (wanted->score == -INFINITY)
        return;
    assert_int_equal(found->below, wanted->below);
    assert_int_equal(found->above, wanted->above);
}

/* One feature twice over, the second time perhaps prepared by the first. Returns whether some of it
   was passed by. */
static bool check_few(const struct kernels *kernels, const struct setting *setting, uint64_t seed,
                      const struct found *wanted)
{
    struct place *p = place_make(setting, seed);
    const struct rank_column column = {.rank = p->rank, .present = setting->ranks};
    p->node.taken = p->node.marks->taken;
    for (int round = 0; round < 2; round++) {
        struct found found = {.score = -INFINITY};
        assert_true(kernels->few(&p->node, &column, round ? NULL : &column, &found));
        check_found(wanted, &found);
    }
    const bool passed = p->node.passed;
    place_free(p);
    return passed;
}

/* The rows by themselves, numbered anew, their ranks as they are. */
static struct place *place_copied(const struct setting *setting, uint64_t seed,
                                  struct rank_column *column)
{
    struct place *p = place_make(setting, seed);
    uint16_t *copied = take(p, setting->count, sizeof *copied);
    for (uint32_t i = 0; i < setting->count; i++) {
        copied[i] = p->rank[p->rows[i]];
        p->rows[i] = i;
    }
    p->node.few = NULL;
    *column = (struct rank_column){.rank = copied, .present = setting->ranks};
    return p;
}

static bool scan_copied(const struct kernels *kernels, struct place *p,
                        const struct rank_column *column, struct found *found)
{
    return (kernels->copied ? kernels->copied : kernels->scan)(&p->node, column, found);
}

static void check_copied(const struct kernels *kernels, const struct setting *setting,
                         uint64_t seed, const struct found *wanted)
{
    struct rank_column column;
    struct found found = {.score = -INFINITY};
    struct place *p = place_copied(setting, seed, &column);
    assert_true(scan_copied(kernels, p, &column, &found));
    check_found(wanted, &found);
    place_free(p);
}

/* At each level. Returns how many features were passed by in part. */
static unsigned check_setting(struct setting setting, uint64_t seed)
{
    unsigned passed = 0;
    struct place *p = place_make(&setting, seed);
    const struct found wanted = try_everything(p);
    place_free(p);
    EACH_LEVEL (level) {
        const struct kernels *kernels = kernels_of(level);
        struct found found = {.score = -INFINITY};
        p = place_make(&setting, seed);
        p->node.few = NULL;
        const struct rank_column column = {.rank = p->rank, .present = setting.ranks};
        assert_true(kernels->scan(&p->node, &column, &found));
        check_found(&wanted, &found);
        passed += p->node.passed;
        place_free(p);
        if (setting.count <= SCAN_COPIED)
            check_copied(kernels, &setting, seed, &wanted);
        if (kernels->few && setting.classes <= FEW_CLASSES)
            passed += check_few(kernels, &setting, seed, &wanted);
    }
    return passed;
}

static void test_all_rows_of_a_view(void **state)
{
    (void)state;
    for (uint32_t seed = 0; seed < 64; seed++)
        check_setting((struct setting){.ranks = 2 + 5 * seed,
                                       .count = 2 + 5 * seed,
                                       .classes = 1 + seed % 20,
                                       .heaviest = 1 + seed % CODE_MAX_WEIGHT,
                                       .least = 1 + seed % 3,
                                       .changed = seed * seed % 300,
                                       .sparse = seed % 2},
                      seed);
}

static void test_some_rows_of_a_view(void **state)
{
    (void)state;
    for (uint32_t seed = 0; seed < 64; seed++)
        check_setting((struct setting){.ranks = 40 + 64 * seed,
                                       .count = 20 + 9 * seed,
                                       .classes = 2 + seed % 16,
                                       .heaviest = 3,
                                       .least = 1 + seed % 12,
                                       .changed = 20 * seed,
                                       .sparse = seed % 2},
                      seed);
}

/* A run of ranks that is scanned alone, too few rows of the node for a cut in it: rows of no
   weight, which fill its last block, repeat the sums of its last one. */
static void test_least_rows_of_runs(void **state)
{
    (void)state;
    unsigned passed = 0;
    for (uint32_t seed = 0; seed < 480; seed++) {
        const uint32_t count = 256 + 9 * (seed % 40);
        passed += check_setting((struct setting){.ranks = count + count / (1 + seed % 5),
                                                 .count = count,
                                                 .classes = 2 + seed % 5,
                                                 .heaviest = 1 + seed % 4,
                                                 .least = 1 + seed % 48,
                                                 .changed = 30 + seed},
                                seed);
        /* So many that a stretch's end is no cut, often. */
        passed += check_setting((struct setting){.ranks = count + count / (1 + seed % 5),
                                                 .count = count,
                                                 .classes = 2 + seed % 5,
                                                 .heaviest = 1 + seed % 4,
                                                 .least = count * (20 + seed % 28) / 100,
                                                 .changed = 30 + seed},
                                seed);
    }
    assert_in_range(passed, 1, UINT32_MAX);
}

/* The code at each place is that of the row with so many lower ranks; each has a class of its own.
 */
static void check_order(enum cpu_level level, uint32_t count, uint32_t ranks)
{
    const struct setting setting = {.ranks = ranks,
                                    .count = count,
                                    .classes = count,
                                    .heaviest = CODE_MAX_WEIGHT,
                                    .least = 1,
                                    .changed = 3 * count,
                                    .sparse = true};
    struct rank_column column;
    struct found found = {.score = -INFINITY};
    struct place *p = place_copied(&setting, count, &column);
    const uint16_t *rank = column.rank;
    assert_true(scan_copied(kernels_of(level), p, &column, &found));
    for (uint32_t i = 0; i < count; i++) {
        uint32_t lower = 0;
        for (uint32_t k = 0; k < count; k++)
            lower += rank[k] < rank[i];
        assert_int_equal(p->node.sorted[lower], p->codes[i]);
    }
    place_free(p);
}

/* The portable scan puts in order only what may have the best cut. */
static void test_order_of_copied_ranks(void **state)
{
    (void)state;
    if (cpu_level() < CPU_AVX2)
        skip();
    for (enum cpu_level level = CPU_AVX2; level <= cpu_level(); level = level + 1)
        for (uint32_t count = 2; count <= SCAN_COPIED; count++)
            if (count % 64 < 2 || count % 64 > 62 || count % 23 == 0) {
                check_order(level, count, count + 3 * (count % 50));
                check_order(level, count, UINT16_MAX + 1);
            }
}

/* Ranks that are no further apart than the span do not vary. */
static void test_span_of_copied_ranks(void **state)
{
    (void)state;
    const struct setting setting = {
        .ranks = 300, .count = 150, .classes = 2, .heaviest = 1, .least = 1, .sparse = true};
    EACH_LEVEL (level) {
        struct rank_column column;
        struct place *p = place_copied(&setting, 3, &column);
        uint16_t *ranks = (uint16_t *)column.rank;
        for (uint32_t i = 0; i < setting.count; i++)
            ranks[i] = (uint16_t)(20 + setting.count - i);
        for (column.span = setting.count - 2; column.span <= setting.count; column.span++) {
            struct found found = {.score = -INFINITY};
            assert_int_equal(scan_copied(kernels_of(level), p, &column, &found),
                             column.span < setting.count - 1);
        }
        place_free(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_rows_of_a_view),   cmocka_unit_test(test_some_rows_of_a_view),
        cmocka_unit_test(test_least_rows_of_runs),   cmocka_unit_test(test_order_of_copied_ranks),
        cmocka_unit_test(test_span_of_copied_ranks),
    };
    return RUN_TESTS("scan", tests);
}

/* Walking: rounds of many samples beside a walk of each alone, and kernels beside each other. */
#include "vote/walk.h"

#include "base/cpu.h"
#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 260, NODES = 4000 };

/* ---- trees and samples to try ---- */

static uint32_t random_key(struct random *random)
{
    return packed_key((float)random_below(random, 41) - 20); /* few, so that they are often equal */
}

/* A tree of at most NODES nodes, of which one in `leaves` is a leaf while there is room. */
static void fill_nodes(struct packed_node *nodes, uint32_t dim, unsigned bits, uint32_t leaves,
                       struct random *random)
{
    uint32_t end = 2, code = 0;
    nodes[1] = (struct packed_node){PACKED_LEAF, 2u << bits};
    for (uint32_t place = 0; place < end; place++) {
        if (place == 1)
            continue;
        if (end + 2 > NODES || random_below(random, leaves) == 0) {
            nodes[place] = (struct packed_node){PACKED_LEAF | code++, (place + 1) << bits};
            continue;
        }
        const uint32_t where = (end + 1) << bits | random_below(random, dim);
        nodes[place] = (struct packed_node){random_key(random), where};
        end += 2;
    }
}

/* What a kernel leaves, with a mark behind it that must stay. */
struct left {
    uint32_t codes[MOST + 1], places[MOST + WALK_ROOM], rows[MOST + WALK_ROOM];
};

static struct walk walk_with(const struct walk *walk, struct left *left, size_t samples)
{
    struct walk with = *walk;
    memset(left, 0x55, sizeof *left);
    with.codes = left->codes;
    with.places = left->places;
    with.rows = left->rows;
    with.codes[samples] = 12345;
    return with;
}

/* ---- tests ---- */

/* Walks to the end in rounds; after each one, the kernel must have left what the portable did. */
static void check_rounds(const struct walk *walk, const struct walk_kernel *kernel, size_t samples,
                         size_t count, uint32_t steps)
{
    static struct left expected, got;
    struct walk portable = walk_with(walk, &expected, samples);
    struct walk tried = walk_with(walk, &got, samples);
    size_t before = count;
    for (bool fresh = true; before; fresh = false) {
        size_t left = walk_portable.round(&portable, before, steps, fresh);
        assert_int_equal(kernel->round(&tried, before, steps, fresh), left);
        assert_memory_equal(got.codes, expected.codes, sizeof got.codes);
        assert_memory_equal(got.places, expected.places, left * sizeof *got.places);
        assert_memory_equal(got.rows, expected.rows, left * sizeof *got.rows);
        before = left;
    }
    for (size_t i = 0; i < count; i++) {
        const uint32_t row = walk->fresh[i];
        assert_int_equal(got.codes[row], walk_one(walk, walk->keys + row * walk->dim));
    }
    assert_int_equal(got.codes[samples], 12345);
}

/* All of `samples`, and two of three, with the last and without. */
static void check_samples(const struct walk *walk, const struct walk_kernel *kernel, size_t samples,
                          uint32_t steps)
{
    uint32_t fresh[MOST];
    struct walk some = *walk;
    some.fresh = fresh;
    for (uint32_t skipped = 0; skipped < 4; skipped++) {
        size_t count = 0;
        for (uint32_t row = 0; row < samples; row++)
            if (skipped == 3 || row % 3 != skipped)
                fresh[count++] = row;
        if (count)
            check_rounds(&some, kernel, samples, count, steps);
    }
}

static void check_kernel(const struct walk_kernel *kernel, uint32_t dim, uint32_t leaves)
{
    static const size_t counts[] = {1, 2, 15, 16, 17, 63, 64, 65, 128, 200, MOST};
    static const uint32_t steps[] = {1, 3, 4, 5, 9};
    static struct packed_node nodes[NODES];
    struct random random = random_keyed(dim, leaves);
    struct walk_account account = {0};
    struct walk walk = {.nodes = nodes, .dim = dim, .account = &account};
    while (UINT32_C(1) << walk.feature_bits < dim)
        walk.feature_bits++;
    walk.feature_mask = (UINT32_C(1) << walk.feature_bits) - 1;
    fill_nodes(nodes, dim, walk.feature_bits, leaves, &random);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        size_t values = counts[i] * dim; /* to the byte, so that a sanitizer sees what is beyond */
        uint32_t *keys = malloc(values * sizeof *keys);
        for (size_t j = 0; j < values; j++)
            keys[j] = random_key(&random);
        walk.keys = keys;
        for (size_t j = 0; j < sizeof steps / sizeof steps[0]; j++)
            check_samples(&walk, kernel, counts[i], steps[j]);
        free(keys);
    }
}

static void check_everywhere(const struct walk_kernel *kernel)
{
    static const uint32_t dims[] = {1, 2, 3, 50, 256, 300}, leaves[] = {1, 2, 3, 8, 1000};
    for (size_t i = 0; i < sizeof dims / sizeof dims[0]; i++)
        for (size_t j = 0; j < sizeof leaves / sizeof leaves[0]; j++)
            check_kernel(kernel, dims[i], leaves[j]);
    check_kernel(kernel, PACKED_MAX_DIM, 5);
}

static void test_portable(void **state)
{
    (void)state;
    check_everywhere(&walk_portable);
}

static void test_avx2(void **state)
{
    (void)state;
    if (cpu_level() < CPU_AVX2)
        skip();
    check_everywhere(walk_kernel_of(CPU_AVX2, true));
}

static void test_avx512(void **state)
{
    (void)state;
    if (cpu_level() < CPU_AVX512)
        skip();
    check_everywhere(walk_kernel_of(CPU_AVX512, true));
}

static void test_choice(void **state)
{
    (void)state;
    assert_string_equal(walk_kernel_of(CPU_PORTABLE, true)->name, "portable");
#if defined(__x86_64__)
    assert_string_equal(walk_kernel_of(CPU_AVX2, true)->name, "avx2");
    assert_string_equal(walk_kernel_of(CPU_AVX512, false)->name, "avx2");
    assert_string_equal(walk_kernel_of(CPU_AVX512, true)->name, "avx512");
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_portable),
        cmocka_unit_test(test_avx2),
        cmocka_unit_test(test_avx512),
        cmocka_unit_test(test_choice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

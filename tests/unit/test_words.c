/* The table of words: numbers in order, any bytes, growth, borrowed words. */
#include "base/words.h"

#include "helpers.h"

static void test_numbers_follow_order(void **state)
{
    (void)state;
    struct words words = {0};
    bool added = false;
    assert_int_equal(words_find(&words, text_of("the")), WORDS_NONE);
    assert_int_equal(words_add(&words, text_of("the"), &added), 0);
    assert_true(added);
    assert_int_equal(words_add(&words, text_of("of"), &added), 1);
    assert_true(added);
    assert_int_equal(words_add(&words, text_of("the"), &added), 0);
    assert_false(added);
    assert_int_equal(words_add(&words, text_of("cocoa"), NULL), 2);
    assert_int_equal(words.count, 3);
    assert_int_equal(words_find(&words, text_of("of")), 1);
    assert_int_equal(words_find(&words, text_of("off")), WORDS_NONE);
    assert_int_equal(words_text(&words, 2).size, 5);
    assert_memory_equal(words_text(&words, 2).data, "cocoa", 5);
    words_free(&words);
    assert_int_equal(words.count, 0);
}

static void test_any_bytes_are_a_word(void **state)
{
    (void)state;
    struct words words = {0};
    /* The empty word, and NUL bytes that only the size tells apart. */
    static const char zeros[40];
    for (size_t size = 0; size <= sizeof zeros; size++)
        assert_int_equal(words_add(&words, (struct text){zeros, size}, NULL), size);
    for (size_t size = 0; size <= sizeof zeros; size++)
        assert_int_equal(words_find(&words, (struct text){zeros, size}), size);
    assert_int_equal(words_find(&words, (struct text){NULL, 0}), 0);
    words_free(&words);
}

static void test_copies_outlive_the_caller(void **state)
{
    (void)state;
    struct words words = {0};
    /* Some words are longer than the blocks that the copies are kept in. */
    enum { LONG = 100000 };
    char *buffer = malloc(LONG);
    assert_non_null(buffer);
    for (int i = 0; i < 20; i++) {
        memset(buffer, 'a' + i, LONG);
        assert_int_equal(words_add(&words, (struct text){buffer, i % 2 ? LONG : 3}, NULL), i);
    }
    memset(buffer, 'f', LONG);
    assert_int_equal(words_find(&words, (struct text){buffer, LONG}), 5);
    memset(buffer, 'g', 3);
    assert_int_equal(words_find(&words, (struct text){buffer, 3}), 6);
    free(buffer);
    words_free(&words);
}

static void test_growth_loses_nothing(void **state)
{
    (void)state;
    enum { COUNT = 200000 };
    struct words words = {0};
    char word[32];
    for (int i = 0; i < COUNT; i++) {
        int size = snprintf(word, sizeof word, "%d", i * 7);
        assert_int_equal(words_add(&words, (struct text){word, (size_t)size}, NULL), i);
    }
    assert_true(slots_suffice(&words.slots, words.count));
    for (int i = 0; i < 7 * COUNT; i++) {
        int size = snprintf(word, sizeof word, "%d", i);
        uint32_t expected = i % 7 ? WORDS_NONE : (uint32_t)i / 7;
        assert_int_equal(words_find(&words, (struct text){word, (size_t)size}), expected);
    }
    words_free(&words);
}

/* Words of one table, some of which another has: the new ones get the next numbers. */
static void test_joined(void **state)
{
    (void)state;
    struct words to = {0}, from = {0};
    uint32_t numbers[40];
    char word[16] = "";
    for (int i = 0; i < 20; i++)
        assert_int_equal(
            words_add(&to, (struct text){word, (size_t)sprintf(word, "%d", 2 * i)}, NULL), i);
    for (int i = 0; i < 40; i++)
        assert_int_equal(
            words_add(&from, (struct text){word, (size_t)sprintf(word, "%d", i)}, NULL), i);
    assert_true(words_join(&to, &from, numbers));
    for (int i = 0; i < 40; i++)
        assert_int_equal(numbers[i], i % 2 ? 20 + i / 2 : i / 2);
    assert_int_equal(to.count, 40);
    words_clear(&from);
    assert_int_equal(from.count, 0);
    assert_int_equal(words_find(&from, text_of("7")), WORDS_NONE);
    assert_int_equal(words_add(&from, text_of("7"), NULL), 0);
    words_free(&to);
    words_free(&from);
}

/* A table that was large is not cleared again and again for a few words. */
static void test_emptied_tables_shrink(void **state)
{
    (void)state;
    enum { COUNT = 10000 };
    struct words words = {0};
    char word[16];
    for (int i = 0; i < COUNT; i++)
        if (snprintf(word, sizeof word, "%d", i) > 0)
            words_add(&words, text_of(word), NULL);
    words_clear(&words);
    assert_true(words.slots.count > COUNT);
    assert_int_equal(words_add(&words, text_of("7"), NULL), 0);
    words_clear(&words);
    assert_int_equal(words.slots.count, 0);
    assert_int_equal(words_add(&words, text_of("8"), NULL), 0);
    assert_int_equal(words_find(&words, text_of("8")), 0);
    assert_int_equal(words_find(&words, text_of("7")), WORDS_NONE);
    words_free(&words);
}

static void test_borrowed_words_are_not_copied(void **state)
{
    (void)state;
    static const char bytes[] = "gold silver";
    struct words words = {0};
    struct text gold = {bytes, 4}, silver = {bytes + 5, 6};
    assert_true(words_reserve(&words, 1000));
    assert_int_equal(words_add_borrowed(&words, gold, words_hash(gold.data, 4), NULL), 0);
    assert_int_equal(words_add_borrowed(&words, silver, words_hash(silver.data, 6), NULL), 1);
    assert_ptr_equal(words_text(&words, 1).data, bytes + 5);
    assert_null(words.chunks);
    assert_int_equal(words_find(&words, text_of("gold")), 0);
    words_free(&words);
}

/* Words whose hashes are equal, at the first place of the table and at its last, stay apart. */
static void test_equal_hashes_stay_apart(void **state)
{
    (void)state;
    static const uint64_t hashes[] = {0, UINT64_MAX};
    for (size_t h = 0; h < 2; h++) {
        struct words words = {0};
        char names[40][4];
        for (uint32_t i = 0; i < 40; i++) {
            snprintf(names[i], sizeof names[i], "w%u", (unsigned)i);
            assert_int_equal(words_find_hashed(&words, text_of(names[i]), hashes[h]), WORDS_NONE);
            assert_int_equal(words_add_borrowed(&words, text_of(names[i]), hashes[h], NULL), i);
        }
        for (uint32_t i = 0; i < 40; i++)
            assert_int_equal(words_find_hashed(&words, text_of(names[i]), hashes[h]), i);
        static const uint32_t wanted[] = {0, 39, WORDS_NONE};
        const struct hashed sought[] = {
            {text_of("w0"), hashes[h]}, {text_of("w39"), hashes[h]}, {text_of("w40"), hashes[h]}};
        uint32_t numbers[3];
        words_find_batch(&words, sought, 3, numbers);
        assert_memory_equal(numbers, wanted, sizeof wanted);
        words_free(&words);
    }
}

/* Of 10,000 words at once the table has every other one; an empty table none. */
static void test_batches(void **state)
{
    (void)state;
    enum { COUNT = 10000 };
    static char text[COUNT][8];
    static struct hashed sought[COUNT];
    static uint32_t numbers[COUNT];
    struct words words = {0};
    for (int i = 0; i < COUNT; i++) {
        size_t size = (size_t)snprintf(text[i], sizeof text[i], "%d", i);
        sought[i] = (struct hashed){{text[i], size}, words_hash(text[i], size)};
    }
    words_find_batch(&words, sought, COUNT, numbers);
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(numbers[i], WORDS_NONE);
    for (int i = 0; i < COUNT; i += 2)
        words_add(&words, sought[i].text, NULL);
    words_find_batch(&words, sought, COUNT, numbers);
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(numbers[i], i % 2 ? WORDS_NONE : (uint32_t)i / 2);
    words_free(&words);
}

/* Each bit of the table's tag should come out set for about half of the words. */
/* What was read from 2,000 words of 4 bytes: 16 an entry, and their copies. */
static void test_sealed_words_are_there(void **state)
{
    (void)state;
    struct words words = {0};
    char word[8];
    for (unsigned i = 0; i < 2000; i++) {
        snprintf(word, sizeof word, "%04u", i);
        assert_int_equal(words_add(&words, (struct text){word, 4}, NULL), i);
    }
    size_t before = words_bytes(&words);
    words_seal(&words);
    assert_true(words_bytes(&words) >= 2000 * (16 + 4) && words_bytes(&words) < before);
    assert_int_equal(words_find(&words, TEXT("0007")), WORDS_NONE);
    assert_true(text_equal(words_text(&words, 1999), TEXT("1999")));
    words_free(&words);
}

static void test_hash_spreads(void **state)
{
    (void)state;
    enum { COUNT = 20000 };
    int set[64] = {0};
    char word[32];
    for (int i = 0; i < COUNT; i++) {
        int size = snprintf(word, sizeof word, "%d", i);
        uint64_t hash = words_hash(word, (size_t)size);
        for (int bit = 0; bit < 64; bit++)
            set[bit] += (int)(hash >> bit & 1);
    }
    for (int bit = 0; bit < 64; bit++)
        assert_true(abs(set[bit] - COUNT / 2) <= 500); /* 7 sigma */
}

/* Whatever lies behind the word. */
static void test_hash_inside(void **state)
{
    (void)state;
    enum { LONGEST = 40 };
    char alone[LONGEST], among[LONGEST + WORDS_BEHIND];
    for (int behind = 0; behind < 256; behind += 51)
        for (size_t size = 0; size <= LONGEST; size++) {
            memset(among, behind, sizeof among);
            for (size_t i = 0; i < size; i++)
                among[i] = alone[i] = (char)(i * 67 + size * 29 + 1);
            assert_true(words_hash_inside(among, size) == words_hash(alone, size));
        }
}

/* Up to the first one that is there already, in the list or before it. */
static void test_new_words_at_once(void **state)
{
    (void)state;
    enum { COUNT = 5000 };
    static char spelt[COUNT][8];
    static struct text texts[COUNT];
    static uint64_t hashes[COUNT];
    struct words words = {0};
    size_t done;
    for (int i = 0; i < COUNT; i++) {
        texts[i] = (struct text){spelt[i], (size_t)snprintf(spelt[i], sizeof spelt[i], "%d", i)};
        hashes[i] = words_hash(texts[i].data, texts[i].size);
    }
    assert_int_equal(words_add(&words, text_of("zero"), NULL), 0);
    assert_true(words_add_new(&words, texts, hashes, COUNT - 2, &done));
    assert_int_equal(done, COUNT - 2);
    for (uint32_t i = 0; i < COUNT - 2; i++) {
        assert_int_equal(words_find(&words, texts[i]), i + 1);
        assert_ptr_equal(words_text(&words, i + 1).data, spelt[i]);
    }
    texts[COUNT - 1] = texts[7];
    hashes[COUNT - 1] = hashes[7];
    assert_true(words_add_new(&words, texts + COUNT - 2, hashes + COUNT - 2, 2, &done));
    assert_int_equal(done, 1);
    assert_int_equal(words.count, COUNT);
    assert_true(words_add_new(&words, texts, hashes, 0, &done));
    assert_int_equal(done, 0);
    words_free(&words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_follow_order),
        cmocka_unit_test(test_any_bytes_are_a_word),
        cmocka_unit_test(test_copies_outlive_the_caller),
        cmocka_unit_test(test_growth_loses_nothing),
        cmocka_unit_test(test_borrowed_words_are_not_copied),
        cmocka_unit_test(test_joined),
        cmocka_unit_test(test_emptied_tables_shrink),
        cmocka_unit_test(test_equal_hashes_stay_apart),
        cmocka_unit_test(test_batches),
        cmocka_unit_test(test_sealed_words_are_there),
        cmocka_unit_test(test_hash_spreads),
        cmocka_unit_test(test_hash_inside),
        cmocka_unit_test(test_new_words_at_once),
    };
    return RUN_TESTS("words", tests);
}

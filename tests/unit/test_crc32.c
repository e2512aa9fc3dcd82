/* CRC-32 by carry-less multiplication is zlib's, for every size and start. */
#include "base/crc32.h"

#include "base/digest.h"
#include "base/random.h"

#include <zlib.h>

#include "helpers.h"

enum { MOST = 5000 };

static unsigned char bytes[MOST + 16];

static int fill(void **state)
{
    (void)state;
    struct random random = random_keyed(11, 0);
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)random_u64(&random);
    return 0;
}

static void test_known_values(void **state)
{
    (void)state;
    /* The check value that catalogues of CRCs give for "123456789". */
    assert_int_equal(crc32_of(0, "123456789", 9), 0xcbf43926);
    assert_int_equal(crc32_of(0, "", 0), 0);
    assert_int_equal(crc32_of(0x12345678, NULL, 0), 0x12345678);
    /* By Python's zlib.crc32 of 100,000 zeros. */
    void *zeros = calloc(1, 100000);
    assert_int_equal(crc32_of(0, zeros, 100000), 0xd411957d);
    free(zeros);
}

static void test_every_size(void **state)
{
    (void)state;
    struct random random = random_keyed(12, 0);
    for (size_t size = 0; size <= MOST; size++) {
        size_t start = size % 16;
        uint32_t before = size % 3 ? (uint32_t)random_u64(&random) : 0;
        uint32_t wanted = (uint32_t)crc32_z(before, bytes + start, size);
        if (size == 0)
            wanted = before;
        assert_int_equal(crc32_of(before, bytes + start, size), wanted);
    }
}

static void test_parts_join(void **state)
{
    (void)state;
    for (size_t cut = 0; cut <= MOST; cut += 97) {
        struct digest first = {0}, second = {0}, whole = {0};
        digest_update(&first, bytes, cut);
        digest_update(&second, bytes + cut, MOST - cut);
        digest_update(&whole, bytes, MOST);
        struct digest joined = digest_joined(first, second);
        assert_int_equal(joined.crc32, whole.crc32);
        assert_int_equal(joined.size, MOST);
        assert_int_equal(whole.crc32, crc32_z(0, bytes, MOST));
    }
}

static void test_digest_joined(void **state)
{
    (void)state;
    struct digest whole = {0}, first = {0}, second = {0};
    digest_update(&whole, "123456789", 9);
    digest_update(&first, "1234", 4);
    digest_update(&second, "56789", 5);
    struct digest joined = digest_joined(first, second);
    assert_int_equal(whole.crc32, 0xcbf43926); /* the check value of this CRC */
    assert_int_equal(joined.crc32, whole.crc32);
    assert_int_equal(joined.size, 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_values),
        cmocka_unit_test(test_every_size),
        cmocka_unit_test(test_parts_join),
        cmocka_unit_test(test_digest_joined),
    };
    return cmocka_run_group_tests_name("crc32", tests, fill, NULL);
}

/*
 * Numbers, beside strtod where the text is of the grammar that both know: the nearest double,
 * rounded to float32.
 */
#include "vectors/number.h"

#include "fuzz.h"

#include <string.h>

enum { MOST = 400 };

static bool is_plain(const char *text, size_t size)
{
    size_t digits = 0;
    for (size_t i = 0; i < size; i++) {
        if (!memchr("+-.0123456789eE", text[i], 15))
            return false;
        digits += text[i] >= '0' && text[i] <= '9';
    }
    return digits > 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[MOST + 1], *end;
    float value = 7, expected;
    if (size > MOST)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    char *exact = malloc(size ? size : 1);
    FUZZ_REQUIRE(exact);
    memcpy(exact, data, size);
    enum number_way way = number_parse(exact, size, &value);
    free(exact);
    FUZZ_REQUIRE(way != NUMBER_NONE || value == 7);
    if (!is_plain(text, size))
        return 0;
    expected = (float)strtod(text, &end);
    bool number = end == text + size;
    FUZZ_REQUIRE(number == (way != NUMBER_NONE));
    /* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison,cert-*): the bits of zeros, too */
    FUZZ_REQUIRE(!number || memcmp(&value, &expected, sizeof value) == 0);
    return 0;
}

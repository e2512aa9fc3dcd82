/*
 * Digits are tried from few to many; a C library prints and reads doubles exactly, so that the
 * text is the same everywhere.
 */
#include "score/json_put.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void json_number(struct buffer *text, double value)
{
    char digits[32];
    int precision = 15;
    if (!isfinite(value)) {
        buffer_string(text, "null");
        return;
    }
    do
        snprintf(digits, sizeof digits, "%.*g", precision, value);
    while (strtod(digits, NULL) != value && ++precision <= 17);
    buffer_string(text, digits);
}

void json_real(struct buffer *text, const char *key, double value)
{
    buffer_print(text, "\"%s\": ", key);
    json_number(text, value);
}

void json_count(struct buffer *text, const char *key, uint64_t value)
{
    buffer_print(text, "\"%s\": %llu", key, (unsigned long long)value);
}

void json_interval(struct buffer *text, const char *key, struct interval interval)
{
    buffer_print(text, "\"%s\": ", key);
    if (isnan(interval.low)) {
        buffer_string(text, "null");
        return;
    }
    buffer_byte(text, '[');
    json_number(text, interval.low);
    buffer_string(text, ", ");
    json_number(text, interval.high);
    buffer_byte(text, ']');
}

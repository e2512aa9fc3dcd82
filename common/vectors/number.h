/*
 * number: text to float32, as numpy's asarray(text, dtype='float32') converts it.
 *
 * numpy takes Python's float(text), which is the nearest double, and rounds that to float32:
 * the two roundings are part of the definition. Python's grammar is decimal: a sign; digits,
 * with single underscores between them allowed; a point with digits on either side or both; an
 * exponent; or inf, infinity and nan in any case. White space around it is passed over. There is
 * no hexadecimal, and the locale plays no part. Of the digits and white space of Unicode, which
 * Python also knows, only ASCII's are taken.
 */
#ifndef VECTORS_NUMBER_H
#define VECTORS_NUMBER_H

#include <stddef.h>

/* How a text was read: the quicker, the lower. */
enum number_way {
    NUMBER_NONE,   /* it is no number, and `*value` untouched */
    NUMBER_USUAL,  /* a sign, digits and a point, by a multiplication or two */
    NUMBER_OTHER,  /* by the whole grammar, and then likewise */
    NUMBER_STRTOD, /* by strtod */
};

/* NUMBER_NONE, which is 0, where the text is no number. Thread-safe. */
enum number_way number_parse(const char *text, size_t size, float *value);

#endif

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

#include <stdbool.h>
#include <stddef.h>

/* False, and `*value` untouched, where the text is no number. Thread-safe. */
bool number_parse(const char *text, size_t size, float *value);

#endif

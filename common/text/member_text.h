/*
 * member_text: what members.c and the decoding of strings share.
 */
#ifndef TEXT_MEMBER_TEXT_H
#define TEXT_MEMBER_TEXT_H

#include <stddef.h>

/* The value of the four hexadecimal digits at `text`; -1: they are none. */
int member_hex_unit(const char *text, size_t size);

#endif

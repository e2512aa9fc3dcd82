/*
 * vector_fault: what keeps a line from being a word and its numbers, in words that help.
 */
#ifndef VECTORS_VECTOR_FAULT_H
#define VECTORS_VECTOR_FAULT_H

#include <stddef.h>

enum { VECTOR_FAULT_SIZE = 256 };

/*
 * Puts a sentence fragment into `text`, and returns it: the first field that is no number, quoted,
 * and what seems to be wrong with it, such as `'0,418' is no number: decimal commas: ...`. It is
 * empty where all fields behind the first are numbers.
 */
const char *vector_fault(const char *line, size_t size, char text[VECTOR_FAULT_SIZE]);

/* The first field of the line, quoted and cut, to name it by. */
const char *vector_fault_word(const char *line, size_t size, char text[VECTOR_FAULT_SIZE]);

#endif

/*
 * packing: what a zip holds that is not read, and what is done about it.
 */
#ifndef INPUT_PACKING_H
#define INPUT_PACKING_H

#include <stdbool.h>

enum { PACKING_SIZE = 160 };

/* Whether a member can be read; else `why` says why not, and what unpacks it. */
bool packing_known(unsigned method, bool encrypted, char why[PACKING_SIZE]);

/* What a zip is that has a member of that name, where it is a document of some program; else NULL.
 */
const char *packing_document(const char *member);

#endif

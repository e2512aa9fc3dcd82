/*
 * no_tab: why a line that should be label<TAB>text has no TAB.
 */
#ifndef TEXT_NO_TAB_H
#define TEXT_NO_TAB_H

#include "text/documents.h"

#include <stddef.h>

enum { NO_TAB_SIZE = 320 };

/* Tells what is wrong, what the line may be, and what to do, by what the program of the columns has
   options for. The line has a byte at least. */
void no_tab_reason(const char *line, size_t size, const struct documents_columns *columns,
                   char told[NO_TAB_SIZE]);

#endif

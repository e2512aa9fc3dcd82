/*
 * no_tab: why a line that should be label<TAB>text has no TAB.
 */
#ifndef TEXT_NO_TAB_H
#define TEXT_NO_TAB_H

#include <stddef.h>

/* A clause that says what is wrong, what the line may be, and what to do. It has a byte at least.
 */
const char *no_tab_reason(const char *line, size_t size);

#endif

/*
 * style: how pages look. Internal to this folder.
 */
#ifndef PAGE_STYLE_H
#define PAGE_STYLE_H

/* The sheet, in pieces that follow each other; NULL ends them. */
extern const char *const style_sheet[];

#endif

/*
 * temporary: a file without a name: it is gone with the program, however that ends.
 */
#ifndef BASE_TEMPORARY_H
#define BASE_TEMPORARY_H

/* A new one in `folder`, for reading and writing, or -1 with errno. */
int temporary_open(const char *folder);

#endif

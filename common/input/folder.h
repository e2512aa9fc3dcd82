/*
 * folder: the files of a folder, where that of a file says what its label is.
 *
 * `train/acq/0001` has the label `acq`: the name of the first folder below the one that was named,
 * however deep the file lies. Files are in the order of the bytes of their paths, the same on every
 * system. A link to a file is that file, and so is one to a folder with a label; other links to
 * folders, hidden files and folders, what is no regular file, and, where labels are wanted, files
 * without a folder are listed with what keeps them from being documents.
 */
#ifndef INPUT_FOLDER_H
#define INPUT_FOLDER_H

#include "base/error.h"
#include "base/filed.h"

#include <stdbool.h>
#include <stddef.h>

struct folder_file {
    char *path;
    struct text label; /* within the path; empty where there is none */
    enum filed_state state;
};

/* Owns everything; freed by folder_free. */
struct folder {
    struct folder_file *files;
    size_t count;
};

/*
 * Lists the folder at `path`. Status SYSTEM where it, a folder in it or a file can't be read, INPUT
 * where a label is not UTF-8 or there is nothing that could be a document. NULL on failure.
 */
struct folder *folder_list(const char *path, bool labelled, struct error *error);
void folder_free(struct folder *folder);

/* Whether its labels are two or more of `train`, `test` and the like, and no others. */
bool folder_splits(const struct folder *folder);

#endif

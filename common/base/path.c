/* What a file is packed in is written behind what it is. */
#include "base/path.h"

#include <strings.h>

bool path_ends_with(const char *path, const char *ending)
{
    size_t size = strlen(path), length = strlen(ending);
    if (size > 3 && strcasecmp(path + size - 3, ".gz") == 0)
        size -= 3;
    else if (size > 4 && strcasecmp(path + size - 4, ".zip") == 0)
        size -= 4;
    return size > length && strncasecmp(path + size - length, ending, length) == 0;
}

const char *path_packing(const char *path)
{
    static const char *const endings[] = {".gz", ".tgz", ".zip", ".bz2", ".xz", ".zst"};
    size_t size = strlen(path);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t length = strlen(endings[i]);
        if (size > length && strcasecmp(path + size - length, endings[i]) == 0)
            return path + size - length;
    }
    return NULL;
}

/* Memory that is mapped without a file: copy-on-write does not part it. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "run/shared.h"

#include <stdint.h>
#include <sys/mman.h>

bool shared_make(struct shared *shared, size_t count)
{
    size_t size = count ? count * sizeof *shared->floats : 1;
    if (count > SIZE_MAX / sizeof *shared->floats)
        return false;
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return false;
    *shared = (struct shared){memory, size};
    return true;
}

void shared_free(struct shared *shared)
{
    if (shared->floats)
        munmap(shared->floats, shared->size);
    *shared = (struct shared){0};
}

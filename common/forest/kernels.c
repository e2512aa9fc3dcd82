/* The one place of the forest where kernels are chosen. */
#include "forest/kernels.h"

#include <stddef.h>

/* Faster than the portable ones, the fastest first. */
static const struct kernels *const faster[] = {
#ifdef __x86_64__
    &kernels_avx512,
    &kernels_avx2,
#endif
    NULL,
};

const struct kernels *kernels_of(enum cpu_level level)
{
    for (size_t i = 0; faster[i]; i++)
        if (faster[i]->level <= level)
            return faster[i];
    return &kernels_portable;
}

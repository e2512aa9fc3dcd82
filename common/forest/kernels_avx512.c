#include "forest/kernels.h"

#ifdef __AVX512VBMI2__

#define SCAN_KERNEL scan_avx512
#include "forest/count_avx512.h"
#include "forest/scan_lanes.h"

const struct kernels kernels_avx512 = {
    .count_lanes = 1,
    .counted_size = COUNTED_SIZE,
    .takes_few = true,
    .count = count_avx512,
    .pick = pick_avx512,
    .scan = scan_avx512,
};

#endif

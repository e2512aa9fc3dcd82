#include "forest/kernels.h"

#ifdef __AVX512VBMI2__

#define COUNT_KERNEL count_avx512
#define SCAN_KERNEL scan_avx512
#include "forest/count_lanes.h"
#include "forest/scan_lanes.h"

const struct kernels kernels_avx512 = {
    .count_lanes = COUNT_LANES,
    .takes_few = true,
    .count = count_avx512,
    .scan = scan_avx512,
};

#endif

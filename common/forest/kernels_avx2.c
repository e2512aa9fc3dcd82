#include "forest/kernels.h"

#ifdef __AVX2__

#define COUNT_KERNEL count_avx2
#define PICK_KERNEL pick_avx2
#define SCAN_KERNEL scan_avx2
#include "forest/count_lanes.h"
#include "forest/scan_lanes.h"

const struct kernels kernels_avx2 = {
    .count_lanes = COUNT_LANES,
    .counted_size = COUNT_FEATURES * sizeof(struct counted),
    .count = count_avx2,
    .pick = pick_avx2,
    .scan = scan_avx2,
};

#endif

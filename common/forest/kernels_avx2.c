/* The same kernels as kernels_portable.c, in vectors of 32 bytes. */
#include "forest/kernels.h"

#ifdef __AVX2__

#define LANES_BYTES 32
#include "forest/count_lanes.h"
#include "forest/renumber.h"
#include "forest/scan_lanes.h"

const struct kernels kernels_avx2 = {
    .count_lanes = COUNT_LANES,
    .counted_size = COUNT_FEATURES * sizeof(struct counted),
    .count = count_features,
    .pick = count_pick,
    .scan = scan_feature,
    .renumber = renumber_all,
};

#endif

/* The kernels of kernels_portable.c in vectors of 32 bytes, and what AVX2 has of its own. */
#include "forest/avx2.h"

#ifdef __AVX2__

#define LANES_BYTES 32
#include "forest/abreast_lanes.h"
#include "forest/count_lanes.h"
#include "forest/renumber.h"
#include "forest/scan_lanes.h"
#include "forest/sort_lanes.h"
#include "forest/tight_lanes.h"

/* Behind what it scans by. */
#include "forest/network_avx2.h"
#define WIDE_MOVE "forest/wide_avx2.h"
#include "forest/wide_lanes.h"

void scan_sorted_avx2(const struct scan_node *node, struct found *found)
{
    scan_sorted(node, found);
}

const struct kernels kernels_avx2 = {
    .counted_size = sizeof(struct counted),
    .count = count_features,
    .pick = count_pick,
    .scan = scan_feature,
    .copied = network_feature,
    .few = few_avx2,
    .few_dense = SCAN_DENSE,
    .sort = sort_values,
    .mark_tight = mark_tight,
    .renumber = renumber_all,
    .wide = wide_feature,
    .abreast_gather = abreast_gather,
    .abreast_score = abreast_score,
    .part = part_avx2,
};

#endif

/* The scan of kernels_portable.c in vectors of 64 bytes, and what AVX-512 has of its own. */
#include "forest/avx512.h"

#ifdef __AVX512VBMI2__

#define LANES_BYTES 64
#include "forest/abreast_lanes.h"
#define COUNT_MASKS "forest/count_avx512.h"
#include "forest/count_lanes.h"
#include "forest/renumber.h"
#include "forest/scan_lanes.h"
#include "forest/sort_lanes.h"
#include "forest/tight_lanes.h"
#include "forest/wide_avx512.h"

#define WIDE_ORDER
#define WIDE_MOVE "forest/wide_avx2.h"
#include "forest/wide_lanes.h"

void scan_sorted_avx512(const struct scan_node *node, struct found *found)
{
    scan_sorted(node, found);
}

const struct kernels kernels_avx512 = {
    .counted_size = sizeof(struct counted),
    .count = count_features,
    .pick = count_pick,
    .scan = scan_feature,
    .few = few_avx512,
    .few_dense = 1, /* as it closes up 64 at once */
    .sort = sort_values,
    .mark_tight = mark_tight,
    .renumber = renumber_all,
    .wide = wide_feature,
    .abreast_gather = abreast_gather,
    .abreast_score = abreast_score,
    .part = part_avx512,
    .gather = gather_avx512,
    .keep_left = keep_left_avx512,
};

#endif

/* The kernels for every machine, in vectors of 16 bytes, which compilers take apart at need. */
#include "forest/kernels.h"

#define LANES_BYTES 16
#include "forest/abreast_lanes.h"
#include "forest/count_lanes.h"
#include "forest/renumber.h"
#include "forest/scan_skim.h"
#include "forest/sort_lanes.h"
#include "forest/tight_lanes.h"
#include "forest/wide_lanes.h"

const struct kernels kernels_portable = {
    .counted_size = sizeof(struct counted),
    .count = count_features,
    .pick = count_pick,
    .scan = skim_feature,
    .sort = sort_values,
    .mark_tight = mark_tight,
    .renumber = renumber_all,
    .wide = wide_feature,
    .abreast_gather = abreast_gather,
    .abreast_score = abreast_score,
};

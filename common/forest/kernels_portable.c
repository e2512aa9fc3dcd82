#include "forest/kernels.h"

#define COUNT_KERNEL count_portable
#define PICK_KERNEL pick_portable
#define SCAN_KERNEL scan_portable
#include "forest/count_lanes.h"
#include "forest/scan_lanes.h"

const struct kernels kernels_portable = {
    .count_lanes = COUNT_LANES,
    .counted_size = COUNT_FEATURES * sizeof(struct counted),
    .count = count_portable,
    .pick = pick_portable,
    .scan = scan_portable,
};

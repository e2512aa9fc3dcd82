#include "forest/kernels.h"

#define COUNT_KERNEL count_portable
#define SCAN_KERNEL scan_portable
#include "forest/count_lanes.h"
#include "forest/scan_lanes.h"

const struct kernels kernels_portable = {
    .count_lanes = COUNT_LANES,
    .count = count_portable,
    .scan = scan_portable,
};

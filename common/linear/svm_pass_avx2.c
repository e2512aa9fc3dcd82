/* The kernels of svm_lanes.h in vectors of AVX2: half the lanes at a time. */
#ifdef __AVX2__
#include "linear/svm_lanes.h"

const struct svm_kernels svm_kernels_avx2 = {lanes_pass, lanes_add, lanes_score};
#else
typedef int no_avx2; /* a file is never empty */
#endif

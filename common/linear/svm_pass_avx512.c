/* The kernels of svm_lanes.h in vectors of AVX-512: all lanes at a time. */
#ifdef __AVX512F__
#include "linear/svm_lanes.h"

const struct svm_kernels svm_kernels_avx512 = {lanes_pass, lanes_add, lanes_score};
#else
typedef int no_avx512; /* a file is never empty */
#endif

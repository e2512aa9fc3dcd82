/* The kernels of svm_lanes.h in vectors of AVX-512: all lanes at a time. */
#ifdef __AVX512F__
#include "linear/svm_lanes.h"

SVM_LANES_KERNELS(svm_kernels_avx512, SVM_LANES);
#else
typedef int no_avx512; /* a file is never empty */
#endif

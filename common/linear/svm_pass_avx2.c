/* The kernels of svm_lanes.h in vectors of AVX2: half the lanes at a time, or a few. */
#ifdef __AVX2__
#include "linear/svm_lanes.h"

SVM_LANES_KERNELS(svm_kernels_avx2, SVM_LANES);
SVM_LANES_KERNELS(svm_kernels_few_avx2, SVM_FEW);
#else
typedef int no_avx2; /* a file is never empty */
#endif

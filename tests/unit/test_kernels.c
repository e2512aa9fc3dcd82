/*
 * The fastest twin of every kernel is the one that is taken. Each gives the portable one's results,
 * so no other test would miss it.
 */
#include "base/crc32.h"
#include "forest/kernels.h"
#include "glove/adagrad.h"
#include "linear/svm_pass.h"
#include "text/tokens.h"
#include "vectors/fields.h"
#include "vectors/mean.h"
#include "vote/crowd.h"

#include "helpers.h"

static void test_best_of_what_is_there(void **state)
{
    (void)state;
    const bool none[CPU_LEVELS] = {false}, avx2[CPU_LEVELS] = {[CPU_AVX2] = true};
    const bool avx512[CPU_LEVELS] = {[CPU_AVX512] = true};
    assert_int_equal(cpu_best(CPU_AVX512, none), CPU_PORTABLE);
    assert_int_equal(cpu_best(CPU_AVX512, avx2), CPU_AVX2);
    assert_int_equal(cpu_best(CPU_AVX2, avx2), CPU_AVX2);
    assert_int_equal(cpu_best(CPU_PORTABLE, avx2), CPU_PORTABLE);
    assert_int_equal(cpu_best(CPU_AVX2, avx512), CPU_PORTABLE);
    assert_int_equal(cpu_best(CPU_AVX512, avx512), CPU_AVX512);
}

static void test_portable_ones(void **state)
{
    (void)state;
    assert_ptr_equal(tokens_scan_of(CPU_PORTABLE), tokens_scan_portable);
    assert_ptr_equal(mean_add_of(CPU_PORTABLE), mean_add_portable);
    assert_ptr_equal(fields_kernel_of(CPU_PORTABLE).scan, fields_scan_portable);
    assert_ptr_equal(fields_kernel_of(CPU_PORTABLE).convert, fields_convert_portable);
    assert_ptr_equal(adagrad_pass_of(CPU_PORTABLE), adagrad_pass_portable);
    assert_ptr_equal(svm_kernels_of(CPU_PORTABLE, SVM_LANES), &svm_kernels_portable);
    assert_ptr_equal(svm_kernels_of(CPU_PORTABLE, SVM_FEW + 1), &svm_kernels_portable);
    assert_ptr_equal(svm_kernels_of(CPU_PORTABLE, SVM_FEW), &svm_kernels_few_portable);
    assert_ptr_equal(kernels_of(CPU_PORTABLE), &kernels_portable);
    assert_ptr_equal(crowd_parter_of(CPU_PORTABLE), crowd_part_portable);
}

#if defined(__x86_64__)
/* A level that this machine has, and that the environment allows. */
static bool has(enum cpu_level level)
{
    return cpu_level() >= level;
}

static void test_avx2(void **state)
{
    (void)state;
    if (!has(CPU_AVX2))
        skip();
    assert_ptr_equal(tokens_scan_of(CPU_AVX2), tokens_scan_avx2);
    assert_ptr_equal(tokens_scan_of(CPU_AVX512), tokens_scan_avx2);
    assert_ptr_equal(mean_add_of(CPU_AVX2), mean_add_avx2);
    assert_ptr_equal(mean_add_of(CPU_AVX512), mean_add_avx2);
    assert_ptr_equal(fields_kernel_of(CPU_AVX2).scan, fields_scan_avx2);
    assert_ptr_equal(fields_kernel_of(CPU_AVX2).convert, fields_convert_avx2);
    assert_ptr_equal(adagrad_pass_of(CPU_AVX2), adagrad_pass_avx2);
    assert_ptr_equal(svm_kernels_of(CPU_AVX2, SVM_LANES), &svm_kernels_avx2);
    assert_ptr_equal(svm_kernels_of(CPU_AVX2, SVM_FEW), &svm_kernels_few_avx2);
    assert_ptr_equal(kernels_of(CPU_AVX2), &kernels_avx2);
    assert_ptr_equal(crowd_parter_of(CPU_AVX2), crowd_part_avx2);
    assert_ptr_equal(crc32_kernel_for(1 << 20), crc32_blocks_avx2);
    assert_ptr_equal(crc32_kernel_for(1024), crc32_blocks_avx2);
    assert_null(crc32_kernel_for(63));
}

static void test_avx512(void **state)
{
    (void)state;
    if (!has(CPU_AVX512))
        skip();
    assert_ptr_equal(fields_kernel_of(CPU_AVX512).scan, fields_scan_avx512);
    assert_ptr_equal(fields_kernel_of(CPU_AVX512).convert, fields_convert_avx512);
    assert_ptr_equal(adagrad_pass_of(CPU_AVX512), adagrad_pass_avx512);
    assert_ptr_equal(svm_kernels_of(CPU_AVX512, SVM_LANES), &svm_kernels_avx512);
    assert_ptr_equal(svm_kernels_of(CPU_AVX512, SVM_FEW), &svm_kernels_few_avx2);
    assert_ptr_equal(kernels_of(CPU_AVX512), &kernels_avx512);
    assert_ptr_equal(crowd_parter_of(CPU_AVX512), crowd_part_avx512);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_best_of_what_is_there),
        cmocka_unit_test(test_portable_ones),
#if defined(__x86_64__)
        cmocka_unit_test(test_avx2),
        cmocka_unit_test(test_avx512),
#endif
    };
    return RUN_TESTS("kernels", tests);
}

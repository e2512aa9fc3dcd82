/*
 * cpu: what this machine offers, found at run time.
 */
#ifndef BASE_CPU_H
#define BASE_CPU_H

#include <stdbool.h>
#include <stddef.h>

/* Instruction sets that kernels have twins for; each includes those before it. */
enum cpu_level {
    CPU_PORTABLE,
    CPU_AVX2,  /* with BMI1, BMI2, POPCNT and PCLMUL, FMA not used */
    CPU_AVX512 /* F, BW, CD, DQ, VL, VBMI and VBMI2 to permute and compress bytes */
};
enum { CPU_LEVELS = CPU_AVX512 + 1 };

/*
 * The best level of this machine, or the lower one that the environment variable GLOVEPIPE_CPU
 * (`portable`, `avx2`, `avx512`) allows. The results are the same at every level.
 */
enum cpu_level cpu_level(void);

/* What that variable says, if it is none of these, and so allows all; NULL: it is, or not set. */
const char *cpu_level_unknown(void);

/* What GLOVEPIPE_CPU calls the level. */
const char *cpu_level_name(enum cpu_level level);

/*
 * Twins. A kernel that has faster twins has one table of them, by level, in one function that
 * chooses; all that is particular to a machine stands in CPU_X86, which is NULL elsewhere, where
 * the twins' files are empty:
 *
 *     mean_add *mean_add_of(enum cpu_level level)
 *     {
 *         static mean_add *const twins[CPU_LEVELS] = {
 *             [CPU_PORTABLE] = mean_add_portable, [CPU_AVX2] = CPU_X86(mean_add_avx2)};
 *         return CPU_BEST(twins, level);
 *     }
 *
 * `twins` is an array of pointers, to functions or to tables of them. CPU_BEST is that of the
 * highest level up to `level` that has one, the portable one where no other does.
 */
#if defined(__x86_64__)
#define CPU_X86(kernel) (kernel)
#else
#define CPU_X86(kernel) NULL
#endif
#define CPU_BEST(twins, level) ((twins)[CPU_BEST_LEVEL(twins, level)])
/* The level of that twin, for cpu_level_name. */
#define CPU_BEST_LEVEL(twins, level)                                                               \
    cpu_best(                                                                                      \
        level,                                                                                     \
        (const bool[CPU_LEVELS]){                                                                  \
            [CPU_AVX2] = (twins)[CPU_AVX2] != NULL, [CPU_AVX512] = (twins)[CPU_AVX512] != NULL})

/* The highest level up to `level` that is there, or CPU_PORTABLE. */
enum cpu_level cpu_best(enum cpu_level level, const bool there[CPU_LEVELS]);

/*
 * Whether gathers (loads of vectors from places apart) beat as many plain loads here. Those of
 * AMD are taken apart into microcode, and Intel's were slowed down by it up to the cores before
 * those with AVX512-FP16, by which this tells.
 */
bool cpu_gathers_well(void);

/* The number of CPUs that this process may use, at least 1. */
unsigned cpu_count(void);

#endif

/*
 * cpu: what this machine offers, found at run time.
 */
#ifndef BASE_CPU_H
#define BASE_CPU_H

#include <stdbool.h>

/* Instruction sets that kernels have twins for; each includes those before it. */
enum cpu_level {
    CPU_PORTABLE,
    CPU_AVX2,  /* with BMI2 and PCLMUL, FMA not used */
    CPU_AVX512 /* F, BW, CD, DQ, VL, VBMI and VBMI2 to permute and compress bytes */
};

/*
 * The best level of this machine, or the lower one that the environment variable GLOVEPIPE_CPU
 * (`portable`, `avx2`, `avx512`) allows. The results are the same at every level.
 */
enum cpu_level cpu_level(void);

/* What GLOVEPIPE_CPU calls the level. */
const char *cpu_level_name(enum cpu_level level);

/*
 * Whether gathers (loads of vectors from places apart) beat as many plain loads here. Those of
 * AMD are taken apart into microcode, and Intel's were slowed down by it up to the cores before
 * those with AVX512-FP16, by which this tells.
 */
bool cpu_gathers_well(void);

/* The number of CPUs that this process may use, at least 1. */
unsigned cpu_count(void);

#endif

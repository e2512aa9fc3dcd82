/*
 * unroll: asks the compiler to write out a loop.
 *
 *     UNROLL(4)
 *     for (int i = 0; i < 4; i++)
 *         sum[i] = 0;
 *
 * UNROLL stands right before a loop, and takes how many rounds to write out at a time. It changes
 * nothing but speed. Each compiler has a pragma of its own, and warns of the other's (clang until
 * 11); gcc has had it since 8.
 */
#ifndef BASE_UNROLL_H
#define BASE_UNROLL_H

#if defined __clang__
#define UNROLL(rounds) UNROLL_BY(clang loop unroll_count(rounds))
#elif __GNUC__ >= 8
#define UNROLL(rounds) UNROLL_BY(GCC unroll rounds)
#else
#define UNROLL(rounds)
#endif

#define UNROLL_BY(words) _Pragma(#words)

#endif

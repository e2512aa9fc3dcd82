/*
 * sandbox: what a program may still do once it knows what it was asked for.
 *
 * Vectors, texts, streams and models come from elsewhere, and a parser of them may have a fault
 * that a file was made for. So every program gives up what its run has no need of, after its
 * options are read and before the first byte of an input is: the kernel then refuses it, whoever
 * asks.
 *
 * Of files (Landlock, landlock.h) it keeps, by their names on its command line,
 *
 *     inputs             to read; of a folder, all beneath it, and what links in it lead to
 *     outputs            devices and FIFOs, to write to; files that are written in place, as
 *                        checkpoints are, likewise, and to make them in their folder while they are
 *                        not there. Other files another process opens and names (keeper.h)
 *     temporary files    to read and write files in their folder and beneath it, where the run may
 *                        want any; to make and remove them where no file can be without a name
 *
 * and what is open already: standard input, output and error, what tells of memory (room.h). So a
 * filter in a pipe keeps nothing.
 * System calls are those that are left by seccomp.h. Workers and threads inherit all of it.
 *
 * What the kernel does not have is left out in silence; -v says what holds.
 */
#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

#include "base/options.h"

/*
 * Enters it by the command line that options_parse has been through, unless that says --no-sandbox,
 * and has the outputs kept.
 * The process has no other thread yet. It can't be left.
 */
void sandbox_enter(const struct program *program, struct common *common, int argc, char **argv);

#endif

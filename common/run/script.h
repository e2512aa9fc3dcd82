/*
 * script: the output of a program that is a shell script, by the code of all the others.
 *
 * What they hold to (base/output.h) takes more than a shell has: an input that would be replaced,
 * by whatever name, a write-protected file, devices, descriptors, files that are not whole. So a
 * script has one of them write, in its name:
 *
 *     mp-cat --script rf-tune --check [-o FILE] [--reads FILE] TEXTS...      before the work
 *     mp-cat --script rf-tune [-o FILE] [--reads FILE] TEXTS... <report      behind it
 *     mp-cat --script rf-tune <help
 *
 * The first says what is wrong with FILE while nothing is lost by it, and which text can't be read.
 * What a shell lacks, too, is one step in which two names change places, as for folders:
 *
 *     mp-cat --script glovepipe --exchange ONE OTHER
 *
 * The status is 0, or where it can't be 1, and nothing is said.
 */
#ifndef RUN_SCRIPT_H
#define RUN_SCRIPT_H

/* The main of that; `argv` begins with the script's name. Returns the exit status. */
int script_main(int argc, char **argv);

#endif

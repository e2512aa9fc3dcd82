/*
 * What each option and operand needs follows from the program's table (options.h), so that nothing
 * has to be kept in step by hand: a file that no row speaks of can't be opened.
 *
 * Inputs and outputs are opened by the programs afterwards, at their time and with their messages.
 * A rule can be given only to what is there, and a file that gets its name when it is whole gets it
 * in a folder: who may give it may replace all else in there. So outputs are another process's to
 * open and to name (keeper.h).
 *
 * When a rule can't be had for want of descriptors or memory, files are left alone: a program that
 * fails for its own sandbox would be worse off than one without.
 */
#define _GNU_SOURCE /* O_PATH, DT_LNK */
#include "base/sandbox.h"

#include "base/files.h"
#include "base/landlock.h"
#include "base/path.h"
#include "base/place.h"
#include "base/report.h"
#include "base/sanitized.h"
#include "base/seccomp.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __linux__
#include <dirent.h>
#include <fcntl.h>
#include <sys/prctl.h>

enum {
    READ = LANDLOCK_READ | LANDLOCK_LIST,
    WRITE_TO = LANDLOCK_WRITE | LANDLOCK_DEVICE,
    WRITE_IN = LANDLOCK_WRITE | LANDLOCK_TRUNCATE | LANDLOCK_MAKE | LANDLOCK_REMOVE,
    SPILL_IN = LANDLOCK_WRITE | LANDLOCK_READ,
    SPILL_BY_NAME = SPILL_IN | LANDLOCK_MAKE | LANDLOCK_REMOVE,
    DEEPEST = 64 /* folders within one another, as input/folder.c has it */
};

struct sandbox {
    struct landlock landlock;
    bool possible; /* so far */
    int cause;     /* why not; 0: files of another process are wanted */
    unsigned does; /* of the program */
    bool read_any; /* an operand was there */
    bool spills, spills_elsewhere;
    struct keeper keeper;
};

static void hold(struct sandbox *sandbox, bool allowed)
{
    if (allowed || !sandbox->possible)
        return;
    sandbox->possible = false;
    sandbox->cause = errno;
}

static void allow(struct sandbox *sandbox, const char *path, unsigned access)
{
    hold(sandbox, landlock_allow(&sandbox->landlock, path, access));
}

/* ---- inputs ---- */

static void follow_links(struct sandbox *sandbox, int fd, unsigned depth);

static void follow_folder(struct sandbox *sandbox, int at, const char *name, int flags,
                          unsigned depth)
{
    int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags);
    if (fd >= 0)
        follow_links(sandbox, fd, depth);
    else
        hold(sandbox, errno == EACCES || errno == ENOENT || errno == ENOTDIR);
}

/* Files that are linked to are read; folders, of those that stand in the folder that was named. */
static void follow_link(struct sandbox *sandbox, int at, const char *name, unsigned depth)
{
    struct stat status;
    int fd = openat(at, name, O_PATH | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status) != 0) {
        hold(sandbox, errno != EMFILE && errno != ENFILE && errno != ENOMEM);
    } else if (S_ISREG(status.st_mode)) {
        hold(sandbox, landlock_allow_fd(&sandbox->landlock, fd, READ));
    } else if (S_ISDIR(status.st_mode) && depth == 0) {
        hold(sandbox, landlock_allow_fd(&sandbox->landlock, fd, READ));
        follow_folder(sandbox, at, name, 0, depth + 1);
    }
    if (fd >= 0)
        close(fd);
}

static unsigned char type_of(int fd, const struct dirent *entry)
{
    struct stat status;
    if (entry->d_type != DT_UNKNOWN ||
        fstatat(fd, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return entry->d_type;
    return S_ISLNK(status.st_mode) ? DT_LNK : S_ISDIR(status.st_mode) ? DT_DIR : DT_REG;
}

/* Takes the descriptor. What is hidden is passed over, as it is when documents are read. */
static void follow_links(struct sandbox *sandbox, int fd, unsigned depth)
{
    DIR *folder = depth < DEEPEST ? fdopendir(fd) : NULL;
    struct dirent *entry;
    if (!folder) {
        hold(sandbox, depth == DEEPEST);
        close(fd);
        return;
    }
    while (sandbox->possible && (entry = readdir(folder))) {
        unsigned char type = entry->d_name[0] == '.' ? DT_REG : type_of(fd, entry);
        if (type == DT_LNK)
            follow_link(sandbox, fd, entry->d_name, depth);
        else if (type == DT_DIR)
            follow_folder(sandbox, fd, entry->d_name, O_NOFOLLOW, depth + 1);
    }
    closedir(folder);
}

/* Descriptors of other processes are out of reach then, whatever the rules. */
static bool is_of_other(struct sandbox *sandbox, const char *path)
{
    int descriptor;
    if (!place_is_descriptor(path, &descriptor) || descriptor >= 0)
        return false;
    sandbox->possible = false;
    sandbox->cause = 0;
    return true;
}

static bool is_standard_pipe(void)
{
    return lseek(STDIN_FILENO, 0, SEEK_CUR) != 0;
}

static void allow_input(struct sandbox *sandbox, const char *path, bool unpacks)
{
    struct stat status = {0};
    if (path_is_standard(path)) {
        sandbox->spills |= unpacks && is_standard_pipe();
        return;
    }
    if (stat(path, &status) != 0 || is_of_other(sandbox, path))
        return;
    sandbox->spills |= unpacks && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
    allow(sandbox, path, READ);
    if (S_ISDIR(status.st_mode))
        follow_folder(sandbox, AT_FDCWD, path, 0, 0);
}

/* ---- outputs ---- */

static void allow_folder_of(struct sandbox *sandbox, const char *path)
{
    char *folder = files_folder(path);
    if (folder)
        allow(sandbox, folder, WRITE_IN | LANDLOCK_LIST);
    hold(sandbox, folder);
    free(folder);
}

/* A symbolic link to nothing is replaced, or what it names is made. */
static void allow_made(struct sandbox *sandbox, const char *path)
{
    char target[PATH_MAX], whole[2 * PATH_MAX];
    ssize_t size = readlink(path, target, sizeof target - 1);
    allow_folder_of(sandbox, path);
    if (size <= 0)
        return;
    target[size] = '\0';
    snprintf(whole, sizeof whole, "%.*s%s", target[0] == '/' ? 0 : files_folder_size(path), path,
             target);
    allow_folder_of(sandbox, whole);
}

/* Where `path` would be made or replaced: of a symbolic link its target. */
static void allow_file(struct sandbox *sandbox, const char *path)
{
    char *real = realpath(path, NULL);
    if (real)
        allow_folder_of(sandbox, real);
    else
        allow_made(sandbox, path);
    free(real);
}

/* A file that is there and is written in place needs no folder; one that is kept needs nothing. */
static void allow_output(struct sandbox *sandbox, const char *path, bool in_place)
{
    struct stat status;
    int descriptor;
    if (path_is_standard(path) || is_of_other(sandbox, path) ||
        place_is_descriptor(path, &descriptor))
        return;
    const bool there = stat(path, &status) == 0;
    if (there && !S_ISREG(status.st_mode))
        allow(sandbox, path, WRITE_TO);
    else if (there && in_place)
        allow(sandbox, path, WRITE_TO | LANDLOCK_TRUNCATE);
    else if (in_place || !keeper_add(&sandbox->keeper, path))
        allow_file(sandbox, path);
}

/* Where no process can be had, the program names its outputs itself. */
static void keep_outputs(struct sandbox *sandbox)
{
    const int count = sandbox->keeper.count;
    if (!sandbox->possible || !count || keeper_start(&sandbox->keeper))
        return;
    for (int i = 0; i < count; i++)
        allow_file(sandbox, sandbox->keeper.paths[i]);
}

/* A folder for temporary files, which need rights to names only where they have some. */
static void allow_spilling(struct sandbox *sandbox, const char *folder)
{
    allow(sandbox, folder, files_know_nameless(folder) ? SPILL_IN : SPILL_BY_NAME);
}

/* ---- the command line ---- */

static void take(void *context, const struct option_row *row, const char *value)
{
    struct sandbox *sandbox = context;
    const unsigned type = row ? row->type : OPTION_READS;
    sandbox->read_any |= !row;
    if (type & (OPTION_READS | OPTION_UNPACKS))
        allow_input(sandbox, value, row ? type & OPTION_UNPACKS : sandbox->does & DOES_UNPACK);
    if (type & OPTION_UNPACKS && value[0] == '@') /* a list, or the file that has it */
        allow_input(sandbox, value + 1, true);
    if (type & OPTION_WRITES)
        allow_output(sandbox, value, type & OPTION_READS);
    if (type & OPTION_SPILLS_TO)
        allow_spilling(sandbox, value);
    sandbox->spills |= (type & OPTION_SPILLS) != 0;
    sandbox->spills_elsewhere |= (type & OPTION_SPILLS_TO) != 0;
}

static void allow_usual(struct sandbox *sandbox)
{
    if (!sandbox->read_any && sandbox->does & DOES_UNPACK)
        sandbox->spills |= is_standard_pipe();
    if (sandbox->spills || (sandbox->does & DOES_SPILL && !sandbox->spills_elsewhere))
        allow_spilling(sandbox, files_temporary());
#ifdef BASE_SANITIZED
    static const char *const reported[] = {"/proc",  "/usr",           "/lib",
                                           "/lib64", "/proc/self/exe", NULL};
    for (size_t i = 0; reported[i]; i++)
        allow(sandbox, reported[i], READ);
#endif
}

/* ---- entering ---- */

static void enter_landlock(struct sandbox *sandbox, const struct program *program, int argc,
                           char **argv)
{
    hold(sandbox, landlock_begin(&sandbox->landlock));
    if (sandbox->possible) {
        options_each(program, argc, argv, take, sandbox);
        allow_usual(sandbox);
        keep_outputs(sandbox);
    }
    if (sandbox->possible)
        hold(sandbox, landlock_enter(&sandbox->landlock));
    landlock_close(&sandbox->landlock);
}

static void tell(const struct common *common, const struct sandbox *sandbox, int calls_cause)
{
    char files[128], calls[128] = "system calls by seccomp";
    if (sandbox->possible)
        snprintf(files, sizeof files, "files%s%s by Landlock %d",
                 sandbox->landlock.abi >= 4 ? ", TCP" : "",
                 sandbox->landlock.abi >= 6 ? ", signals" : "", sandbox->landlock.abi);
    else
        snprintf(files, sizeof files, "no Landlock (%s)",
                 sandbox->cause ? strerror(sandbox->cause) : "another process's file is named");
    if (calls_cause)
        snprintf(calls, sizeof calls, "no seccomp (%s)", strerror(calls_cause));
    report_detail(common, "sandbox: %s; %s", files, calls);
    if (sandbox->possible && sandbox->keeper.count && !sandbox->keeper.socket)
        report_detail(common,
                      "sandbox: no process names the outputs: their folders can be written");
}

void sandbox_enter(const struct program *program, struct common *common, int argc, char **argv)
{
    struct sandbox sandbox = {.possible = true, .does = program->takes, .landlock.fd = -1};
    int calls_cause = 0;
    if (common->no_sandbox) {
        report_detail(common, "sandbox: none, as --no-sandbox says");
        return;
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) != 0) {
        calls_cause = errno;
        hold(&sandbox, false);
    } else {
        enter_landlock(&sandbox, program, argc, argv);
        common->keeper = sandbox.keeper;
        calls_cause = seccomp_enter() ? 0 : errno;
    }
    if (common->verbose)
        tell(common, &sandbox, calls_cause);
}

#else

void sandbox_enter(const struct program *unused_program, struct common *common, int unused_argc,
                   char **unused_argv)
{
    (void)unused_program, (void)unused_argc, (void)unused_argv;
    report_detail(common, "sandbox: none: this system has no Landlock and no seccomp");
}

#endif

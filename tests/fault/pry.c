/*
 * A library for LD_PRELOAD that does, in the middle of a program's first read, what code would that
 * a hostile file has brought in; in each of its processes. It says on stderr what came of it:
 *
 *     mp-cat pries: open EACCES, create EACCES, socket EPERM, execve EPERM
 *
 * or `done`. PRY_FILE is the file that it opens, PRY_FOLDER the folder in which it makes one. Those
 * do it that are in the folder BIN: what scripts run beside them may have its messages looked at.
 * PRY_WITHOUT is what the kernel lacks: `landlock`, `seccomp`, with `,` between them.
 */
#define _GNU_SOURCE
#undef _FORTIFY_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* What opening is refused with, by name: glibc tells names since 2.32. */
static const char *name_of(int number)
{
    return number == EACCES   ? "EACCES"
           : number == EPERM  ? "EPERM"
           : number == ENOENT ? "ENOENT"
                              : strerror(number);
}

static const char *outcome(int result)
{
    if (result >= 0)
        close(result);
    return result >= 0 ? "done" : name_of(errno);
}

static int make(void)
{
    char name[4096];
    const char *folder = getenv("PRY_FOLDER");
    snprintf(name, sizeof name, "%s/pried-%ld", folder ? folder : "", (long)getpid());
    return open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);
}

/* In a child, as the program would be gone when it succeeds. */
static const char *execute(void)
{
    char *const arguments[] = {"true", NULL}, *const environment[] = {NULL};
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        execve("/bin/true", arguments, environment);
        _exit(errno);
    }
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
        return "fails";
    return WEXITSTATUS(status) ? name_of(WEXITSTATUS(status)) : "done";
}

static bool pries;

/* Before a sandbox, which may keep it from being found out. */
__attribute__((constructor)) static void look(void)
{
    char self[4096] = "";
    const char *bin = getenv("BIN");
    pries = getenv("PRY_FILE") && bin && readlink("/proc/self/exe", self, sizeof self - 1) > 0 &&
            strncmp(self, bin, strlen(bin)) == 0;
}

static void pry(void)
{
    static pid_t pried;
    char line[256];
    if (pried == getpid() || !pries)
        return;
    pried = getpid();
    const char *opened = outcome(open(getenv("PRY_FILE"), O_RDONLY));
    const char *made = outcome(make());
    const char *connected = outcome(socket(AF_INET, SOCK_STREAM, 0));
    int size = snprintf(line, sizeof line, "%s pries: open %s, create %s, socket %s, execve %s\n",
                        program_invocation_short_name, opened, made, connected, execute());
    if (write(STDERR_FILENO, line, (size_t)size) != size)
        abort();
}

ssize_t read(int fd, void *buf, size_t nbytes)
{
    pry();
    return REAL(read)(fd, buf, nbytes);
}

ssize_t __read_chk(int fd, void *bytes, size_t size, size_t unused)
{
    (void)unused;
    return read(fd, bytes, size);
}

ssize_t readv(int fd, const struct iovec *iovec, int count)
{
    pry();
    return REAL(readv)(fd, iovec, count);
}

/* Those that have no function in the C library, as on a kernel that is older than they are. */
long syscall(long sysno, ...)
{
    const char *lacks = getenv("PRY_WITHOUT");
    long argument[6];
    va_list arguments;
    va_start(arguments, sysno);
    for (int i = 0; i < 6; i++)
        argument[i] = va_arg(arguments, long);
    va_end(arguments);
    errno = ENOSYS;
    if (lacks && ((sysno >= 444 && sysno <= 446 && strstr(lacks, "landlock")) ||
                  (sysno == SYS_seccomp && strstr(lacks, "seccomp"))))
        return -1;
    return REAL(syscall)(sysno, argument[0], argument[1], argument[2], argument[3], argument[4],
                         argument[5]);
}

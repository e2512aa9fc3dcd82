/*
 * A list of what is refused, not of what is let through. Which calls a C library, a sanitizer or a
 * tool that watches makes to do what a program asks of it changes with each release: a list of what
 * is let through would have to follow them all, on every system and machine, and where it does not,
 * programs fail in the hands of users. What must not happen changes little. What a list of refusals
 * can't foresee are the calls that kernels will get; so those behind the last one that was looked
 * at do not exist (ENOSYS), and libraries take the ways that they take on kernels that are older.
 *
 * A filter is a program for a small machine that sees a call's number, the machine's kind and the
 * arguments (not what these point to). It has
 *
 *     kind     another than it was built for (as by `int 0x80`)         ends the process
 *     number   behind the last one that was looked at, or x32's         ENOSYS
 *     clone    new namespaces among its flags                           EPERM
 *     clone3   whose flags lie in memory                                ENOSYS, at which libraries
 *                                                                       take clone
 *     ioctl    that types into a terminal                               EPERM
 *     sendto   to an address                                            EPERM
 *     the list of refused                                               EPERM
 *
 * The list is sorted, and cut into blocks, so that a call is compared with some twenty numbers, and
 * not with all: the kernel goes through the filter once for each number that there is to learn
 * which are always let through, and from then on these cost nothing.
 *
 * Kernels before 5.16 turn on with a filter what keeps one part of a process from guessing the
 * memory of another (Speculative Store Bypass), and slows all of its work. These programs have no
 * such parts, so it is told to leave that.
 */
#define _GNU_SOURCE /* syscall */
#include "base/seccomp.h"

#include <errno.h>
#include <stddef.h>

#if defined __linux__ && defined __has_include
#if __has_include(                                                                                 \
    <linux/seccomp.h>) && __has_include(<linux/filter.h>) && __has_include(<linux/audit.h>)
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#if defined __x86_64__ && !defined __ILP32__
#define MACHINE AUDIT_ARCH_X86_64
#elif defined __i386__
#define MACHINE AUDIT_ARCH_I386
#elif defined __aarch64__
#define MACHINE AUDIT_ARCH_AARCH64
#elif defined __arm__ && defined __ARM_EABI__ && !defined __ARMEB__
#define MACHINE AUDIT_ARCH_ARM
#elif defined __s390x__
#define MACHINE AUDIT_ARCH_S390X
#elif defined __riscv && __riscv_xlen == 64
#define MACHINE AUDIT_ARCH_RISCV64
#elif defined __powerpc64__ && defined __LITTLE_ENDIAN__
#define MACHINE AUDIT_ARCH_PPC64LE
#elif defined __loongarch64 && defined AUDIT_ARCH_LOONGARCH64
#define MACHINE AUDIT_ARCH_LOONGARCH64
#endif
#endif
#endif

#ifdef MACHINE

#include "base/sanitized.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SECCOMP_FILTER_FLAG_SPEC_ALLOW
#define SECCOMP_FILTER_FLAG_SPEC_ALLOW (1UL << 2)
#endif

/* mseal: of those behind it, none is used by a C library before it has tried something older. */
enum { LAST_KNOWN = 462 };

#ifdef __arm__
enum { FIRST_OF_ARM = 0x0f0000 }; /* a few calls of its own, far behind all others */
#endif

/* CLONE_NEWNS, CGROUP, UTS, IPC, USER, PID, NET, and TIME, which stands where a signal does. */
enum { NEW_NAMESPACES = 0x7e020000 };

/* ---- the list ---- */

static const int refused[] = {
    /* other programs */
    __NR_execve, __NR_execveat,
    /* sockets, but for a pair of them */
    __NR_socket, __NR_bind, __NR_connect, __NR_listen, __NR_accept4, __NR_sendmsg, __NR_sendmmsg,
#ifdef __NR_accept
    __NR_accept,
#endif
/* other processes; a sanitizer that looks for leaks traces itself */
#ifndef BASE_SANITIZED
    __NR_ptrace,
#endif
    __NR_process_vm_readv, __NR_process_vm_writev, __NR_kcmp, __NR_move_pages, __NR_migrate_pages,
#ifdef __NR_pidfd_open
    __NR_pidfd_open, __NR_pidfd_send_signal,
#endif
#ifdef __NR_pidfd_getfd
    __NR_pidfd_getfd,
#endif
#ifdef __NR_process_madvise
    __NR_process_madvise,
#endif
    /* keys */
    __NR_add_key, __NR_request_key, __NR_keyctl,
    /* parts of the kernel that no parser needs, and that many attacks on it began with */
    __NR_bpf, __NR_perf_event_open, __NR_userfaultfd, __NR_fanotify_init, __NR_fanotify_mark,
#ifdef __NR_io_uring_setup
    __NR_io_uring_setup, __NR_io_uring_enter, __NR_io_uring_register,
#endif
#ifdef __NR_modify_ldt
    __NR_modify_ldt,
#endif
#if defined __NR_vm86 && defined __NR_vm86old
    __NR_vm86, __NR_vm86old,
#endif
    /* memory and messages that processes share by name */
    __NR_mq_open, __NR_mq_unlink,
#ifdef __NR_shmget
    __NR_shmget, __NR_shmat, __NR_semget, __NR_msgget,
#endif
#ifdef __NR_ipc
    __NR_ipc,
#endif
    /* the kernel itself */
    __NR_init_module, __NR_finit_module, __NR_delete_module, __NR_kexec_load,
#ifdef __NR_kexec_file_load
    __NR_kexec_file_load,
#endif
    __NR_reboot, __NR_swapon, __NR_swapoff, __NR_syslog, __NR_acct, __NR_quotactl, __NR_vhangup,
    __NR_sethostname, __NR_setdomainname,
#ifdef __NR_iopl
    __NR_iopl, __NR_ioperm,
#endif
    /* the clock */
    __NR_settimeofday, __NR_adjtimex, __NR_clock_settime, __NR_clock_adjtime,
#ifdef __NR_clock_settime64
    __NR_clock_settime64, __NR_clock_adjtime64,
#endif
#ifdef __NR_stime
    __NR_stime,
#endif
    /* mounts */
    __NR_mount, __NR_umount2, __NR_pivot_root, __NR_chroot,
#ifdef __NR_open_tree
    __NR_open_tree, __NR_move_mount, __NR_fsopen, __NR_fsconfig, __NR_fsmount, __NR_fspick,
#endif
#ifdef __NR_mount_setattr
    __NR_mount_setattr,
#endif
    /* namespaces */
    __NR_unshare, __NR_setns,
    /* users and what they may do */
    __NR_setuid, __NR_setgid, __NR_setreuid, __NR_setregid, __NR_setresuid, __NR_setresgid,
    __NR_setfsuid, __NR_setfsgid, __NR_setgroups, __NR_capset,
#ifdef __NR_setuid32
    __NR_setuid32, __NR_setgid32, __NR_setreuid32, __NR_setregid32, __NR_setresuid32,
    __NR_setresgid32, __NR_setfsuid32, __NR_setfsgid32, __NR_setgroups32,
#endif
    /* files by ways that know no path, or that Landlock does not look at */
    __NR_open_by_handle_at, __NR_name_to_handle_at, __NR_mknodat, __NR_fchmodat, __NR_fchownat,
    __NR_setxattr, __NR_lsetxattr, __NR_removexattr, __NR_lremovexattr,
#ifdef __NR_mknod
    __NR_mknod, __NR_chmod,
#endif
#ifdef __NR_chown
    __NR_chown, __NR_lchown,
#endif
#ifdef __NR_chown32
    __NR_chown32, __NR_lchown32,
#endif
    452, /* fchmodat2 */
};

enum { REFUSED = sizeof refused / sizeof refused[0], BLOCK = 8 };

unsigned seccomp_refused(const int **numbers)
{
    *numbers = refused;
    return REFUSED;
}

/* ---- the filter ---- */

enum {
    LOAD = BPF_LD | BPF_W | BPF_ABS,
    IF_EQUAL = BPF_JMP | BPF_JEQ | BPF_K,
    IF_ABOVE = BPF_JMP | BPF_JGT | BPF_K,
    IF_ANY_BIT = BPF_JMP | BPF_JSET | BPF_K,
    RETURN = BPF_RET | BPF_K,
    ALLOW = SECCOMP_RET_ALLOW,
    REFUSE = SECCOMP_RET_ERRNO | EPERM,
    DENY_THAT_IT_IS = SECCOMP_RET_ERRNO | ENOSYS
};

struct filter {
    struct sock_filter steps[2 * REFUSED + 64];
    unsigned short count;
};

/* A step that goes on behind so many others, when it holds and when not. */
static void add(struct filter *filter, unsigned code, uint32_t value, unsigned yes, unsigned no)
{
    filter->steps[filter->count++] =
        (struct sock_filter){(uint16_t)code, (uint8_t)yes, (uint8_t)no, value};
}

/* Loads the half of an argument that has its low bits. */
static void load_argument(struct filter *filter, unsigned number)
{
    uint32_t at = (uint32_t)offsetof(struct seccomp_data, args) + 8 * number;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    at += 4;
#endif
    add(filter, LOAD, at, 0, 0);
}

/* Of that call, refuses those with one of the bits in an argument; the number is loaded. */
static void refuse_bits(struct filter *filter, int call, unsigned argument, uint32_t bits)
{
    add(filter, IF_EQUAL, (uint32_t)call, 0, 4);
    load_argument(filter, argument);
    add(filter, IF_ANY_BIT, bits, 0, 1);
    add(filter, RETURN, REFUSE, 0, 0);
    add(filter, RETURN, ALLOW, 0, 0);
}

static void refuse_ioctls(struct filter *filter)
{
    add(filter, IF_EQUAL, __NR_ioctl, 0, 5);
    load_argument(filter, 1);
    add(filter, IF_EQUAL, TIOCSTI, 1, 0);
    add(filter, IF_EQUAL, TIOCLINUX, 0, 1);
    add(filter, RETURN, REFUSE, 0, 0);
    add(filter, RETURN, ALLOW, 0, 0);
}

/* One call for all of sockets: a pair, and what is sent and received by it. */
static void refuse_socketcalls(struct filter *filter)
{
#ifdef __NR_socketcall
    enum { PAIR = 8, RECEIVE = 10, RECEIVE_MESSAGE = 17 };
    add(filter, IF_EQUAL, __NR_socketcall, 0, 6);
    load_argument(filter, 0);
    add(filter, IF_EQUAL, RECEIVE_MESSAGE, 3, 0);
    add(filter, IF_ABOVE, PAIR - 1, 0, 1);
    add(filter, IF_ABOVE, RECEIVE, 0, 1);
    add(filter, RETURN, REFUSE, 0, 0);
    add(filter, RETURN, ALLOW, 0, 0);
#else
    (void)filter;
#endif
}

static void refuse_by_arguments(struct filter *filter)
{
#ifdef __s390x__
    refuse_bits(filter, __NR_clone, 1, NEW_NAMESPACES);
#else
    refuse_bits(filter, __NR_clone, 0, NEW_NAMESPACES);
#endif
    refuse_bits(filter, __NR_sendto, 5, UINT32_MAX); /* the address's size */
    refuse_ioctls(filter);
    refuse_socketcalls(filter);
#ifdef __NR_clone3
    add(filter, IF_EQUAL, __NR_clone3, 0, 1);
    add(filter, RETURN, DENY_THAT_IT_IS, 0, 0);
#endif
}

/* Numbers in order: one that is not above a block's last is in it or nowhere. */
static void refuse_block(struct filter *filter, const int *numbers, unsigned count)
{
    add(filter, IF_ABOVE, (uint32_t)numbers[count - 1], count + 2, 0);
    for (unsigned i = 0; i < count; i++)
        add(filter, IF_EQUAL, (uint32_t)numbers[i], count - i, 0);
    add(filter, RETURN, ALLOW, 0, 0);
    add(filter, RETURN, REFUSE, 0, 0);
}

static int compare(const void *left, const void *right)
{
    return *(const int *)left - *(const int *)right;
}

static void make(struct filter *filter)
{
    int sorted[REFUSED];
    memcpy(sorted, refused, sizeof sorted);
    qsort(sorted, REFUSED, sizeof sorted[0], compare);
    add(filter, LOAD, offsetof(struct seccomp_data, arch), 0, 0);
    add(filter, IF_EQUAL, MACHINE, 1, 0);
    add(filter, RETURN, SECCOMP_RET_KILL_PROCESS, 0, 0);
    add(filter, LOAD, offsetof(struct seccomp_data, nr), 0, 0);
#ifdef __arm__
    add(filter, IF_ABOVE, FIRST_OF_ARM - 1, 0, 1);
    add(filter, RETURN, ALLOW, 0, 0);
#endif
    add(filter, IF_ABOVE, LAST_KNOWN, 0, 1);
    add(filter, RETURN, DENY_THAT_IT_IS, 0, 0);
    refuse_by_arguments(filter);
    for (unsigned i = 0; i < REFUSED; i += BLOCK)
        refuse_block(filter, sorted + i, REFUSED - i < BLOCK ? REFUSED - i : BLOCK);
    add(filter, RETURN, ALLOW, 0, 0);
}

bool seccomp_enter(void)
{
    struct filter filter = {.count = 0};
    make(&filter);
    const struct sock_fprog program = {filter.count, filter.steps};
    const unsigned set = SECCOMP_SET_MODE_FILTER;
    /* Kernels that do not know the flag have nothing that it would turn off. */
    return syscall(__NR_seccomp, set, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program) == 0 ||
           (errno == EINVAL && syscall(__NR_seccomp, set, 0UL, &program) == 0);
}

#else

bool seccomp_enter(void)
{
    errno = ENOSYS;
    return false;
}

unsigned seccomp_refused(const int **numbers)
{
    *numbers = NULL;
    return 0;
}

#endif

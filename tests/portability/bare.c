/*
 * As much of a system as a unit test needs that is linked statically: it is started with the
 * environment that the loader's command line holds, gets memory, and what it writes goes to the
 * first serial port. At its end comes a line `status N`, and the machine is switched off.
 *
 * Addresses are those of the memory (see bare_start.S). Below the kernel is the test, above it are
 * what was loaded, the test's stack, its heap, and what it maps. Of that, pages can be taken away
 * (PROT_NONE), and the one at 0 is; all else can be read and written. There is one thread, and
 * there are no files. What a test can do without is refused as Linux refuses what it does not have;
 * so is what is not known, which is named.
 */
#include <asm/mman.h>
#include <asm/unistd_64.h>
#include <elf.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

enum {
    PAGE = 4096,
    LARGE_PAGE = 2 << 20,
    TEST_END = 16 << 20, /* where the kernel begins, and behind it what was loaded */
    STACK = 126 << 20,   /* its upper end */
    HEAP = 128 << 20,
    HEAP_END = 384 << 20,
    MAPS = HEAP_END,
    MAPS_END = 1000 << 20
};

/* ---- bare_start.S ---- */

enum { EXCEPTIONS = 32 };
extern const uint64_t exceptions[EXCEPTIONS];
extern const char call_entry[];
extern uint64_t level_2[]; /* large pages, by their number; all are there, and may be written */
_Noreturn void run_test(uint64_t entry, const uint64_t *stack);

/* What it calls. */
_Noreturn void kernel(const uint32_t *loaded);
uint64_t system_call(uint64_t number, uint64_t first, uint64_t second, uint64_t third,
                     uint64_t fourth);
_Noreturn void exception_came(uint64_t number, uint64_t error, uint64_t at, uint64_t address);

/* ---- the machine ---- */

static void out(uint16_t port, uint8_t byte)
{
    __asm__ volatile("outb %0, %1" : : "a"(byte), "Nd"(port));
}

static uint8_t in(uint16_t port)
{
    uint8_t byte;
    __asm__ volatile("inb %1, %0" : "=a"(byte) : "Nd"(port));
    return byte;
}

static void set_register(uint32_t number, uint64_t value)
{
    __asm__ volatile("wrmsr" : : "c"(number), "a"((uint32_t)value), "d"((uint32_t)(value >> 32)));
}

static uint64_t clock_ticks(void)
{
    uint32_t low, high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

/* A compiler calls these two by itself. */
void *memcpy(void *to, const void *from, size_t size);
void *memset(void *to, int byte, size_t size);

void *memcpy(void *to, const void *from, size_t size)
{
    void *at = to;
    __asm__ volatile("rep movsb" : "+D"(at), "+S"(from), "+c"(size) : : "memory");
    return to;
}

void *memset(void *to, int byte, size_t size)
{
    void *at = to;
    __asm__ volatile("rep stosb" : "+D"(at), "+c"(size) : "a"(byte) : "memory");
    return to;
}

/* ---- output ---- */

enum { SERIAL = 0x3f8, STATUS = 5, TAKES_ONE = 0x20, ALL_SENT = 0x40, POWER = 0x8900 };

static void serial_start(void)
{
    enum { DIVISOR = 1, LINE = 3, SET_DIVISOR = 0x80, EIGHT_BITS = 3 };
    out(SERIAL + LINE, SET_DIVISOR | EIGHT_BITS);
    out(SERIAL, DIVISOR);
    out(SERIAL + 1, 0);
    out(SERIAL + LINE, EIGHT_BITS);
}

/* Not for ever, lest a test that has ended waits on: one of the first runs did not end. */
static void await_port(uint8_t status)
{
    enum { LOOKS = 100000 };
    for (int i = 0; i < LOOKS && !(in(SERIAL + STATUS) & status); i++)
        continue;
}

static void write_bytes(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        await_port(TAKES_ONE);
        out(SERIAL, (uint8_t)bytes[i]);
    }
}

static void write_text(const char *text)
{
    size_t size = 0;
    while (text[size])
        size++;
    write_bytes(text, size);
}

static void write_number(uint64_t number)
{
    char digits[20];
    size_t first = sizeof digits;
    do
        digits[--first] = (char)('0' + number % 10);
    while (number /= 10);
    write_bytes(digits + first, sizeof digits - first);
}

static _Noreturn void end(uint64_t status)
{
    static const char word[] = "Shutdown";
    write_text("\nstatus ");
    write_number(status);
    write_text("\n");
    await_port(ALL_SENT); /* what is on its way when it is switched off is lost */
    for (;;)
        for (size_t i = 0; i + 1 < sizeof word; i++)
            out(POWER, (uint8_t)word[i]);
}

enum { KILLED = 128 };

void exception_came(uint64_t number, uint64_t error, uint64_t at, uint64_t address)
{
    write_text("\n# exception ");
    write_number(number);
    write_text(", error ");
    write_number(error);
    write_text(", at ");
    write_number(at);
    write_text(", about ");
    write_number(address);
    end(KILLED);
}

/* ---- memory ---- */

enum { MOST_UNMAPPED = 4096 };
struct stretch {
    uint64_t begin, size;
};

static struct {
    uint64_t heap, maps; /* their ends */
    struct stretch unmapped[MOST_UNMAPPED];
    size_t unmapped_count;
} memory = {.heap = HEAP, .maps = MAPS};

static uint64_t refuse(int why)
{
    return (uint64_t) - (int64_t)why;
}

static uint64_t round_up(uint64_t number, uint64_t unit)
{
    return (number + unit - 1) / unit * unit;
}

static void *at_address(uint64_t address)
{
    return (void *)address; /* NOLINT(performance-no-int-to-ptr): it is one */
}

static uint64_t move_heap(uint64_t to)
{
    if (to < HEAP || to > HEAP_END)
        return memory.heap;
    if (to > memory.heap)
        memset(at_address(memory.heap), 0, to - memory.heap);
    return memory.heap = to;
}

/* ---- pages ---- */

enum { ENTRIES = 512, PRESENT = 1, WRITABLE = 2, LOW = 1 };
static uint64_t small_pages[LOW + (MAPS_END - MAPS) / LARGE_PAGE][ENTRIES]
    __attribute__((aligned(PAGE)));

/* The entry of a small page: below LARGE_PAGE, or among what is mapped. */
static uint64_t *entry_of(uint64_t address)
{
    const uint64_t table = address < LARGE_PAGE ? 0 : LOW + (address - MAPS) / LARGE_PAGE;
    return &small_pages[table][address / PAGE % ENTRIES];
}

static void set_there(uint64_t begin, uint64_t size, bool there)
{
    for (uint64_t at = begin; at < begin + size; at += PAGE) {
        *entry_of(at) = at | WRITABLE | (there ? PRESENT : 0);
        __asm__ volatile("invlpg (%0)" : : "r"(at) : "memory");
    }
}

/* Has these large pages, which lie in `small_pages`, consist of small ones. */
static void split_pages(uint64_t begin, uint64_t end)
{
    set_there(begin, end - begin, true);
    for (uint64_t at = begin; at < end; at += LARGE_PAGE)
        level_2[at / LARGE_PAGE] = (uintptr_t)entry_of(at) | WRITABLE | PRESENT;
}

static void make_pages(void)
{
    split_pages(0, LARGE_PAGE);
    split_pages(MAPS, MAPS_END);
    set_there(0, PAGE, false);
}

/* Elsewhere there is no protection. */
static uint64_t protect(uint64_t begin, uint64_t size, uint64_t protection)
{
    const bool is_mapped = begin >= MAPS && begin < MAPS_END && size <= MAPS_END - begin;
    if (is_mapped)
        set_there(begin, size, protection != PROT_NONE);
    return is_mapped || protection != PROT_NONE ? 0 : refuse(EINVAL);
}

/* ---- what is mapped ---- */

/* Where so many bytes begin that were given back, or were not used yet; 0: nowhere. */
static uint64_t find_room(uint64_t size)
{
    for (size_t i = 0; i < memory.unmapped_count; i++)
        if (memory.unmapped[i].size == size) {
            const uint64_t begin = memory.unmapped[i].begin;
            memory.unmapped[i] = memory.unmapped[--memory.unmapped_count];
            return begin;
        }
    const uint64_t begin = round_up(memory.maps, size < LARGE_PAGE ? PAGE : LARGE_PAGE);
    if (size > MAPS_END - begin)
        return 0;
    memory.maps = begin + size;
    return begin;
}

static uint64_t map(uint64_t size, uint64_t flags)
{
    if (!(flags & MAP_ANONYMOUS) || flags & MAP_FIXED)
        return refuse(EINVAL);
    size = round_up(size, PAGE);
    const uint64_t begin = find_room(size);
    if (!begin)
        return refuse(ENOMEM);
    set_there(begin, size, true);
    memset(at_address(begin), 0, size);
    return begin;
}

static uint64_t unmap(uint64_t begin, uint64_t size)
{
    size = round_up(size, PAGE);
    if (memory.unmapped_count < MOST_UNMAPPED)
        memory.unmapped[memory.unmapped_count++] = (struct stretch){begin, size};
    return protect(begin, size, PROT_NONE);
}

static uint64_t map_anew(uint64_t begin, uint64_t size, uint64_t wanted)
{
    if (wanted <= size)
        return begin;
    const uint64_t there = map(wanted, MAP_ANONYMOUS);
    if (there < MAPS_END) {
        memcpy(at_address(there), at_address(begin), size);
        unmap(begin, size);
    }
    return there;
}

/* ---- system calls ---- */

static uint64_t write_vectors(const struct iovec *vectors, uint64_t count)
{
    uint64_t size = 0;
    for (uint64_t i = 0; i < count; i++) {
        write_bytes(vectors[i].iov_base, vectors[i].iov_len);
        size += vectors[i].iov_len;
    }
    return size;
}

static uint64_t tell_time(uint64_t *seconds)
{
    enum { TICKS = 1000000000 }; /* in a second */
    const uint64_t ticks = clock_ticks();
    seconds[0] = ticks / TICKS;
    seconds[1] = ticks % TICKS;
    return 0;
}

static uint64_t set_thread_area(uint64_t what, uint64_t address)
{
    enum { SET_FS = 0x1002 };
    const uint32_t fs_base = 0xc0000100;
    if (what != SET_FS)
        return refuse(EINVAL);
    set_register(fs_base, address);
    return 0;
}

/* One CPU. */
static uint64_t tell_cpus(uint64_t size, uint64_t *set)
{
    if (size < sizeof *set)
        return refuse(EINVAL);
    *set = 1;
    return sizeof *set;
}

static uint64_t refuse_unknown(uint64_t number)
{
    write_text("\n# system call ");
    write_number(number);
    write_text("\n");
    return refuse(ENOSYS);
}

uint64_t system_call(uint64_t number, uint64_t first, uint64_t second, uint64_t third,
                     uint64_t fourth)
{
    switch (number) {
    case __NR_write:
        write_bytes(at_address(second), third);
        return third;
    case __NR_writev:
        return write_vectors(at_address(second), third);
    case __NR_brk:
        return move_heap(first);
    case __NR_mmap:
        return map(second, fourth);
    case __NR_munmap:
        return unmap(first, second);
    case __NR_mremap:
        return map_anew(first, second, third);
    case __NR_clock_gettime:
        return tell_time(at_address(second));
    case __NR_arch_prctl:
        return set_thread_area(first, second);
    case __NR_sched_getaffinity:
        return tell_cpus(second, at_address(third));
    case __NR_getpid:
    case __NR_gettid:
    case __NR_set_tid_address:
        return 1;
    case __NR_mprotect:
        return protect(first, second, third);
    case __NR_madvise:
    case __NR_rt_sigaction:
    case __NR_rt_sigprocmask:
    case __NR_sigaltstack:
    case __NR_set_robust_list:
        return 0;
    case __NR_exit:
    case __NR_exit_group:
        end(first);
    case __NR_tgkill:
        end(KILLED + third);
    case __NR_ioctl:
        return refuse(ENOTTY);
    case __NR_readlink:
    case __NR_readlinkat:
    case __NR_fstat:
    case __NR_newfstatat:
    case __NR_prlimit64:
    case __NR_rseq:
    case __NR_getrandom:
    case __NR_sysinfo:
        return refuse(ENOSYS);
    default:
        return refuse_unknown(number);
    }
}

/* ---- the start ---- */

struct gate {
    uint16_t low, segment, type, middle;
    uint32_t high, reserved;
};

static void expect_exceptions(void)
{
    enum { SEGMENT = 8, INTERRUPT_GATE = 0x8e00 };
    static struct gate gates[EXCEPTIONS];
    const struct __attribute__((packed)) {
        uint16_t limit;
        const struct gate *gates;
    } table = {sizeof gates - 1, gates};
    for (int i = 0; i < EXCEPTIONS; i++) {
        const uint64_t at = exceptions[i];
        gates[i] = (struct gate){
            (uint16_t)at, SEGMENT, INTERRUPT_GATE, (uint16_t)(at >> 16), (uint32_t)(at >> 32), 0};
    }
    __asm__ volatile("lidt %0" : : "m"(table) : "memory");
}

static void expect_calls(void)
{
    const uint32_t segments = 0xc0000081, entry = 0xc0000082, cleared = 0xc0000084;
    set_register(segments, UINT64_C(8) << 32);
    set_register(entry, (uintptr_t)call_entry);
    set_register(cleared, 0);
}

/* Puts a program where it is linked for; returns where its headers are. */
static uint64_t place_program(const char *file, const Elf64_Ehdr *header)
{
    const Elf64_Phdr *parts = (const void *)(file + header->e_phoff);
    uint64_t headers = 0;
    for (int i = 0; i < header->e_phnum; i++) {
        const Elf64_Phdr *part = &parts[i];
        if (part->p_type != PT_LOAD)
            continue;
        if (part->p_vaddr + part->p_memsz > TEST_END) {
            write_text("# a program is too large, or linked for elsewhere\n");
            end(KILLED);
        }
        memcpy(at_address(part->p_vaddr), file + part->p_offset, part->p_filesz);
        memset(at_address(part->p_vaddr + part->p_filesz), 0, part->p_memsz - part->p_filesz);
        if (part->p_offset == 0)
            headers = part->p_vaddr + header->e_phoff;
    }
    return headers;
}

/* Appends the words of a line, which become strings; returns the end. */
static uint64_t *push_words(uint64_t *stack, char *line)
{
    while (*line) {
        while (*line == ' ')
            *line++ = '\0';
        if (*line)
            *stack++ = (uintptr_t)line;
        while (*line && *line != ' ')
            line++;
    }
    return stack;
}

/* What Linux puts there: arguments, environment, what a program is told of itself. */
static const uint64_t *fill_stack(char *environment, const Elf64_Ehdr *header, uint64_t headers)
{
    static const uint64_t random[2] = {1, 2};
    enum { ROOM = 4096 };
    uint64_t *const stack = at_address(STACK - ROOM * sizeof(uint64_t)), *to = stack;
    *to++ = 1;
    *to++ = (uintptr_t) "test";
    *to++ = 0;
    to = push_words(to, environment);
    *to++ = 0;
    const uint64_t told[] = {
        AT_PHDR,   headers, AT_PHENT, sizeof(Elf64_Phdr), AT_PHNUM,  header->e_phnum,
        AT_PAGESZ, PAGE,    AT_ENTRY, header->e_entry,    AT_RANDOM, (uintptr_t)random,
        AT_NULL,   0};
    memcpy(to, told, sizeof told);
    return stack;
}

/* `loaded` is what a loader tells of itself by the first version of multiboot. */
void kernel(const uint32_t *loaded)
{
    enum { MODULES = 5, MODULES_AT = 6, BEGIN = 0, LINE = 2 };
    serial_start();
    expect_exceptions();
    expect_calls();
    make_pages();
    if (!loaded[MODULES]) {
        write_text("# no program was loaded\n");
        end(KILLED);
    }
    const uint32_t *module = at_address(loaded[MODULES_AT]);
    const char *file = at_address(module[BEGIN]);
    const Elf64_Ehdr *header = (const void *)file;
    const uint64_t headers = place_program(file, header);
    run_test(header->e_entry, fill_stack(at_address(module[LINE]), header, headers));
}

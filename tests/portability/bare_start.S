# What comes before bare.c, and between it and the test: from the protected mode in which a
# multiboot loader hands over to 64 bits with all of AVX-512 enabled, the first 4 GB of addresses
# mapped as they are; system calls; exceptions. The test runs in ring 0, too.

.set PRESENT_WRITABLE, 0x3
.set LARGE_PAGE, 0x80

.section .multiboot, "a"
.balign 8
    .long 0x1BADB002, 0x3, -(0x1BADB002 + 0x3)

.bss
.balign 4096
level_4: .skip 4096
level_3: .skip 4096
level_2: .skip 4 * 4096
.globl level_2
.balign 16
    .skip 0x10000
kernel_stack:
    .skip 0x10000
call_stack:
test_stack: .skip 8

.data
.balign 8
segments: .quad 0, 0x00af9a000000ffff, 0x00cf92000000ffff
segments_at:
    .word 23
    .long segments
loaded: .long 0
vector_state: .long 0x1f80

.text
.code32
.globl start
start:
    cli
    mov %ebx, loaded
    mov $kernel_stack, %esp
    movl $level_3 + PRESENT_WRITABLE, level_4
    mov $level_2 + PRESENT_WRITABLE, %eax
    mov $level_3, %edi
    mov $4, %ecx
0:  mov %eax, (%edi)
    add $4096, %eax
    add $8, %edi
    loop 0b
    mov $LARGE_PAGE + PRESENT_WRITABLE, %eax
    mov $level_2, %edi
    mov $4 * 512, %ecx
0:  mov %eax, (%edi)
    add $0x200000, %eax
    add $8, %edi
    loop 0b

    mov %cr4, %eax
    or $0x40620, %eax           # PAE, OSFXSR, OSXMMEXCPT, OSXSAVE
    mov %eax, %cr4
    mov $level_4, %eax
    mov %eax, %cr3
    mov $0xc0000080, %ecx       # EFER: LME, SCE
    rdmsr
    or $0x101, %eax
    wrmsr
    mov %cr0, %eax
    and $~0x4, %eax             # not EM
    or $0x80000002, %eax        # PG, MP
    mov %eax, %cr0
    lgdt segments_at
    ljmp $8, $start_64

.code64
start_64:
    mov $16, %ax
    mov %ax, %ds
    mov %ax, %es
    mov %ax, %ss
    xor %ecx, %ecx              # XCR0: x87, SSE, AVX, and the three parts of AVX-512
    xor %edx, %edx
    mov $0xe7, %eax
    xsetbv
    fninit
    ldmxcsr vector_state
    mov $kernel_stack, %rsp
    mov loaded, %edi
    call kernel

# run_test(entry, stack)
.globl run_test
run_test:
    mov %rsi, %rsp
    xor %edx, %edx
    xor %ebp, %ebp
    jmp *%rdi

# rcx has where to go on, r11 the flags. What a test has below its stack is left alone.
.globl call_entry
call_entry:
    mov %rsp, test_stack
    mov $call_stack, %rsp
    push %rcx
    push %r11
    push %rdi
    push %rsi
    push %rdx
    push %r10
    push %r8
    push %r9
    mov %rdx, %rcx
    mov %rsi, %rdx
    mov %rdi, %rsi
    mov %rax, %rdi
    mov %r10, %r8
    call system_call
    pop %r9
    pop %r8
    pop %r10
    pop %rdx
    pop %rsi
    pop %rdi
    popfq                       # its flags, which a mov leaves as they are
    pop %rcx
    mov test_stack, %rsp
    jmp *%rcx

# Each exception comes to stand below its error, or a 0 in the place of one.
.set EXCEPTIONS, 32
.macro exception number
exception_\number:
    .ifeq (\number == 8) | (\number >= 10 && \number <= 14) | (\number == 17) | (\number == 21)
    push $0
    .endif
    push $\number
    jmp exception
.endm
.altmacro
.macro handler number
    exception \number
.endm
.macro place number
    .quad exception_\number
.endm
.set n, 0
.rept EXCEPTIONS
    handler %n
    .set n, n + 1
.endr
exception:
    mov (%rsp), %rdi
    mov 8(%rsp), %rsi
    mov 16(%rsp), %rdx
    mov %cr2, %rcx
    and $-16, %rsp
    call exception_came

.section .rodata
.balign 8
.globl exceptions
exceptions:
.set n, 0
.rept EXCEPTIONS
    place %n
    .set n, n + 1
.endr

.section .note.GNU-stack, "", @progbits

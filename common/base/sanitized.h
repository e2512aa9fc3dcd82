/*
 * sanitized: BASE_SANITIZED is defined where the program is built with a sanitizer that has needs
 * of its own: it reads what the kernel tells of the process, and its libraries, to write a report.
 */
#ifndef BASE_SANITIZED_H
#define BASE_SANITIZED_H

#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define BASE_SANITIZED 1
#elif defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
    __has_feature(memory_sanitizer)
#define BASE_SANITIZED 1
#endif
#endif

#endif

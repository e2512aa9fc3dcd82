/*
 * Delays at random where threads meet, so that a program takes other ways through its locks than
 * those that it takes by itself. It is linked into the programs in place of the functions below
 * (`ld --wrap`), and calls what they are in truth, so that a sanitizer sees each call.
 *
 * SCHEDULE_SEED draws a schedule: for each thread, in the order in which they are started, how
 * often it is held up and for how long. Some are not at all, some at each turn, so that a reader, a
 * worker or a writer is far ahead of the others, or far behind. Without a seed there are no delays.
 *
 * It is built without a sanitizer: what it does itself must not put anything in an order.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* ---- a draw ---- */

static uint64_t threads; /* started so far */

static __thread struct {
    uint64_t state;
    uint64_t often; /* of 64 turns it is held up in so many */
    long longest;   /* nanoseconds */
    enum { UNKNOWN, HASTY, HELD_UP } manner;
} self;

/* splitmix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014). */
static uint64_t draw(void)
{
    uint64_t z = self.state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static void settle(void)
{
    static const long longest[] = {20000, 100000, 400000, 2000000};
    const char *seed = getenv("SCHEDULE_SEED");
    self.manner = seed ? HELD_UP : HASTY;
    if (!seed)
        return;
    uint64_t number = __atomic_add_fetch(&threads, 1, __ATOMIC_RELAXED);
    self.state = strtoull(seed, NULL, 10) * 1000003 + number;
    uint64_t kind = draw() % 4;
    self.often = kind == 0 ? 0 : kind == 1 ? 2 : kind == 2 ? 16 : 64;
    self.longest = longest[draw() % 4];
    if (kind == 3 && self.longest > 100000)
        self.longest = 100000;
}

static void delay(void)
{
    if (self.manner == UNKNOWN)
        settle();
    if (self.manner == HASTY)
        return;
    if (draw() % 4 == 0)
        sched_yield();
    if (draw() % 64 >= self.often)
        return;
    struct timespec pause = {0, (long)(draw() % (uint64_t)self.longest)};
    nanosleep(&pause, NULL);
}

/* ---- threads ---- */

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                          void *argument);
int __real_pthread_mutex_lock(pthread_mutex_t *mutex);
int __real_pthread_mutex_unlock(pthread_mutex_t *mutex);
int __real_pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex);
int __real_pthread_cond_signal(pthread_cond_t *condition);
int __real_pthread_cond_broadcast(pthread_cond_t *condition);
int __real_pthread_join(pthread_t thread, void **result);

struct start {
    void *(*run)(void *);
    void *argument;
};

static void *begin(void *given)
{
    struct start start = *(struct start *)given;
    free(given);
    delay();
    return start.run(start.argument);
}

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                          void *argument)
{
    struct start *start = malloc(sizeof *start);
    if (!start)
        return __real_pthread_create(thread, attributes, run, argument);
    *start = (struct start){run, argument};
    delay();
    int result = __real_pthread_create(thread, attributes, begin, start);
    if (result)
        free(start);
    delay();
    return result;
}

int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex)
{
    delay();
    return __real_pthread_mutex_lock(mutex);
}

int __wrap_pthread_mutex_unlock(pthread_mutex_t *mutex)
{
    int result = __real_pthread_mutex_unlock(mutex);
    delay();
    return result;
}

int __wrap_pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex)
{
    delay();
    return __real_pthread_cond_wait(condition, mutex);
}

int __wrap_pthread_cond_signal(pthread_cond_t *condition)
{
    delay();
    return __real_pthread_cond_signal(condition);
}

int __wrap_pthread_cond_broadcast(pthread_cond_t *condition)
{
    delay();
    return __real_pthread_cond_broadcast(condition);
}

int __wrap_pthread_join(pthread_t thread, void **result)
{
    delay();
    return __real_pthread_join(thread, result);
}

/* ---- pipes between processes, and files ---- */

ssize_t __real_read(int fd, void *bytes, size_t size);
ssize_t __real_write(int fd, const void *bytes, size_t size);
int __real_poll(struct pollfd *polled, nfds_t count, int timeout);
pid_t __real_waitpid(pid_t pid, int *status, int options);

ssize_t __wrap_read(int fd, void *bytes, size_t size)
{
    delay();
    return __real_read(fd, bytes, size);
}

ssize_t __wrap_write(int fd, const void *bytes, size_t size)
{
    delay();
    return __real_write(fd, bytes, size);
}

int __wrap_poll(struct pollfd *polled, nfds_t count, int timeout)
{
    delay();
    return __real_poll(polled, count, timeout);
}

pid_t __wrap_waitpid(pid_t pid, int *status, int options)
{
    delay();
    return __real_waitpid(pid, status, options);
}

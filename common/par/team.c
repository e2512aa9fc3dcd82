/*
 * Started for each use and joined after it: teams are used a few times a run, for work of seconds.
 * A member that could not be started is worked by the calling thread, as nothing depends on who
 * works it.
 */
#include "par/team.h"

#include "base/memory.h"

#include <pthread.h>
#include <stdlib.h>

struct member {
    void (*work)(void *shared, unsigned member);
    void *shared;
    unsigned number;
    pthread_t thread;
};

static void *member_main(void *argument)
{
    const struct member *member = argument;
    member->work(member->shared, member->number);
    return NULL;
}

void team_run(unsigned size, void (*work)(void *shared, unsigned member), void *shared)
{
    struct member *members = memory_array(size, sizeof *members);
    unsigned running = 1;
    for (; members && running < size; running++) {
        members[running] = (struct member){.work = work, .shared = shared, .number = running};
        if (pthread_create(&members[running].thread, NULL, member_main, &members[running]))
            break;
    }
    work(shared, 0);
    for (unsigned number = running; number < size; number++)
        work(shared, number);
    for (unsigned number = 1; number < running; number++)
        pthread_join(members[number].thread, NULL);
    free(members);
}

/* Numbers are held up to a bound of memory, then written out and read again in parts. */
#include "glove/sequence.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST_BYTES = 64 << 10 };

struct sequence sequence_with(size_t most_bytes, const char *folder)
{
    if (most_bytes < LEAST_BYTES)
        most_bytes = LEAST_BYTES;
    return (struct sequence){.most = most_bytes / sizeof(uint32_t), .scratch = scratch_in(folder)};
}

/* The array grows by doubling up to exactly the most, so that no memory is held idle. */
static bool make_room(struct sequence *sequence, size_t needed)
{
    if (needed <= sequence->capacity)
        return true;
    size_t wanted = 2 * sequence->capacity > needed ? 2 * sequence->capacity : needed;
    if (wanted > sequence->most)
        wanted = sequence->most;
    uint32_t *numbers = realloc(sequence->numbers, wanted * sizeof *numbers);
    if (!numbers)
        return false;
    sequence->numbers = numbers;
    sequence->capacity = wanted;
    return true;
}

static bool write_out(struct sequence *sequence, struct error *error)
{
    if (!scratch_append(&sequence->scratch, sequence->numbers,
                        sequence->count * sizeof *sequence->numbers, error))
        return false;
    sequence->count = 0;
    return true;
}

bool sequence_append(struct sequence *sequence, const uint32_t *numbers, size_t count,
                     struct error *error)
{
    while (count) {
        size_t room = sequence->most - sequence->count;
        size_t part = count < room ? count : room;
        if (!make_room(sequence, sequence->count + part))
            return error_memory(error, "reading the corpus");
        memcpy(sequence->numbers + sequence->count, numbers, part * sizeof *numbers);
        sequence->count += part;
        sequence->size += part;
        numbers += part;
        count -= part;
        if (sequence->count == sequence->most && !write_out(sequence, error))
            return false;
    }
    return true;
}

/* How many numbers the temporary file holds: those before the ones in memory. */
static uint64_t written(const struct sequence *sequence)
{
    return sequence->scratch.size / sizeof(uint32_t);
}

bool sequence_read(struct sequence *sequence, uint32_t *numbers, size_t count, size_t *got,
                   struct error *error)
{
    uint64_t in_file = written(sequence);
    *got = 0;
    if (sequence->next < in_file) {
        uint64_t left = in_file - sequence->next;
        *got = left < count ? (size_t)left : count;
        if (!scratch_read(&sequence->scratch, sequence->next * sizeof *numbers, numbers,
                          *got * sizeof *numbers, error))
            return false;
        sequence->next += *got;
    }
    uint64_t left = sequence->size - sequence->next;
    size_t rest = left < count - *got ? (size_t)left : count - *got;
    if (rest)
        memcpy(numbers + *got, sequence->numbers + (sequence->next - in_file),
               rest * sizeof *numbers);
    sequence->next += rest;
    *got += rest;
    return true;
}

void sequence_free(struct sequence *sequence)
{
    free(sequence->numbers);
    scratch_close(&sequence->scratch);
    sequence->numbers = NULL;
    sequence->count = sequence->capacity = 0;
    sequence->size = sequence->next = 0;
}

/*
 * Replays files, and the files in folders, through a target: no fuzzer is needed. With FUZZ_TURNS=N
 * each is also changed N times, by random numbers that are the same each time; streams so that
 * their sums are right, as when they are fuzzed.
 */
#define _DEFAULT_SOURCE /* d_type */
#include "base/random.h"
#include "fuzz.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);
/* Of mend.c or parts.c, where the target reads streams. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
    __attribute__((weak));

static uint64_t inputs;
static struct random drawn; /* what LLVMFuzzerMutate goes on with */

/* Some bytes changed, or a piece left out. */
static size_t change(uint8_t *bytes, size_t size, struct random *random)
{
    for (uint32_t left = 1 + random_below(random, 4); left && size; left--)
        bytes[random_below(random, (uint32_t)size)] ^= (uint8_t)(1 << random_below(random, 8));
    if (size < 2 || random_below(random, 4))
        return size;
    uint32_t from = random_below(random, (uint32_t)size - 1);
    uint32_t gone = 1 + random_below(random, (uint32_t)(size - from) - 1 + 1) % 16;
    gone = gone > size - from ? (uint32_t)(size - from) : gone;
    memmove(bytes + from, bytes + from + gone, size - from - gone);
    return size - gone;
}

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most)
{
    FUZZ_REQUIRE(size <= most);
    return change(data, size, &drawn);
}

/* Now and then the bytes as they come, with a sum that is wrong. */
static size_t change_whatever(uint8_t *bytes, size_t size, size_t most, uint64_t number)
{
    drawn = random_keyed(number, size);
    if (!LLVMFuzzerCustomMutator || number % 8 == 0)
        return change(bytes, size, &drawn);
    return LLVMFuzzerCustomMutator(bytes, size, most, random_below(&drawn, UINT32_MAX));
}

static void turn(const uint8_t *bytes, size_t size, uint64_t turns)
{
    const size_t most = 2 * size + 64;
    LLVMFuzzerTestOneInput(bytes, size);
    inputs++;
    for (uint64_t i = 0; i < turns; i++, inputs++) {
        uint8_t *changed = malloc(most);
        FUZZ_REQUIRE(changed);
        memcpy(changed, bytes, size);
        LLVMFuzzerTestOneInput(changed, change_whatever(changed, size, most, i));
        free(changed);
    }
}

static void replay_file(const char *path, uint64_t turns)
{
    FILE *file = fopen(path, "rb");
    struct stat status;
    FUZZ_REQUIRE(file && fstat(fileno(file), &status) == 0);
    uint8_t *bytes = malloc((size_t)status.st_size + 1);
    FUZZ_REQUIRE(bytes);
    size_t size = fread(bytes, 1, (size_t)status.st_size, file);
    fclose(file);
    turn(bytes, size, turns);
    free(bytes);
}

static void replay(const char *path, uint64_t turns)
{
    DIR *folder = opendir(path);
    if (!folder) {
        replay_file(path, turns);
        return;
    }
    for (struct dirent *entry; (entry = readdir(folder));) {
        char name[4096];
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (entry->d_name[0] != '.')
            replay_file(name, turns);
    }
    closedir(folder);
}

int main(int argc, char **argv)
{
    const char *text = getenv("FUZZ_TURNS");
    for (int i = 1; i < argc; i++)
        replay(argv[i], text ? strtoull(text, NULL, 10) : 0);
    printf("%llu inputs\n", (unsigned long long)inputs);
    return inputs ? 0 : 1;
}

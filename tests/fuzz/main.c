/*
 * Replays files, and the files in folders, through a target: no fuzzer is needed. With FUZZ_TURNS=N
 * each is also changed N times, by random numbers that are the same each time.
 */
#define _DEFAULT_SOURCE /* d_type */
#include "base/random.h"
#include "fuzz.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

static uint64_t inputs;

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

static void turn(const uint8_t *bytes, size_t size, uint64_t turns)
{
    LLVMFuzzerTestOneInput(bytes, size);
    inputs++;
    for (uint64_t i = 0; i < turns; i++, inputs++) {
        struct random random = random_keyed(i, size);
        uint8_t *changed = malloc(size + 1);
        FUZZ_REQUIRE(changed);
        memcpy(changed, bytes, size);
        LLVMFuzzerTestOneInput(changed, change(changed, size, &random));
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

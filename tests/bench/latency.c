/*
 * A label for one text at a time, by the library: the CPU time of a call.
 *
 *   latency MODEL TEXTS ROUNDS      prints the least of the rounds' means, in microseconds
 */
#include <glovepipe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_LINES = 1 << 20 };

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static size_t read_lines(const char *path, char **lines)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t count = 0, room = 0;
    while (file && count < MOST_LINES && getline(&line, &room, file) > 0)
        lines[count++] = strdup(line);
    free(line);
    if (file)
        fclose(file);
    return count;
}

/* Microseconds a text; below 0 when one can't be predicted. */
static double round_of(struct glovepipe *model, char **lines, size_t count)
{
    double begin = cpu_seconds();
    for (size_t i = 0; i < count; i++)
        if (!glovepipe_predict(model, lines[i], strlen(lines[i]), NULL, NULL, 0))
            return -1;
    return 1e6 * (cpu_seconds() - begin) / (double)count;
}

int main(int argc, char **argv)
{
    static char *lines[MOST_LINES];
    char error[GLOVEPIPE_ERROR_SIZE] = "usage: latency MODEL TEXTS ROUNDS";
    struct glovepipe *model = argc == 4 ? glovepipe_load(argv[1], error, sizeof error) : NULL;
    size_t count = model ? read_lines(argv[2], lines) : 0;
    double best = -1;
    if (!count) {
        fprintf(stderr, "latency: %s\n", model ? argv[2] : error);
        return 1;
    }
    for (long round = strtol(argv[3], NULL, 10); round > 0; round--) {
        double mean = round_of(model, lines, count);
        best = best < 0 || mean < best ? mean : best;
    }
    printf("%.1f\n", best);
    for (size_t i = 0; i < count; i++)
        free(lines[i]);
    glovepipe_free(model);
    return best < 0;
}

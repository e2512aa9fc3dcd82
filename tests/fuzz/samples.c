/* Samples as rf-train loads them; predictions, as streams and as text, as rf-eval does. */
#include "stream/samples.h"

#include "fuzz.h"
#include "run/evaluate.h"
#include "score/answers.h"

static void load_samples(const char *path)
{
    struct error error = {0};
    struct samples samples = {0};
    struct stream_reader *reader = stream_open(path, &error);
    FUZZ_REQUIRE(reader);
    if (samples_load(reader, &samples, &error))
        samples_free(&samples);
    else
        FUZZ_REQUIRE(error.status == STATUS_INPUT || error.status == STATUS_CUT);
    stream_close(reader);
}

static void evaluate(const char *path)
{
    struct error error = {0};
    struct answers answers = {.keeps = ANSWERS_CURVES};
    struct lineage lineage = {0};
    struct stream_reader *reader = stream_open(path, &error);
    FUZZ_REQUIRE(reader);
    if (!evaluate_read(reader, &answers, &lineage, &error))
        FUZZ_REQUIRE(error.status == STATUS_INPUT || error.status == STATUS_CUT);
    lineage_free(&lineage);
    answers_free(&answers);
    stream_close(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file(data, size);
    load_samples(path);
    evaluate(path);
    return 0;
}

/*
 * What rf-decide found, as rf-predict loads it for the model that it says it is of; then answers
 * for probabilities of many kinds.
 */
#include "run/decided.h"

#include "base/random.h"
#include "decide/sets.h"
#include "fuzz.h"

#include <math.h>
#include <string.h>

enum { MOST_CLASSES = 64, ROWS = 16 };

static void make_proba(float *proba, uint32_t classes, struct random *random)
{
    double sum = 0, drawn[MOST_CLASSES];
    const bool sparse = random_below(random, 2);
    for (uint32_t c = 0; c < classes; c++) {
        drawn[c] = sparse && random_below(random, 3) ? 0 : random_below(random, 1000);
        sum += drawn[c];
    }
    for (uint32_t c = 0; c < classes; c++)
        proba[c] = sum > 0 ? (float)(drawn[c] / sum) : (float)(c == 0);
}

static void answer(const struct rule *rule)
{
    struct random random = random_keyed(1, rule->classes);
    float proba[MOST_CLASSES];
    double room[MOST_CLASSES];
    uint32_t set[MOST_CLASSES];
    for (int row = 0; row < ROWS; row++) {
        make_proba(proba, rule->classes, &random);
        const uint32_t voted = rule_top(proba, rule->classes, 0);
        rule_calibrate(rule, proba, room);
        for (uint32_t c = 0; c < rule->classes; c++)
            FUZZ_REQUIRE(proba[c] >= 0 && proba[c] <= 1);
        const uint32_t answered = rule_answer(rule, proba, voted);
        FUZZ_REQUIRE(answered < rule->classes || (answered == RULE_NONE && rule_abstains(rule)));
        FUZZ_REQUIRE(sets_of(proba, rule->classes, sets_least(rule, 0.9), set) <= rule->classes);
    }
}

/* The model that these decisions were found for: of its lineage, but for the last entry. */
static bool load(const char *path, struct rule *rule)
{
    struct error error = {0};
    struct trained model = {.name = "model"};
    struct digest digest;
    struct stream_reader *reader = stream_open(path, &error);
    bool good = reader && stream_read_header(reader, STREAM_DECISIONS, &model.header, &error);
    stream_close(reader);
    const size_t entries = model.header.lineage.count;
    if (good) {
        model.header.lineage.count -= entries > 0;
        good = decided_load(path, &model, rule, &digest, &error);
        model.header.lineage.count = entries;
    }
    FUZZ_REQUIRE(good || error.status == STATUS_INPUT || error.status == STATUS_CUT);
    stream_header_free(&model.header);
    return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rule rule = {0};
    if (load(fuzz_file(data, size), &rule) && rule.classes && rule.classes <= MOST_CLASSES)
        answer(&rule);
    rule_free(&rule);
    return 0;
}

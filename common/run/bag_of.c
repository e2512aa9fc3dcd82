/* The options of rf-train that bags depend on, by the names that its lineage has. */
#include "run/bag_of.h"

bool bag_refuse(const char *name, struct error *error)
{
    return error_set(error, STATUS_INPUT,
                     "%s: the forest was grown from other samples: give those, or say --held-out "
                     "of ones that it has not seen",
                     name);
}

static bool set_draws(const struct lineage_entry *entry, uint32_t rows, struct growth *growth,
                      struct error *error)
{
    const struct lineage_option *option = lineage_option(entry, "max-samples");
    struct amount amount;
    if (!option)
        return true;
    if (option->type != LINEAGE_TEXT || !amount_parse_draws(option->text, &amount, error))
        return error_set(error, STATUS_INPUT, "the forest's lineage has no --max-samples");
    growth->max_samples = amount_of_draws(&amount, rows);
    return true;
}

bool bag_of(const struct stream_header *header, const struct samples *samples, const char *name,
            struct growth *growth, struct error *error)
{
    const struct lineage_entry *entry = lineage_find(&header->lineage, "rf-train");
    const struct lineage_option *seed = entry ? lineage_option(entry, "seed") : NULL;
    const struct lineage_option *bootstrap = entry ? lineage_option(entry, "bootstrap") : NULL;
    if (header->samples != samples->rows)
        return bag_refuse(name, error);
    if (!seed || seed->type != LINEAGE_COUNT || !bootstrap || bootstrap->type != LINEAGE_FLAG)
        return error_set(error, STATUS_INPUT,
                         "the forest's lineage does not tell how it was grown");
    if (!bootstrap->count)
        return error_set(error, STATUS_INPUT,
                         "the forest was grown without bags, so that no sample is out of one: give "
                         "samples that were held out, with --held-out");
    if (lineage_option(entry, "weights-in"))
        return error_set(error, STATUS_INPUT,
                         "the forest's bags were drawn by weights, which its stream does not have: "
                         "give samples that were held out, with --held-out");
    if (lineage_option(entry, "weightless"))
        return error_set(error, STATUS_INPUT,
                         "some samples weighed nothing and were in no bag, and the forest's stream "
                         "does not have which: give samples that were held out, with --held-out");
    *growth = (struct growth){.seed = seed->count, .bootstrap = true};
    return set_draws(entry, (uint32_t)samples->rows, growth, error);
}

/* The one loop that notes a program's options: whether and how is in their rows. */
#include "stream/lineage.h"

static bool add_row(struct lineage *lineage, const struct option_row *row, struct error *error)
{
    const void *target = row->target;
    switch (row->type & OPTION_TYPE) {
    case OPTION_FLAG:
    case OPTION_SWITCH:
        return lineage_add_flag(lineage, row->name, *(const bool *)target, error);
    case OPTION_NEGATE:
        return lineage_add_flag(lineage, row->name, !*(const bool *)target, error);
    case OPTION_COUNT:
    case OPTION_SIZE:
        return lineage_add_count(lineage, row->name, *(const uint64_t *)target, error);
    case OPTION_REAL:
        return lineage_add_real(lineage, row->name, *(const double *)target, error);
    case OPTION_CHOICE:
        return lineage_add_text(lineage, row->name, row->choices[*(const int *)target], error);
    default:
        return lineage_add_text(lineage, row->name, *(const char *const *)target, error);
    }
}

static bool is_set(const struct option_row *row)
{
    switch (row->type & OPTION_TYPE) {
    case OPTION_FLAG:
    case OPTION_SWITCH:
        return *(const bool *)row->target;
    case OPTION_NEGATE:
        return !*(const bool *)row->target;
    case OPTION_COUNT:
    case OPTION_SIZE:
        return *(const uint64_t *)row->target != 0;
    case OPTION_REAL:
        return *(const double *)row->target != 0;
    case OPTION_CHOICE:
        return *(const int *)row->target != 0;
    default:
        return *(const char *const *)row->target != NULL;
    }
}

static bool is_noted(const struct option_row *row, bool result)
{
    return row->type & OPTION_NOTED || (row->type & OPTION_NOTED_RESULT && result) ||
           (row->type & OPTION_NOTED_SET && is_set(row));
}

bool lineage_append_program(struct lineage *lineage, const struct program *program, bool result,
                            struct error *error)
{
    if (!lineage_append(lineage, program->name, error))
        return false;
    for (const struct option_row *row = program->rows; row->name; row++)
        if (is_noted(row, result) && !add_row(lineage, row, error))
            return false;
    return true;
}

/* One row at a time. */
#include "decide/rule.h"

uint32_t rule_answer(const struct rule *rule, const float *proba, uint32_t voted)
{
    return (double)proba[voted] < rule->least ? RULE_NONE : voted;
}

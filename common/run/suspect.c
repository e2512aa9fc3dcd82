/* Each row gets its kind, and what it should be, by row; then all are put in order. */
#include "run/suspect.h"

#include "base/memory.h"
#include "base/report.h"
#include "run/twins.h"
#include "score/suspects.h"

#include <stdlib.h>

const char *suspect_kind_name(enum suspect_kind kind)
{
    static const char *const names[] = {
        [SUSPECT_EQUAL] = "equal", [SUSPECT_NEAR] = "near", [SUSPECT_LABEL] = "label"};
    return names[kind];
}

/* What is found of a row. */
struct finding {
    enum suspect_kind kind;
    uint32_t twin, should;
};

struct search {
    const struct voted *voted;
    const struct twins *twins;
    struct finding *findings; /* of each row */
    uint32_t *right;          /* of each distinct text: the class that it should have */
    uint32_t *next;           /* of each row: the next one of the same text, or SUSPECT_NO_TWIN */
    uint32_t *head;           /* of each distinct text: its first row */
    double *sums;             /* by class: room */
    uint32_t *rows;           /* by class: room */
};

static float chance(const struct voted *voted, uint32_t row, uint32_t class)
{
    return class == VOTED_NOWHERE ? 0
                                  : voted->proba[(size_t)row * voted->header.class_count + class];
}

/* ---- equal texts ---- */

/* From the last row on, so that each list is in order. */
static void link_rows(struct search *search)
{
    const struct twins *twins = search->twins;
    for (size_t text = 0; text < twins->texts; text++)
        search->head[text] = SUSPECT_NO_TWIN;
    for (size_t row = twins->rows; row-- > 0;) {
        search->next[row] = search->head[twins->text_of[row]];
        search->head[twins->text_of[row]] = (uint32_t)row;
    }
}

/* The label that a text should have, by its rows; the classes' room is left as it was: zeros. */
static uint32_t right_label(struct search *search, uint32_t text)
{
    const struct voted *voted = search->voted;
    uint32_t classes = voted->header.class_count, best = VOTED_NOWHERE;
    for (uint32_t row = search->head[text]; row != SUSPECT_NO_TWIN; row = search->next[row]) {
        if (voted->label[row] != VOTED_NOWHERE)
            search->rows[voted->label[row]]++;
        for (uint32_t c = 0; c < classes; c++)
            search->sums[c] += (double)chance(voted, row, c);
    }
    for (uint32_t c = 0; c < classes; c++)
        if (search->rows[c] &&
            (best == VOTED_NOWHERE || search->rows[c] > search->rows[best] ||
             (search->rows[c] == search->rows[best] && search->sums[c] > search->sums[best])))
            best = c;
    for (uint32_t c = 0; c < classes; c++) {
        search->rows[c] = 0;
        search->sums[c] = 0;
    }
    return best;
}

static uint32_t row_of_label(const struct search *search, uint32_t text, uint32_t class)
{
    uint32_t row = search->head[text];
    while (row != SUSPECT_NO_TWIN && search->voted->label[row] != class)
        row = search->next[row];
    return row;
}

static void find_equal(struct search *search)
{
    const struct voted *voted = search->voted;
    for (uint32_t text = 0; text < search->twins->texts; text++) {
        uint32_t first = search->head[text], right = voted->label[first];
        if (search->next[first] != SUSPECT_NO_TWIN)
            right = right_label(search, text);
        search->right[text] = right;
        for (uint32_t row = first; row != SUSPECT_NO_TWIN; row = search->next[row])
            if (right != VOTED_NOWHERE && voted->label[row] != right)
                search->findings[row] =
                    (struct finding){SUSPECT_EQUAL, row_of_label(search, text, right), right};
    }
}

/* ---- near texts ---- */

static bool differ(void *context, uint32_t x, uint32_t y)
{
    const struct search *search = context;
    uint32_t a = search->right[x], b = search->right[y];
    return a != b && a != VOTED_NOWHERE && b != VOTED_NOWHERE;
}

/* Of two texts the one is suspect whose label is less probable; of equals the later one. */
static void take_near(void *context, uint32_t x, uint32_t y, double index)
{
    struct search *search = context;
    const struct voted *voted = search->voted;
    (void)index;
    uint32_t a = row_of_label(search, x, search->right[x]);
    uint32_t b = row_of_label(search, y, search->right[y]);
    float left = chance(voted, a, search->right[x]), right = chance(voted, b, search->right[y]);
    bool first = left < right || (left == right && a > b);
    uint32_t wrong = first ? a : b, twin = first ? b : a;
    struct finding *finding = &search->findings[wrong];
    if (finding->kind == SUSPECT_LABEL)
        *finding = (struct finding){SUSPECT_NEAR, twin, voted->label[twin]};
}

static bool find_near(struct search *search, double least)
{
    const struct near_sets sets = twins_sets(search->twins);
    const struct near near = {&sets, least, differ, take_near, search};
    return near_pairs(&near);
}

/* ---- the list ---- */

/* Whether no more is to be said against its label than that it isn't sure. */
static bool is_likeliest(const struct suspected *suspected)
{
    return suspected->kind == SUSPECT_LABEL &&
           suspected->probability >= suspected->should_probability;
}

static int most_suspect_first(const void *left, const void *right)
{
    const struct suspected *l = left, *r = right;
    if (l->kind != r->kind)
        return l->kind < r->kind ? -1 : 1;
    if (is_likeliest(l) != is_likeliest(r))
        return is_likeliest(l) ? 1 : -1;
    if (l->probability != r->probability)
        return l->probability < r->probability ? -1 : 1;
    if (l->should_probability != r->should_probability)
        return l->should_probability > r->should_probability ? -1 : 1;
    return l->row < r->row ? -1 : l->row > r->row;
}

static bool list_all(const struct search *search, struct suspicions *suspicions)
{
    const struct voted *voted = search->voted;
    const struct suspects_input input = {voted->rows, voted->header.class_count, voted->label,
                                         voted->proba};
    struct suspects suspects = {0};
    bool done = suspects_of(&input, &suspects);
    suspicions->list = done ? memory_array(suspects.count + 1, sizeof *suspicions->list) : NULL;
    for (size_t i = 0; suspicions->list && i < suspects.count; i++) {
        const struct suspect *suspect = &suspects.all[i];
        const struct finding *finding = &search->findings[suspect->row];
        bool alone = finding->kind == SUSPECT_LABEL;
        uint32_t should = alone ? suspect->should : finding->should;
        suspicions->kinds[finding->kind]++;
        suspicions->likely += !alone || suspect->confident;
        suspicions->list[suspicions->count++] =
            (struct suspected){.kind = finding->kind,
                               .row = suspect->row,
                               .twin = finding->twin,
                               .should = should,
                               .probability = suspect->probability,
                               .should_probability = chance(voted, suspect->row, should)};
    }
    suspicions->off_diagonal = suspects.off_diagonal;
    suspects_free(&suspects);
    if (suspicions->list)
        qsort(suspicions->list, suspicions->count, sizeof *suspicions->list, most_suspect_first);
    return suspicions->list != NULL;
}

static bool start(struct search *search)
{
    size_t rows = search->voted->rows, classes = search->voted->header.class_count;
    search->findings = memory_array(rows + 1, sizeof *search->findings);
    search->next = memory_array(rows + 1, sizeof *search->next);
    search->head = memory_array(search->twins->texts + 1, sizeof *search->head);
    search->right = memory_array(search->twins->texts + 1, sizeof *search->right);
    search->sums = calloc(classes + 1, sizeof *search->sums);
    search->rows = calloc(classes + 1, sizeof *search->rows);
    for (size_t i = 0; search->findings && i < rows; i++)
        search->findings[i] = (struct finding){SUSPECT_LABEL, SUSPECT_NO_TWIN, 0};
    return search->findings && search->next && search->head && search->right && search->sums &&
           search->rows;
}

bool suspect_find(const struct voted *voted, const struct kept *kept, double near,
                  struct suspicions *suspicions, struct error *error)
{
    struct twins twins = {0};
    struct search search = {.voted = voted, .twins = &twins};
    bool done = twins_find(&twins, kept, error);
    if (done) {
        done = start(&search);
        if (done) {
            link_rows(&search);
            find_equal(&search);
        }
        done = done && (near <= 0 || find_near(&search, near)) && list_all(&search, suspicions);
        done = done || error_memory(error, "looking for wrong labels");
    }
    free(search.findings);
    free(search.right);
    free(search.next);
    free(search.head);
    free(search.sums);
    free(search.rows);
    twins_free(&twins);
    return done;
}

void suspicions_free(struct suspicions *suspicions)
{
    free(suspicions->list);
    *suspicions = (struct suspicions){0};
}

bool suspect_check(const struct voted *voted, const char *voted_name, const struct kept *kept,
                   const char *kept_name, struct error *error)
{
    if (kept->count != voted->rows)
        return error_set(error, STATUS_INPUT, "%s has %zu %s, and %s is of %zu", kept_name,
                         kept->count, report_noun(kept->count, "document", "documents"), voted_name,
                         voted->rows);
    for (size_t i = 0; i < kept->count; i++)
        if (!text_equal(kept->rows[i].label, voted_label(voted, i)))
            return error_set(error, STATUS_INPUT,
                             "%s:%llu: has another label than row %zu of %s: give the texts that "
                             "it is of",
                             kept->rows[i].file, (unsigned long long)kept->rows[i].line, i + 1,
                             voted_name);
    return true;
}

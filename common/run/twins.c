/*
 * Words get numbers as they appear; when all are there they are numbered anew, by the number of
 * texts that have them, and each set is sorted.
 */
#include "run/twins.h"

#include "base/cpu.h"
#include "base/memory.h"
#include "run/leave_out.h"

#include <stdlib.h>
#include <string.h>

struct finding {
    struct twins *twins;
    struct tokens tokenizer;
    struct leave_out cut;
    struct buffer text; /* a document's own, which is changed, and its tokens side by side */
    struct words texts;
};

/* ---- one document after the other ---- */

static bool add_set(struct finding *finding)
{
    struct twins *twins = finding->twins;
    const struct features_document *document = &finding->cut.document;
    size_t end = twins->member_count + document->words;
    if (!memory_reserve(&twins->member, &twins->member_capacity, end, sizeof *twins->member) ||
        !memory_reserve(&twins->begin, &twins->begin_capacity, twins->texts + 2,
                        sizeof *twins->begin) ||
        !memory_reserve(&twins->first, &twins->first_capacity, twins->texts + 1,
                        sizeof *twins->first) ||
        !memory_reserve(&twins->copies, &twins->copies_capacity, twins->texts + 1,
                        sizeof *twins->copies))
        return false;
    for (uint32_t word = 0; word < document->words; word++) {
        uint32_t number = words_add(&twins->words, leave_out_word(document, word), NULL);
        if (number == WORDS_NONE)
            return false;
        twins->member[twins->member_count++] = number;
    }
    return true;
}

/* The tokens with one space between them. */
static struct text joined(struct finding *finding)
{
    const struct features_document *document = &finding->cut.document;
    finding->text.size = 0;
    for (size_t i = 0; i < document->count; i++) {
        buffer_bytes(&finding->text, document->tokens[i].data, document->tokens[i].size);
        buffer_byte(&finding->text, ' ');
    }
    return (struct text){finding->text.bytes, finding->text.size};
}

static bool add_document(struct finding *finding, const struct kept *kept, uint32_t row,
                         struct error *error)
{
    struct twins *twins = finding->twins;
    struct text text = kept->rows[row].text;
    bool is_new = false;
    finding->text.size = 0;
    buffer_bytes(&finding->text, text.data, text.size);
    if (finding->text.out_of_memory)
        return error_memory(error, "comparing the documents");
    if (!leave_out_cut(&finding->cut, &finding->tokenizer, finding->text.bytes, text.size, error))
        return false;
    twins->token_count[row] = (uint32_t)finding->cut.document.count;
    twins->tokens += finding->cut.document.count;
    uint32_t number = words_add(&finding->texts, joined(finding), &is_new);
    if (number == WORDS_NONE || finding->text.out_of_memory || (is_new && !add_set(finding)))
        return error_memory(error, "comparing the documents");
    twins->text_of[row] = number;
    if (is_new) {
        twins->begin[number + 1] = twins->member_count;
        twins->first[number] = row;
        twins->copies[number] = 0;
        twins->texts++;
    }
    twins->copies[number]++;
    return true;
}

/* ---- from the rarest word on ---- */

static int ascending(const void *left, const void *right)
{
    uint32_t l = *(const uint32_t *)left, r = *(const uint32_t *)right;
    return l < r ? -1 : l > r;
}

/* Ranks of the words by how many texts have them, by counting; of equals the first comes first. */
static bool rank_words(const struct twins *twins, uint32_t *rank, uint32_t *word_at)
{
    size_t words = twins->words.count;
    uint32_t *held = calloc(words + 1, sizeof *held);
    size_t *places = calloc(twins->texts + 2, sizeof *places);
    for (size_t i = 0; held && places && i < twins->member_count; i++)
        held[twins->member[i]]++;
    for (size_t i = 0; held && places && i < words; i++)
        places[held[i] + 1]++;
    for (size_t i = 1; held && places && i < twins->texts + 2; i++)
        places[i] += places[i - 1];
    for (uint32_t i = 0; held && places && i < words; i++) {
        rank[i] = (uint32_t)places[held[i]]++;
        word_at[rank[i]] = i;
    }
    bool done = held && places;
    free(held);
    free(places);
    return done;
}

static bool sort_sets(struct twins *twins)
{
    uint32_t *rank = memory_array(twins->words.count + 1, sizeof *rank);
    twins->word_of = memory_array(twins->words.count + 1, sizeof *twins->word_of);
    bool done = rank && twins->word_of && rank_words(twins, rank, twins->word_of);
    for (size_t i = 0; done && i < twins->member_count; i++)
        twins->member[i] = rank[twins->member[i]];
    for (size_t i = 0; done && i < twins->texts; i++)
        if (twins->begin[i + 1] > twins->begin[i])
            qsort(twins->member + twins->begin[i], twins->begin[i + 1] - twins->begin[i],
                  sizeof *twins->member, ascending);
    free(rank);
    return done;
}

static bool start(struct twins *twins, size_t rows)
{
    twins->rows = rows;
    twins->text_of = memory_array(rows + 1, sizeof *twins->text_of);
    twins->token_count = memory_array(rows + 1, sizeof *twins->token_count);
    if (!twins->text_of || !twins->token_count ||
        !memory_reserve(&twins->begin, &twins->begin_capacity, 1, sizeof *twins->begin))
        return false;
    twins->begin[0] = 0;
    return true;
}

bool twins_find(struct twins *twins, const struct kept *kept, struct error *error)
{
    struct finding finding = {.twins = twins,
                              .tokenizer = tokens_with(tokens_scan_of(cpu_level()))};
    bool done = start(twins, kept->count) || error_memory(error, "comparing the documents");
    for (uint32_t row = 0; done && row < kept->count; row++)
        done = add_document(&finding, kept, row, error);
    done = done && (sort_sets(twins) || error_memory(error, "comparing the documents"));
    tokens_free(&finding.tokenizer);
    leave_out_free(&finding.cut);
    buffer_free(&finding.text);
    words_free(&finding.texts);
    return done;
}

struct near_sets twins_sets(const struct twins *twins)
{
    return (struct near_sets){.begin = twins->begin,
                              .member = twins->member,
                              .count = twins->texts,
                              .members = (uint32_t)twins->words.count};
}

void twins_free(struct twins *twins)
{
    free(twins->text_of);
    free(twins->first);
    free(twins->copies);
    free(twins->token_count);
    words_free(&twins->words);
    free(twins->begin);
    free(twins->member);
    free(twins->word_of);
    *twins = (struct twins){0};
}

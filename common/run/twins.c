/*
 * Words get numbers as they appear; when all are there they are numbered anew, by the number of
 * texts that have them, and each set is sorted.
 */
#include "run/twins.h"

#include "base/buffer.h"
#include "base/cpu.h"
#include "base/memory.h"
#include "text/tokens.h"

#include <stdlib.h>

/* One document after the other. Start from `{0}`, and tokens_with. */
struct cutting {
    struct tokens tokenizer;
    struct buffer text;   /* the document's own, which is changed */
    struct buffer joined; /* its tokens, a space behind each */
    size_t *sizes;        /* of each token */
    size_t count, capacity;
};

struct finding {
    struct twins *twins;
    struct cutting cutting;
    size_t *met; /* of each word: the last text that has it, + 1 */
    size_t met_capacity;
};

static const char doing[] = "comparing the documents";

/* ---- a document's tokens ---- */

static bool join_tokens(struct cutting *cutting, const struct text *tokens, size_t count)
{
    if (!memory_reserve(&cutting->sizes, &cutting->capacity, cutting->count + count,
                        sizeof *cutting->sizes))
        return false;
    for (size_t i = 0; i < count; i++) {
        buffer_bytes(&cutting->joined, tokens[i].data, tokens[i].size);
        buffer_byte(&cutting->joined, ' ');
        cutting->sizes[cutting->count++] = tokens[i].size;
    }
    return !cutting->joined.out_of_memory;
}

static bool cut_document(struct cutting *cutting, struct text text, struct error *error)
{
    struct text batch[TOKENS_BATCH];
    size_t count;
    cutting->text.size = cutting->joined.size = cutting->count = 0;
    buffer_bytes(&cutting->text, text.data, text.size);
    if (cutting->text.out_of_memory)
        return error_memory(error, doing);
    tokens_start(&cutting->tokenizer, cutting->text.bytes, text.size);
    do {
        if (!tokens_next(&cutting->tokenizer, batch, &count, error))
            return false;
        if (!join_tokens(cutting, batch, count))
            return error_memory(error, doing);
    } while (count);
    return true;
}

static struct text joined(const struct cutting *cutting)
{
    return (struct text){cutting->joined.bytes, cutting->joined.size};
}

static struct cutting cutting_begin(void)
{
    return (struct cutting){.tokenizer = tokens_with(tokens_scan_of(cpu_level()))};
}

static void cutting_end(struct cutting *cutting)
{
    tokens_free(&cutting->tokenizer);
    buffer_free(&cutting->text);
    buffer_free(&cutting->joined);
    free(cutting->sizes);
}

/* ---- texts and their sets ---- */

static bool reserve(struct finding *finding)
{
    struct twins *twins = finding->twins;
    const size_t members = twins->member_count + finding->cutting.count;
    const size_t words = twins->words.count + finding->cutting.count;
    return memory_reserve(&twins->member, &twins->member_capacity, members,
                          sizeof *twins->member) &&
           memory_reserve(&finding->met, &finding->met_capacity, words, sizeof *finding->met) &&
           memory_reserve(&twins->begin, &twins->begin_capacity, twins->texts + 2,
                          sizeof *twins->begin) &&
           memory_reserve(&twins->first, &twins->first_capacity, twins->texts + 1,
                          sizeof *twins->first) &&
           memory_reserve(&twins->copies, &twins->copies_capacity, twins->texts + 1,
                          sizeof *twins->copies);
}

/* The distinct words of the document, which is the next text. */
static bool add_set(struct finding *finding)
{
    struct twins *twins = finding->twins;
    const struct cutting *cutting = &finding->cutting;
    const char *at = cutting->joined.bytes;
    const size_t mark = twins->texts + 1;
    if (!reserve(finding))
        return false;
    for (size_t i = 0; i < cutting->count; at += cutting->sizes[i++] + 1) {
        bool is_new;
        uint32_t word = words_add(&twins->words, (struct text){at, cutting->sizes[i]}, &is_new);
        if (word == WORDS_NONE)
            return false;
        if (!is_new && finding->met[word] == mark)
            continue;
        finding->met[word] = mark;
        twins->member[twins->member_count++] = word;
    }
    twins->begin[mark] = twins->member_count;
    return true;
}

static bool add_document(struct finding *finding, const struct kept *kept, uint32_t row,
                         struct error *error)
{
    struct twins *twins = finding->twins;
    bool is_new;
    if (!cut_document(&finding->cutting, kept->rows[row].text, error))
        return false;
    twins->token_count[row] = (uint32_t)finding->cutting.count;
    twins->tokens += finding->cutting.count;
    uint32_t number = words_add(&twins->joined, joined(&finding->cutting), &is_new);
    if (number == WORDS_NONE || (is_new && !add_set(finding)))
        return error_memory(error, doing);
    twins->text_of[row] = number;
    if (is_new) {
        twins->first[number] = row;
        twins->copies[number] = 0;
        twins->texts++;
    }
    twins->copies[number]++;
    return true;
}

/* ---- from the rarest word on ---- */

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

/* Sorts all sets at once: each member's texts are listed, and each list, from the lowest member on,
   is dealt to the sets. `end` is by member, and one more, and 0; `next` by text. */
static void deal_members(struct twins *twins, size_t *end, uint32_t *texts, size_t *next)
{
    const size_t members = twins->words.count;
    for (size_t i = 0; i < twins->member_count; i++)
        end[twins->member[i] + 1]++;
    for (size_t member = 1; member <= members; member++)
        end[member] += end[member - 1];
    for (uint32_t text = 0; text < twins->texts; text++) {
        next[text] = twins->begin[text];
        for (size_t i = twins->begin[text]; i < twins->begin[text + 1]; i++)
            texts[end[twins->member[i]]++] = text;
    }
    for (size_t member = 0, i = 0; member < members; member++)
        for (; i < end[member]; i++)
            twins->member[next[texts[i]]++] = (uint32_t)member;
}

static bool sort_sets(struct twins *twins)
{
    const size_t words = twins->words.count;
    uint32_t *rank = memory_array(words + 1, sizeof *rank);
    size_t *end = calloc(words + 1, sizeof *end);
    uint32_t *texts = memory_array(twins->member_count + 1, sizeof *texts);
    size_t *next = memory_array(twins->texts + 1, sizeof *next);
    twins->word_of = memory_array(words + 1, sizeof *twins->word_of);
    bool done =
        rank && end && texts && next && twins->word_of && rank_words(twins, rank, twins->word_of);
    for (size_t i = 0; done && i < twins->member_count; i++)
        twins->member[i] = rank[twins->member[i]];
    if (done)
        deal_members(twins, end, texts, next);
    free(rank);
    free(end);
    free(texts);
    free(next);
    return done;
}

/* ---- all ---- */

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
    struct finding finding = {.twins = twins, .cutting = cutting_begin()};
    bool done = start(twins, kept->count) || error_memory(error, doing);
    for (uint32_t row = 0; done && row < kept->count; row++)
        done = add_document(&finding, kept, row, error);
    done = done && (sort_sets(twins) || error_memory(error, doing));
    cutting_end(&finding.cutting);
    free(finding.met);
    return done;
}

bool twins_match(const struct twins *twins, const struct kept *others, uint32_t *text_of,
                 struct error *error)
{
    struct cutting cutting = cutting_begin();
    bool done = true;
    for (size_t row = 0; done && row < others->count; row++) {
        done = cut_document(&cutting, others->rows[row].text, error);
        if (done)
            text_of[row] = words_find(&twins->joined, joined(&cutting));
    }
    cutting_end(&cutting);
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
    words_free(&twins->joined);
    words_free(&twins->words);
    free(twins->begin);
    free(twins->member);
    free(twins->word_of);
    *twins = (struct twins){0};
}

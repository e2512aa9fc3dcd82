/* A list is kept in order by insertion; of equal weights the term that came first stands first. */
#include "stream/show_linear.h"

#include "stream/numbers.h"

#include <stdlib.h>
#include <string.h>

static bool begin_part(struct speakers *speakers, uint32_t classes, size_t most)
{
    size_t lists = 2 * (size_t)classes;
    if (!lists) /* of nothing, some systems give no memory */
        return true;
    if (most > SIZE_MAX / sizeof *speakers->places / lists)
        return false;
    speakers->most = most;
    speakers->places = calloc(lists * most, sizeof *speakers->places);
    speakers->filled = calloc(lists, sizeof *speakers->filled);
    return speakers->places && speakers->filled;
}

void speakers_free(struct speakers *speakers, uint32_t classes)
{
    for (size_t i = 0; speakers->places && i < 2 * (size_t)classes * speakers->most; i++)
        free(speakers->places[i].term);
    free(speakers->places);
    free(speakers->filled);
    *speakers = (struct speakers){0};
}

/* Inserts a term into a list in which it belongs. */
static bool insert(struct speakers *speakers, size_t list, float strength, struct text term)
{
    struct speaker *places = speakers->places + list * speakers->most;
    char *copy = malloc(term.size ? term.size : 1);
    if (!copy)
        return false;
    memcpy(copy, term.data, term.size);
    if (speakers->filled[list] == speakers->most) {
        struct speaker *last = &places[--speakers->filled[list]];
        free(last->term);
        last->term = NULL;
    }
    size_t at = speakers->filled[list]++;
    for (; at && places[at - 1].strength < strength; at--)
        places[at] = places[at - 1];
    places[at] = (struct speaker){strength, copy, term.size};
    return true;
}

static bool belongs(const struct speakers *speakers, size_t list, float strength)
{
    uint32_t filled = speakers->filled[list];
    return strength > 0 &&
           (filled < speakers->most ||
            strength > speakers->places[list * speakers->most + filled - 1].strength);
}

static bool take_terms(struct speakers *speakers, uint32_t classes,
                       const struct linear_block *block)
{
    const unsigned char *at = block->terms.names;
    for (uint32_t row = 0; row < block->rows; row++) {
        const struct text term = stream_list_next(&at);
        for (uint32_t i = 0; i < classes; i++) {
            float weight = numbers_float32(block->weights.bytes, (size_t)row * classes + i);
            size_t list = 2 * (size_t)i + (weight < 0);
            float strength = weight < 0 ? -weight : weight;
            if (belongs(speakers, list, strength) && !insert(speakers, list, strength, term))
                return false;
        }
    }
    return true;
}

static void print_part(const struct speakers *speakers, const struct stream_header *header,
                       const struct stream_part *part, struct buffer *text)
{
    for (size_t list = 0; list < 2 * (size_t)header->class_count; list++)
        for (uint32_t i = 0; i < speakers->filled[list]; i++) {
            const struct speaker *speaker = &speakers->places[list * speakers->most + i];
            buffer_field(text, part->name, '\t');
            buffer_name(text, header->classes[list / 2]);
            buffer_string(text, list % 2 ? "\tagainst\t" : "\tfor\t");
            buffer_field(text, (struct text){speaker->term, speaker->size}, '\t');
            buffer_float(text, list % 2 ? -speaker->strength : speaker->strength);
            buffer_byte(text, '\n');
        }
}

bool show_linear(struct speakers *speakers, const struct stream_header *header,
                 const struct linear_block *block, size_t most, struct buffer *text,
                 struct error *error)
{
    const struct stream_part *part = block->part;
    if (!most || !part || linear_is_bayes(part))
        return true;
    if (most > part->terms)
        most = (size_t)part->terms;
    if ((block->first == 0 && !begin_part(speakers, header->class_count, most)) ||
        !take_terms(speakers, header->class_count, block))
        return error_memory(error, "showing words");
    if (block->first + block->rows == part->terms) {
        print_part(speakers, header, part, text);
        speakers_free(speakers, header->class_count);
    }
    return true;
}

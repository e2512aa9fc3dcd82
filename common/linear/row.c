/* Short rows are sorted by insertion, others by digits of their features. */
#include "linear/row.h"

#include "base/radix.h"

#include <string.h>

enum { FEW = 24 };

/* A feature above, the bits of its value below. */
static uint64_t pack(uint32_t feature, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return (uint64_t)feature << 32 | bits;
}

static void insert(uint64_t *keys, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        uint64_t key = keys[i];
        size_t at = i;
        for (; at && keys[at - 1] > key; at--)
            keys[at] = keys[at - 1];
        keys[at] = key;
    }
}

void row_sort(uint32_t *feature, float *value, size_t count, unsigned bits, uint64_t *room)
{
    const uint64_t *sorted = room;
    for (size_t i = 0; i < count; i++)
        room[i] = pack(feature[i], value[i]);
    if (count <= FEW)
        insert(room, count);
    else
        sorted = radix_sort(room, room + count, count, 32, bits);
    for (size_t i = 0; i < count; i++) {
        uint32_t low = (uint32_t)sorted[i];
        feature[i] = (uint32_t)(sorted[i] >> 32);
        memcpy(&value[i], &low, sizeof low);
    }
}

size_t row_merge(uint32_t *feature, float *value, size_t count)
{
    size_t left = 0;
    for (size_t i = 0; i < count; i++) {
        if (left && feature[left - 1] == feature[i]) {
            value[left - 1] += value[i];
            continue;
        }
        feature[left] = feature[i];
        value[left++] = value[i];
    }
    return left;
}

unsigned row_bits(uint32_t features)
{
    unsigned bits = 0;
    while (bits < 32 && features >> bits)
        bits++;
    return bits;
}

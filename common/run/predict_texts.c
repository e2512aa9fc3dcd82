/* Texts of a record last as long as that; of a part of its rows they are copied. */
#include "run/predict_texts.h"

#include "stream/stream.h"

#include <string.h>

size_t predict_texts_size(const struct msgpack_object *column, uint32_t first, uint32_t count)
{
    size_t size = 0;
    for (uint32_t i = 0; column && i < count; i++)
        size += stream_text(column, first + i).size;
    return size;
}

unsigned char *predict_texts_copy(const struct msgpack_object *column, uint32_t first,
                                  uint32_t count, unsigned char *to, struct text *texts)
{
    for (uint32_t i = 0; column && i < count; i++) {
        struct text text = stream_text(column, first + i);
        if (text.size)
            memcpy(to, text.data, text.size);
        texts[i] = (struct text){(char *)to, text.size};
        to += text.size;
    }
    return to;
}

/*
 * evaluate_text: evaluate's half for text.
 */
#ifndef RUN_EVALUATE_TEXT_H
#define RUN_EVALUATE_TEXT_H

#include "base/error.h"
#include "score/answers.h"
#include "stream/stream.h"

#include <stdbool.h>

/* As evaluate_read; that there is a row is for the caller to check. */
bool evaluate_text(struct stream_reader *reader, struct answers *answers, struct error *error);

#endif

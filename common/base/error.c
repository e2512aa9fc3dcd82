/* Sentences are cut to fit rather than allocated: an error must not need memory. */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#undef error_set
#undef error_errno
#undef error_memory

bool error_set(struct error *error, enum status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    error->status = status;
    vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    return false;
}

bool error_errno(struct error *error, const char *format, ...)
{
    int cause = errno;
    va_list arguments;
    va_start(arguments, format);
    error->status = STATUS_SYSTEM;
    vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    size_t used = strlen(error->text);
    snprintf(error->text + used, sizeof error->text - used, ": %s", strerror(cause));
    return false;
}

bool error_memory(struct error *error, const char *what)
{
    return error_set(error, STATUS_SYSTEM, "out of memory while %s", what);
}

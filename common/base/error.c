/* Sentences are cut to fit, all but the system's reason, rather than allocated: an error must not
   need memory. */
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
    const char *cause = strerror(errno);
    const size_t size = strlen(cause) + sizeof ": ";
    const size_t room = size < sizeof error->text ? sizeof error->text - size : 0;
    va_list arguments;
    va_start(arguments, format);
    error->status = STATUS_SYSTEM;
    error->text[0] = '\0';
    vsnprintf(error->text, room, format, arguments);
    va_end(arguments);
    const size_t used = strlen(error->text);
    snprintf(error->text + used, sizeof error->text - used, ": %s", cause);
    return false;
}

bool error_memory(struct error *error, const char *what)
{
    return error_set(error, STATUS_SYSTEM, "out of memory while %s", what);
}

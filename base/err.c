/*
 * Errors as values: see err.h. Used by every layer, on any thread; nothing here has state.
 */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Of the macros that only the analyzer sees. */
#undef err_set
#undef err_set_errno
#undef err_hint
#undef err_prefix

struct err_row {
    const char *name;
    int exit_code;
    bool retriable;
};

static const struct err_row rows[] = {
    {"NONE", 0, false},
#define ERROR(name, exit_code, retriable, meaning) {#name, exit_code, retriable},
#include "base/errors.def"
#undef ERROR
};

static void
fill(struct err *err, enum err_code code, int number, const char *format, va_list args)
{
    err->code = code;
    err->sys_errno = number;
    err->sqlstate[0] = '\0';
    err->hint[0] = '\0';
    vsnprintf(err->message, sizeof(err->message), format, args);
}

int
err_set(struct err *err, enum err_code code, const char *format, ...)
{
    if (err != NULL) {
        va_list args;
        va_start(args, format);
        fill(err, code, 0, format, args);
        va_end(args);
    }
    return -1;
}

int
err_set_errno(struct err *err, enum err_code code, int number, const char *format, ...)
{
    if (err != NULL) {
        va_list args;
        va_start(args, format);
        fill(err, code, number, format, args);
        va_end(args);
        char text[128];
        const char *shown = strerror_r(number, text, sizeof(text));
        size_t used = strlen(err->message);
        snprintf(err->message + used, sizeof(err->message) - used, ": %s", shown);
    }
    return -1;
}

int
err_hint(struct err *err, const char *format, ...)
{
    if (err != NULL) {
        va_list args;
        va_start(args, format);
        vsnprintf(err->hint, sizeof(err->hint), format, args);
        va_end(args);
    }
    return -1;
}

int
err_prefix(struct err *err, const char *format, ...)
{
    if (err != NULL) {
        char old[sizeof(err->message)];
        memcpy(old, err->message, sizeof(old));
        va_list args;
        va_start(args, format);
        int used = vsnprintf(err->message, sizeof(err->message), format, args);
        va_end(args);
        if (used >= 0 && (size_t)used + 2 < sizeof(err->message)) {
            memcpy(err->message + used, ": ", 2);
            used += 2;
            size_t room = sizeof(err->message) - (size_t)used;
            size_t length = strnlen(old, sizeof(old) - 1);
            size_t kept = length < room - 1 ? length : room - 1;
            memcpy(err->message + used, old, kept);
            err->message[(size_t)used + kept] = '\0';
        }
    }
    return -1;
}

static const struct err_row *
row_of(enum err_code code)
{
    size_t index = (size_t)code;
    return index < sizeof(rows) / sizeof(rows[0]) ? &rows[index] : &rows[ERR_INTERNAL];
}

const char *
err_name(enum err_code code)
{
    return row_of(code)->name;
}

int
err_exit_code(enum err_code code)
{
    return row_of(code)->exit_code;
}

bool
err_retriable(enum err_code code)
{
    return row_of(code)->retriable;
}

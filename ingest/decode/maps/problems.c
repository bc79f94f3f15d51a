/*
 * What is wrong with a map: see problems.h.
 */
#include "ingest/decode/maps/problems.h"

#include <stdarg.h>
#include <stdio.h>

#define PROBLEM_BYTES 400

static void
add(struct map_problems *problems, const char *file, int line, const char *kind, const char *text)
{
    strbuf_addf(problems->text, "%s:%d: %s%s\n", file, line, kind, text);
}

void
map_error(struct map_problems *problems, const char *file, int line, const char *format, ...)
{
    char text[PROBLEM_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    add(problems, file, line, "", text);
    problems->errors++;
}

void
map_remark(struct map_problems *problems, const char *file, int line, const char *format, ...)
{
    char text[PROBLEM_BYTES];
    va_list arguments;
    if (!problems->remarks)
        return;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    add(problems, file, line, "remark: ", text);
}

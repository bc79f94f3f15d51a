/*
 * Lines for people: see visible.h.
 */
#include "base/text/visible.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text/escape.h"

void
visible_line(FILE *to, const char *format, ...)
{
    struct strbuf line;
    char *text = NULL;
    va_list args;
    va_start(args, format);
    int length = vasprintf(&text, format, args);
    va_end(args);
    memory_need(length < 0 ? NULL : text);
    strbuf_init(&line, 0);
    escape_terminal(&line, sv_of(text, (size_t)length));
    strbuf_add_char(&line, '\n');
    /* At once: two threads may speak. */
    fwrite(line.ptr, 1, line.len, to);
    strbuf_release(&line);
    free(text);
}

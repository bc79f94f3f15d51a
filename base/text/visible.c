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
    va_list args;
    va_start(args, format);
    char *text = memory_vformat(format, args);
    va_end(args);
    strbuf_init(&line, 0);
    escape_terminal(&line, sv_from(text));
    strbuf_add_char(&line, '\n');
    /* At once: two threads may speak. */
    fwrite(line.ptr, 1, line.len, to);
    strbuf_release(&line);
    free(text);
}

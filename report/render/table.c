/*
 * Tables for terminals, see table.h. Used by render_status.c.
 */
#include "report/render/table.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text/escape.h"
#include "base/text/utf8.h"
#include "report/render/style.h"

#define GAP 2

void
table_init(struct table *table, const char *const *names, size_t columns)
{
    assert(columns > 0 && columns <= TABLE_COLUMNS_MAX);
    *table = (struct table){.names = names, .columns = columns};
    strbuf_init(&table->text, 0);
}

void
table_release(struct table *table)
{
    strbuf_release(&table->text);
    free(table->ends);
}

void
table_cell(struct table *table, struct sv text)
{
    assert(table->columns > 0); /* table_init() comes first */
    table->ends = memory_grow(table->ends, &table->size, table->count + 1, sizeof(*table->ends));
    escape_terminal(&table->text, text);
    table->ends[table->count++] = table->text.len;
}

void
table_cellf(struct table *table, const char *format, ...)
{
    char text[256];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    table_cell(table, sv_from(text));
}

static struct sv
cell_at(const struct table *table, size_t at)
{
    size_t from = at == 0 ? 0 : table->ends[at - 1];
    return sv_of(table->text.ptr + from, table->ends[at] - from);
}

static bool
is_number(const struct table *table, size_t column)
{
    return table->names[column][0] == '>';
}

static struct sv
head_of(const struct table *table, size_t column)
{
    return sv_from(table->names[column] + (is_number(table, column) ? 1 : 0));
}

static void
add_blanks(struct strbuf *out, size_t count)
{
    for (size_t i = 0; i < count; i++)
        strbuf_add_char(out, ' ');
}

static void
add_padded(const struct table *table, size_t column, struct sv text, const size_t *widths,
           struct strbuf *out)
{
    size_t blanks = widths[column] - utf8_count(text);
    bool last = column + 1 == table->columns;
    if (is_number(table, column))
        add_blanks(out, blanks);
    strbuf_add_sv(out, text);
    if (!is_number(table, column) && !last)
        add_blanks(out, blanks);
    if (!last)
        add_blanks(out, GAP);
}

static void
end_line(struct strbuf *line, size_t columns, enum render_style style, struct strbuf *out)
{
    strbuf_add_text(out, render_style_on(style));
    if (columns > 0)
        escape_terminal_cut(out, strbuf_view(line), columns);
    else
        strbuf_add_sv(out, strbuf_view(line));
    strbuf_addf(out, "%s\n", render_style_off(style));
    strbuf_clear(line);
}

void
table_print(const struct table *table, size_t columns, struct strbuf *out)
{
    size_t widths[TABLE_COLUMNS_MAX];
    struct strbuf line;
    assert(table->columns > 0 && table->count % table->columns == 0); /* rows are whole */
    for (size_t i = 0; i < table->columns; i++)
        widths[i] = utf8_count(head_of(table, i));
    for (size_t i = 0; i < table->count; i++) {
        size_t width = utf8_count(cell_at(table, i));
        if (width > widths[i % table->columns])
            widths[i % table->columns] = width;
    }
    strbuf_init(&line, 0);
    for (size_t i = 0; i < table->columns; i++)
        add_padded(table, i, head_of(table, i), widths, &line);
    end_line(&line, columns, STYLE_HEAD, out);
    for (size_t i = 0; i < table->count; i++) {
        add_padded(table, i % table->columns, cell_at(table, i), widths, &line);
        if (i % table->columns + 1 == table->columns)
            end_line(&line, columns, STYLE_PLAIN, out);
    }
    strbuf_release(&line);
}

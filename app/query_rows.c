/*
 * Writing rows: see query_rows.h. A table waits for the first rows before it prints its head, then
 * prints each row as it comes.
 */
#include "app/query_rows.h"

#include <stdlib.h>

#include "app/output.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/text/escape.h"
#include "base/text/json_writer.h"
#include "base/text/utf8.h"
#include "report/render/style.h"

#define GAP 2

void
query_rows_init(struct query_rows *rows, enum query_format format, size_t columns)
{
    *rows = (struct query_rows){.format = format, .columns = columns};
    strbuf_init(&rows->sample, 0);
    strbuf_init(&rows->line, 0);
    strbuf_init(&rows->out, 0);
}

void
query_rows_release(struct query_rows *rows)
{
    free(rows->widths);
    strbuf_release(&rows->sample);
    strbuf_release(&rows->line);
    strbuf_release(&rows->out);
}

static bool
flush(struct query_rows *rows)
{
    if (!rows->failed && output_buffer(&rows->out, "a row", &rows->failure) != 0)
        rows->failed = true;
    strbuf_clear(&rows->out);
    return !rows->failed;
}

/* The text of a cell as people and CSV read it; the same in every form. */
static struct sv
cell_text(const struct view_column *head, const struct view_cell *cell, bool for_people,
          char text[TIME_TEXT])
{
    if (cell->null)
        return SV_NONE;
    if (head->kind != VIEW_TIME)
        return cell->text;
    if (for_people)
        time_format_zone(cell->time_ns, text);
    else
        time_format(cell->time_ns, text);
    return sv_from(text);
}

/* ---- a table ---- */

static bool
to_the_right(const struct view_column *head)
{
    return head->kind == VIEW_NUMBER;
}

static void
add_blanks(struct strbuf *out, size_t count)
{
    for (; count > 0; count--)
        strbuf_add_char(out, ' ');
}

/* The last column is as wide as it is. */
static void
add_padded(struct query_rows *rows, size_t at, struct sv text)
{
    struct strbuf *line = &rows->line;
    size_t used = utf8_count(text), width = rows->widths[at];
    size_t missing = used < width ? width - used : 0;
    bool right = to_the_right(&rows->heads[at]), last = at + 1 == rows->count;
    if (right)
        add_blanks(line, missing);
    strbuf_add_sv(line, text);
    if (!right && !last)
        add_blanks(line, missing);
    if (!last)
        add_blanks(line, GAP);
}

static void
end_line(struct query_rows *rows, bool head)
{
    struct strbuf *out = &rows->out;
    if (head)
        strbuf_add_text(out, render_style_on(STYLE_HEAD));
    if (rows->columns > 0)
        escape_terminal_cut(out, strbuf_view(&rows->line), rows->columns);
    else
        strbuf_add_sv(out, strbuf_view(&rows->line));
    if (head)
        strbuf_add_text(out, render_style_off(STYLE_HEAD));
    strbuf_add_char(out, '\n');
    strbuf_clear(&rows->line);
}

/* The last one is cut by the terminal alone. */
static void
add_cell(const struct query_rows *rows, size_t at, const struct view_cell *cell, struct strbuf *out)
{
    char text[TIME_TEXT];
    struct sv shown = cell_text(&rows->heads[at], cell, true, text);
    if (at + 1 == rows->count)
        escape_terminal(out, shown);
    else
        escape_terminal_cut(out, shown, QUERY_CELL_COLUMNS);
}

/* Cells of the sample, each with where it ends before it. */
static void
sample_row(struct query_rows *rows, const struct view_cell *cells)
{
    for (size_t i = 0; i < rows->count; i++) {
        size_t at = rows->sample.len;
        strbuf_add_be32(&rows->sample, 0);
        add_cell(rows, i, &cells[i], &rows->sample);
        if (rows->sample.overflow)
            return;
        size_t len = rows->sample.len - at - 4;
        strbuf_put_be32(&rows->sample, at, (uint32_t)len);
        size_t used = utf8_count(sv_of(rows->sample.ptr + at + 4, len));
        rows->widths[i] = used > rows->widths[i] ? used : rows->widths[i];
    }
    rows->sampled++;
}

static size_t
read_be32(const char *at)
{
    const unsigned char *bytes = (const unsigned char *)at;
    return (size_t)bytes[0] << 24 | (size_t)bytes[1] << 16 | (size_t)bytes[2] << 8 | bytes[3];
}

static void
tell_sample(struct query_rows *rows)
{
    size_t at = 0;
    rows->told = true;
    if (rows->sampled == 0)
        return;
    for (size_t i = 0; i < rows->count; i++)
        add_padded(rows, i, rows->heads[i].name);
    end_line(rows, true);
    for (size_t row = 0; row < rows->sampled; row++) {
        for (size_t i = 0; i < rows->count; i++) {
            size_t len = read_be32(rows->sample.ptr + at);
            add_padded(rows, i, sv_of(rows->sample.ptr + at + 4, len));
            at += 4 + len;
        }
        end_line(rows, false);
    }
    strbuf_clear(&rows->sample);
}

static void
table_row(struct query_rows *rows, const struct view_cell *cells)
{
    struct strbuf cell;
    if (!rows->told) {
        sample_row(rows, cells);
        if (rows->sampled == QUERY_SAMPLE_ROWS)
            tell_sample(rows);
        return;
    }
    strbuf_init(&cell, 0);
    for (size_t i = 0; i < rows->count; i++) {
        strbuf_clear(&cell);
        add_cell(rows, i, &cells[i], &cell);
        add_padded(rows, i, strbuf_view(&cell));
    }
    strbuf_release(&cell);
    end_line(rows, false);
}

/* ---- CSV and JSON Lines ---- */

/* Numbers and truth are PostgreSQL's own words: a minus makes no formula of them. */
static bool
own_words(const struct view_column *head)
{
    return head->kind == VIEW_NUMBER || head->kind == VIEW_BOOL;
}

static void
csv_head(struct query_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        if (i > 0)
            strbuf_add_char(&rows->out, ',');
        escape_csv(&rows->out, rows->heads[i].name);
    }
    strbuf_add_text(&rows->out, "\r\n");
}

static void
csv_row(struct query_rows *rows, const struct view_cell *cells)
{
    char text[TIME_TEXT];
    for (size_t i = 0; i < rows->count; i++) {
        if (i > 0)
            strbuf_add_char(&rows->out, ',');
        struct sv value = cell_text(&rows->heads[i], &cells[i], false, text);
        if (own_words(&rows->heads[i]))
            strbuf_add_sv(&rows->out, value);
        else
            escape_csv(&rows->out, value);
    }
    strbuf_add_text(&rows->out, "\r\n");
}

/* NaN and infinities are no numbers in JSON. */
static bool
json_as_it_is(const struct view_column *head, struct sv text)
{
    bool number = head->kind == VIEW_NUMBER && !sv_empty(text) &&
                  (sv_blank(text.ptr[0]) || text.ptr[text.len - 1] <= '9');
    return head->kind == VIEW_BOOL || head->kind == VIEW_JSON || number;
}

static void
json_row(struct query_rows *rows, const struct view_cell *cells)
{
    struct strbuf *out = &rows->out;
    char text[TIME_TEXT];
    strbuf_add_char(out, '{');
    for (size_t i = 0; i < rows->count; i++) {
        const struct view_column *head = &rows->heads[i];
        struct sv value = cell_text(head, &cells[i], false, text);
        if (i > 0)
            strbuf_add_char(out, ',');
        json_put_string(out, head->name);
        strbuf_add_char(out, ':');
        if (!cells[i].null && json_as_it_is(head, value))
            strbuf_add_sv(out, value);
        else
            json_put_string(out, value);
    }
    strbuf_add_text(out, "}\n");
}

/* ---- all ---- */

void
query_rows_begin(struct query_rows *rows, const struct view_column *heads, size_t count)
{
    size_t size = 0;
    rows->heads = heads;
    rows->count = count;
    rows->widths = memory_grow(NULL, &size, count + 1, sizeof(*rows->widths));
    for (size_t i = 0; i < count; i++)
        rows->widths[i] = utf8_count(heads[i].name);
    if (rows->format == QUERY_CSV)
        csv_head(rows);
}

bool
query_rows_add(struct query_rows *rows, const struct view_cell *cells)
{
    if (rows->format == QUERY_CSV)
        csv_row(rows, cells);
    else if (rows->format == QUERY_JSONL)
        json_row(rows, cells);
    else
        table_row(rows, cells);
    return flush(rows);
}

int
query_rows_end(struct query_rows *rows, struct err *err)
{
    if (rows->format == QUERY_TABLE && !rows->told)
        tell_sample(rows);
    if (flush(rows))
        return 0;
    *err = rows->failure;
    return -1;
}

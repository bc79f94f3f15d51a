/*
 * What stands in a row of the table of files: see file_row.h.
 */
#include "app/file_row.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text/escape.h"
#include "base/text/utf8.h"
#include "report/render/style.h"

#define LEAST_COLUMNS 80
#define USUAL_COLUMNS 100 /* where it is not a terminal */
#define MOST_COLUMNS 160
#define FIXED_COLUMNS 57 /* mark, numbers, times and the blanks between all of them */
#define LEAST_NAME 14
#define MOST_FORMAT 30

struct file_row_widths
file_row_widths(size_t columns, size_t name_max)
{
    if (columns == 0)
        columns = USUAL_COLUMNS;
    if (columns < LEAST_COLUMNS)
        columns = LEAST_COLUMNS;
    if (columns > MOST_COLUMNS)
        columns = MOST_COLUMNS;
    size_t room = columns - FIXED_COLUMNS;
    size_t format = columns < USUAL_COLUMNS ? room * 5 / 12 : room * 9 / 22;
    size_t name = room - format;
    if (name_max > 0 && name_max < name)
        name = name_max < LEAST_NAME ? LEAST_NAME : name_max;
    format = room - name > MOST_FORMAT ? MOST_FORMAT : room - name;
    return (struct file_row_widths){columns, name, format};
}

static void
add_blanks(struct strbuf *out, size_t used, size_t width)
{
    for (; used < width; used++)
        strbuf_add_char(out, ' ');
}

/* The end of a name tells more than its beginning. */
static void
add_name(struct strbuf *out, const char *name, size_t width)
{
    struct strbuf shown;
    strbuf_init(&shown, 0);
    escape_terminal(&shown, sv_from(name));
    struct sv rest = strbuf_view(&shown);
    size_t count = utf8_count(rest), drop = count > width ? count - width + 1 : 0;
    for (size_t i = 0; i < drop; i++) {
        size_t length = utf8_length(rest);
        rest = sv_slice(rest, length == 0 ? 1 : length, rest.len);
    }
    if (drop > 0)
        strbuf_add_text(out, "…");
    strbuf_add_sv(out, rest);
    add_blanks(out, drop > 0 ? width : count, width);
    strbuf_release(&shown);
}

static void
add_formats(struct strbuf *out, const struct file_tally *tally, size_t width)
{
    struct strbuf text;
    strbuf_init(&text, 0);
    size_t count = tally->format_count;
    for (size_t i = 0; i < count && count > 1; i++)
        strbuf_addf(&text, "%s%s %lld", i == 0 ? "" : ", ", tally->formats[i].name,
                    (long long)tally->formats[i].events);
    if (tally->other_formats > 0)
        strbuf_addf(&text, ", others %lld", (long long)tally->other_formats);
    if (count == 1)
        strbuf_add_text(&text, tally->formats[0].name);
    if (count > 1 && utf8_count(strbuf_view(&text)) > width) {
        strbuf_clear(&text);
        strbuf_addf(&text, "%s +%zu", tally->formats[0].name, count - 1);
    }
    if (count == 0)
        strbuf_add_char(&text, '-');
    struct sv all = strbuf_view(&text);
    size_t used = utf8_count(all);
    escape_terminal_cut(out, all, width);
    add_blanks(out, used < width ? used : width, width);
    strbuf_release(&text);
}

static void
add_number(struct strbuf *out, int64_t number, int width)
{
    if (number < 10000000)
        strbuf_addf(out, " %*lld", width, (long long)number);
    else if (number < INT64_C(10000000000))
        strbuf_addf(out, " %*lldM", width - 1, (long long)(number / 1000000));
    else
        strbuf_addf(out, " %*lldG", width - 1, (long long)(number / 1000000000));
}

void
file_row_times(int64_t first_ns, int64_t last_ns, char ret_first[ROW_TIME], char ret_last[ROW_TIME])
{
    char first[TIME_TEXT], last[TIME_TEXT];
    ret_first[0] = ret_last[0] = '\0';
    if (first_ns == TIME_NONE)
        return;
    time_format_zone(first_ns, first);
    time_format_zone(last_ns, last);
    snprintf(ret_first, ROW_TIME, "%.16s", first);
    if (strncmp(first, last, 10) == 0)
        snprintf(ret_last, ROW_TIME, "%.5s", last + 11);
    else if (strncmp(first, last, 4) == 0)
        snprintf(ret_last, ROW_TIME, "%.11s", last + 5);
    else
        snprintf(ret_last, ROW_TIME, "%.10s", last);
}

bool
file_row_wrap(struct sv *text, size_t columns, struct sv *ret_line)
{
    size_t at = 0, blank = 0;
    for (size_t used = 0; at < text->len && used < columns; used++) {
        size_t length = utf8_length(sv_slice(*text, at, text->len));
        if (text->ptr[at] == ' ')
            blank = at;
        at += length == 0 ? 1 : length;
    }
    if (text->len == 0)
        return false;
    if (at < text->len && text->ptr[at] != ' ' && blank > 0)
        at = blank;
    *ret_line = sv_slice(*text, 0, at);
    *text = sv_trim(sv_slice(*text, at, text->len));
    return true;
}

void
file_row_head(struct strbuf *out, const struct file_row_widths *widths)
{
    strbuf_addf(out, "%s  %-*s %-*s %7s %7s %-16s %-11s %8s%s\n", render_style_on(STYLE_HEAD),
                (int)widths->name, "FILE", (int)widths->format, "READ AS", "RECORDS", "EVENTS",
                "FIRST", "LAST", "SEVERITY", render_style_off(STYLE_HEAD));
}

void
file_row(struct strbuf *out, const struct file_row_widths *widths, char mark,
         const struct file_tally *tally, const char *name)
{
    char first[ROW_TIME], last[ROW_TIME];
    file_row_times(tally->first_ns, tally->last_ns, first, last);
    strbuf_addf(out, "%c ", mark);
    add_name(out, name, widths->name);
    strbuf_add_char(out, ' ');
    add_formats(out, tally, widths->format);
    add_number(out, tally->records, 7);
    add_number(out, tally->events, 7);
    strbuf_addf(out, " %-16s %-11s", first, last);
    add_number(out, tally->with_severity, 8);
    strbuf_add_char(out, '\n');
}

void
file_row_skipped(struct strbuf *out, const struct file_row_widths *widths, const char *name,
                 const char *reason)
{
    strbuf_add_text(out, "- ");
    add_name(out, name, widths->name);
    strbuf_add_text(out, " not read: ");
    escape_terminal_cut(out, sv_from(reason), widths->all - widths->name - 13);
    strbuf_add_char(out, '\n');
}

void
file_row_known(struct strbuf *out, const struct file_row_widths *widths, const char *name,
               int64_t records)
{
    strbuf_add_text(out, "  ");
    add_name(out, name, widths->name);
    strbuf_addf(out, " loaded before: %lld records\n", (long long)records);
}

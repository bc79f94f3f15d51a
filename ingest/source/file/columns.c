/*
 * Files of columns: see columns.h. Called while a file is split into lines.
 */
#include "ingest/source/file/columns.h"

#include "base/arena.h"
#include "ingest/parse/csv.h"
#include "ingest/parse/csv_header.h"
#include "ingest/parse/flow_fields.h"

void
file_columns_init(struct file_columns *columns)
{
    *columns = (struct file_columns){.rows = false};
    strbuf_init(&columns->line, CSV_HEADER_BYTES_MAX);
}

void
file_columns_release(struct file_columns *columns)
{
    strbuf_release(&columns->line);
}

static bool
named_so(const char *name)
{
    struct sv text = sv_from(name);
    size_t length = text.len < 4 ? 0 : text.len - 4;
    struct sv end = sv_slice(text, length, text.len);
    return sv_eq_nocase(end, SV(".csv")) || sv_eq_nocase(end, SV(".tsv"));
}

static void
keep(struct file_columns *columns, struct sv line)
{
    strbuf_clear(&columns->line);
    if (line.len <= CSV_HEADER_BYTES_MAX)
        strbuf_add_sv(&columns->line, line);
}

/* The next line that is not blank; absent when its end was not read. */
static struct sv
line_of(struct sv *text)
{
    struct sv line;
    while (sv_find_char(*text, '\n') != SIZE_MAX && sv_split(text, '\n', &line))
        if (!sv_empty(sv_trim(line)))
            return sv_trim(line);
    return SV_NONE;
}

void
file_columns_begin(struct file_columns *columns, const char *name, struct sv start)
{
    struct arena arena;
    bool named = named_so(name);
    struct sv rest = start, first = line_of(&rest), second = line_of(&rest);
    if (first.ptr == NULL || first.ptr[0] == '#' || first.ptr[0] == '{' || first.ptr[0] == '[')
        return;
    arena_init(&arena, 0);
    /* Elsewhere a line of three words with commas may be one of a log. */
    bool plain = sv_find_char(first, ' ') == SIZE_MAX || csv_separator(first) == '\t';
    size_t cells = csv_cells(&arena, first, csv_separator(first), NULL, 0);
    bool header = csv_is_header(&arena, first, second) &&
                  (named || (second.ptr != NULL && cells >= 4 && plain));
    if (header)
        keep(columns, first);
    columns->rows = header || named || csv_is_row(&arena, first);
    arena_release(&arena);
}

static bool
names_fields(struct sv line)
{
    return line.ptr[0] == '#' ? sv_starts_nocase(line, SV("#Fields:"))
                              : line.ptr[0] >= 'a' && line.ptr[0] <= 'z' && flow_fields_named(line);
}

void
file_columns_see(struct file_columns *columns, struct sv line, int64_t *last_ns)
{
    struct parsed_time time;
    if (sv_empty(line) || columns->rows)
        return;
    if (names_fields(line))
        keep(columns, line);
    else if (line.ptr[0] == '#' && *last_ns == TIME_NONE && sv_starts_nocase(line, SV("#Date:")) &&
             time_parse(sv_trim(sv_slice(line, 6, line.len)), &time))
        *last_ns = time.ns;
}

bool
file_columns_open(const struct file_columns *columns, struct sv part)
{
    return columns->rows && csv_open(part);
}

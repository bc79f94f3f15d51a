/*
 * Rows of CSV: see csv.h. Pure functions.
 */
#include "ingest/parse/csv.h"

static struct sv
undoubled(struct arena *arena, struct sv inside)
{
    if (!sv_contains(inside, SV("\"\"")))
        return inside;
    char *copy = arena_alloc(arena, inside.len);
    size_t length = 0;
    for (size_t at = 0; at < inside.len; at++) {
        copy[length++] = inside.ptr[at];
        at += inside.ptr[at] == '"' && at + 1 < inside.len && inside.ptr[at + 1] == '"';
    }
    return sv_of(copy, length);
}

/* From behind the opening quote: where the closing one is, or the end. */
static size_t
closing_quote(struct sv text, size_t at)
{
    while (at < text.len) {
        size_t quote = sv_find_char(sv_slice(text, at, text.len), '"');
        if (quote == SIZE_MAX)
            return text.len;
        at += quote;
        if (at + 1 >= text.len || text.ptr[at + 1] != '"')
            return at;
        at += 2;
    }
    return text.len;
}

bool
csv_next(struct arena *arena, struct csv *csv, struct sv *ret_cell, bool *ret_quoted)
{
    struct sv text = csv->rest;
    if (text.ptr == NULL)
        return false;
    bool quoted = !sv_empty(text) && text.ptr[0] == '"';
    size_t end = 0;
    if (quoted) {
        size_t quote = closing_quote(text, 1);
        *ret_cell = undoubled(arena, sv_slice(text, 1, quote));
        end = quote < text.len ? quote + 1 : quote;
    }
    size_t separator = sv_find_char(sv_slice(text, end, text.len), csv->separator);
    if (!quoted)
        *ret_cell = sv_slice(text, 0, separator == SIZE_MAX ? text.len : separator);
    csv->rest = separator == SIZE_MAX ? SV_NONE : sv_slice(text, end + separator + 1, text.len);
    if (ret_quoted != NULL)
        *ret_quoted = quoted;
    return true;
}

size_t
csv_cells(struct arena *arena, struct sv row, char separator, struct sv *cells, size_t max)
{
    struct csv csv = csv_of(row, separator);
    struct sv cell;
    size_t count = 0;
    while (csv_next(arena, &csv, &cell, NULL)) {
        if (count < max)
            cells[count] = cell;
        count++;
    }
    return count;
}

bool
csv_open(struct sv text)
{
    bool open = false;
    size_t quote;
    while ((quote = sv_find_char(text, '"')) != SIZE_MAX) {
        open = !open;
        text = sv_slice(text, quote + 1, text.len);
    }
    return open;
}

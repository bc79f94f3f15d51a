/*
 * Header lines of CSV files: see csv_header.h. Pure functions.
 */
#include "ingest/parse/csv_header.h"

#include "ingest/parse/csv.h"

#define NAME_BYTES_MAX 64
#define ROW_CELLS_MIN 12 /* of a log without a header line */

static size_t
count_of(struct sv text, char c)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == c;
    return count;
}

char
csv_separator(struct sv line)
{
    size_t commas = count_of(line, ','), semicolons = count_of(line, ';');
    size_t tabs = count_of(line, '\t');
    if (tabs > commas && tabs > semicolons)
        return '\t';
    return semicolons > commas ? ';' : ',';
}

static bool
letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '@' ||
           (unsigned char)c >= 0x80;
}

static bool
a_name(struct sv cell)
{
    static const char others[] = " -./()#:%[]&";
    cell = sv_trim(cell);
    if (sv_empty(cell) || cell.len > NAME_BYTES_MAX || !letter(cell.ptr[0]))
        return false;
    for (size_t i = 0; i < cell.len; i++) {
        char c = cell.ptr[i];
        if (!letter(c) && !(c >= '0' && c <= '9') && (c == '\0' || strchr(others, c) == NULL))
            return false;
    }
    return true;
}

bool
csv_is_header(struct arena *arena, struct sv line, struct sv next)
{
    struct sv names[CSV_COLUMNS_MAX];
    char separator = csv_separator(line);
    line = sv_trim(line);
    if (line.len > CSV_HEADER_BYTES_MAX || csv_open(line))
        return false;
    size_t count = csv_cells(arena, line, separator, names, CSV_COLUMNS_MAX);
    if (count < 2 || count > CSV_COLUMNS_MAX)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!a_name(names[i]))
            return false;
        for (size_t k = 0; k < i; k++)
            if (sv_eq_nocase(sv_trim(names[i]), sv_trim(names[k])))
                return false;
    }
    if (next.ptr == NULL)
        return true;
    return csv_open(next) || csv_cells(arena, next, separator, names, 0) == count;
}

bool
csv_is_row(struct arena *arena, struct sv line)
{
    size_t comma = sv_find_char(sv_slice(line, 0, 40), ',');
    if (comma == SIZE_MAX || comma < 19 || line.ptr[0] < '0' || line.ptr[0] > '9' ||
        line.ptr[4] != '-' || line.ptr[13] != ':')
        return false;
    return csv_open(line) || csv_cells(arena, line, ',', NULL, 0) >= ROW_CELLS_MIN;
}

/*
 * Reading columns of results, and writing numbers as parameters: see column.h. Pure.
 */
#include "store/pg/column.h"

#include <inttypes.h>
#include <stdio.h>

bool
column_null(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column) != 0;
}

struct sv
column_view(const PGresult *result, int row, int column)
{
    if (column_null(result, row, column))
        return SV_NONE;
    return sv_of(PQgetvalue(result, row, column), (size_t)PQgetlength(result, row, column));
}

struct sv
column_text(struct arena *arena, const PGresult *result, int row, int column)
{
    struct sv view = column_view(result, row, column);
    return view.ptr == NULL ? SV_NONE : arena_copy(arena, view);
}

int64_t
column_int(const PGresult *result, int row, int column)
{
    return strtoll(PQgetvalue(result, row, column), NULL, 10);
}

bool
column_bool(const PGresult *result, int row, int column)
{
    return PQgetvalue(result, row, column)[0] == 't';
}

int64_t
column_time(const PGresult *result, int row, int column)
{
    struct parsed_time time;
    if (column_null(result, row, column) || !time_parse(column_view(result, row, column), &time))
        return TIME_NONE;
    return time.ns;
}

static int
hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
column_bytes(const PGresult *result, int row, int column, void *ret_bytes, size_t len)
{
    struct sv text = column_view(result, row, column);
    uint8_t *out = ret_bytes;
    if (text.ptr == NULL || text.len != 2 + 2 * len || memcmp(text.ptr, "\\x", 2) != 0)
        return false;
    for (size_t i = 0; i < len; i++) {
        int high = hex_digit(text.ptr[2 + 2 * i]), low = hex_digit(text.ptr[3 + 2 * i]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

uint64_t
big_endian(const char *bytes, size_t width)
{
    uint64_t value = 0;
    for (size_t i = 0; i < width; i++)
        value = value << 8 | (uint8_t)bytes[i];
    return value;
}

int64_t
column_binary_int(const PGresult *result, int column)
{
    struct sv view = column_view(result, 0, column);
    return view.len == 4 ? (int32_t)big_endian(view.ptr, 4)
                         : (int64_t)big_endian(view.ptr, view.len);
}

const char *
int_text(int64_t value, char text[INT_TEXT])
{
    snprintf(text, INT_TEXT, "%" PRId64, value);
    return text;
}

const char *
bound_text(int64_t ns, char text[INT_TEXT])
{
    return ns == TIME_NONE ? NULL : int_text((ns + NS_PER_US - 1) / NS_PER_US, text);
}

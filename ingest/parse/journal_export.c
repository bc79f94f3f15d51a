/*
 * The journal's export format: see journal_export.h. Used by the loader and by the decoder.
 */
#include "ingest/parse/journal_export.h"

#define LENGTH_BYTES 8
#define NAME_BYTES_MAX 255

bool
journal_is_export(struct sv text)
{
    return sv_starts(text, SV("__CURSOR=")) || sv_starts(text, SV("__REALTIME_TIMESTAMP="));
}

static bool
a_name(struct sv name)
{
    if (sv_empty(name) || name.len > NAME_BYTES_MAX)
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '_')
            return false;
    }
    return true;
}

bool
journal_next(struct sv *rest, struct sv *ret_name, struct sv *ret_value)
{
    size_t end = sv_find_char(*rest, '\n');
    struct sv line = sv_slice(*rest, 0, end), text = *rest;
    size_t equals = sv_find_char(line, '=');
    if (equals != SIZE_MAX && a_name(sv_slice(line, 0, equals))) {
        *ret_name = sv_slice(line, 0, equals);
        *ret_value = sv_slice(line, equals + 1, line.len);
        *rest = sv_slice(text, end == SIZE_MAX ? text.len : end + 1, text.len);
        return true;
    }
    if (end == SIZE_MAX || !a_name(line) || text.len - end - 1 < LENGTH_BYTES)
        return false;
    uint64_t length = 0;
    for (size_t i = LENGTH_BYTES; i > 0; i--)
        length = length << 8 | (uint8_t)text.ptr[end + i];
    size_t from = end + 1 + LENGTH_BYTES;
    if (length > text.len - from)
        return false;
    *ret_name = line;
    *ret_value = sv_slice(text, from, from + (size_t)length);
    size_t behind = from + (size_t)length;
    *rest = sv_slice(text, behind + (behind < text.len), text.len);
    return true;
}

size_t
journal_entry_length(struct sv text)
{
    struct sv rest = text, name, value;
    while (journal_next(&rest, &name, &value))
        continue;
    size_t at = (size_t)(rest.ptr - text.ptr), end = sv_find_char(rest, '\n');
    /* A blank line, or one that is none of the format: an entry ends there in any case. */
    if (end == SIZE_MAX || (end > 0 && a_name(sv_slice(rest, 0, end))))
        return 0;
    return at + end + 1;
}

/*
 * Cursors as text: see hindcast/changes.h. Pure; any thread.
 */
#include <string.h>

#include "base/text/utf8.h"
#include "hindcast/changes.h"

#define PUBLICATION_MAX (INT64_C(1) << 62)

static bool
plain(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c != '\0' && strchr("-._~/", c) != NULL);
}

void
change_cursor_print(const struct change_cursor *cursor, struct strbuf *out)
{
    if (cursor->count == 0)
        strbuf_add_char(out, '0');
    for (size_t i = 0; i < cursor->count; i++) {
        const struct scope_mark *mark = &cursor->marks[i];
        if (i > 0)
            strbuf_add_char(out, ',');
        for (size_t k = 0; k < mark->scope.len; k++) {
            unsigned char c = (unsigned char)mark->scope.ptr[k];
            if (plain(c))
                strbuf_add_char(out, (char)c);
            else
                strbuf_addf(out, "%%%02X", c);
        }
        strbuf_addf(out, "=%lld." SV_FMT, (long long)mark->publication, SV_ARG(mark->lineage));
    }
}

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool
read_scope(struct arena *arena, struct sv text, struct sv *ret_scope)
{
    char *bytes = arena_alloc(arena, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '%') {
            int high = i + 1 < text.len ? hex_digit(text.ptr[i + 1]) : -1;
            int low = i + 2 < text.len ? hex_digit(text.ptr[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            c = (char)(high * 16 + low);
            i += 2;
        } else if (!plain((unsigned char)c)) {
            return false;
        }
        bytes[len++] = c;
    }
    *ret_scope = sv_of(bytes, len);
    return len > 0 && utf8_storable(*ret_scope);
}

static bool
read_publication(struct sv text, int64_t *ret_number)
{
    int64_t number = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9' || number > PUBLICATION_MAX / 10 - 1)
            return false;
        number = number * 10 + (text.ptr[i] - '0');
    }
    *ret_number = number;
    return number > 0;
}

static bool
read_lineage(struct sv text)
{
    for (size_t i = 0; i < text.len; i++)
        if (hex_digit(text.ptr[i]) < 0)
            return false;
    return text.len == CHANGES_LINEAGE_DIGITS;
}

/* "SCOPE=PUBLICATION.LINEAGE" */
static bool
read_mark(struct arena *arena, struct sv text, struct scope_mark *ret_mark)
{
    size_t equals = sv_find_char(text, '=');
    if (equals == SIZE_MAX)
        return false;
    struct sv rest = sv_slice(text, equals + 1, text.len);
    size_t dot = sv_find_char(rest, '.');
    if (dot == SIZE_MAX)
        return false;
    ret_mark->lineage = sv_slice(rest, dot + 1, rest.len);
    return read_scope(arena, sv_slice(text, 0, equals), &ret_mark->scope) &&
           read_publication(sv_slice(rest, 0, dot), &ret_mark->publication) &&
           read_lineage(ret_mark->lineage);
}

/* False: one is none, or they are not in order, as those that were printed are. */
static bool
read_marks(struct arena *arena, struct sv text, struct scope_mark *marks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t comma = sv_find_char(text, ',');
        struct sv one = comma == SIZE_MAX ? text : sv_slice(text, 0, comma);
        if (!read_mark(arena, one, &marks[i]) ||
            (i > 0 && sv_cmp(marks[i - 1].scope, marks[i].scope) >= 0))
            return false;
        text = comma == SIZE_MAX ? SV_NONE : sv_slice(text, comma + 1, text.len);
    }
    return true;
}

int
change_cursor_read(struct arena *arena, struct sv text, struct change_cursor *ret_cursor,
                   struct err *err)
{
    *ret_cursor = (struct change_cursor){0};
    if (sv_eq(text, SV("0")))
        return 0;
    size_t count = 1;
    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == ',' ? 1 : 0;
    struct scope_mark *marks = ARENA_ARRAY(arena, struct scope_mark, count);
    if (text.len > CHANGES_CURSOR_BYTES_MAX || !read_marks(arena, text, marks, count)) {
        err_set(err, ERR_USAGE, "'" SV_FMT "' is not a cursor",
                text.len > 200 ? 200 : (int)text.len, text.ptr == NULL ? "" : text.ptr);
        return err_hint(err, "take the one of the last line of the export before, or 0 to begin");
    }
    *ret_cursor = (struct change_cursor){marks, count};
    return 0;
}

int64_t
change_cursor_seen(const struct change_cursor *cursor, struct sv scope)
{
    size_t low = 0, high = cursor->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = sv_cmp(cursor->marks[middle].scope, scope);
        if (order == 0)
            return cursor->marks[middle].publication;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

/*
 * Text helpers: see text.h. Pure functions, called by decoders.
 */
#include "ingest/parse/text.h"

#include "base/text/utf8.h"

#define ESCAPE '\x1e'

/* U+001F as U+001E 's', U+001E as U+001E 'e'. */
static size_t
put_part(char *at, struct sv part)
{
    size_t len = 0;
    for (size_t i = 0; i < part.len; i++) {
        char c = part.ptr[i];
        bool separator = c == IDENTITY_SEPARATOR[0];
        at[len++] = separator ? ESCAPE : c;
        if (separator || c == ESCAPE)
            at[len++] = separator ? 's' : 'e';
    }
    return len;
}

struct sv
text_identity(struct arena *arena, const struct sv *parts, size_t count)
{
    size_t size = 1, len = 0;
    while (count > 0 && sv_empty(parts[count - 1]))
        count--;
    if (count == 0 || sv_empty(parts[0]))
        return SV_NONE;
    for (size_t i = 0; i < count; i++)
        size += 2 * parts[i].len + 1;
    char *joined = arena_alloc(arena, size);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            joined[len++] = IDENTITY_SEPARATOR[0];
        len += put_part(joined + len, parts[i]);
    }
    return sv_of(joined, len);
}

struct sv
text_without_port(struct sv host)
{
    size_t colon = sv_find_char(host, ':');
    if (colon == SIZE_MAX || colon == 0)
        return host;
    for (size_t i = colon + 1; i < host.len; i++)
        if (host.ptr[i] < '0' || host.ptr[i] > '9')
            return host;
    return sv_slice(host, 0, colon);
}

struct sv
text_first_line(struct sv text)
{
    text = sv_trim(text);
    size_t end = sv_find_char(text, '\n');
    return end == SIZE_MAX ? text : sv_trim(sv_slice(text, 0, end));
}

struct sv
text_without_ansi(struct arena *arena, struct sv text)
{
    if (sv_find_char(text, '\x1b') == SIZE_MAX)
        return text;
    char *copy = arena_alloc(arena, text.len + 1);
    size_t out = 0;
    for (size_t at = 0; at < text.len; at++) {
        if (text.ptr[at] == '\x1b' && at + 1 < text.len && text.ptr[at + 1] == '[') {
            at += 2;
            while (at < text.len && (text.ptr[at] < '@' || text.ptr[at] > '~'))
                at++;
            continue;
        }
        copy[out++] = text.ptr[at];
    }
    return sv_of(copy, out);
}

bool
text_readable(struct sv text)
{
    size_t control = 0, invalid = 0;
    size_t look = text.len < 4096 ? text.len : 4096;
    for (size_t at = 0; at < look;) {
        unsigned char c = (unsigned char)text.ptr[at];
        if (c >= 0x20 && c < 0x80) { /* nearly all */
            at++;
            continue;
        }
        if (c < 0x20 && !(c >= 9 && c <= 13) && c != 0x1b)
            control++;
        size_t length = utf8_length(sv_of(text.ptr + at, text.len - at));
        invalid += length == 0;
        at += length == 0 ? 1 : length;
    }
    return look > 0 && control * 5 <= look && invalid * 3 <= look;
}

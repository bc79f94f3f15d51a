/*
 * Splitting what stands behind a key: see split.h.
 */
#include "ingest/decode/maps/split.h"

struct place {
    char quote;  /* '"', '\'' or '/': inside one; 0: outside */
    int depth;   /* of brackets */
    char before; /* the last byte that is not blank; 0: none in this part */
};

/* A regex stands behind '>': at the start of a part where that is the mark. */
static bool
regex_begins(const struct place *place, enum map_mark mark, bool first)
{
    return mark == MARK_STEP ? place->before == 0 && !first : place->before == '>';
}

/* Steps over one byte, or two. */
static size_t
step(struct place *place, struct sv text, size_t at, enum map_mark mark, bool first)
{
    char c = text.ptr[at];
    if (place->quote != 0) {
        if (c == '\\' && place->quote == '/')
            return 2;
        if (c == place->quote)
            place->quote = 0;
    } else if (c == '"' || c == '\'' || (c == '/' && regex_begins(place, mark, first))) {
        place->quote = c;
    } else if (c == '[' || c == ']') {
        place->depth += c == '[' ? 1 : -1;
    }
    if (!sv_blank(c))
        place->before = c;
    return 1;
}

bool
map_split(struct sv *rest, enum map_mark mark, bool first, struct sv *ret_part, bool *ret_open)
{
    struct place place = {0};
    struct sv text = *rest;
    size_t at = 0;
    if (text.ptr == NULL)
        return false;
    while (at < text.len && (text.ptr[at] != (char)mark || place.quote != 0 || place.depth != 0))
        at += step(&place, text, at, mark, first);
    at = at > text.len ? text.len : at;
    *ret_part = sv_trim(sv_of(text.ptr, at));
    *rest = at == text.len ? SV_NONE : sv_of(text.ptr + at + 1, text.len - at - 1);
    *ret_open = place.quote != 0 || place.depth != 0;
    return true;
}

size_t
map_split_count(struct sv text, enum map_mark mark)
{
    struct sv part;
    bool open = false;
    size_t count = 0;
    while (map_split(&text, mark, count == 0, &part, &open))
        count++;
    return count;
}

/*
 * Reading paths: see path.h.
 */
#include "ingest/decode/maps/path.h"

#include <stdio.h>
#include <string.h>

struct reading {
    struct arena *arena;
    struct sv text;
    size_t at;
    struct map_part parts[MAP_PATH_PARTS_MAX + 1];
    size_t count;
    char *why;
};

static bool
wrong(struct reading *in, const char *what)
{
    snprintf(in->why, MAP_WHY_BYTES, "path %.60s: %s",
             in->text.len == 0 ? "" : arena_strdup(in->arena, in->text), what);
    return false;
}

static bool
add_part(struct reading *in, struct map_part part)
{
    if (in->count == MAP_PATH_PARTS_MAX)
        return wrong(in, "more than 12 parts");
    in->parts[in->count++] = part;
    return true;
}

/* 'any name' */
static bool
read_quoted(struct reading *in)
{
    struct sv rest = sv_slice(in->text, in->at + 1, in->text.len);
    size_t end = sv_find_char(rest, '\'');
    if (end == SIZE_MAX)
        return wrong(in, "the quote is not closed");
    in->at += end + 2;
    return add_part(in, (struct map_part){.kind = PART_KEY,
                                          .key = arena_copy(in->arena, sv_slice(rest, 0, end))});
}

static struct sv
unquoted(struct sv text)
{
    text = sv_trim(text);
    if (text.len >= 2 && text.ptr[0] == '"' && text.ptr[text.len - 1] == '"')
        return sv_slice(text, 1, text.len - 1);
    return text;
}

/* [key=value] or [tag:] */
static bool
read_bracket(struct reading *in)
{
    struct sv rest = sv_slice(in->text, in->at + 1, in->text.len);
    size_t end = sv_find_char(rest, ']');
    if (end == SIZE_MAX)
        return wrong(in, "the bracket is not closed");
    struct sv inner = sv_slice(rest, 0, end);
    in->at += end + 2;
    size_t equals = sv_find_char(inner, '=');
    if (equals != SIZE_MAX && equals > 0)
        return add_part(
            in, (struct map_part){.kind = PART_SELECT,
                                  .key = arena_copy(in->arena, sv_trim(sv_slice(inner, 0, equals))),
                                  .value = unquoted(sv_slice(inner, equals + 1, inner.len))});
    if (inner.len > 1 && inner.ptr[inner.len - 1] == ':')
        return add_part(in, (struct map_part){.kind = PART_TAG, .value = inner});
    snprintf(in->why, MAP_WHY_BYTES, "[%.60s]: write [key=value] or [tag:]",
             arena_strdup(in->arena, inner));
    return false;
}

static bool
is_number(struct sv name)
{
    size_t from = name.len > 0 && name.ptr[0] == '-' ? 1 : 0;
    if (name.len == from || name.len > 9)
        return false;
    for (size_t i = from; i < name.len; i++)
        if (name.ptr[i] < '0' || name.ptr[i] > '9')
            return false;
    return true;
}

static bool
read_name(struct reading *in)
{
    size_t from = in->at;
    while (in->at < in->text.len && strchr(".['\"|>,{}", in->text.ptr[in->at]) == NULL)
        in->at++;
    struct sv name = sv_trim(sv_slice(in->text, from, in->at));
    if (sv_empty(name))
        return wrong(in, in->at < in->text.len && in->text.ptr[in->at] == '.'
                             ? "two dots, or one at the start"
                             : "a character that no name has; write 'the name' in quotes");
    for (size_t i = 0; i < name.len; i++)
        if (sv_blank(name.ptr[i]))
            return wrong(in, "write a name with blanks in 'quotes'");
    struct map_part part = {.kind = PART_KEY, .key = arena_copy(in->arena, name)};
    if (sv_eq(name, SV("*")))
        part.kind = PART_ANY;
    else if (is_number(name) && sv_to_int64(name, &part.number))
        part.kind = PART_NUMBER;
    return add_part(in, part);
}

static bool
read_parts(struct reading *in)
{
    while (in->at < in->text.len) {
        char c = in->text.ptr[in->at];
        bool fine = c == '\'' ? read_quoted(in) : c == '[' ? read_bracket(in) : read_name(in);
        if (!fine)
            return false;
        if (in->at == in->text.len || in->text.ptr[in->at] == '[')
            continue;
        if (in->text.ptr[in->at] != '.')
            return wrong(in, "a dot is missing between two parts");
        if (++in->at == in->text.len)
            return wrong(in, "it ends with a dot");
    }
    return in->count > 0 || wrong(in, "it is empty");
}

static bool
is_word(const struct map_part *part, const char *word)
{
    return part->kind == PART_KEY && sv_eq(part->key, sv_from(word));
}

/* `up` and `header` are words of ours where something follows them. */
static size_t
read_base(struct reading *in, struct map_path *path)
{
    size_t used = 0;
    while (used < in->count && is_word(&in->parts[used], "up") && in->text.ptr[0] != '\'')
        used++;
    path->base = used > 0 ? BASE_UP : BASE_HERE;
    path->ups = used;
    if (used == 0 && in->count > 1 && is_word(&in->parts[0], "header")) {
        path->base = BASE_HEADER;
        used = 1;
    }
    return used;
}

bool
map_path_read(struct arena *arena, struct sv text, struct map_path *ret_path,
              char ret_why[MAP_WHY_BYTES])
{
    struct reading in = {.arena = arena, .text = sv_trim(text), .why = ret_why};
    struct map_path path = {.text = arena_copy(arena, sv_trim(text))};
    if (sv_empty(in.text))
        return wrong(&in, "it is empty");
    if (!read_parts(&in))
        return false;
    size_t used = read_base(&in, &path);
    if (used == in.count)
        return wrong(&in, "nothing follows 'up'");
    if (path.base == BASE_HEADER && (in.count != 2 || in.parts[1].kind != PART_KEY))
        return wrong(&in, "write header.NAME, 'quoted' where the name has dots");
    path.count = in.count - used;
    path.parts = ARENA_ARRAY(arena, struct map_part, path.count);
    memcpy(path.parts, in.parts + used, path.count * sizeof(*path.parts));
    *ret_path = path;
    return true;
}

/*
 * Scalars of YAML: see yaml.h. Called by who cuts files and by decoders.
 */
#include "ingest/parse/yaml.h"

#include "ingest/parse/chars.h"

struct yaml_line {
    size_t indent; /* of the key, behind the dashes of a list */
    struct sv key; /* empty: a scalar alone, or what goes on */
    struct sv value;
};

struct yaml_path {
    size_t indents[YAML_DEPTH_MAX];
    struct sv keys[YAML_DEPTH_MAX];
    size_t depth;
};

static struct sv
without_remark(struct sv value)
{
    char quote = char_at(value, 0);
    if (quote == '"' || quote == '\'') {
        size_t end = sv_find_char(sv_slice(value, 1, value.len), quote);
        return end == SIZE_MAX ? value : sv_slice(value, 1, end + 1);
    }
    size_t remark = sv_find(value, SV(" #"));
    return char_at(value, 0) == '#' ? SV_NONE : sv_trim(sv_slice(value, 0, remark));
}

/* False for blank lines, remarks and dividers. */
static bool
read_line(struct sv text, struct yaml_line *ret_line)
{
    size_t at = blanks_at(text, 0);
    if (sv_starts(text, SV("---")) || at == text.len || text.ptr[at] == '#' ||
        sv_empty(sv_trim(text)))
        return false;
    while (char_at(text, at) == '-' && char_at(text, at + 1) == ' ')
        at += 1 + blanks_at(text, at + 1);
    struct sv rest = sv_trim(sv_slice(text, at, text.len));
    size_t colon = sv_find(rest, SV(": "));
    if (colon == SIZE_MAX && sv_ends(rest, SV(":")))
        colon = rest.len - 1;
    *ret_line = (struct yaml_line){.indent = at, .value = rest};
    if (colon == SIZE_MAX || sv_find_char(sv_slice(rest, 0, colon), ' ') != SIZE_MAX)
        return true;
    ret_line->key = sv_slice(rest, 0, colon);
    ret_line->value = sv_trim(sv_slice(rest, colon + 1, rest.len));
    return true;
}

/* False where the key lies deeper than the limit. */
static bool
enter(struct yaml_path *path, const struct yaml_line *line)
{
    while (path->depth > 0 && path->indents[path->depth - 1] >= line->indent)
        path->depth--;
    if (path->depth == YAML_DEPTH_MAX)
        return false;
    path->indents[path->depth] = line->indent;
    path->keys[path->depth++] = line->key;
    return true;
}

static bool
is_at(const struct yaml_path *path, struct sv wanted)
{
    struct sv key;
    for (size_t i = 0; i < path->depth; i++)
        if (!sv_split(&wanted, '.', &key) || !sv_eq(key, path->keys[i]))
            return false;
    return wanted.ptr == NULL;
}

/* The lines of a scalar that goes on, which lie deeper than its key. */
static struct sv
go_on(struct arena *arena, struct sv value, struct sv *rest, size_t indent)
{
    bool block = char_at(value, 0) == '|' || char_at(value, 0) == '>';
    struct sv whole = block ? SV_NONE : value, next = *rest, line;
    while (sv_split(&next, '\n', &line)) {
        struct sv text = sv_trim(line);
        if (!sv_empty(text) && blanks_at(line, 0) <= indent)
            break;
        if (!sv_empty(text))
            whole = sv_empty(whole)
                        ? text
                        : arena_printf(arena, SV_FMT " " SV_FMT, SV_ARG(whole), SV_ARG(text));
        *rest = next;
    }
    return whole;
}

/* What lies deeper than the key of a scalar belongs to that. */
static void
pass_over(struct sv *rest, size_t indent)
{
    struct sv next = *rest, line;
    while (sv_split(&next, '\n', &line)) {
        if (!sv_empty(sv_trim(line)) && blanks_at(line, 0) <= indent)
            return;
        *rest = next;
    }
    *rest = SV_NONE;
}

struct sv
yaml_scalar(struct arena *arena, struct sv document, const char *path, size_t nth)
{
    struct yaml_path at = {.depth = 0};
    struct sv rest = document, text;
    while (sv_split(&rest, '\n', &text)) {
        struct yaml_line line;
        if (!read_line(text, &line))
            continue;
        bool entered = enter(&at, &line);
        struct sv value = without_remark(line.value);
        if (sv_empty(line.key) || sv_empty(value))
            continue;
        bool ours = entered && is_at(&at, sv_from(path));
        if (ours && nth == 0)
            return char_at(line.value, 0) == '"' || char_at(line.value, 0) == '\''
                       ? value
                       : go_on(arena, value, &rest, line.indent);
        nth -= ours;
        pass_over(&rest, line.indent);
    }
    return SV_NONE;
}

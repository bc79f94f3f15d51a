/*
 * The pairs of a section: see settings.h.
 */
#include "ingest/decode/maps/settings.h"

#include <string.h>

#include "ingest/decode/maps/asks.h"
#include "ingest/decode/maps/split.h"

#define WRONG(in, line, ...) map_error((in)->problems, (in)->file->name, (line), __VA_ARGS__)
#define NOT_CLOSED "a quote, bracket or /regex/ is not closed"

/* ---- lists of paths ---- */

static bool
read_path(const struct map_compiling *in, struct sv text, int line, struct map_path *ret_path)
{
    char why[MAP_WHY_BYTES];
    if (map_path_read(in->arena, text, ret_path, why))
        return true;
    WRONG(in, line, "%s", why);
    return false;
}

/* `*` opens all, keys lead on; other parts would open one of several. */
static bool
can_open(const struct map_path *path)
{
    for (size_t i = 0; i < path->count; i++)
        if (path->parts[i].kind != PART_KEY && path->parts[i].kind != PART_ANY)
            return false;
    return path->base == BASE_HERE;
}

static void
read_open(const struct map_compiling *in, const struct map_pair *pair, struct map_shape *shape)
{
    struct sv rest = pair->value, part;
    bool open = false;
    shape->open_count = 0; /* told twice, which is an error that was noted */
    shape->opens =
        ARENA_ARRAY(in->arena, struct map_open, map_split_count(pair->value, MARK_ALTERNATIVE) + 1);
    while (map_split(&rest, MARK_ALTERNATIVE, true, &part, &open)) {
        struct map_open *to = &shape->opens[shape->open_count++];
        to->here = sv_eq(part, SV("."));
        if (to->here || !read_path(in, part, pair->line, &to->path))
            continue;
        if (!can_open(&to->path))
            WRONG(in, pair->line,
                  "open = " SV_FMT ": write keys and *, without up, [..] and numbers",
                  SV_ARG(part));
    }
    if (shape->open_count > MAP_ALTERNATIVES_MAX)
        WRONG(in, pair->line, "%zu alternatives, %d are the most", shape->open_count,
              MAP_ALTERNATIVES_MAX);
}

/* Of drop and keep: keys and * only, from the element on. */
static void
read_paths(const struct map_compiling *in, const struct map_pair *pair, struct map_path **ret_paths,
           size_t *ret_count)
{
    struct sv rest = pair->value, part;
    bool open = false;
    *ret_count = 0;
    *ret_paths =
        ARENA_ARRAY(in->arena, struct map_path, map_split_count(pair->value, MARK_PART) + 1);
    while (map_split(&rest, MARK_PART, true, &part, &open)) {
        struct map_path *path = &(*ret_paths)[*ret_count];
        if (!read_path(in, part, pair->line, path))
            continue;
        (*ret_count)++;
        if (!can_open(path))
            WRONG(in, pair->line,
                  SV_FMT " = " SV_FMT ": write keys and *, without up, [..] and numbers",
                  SV_ARG(pair->key), SV_ARG(part));
    }
}

/* ---- when ---- */

static bool
read_condition(const struct map_compiling *in, struct sv text, int line,
               struct map_condition *ret_condition)
{
    size_t at = 0;
    bool quoted = false, bracket = false;
    ret_condition->negated = !sv_empty(text) && text.ptr[0] == '!';
    text = sv_trim(sv_slice(text, ret_condition->negated, text.len));
    for (; at < text.len && (text.ptr[at] != '=' || quoted || bracket); at++) {
        quoted ^= text.ptr[at] == '\'';
        bracket = quoted ? bracket : text.ptr[at] == '[' || (bracket && text.ptr[at] != ']');
    }
    ret_condition->compares = at < text.len;
    if (ret_condition->compares) {
        map_words_read(in->arena, sv_slice(text, at + 1, text.len), line, &ret_condition->words);
        const struct map_table *words = &ret_condition->words;
        if (words->exact_count + words->glob_count + words->range_count == 0)
            WRONG(in, line, "no words behind '=' in " SV_FMT, SV_ARG(text));
    }
    return read_path(in, sv_slice(text, 0, at), line, &ret_condition->path);
}

static void
read_when(const struct map_compiling *in, const struct map_pair *pair, struct map_shape *shape)
{
    struct map_when *when = &shape->whens[shape->when_count++];
    struct sv rest = pair->value, part;
    bool open = false, fine = true;
    when->line = pair->line;
    when->conditions =
        ARENA_ARRAY(in->arena, struct map_condition, map_split_count(pair->value, MARK_PART) + 1);
    while (map_split(&rest, MARK_PART, true, &part, &open)) {
        if (open)
            WRONG(in, pair->line, SV_FMT ": " NOT_CLOSED, SV_ARG(part));
        fine =
            !open && read_condition(in, part, pair->line, &when->conditions[when->count++]) && fine;
    }
    if (fine && !map_when_asks(when))
        WRONG(in, pair->line,
              "the line needs a condition that names a key of the record, without !, * and [..] "
              "before it");
}

/* ---- ids, exprs ---- */

static void
read_id(const struct map_compiling *in, const struct map_pair *pair, struct map_shape *shape)
{
    struct map_id *id = &shape->ids[shape->id_count++];
    struct sv rest = pair->value, part;
    bool open = false;
    id->parts =
        ARENA_ARRAY(in->arena, struct map_expr, map_split_count(pair->value, MARK_PART) + 1);
    while (map_split(&rest, MARK_PART, true, &part, &open)) {
        if (open)
            WRONG(in, pair->line, SV_FMT ": " NOT_CLOSED, SV_ARG(part));
        else
            (void)map_expr_read(in->arena, part, pair->line, MAP_KEYS, in->tables, in->file->name,
                                in->problems, &id->parts[id->count++]);
    }
}

static void
unknown_key(const struct map_compiling *in, const struct map_pair *pair, struct sv key)
{
    const char *near = map_key_nearest(arena_strdup(in->arena, key));
    if (near == NULL)
        WRONG(in, pair->line, "unknown key " SV_FMT, SV_ARG(pair->key));
    else
        WRONG(in, pair->line, "unknown key " SV_FMT " (%s?)", SV_ARG(pair->key), near);
}

/* KEY or KEY.PHASE */
static void
read_key(const struct map_compiling *in, const struct map_pair *pair, struct map_shape *shape)
{
    size_t dot = sv_find_char(pair->key, '.');
    struct sv name = sv_slice(pair->key, 0, dot), word;
    enum map_key key = map_key_find(name);
    enum event_phase phase = PHASE_NONE;
    if (key == MAP_KEYS) {
        unknown_key(in, pair, name);
        return;
    }
    if (dot != SIZE_MAX) {
        word = sv_slice(pair->key, dot + 1, pair->key.len);
        phase = event_phase_read(word);
        if (phase == PHASE_NONE || key == MAP_KIND || key == MAP_PHASE) {
            const char *near = map_word_nearest(MAP_PHASE, arena_strdup(in->arena, word));
            WRONG(in, pair->line, SV_FMT ": " SV_FMT "%s%s%s%s", SV_ARG(pair->key), SV_ARG(word),
                  phase == PHASE_NONE ? " is not a phase" : " cannot stand behind this key",
                  near == NULL || phase != PHASE_NONE ? "" : " (",
                  near == NULL || phase != PHASE_NONE ? "" : near,
                  near == NULL || phase != PHASE_NONE ? "" : "?)");
            return;
        }
    }
    struct map_expr *to = &shape->keys[key];
    if (phase != PHASE_NONE) {
        struct map_phased *phased = &shape->phased[shape->phased_count++];
        phased->key = key;
        phased->phase = phase;
        to = &phased->expr;
    }
    map_expr_release(to); /* told twice, which is an error that was noted */
    (void)map_expr_read(in->arena, pair->value, pair->line, key, in->tables, in->file->name,
                        in->problems, to);
}

/* ---- the rest ---- */

static bool
read_bid(const struct map_compiling *in, const struct map_pair *pair, struct map_shape *shape)
{
    int64_t bid = 0;
    int most = in->file->ours ? MAP_BID_MAX : MAP_BID_USER_MAX;
    shape->bid_line = pair->line;
    if (!sv_to_int64(pair->value, &bid) || bid < 1 || bid > MAP_BID_MAX)
        WRONG(in, pair->line, "bid = " SV_FMT ": a number from 1 to %d", SV_ARG(pair->value), most);
    else if (bid > most)
        WRONG(in, pair->line, "bid = " SV_FMT ": %d is the most for a map of yours",
              SV_ARG(pair->value), most);
    shape->bid = (int)bid;
    return true;
}

/* `a-b` to `a_b`: names of formats are C identifiers. */
static const char *
identifier(const struct map_compiling *in, struct sv name, int line)
{
    char *copy = arena_strdup(in->arena, name);
    bool fine = name.len > 0 && ((copy[0] | 0x20) >= 'a' && (copy[0] | 0x20) <= 'z');
    for (size_t i = 0; i < name.len; i++) {
        char c = copy[i];
        bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z', digit = c >= '0' && c <= '9';
        copy[i] = c == '-' ? '_' : c;
        fine = fine && (letter || digit || c == '-' || c == '_');
    }
    if (!fine)
        WRONG(in, line,
              "'" SV_FMT "': a name has letters, digits, - and _, and begins with a letter",
              SV_ARG(name));
    return copy;
}

static void
read_setting(const struct map_compiling *in, enum map_setting setting, const struct map_pair *pair,
             struct map_shape *shape)
{
    switch (setting) {
    case MAP_SET_FORMAT:
        shape->format = identifier(in, pair->value, pair->line);
        break;
    case MAP_SET_BID:
        read_bid(in, pair, shape);
        break;
    case MAP_SET_WHEN:
        read_when(in, pair, shape);
        break;
    case MAP_SET_OPEN:
        read_open(in, pair, shape);
        break;
    case MAP_SET_ID:
        read_id(in, pair, shape);
        break;
    case MAP_SET_NAMESPACE:
        shape->name_space = arena_strdup(in->arena, pair->value);
        if (sv_empty(pair->value))
            WRONG(in, pair->line, "namespace is empty");
        break;
    case MAP_SET_DROP:
        read_paths(in, pair, &shape->drops, &shape->drop_count);
        break;
    case MAP_SET_KEEP:
        read_paths(in, pair, &shape->keeps, &shape->keep_count);
        break;
    case MAP_SET_ABOUT:
        shape->about = arena_strdup(in->arena, pair->value);
        break;
    case MAP_SET_SEE:
        shape->see = arena_strdup(in->arena, pair->value);
        break;
    case MAP_SET_LIKE: /* taken over already */
    case MAP_SET_ALSO: /* when all shapes are read */
    case MAP_SETTINGS:
        break;
    }
}

/* What a shape must have, and what it has in vain. */
static void
check_shape(const struct map_compiling *in, struct map_shape *shape)
{
    if (shape->keys[MAP_KIND].count == 0)
        WRONG(in, shape->line, "[" SV_FMT "] has no kind", SV_ARG(shape->name));
    if (shape->bid > 0 && shape->when_count == 0)
        WRONG(in, shape->bid_line, "bid without when");
    for (size_t i = 0; i < shape->when_count && shape->bid > 0; i++)
        if (map_when_asks(&shape->whens[i]) && !map_shape_asks(shape, &shape->whens[i]))
            WRONG(in, shape->whens[i].line, "nothing before the * of open tells who is asked");
    if (shape->name_space != NULL)
        return;
    shape->name_space = in->file->base;
    if (shape->id_count > 0 || shape->keys[MAP_INCIDENT].count > 0)
        map_remark(in->problems, in->file->name, shape->line,
                   "[" SV_FMT
                   "] has no namespace, so the file's name is one: write namespace = %s, "
                   "and another name of the file changes nothing",
                   SV_ARG(shape->name), in->file->base);
}

void
map_shape_read(const struct map_compiling *in, const struct map_section *section,
               struct map_shape *ret_shape)
{
    *ret_shape = (struct map_shape){.name = section->name,
                                    .format = identifier(in, section->name, section->line),
                                    .file = in->file,
                                    .line = section->line,
                                    .about = "",
                                    .see = ""};
    ret_shape->whens = ARENA_ARRAY(in->arena, struct map_when, section->count + 1);
    ret_shape->ids = ARENA_ARRAY(in->arena, struct map_id, section->count + 1);
    ret_shape->phased = ARENA_ARRAY(in->arena, struct map_phased, section->count + 1);
    for (size_t i = 0; i < section->count; i++) {
        const struct map_pair *pair = &section->pairs[i];
        enum map_setting setting = map_setting_find(pair->key);
        if (setting == MAP_SETTINGS)
            read_key(in, pair, ret_shape);
        else
            read_setting(in, setting, pair, ret_shape);
    }
    if (ret_shape->open_count == 0) {
        ret_shape->opens = ARENA_ARRAY(in->arena, struct map_open, 1);
        ret_shape->opens[ret_shape->open_count++].here = true;
    }
    check_shape(in, ret_shape);
}

void
map_shape_link(const struct map_compiling *in, const struct map_section *section,
               struct map_shape *shape)
{
    shape->also = ARENA_ARRAY(in->arena, struct map_shape *, in->file->shape_count + 1);
    for (size_t i = 0; i < section->count; i++) {
        const struct map_pair *pair = &section->pairs[i];
        struct sv rest = pair->value, name;
        if (!sv_eq(pair->key, SV("also")))
            continue;
        while (sv_split(&rest, ',', &name)) {
            size_t k = 0;
            while (k < in->file->shape_count && !sv_eq(in->file->shapes[k].name, sv_trim(name)))
                k++;
            if (k == in->file->shape_count)
                WRONG(in, pair->line, "also = " SV_FMT ": no such shape in this file",
                      SV_ARG(sv_trim(name)));
            else if (shape->also_count < in->file->shape_count)
                shape->also[shape->also_count++] = &in->file->shapes[k];
            if (k < in->file->shape_count)
                in->file->shapes[k].reached = true;
        }
    }
}

void
map_shape_check_reached(const struct map_compiling *in, const struct map_shape *shape)
{
    if (shape->bid == 0 && shape->when_count > 0 && !shape->reached)
        WRONG(in, shape->whens[0].line, "when without bid");
}

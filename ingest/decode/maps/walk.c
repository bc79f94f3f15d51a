/*
 * Following paths: see walk.h.
 */
#include "ingest/decode/maps/walk.h"

#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/memory.h"
#include "base/text/utf8.h"

/* One walk: what does not change from step to step. */
struct walk {
    struct map_reading *reading;
    const struct map_part *parts;
    size_t count;
    map_take *take;
    void *own;
};

void
map_reading_init(struct map_reading *reading, const struct probe *probe)
{
    *reading = (struct map_reading){.probe = probe, .steps_left = MAP_STEPS_MAX};
}

void
map_reading_release(struct map_reading *reading)
{
    for (size_t i = 0; i < reading->entered_count; i++)
        json_decref(reading->entered[i].tree);
    free(reading->entered);
    pcre2_match_data_free(reading->match);
    pcre2_match_context_free(reading->limits);
}

bool
map_spend(struct map_reading *reading, size_t steps)
{
    if (steps <= reading->steps_left) {
        reading->steps_left -= steps;
        return true;
    }
    reading->steps_left = 0;
    return false;
}

/* ---- strings that hold JSON ---- */

static bool
may_hold_json(const json_t *value)
{
    if (!json_is_string(value))
        return false;
    size_t len = json_string_length(value);
    char first = json_string_value(value)[0];
    return (first == '{' || first == '[') && len > 1 && len <= MAP_STRING_BYTES;
}

static json_t *
parse(struct map_reading *reading, const json_t *string)
{
    enum tree_problem problem;
    struct sv text = sv_of(json_string_value(string), json_string_length(string));
    if (!map_spend(reading, 1 + text.len / 16))
        return NULL;
    json_t *tree = tree_parse(reading->probe->arena, text, &problem);
    if (tree == NULL || json_is_object(tree) || json_is_array(tree))
        return tree;
    json_decref(tree);
    return NULL;
}

const json_t *
map_enter(struct map_reading *reading, const json_t *value)
{
    if (!may_hold_json(value))
        return value;
    for (size_t i = 0; i < reading->entered_count; i++)
        if (reading->entered[i].string == value)
            return reading->entered[i].tree == NULL ? value : reading->entered[i].tree;
    reading->entered = memory_grow(reading->entered, &reading->entered_size,
                                   reading->entered_count + 1, sizeof(*reading->entered));
    json_t *tree = parse(reading, value);
    reading->entered[reading->entered_count++] = (struct map_entered){value, tree};
    return tree == NULL ? value : tree;
}

/* ---- steps ---- */

static bool walk_from(const struct walk *walk, const json_t *value, size_t at);

static bool
walk_number(const struct walk *walk, const json_t *value, size_t at)
{
    const struct map_part *part = &walk->parts[at];
    if (!json_is_array(value))
        return walk_from(walk, json_object_get(value, part->key), at + 1);
    int64_t size = (int64_t)json_array_size(value);
    int64_t place = part->number < 0 ? size + part->number : part->number;
    return place >= 0 && place < size &&
           walk_from(walk, json_array_get(value, (size_t)place), at + 1);
}

static bool
walk_any(const struct walk *walk, const json_t *value, size_t at)
{
    size_t i;
    const char *key;
    json_t *one;
    if (json_is_array(value)) {
        json_array_foreach(value, i, one)
        {
            if (!map_spend(walk->reading, 1))
                return false;
            if (walk_from(walk, one, at + 1))
                return true;
        }
    } else if (json_is_object(value)) {
        json_object_foreach((json_t *)(uintptr_t)value, key, one)
        {
            if (!map_spend(walk->reading, 1))
                return false;
            if (walk_from(walk, one, at + 1))
                return true;
        }
    }
    return false;
}

static bool
walk_select(const struct walk *walk, const json_t *value, size_t at)
{
    const struct map_part *part = &walk->parts[at];
    size_t i;
    json_t *one;
    if (!json_is_array(value))
        return false;
    json_array_foreach(value, i, one)
    {
        if (!map_spend(walk->reading, 1))
            return false;
        const struct map_value chosen = {.json = json_object_get(one, part->key)};
        if (chosen.json != NULL && sv_eq_nocase(map_text(walk->reading, chosen), part->value) &&
            walk_from(walk, one, at + 1))
            return true;
    }
    return false;
}

/* What follows the tag; the path ends there. */
static bool
take_tagged(const struct walk *walk, struct sv item, size_t at)
{
    struct sv tag = walk->parts[at].value;
    item = sv_trim(item);
    if (!map_spend(walk->reading, 1) || !sv_starts_nocase(item, tag) || at + 1 != walk->count)
        return false;
    const struct map_value value = {.text = sv_trim(sv_slice(item, tag.len, item.len))};
    return walk->take(walk->reading, value, walk->own);
}

static bool
walk_tag(const struct walk *walk, const json_t *value, size_t at)
{
    size_t i;
    json_t *one;
    if (json_is_string(value)) {
        struct sv rest = sv_of(json_string_value(value), json_string_length(value)), item;
        while (sv_split(&rest, ',', &item))
            if (take_tagged(walk, item, at))
                return true;
    }
    json_array_foreach(value, i, one)
    {
        if (json_is_string(one) &&
            take_tagged(walk, sv_of(json_string_value(one), json_string_length(one)), at))
            return true;
    }
    return false;
}

static bool
walk_from(const struct walk *walk, const json_t *value, size_t at)
{
    if (value == NULL)
        return false;
    if (at == walk->count)
        return walk->take(walk->reading, (struct map_value){.json = value}, walk->own);
    const struct map_part *part = &walk->parts[at];
    if (part->kind != PART_TAG)
        value = map_enter(walk->reading, value);
    switch (part->kind) {
    case PART_KEY:
        return walk_from(walk, json_object_get(value, part->key), at + 1);
    case PART_NUMBER:
        return walk_number(walk, value, at);
    case PART_ANY:
        return walk_any(walk, value, at);
    case PART_SELECT:
        return walk_select(walk, value, at);
    case PART_TAG:
        return walk_tag(walk, value, at);
    }
    return false;
}

static bool
walk_header(struct map_reading *reading, const struct map_path *path, map_take *take, void *own)
{
    struct sv value = record_header(reading->probe->record, path->parts[0].key);
    if (value.ptr == NULL)
        return false;
    const struct map_value text = {.text = utf8_repair(reading->probe->arena, value)};
    return take(reading, text, own);
}

bool
map_walk(struct map_reading *reading, const struct map_path *path, const struct map_scope *scope,
         map_take *take, void *own)
{
    const struct walk walk = {reading, path->parts, path->count, take, own};
    if (path->base == BASE_HEADER)
        return walk_header(reading, path, take, own);
    if (path->base == BASE_HERE)
        return walk_from(&walk, scope->here, 0);
    return path->ups <= scope->up_count &&
           walk_from(&walk, scope->ups[scope->up_count - path->ups], 0);
}

/* ---- texts ---- */

struct sv
map_plain(struct map_reading *reading, struct map_value value)
{
    if (value.json == NULL)
        return value.text;
    if (json_is_string(value.json))
        return sv_of(json_string_value(value.json), json_string_length(value.json));
    return tree_text(reading->probe->arena, value.json);
}

static bool
encloses(struct sv text, const char *open, const char *close, char never)
{
    size_t from = strlen(open), to = strlen(close);
    return text.len >= from + to && sv_starts(text, sv_from(open)) &&
           sv_ends(text, sv_from(close)) &&
           sv_find_char(sv_slice(text, from, text.len - to), never) == SIZE_MAX;
}

/* The name of a variable: HOST, ALERT.NAME_2 */
static bool
is_variable(struct sv text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool inner = (c >= '0' && c <= '9') || c == '.';
        if (!(c >= 'A' && c <= 'Z') && c != '_' && !(inner && i > 0))
            return false;
    }
    return text.len > 0;
}

/* What stands where a value was to be filled in, or says that there is none. */
static bool
is_placeholder(struct sv text)
{
    static const char *const words[] = {"-",         "%s",     "%d",   "null",
                                        "undefined", "(null)", "None", "*UNKNOWN*"};
    if (text.len == 0 || strchr("-%nu(N${*", text.ptr[0]) == NULL)
        return false;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (sv_eq(text, sv_from(words[i])))
            return true;
    if (text.ptr[0] == '$')
        return encloses(text, "${", "}", '}') || is_variable(sv_slice(text, 1, text.len));
    return encloses(text, "{{", "}}", '}');
}

struct sv
map_text(struct map_reading *reading, struct map_value value)
{
    struct sv text = sv_trim(map_plain(reading, value));
    return sv_empty(text) || is_placeholder(text) ? SV_NONE : text;
}

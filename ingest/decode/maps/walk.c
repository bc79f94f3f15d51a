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

/* ---- values ---- */

static bool
may_hold_json(const struct json_node *value)
{
    if (!node_is(value, TAPE_STRING) || value->value.len < 2)
        return false;
    char first = value->value.ptr[0];
    return (first == '{' || first == '[') && value->value.len <= 2 * MAP_STRING_BYTES;
}

static struct json_node *
inside_of(struct map_reading *reading, const struct json_node *string)
{
    struct sv text = node_text(reading->probe->arena, string);
    if (text.len > MAP_STRING_BYTES || !map_spend(reading, 1 + text.len / 16))
        return NULL;
    return nodes_of_text(reading->probe->arena, text);
}

struct json_node *
map_enter(struct map_reading *reading, struct json_node *value)
{
    if (!may_hold_json(value))
        return value;
    for (size_t i = 0; i < reading->entered_count; i++)
        if (reading->entered[i].string == value)
            return reading->entered[i].inside == NULL ? value : reading->entered[i].inside;
    reading->entered = memory_grow(reading->entered, &reading->entered_size,
                                   reading->entered_count + 1, sizeof(*reading->entered));
    struct json_node *inside = inside_of(reading, value);
    reading->entered[reading->entered_count++] = (struct map_entered){value, inside};
    return inside == NULL ? value : inside;
}

/* What is opened costs memory, what is searched costs time. */
size_t
map_nodes(struct map_reading *reading, struct json_node *value)
{
    bool opened = value == NULL || value->opened;
    size_t count = nodes_count(reading->probe->arena, value);
    return map_spend(reading, opened ? 0 : 4 * count) ? count : 0;
}

struct json_node *
map_member(struct map_reading *reading, struct json_node *object, struct sv key)
{
    if (!node_is(object, TAPE_OBJECT) || !map_spend(reading, map_nodes(reading, object) / 16))
        return NULL;
    return node_member(reading->probe->arena, object, key);
}

/* ---- steps ---- */

static bool walk_from(const struct walk *walk, struct json_node *value, size_t at);

static bool
walk_number(const struct walk *walk, struct json_node *value, size_t at)
{
    const struct map_part *part = &walk->parts[at];
    if (!node_is(value, TAPE_ARRAY))
        return walk_from(walk, map_member(walk->reading, value, part->key), at + 1);
    int64_t size = (int64_t)map_nodes(walk->reading, value);
    int64_t place = part->number < 0 ? size + part->number : part->number;
    return place >= 0 && place < size && walk_from(walk, &value->nodes[place], at + 1);
}

static bool
walk_any(const struct walk *walk, struct json_node *value, size_t at)
{
    size_t count = map_nodes(walk->reading, value);
    for (size_t i = 0; i < count && map_spend(walk->reading, 1); i++)
        if (walk_from(walk, &value->nodes[i], at + 1))
            return true;
    return false;
}

static bool
walk_select(const struct walk *walk, struct json_node *value, size_t at)
{
    const struct map_part *part = &walk->parts[at];
    size_t count = node_is(value, TAPE_ARRAY) ? map_nodes(walk->reading, value) : 0;
    for (size_t i = 0; i < count && map_spend(walk->reading, 1); i++) {
        struct json_node *one = &value->nodes[i];
        const struct map_value chosen = {.node = map_member(walk->reading, one, part->key)};
        if (chosen.node != NULL && sv_eq_nocase(map_text(walk->reading, chosen), part->value) &&
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
walk_tag(const struct walk *walk, struct json_node *value, size_t at)
{
    struct arena *arena = walk->reading->probe->arena;
    struct sv rest = node_is(value, TAPE_STRING) ? node_text(arena, value) : SV_NONE, item;
    while (sv_split(&rest, ',', &item))
        if (take_tagged(walk, item, at))
            return true;
    size_t count = node_is(value, TAPE_ARRAY) ? map_nodes(walk->reading, value) : 0;
    for (size_t i = 0; i < count; i++)
        if (node_is(&value->nodes[i], TAPE_STRING) &&
            take_tagged(walk, node_text(arena, &value->nodes[i]), at))
            return true;
    return false;
}

static bool
walk_from(const struct walk *walk, struct json_node *value, size_t at)
{
    if (value == NULL)
        return false;
    if (at == walk->count)
        return walk->take(walk->reading, (struct map_value){.node = value}, walk->own);
    const struct map_part *part = &walk->parts[at];
    if (part->kind != PART_TAG)
        value = map_enter(walk->reading, value);
    switch (part->kind) {
    case PART_KEY:
        return walk_from(walk, map_member(walk->reading, value, part->key), at + 1);
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
    struct sv value = record_header(reading->probe->record, path->parts[0].key.ptr);
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
    return value.node == NULL ? value.text : node_text(reading->probe->arena, value.node);
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
    return encloses(text, "{{", "}}", '}') || (sv_starts(text, SV("{")) && sv_ends(text, SV("}")) &&
                                               is_variable(sv_slice(text, 1, text.len - 1)));
}

struct sv
map_text(struct map_reading *reading, struct map_value value)
{
    struct sv text = sv_trim(map_plain(reading, value));
    return sv_empty(text) || is_placeholder(text) ? SV_NONE : text;
}

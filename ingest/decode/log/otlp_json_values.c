/*
 * Values, lists and ids of OpenTelemetry's JSON: see otlp_json_values.h. On the worker's thread.
 */
#include "ingest/decode/log/otlp_json_values.h"

#include <stdio.h>
#include <stdlib.h>

bool
otlp_key_is(struct sv key, const char *name)
{
    size_t at = 0;
    for (size_t i = 0; i < key.len; i++) {
        char c = key.ptr[i];
        if (c == '_')
            continue;
        c = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
        if (name[at] == '\0' || name[at++] != c)
            return false;
    }
    return name[at] == '\0';
}

struct otlp_list
otlp_json_list(struct json_walk *walk)
{
    struct sv array = json_walk_take(walk);
    return (struct otlp_list){sv_starts(array, SV("[")) ? sv_slice(array, 1, array.len) : SV_NONE,
                              0};
}

static bool
next_element(struct otlp_list *list, struct json_walk *ret_walk)
{
    struct json_walk walk = json_walk_of(list->rest);
    if (!json_walk_element(&walk))
        return false;
    *ret_walk = walk;
    return true;
}

static void
went_past(struct otlp_list *list, const struct json_walk *walk)
{
    list->rest = sv_of(walk->at, (size_t)(walk->end - walk->at));
}

/* ---- values ---- */

struct otlp_value
otlp_json_integer(struct arena *arena, struct sv text)
{
    int64_t number;
    if (sv_to_int64(text, &number))
        return (struct otlp_value){.kind = OTLP_NUMBER, .text = otlp_integer(arena, number)};
    return (struct otlp_value){.kind = OTLP_STRING, .text = text};
}

struct otlp_value
otlp_json_double(struct arena *arena, struct sv text)
{
    const char *from = arena_strdup(arena, text);
    char *end;
    double value = strtod(from, &end);
    if (text.len == 0 || end != from + text.len)
        return (struct otlp_value){.kind = OTLP_STRING, .text = text};
    return otlp_double(arena, value);
}

static struct otlp_list
values_of(struct json_walk *walk)
{
    struct otlp_list list = {SV_NONE, 0};
    struct sv key;
    if (!json_walk_enter(walk, '{')) {
        json_walk_skip(walk);
        return list;
    }
    while (json_walk_key(walk, &key)) {
        if (otlp_key_is(key, "values"))
            list = otlp_json_list(walk);
        else
            json_walk_skip(walk);
    }
    return list;
}

struct otlp_value
otlp_json_value(struct arena *arena, struct json_walk *walk)
{
    struct otlp_value value = {.kind = OTLP_NONE};
    struct sv key;
    if (!json_walk_enter(walk, '{')) {
        json_walk_skip(walk);
        return value;
    }
    while (json_walk_key(walk, &key)) {
        if (otlp_key_is(key, "stringvalue") || otlp_key_is(key, "bytesvalue"))
            value = (struct otlp_value){.kind = OTLP_STRING, .text = json_walk_text(arena, walk)};
        else if (otlp_key_is(key, "intvalue"))
            value = otlp_json_integer(arena, json_walk_text(arena, walk));
        else if (otlp_key_is(key, "doublevalue"))
            value = otlp_json_double(arena, json_walk_text(arena, walk));
        else if (otlp_key_is(key, "boolvalue"))
            value = (struct otlp_value){
                .kind = OTLP_BOOL,
                .text = sv_eq(json_walk_text(arena, walk), SV("true")) ? SV("true") : SV("false")};
        else if (otlp_key_is(key, "arrayvalue"))
            value = (struct otlp_value){.kind = OTLP_ARRAY, .list = values_of(walk)};
        else if (otlp_key_is(key, "kvlistvalue"))
            value = (struct otlp_value){.kind = OTLP_MAP, .list = values_of(walk)};
        else
            json_walk_skip(walk);
    }
    return value;
}

static bool
next_pair(struct arena *arena, struct otlp_list *list, struct otlp_pair *ret_pair)
{
    struct json_walk walk;
    struct otlp_pair pair = {.key = SV("")};
    struct sv key;
    if (!next_element(list, &walk))
        return false;
    if (!json_walk_enter(&walk, '{')) {
        json_walk_skip(&walk);
    } else {
        while (json_walk_key(&walk, &key)) {
            if (otlp_key_is(key, "key"))
                pair.key = json_walk_text(arena, &walk);
            else if (otlp_key_is(key, "value"))
                pair.value = otlp_json_value(arena, &walk);
            else
                json_walk_skip(&walk);
        }
    }
    went_past(list, &walk);
    *ret_pair = pair;
    return true;
}

static bool
next_value(struct arena *arena, struct otlp_list *list, struct otlp_value *ret_value)
{
    struct json_walk walk;
    if (!next_element(list, &walk))
        return false;
    *ret_value = otlp_json_value(arena, &walk);
    went_past(list, &walk);
    return true;
}

static bool
next_moment(struct arena *arena, struct otlp_list *list, struct otlp_moment *ret_moment)
{
    struct json_walk walk;
    struct otlp_moment moment = {.name = SV_NONE};
    struct sv key;
    if (!next_element(list, &walk))
        return false;
    if (!json_walk_enter(&walk, '{')) {
        json_walk_skip(&walk);
    } else {
        while (json_walk_key(&walk, &key)) {
            if (otlp_key_is(key, "timeunixnano"))
                moment.time = json_walk_text(arena, &walk);
            else if (otlp_key_is(key, "name"))
                moment.name = json_walk_text(arena, &walk);
            else if (otlp_key_is(key, "attributes"))
                moment.attributes = otlp_json_list(&walk);
            else
                json_walk_skip(&walk);
        }
    }
    went_past(list, &walk);
    *ret_moment = moment;
    return true;
}

const struct otlp_form otlp_json_form = {next_pair, next_value, next_moment};

/* ---- ids ---- */

static int
base64_value(char c)
{
    return c >= 'A' && c <= 'Z'   ? c - 'A'
           : c >= 'a' && c <= 'z' ? c - 'a' + 26
           : c >= '0' && c <= '9' ? c - '0' + 52
           : c == '+'             ? 62
           : c == '/'             ? 63
                                  : -1;
}

/* `bytes` bytes as generic writers of Protocol Buffers put them into JSON; SV_NONE if it is not
 * that. */
static struct sv
hex_of_base64(struct arena *arena, struct sv text, size_t bytes)
{
    char *out = arena_alloc(arena, 2 * bytes + 1);
    uint32_t bits = 0;
    size_t count = 0, kept = 0;
    for (size_t i = 0; i < text.len && text.ptr[i] != '='; i++) {
        int value = base64_value(text.ptr[i]);
        if (value < 0)
            return SV_NONE;
        bits = bits << 6 | (uint32_t)value;
        kept += 6;
        if (kept < 8)
            continue;
        kept -= 8;
        if (count == bytes)
            return SV_NONE;
        snprintf(out + 2 * count++, 3, "%02x", bits >> kept & 0xff);
    }
    return count == bytes ? sv_of(out, 2 * bytes) : SV_NONE;
}

struct sv
otlp_json_id(struct arena *arena, struct json_walk *walk, size_t bytes)
{
    struct sv text = json_walk_text(arena, walk);
    if (text.len != 2 * bytes) {
        struct sv hex = hex_of_base64(arena, text, bytes);
        return hex.ptr == NULL ? text : hex;
    }
    char *lower = arena_alloc(arena, text.len);
    for (size_t i = 0; i < text.len; i++)
        lower[i] =
            text.ptr[i] >= 'A' && text.ptr[i] <= 'F' ? (char)(text.ptr[i] | 0x20) : text.ptr[i];
    return sv_of(lower, text.len);
}

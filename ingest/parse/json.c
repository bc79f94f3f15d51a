/*
 * JSON trees: see json.h. Called by decoders on the thread of their worker; no state.
 */
#include "ingest/parse/json.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/sha256.h"
#include "base/text/utf8.h"
#include "hindcast/decoder.h"

static int
hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int
tree_escape_unit(struct sv text)
{
    if (text.len < 6 || text.ptr[0] != '\\' || text.ptr[1] != 'u')
        return -1;
    int unit = 0;
    for (size_t i = 2; i < 6; i++) {
        int digit = hex_value(text.ptr[i]);
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

bool
tree_escape_bad(struct sv text, size_t *ret_length)
{
    int unit = tree_escape_unit(text);
    *ret_length = unit < 0 ? 2 : 6;
    if (unit >= 0xD800 && unit <= 0xDBFF) {
        int low = tree_escape_unit(sv_slice(text, 6, text.len));
        if (low < 0xDC00 || low > 0xDFFF)
            return true;
        *ret_length = 12;
        return false;
    }
    return unit == 0 || (unit >= 0xDC00 && unit <= 0xDFFF);
}

/* One pass: depth of nesting and bad escapes. `fix` is NULL or the same bytes, to write into. */
static int
scan(struct sv text, char *fix, bool *ret_bad_escape)
{
    int depth = 0, deepest = 0;
    bool inside = false;
    *ret_bad_escape = false;
    for (size_t at = 0; at < text.len; at++) {
        char c = text.ptr[at];
        if (inside && c == '\\') {
            size_t length = 0;
            if (tree_escape_bad(sv_slice(text, at, text.len), &length)) {
                *ret_bad_escape = true;
                if (fix != NULL)
                    memcpy(fix + at + 2, "fffd", 4);
            }
            at += length - 1;
        } else if (c == '"') {
            inside = !inside;
        } else if (!inside && (c == '{' || c == '[')) {
            depth++;
            deepest = depth > deepest ? depth : deepest;
        } else if (!inside && (c == '}' || c == ']')) {
            depth--;
        }
    }
    return deepest;
}

struct sv
tree_commas_mended(struct arena *arena, struct sv text)
{
    char *copy = NULL;
    size_t comma = SIZE_MAX; /* behind which only blanks came so far */
    bool quoted = false;
    for (size_t at = 0; at < text.len; at++) {
        char c = text.ptr[at];
        if (quoted) {
            at += c == '\\';
            quoted = c != '"';
            continue;
        }
        quoted = c == '"';
        if ((c == '}' || c == ']') && comma != SIZE_MAX) {
            if (copy == NULL)
                copy = memcpy(arena_alloc(arena, text.len), text.ptr, text.len);
            copy[comma] = ' ';
        }
        if (c == ',')
            comma = at;
        else if (!sv_blank(c))
            comma = SIZE_MAX;
    }
    return copy == NULL ? SV_NONE : sv_of(copy, text.len);
}

struct sv
tree_escapes_repaired(struct arena *arena, struct sv text)
{
    bool ignored = false;
    char *copy = arena_strdup(arena, text);
    scan(text, copy, &ignored);
    return sv_of(copy, text.len);
}

json_t *
tree_parse(struct arena *arena, struct sv text, enum tree_problem *ret_problem)
{
    bool bad_escape = false;
    text = utf8_repair(arena, text);
    *ret_problem = TREE_TOO_DEEP;
    if (scan(text, NULL, &bad_escape) > JSON_DEPTH_MAX)
        return NULL;
    if (bad_escape)
        text = tree_escapes_repaired(arena, text);
    json_error_t error;
    json_t *tree = json_loadb(text.ptr, text.len, JSON_DECODE_ANY, &error);
    if (tree == NULL && json_error_code(&error) == json_error_numeric_overflow)
        tree = json_loadb(text.ptr, text.len, JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL, &error);
    *ret_problem = tree == NULL ? TREE_SYNTAX : TREE_FINE;
    return tree;
}

#define KEY_MAX 64

static const json_t *
find_one(const json_t *object, struct sv path)
{
    char key[KEY_MAX];
    if (!json_is_object(object) || path.ptr == NULL || path.len >= sizeof(key))
        return NULL;
    memcpy(key, path.ptr, path.len);
    key[path.len] = '\0';
    const json_t *value = json_object_get(object, key);
    for (size_t dot = 0; value == NULL && dot < path.len; dot++) {
        if (path.ptr[dot] != '.')
            continue;
        key[dot] = '\0';
        const json_t *inner = json_object_get(object, key);
        key[dot] = '.';
        if (inner != NULL)
            value = find_one(inner, sv_slice(path, dot + 1, path.len));
    }
    return json_is_null(value) ? NULL : value;
}

static bool
holds_nothing(const json_t *value)
{
    return value == NULL || (json_is_string(value) && json_string_length(value) == 0);
}

const json_t *
tree_find(const json_t *object, const char *paths)
{
    struct sv rest = sv_from(paths), path;
    while (sv_split(&rest, '|', &path)) {
        const json_t *value = find_one(object, path);
        if (!holds_nothing(value))
            return value;
    }
    return NULL;
}

struct sv
tree_real_text(struct arena *arena, double value)
{
    char text[40];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    return arena_copy(arena, sv_from(text));
}

struct sv
tree_number_text(struct arena *arena, struct sv number)
{
    if (sv_find_char(number, 'e') == SIZE_MAX && sv_find_char(number, 'E') == SIZE_MAX)
        return number;
    return tree_real_text(arena, strtod(arena_strdup(arena, number), NULL));
}

struct sv
tree_text(struct arena *arena, const json_t *value)
{
    if (json_is_string(value))
        return arena_copy(arena, sv_of(json_string_value(value), json_string_length(value)));
    if (json_is_integer(value))
        return arena_printf(arena, "%lld", (long long)json_integer_value(value));
    if (json_is_real(value))
        return tree_real_text(arena, json_real_value(value));
    if (json_is_boolean(value))
        return json_is_true(value) ? SV("true") : SV("false");
    return SV_NONE;
}

struct sv
tree_pick(struct arena *arena, const json_t *object, const char *paths)
{
    struct sv rest = sv_from(paths), path;
    while (sv_split(&rest, '|', &path)) {
        const json_t *value = find_one(object, path);
        if (value == NULL || json_is_object(value) || json_is_array(value))
            continue;
        struct sv text = tree_text(arena, value);
        if (!sv_empty(text))
            return text;
    }
    return SV_NONE;
}

bool
tree_has(const json_t *object, const char *path)
{
    return tree_find(object, path) != NULL;
}

bool
tree_is(const json_t *object, const char *path, const char *text)
{
    const json_t *value = find_one(object, sv_from(path));
    return json_is_string(value) &&
           sv_eq(sv_of(json_string_value(value), json_string_length(value)), sv_from(text));
}

struct sv
tree_dump(struct arena *arena, const json_t *value)
{
    /* 17 digits would write 0.1 as 0.10000000000000001. */
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(16));
    if (text == NULL)
        return SV_NONE;
    struct sv copy = arena_copy(arena, sv_from(text));
    free(text);
    return copy;
}

struct sv
tree_digest(struct arena *arena, const json_t *value)
{
    struct sha256 digest;
    char hex[SHA256_HEX + 1];
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
    if (text == NULL)
        return SV_NONE;
    sha256_of(text, strlen(text), &digest);
    free(text);
    sha256_hex(&digest, hex);
    return arena_copy(arena, sv_from(hex));
}

static bool
key_taken(const char *key, const char *taken)
{
    struct sv rest = sv_from(taken), name;
    while (sv_split(&rest, '|', &name))
        if (sv_eq(name, sv_from(key)))
            return true;
    return false;
}

struct sv
tree_rest(struct arena *arena, const json_t *object, const char *taken)
{
    json_t *rest = json_object();
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        if (!json_is_null(value) && !key_taken(key, taken))
            json_object_set(rest, key, value);
    }
    struct sv text = json_object_size(rest) > 0 ? tree_dump(arena, rest) : SV_NONE;
    json_decref(rest);
    return text;
}

/*
 * JSON as nodes: see nodes.h. The text keeps to the grammar, so the end of a value is found by
 * quotes and brackets alone.
 */
#include "ingest/parse/nodes.h"

#include <assert.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "ingest/parse/tape_private.h"

#define NODES_FIRST 16

struct cursor {
    const char *at, *end;
};

static inline void
skip_blanks(struct cursor *in)
{
    while (in->at < in->end &&
           (*in->at == ' ' || *in->at == '\n' || *in->at == '\t' || *in->at == '\r'))
        in->at++;
}

/* The next quote or backslash. */
static inline const char *
find_quote(const char *at, const char *end)
{
#ifdef __SSE2__
    for (; end - at >= 16; at += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
        __m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
        __m128i slashes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
        int found = _mm_movemask_epi8(_mm_or_si128(quotes, slashes));
        if (found != 0)
            return at + __builtin_ctz((unsigned)found);
    }
#endif
    while (at < end && *at != '"' && *at != '\\')
        at++;
    return at;
}

/* Behind the quote that closes; `at` is behind the one that opens. */
static const char *
string_end(const char *at, const char *end, bool *ret_escaped)
{
    *ret_escaped = false;
    for (at = find_quote(at, end); at < end && *at == '\\'; at = find_quote(at, end)) {
        *ret_escaped = true;
        at = at + 2 < end ? at + 2 : end;
    }
    return at < end ? at + 1 : end;
}

/* Behind the bracket that closes the one at `at`. */
static const char *
container_end(const char *at, const char *end)
{
    int depth = 0;
    bool ignored = false;
    while (at < end) {
        char c = *at++;
        if (c == '"')
            at = string_end(at, end, &ignored);
        else if (c == '{' || c == '[')
            depth++;
        else if ((c == '}' || c == ']') && --depth == 0)
            return at;
    }
    return end;
}

static enum tape_type
type_of(char c)
{
    switch (c) {
    case '"':
        return TAPE_STRING;
    case '{':
        return TAPE_OBJECT;
    case '[':
        return TAPE_ARRAY;
    case 't':
        return TAPE_TRUE;
    case 'f':
        return TAPE_FALSE;
    case 'n':
        return TAPE_NULL;
    default:
        return TAPE_NUMBER;
    }
}

static void
read_value(struct cursor *in, struct tape_value *ret_value)
{
    const char *from = in->at;
    enum tape_type type = type_of(*from);
    bool escaped = false;
    if (type == TAPE_STRING) {
        in->at = string_end(from + 1, in->end, &escaped);
        *ret_value =
            (struct tape_value){from + 1, (uint32_t)(in->at - from - 2), TAPE_STRING, escaped, 0};
        return;
    }
    if (type >= TAPE_ARRAY)
        in->at = container_end(from, in->end);
    else
        while (in->at < in->end && strchr(",]} \n\t\r", *in->at) == NULL)
            in->at++;
    *ret_value = (struct tape_value){from, (uint32_t)(in->at - from), (uint8_t)type, false, 0};
}

static struct json_node *
next_place(struct arena *arena, struct json_node *node, uint32_t *size)
{
    if (node->count == *size) {
        uint32_t larger = *size == 0 ? NODES_FIRST : 2 * *size;
        struct json_node *moved = arena_alloc(arena, larger * sizeof(*moved));
        if (node->count > 0)
            memcpy(moved, node->nodes, node->count * sizeof(*moved));
        node->nodes = moved;
        *size = larger;
    }
    struct json_node *place = &node->nodes[node->count++];
    *place = (struct json_node){.count = 0};
    return place;
}

static void
open_node(struct arena *arena, struct json_node *node)
{
    struct cursor in = {node->value.ptr + 1, node->value.ptr + node->value.len - 1};
    bool members = node->value.type == TAPE_OBJECT;
    uint32_t size = 0;
    node->opened = true;
    for (skip_blanks(&in); in.at < in.end && node->count < NODES_MAX; skip_blanks(&in)) {
        struct json_node *one = next_place(arena, node, &size);
        if (members) {
            const char *from = ++in.at;
            in.at = string_end(from, in.end, &one->key_escaped);
            one->key = sv_of(from, (size_t)(in.at - from - 1));
            skip_blanks(&in);
            in.at++; /* the colon */
            skip_blanks(&in);
        }
        read_value(&in, &one->value);
        skip_blanks(&in);
        in.at++; /* the comma */
    }
}

static struct json_node *
new_node(struct arena *arena, struct sv text)
{
    struct json_node *node = ARENA_NEW(arena, struct json_node);
    struct cursor in = {text.ptr, text.ptr + text.len};
    skip_blanks(&in);
    read_value(&in, &node->value);
    return node;
}

struct json_node *
nodes_of_tape(struct arena *arena, const struct tape *tape)
{
    enum tree_problem problem;
    if (!tape->odd)
        return new_node(arena, tape->text);
    json_t *tree = tree_parse(arena, tape->text, &problem);
    struct sv text = tree == NULL ? SV("null") : tree_dump(arena, tree);
    json_decref(tree);
    return new_node(arena, text);
}

struct json_node *
nodes_of_text(struct arena *arena, struct sv text)
{
    struct tape tape;
    if (tape_scan(arena, text, &tape) != TREE_FINE ||
        (tape.type != TAPE_OBJECT && tape.type != TAPE_ARRAY))
        return NULL;
    return nodes_of_tape(arena, &tape);
}

size_t
nodes_count(struct arena *arena, struct json_node *node)
{
    if (node == NULL || node->value.type < TAPE_ARRAY)
        return 0;
    if (!node->opened)
        open_node(arena, node);
    return node->count;
}

struct json_node *
node_member(struct arena *arena, struct json_node *node, struct sv key)
{
    if (!node_is(node, TAPE_OBJECT))
        return NULL;
    for (size_t i = nodes_count(arena, node); i > 0; i--) {
        struct json_node *one = &node->nodes[i - 1];
        if (one->key.len < key.len || (!one->key_escaped && one->key.len != key.len))
            continue;
        if (sv_eq(node_key(arena, one), key))
            return one;
    }
    return NULL;
}

struct sv
node_key(struct arena *arena, const struct json_node *member)
{
    return member->key_escaped ? tape_unescaped(arena, member->key) : member->key;
}

struct sv
node_json(const struct json_node *node)
{
    bool string = node->value.type == TAPE_STRING;
    return sv_of(node->value.ptr - string, node->value.len + (string ? 2U : 0U));
}

struct sv
node_text(struct arena *arena, const struct json_node *node)
{
    struct sv text = tape_text(arena, &node->value);
    if (node->value.type != TAPE_NUMBER || sv_find_char(text, '.') == SIZE_MAX ||
        sv_find_char(text, 'e') != SIZE_MAX)
        return text;
    while (text.ptr[text.len - 1] == '0')
        text.len--;
    text.len -= text.ptr[text.len - 1] == '.';
    return text;
}

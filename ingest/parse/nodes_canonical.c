/*
 * One spelling of all that a JSON value tells: see nodes.h. jansson's, so that what is named by a
 * digest has one name whoever reads it.
 */
#include <stdlib.h>
#include <string.h>

#include "ingest/parse/nodes.h"

#define PLAIN_DIGITS 18

static void
put_escape(struct strbuf *out, unsigned char c)
{
    static const char named[] = "\"\\\b\f\n\r\t", names[] = "\"\\bfnrt";
    const char *at = memchr(named, c, sizeof(named) - 1);
    if (at != NULL)
        strbuf_addf(out, "\\%c", names[at - named]);
    else
        strbuf_addf(out, "\\u%04X", c);
}

static void
put_string(struct strbuf *out, struct sv text)
{
    size_t from = 0;
    strbuf_add_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        strbuf_add(out, text.ptr + from, i - from);
        put_escape(out, c);
        from = i + 1;
    }
    strbuf_add(out, text.ptr + from, text.len - from);
    strbuf_add_char(out, '"');
}

/* A whole number as it stands; any other by way of jansson's own spelling. */
static void
put_number(struct strbuf *out, struct sv number)
{
    size_t sign = number.ptr[0] == '-', digits = sign;
    while (digits < number.len && number.ptr[digits] >= '0' && number.ptr[digits] <= '9')
        digits++;
    if (digits == number.len && digits - sign <= PLAIN_DIGITS && number.ptr[sign] != '0') {
        strbuf_add_sv(out, number);
        return;
    }
    json_t *value = json_loadb(number.ptr, number.len, JSON_DECODE_ANY, NULL);
    if (value == NULL)
        value = json_loadb(number.ptr, number.len, JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL, NULL);
    char *text = value == NULL ? NULL : json_dumps(value, JSON_ENCODE_ANY);
    strbuf_add_sv(out, text == NULL ? number : sv_from(text));
    free(text);
    json_decref(value);
}

/* A member by its name; of equal names the last counts. */
struct named {
    struct sv name;
    struct json_node *node;
};

static int
compare_names(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int order = sv_cmp(x->name, y->name);
    return order != 0 ? order : x->node < y->node ? -1 : x->node > y->node;
}

static void
put_object(struct arena *arena, struct json_node *node, struct strbuf *out)
{
    size_t count = nodes_count(arena, node), from = out->len;
    struct named *members = ARENA_ARRAY(arena, struct named, count + 1);
    for (size_t i = 0; i < count; i++)
        members[i] = (struct named){node_key(arena, &node->nodes[i]), &node->nodes[i]};
    qsort(members, count, sizeof(*members), compare_names);
    strbuf_add_char(out, '{');
    for (size_t i = 0; i < count; i++) {
        if (i + 1 < count && sv_eq(members[i].name, members[i + 1].name))
            continue;
        if (out->len > from + 1)
            strbuf_add_char(out, ',');
        put_string(out, members[i].name);
        strbuf_add_char(out, ':');
        nodes_canonical(arena, members[i].node, out);
    }
    strbuf_add_char(out, '}');
}

static void
put_list(struct arena *arena, struct json_node *node, struct strbuf *out)
{
    size_t count = nodes_count(arena, node);
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            strbuf_add_char(out, ',');
        nodes_canonical(arena, &node->nodes[i], out);
    }
    strbuf_add_char(out, ']');
}

void
nodes_canonical(struct arena *arena, struct json_node *node, struct strbuf *out)
{
    switch ((enum tape_type)node->value.type) {
    case TAPE_OBJECT:
        put_object(arena, node, out);
        return;
    case TAPE_ARRAY:
        put_list(arena, node, out);
        return;
    case TAPE_STRING:
        put_string(out, node_text(arena, node));
        return;
    case TAPE_NUMBER:
        put_number(out, sv_of(node->value.ptr, node->value.len));
        return;
    case TAPE_NULL:
    case TAPE_FALSE:
    case TAPE_TRUE:
        strbuf_add_sv(out, sv_of(node->value.ptr, node->value.len));
    }
}

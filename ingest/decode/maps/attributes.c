/*
 * What is kept of an element: see attributes.h. As it stands where nothing is left out: who stores
 * it, or shows it, has its own spelling.
 */
#include "ingest/decode/maps/attributes.h"

#include "base/text/json_writer.h"
#include "hindcast/decoder.h"

/* Paths of one element that are still followed: those that begin with the keys passed so far. */
struct following {
    const struct map_path *paths;
    size_t count;
    const bool *here; /* of each path: does it lead here? */
};

enum found { FOUND_NOTHING, FOUND_BEFORE, FOUND_END };

/* Which paths go on to the member, and whether one ends there. */
static enum found
follow(const struct following *in, size_t depth, struct sv key, bool *ret_there)
{
    enum found found = FOUND_NOTHING;
    for (size_t i = 0; i < in->count; i++) {
        const struct map_path *path = &in->paths[i];
        ret_there[i] = in->here[i] && depth < path->count &&
                       (path->parts[depth].kind == PART_ANY || sv_eq(path->parts[depth].key, key));
        if (!ret_there[i])
            continue;
        if (depth + 1 == path->count)
            return FOUND_END;
        found = FOUND_BEFORE;
    }
    return found;
}

static void
put_key(struct strbuf *out, const struct json_node *member)
{
    if (member->key.ptr == NULL)
        return;
    strbuf_add_char(out, '"');
    strbuf_add_sv(out, member->key);
    strbuf_add_text(out, "\":");
}

/* Writes an object or list: without what the paths lead to, or only that. */
static void
put(struct map_reading *reading, const struct following *in, size_t depth, bool drop,
    struct json_node *value, struct strbuf *out)
{
    bool *there = ARENA_ARRAY(reading->probe->arena, bool, in->count + 1);
    const struct following inner = {in->paths, in->count, there};
    bool object = node_is(value, TAPE_OBJECT);
    size_t count = map_nodes(reading, value), from = out->len;
    strbuf_add_char(out, object ? '{' : '[');
    for (size_t i = 0; i < count && map_spend(reading, 1); i++) {
        struct json_node *one = &value->nodes[i];
        bool inside = one->value.type >= TAPE_ARRAY;
        enum found found = follow(in, depth, one->key, there);
        if (found == (drop ? FOUND_END : FOUND_NOTHING) ||
            (!drop && found == FOUND_BEFORE && !inside))
            continue;
        if (out->len > from + 1)
            strbuf_add_char(out, ',');
        put_key(out, one);
        if (found == FOUND_BEFORE && inside)
            put(reading, &inner, depth + 1, drop, one, out);
        else
            strbuf_add_sv(out, node_json(one));
    }
    strbuf_add_char(out, object ? '}' : ']');
}

static struct sv
chosen(struct map_reading *reading, const struct map_path *paths, size_t count, bool drop,
       struct json_node *element)
{
    struct strbuf out;
    bool *here = ARENA_ARRAY(reading->probe->arena, bool, count + 1);
    for (size_t i = 0; i < count; i++)
        here[i] = true;
    strbuf_init(&out, 0);
    put(reading, &(struct following){paths, count, here}, 0, drop, element, &out);
    struct sv text = out.len > 2 ? arena_copy(reading->probe->arena, strbuf_view(&out)) : SV_NONE;
    strbuf_release(&out);
    return text;
}

struct sv
map_attributes(struct map_reading *reading, const struct map_shape *shape,
               struct json_node *element)
{
    struct arena *arena = reading->probe->arena;
    struct sv kept;
    if (map_nodes(reading, element) == 0)
        return SV_NONE;
    if (shape->keep_count > 0) {
        kept = chosen(reading, shape->keeps, shape->keep_count, false, element);
        element = sv_empty(kept) ? NULL : nodes_of_text(arena, kept);
    }
    if (element != NULL && shape->drop_count > 0) {
        kept = chosen(reading, shape->drops, shape->drop_count, true, element);
        element = sv_empty(kept) ? NULL : nodes_of_text(arena, kept);
    }
    return element == NULL ? SV_NONE : node_json(element);
}

struct sv
map_attributes_with(struct arena *arena, struct sv attributes, const char *member,
                    const struct sv *names, size_t count)
{
    struct strbuf list, out;
    attributes = sv_trim(attributes);
    bool object = sv_starts(attributes, SV("{")) && sv_ends(attributes, SV("}"));
    strbuf_init(&list, 0);
    strbuf_init(&out, 0);
    strbuf_add_char(&list, '{');
    json_put_list(&list, member, names, count);
    bool too_long = object && attributes.len + list.len + 1 > ATTRIBUTES_BYTES_MAX;
    strbuf_add_char(&out, '{');
    if (too_long)
        json_put_int(&out, "left_out_bytes", (int64_t)attributes.len);
    else if (object)
        strbuf_add_sv(&out, sv_trim(sv_slice(attributes, 1, attributes.len - 1)));
    json_put_list(&out, member, names, count);
    strbuf_add_char(&out, '}');
    struct sv text = arena_copy(arena, strbuf_view(&out));
    strbuf_release(&list);
    strbuf_release(&out);
    return text;
}

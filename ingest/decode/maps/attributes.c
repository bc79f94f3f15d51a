/*
 * What is kept of an element: see attributes.h. The tree is shared with whoever reads it: what
 * changes is copied on the way, the rest is only referred to.
 */
#include "ingest/decode/maps/attributes.h"

#include "hindcast/decoder.h"

/* A copy of the value without what lies at the path. A new reference. */
static json_t *
without(struct map_reading *reading, json_t *value, const struct map_part *parts, size_t count)
{
    const char *key;
    json_t *one, *copy;
    size_t i;
    bool any = parts[0].kind == PART_ANY;
    if (!map_spend(reading, 1 + json_object_size(value) + json_array_size(value)))
        return json_null();
    if (json_is_array(value) && any) {
        copy = json_array();
        json_array_foreach(value, i, one)
        {
            if (count > 1)
                json_array_append_new(copy, without(reading, one, parts + 1, count - 1));
        }
        return copy;
    }
    if (!json_is_object(value))
        return json_incref(value);
    copy = json_object();
    json_object_foreach(value, key, one)
    {
        if (!any && strcmp(key, parts[0].key) != 0)
            json_object_set_nocheck(copy, key, one);
        else if (count > 1)
            json_object_set_new_nocheck(copy, key, without(reading, one, parts + 1, count - 1));
    }
    return copy;
}

/* What lies at the path, under the same keys, in `to`. */
static void
with(struct map_reading *reading, const json_t *value, const struct map_part *parts, size_t count,
     json_t *to)
{
    const char *key;
    json_t *one;
    bool any = parts[0].kind == PART_ANY;
    json_object_foreach((json_t *)(uintptr_t)value, key, one)
    {
        if (!map_spend(reading, 1) || (!any && strcmp(key, parts[0].key) != 0))
            continue;
        if (count == 1 || !json_is_object(one)) {
            if (count == 1)
                json_object_set_nocheck(to, key, one);
            continue;
        }
        json_t *inner = json_object_get(to, key);
        if (inner == one)
            continue; /* it is kept as a whole */
        if (!json_is_object(inner)) {
            inner = json_object();
            json_object_set_new_nocheck(to, key, inner);
        }
        with(reading, one, parts + 1, count - 1, inner);
    }
}

static json_t *
chosen(struct map_reading *reading, const struct map_shape *shape, const json_t *element)
{
    json_t *value;
    if (shape->keep_count > 0) {
        value = json_object();
        for (size_t i = 0; i < shape->keep_count; i++)
            with(reading, element, shape->keeps[i].parts, shape->keeps[i].count, value);
    } else {
        value = json_incref((json_t *)(uintptr_t)element);
    }
    for (size_t i = 0; i < shape->drop_count; i++) {
        json_t *less = without(reading, value, shape->drops[i].parts, shape->drops[i].count);
        json_decref(value);
        value = less;
    }
    return value;
}

struct sv
map_attributes(struct map_reading *reading, const struct map_shape *shape, const json_t *element)
{
    struct sv text = SV_NONE;
    if (!json_is_object(element))
        return SV_NONE;
    json_t *value = chosen(reading, shape, element);
    if (json_object_size(value) > 0)
        text = tree_dump(reading->probe->arena, value);
    json_decref(value);
    return text;
}

/*
 * What the store tells to a step: see part_reader.h.
 */
#include "app/part_reader.h"

#include "hindcast/part.h"

/* Kept records do not say their scope again, of which the names of lines without identity are made.
 */
static struct record_name
name_of(struct arena *arena, struct sv scope, const struct observation *observation)
{
    struct observation scoped = *observation;
    scoped.event.scope = scope;
    return record_name_of(arena, &scoped);
}

static int
deliveries(void *context, struct arena *arena, const struct work_record *const *records,
           size_t count, const struct observation **ret_observations, size_t *ret_count,
           struct err *err)
{
    const struct part_reading *reading = context;
    struct observation *found;
    struct record_name *names = ARENA_ARRAY(arena, struct record_name, count + 1);
    for (size_t i = 0; i < count; i++)
        names[i] = name_of(arena, reading->scope, records[i]->observation);
    if (part_records(reading->part, names, count, &found, ret_count, err) != 0)
        return -1;
    *ret_observations = found;
    return 0;
}

static int
incidents_within(void *context, struct arena *arena, int64_t from_ms, int64_t to_ms,
                 struct sv **ret_keys, size_t *ret_count, struct err *err)
{
    (void)arena; /* that of the part */
    return part_incidents_around(((const struct part_reading *)context)->part, from_ms, to_ms,
                                 ret_keys, ret_count, err);
}

static int
incidents_of(void *context, struct arena *arena, const struct sv *node_keys, size_t count,
             struct sv *ret_keys, struct err *err)
{
    struct sv *keys;
    (void)arena;
    if (part_keys(((const struct part_reading *)context)->part, node_keys, count, &keys, err) != 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        ret_keys[i] = keys[i];
    return 0;
}

static int
nodes_of(void *context, struct arena *arena, const struct sv *incident_keys, size_t count,
         struct sv **ret_node_keys, size_t *ret_count, struct err *err)
{
    struct part_node *nodes;
    if (part_nodes_of(((const struct part_reading *)context)->part, incident_keys, count, &nodes,
                      ret_count, err) != 0)
        return -1;
    *ret_node_keys = ARENA_ARRAY(arena, struct sv, *ret_count + 1);
    for (size_t i = 0; i < *ret_count; i++)
        (*ret_node_keys)[i] = nodes[i].node_key;
    return 0;
}

struct scope_reader
part_reader(struct part_reading *reading)
{
    return (struct scope_reader){reading, deliveries, incidents_within, incidents_of, nodes_of};
}

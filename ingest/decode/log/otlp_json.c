/*
 * OpenTelemetry's exports in JSON (the encoding "otlp_json" of the Collector's Kafka exporter, its
 * file exporter, Fluent Bit), see otlp.h. Called by otlp.c.
 *
 * Keys are the names of the fields in lowerCamelCase; some writers keep their snake_case, so both
 * are taken: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding.
 */
#include "ingest/decode/log/otlp_json_values.h"

static int
read_log(struct otlp_batch *batch, struct json_walk *walk)
{
    struct arena *arena = batch->probe->arena;
    struct otlp_log log = {.time = SV_NONE};
    struct sv key;
    while (json_walk_key(walk, &key)) {
        if (otlp_key_is(key, "timeunixnano"))
            log.time = json_walk_text(arena, walk);
        else if (otlp_key_is(key, "observedtimeunixnano"))
            log.observed = json_walk_text(arena, walk);
        else if (otlp_key_is(key, "severitynumber"))
            log.severity = json_walk_text(arena, walk);
        else if (otlp_key_is(key, "severitytext"))
            log.severity_text = json_walk_text(arena, walk);
        else if (otlp_key_is(key, "body"))
            log.body = otlp_json_value(arena, walk);
        else if (otlp_key_is(key, "attributes"))
            log.attributes = otlp_json_list(walk);
        else if (otlp_key_is(key, "traceid"))
            log.trace_id = otlp_json_id(arena, walk, 16);
        else if (otlp_key_is(key, "spanid"))
            log.span_id = otlp_json_id(arena, walk, 8);
        else if (otlp_key_is(key, "eventname"))
            log.event_name = json_walk_text(arena, walk);
        else
            json_walk_skip(walk);
    }
    return otlp_add_log(batch, &log);
}

static void
read_status(struct arena *arena, struct json_walk *walk, struct otlp_span *span)
{
    struct sv key;
    if (!json_walk_enter(walk, '{')) {
        json_walk_skip(walk);
        return;
    }
    while (json_walk_key(walk, &key)) {
        if (otlp_key_is(key, "message"))
            span->status_message = json_walk_text(arena, walk);
        else if (otlp_key_is(key, "code"))
            span->status = json_walk_text(arena, walk);
        else
            json_walk_skip(walk);
    }
}

static int
read_span(struct otlp_batch *batch, struct json_walk *walk)
{
    struct arena *arena = batch->probe->arena;
    struct otlp_span span = {.name = SV_NONE};
    struct sv key;
    while (json_walk_key(walk, &key)) {
        if (otlp_key_is(key, "traceid"))
            span.trace_id = otlp_json_id(arena, walk, 16);
        else if (otlp_key_is(key, "spanid"))
            span.span_id = otlp_json_id(arena, walk, 8);
        else if (otlp_key_is(key, "parentspanid"))
            span.parent_id = otlp_json_id(arena, walk, 8);
        else if (otlp_key_is(key, "name"))
            span.name = json_walk_text(arena, walk);
        else if (otlp_key_is(key, "kind"))
            span.kind = json_walk_text(arena, walk);
        else if (otlp_key_is(key, "starttimeunixnano"))
            span.start = json_walk_text(arena, walk);
        else if (otlp_key_is(key, "endtimeunixnano"))
            span.end = json_walk_text(arena, walk);
        else if (otlp_key_is(key, "attributes"))
            span.attributes = otlp_json_list(walk);
        else if (otlp_key_is(key, "events"))
            span.moments = otlp_json_list(walk);
        else if (otlp_key_is(key, "status"))
            read_status(arena, walk, &span);
        else
            json_walk_skip(walk);
    }
    return otlp_add_span(batch, &span);
}

static int
read_point(struct otlp_batch *batch, struct json_walk *walk, struct otlp_point point)
{
    struct arena *arena = batch->probe->arena;
    struct sv key;
    while (json_walk_key(walk, &key)) {
        if (otlp_key_is(key, "timeunixnano"))
            point.time = json_walk_text(arena, walk);
        else if (otlp_key_is(key, "starttimeunixnano"))
            point.start = json_walk_text(arena, walk);
        else if (otlp_key_is(key, "asdouble"))
            point.value = otlp_json_double(arena, json_walk_text(arena, walk)).text;
        else if (otlp_key_is(key, "asint"))
            point.value = otlp_json_integer(arena, json_walk_text(arena, walk)).text;
        else if (otlp_key_is(key, "count"))
            point.count = otlp_json_integer(arena, json_walk_text(arena, walk)).text;
        else if (otlp_key_is(key, "sum"))
            point.sum = otlp_json_double(arena, json_walk_text(arena, walk)).text;
        else if (otlp_key_is(key, "min"))
            point.min = otlp_json_double(arena, json_walk_text(arena, walk)).text;
        else if (otlp_key_is(key, "max"))
            point.max = otlp_json_double(arena, json_walk_text(arena, walk)).text;
        else if (otlp_key_is(key, "attributes"))
            point.attributes = otlp_json_list(walk);
        else
            json_walk_skip(walk);
    }
    return otlp_add_point(batch, &point);
}

/* {"dataPoints": [..], ..}, the data of a metric. */
static int
read_points(struct otlp_batch *batch, struct json_walk walk, const struct otlp_point *point)
{
    struct sv key;
    if (!json_walk_enter(&walk, '{'))
        return 0;
    while (json_walk_key(&walk, &key)) {
        if (!otlp_key_is(key, "datapoints") || !json_walk_enter(&walk, '[')) {
            json_walk_skip(&walk);
            continue;
        }
        while (json_walk_element(&walk)) {
            if (!json_walk_enter(&walk, '{'))
                json_walk_skip(&walk);
            else if (read_point(batch, &walk, *point) != 0)
                return -1;
        }
    }
    return 0;
}

static int
read_metric(struct otlp_batch *batch, struct json_walk *walk)
{
    static const struct {
        const char *key, *type;
    } kinds[] = {{"gauge", "gauge"},
                 {"sum", "sum"},
                 {"histogram", "histogram"},
                 {"exponentialhistogram", "exponential_histogram"},
                 {"summary", "summary"}};
    struct arena *arena = batch->probe->arena;
    struct otlp_point point = {.name = SV("")};
    struct json_walk data = {NULL, NULL};
    struct sv key;
    while (json_walk_key(walk, &key)) {
        if (otlp_key_is(key, "name")) {
            point.name = json_walk_text(arena, walk);
            continue;
        }
        if (otlp_key_is(key, "unit")) {
            point.unit = json_walk_text(arena, walk);
            continue;
        }
        for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
            if (otlp_key_is(key, kinds[i].key)) {
                point.type = sv_from(kinds[i].type);
                data = *walk;
            }
        json_walk_skip(walk);
    }
    return read_points(batch, data, &point);
}

/* ---- the levels above ---- */

struct levels {
    const char *resources, *scopes, *scopes_before, *records;
    int (*read)(struct otlp_batch *batch, struct json_walk *walk);
};

static const struct levels levels[] = {
    {"resourcelogs", "scopelogs", "instrumentationlibrarylogs", "logrecords", read_log},
    {"resourcespans", "scopespans", "instrumentationlibraryspans", "spans", read_span},
    {"resourcemetrics", "scopemetrics", "instrumentationlibrarymetrics", "metrics", read_metric},
};

/* The name of the scope, which mostly stands before its records. */
static struct sv
scope_of(struct arena *arena, struct json_walk members)
{
    struct sv key, name = SV_NONE;
    while (json_walk_key(&members, &key)) {
        if (!otlp_key_is(key, "scope") && !otlp_key_is(key, "instrumentationlibrary")) {
            json_walk_skip(&members);
            continue;
        }
        if (!json_walk_enter(&members, '{'))
            break;
        while (json_walk_key(&members, &key)) {
            if (otlp_key_is(key, "name"))
                name = json_walk_text(arena, &members);
            else
                json_walk_skip(&members);
        }
        break; /* what follows is read by the caller */
    }
    return name;
}

typedef int
read_object(struct otlp_batch *batch, struct json_walk *walk, const struct levels *level);

/* Each object of the list at the walk is read from behind its '{'; what is not one is passed over.
 */
static int
each_object(struct otlp_batch *batch, struct json_walk *walk, const struct levels *level,
            read_object *read)
{
    if (!json_walk_enter(walk, '[')) {
        json_walk_skip(walk);
        return 0;
    }
    while (json_walk_element(walk)) {
        if (!json_walk_enter(walk, '{'))
            json_walk_skip(walk);
        else if (read(batch, walk, level) != 0)
            return -1;
    }
    return 0;
}

static int
read_record(struct otlp_batch *batch, struct json_walk *walk, const struct levels *level)
{
    return level->read(batch, walk);
}

static int
read_scope(struct otlp_batch *batch, struct json_walk *walk, const struct levels *level)
{
    struct sv key;
    batch->scope = scope_of(batch->probe->arena, *walk);
    while (json_walk_key(walk, &key)) {
        if (!otlp_key_is(key, level->records))
            json_walk_skip(walk);
        else if (each_object(batch, walk, level, read_record) != 0)
            return -1;
    }
    return 0;
}

static struct otlp_list
attributes_of(struct json_walk walk)
{
    struct otlp_list list = {SV_NONE, 0};
    struct sv key;
    if (!json_walk_enter(&walk, '{'))
        return list;
    while (json_walk_key(&walk, &key)) {
        if (otlp_key_is(key, "attributes"))
            list = otlp_json_list(&walk);
        else
            json_walk_skip(&walk);
    }
    return list;
}

static int
read_resource(struct otlp_batch *batch, struct json_walk *walk, const struct levels *level)
{
    struct json_walk members = *walk;
    struct otlp_list attributes = {SV_NONE, 0};
    struct sv key;
    while (json_walk_key(&members, &key)) {
        if (otlp_key_is(key, "resource")) {
            attributes = attributes_of(members);
            break; /* the rest is read below */
        }
        json_walk_skip(&members);
    }
    if (otlp_take_resource(batch, attributes) != 0)
        return -1;
    while (json_walk_key(walk, &key)) {
        if (!otlp_key_is(key, level->scopes) && !otlp_key_is(key, level->scopes_before))
            json_walk_skip(walk);
        else if (each_object(batch, walk, level, read_scope) != 0)
            return -1;
    }
    return 0;
}

int
otlp_read_json(struct otlp_batch *batch, struct sv text)
{
    struct json_walk walk = json_walk_of(text);
    struct sv key;
    batch->form = &otlp_json_form;
    if (!json_walk_enter(&walk, '{'))
        return 0;
    while (json_walk_key(&walk, &key)) {
        const struct levels *level = NULL;
        for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
            if (otlp_key_is(key, levels[i].resources))
                level = &levels[i];
        if (level == NULL)
            json_walk_skip(&walk);
        else if (each_object(batch, &walk, level, read_resource) != 0)
            return -1;
    }
    return 0;
}

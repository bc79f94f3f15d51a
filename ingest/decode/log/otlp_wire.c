/*
 * OpenTelemetry's exports in Protocol Buffers, what the Collector's Kafka exporter writes unless it
 * is told otherwise: ExportLogsServiceRequest, its kin of traces and metrics, and LogsData,
 * TracesData and MetricsData, which look alike. Called by otlp.c; see otlp.h.
 *
 * Numbers of fields: https://github.com/open-telemetry/opentelemetry-proto (logs.proto,
 * trace.proto, metrics.proto, common.proto). Fields may come in any order and more than once; those
 * that are not known are passed over.
 */
#include "base/text/utf8.h"
#include "ingest/decode/core/sink.h"
#include "ingest/decode/log/otlp.h"
#include "ingest/parse/wire.h"

#define WHOLE 1  /* the list of resources in a request; resource, scope in what is below */
#define INSIDE 2 /* scopes in a resource, records in a scope */
#define INSIDE_BEFORE 1000 /* scopes under their former name */

static struct sv
text_of(struct arena *arena, const struct wire_field *field)
{
    return utf8_repair(arena, field->bytes);
}

static struct sv
hex_of(struct arena *arena, struct sv bytes)
{
    static const char digits[] = "0123456789abcdef";
    if (bytes.len > 32)
        return SV_NONE;
    char *text = arena_alloc(arena, 2 * bytes.len + 1);
    for (size_t i = 0; i < bytes.len; i++) {
        text[2 * i] = digits[(uint8_t)bytes.ptr[i] >> 4];
        text[2 * i + 1] = digits[(uint8_t)bytes.ptr[i] & 15];
    }
    return sv_of(text, 2 * bytes.len);
}

static struct sv
base64_of(struct arena *arena, struct sv bytes)
{
    static const char signs[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *text = arena_alloc(arena, (bytes.len + 2) / 3 * 4 + 1);
    size_t length = 0;
    for (size_t at = 0; at < bytes.len; at += 3) {
        size_t left = bytes.len - at;
        uint32_t group = (uint32_t)(uint8_t)bytes.ptr[at] << 16;
        group |= left > 1 ? (uint32_t)(uint8_t)bytes.ptr[at + 1] << 8 : 0;
        group |= left > 2 ? (uint8_t)bytes.ptr[at + 2] : 0;
        text[length++] = signs[group >> 18];
        text[length++] = signs[group >> 12 & 63];
        text[length++] = left > 1 ? signs[group >> 6 & 63] : '=';
        text[length++] = left > 2 ? signs[group & 63] : '=';
    }
    return sv_of(text, length);
}

/* ---- values ---- */

/* AnyValue: of several the last counts, as for every one-of. */
static struct otlp_value
value_of(struct arena *arena, struct sv message)
{
    struct wire wire = wire_of(message);
    struct wire_field field;
    struct otlp_value value = {.kind = OTLP_NONE};
    while (wire_next(&wire, &field)) {
        if (field.number == 1 && field.type == WIRE_BYTES)
            value = (struct otlp_value){.kind = OTLP_STRING, .text = text_of(arena, &field)};
        else if (field.number == 2 && field.type == WIRE_VARINT)
            value = (struct otlp_value){.kind = OTLP_BOOL,
                                        .text = field.value != 0 ? SV("true") : SV("false")};
        else if (field.number == 3 && field.type == WIRE_VARINT)
            value = (struct otlp_value){.kind = OTLP_NUMBER,
                                        .text = otlp_integer(arena, (int64_t)field.value)};
        else if (field.number == 4 && field.type == WIRE_FIXED64)
            value = otlp_double(arena, wire_double(field.value));
        else if ((field.number == 5 || field.number == 6) && field.type == WIRE_BYTES)
            value = (struct otlp_value){.kind = field.number == 5 ? OTLP_ARRAY : OTLP_MAP,
                                        .list = {field.bytes, 1}};
        else if (field.number == 7 && field.type == WIRE_BYTES)
            value = (struct otlp_value){.kind = OTLP_STRING, .text = base64_of(arena, field.bytes)};
    }
    return value;
}

static bool
next_message(struct otlp_list *list, struct sv *ret_message)
{
    struct wire wire = wire_of(list->rest);
    struct wire_field field;
    bool found = wire_find(&wire, list->field, WIRE_BYTES, &field);
    list->rest = wire.rest;
    if (found)
        *ret_message = field.bytes;
    return found;
}

static bool
next_pair(struct arena *arena, struct otlp_list *list, struct otlp_pair *ret_pair)
{
    struct sv message;
    struct otlp_pair pair = {.key = SV("")};
    if (!next_message(list, &message))
        return false;
    struct wire wire = wire_of(message);
    struct wire_field field;
    while (wire_next(&wire, &field)) {
        if (field.number == 1 && field.type == WIRE_BYTES)
            pair.key = text_of(arena, &field);
        else if (field.number == 2 && field.type == WIRE_BYTES)
            pair.value = value_of(arena, field.bytes);
    }
    *ret_pair = pair;
    return true;
}

static bool
next_value(struct arena *arena, struct otlp_list *list, struct otlp_value *ret_value)
{
    struct sv message;
    if (!next_message(list, &message))
        return false;
    *ret_value = value_of(arena, message);
    return true;
}

static bool
next_moment(struct arena *arena, struct otlp_list *list, struct otlp_moment *ret_moment)
{
    struct sv message;
    if (!next_message(list, &message))
        return false;
    struct otlp_moment moment = {.attributes = {message, 3}};
    struct wire wire = wire_of(message);
    struct wire_field field;
    while (wire_next(&wire, &field)) {
        if (field.number == 1 && field.type == WIRE_FIXED64)
            moment.time = otlp_unsigned(arena, field.value);
        else if (field.number == 2 && field.type == WIRE_BYTES)
            moment.name = text_of(arena, &field);
    }
    *ret_moment = moment;
    return true;
}

static const struct otlp_form form = {next_pair, next_value, next_moment};

/* ---- records ---- */

static int
read_log(struct otlp_batch *batch, struct sv message)
{
    struct arena *arena = batch->probe->arena;
    struct otlp_log log = {.attributes = {message, 6}};
    struct wire wire = wire_of(message);
    struct wire_field field;
    while (wire_next(&wire, &field)) {
        if (field.number == 1 && field.type == WIRE_FIXED64)
            log.time = otlp_unsigned(arena, field.value);
        else if (field.number == 11 && field.type == WIRE_FIXED64)
            log.observed = otlp_unsigned(arena, field.value);
        else if (field.number == 2 && field.type == WIRE_VARINT)
            log.severity = otlp_unsigned(arena, field.value);
        else if (field.number == 3 && field.type == WIRE_BYTES)
            log.severity_text = text_of(arena, &field);
        else if (field.number == 5 && field.type == WIRE_BYTES)
            log.body = value_of(arena, field.bytes);
        else if (field.number == 9 && field.type == WIRE_BYTES)
            log.trace_id = hex_of(arena, field.bytes);
        else if (field.number == 10 && field.type == WIRE_BYTES)
            log.span_id = hex_of(arena, field.bytes);
        else if (field.number == 12 && field.type == WIRE_BYTES)
            log.event_name = text_of(arena, &field);
    }
    return otlp_add_log(batch, &log);
}

static void
read_status(struct arena *arena, struct sv message, struct otlp_span *span)
{
    struct wire wire = wire_of(message);
    struct wire_field field;
    while (wire_next(&wire, &field)) {
        if (field.number == 2 && field.type == WIRE_BYTES)
            span->status_message = text_of(arena, &field);
        else if (field.number == 3 && field.type == WIRE_VARINT)
            span->status = otlp_unsigned(arena, field.value);
    }
}

static int
read_span(struct otlp_batch *batch, struct sv message)
{
    struct arena *arena = batch->probe->arena;
    struct otlp_span span = {.attributes = {message, 9}, .moments = {message, 11}};
    struct wire wire = wire_of(message);
    struct wire_field field;
    while (wire_next(&wire, &field)) {
        if (field.number == 1 && field.type == WIRE_BYTES)
            span.trace_id = hex_of(arena, field.bytes);
        else if (field.number == 2 && field.type == WIRE_BYTES)
            span.span_id = hex_of(arena, field.bytes);
        else if (field.number == 4 && field.type == WIRE_BYTES)
            span.parent_id = hex_of(arena, field.bytes);
        else if (field.number == 5 && field.type == WIRE_BYTES)
            span.name = text_of(arena, &field);
        else if (field.number == 6 && field.type == WIRE_VARINT)
            span.kind = otlp_unsigned(arena, field.value);
        else if (field.number == 7 && field.type == WIRE_FIXED64)
            span.start = otlp_unsigned(arena, field.value);
        else if (field.number == 8 && field.type == WIRE_FIXED64)
            span.end = otlp_unsigned(arena, field.value);
        else if (field.number == 15 && field.type == WIRE_BYTES)
            read_status(arena, field.bytes, &span);
    }
    return otlp_add_span(batch, &span);
}

/* The kinds of data of a metric, and where their points differ. */
static const struct metric_data {
    uint32_t number, attributes, min, max;
    const char *type;
} metric_data[] = {
    {5, 7, 0, 0, "gauge"},       {7, 7, 0, 0, "sum"},
    {9, 9, 11, 12, "histogram"}, {10, 1, 12, 13, "exponential_histogram"},
    {11, 7, 0, 0, "summary"},
};

static struct sv
real_of(struct arena *arena, const struct wire_field *field)
{
    return otlp_double(arena, wire_double(field->value)).text;
}

static int
read_point(struct otlp_batch *batch, struct sv message, const struct metric_data *data,
           struct otlp_point point)
{
    struct arena *arena = batch->probe->arena;
    bool number = data->number < 9;
    struct wire wire = wire_of(message);
    struct wire_field field;
    point.attributes = (struct otlp_list){message, data->attributes};
    while (wire_next(&wire, &field)) {
        if (field.type != WIRE_FIXED64)
            continue;
        if (field.number == 2)
            point.start = otlp_unsigned(arena, field.value);
        else if (field.number == 3)
            point.time = otlp_unsigned(arena, field.value);
        else if (field.number == 4 && number)
            point.value = real_of(arena, &field);
        else if (field.number == 4)
            point.count = otlp_unsigned(arena, field.value);
        else if (field.number == 5 && !number)
            point.sum = real_of(arena, &field);
        else if (field.number == 6 && number)
            point.value = otlp_integer(arena, (int64_t)field.value);
        else if (field.number == data->min)
            point.min = real_of(arena, &field);
        else if (field.number == data->max)
            point.max = real_of(arena, &field);
    }
    return otlp_add_point(batch, &point);
}

static int
read_points(struct otlp_batch *batch, struct sv message, const struct metric_data *data,
            struct otlp_point point)
{
    struct otlp_list points = {message, 1};
    struct sv one;
    point.type = sv_from(data->type);
    while (next_message(&points, &one))
        if (read_point(batch, one, data, point) != 0)
            return -1;
    return 0;
}

static int
read_metric(struct otlp_batch *batch, struct sv message)
{
    struct otlp_point point = {.name = SV("")};
    struct wire wire = wire_of(message);
    struct wire_field field;
    while (wire_next(&wire, &field)) {
        if (field.number == 1 && field.type == WIRE_BYTES)
            point.name = text_of(batch->probe->arena, &field);
        else if (field.number == 3 && field.type == WIRE_BYTES)
            point.unit = text_of(batch->probe->arena, &field);
    }
    wire = wire_of(message);
    while (wire_next(&wire, &field))
        for (size_t i = 0; i < sizeof(metric_data) / sizeof(metric_data[0]); i++)
            if (field.number == metric_data[i].number && field.type == WIRE_BYTES &&
                read_points(batch, field.bytes, &metric_data[i], point) != 0)
                return -1;
    return 0;
}

/* ---- what it is ---- */

/* Types of the fields of a record by their number: 8 fixed64, 4 fixed32, v varint, b bytes, blank
 * unknown. */
static const struct signal {
    const char *types;
    int (*read)(struct otlp_batch *batch, struct sv message);
} signals[] = {
    {" 8vb bbv4bb8b", read_log},
    {" bbbbbv88bvbvbvb4", read_span},
    {" bbb b b bbbb", read_metric},
};

static bool
fits_type(char type, enum wire_type found)
{
    static const char types[] = "v8b..4";
    return type == ' ' || type == types[found];
}

/* What each of them has, beside which a stray text would not do: a time, a body or a severity; the
 * start; a name and data. */
static bool
has_its_own(const struct signal *signal, uint32_t seen)
{
    if (signal->read == read_log)
        return (seen & (1U << 1 | 1U << 2 | 1U << 5 | 1U << 11)) != 0;
    if (signal->read == read_span)
        return (seen & 1U << 7) != 0;
    return (seen & 1U << 1) != 0 && (seen & (1U << 5 | 1U << 7 | 7U << 9)) != 0;
}

static bool
is_record(const struct signal *signal, struct sv message)
{
    struct wire wire = wire_of(message);
    struct wire_field field;
    uint32_t seen = 0;
    while (wire_next(&wire, &field)) {
        if (field.number >= strlen(signal->types))
            continue;
        if (!fits_type(signal->types[field.number], field.type))
            return false;
        seen |= 1U << field.number;
    }
    return !wire.broken && has_its_own(signal, seen);
}

static bool
is_whole(struct sv message, struct sv *ret_first_inside, bool below_resource)
{
    struct wire wire = wire_of(message);
    struct wire_field field;
    while (wire_next(&wire, &field)) {
        bool inside = field.number == INSIDE || (below_resource && field.number == INSIDE_BEFORE);
        if ((inside || field.number == WHOLE || field.number == 3) && field.type != WIRE_BYTES)
            return false;
        if (inside && ret_first_inside->ptr == NULL)
            *ret_first_inside = field.bytes;
    }
    return !wire.broken;
}

/* By the first record of each resource: the levels above it look alike in all signals. */
static const struct signal *
signal_of(struct sv bytes)
{
    const struct signal *signal = NULL;
    struct wire wire = wire_of(bytes);
    struct wire_field field;
    while (wire_next(&wire, &field)) {
        struct sv scope = SV_NONE, record = SV_NONE;
        if (field.number != WHOLE)
            continue;
        if (field.type != WIRE_BYTES || !is_whole(field.bytes, &scope, true) ||
            (scope.ptr != NULL && !is_whole(scope, &record, false)))
            return NULL;
        if (record.ptr == NULL)
            continue;
        for (size_t i = 0; i < 3 && signal == NULL; i++)
            signal = is_record(&signals[i], record) ? &signals[i] : NULL;
        if (signal == NULL || !is_record(signal, record))
            return NULL;
    }
    return wire.broken ? NULL : signal;
}

bool
otlp_is_wire(struct sv bytes)
{
    return bytes.len > 4 && bytes.ptr[0] == (WHOLE << 3 | WIRE_BYTES) && signal_of(bytes) != NULL;
}

/* ---- the levels above ---- */

static int
read_scope(struct otlp_batch *batch, struct sv message, const struct signal *signal)
{
    struct wire wire = wire_of(message);
    struct wire_field field, name;
    batch->scope = SV_NONE;
    if (wire_find(&wire, WHOLE, WIRE_BYTES, &field)) {
        struct wire scope = wire_of(field.bytes);
        if (wire_find(&scope, 1, WIRE_BYTES, &name))
            batch->scope = text_of(batch->probe->arena, &name);
    }
    struct otlp_list records = {message, INSIDE};
    struct sv record;
    while (next_message(&records, &record))
        if (signal->read(batch, record) != 0)
            return -1;
    return 0;
}

static int
read_resource(struct otlp_batch *batch, struct sv message, const struct signal *signal)
{
    struct wire wire = wire_of(message);
    struct wire_field field;
    struct otlp_list attributes = {SV_NONE, 1};
    if (wire_find(&wire, WHOLE, WIRE_BYTES, &field))
        attributes.rest = field.bytes;
    if (otlp_take_resource(batch, attributes) != 0)
        return -1;
    wire = wire_of(message);
    while (wire_next(&wire, &field))
        if ((field.number == INSIDE || field.number == INSIDE_BEFORE) && field.type == WIRE_BYTES &&
            read_scope(batch, field.bytes, signal) != 0)
            return -1;
    return 0;
}

int
otlp_read_wire(struct otlp_batch *batch, struct sv bytes)
{
    const struct signal *signal = signal_of(bytes);
    struct otlp_list resources = {bytes, WHOLE};
    struct sv resource;
    if (signal == NULL)
        return decode_bad(batch->result, QUARANTINE_SYNTAX,
                          "neither an export of OpenTelemetry in Protocol Buffers nor JSON");
    batch->form = &form;
    while (next_message(&resources, &resource))
        if (read_resource(batch, resource, signal) != 0)
            return -1;
    return 0;
}

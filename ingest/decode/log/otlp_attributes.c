/*
 * Attributes of OpenTelemetry's records as JSON, and those among them that are fields of events:
 * see otlp_attributes.h. Called for each resource and each record, on the worker's thread.
 */
#include "ingest/decode/log/otlp_attributes.h"

#include <math.h>

#include "base/text/json_writer.h"
#include "ingest/decode/core/decoder_internal.h"

#define WHOLE_MAX 1e15 /* whole numbers up to here are written alike by all */
#define DIGITS_MAX 20

struct otlp_value
otlp_double(struct arena *arena, double value)
{
    if (isnan(value))
        return (struct otlp_value){.kind = OTLP_STRING, .text = SV("NaN")};
    if (isinf(value))
        return (struct otlp_value){.kind = OTLP_STRING,
                                   .text = value > 0 ? SV("Infinity") : SV("-Infinity")};
    bool whole = value > -WHOLE_MAX && value < WHOLE_MAX && value == (double)(int64_t)value;
    return (struct otlp_value){.kind = OTLP_NUMBER,
                               .text = whole && (value != 0 || !signbit(value))
                                           ? otlp_integer(arena, (int64_t)value)
                                           : tree_real_text(arena, value)};
}

struct sv
otlp_unsigned(struct arena *arena, uint64_t value)
{
    char digits[DIGITS_MAX];
    size_t at = sizeof(digits);
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    return arena_copy(arena, sv_of(digits + at, sizeof(digits) - at));
}

struct sv
otlp_integer(struct arena *arena, int64_t value)
{
    if (value >= 0)
        return otlp_unsigned(arena, (uint64_t)value);
    struct sv digits = otlp_unsigned(arena, -(uint64_t)value);
    char *text = arena_alloc(arena, digits.len + 1);
    text[0] = '-';
    memcpy(text + 1, digits.ptr, digits.len);
    return sv_of(text, digits.len + 1);
}

/* ---- writing attributes ---- */

static void
put_key(struct otlp_batch *batch, struct sv key)
{
    json_put_comma(&batch->json);
    json_put_string(&batch->json, key);
    strbuf_add_char(&batch->json, ':');
}

static void
put_map(struct otlp_batch *batch, struct otlp_list list, int depth)
{
    struct otlp_pair pair;
    strbuf_add_char(&batch->json, '{');
    while (batch->form->pair(batch->probe->arena, &list, &pair)) {
        put_key(batch, pair.key);
        otlp_put_value(batch, &pair.value, depth + 1);
    }
    strbuf_add_char(&batch->json, '}');
}

static void
put_array(struct otlp_batch *batch, struct otlp_list list, int depth)
{
    struct otlp_value value;
    strbuf_add_char(&batch->json, '[');
    while (batch->form->value(batch->probe->arena, &list, &value)) {
        json_put_comma(&batch->json);
        otlp_put_value(batch, &value, depth + 1);
    }
    strbuf_add_char(&batch->json, ']');
}

void
otlp_put_value(struct otlp_batch *batch, const struct otlp_value *value, int depth)
{
    batch->too_deep |= depth > OTLP_NESTING_MAX;
    if (value->kind == OTLP_NONE || batch->too_deep)
        strbuf_add_text(&batch->json, "null");
    else if (value->kind == OTLP_STRING)
        json_put_string(&batch->json, value->text);
    else if (value->kind == OTLP_ARRAY)
        put_array(batch, value->list, depth);
    else if (value->kind == OTLP_MAP)
        put_map(batch, value->list, depth);
    else
        strbuf_add_sv(&batch->json, value->text);
}

void
otlp_put_text(struct otlp_batch *batch, const char *name, struct sv text)
{
    if (!sv_empty(text))
        json_put(&batch->json, name, text);
}

/* "-12", "0.5", "1e+300": what JSON takes for a number. */
static bool
is_number(struct sv text)
{
    size_t at = sv_starts(text, SV("-")) ? 1 : 0, from = at;
    while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9')
        at++;
    if (at == from || (text.ptr[from] == '0' && at > from + 1))
        return false;
    if (at < text.len && text.ptr[at] == '.') {
        from = ++at;
        while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9')
            at++;
        if (at == from)
            return false;
    }
    if (at < text.len && text.ptr[at] == 'e') {
        at += at + 1 < text.len && (text.ptr[at + 1] == '+' || text.ptr[at + 1] == '-') ? 2 : 1;
        from = at;
        while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9')
            at++;
        if (at == from)
            return false;
    }
    return at == text.len;
}

void
otlp_put_number(struct otlp_batch *batch, const char *name, struct sv text)
{
    if (sv_empty(text))
        return;
    json_put_name(&batch->json, name);
    if (is_number(text))
        strbuf_add_sv(&batch->json, text);
    else
        json_put_string(&batch->json, text);
}

void
otlp_begin(struct otlp_batch *batch)
{
    strbuf_clear(&batch->json);
    strbuf_add_char(&batch->json, '{');
}

void
otlp_put_batch(struct otlp_batch *batch)
{
    otlp_put_text(batch, "scope", batch->scope);
    if (!sv_empty(batch->resource)) {
        json_put_name(&batch->json, "resource");
        strbuf_add_sv(&batch->json, batch->resource);
    }
}

struct sv
otlp_end(struct otlp_batch *batch)
{
    strbuf_add_char(&batch->json, '}');
    struct sv text = strbuf_view(&batch->json);
    return text.len == 2 ? SV_NONE : arena_copy(batch->probe->arena, text);
}

/* ---- attributes that are fields of events ---- */

static void
know(struct otlp_known *known, const struct otlp_pair *pair)
{
    const struct {
        struct sv key;
        struct sv *field;
    } keys[] = {
        {SV("service.name"), &known->service},
        {SV("host.name"), &known->host},
        {SV("deployment.environment.name"), &known->environment},
        {SV("deployment.environment"), &known->environment},
        {SV("log.record.uid"), &known->uid},
        {SV("http.response.status_code"), &known->status},
        {SV("http.status_code"), &known->status},
        {SV("exception.type"), &known->type},
        {SV("exception.message"), &known->message},
        {SV("exception.stacktrace"), &known->trace},
    };
    if (pair->value.kind == OTLP_ARRAY || pair->value.kind == OTLP_MAP)
        return;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if (sv_eq(keys[i].key, pair->key) && sv_empty(*keys[i].field))
            *keys[i].field = pair->value.text;
}

/* Names of what stands beside the attributes of a record. */
static bool
is_ours(struct sv key)
{
    static const char *const names[] = {"resource",  "scope",      "span_id", "parent_span_id",
                                        "span_kind", "event_name", "body",    "duration_ms",
                                        "status",    "events",     "metric",  "type",
                                        "unit",      "value",      "count",   "sum",
                                        "min",       "max",        "start",   "name",
                                        "time"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (sv_eq(key, sv_from(names[i])))
            return true;
    return false;
}

void
otlp_put_record(struct otlp_batch *batch, struct otlp_list list, struct otlp_known *known)
{
    struct otlp_pair pair;
    while (batch->form->pair(batch->probe->arena, &list, &pair)) {
        know(known, &pair);
        if (sv_eq(pair.key, SV("exception.stacktrace")))
            continue;
        put_key(batch, is_ours(pair.key) ? arena_printf(batch->probe->arena, "attributes." SV_FMT,
                                                        SV_ARG(pair.key))
                                         : pair.key);
        otlp_put_value(batch, &pair.value, 0);
    }
}

bool
otlp_no_name(struct sv service)
{
    return sv_empty(service) || sv_starts(service, SV("unknown_service"));
}

/* Names that stand in, best first. */
static const char *const service_names[] = {
    "k8s.deployment.name", "k8s.statefulset.name", "k8s.daemonset.name", "k8s.cronjob.name",
    "k8s.job.name",        "k8s.container.name",   "container.name",     "faas.name"};
#define SERVICE_NAMES (sizeof(service_names) / sizeof(service_names[0]))

int
otlp_take_resource(struct otlp_batch *batch, struct otlp_list attributes)
{
    struct otlp_known known = {.service = SV_NONE};
    struct sv service = SV_NONE, node = SV_NONE;
    size_t best = SERVICE_NAMES;
    struct otlp_pair pair;
    otlp_begin(batch);
    while (batch->form->pair(batch->probe->arena, &attributes, &pair)) {
        struct otlp_known before = known;
        know(&known, &pair);
        bool taken = !sv_eq(before.service, known.service) || !sv_eq(before.host, known.host) ||
                     !sv_eq(before.environment, known.environment);
        for (size_t i = 0; i < best && pair.value.kind == OTLP_STRING; i++)
            if (sv_eq(pair.key, sv_from(service_names[i]))) {
                service = pair.value.text;
                best = i;
            }
        if (sv_eq(pair.key, SV("k8s.node.name")))
            node = pair.value.text;
        if (taken)
            continue;
        put_key(batch, pair.key);
        otlp_put_value(batch, &pair.value, 0);
    }
    batch->service = otlp_no_name(known.service) && best < SERVICE_NAMES ? service : known.service;
    batch->host = sv_empty(known.host) ? node : known.host;
    batch->environment = known.environment;
    batch->resource = otlp_end(batch);
    if (batch->too_deep)
        return decode_bad(batch->result, QUARANTINE_TOO_DEEP, "values are nested too deeply");
    return 0;
}

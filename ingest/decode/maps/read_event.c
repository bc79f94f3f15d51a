/*
 * One element to one event: see read_event.h. The order counts: what a key gives may depend on the
 * phase, and a phase on nothing else.
 */
#include "ingest/decode/maps/read_event.h"

#include <string.h>

#include "base/text/json_writer.h"
#include "base/text/utf8.h"
#include "ingest/decode/maps/attributes.h"
#include "ingest/decode/maps/trace.h"
#include "ingest/decode/maps/value.h"
#include "ingest/parse/severity.h"
#include "ingest/parse/text.h"
#include "ingest/parse/times.h"

static const struct map_table *severities; /* set while maps are read, on one thread */

void
map_severity_words(const struct map_table *table)
{
    severities = table;
}

/* What is read for whom. */
struct filling {
    struct map_reading *reading;
    const struct map_shape *shape;
    const struct map_scope *scope;
    struct event *event;
};

/* ---- one key ---- */

static const struct map_expr *
phased(const struct filling *in, enum map_key key)
{
    for (size_t i = 0; i < in->shape->phased_count; i++)
        if (in->shape->phased[i].key == key && in->shape->phased[i].phase == in->event->phase)
            return &in->shape->phased[i].expr;
    return NULL;
}

static void
note_missing(const struct filling *in, enum map_key key, const struct map_expr *expr)
{
    if (in->reading->trace != NULL && expr->count > 0)
        map_trace_key_missing(in->reading->trace, key, expr,
                              map_expr_source(in->reading, expr, in->scope));
}

/* KEY.PHASE, then KEY. */
static bool
get(const struct filling *in, enum map_key key, map_accept *accept, void *own,
    struct map_result *ret_result)
{
    const struct map_expr *exprs[] = {phased(in, key), &in->shape->keys[key]};
    for (size_t i = 0; i < 2; i++) {
        if (exprs[i] == NULL ||
            !map_expr_get(in->reading, exprs[i], in->scope, accept, own, ret_result))
            continue;
        if (in->reading->trace != NULL)
            map_trace_key_used(in->reading->trace, key, exprs[i], ret_result);
        return true;
    }
    note_missing(in, key, exprs[1]);
    return false;
}

/* The tree goes, the event stays. SV_NONE where the record's work is used up. */
static struct sv
keep(const struct filling *in, struct sv text, size_t max)
{
    text = utf8_cut(text, max);
    if (sv_empty(text) || !map_spend(in->reading, text.len / 64))
        return SV_NONE;
    return arena_copy(in->reading->probe->arena, text);
}

/* ---- words of ours ---- */

static bool
accept_word(struct map_reading *reading, const struct map_result *result, void *own)
{
    (void)reading;
    return map_key_takes(*(const enum map_key *)own, result->text);
}

static struct sv
get_word(const struct filling *in, enum map_key key)
{
    struct map_result result;
    return get(in, key, accept_word, &key, &result) ? result.text : SV_NONE;
}

static enum event_phase
default_phase(enum event_kind kind)
{
    switch (kind) {
    case EVENT_ALERT:
        return PHASE_TRIGGER;
    case EVENT_CHANGE:
        return PHASE_SUCCEEDED;
    case EVENT_CHAT:
        return PHASE_POST;
    case EVENT_NOTE:
        return PHASE_NOTE;
    case EVENT_LOG:
    case EVENT_METRIC:
    case EVENT_NO_KIND:
        break;
    }
    return PHASE_NONE;
}

/* Of event.def: those of alerts, then of changes, then of chat. Anything can be told more about. */
static bool
phase_fits(enum event_kind kind, enum event_phase phase)
{
    if (phase == PHASE_UPDATE)
        return true;
    if (kind == EVENT_NOTE)
        return phase == PHASE_NOTE;
    return phase >= PHASE_POST     ? kind == EVENT_CHAT
           : phase >= PHASE_QUEUED ? kind == EVENT_CHANGE
                                   : kind == EVENT_ALERT;
}

static bool
accept_phase(struct map_reading *reading, const struct map_result *result, void *own)
{
    (void)reading;
    return phase_fits(*(const enum event_kind *)own, event_phase_read(result->text));
}

static void
take_kind_and_phase(const struct filling *in)
{
    struct map_result result;
    struct event *event = in->event;
    event->kind = event_kind_read(get_word(in, MAP_KIND));
    if (event->kind == EVENT_NO_KIND)
        event->kind = EVENT_LOG;
    event->phase = default_phase(event->kind);
    if (event->phase == PHASE_NONE)
        return; /* logs and metrics have none */
    if (get(in, MAP_PHASE, accept_phase, &event->kind, &result))
        event->phase = event_phase_read(result.text);
    enum record_kind record = record_kind_read(get_word(in, MAP_RECORD));
    if (record_kind_event_kind(record) == event->kind)
        event->record_kind = record;
}

/* ---- time ---- */

static bool
accept_time(struct map_reading *reading, const struct map_result *result, void *own)
{
    const struct probe *probe = reading->probe;
    struct read_time *time = own;
    if (node_is(result->node, TAPE_NUMBER) && result->alternative->step_count == 0)
        return times_read_tape(probe->arena, &result->node->value, probe->zone, time);
    return times_read(result->text, probe->zone, time);
}

static void
take_time(const struct filling *in)
{
    struct read_time time;
    struct map_result result;
    if (!get(in, MAP_TIME, accept_time, &time, &result))
        return;
    times_into_event(&time, in->event);
    in->event->source_time_text = keep(in, time.text, FIELD_BYTES_MAX);
}

/* ---- severity ---- */

/* Words of ours, then those that every map knows. */
static int
severity_of(struct sv text)
{
    int number = map_severity_of(text);
    const struct map_word *word =
        number >= 0 || severities == NULL ? NULL : map_table_find(severities, text);
    return word == NULL ? number : map_severity_of(word->result);
}

static bool
accept_severity(struct map_reading *reading, const struct map_result *result, void *own)
{
    (void)reading;
    *(int *)own = severity_of(result->text);
    return *(int *)own >= 0;
}

static void
take_severity(const struct filling *in)
{
    struct map_result result;
    struct event *event = in->event;
    int number = SEVERITY_UNSET;
    if (!get(in, MAP_SEVERITY, accept_severity, &number, &result)) {
        event->severity_text =
            keep(in, map_expr_source(in->reading, &in->shape->keys[MAP_SEVERITY], in->scope),
                 FIELD_BYTES_MAX);
        return;
    }
    /* "alert" and "critical" are of one band, and not equal. */
    int finer = severity_word(result.text);
    event->severity = strcmp(severity_band(finer), severity_band(number)) == 0 ? finer : number;
    event->severity_text = keep(in, result.source, FIELD_BYTES_MAX);
}

/* ---- the rest ---- */

static void
take_texts(const struct filling *in)
{
    struct event *event = in->event;
    for (unsigned key = 0; key < MAP_KEYS; key++) {
        struct map_result result;
        ptrdiff_t place = map_key_place((enum map_key)key);
        if (place < 0 || !get(in, (enum map_key)key, NULL, NULL, &result))
            continue;
        size_t max = key == MAP_BODY || key == MAP_TITLE ? BODY_BYTES_MAX : FIELD_BYTES_MAX;
        *(struct sv *)(void *)((char *)event + place) = keep(in, result.text, max);
    }
    if (sv_empty(event->body))
        event->body = event->title;
    event->title = text_first_line(sv_empty(event->title) ? event->body : event->title);
    event->actor_type = actor_type_read(get_word(in, MAP_ACTOR_TYPE));
}

/* ---- names ---- */

#define NAMES_MAX 20 /* of people in one event; of roles with them half as many */

struct names {
    const struct filling *in;
    struct sv at[NAMES_MAX];
    size_t count;
};

/* Never enough: all values of the alternative. */
static bool
gather(struct map_reading *reading, const struct map_result *result, void *own)
{
    struct names *names = own;
    (void)reading;
    for (size_t i = 0; i < names->count; i++)
        if (sv_eq(names->at[i], result->text))
            return false;
    struct sv name =
        names->count < NAMES_MAX ? keep(names->in, result->text, FIELD_BYTES_MAX) : SV_NONE;
    if (!sv_empty(name))
        names->at[names->count++] = name;
    return false;
}

/* All that the first alternative gives which gives any. */
static void
gather_names(const struct filling *in, const struct map_expr *expr, struct names *names)
{
    struct map_result result;
    for (size_t i = 0; expr != NULL && i < expr->count && names->count == 0; i++) {
        const struct map_expr alone = {.alternatives = &expr->alternatives[i], .count = 1};
        (void)map_expr_get(in->reading, &alone, in->scope, gather, names, &result);
        if (names->count > 0)
            map_trace_alternative(in->reading->trace, &expr->alternatives[i]);
    }
}

/* Who was paged: a list among the attributes, since there may be several. */
static void
take_paged(const struct filling *in)
{
    struct names names = {.in = in};
    struct event *event = in->event;
    gather_names(in, phased(in, MAP_PAGED), &names);
    gather_names(in, &in->shape->keys[MAP_PAGED], &names);
    if (names.count > 0)
        event->attributes = map_attributes_with(in->reading->probe->arena, event->attributes,
                                                EVENT_PAGED, names.at, names.count);
}

/* A role and who has it, or "" where nobody does; read from one assignment. */
static bool
take_assignment(struct map_reading *reading, struct map_value value, void *own)
{
    struct names *names = own;
    const struct map_expr *keys = names->in->shape->keys;
    struct map_result role, person;
    const struct map_scope scope = {.here = value.node};
    if (value.node == NULL || !node_is(value.node, TAPE_OBJECT) || names->count + 2 > NAMES_MAX ||
        !map_expr_get(reading, &keys[MAP_ROLE_NAME], &scope, NULL, NULL, &role))
        return false;
    struct sv name = keep(names->in, role.text, FIELD_BYTES_MAX), who = SV("");
    if (map_expr_get(reading, &keys[MAP_ROLE_PERSON], &scope, NULL, NULL, &person))
        who = keep(names->in, person.text, FIELD_BYTES_MAX);
    if (sv_empty(name))
        return false;
    names->at[names->count++] = name;
    names->at[names->count++] = sv_empty(who) ? SV("") : who;
    return false;
}

static void
take_roles(const struct filling *in)
{
    struct names names = {.in = in};
    struct event *event = in->event;
    const struct map_expr *expr = &in->shape->keys[MAP_ROLES];
    for (size_t i = 0; i < expr->count && names.count == 0; i++) {
        if (expr->alternatives[i].quoted)
            continue;
        (void)map_walk(in->reading, &expr->alternatives[i].path, in->scope, take_assignment,
                       &names);
        if (names.count > 0)
            map_trace_alternative(in->reading->trace, &expr->alternatives[i]);
    }
    if (names.count > 0)
        event->attributes = map_attributes_with(in->reading->probe->arena, event->attributes,
                                                EVENT_ROLES, names.at, names.count);
}

static void
take_incident(const struct filling *in)
{
    struct map_result result;
    if (get(in, MAP_INCIDENT, NULL, NULL, &result))
        in->event->incident_ref =
            arena_printf(in->reading->probe->arena, "%s:" SV_FMT, in->shape->name_space,
                         SV_ARG(utf8_cut(result.text, FIELD_BYTES_MAX)));
}

#define COUNTERS_MAX 1000000000 /* of seconds this is the year 2001 */

/* A counter, or a time. */
static bool
accept_version(struct map_reading *reading, const struct map_result *result, void *own)
{
    struct read_time time;
    int64_t number = 0;
    if (sv_to_int64(result->text, &number) && number < COUNTERS_MAX) {
        *(int64_t *)own = number;
        return number > 0;
    }
    if (!accept_time(reading, result, &time) || time.ns <= 0)
        return false;
    *(int64_t *)own = time.ns;
    return true;
}

/* Of what is told twice under one name the highest version counts. */
static void
take_version(const struct filling *in)
{
    struct map_result result;
    int64_t version = 0;
    if (get(in, MAP_VERSION, accept_version, &version, &result))
        in->event->version = version;
}

/* The first line of `id` whose first part is there. */
static void
take_identity(const struct filling *in)
{
    struct arena *arena = in->reading->probe->arena;
    for (size_t i = 0; i < in->shape->id_count && sv_empty(in->event->identity); i++) {
        const struct map_id *id = &in->shape->ids[i];
        struct sv *parts = ARENA_ARRAY(arena, struct sv, id->count + 1);
        for (size_t k = 0; k < id->count; k++) {
            struct map_result result;
            if (map_expr_get(in->reading, &id->parts[k], in->scope, NULL, NULL, &result) &&
                map_spend(in->reading, result.text.len / 64))
                parts[k] = result.text;
            else if (k == 0)
                break;
        }
        in->event->identity = text_identity(arena, parts, id->count);
    }
}

static struct sv
digest_of_told(const struct filling *in)
{
    struct arena *arena = in->reading->probe->arena;
    struct arena scratch;
    struct sha256 digest;
    struct strbuf told;
    char hex[SHA256_HEX + 1];
    strbuf_init(&told, 0);
    if (!sv_empty(in->event->channel)) {
        strbuf_add_text(&told, "{\"channel\":");
        json_put_string(&told, in->event->channel);
        strbuf_add_text(&told, ",\"told\":");
    }
    /* All of it is opened: in memory of its own, which goes with the digest. */
    struct json_node element = *in->scope->here;
    element.opened = false;
    element.nodes = NULL;
    element.count = 0;
    arena_init(&scratch, 4096);
    nodes_canonical(&scratch, &element, &told);
    arena_release(&scratch);
    if (!sv_empty(in->event->channel))
        strbuf_add_char(&told, '}');
    sha256_of(told.ptr, told.len, &digest);
    strbuf_release(&told);
    sha256_hex(&digest, hex);
    return arena_copy(arena, sv_from(hex));
}

/*
 * Named by nothing: by all that it tells, and by where it was said. Without a time two tellings
 * cannot be told from two occurrences; then what repeats is shown, and names nothing.
 */
static void
name_by_content(const struct filling *in)
{
    struct event *event = in->event;
    if (event->kind == EVENT_LOG || !sv_empty(event->identity))
        return;
    if (event->event_time_ns != TIME_NONE)
        event_name_by_digest(in->reading->probe, digest_of_told(in), event);
    if (sv_empty(event->identity) && !sv_empty(event->fingerprint)) {
        event->identity = event->fingerprint;
        event->reused = true;
    }
}

void
map_read_event(struct map_reading *reading, const struct map_shape *shape,
               const struct map_scope *scope, struct event *event)
{
    const struct filling in = {reading, shape, scope, event};
    event->format = sv_from(shape->format);
    event->name_space = sv_from(shape->name_space);
    take_kind_and_phase(&in);
    take_time(&in);
    take_severity(&in);
    take_texts(&in);
    take_incident(&in);
    take_version(&in);
    take_identity(&in);
    if (event->kind != EVENT_LOG)
        event->source = event->name_space;
    name_by_content(&in);
    event->attributes = map_attributes(reading, shape, scope->here);
    take_paged(&in);
    take_roles(&in);
    event->storable = true; /* trees and headers are repaired, texts trimmed */
}

/*
 * What decoders ask of a probe: see probe.h. Called on the thread of their worker; no state.
 */
#include "ingest/decode/core/probe.h"

#include <assert.h>

#include "ingest/decode/core/sink.h"
#include "ingest/parse/nodes.h"
#include "ingest/parse/text.h"
#include "ingest/parse/times.h"

const void *
probe_found(const struct probe *probe, const void *key)
{
    const struct probe_memo *memo = probe->memo;
    for (size_t i = 0; memo != NULL && i < memo->count; i++)
        if (memo->keys[i] == key)
            return memo->found[i];
    return NULL;
}

void
probe_keep(const struct probe *probe, const void *key, const void *found)
{
    struct probe_memo *memo = probe->memo;
    if (memo == NULL || memo->count == PROBE_MEMO_MAX)
        return;
    memo->keys[memo->count] = key;
    memo->found[memo->count++] = found;
}

int
probe_make_tree(struct probe *probe, struct decode_result *result)
{
    enum tree_problem problem;
    if (probe->json == NULL && probe->tape != NULL)
        probe->json = tree_parse(probe->arena, probe->tape->text, &problem);
    if (probe->json == NULL && probe->tape != NULL)
        return decode_bad(result, QUARANTINE_SYNTAX, "JSON, but its numbers cannot be read");
    return 0;
}

struct json_node *
probe_nodes(const struct probe *probe)
{
    if (probe->nodes != NULL && *probe->nodes != NULL)
        return *probe->nodes;
    struct json_node *nodes = probe->tape == NULL ? NULL : nodes_of_tape(probe->arena, probe->tape);
    if (probe->nodes != NULL)
        *probe->nodes = nodes;
    return nodes;
}

int64_t
probe_near_ns(const struct probe *probe)
{
    struct read_time time;
    if (probe->envelope != NULL && probe->envelope->event_time_ns != TIME_NONE)
        return probe->envelope->event_time_ns;
    struct sv hint = record_header(probe->record, HEADER_TIME);
    if (times_read(hint, probe->zone, &time) ||
        times_read(record_header(probe->record, HEADER_FILE_TIME), NULL, &time))
        return time.ns;
    return probe->record->kafka_time_ns;
}

const struct zone *
record_zone(const struct record *record, const struct decode_options *options)
{
    const struct zone *zone;
    struct sv told = record_header(record, HEADER_ZONE);
    return !sv_empty(told) && zone_find(told, &zone, NULL) == 0 ? zone : options->zone;
}

struct time_hints
probe_hints(const struct probe *probe)
{
    struct read_time before;
    struct sv told = record_header(probe->record, HEADER_INHERITED);
    bool has_before = !sv_empty(told) && times_read(told, NULL, &before);
    return (struct time_hints){.zone = probe->zone,
                               .near_ns = probe_near_ns(probe),
                               .before_ns = has_before ? before.ns : TIME_NONE,
                               .file = record_header(probe->record, HEADER_FILE)};
}

bool
event_tape_time(const struct probe *probe, const struct field_list *list, struct event *event)
{
    for (int i = 0; i < list->count; i++) {
        const struct tape_value *value = tape_alternative(probe->tape, list, i);
        struct read_time time;
        if (value == NULL || !times_read_tape(probe->arena, value, probe->zone, &time))
            continue;
        times_into_event(&time, event);
        return true;
    }
    return false;
}

bool
event_pick_time(const struct probe *probe, const json_t *object, const char *paths,
                struct event *event)
{
    struct sv rest = sv_from(paths), path;
    while (sv_split(&rest, '|', &path)) {
        struct read_time time;
        const json_t *value = tree_find(object, arena_strdup(probe->arena, path));
        if (value == NULL || !times_read_json(probe->arena, value, probe->zone, &time))
            continue;
        times_into_event(&time, event);
        return true;
    }
    return false;
}

/*
 * Headers of a producer tell as well. The loader's only say where the record lies: a file under
 * another name holds the same events.
 */
void
event_name_by_digest(const struct probe *probe, struct sv digest, struct event *event)
{
    const struct record *record = probe->record;
    assert(event->event_time_ns != TIME_NONE);
    bool loaded = !sv_empty(record_header(record, HEADER_ID));
    event->identity =
        IDENTITY(probe->arena, SV("content"), digest, record_header(record, HEADER_SERVICE),
                 record_header(record, HEADER_HOST),
                 loaded ? SV_NONE : record_header(record, HEADER_SOURCE));
    event->by_content = true;
}

void
event_name_by_content(const struct probe *probe, const json_t *told, struct event *event)
{
    if (event->event_time_ns != TIME_NONE)
        event_name_by_digest(probe, tree_digest(probe->arena, told), event);
}

void
event_name_by_bytes(const struct probe *probe, struct sv told, struct event *event)
{
    struct sha256 digest;
    char hex[SHA256_HEX + 1];
    if (event->event_time_ns == TIME_NONE)
        return;
    sha256_of(told.ptr, told.len, &digest);
    sha256_hex(&digest, hex);
    event_name_by_digest(probe, arena_copy(probe->arena, sv_from(hex)), event);
}

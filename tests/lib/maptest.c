/*
 * Maps in tests: see maptest.h.
 */
#include "tests/lib/maptest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/embedded.h"
#include "base/strbuf.h"
#include "hindcast/decoder.h"
#include "ingest/decode/maps/maps.h"
#include "ingest/decode/maps/read_record.h"
#include "ingest/decode/maps/walk.h"

/* Kept as long as the process: regexes and maps are not made to be freed. */
static void
compile(const char *text, struct strbuf *problems, struct map_file *ret_file)
{
    struct map_problems found = {.text = problems, .remarks = true};
    maps_ready();
    map_file_read(maps_arena(), "x.map", arena_copy(maps_arena(), sv_from(text)), false,
                  maps_file_at(0), &found, ret_file);
}

char *
map_problems_of(const char *map)
{
    struct map_file file;
    struct strbuf problems;
    strbuf_init(&problems, 0);
    strbuf_add_text(&problems, "");
    compile(map, &problems, &file);
    char *text = strdup(problems.ptr == NULL ? "" : problems.ptr);
    strbuf_release(&problems);
    return text;
}

static void
add(struct strbuf *out, const char *key, struct sv value)
{
    if (!sv_empty(value))
        strbuf_addf(out, "|%s=" SV_FMT, key, SV_ARG(value));
}

/* A list among the attributes. */
static void
add_list(struct strbuf *out, const char *key, struct sv attributes, struct sv member)
{
    size_t at = sv_find(attributes, member);
    struct sv list = sv_slice(attributes, at, attributes.len);
    if (at != SIZE_MAX)
        add(out, key, sv_slice(list, sv_find_char(list, '['), sv_find_char(list, ']') + 1));
}

static void
add_event(struct strbuf *out, const struct event *event)
{
    char time[TIME_TEXT];
    strbuf_addf(out, SV_FMT "|%s|%s", SV_ARG(event->format), event_kind_word(event->kind),
                event_phase_word(event->phase));
    if (event->event_time_ns != TIME_NONE) {
        time_format(event->event_time_ns, time);
        add(out, "time", sv_from(time));
    }
    if (event->severity != 0)
        strbuf_addf(out, "|severity=%d", event->severity);
    add(out, "said", event->severity_text);
    add(out, "title", event->title);
    if (!sv_eq(event->body, event->title))
        add(out, "body", event->body);
    add(out, "service", event->service);
    add(out, "host", event->host);
    add(out, "environment", event->environment);
    add(out, "actor", event->actor);
    add(out, "actor_type", sv_from(actor_type_word(event->actor_type)));
    add(out, "channel", event->channel);
    add(out, "thread", event->thread_key);
    add(out, "url", event->url);
    add(out, "fingerprint", event->fingerprint);
    add(out, "group", event->group_key);
    add(out, "dedup", event->dedup_key);
    add(out, "trace", event->trace_id);
    add(out, "ref", event->ref);
    add(out, "incident", event->incident_ref);
    add(out, "record", sv_from(record_kind_word(event->record_kind)));
    add_list(out, "paged", event->attributes, SV("\"" EVENT_PAGED "\":"));
    add_list(out, "roles", event->attributes, SV("\"" EVENT_ROLES "\":"));
    if (event->version != 0)
        strbuf_addf(out, "|version=%lld", (long long)event->version);
    if (!event->by_content && !event->reused && !sv_empty(event->identity)) {
        strbuf_addf(out, "|id=" SV_FMT ": ", SV_ARG(event->name_space));
        for (size_t i = 0; i < event->identity.len; i++)
            strbuf_add_char(out, event->identity.ptr[i] == '\x1f' ? '+' : event->identity.ptr[i]);
    }
    strbuf_add_char(out, '\n');
}

/* Who bids most, the earlier of equals: what the registry does. */
static const struct map_shape *
winner(struct map_reading *reading, const struct map_file *file)
{
    const struct map_scope record = {.here = probe_nodes(reading->probe)};
    const struct map_shape *best = NULL;
    for (size_t i = 0; i < file->shape_count; i++) {
        struct map_match match;
        const struct map_shape *one = &file->shapes[i];
        if (one->bid > 0 && (best == NULL || one->bid > best->bid) &&
            map_shape_claims(reading, one, &record, &match))
            best = one;
    }
    return best;
}

static void
read_with(struct strbuf *out, const struct map_file *file, const struct probe *probe)
{
    struct event_sink sink = {.arena = probe->arena, .max = EVENTS_PER_RECORD_MAX};
    struct decode_result result = {.status = DECODE_OK};
    struct map_reading reading;
    map_reading_init(&reading, probe);
    const struct map_shape *best = winner(&reading, file);
    const struct map_format format = {.name = "x", .shapes = &best, .count = 1};
    if (best == NULL)
        strbuf_add_text(out, "unclaimed\n");
    else if (map_read_record(&reading, &format, &sink, &result) != 0)
        strbuf_addf(out, "bad: " SV_FMT "\n", SV_ARG(result.detail));
    for (size_t i = 0; best != NULL && result.status == DECODE_OK && i < sink.count; i++)
        add_event(out, &sink.events[i]);
    map_reading_release(&reading);
}

char *
map_reads(const char *map, const char *record, const struct header *headers, size_t header_count)
{
    struct map_file file;
    struct strbuf out;
    struct arena arena;
    struct tape tape;
    struct json_node *nodes = NULL;
    const struct decode_options options = {0};
    strbuf_init(&out, 0);
    arena_init(&arena, 0);
    compile(map, &out, &file);
    if (out.len > 0 && strstr(out.ptr, "remark: ") == NULL)
        fail_msg("the map has errors:\n%s", out.ptr);
    strbuf_clear(&out);
    const struct record message = {.topic = SV("test"),
                                   .kafka_time_ns = TIME_NONE,
                                   .value = sv_from(record),
                                   .headers = headers,
                                   .header_count = header_count};
    assert_int_equal(tape_scan(&arena, message.value, &tape), TREE_FINE);
    const struct probe probe = {.arena = &arena,
                                .record = &message,
                                .options = &options,
                                .body = message.value,
                                .tape = &tape,
                                .nodes = &nodes};
    read_with(&out, &file, &probe);
    char *text = strdup(out.ptr);
    strbuf_release(&out);
    arena_release(&arena);
    return text;
}

void
expect_map(const char *map, const char *record, const char *expected)
{
    char *got = map_reads(map, record, NULL, 0);
    if (strcmp(got, expected) != 0)
        fail_msg("%s\nexpected:\n%sgot:\n%s", record, expected, got);
    free(got);
}

void
expect_problems(const char *map, const char *expected)
{
    char *got = map_problems_of(map);
    if (strcmp(got, expected) != 0)
        fail_msg("%s\nexpected:\n%sgot:\n%s", map, expected, got);
    free(got);
}

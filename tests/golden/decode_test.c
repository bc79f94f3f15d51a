/*
 * Golden tests of the decoders. Of every fixture (see tests/lib/fixtures.h) expected.jsonl has the
 * events, or the reason of quarantine. HINDCAST_ACCEPT=1 rewrites it. Each value is also decoded
 * twice (the same bytes must come out), cut at every byte, and disturbed by U+0000 and invalid
 * UTF-8 at every seventh byte: whatever comes out must be storable.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <jansson.h>

#include "base/strbuf.h"
#include "base/text/utf8.h"
#include "hindcast/decoder.h"
#include "hindcast/maps.h"
#include "tests/lib/fixtures.h"

static struct decode_result
run(struct arena *arena, const struct fixture *fixture, struct sv value, struct event_sink *sink)
{
    const struct decode_options options = {0};
    const struct record record = fixture_record(fixture, value);
    *sink = (struct event_sink){.arena = arena, .max = EVENTS_PER_RECORD_MAX};
    return decode_record(&record, &options, sink);
}

static void
put(json_t *object, const char *name, struct sv value)
{
    if (value.ptr == NULL)
        return;
    assert_true(utf8_storable(value));
    json_t *text = json_stringn(value.ptr, value.len);
    assert_non_null(text);
    json_object_set_new(object, name, text);
}

static void
put_word(json_t *object, const char *name, const char *word)
{
    if (word[0] != '\0')
        json_object_set_new(object, name, json_string(word));
}

static void
put_names(json_t *object, const struct event *event)
{
    const struct {
        const char *name;
        struct sv value;
    } fields[] = {
        {"format", event->format},
        {"source", event->source},
        {"time_text", event->source_time_text},
        {"service", event->service},
        {"environment", event->environment},
        {"host", event->host},
        {"severity_text", event->severity_text},
        {"title", event->title},
        {"body", event->body},
        {"actor", event->actor},
        {"channel", event->channel},
        {"thread_key", event->thread_key},
        {"dedup_key", event->dedup_key},
        {"fingerprint", event->fingerprint},
        {"group_key", event->group_key},
        {"correlation_key", event->correlation_key},
        {"incident_ref", event->incident_ref},
        {"trace_id", event->trace_id},
        {"ref", event->ref},
        {"url", event->url},
    };
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        put(object, fields[i].name, fields[i].value);
}

static void
check_event(const struct event *event)
{
    assert_int_not_equal(event->kind, EVENT_NO_KIND);
    assert_int_not_equal(event->record_kind, RECORD_NONE);
    assert_int_equal(record_kind_event_kind(event->record_kind), event->kind);
    if (event->time_source == TIME_SOURCE_ABSENT)
        assert_int_equal(event->event_time_ns, TIME_NONE);
    else
        assert_true(event->event_time_ns >= TIME_MIN_NS && event->event_time_ns <= TIME_MAX_NS);
    assert_int_not_equal(event->time_source, TIME_SOURCE_NONE);
    assert_true(event->severity >= 0 && event->severity <= 24);
    assert_true(event->title.len <= TITLE_BYTES_MAX && event->body.len <= BODY_BYTES_MAX);
    assert_true(event->attributes.len <= ATTRIBUTES_BYTES_MAX);
}

static json_t *
event_json(const struct event *event, size_t index)
{
    char time[TIME_TEXT] = "", uid[2 * UID_BYTES + 1];
    json_t *object = json_object();
    uint8_t bytes[UID_BYTES];
    const struct event_place place = {SV_NONE, SV("test"), 0, 1, 42, index};
    memcpy(bytes, event->uid, UID_BYTES);
    if (!event->identified)
        event_uid_of_place(event->scope, &place, bytes);
    check_event(event);
    if (event->event_time_ns != TIME_NONE)
        time_format(event->event_time_ns, time);
    for (size_t i = 0; i < UID_BYTES; i++)
        snprintf(uid + 2 * i, 3, "%02x", bytes[i]);
    put_word(object, "kind", event_kind_word(event->kind));
    put_word(object, "record_kind", record_kind_word(event->record_kind));
    put_word(object, "phase", event_phase_word(event->phase));
    put_word(object, "time", time);
    if (event->sequence != 0)
        json_object_set_new(object, "sequence", json_integer(event->sequence));
    put_word(object, "time_source", time_source_word(event->time_source));
    put_word(object, "precision", time_precision_word(event->precision));
    put_word(object, "uid", uid);
    put(object, "scope", event->scope);
    put(object, "identity", event->identity);
    put_word(object, "actor_type", actor_type_word(event->actor_type));
    put_names(object, event);
    if (event->severity != 0)
        json_object_set_new(object, "severity", json_integer(event->severity));
    if (event->version != 0)
        json_object_set_new(object, "version", json_integer(event->version));
    if (event->marks != 0)
        json_object_set_new(object, "marks", json_integer(event->marks));
    if (event->attributes.ptr != NULL) {
        assert_true(utf8_storable(event->attributes));
        json_t *attributes = json_loadb(event->attributes.ptr, event->attributes.len, 0, NULL);
        assert_true(json_is_object(attributes));
        json_object_set_new(object, "attributes", attributes);
    }
    return object;
}

/* One line an event, or one line with the reason. */
static void
print_result(struct strbuf *out, struct decode_result result, const struct event_sink *sink)
{
    strbuf_clear(out);
    if (result.status != DECODE_OK) {
        assert_int_equal(result.status, DECODE_BAD);
        assert_int_not_equal(result.reason, QUARANTINE_NONE);
        assert_true(result.detail.len > 0 && utf8_storable(result.detail));
        strbuf_addf(out, "{\"quarantine\":\"%s\"}\n", quarantine_word(result.reason));
        return;
    }
    for (size_t i = 0; i < sink->count; i++) {
        json_t *object = event_json(&sink->events[i], i);
        char *line = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS);
        assert_non_null(line);
        strbuf_add_text(out, line);
        strbuf_add_char(out, '\n');
        free(line);
        json_decref(object);
    }
}

static void
decode_into(struct strbuf *out, const struct fixture *fixture, struct sv value)
{
    struct arena arena;
    struct event_sink sink;
    arena_init(&arena, 0);
    struct decode_result result = run(&arena, fixture, value, &sink);
    print_result(out, result, &sink);
    arena_release(&arena);
}

static void
accept(const char *folder, struct sv text)
{
    char path[400];
    snprintf(path, sizeof(path), "%s/expected.jsonl", folder);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
    assert_int_equal(fclose(file), 0);
}

static void
test_expected(void **state)
{
    (void)state;
    struct strbuf once, twice;
    strbuf_init(&once, 0);
    strbuf_init(&twice, 0);
    for (size_t i = 0; i < fixture_count; i++) {
        decode_into(&once, &fixtures[i], fixtures[i].input);
        decode_into(&twice, &fixtures[i], fixtures[i].input);
        assert_true(sv_eq(strbuf_view(&once), strbuf_view(&twice)));
        if (getenv("HINDCAST_ACCEPT") != NULL)
            accept(fixtures[i].path, strbuf_view(&once));
        struct sv expected = fixture_file(&fixture_arena, fixtures[i].path, "expected.jsonl");
        if (!sv_eq(expected, strbuf_view(&once)))
            fail_msg("%s\nexpected:\n" SV_FMT "got:\n%s", fixtures[i].path, SV_ARG(expected),
                     once.ptr);
    }
    strbuf_release(&once);
    strbuf_release(&twice);
}

static bool
is_map(const char *format)
{
    for (size_t i = 0; i < maps_shape_count(); i++)
        if (strcmp(maps_shape_at(i).format, format) == 0)
            return true;
    return false;
}

/* Every decoder of the table has fixtures, and the events say its name. */
static void
test_every_format_has_fixtures(void **state)
{
    (void)state;
    for (size_t place = 0; place < decoder_count(); place++) {
        const struct decoder_info *info = decoder_info_at(place);
        char folder[200];
        size_t count = 0;
        snprintf(folder, sizeof(folder), "/%s/", info->name);
        for (size_t i = 0; i < fixture_count; i++)
            count += sv_find(sv_from(fixtures[i].path), sv_from(folder)) != SIZE_MAX;
        size_t needed = is_map(info->name) ? 1 : 3;
        if (count < needed)
            fail_msg("%s has %zu fixtures, %zu are needed", info->name, count, needed);
    }
}

static void
test_cut_anywhere(void **state)
{
    (void)state;
    struct strbuf out;
    strbuf_init(&out, 0);
    for (size_t i = 0; i < fixture_count; i++)
        for (size_t len = 0; len < fixtures[i].input.len; len++) {
            /* An exact copy: reading past the end is seen by the sanitizers. */
            char *copy = malloc(len + 1);
            assert_non_null(copy);
            memcpy(copy, fixtures[i].input.ptr, len);
            copy = realloc(copy, len == 0 ? 1 : len);
            decode_into(&out, &fixtures[i], sv_of(copy, len));
            free(copy);
        }
    strbuf_release(&out);
}

static void
test_disturbed(void **state)
{
    (void)state;
    static const struct sv pieces[] = {{"\0", 1},      {"\xff", 1},    {"\xC3", 1},
                                       {"\\u0000", 6}, {"\\ud800", 6}, {"\xED\xA0\x80", 3}};
    struct strbuf out, value;
    strbuf_init(&out, 0);
    strbuf_init(&value, 0);
    for (size_t i = 0; i < fixture_count; i++)
        for (size_t at = 0; at <= fixtures[i].input.len; at += 7)
            for (size_t k = 0; k < sizeof(pieces) / sizeof(pieces[0]); k++) {
                strbuf_clear(&value);
                strbuf_add(&value, fixtures[i].input.ptr, at);
                strbuf_add_sv(&value, pieces[k]);
                strbuf_add(&value, fixtures[i].input.ptr + at, fixtures[i].input.len - at);
                decode_into(&out, &fixtures[i], strbuf_view(&value));
            }
    strbuf_release(&out);
    strbuf_release(&value);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_expected),
        cmocka_unit_test(test_every_format_has_fixtures),
        cmocka_unit_test(test_cut_anywhere),
        cmocka_unit_test(test_disturbed),
    };
    return cmocka_run_group_tests(tests, fixtures_find, fixtures_drop);
}

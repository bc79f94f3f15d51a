/*
 * JSON of tools that nobody knows: what is read out of the words of its keys, whatever the spelling
 * and wherever they stand; what rides along, what a number counts, and what has no words at all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* wants the four before it */
#include <cmocka.h>

#include <stdio.h>

#include "base/strbuf.h"
#include "ingest/decode/generic/vocabulary.h"
#include "tests/lib/decodetake.h"

static struct key
key_of(const char *text)
{
    struct key key;
    assert_true(key_read(sv_from(text), &key));
    return key;
}

static void
keys_are_their_words(void **state)
{
    (void)state;
    static const struct {
        const char *text, *all;
        size_t words;
    } cases[] = {
        {"lastReceived", "lastreceived", 2}, {"last_received", "lastreceived", 2},
        {"LastReceived", "lastreceived", 2}, {"service.name", "servicename", 2},
        {"@timestamp", "timestamp", 1},      {"HTTPStatusCode", "httpstatuscode", 3},
        {"k8s-node Name", "k8snodename", 3}, {"x", "x", 1},
        {"detail-type", "detailtype", 2},    {"__REALTIME_TIMESTAMP", "realtimetimestamp", 2},
    };
    struct key key;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        key = key_of(cases[i].text);
        if (!sv_eq(key_all(&key), sv_from(cases[i].all)) || key.words != cases[i].words)
            fail_msg("%s", cases[i].text);
    }
    assert_false(key_read(SV(""), &key));
    assert_false(key_read(SV("__"), &key));
    assert_false(key_read(SV("\xC3\xBC"), &key));
    assert_false(key_read(SV("a b c d e f g h i"), &key));
    char text[KEY_BYTES_MAX + 1];
    memset(text, 'x', sizeof(text));
    assert_true(key_read(sv_of(text, KEY_BYTES_MAX), &key));
    assert_false(key_read(sv_of(text, KEY_BYTES_MAX + 1), &key));
}

static void
keys_of_times(void **state)
{
    (void)state;
    static const struct {
        enum moment moment;
        const char *keys;
    } cases[] = {
        {MOMENT_ITSELF,
         "time timestamp ts t @timestamp eventTime EVENT_TIME occurred_at occurredOn date "
         "datetime event_ts timestampMs eventtime timeOccurred StateChangeTime epoch"},
        {MOMENT_BEGUN,
         "createdAt created_on TriggeredDateTime startsAt start_time firedAt openedAt "
         "opened_ms firstSeen detectedAt date_created incident_created_at created startedat"},
        {MOMENT_RECEIVED,
         "lastReceived received_at published publishTime loggedAt TimeGenerated sentAt"},
        {MOMENT_CHANGED,
         "updatedAt last_updated lastSeen modified_on lastModifiedDateTime changedAt"},
        {MOMENT_ENDED, "endsAt resolved_at closedAt FinishedOn end_time completed_at deployedAt"},
        {MOMENT_TAKEN, "acknowledged_at ackTime"},
        {MOMENT_NONE,
         "expiresAt validUntil duration_ms response_time uptime runtime nextRunAt due_at "
         "previous_started_at birth_date name message id elapsedTime timeout"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sv rest = sv_from(cases[i].keys), word;
        while (sv_split(&rest, ' ', &word)) {
            struct key key;
            int rank;
            assert_true(key_read(word, &key));
            if (vocabulary_moment(&key, &rank) != cases[i].moment)
                fail_msg(SV_FMT ": %d, not %d", SV_ARG(word), (int)vocabulary_moment(&key, &rank),
                         (int)cases[i].moment);
        }
    }
}

/* "kind|phase|time|severity|service|host|environment|actor|title" */
static void
shown(const struct event *event, struct strbuf *out)
{
    char time[TIME_TEXT];
    strbuf_clear(out);
    bool native =
        event->time_source == TIME_SOURCE_NATIVE || event->time_source == TIME_SOURCE_ASSUMED_ZONE;
    time_format(event->event_time_ns, time);
    strbuf_addf(out, "%s|%s|%s|%s|", event_kind_word(event->kind), event_phase_word(event->phase),
                native ? time : "", event->severity == 0 ? "" : severity_band(event->severity));
    strbuf_addf(out, SV_FMT "|" SV_FMT "|" SV_FMT "|" SV_FMT "|" SV_FMT, SV_ARG(event->service),
                SV_ARG(event->host), SV_ARG(event->environment), SV_ARG(event->actor),
                SV_ARG(event->title));
}

static void
what_unknown_tools_tell(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        /* Alerts: states, and which of several times. */
        {"{\"alert\":{\"name\":\"Queue "
         "full\",\"state\":\"resolved\",\"resolvedAt\":\"2026-03-01T10:20:00Z\","
         "\"createdAt\":\"2026-03-01T10:00:00Z\",\"priority\":\"P2\",\"service\":{\"name\":"
         "\"mail\"}}}",
         "alert|resolve|2026-03-01T10:20:00Z|error|mail||||Queue full"},
        {"{\"AlarmTime\":\"2026-03-01T10:00:00Z\",\"AlarmState\":\"CLEARED\",\"AlarmText\":\"Hot\","
         "\"Device\":\"rack-4\",\"Severity\":3}",
         "alert|resolve|2026-03-01T10:00:00Z|||rack-4|||Hot"},
        {"{\"event_type\":\"incident.acknowledged\",\"incident\":{\"title\":\"Gate stuck\","
         "\"acknowledged_at\":\"2026-03-01T10:05:00Z\",\"created_at\":\"2026-03-01T10:00:00Z\","
         "\"severity\":\"SEV-2\"},\"acknowledged_by\":\"rosa\"}",
         "alert|ack|2026-03-01T10:05:00Z|error||||rosa|Gate stuck"},
        {"{\"data\":{\"attributes\":{\"summary\":\"Disk "
         "full\",\"status\":\"open\",\"severity\":\"high\","
         "\"opened_at\":\"2026-03-01T11:00:00+01:00\"}}}",
         "alert|trigger|2026-03-01T10:00:00Z|error|||||Disk full"},
        {"{\"title\":\"Login "
         "failures\",\"isResolved\":false,\"triggered_at\":1772359200000,\"sev\":\"critical\"}",
         "alert|trigger|2026-03-01T10:00:00Z|critical|||||Login failures"},
        {"{\"title\":\"Login "
         "failures\",\"isResolved\":true,\"triggered_at\":1772359200000,\"sev\":\"critical\"}",
         "alert|resolve|2026-03-01T10:00:00Z|critical|||||Login failures"},
        {"{\"alert_name\":\"Lag\",\"status\":\"something new\",\"ts\":1772359200}",
         "alert|update|2026-03-01T10:00:00Z||||||Lag"},
        {"{\"alertname\":\"Lag\",\"labels\":{\"severity\":\"warning\",\"host.name\":\"db-2\","
         "\"time\":\"2020-01-01T00:00:00Z\"},"
         "\"started_at\":\"2026-03-01T10:00:00Z\"}",
         "alert|trigger|2026-03-01T10:00:00Z|warning||db-2|||Lag"},
        /* Changes. */
        {"{\"deployment\":{\"id\":1,\"status\":\"success\",\"version\":\"v3\",\"environment\":"
         "\"prod\","
         "\"finished_at\":\"2026-03-01T10:04:00Z\",\"started_at\":\"2026-03-01T10:00:00Z\"},"
         "\"service\":\"cart\",\"deployed_by\":\"rosa\"}",
         "change|succeeded|2026-03-01T10:04:00Z||cart||prod|rosa|deployment success"},
        {"{\"pipeline_status\":\"failed\",\"ref\":\"main\",\"finished_at\":\"2026-03-01 10:04:00 "
         "UTC\","
         "\"triggered_by\":{\"login\":\"rosa\"},\"repository\":{\"created_at\":\"2015-01-01T00:00:"
         "00Z\"}}",
         "change|failed|2026-03-01T10:04:00Z|||||rosa|pipeline failed"},
        {"{\"type\":\"deployment.started\",\"at\":\"2026-03-01T10:00:00Z\",\"title\":\"Deploy "
         "cart\",\"state\":\"running\"}",
         "change|started|2026-03-01T10:00:00Z||||||Deploy cart"},
        /* Talk. */
        {"{\"ts\":1772359200.25,\"text\":\"rolled back\",\"user\":\"rosa\",\"channel\":\"ops\"}",
         "chat|post|2026-03-01T10:00:00.250Z|||||rosa|rolled back"},
        /* Log lines by other names. */
        {"{\"Timestamp\":\"2026-03-01T10:00:00.5Z\",\"SeverityText\":\"ERROR\",\"Body\":\"pump "
         "stopped\","
         "\"Resource\":{\"service.name\":\"pumps\",\"host.name\":\"pump-3\",\"deployment."
         "environment.name\":\"prod\"}}",
         "log||2026-03-01T10:00:00.500Z|error|pumps|pump-3|prod||pump stopped"},
        {"{\"@t\":\"2026-03-01T10:00:00.0000000Z\",\"@m\":\"listening\"}",
         "log||2026-03-01T10:00:00Z|info|||||listening"},
        {"{\"LogLevel\":\"Warning\",\"Message\":\"slow\",\"Timestamp\":\"2026-03-01T10:00:00Z\"}",
         "log||2026-03-01T10:00:00Z|warning|||||slow"},
        {"{\"type\":\"error\",\"error\":{\"message\":\"boom\"},\"createdOn\":\"2026-03-01T10:00:"
         "00Z\"}",
         "log||2026-03-01T10:00:00Z|error|||||boom"},
        {"{\"instant\":{\"epochSecond\":1772359200,\"nanoOfSecond\":41000000},\"level\":\"WARN\","
         "\"message\":\"m\"}",
         "log||2026-03-01T10:00:00.041Z|warning|||||m"},
        {"{\"summary\":\"Backup "
         "done\",\"finishedAt\":{\"seconds\":1772359200,\"nanos\":0},\"jobName\":\"nightly\"}",
         "log||2026-03-01T10:00:00Z||nightly||||Backup done"},
        {"{\"timestampSeconds\":1772359200,\"timestampNanos\":500000000,\"severity\":\"ERROR\","
         "\"message\":\"m\"}",
         "log||2026-03-01T10:00:00.500Z|error|||||m"},
        /* A number is a level only on a scale that is known. */
        {"{\"time\":\"2026-03-01T10:00:00Z\",\"level\":1,\"msg\":\"m\"}",
         "log||2026-03-01T10:00:00Z||||||m"},
        {"{\"time\":1772359200000,\"level\":50,\"msg\":\"m\"}",
         "log||2026-03-01T10:00:00Z|error|||||m"},
        {"{\"time\":\"2026-03-01T10:00:00Z\",\"level\":50,\"msg\":\"m\"}",
         "log||2026-03-01T10:00:00Z||||||m"},
        {"{\"timestamp\":1772359200.0,\"level\":3,\"short_message\":\"m\",\"version\":\"1.1\"}",
         "log||2026-03-01T10:00:00Z|error|||||m"},
        /* What rides along, and what is no time of it. */
        {"{\"user\":{\"created_at\":\"2019-01-01T00:00:00Z\",\"name\":\"ann\",\"status\":"
         "\"active\"},"
         "\"message\":\"valve closed\",\"sent_at\":\"2026-03-01T10:00:00Z\"}",
         "log||2026-03-01T10:00:00Z||||||valve closed"},
        {"{\"message\":\"token "
         "issued\",\"expiresAt\":\"2027-01-01T00:00:00Z\",\"response_time\":1772359200}",
         "log|||||||"
         "|token issued"},
        {"{\"deep\":{\"deeper\":{\"still\":{\"message\":\"here\",\"time\":\"2026-03-01T10:00:00Z\"}"
         "}}}",
         "log||2026-03-01T10:00:00Z||||||here"},
        /* Placeholders are nothing. */
        {"{\"alertname\":\"Lag\",\"service\":\"{{service}}\",\"host\":\"-\",\"severity\":"
         "\"critical\",\"time\":1772359200}",
         "alert|trigger|2026-03-01T10:00:00Z|critical|||||Lag"},
        /* Neither a time nor words: all of it. */
        {"{\"a\":{\"b\":7},\"c\":[1,2]}", "log|||||||"
                                          "|{\"a\":{\"b\":7},\"c\":[1,2]}"},
    };
    struct strbuf out;
    strbuf_init(&out, 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct decoded decoded = decode_text(cases[i][0]);
        assert_int_equal(decoded.count, 1);
        assert_true(sv_eq(decoded.events[0].format, SV("json")));
        shown(&decoded.events[0], &out);
        if (!sv_eq(strbuf_view(&out), sv_from(cases[i][1])))
            fail_msg("%s\ngave     %s\nnot      %s", cases[i][0], out.ptr, cases[i][1]);
    }
    strbuf_release(&out);
}

/* However large or deep it is, a part of it is looked at. */
static void
large_objects_have_a_limit(void **state)
{
    struct strbuf value;
    (void)state;
    strbuf_init(&value, 0);
    strbuf_add_text(&value, "{\"a\":{");
    for (int i = 0; i < 3000; i++)
        strbuf_addf(&value, "\"k%d\":%d,", i, i);
    strbuf_add_text(&value, "\"message\":\"far behind\"},\"time\":\"2026-03-01T10:00:00Z\"}");
    struct decoded decoded = decode_value(strbuf_view(&value));
    assert_int_equal(decoded.count, 1);
    assert_false(sv_eq(decoded.events[0].title, SV("far behind")));
    strbuf_clear(&value);
    for (int i = 0; i < 8; i++)
        strbuf_add_text(&value, "{\"x\":");
    strbuf_add_text(&value, "{\"message\":\"too deep\"}");
    for (int i = 0; i < 8; i++)
        strbuf_add_char(&value, '}');
    decoded = decode_value(strbuf_view(&value));
    assert_int_equal(decoded.count, 1);
    assert_false(sv_eq(decoded.events[0].title, SV("too deep")));
    strbuf_release(&value);
}

static int
drop(void **state)
{
    (void)state;
    decoded_drop();
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_their_words),
        cmocka_unit_test(keys_of_times),
        cmocka_unit_test(what_unknown_tools_tell),
        cmocka_unit_test(large_objects_have_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, drop);
}

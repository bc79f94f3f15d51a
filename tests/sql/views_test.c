/*
 * What the views of the contract make of events: occurrences of alerts, changes and what took them
 * back, messages that count, moments out of order. Records are written by hand; answers are worked
 * out by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* wants the four before it */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/pgtest.h"

#define NOON "timestamptz '2026-03-01 12:00Z'"

/* Fixture as rows of (name of the event, kind, series, minutes after noon, phase, actor, its type).
 */
static const char records[] =
    "INSERT INTO evidence.stream (stream_id, next_offset, first_offset, partition, cluster_id, "
    "topic,"
    " records, stored, events) VALUES (900, 100, 0, 0, 'c', 'views', 100, 100, 100);"
    "INSERT INTO ingest.event (stream_id, record_offset, event_time, idx, scope, kind, record_kind,"
    " precision, time_source, format, source, service, fingerprint, ref, uid, title, phase, actor,"
    " actor_type, channel)"
    " SELECT 900, row_number() OVER (), " NOON
    " + minutes * interval '1 minute', 0, 'default', kind,"
    " CASE kind WHEN 'change' THEN 'deploy' ELSE kind END, 's', 'native', 'test', 'test',"
    " 'of-' || left(series, 1), CASE kind WHEN 'alert' THEN series END,"
    " CASE kind WHEN 'change' THEN series END, md5(name)::uuid, series, phase, actor, type, 'ops'"
    " FROM (VALUES"
    " ('a1', 'alert', 'acked', 0, 'trigger', NULL, NULL),"
    " ('a2', 'alert', 'acked', 1, 'ack', 'zoe', 'human'),"
    " ('a3', 'alert', 'acked', 2, 'ack', 'ben', 'human'),"
    " ('a4', 'alert', 'acked', 10, 'resolve', NULL, NULL),"
    " ('b1', 'alert', 'again', 0, 'trigger', NULL, NULL),"
    " ('b2', 'alert', 'again', 60, 'trigger', NULL, NULL),"
    " ('b3', 'alert', 'again', 120, 'resolve', NULL, NULL),"
    " ('b4', 'alert', 'again', 130, 'trigger', NULL, NULL),"
    " ('c1', 'alert', 'silent', 0, 'trigger', NULL, NULL),"
    " ('c2', 'alert', 'silent', 1500, 'trigger', NULL, NULL),"
    " ('c3', 'alert', 'silent', 1560, 'resolve', NULL, NULL),"
    " ('d1', 'alert', 'long', 0, 'trigger', NULL, NULL),"
    " ('d2', 'alert', 'long', 1200, 'trigger', NULL, NULL),"
    " ('d3', 'alert', 'long', 2400, 'trigger', NULL, NULL),"
    " ('e1', 'alert', 'over', 0, 'resolve', NULL, NULL),"
    " ('f1', 'alert', 'escalated', 0, NULL, NULL, NULL),"
    " ('f2', 'alert', 'escalated', 5, 'escalate', 'pager', 'bot'),"
    " ('g1', 'change', 'v1', 0, 'started', 'ines', 'human'),"
    " ('g2', 'change', 'v1', 5, 'succeeded', 'ines', 'human'),"
    " ('g3', 'change', 'v0', 30, 'rolled_back', 'ines', 'human'),"
    " ('g4', 'change', 'v2', 60, 'failed', 'ines', 'human'),"
    " ('h1', 'chat', 'x', 0, 'post', 'zoe', 'human')"
    ") r(name, kind, series, minutes, phase, actor, type);"
    /* Two ends at one moment, whatever their uids: the alert fires first. */
    "INSERT INTO ingest.event (stream_id, record_offset, event_time, idx, scope, kind, record_kind,"
    " precision, time_source, format, source, fingerprint, uid, title, phase) SELECT 900, 50 + "
    "i, " NOON
    ", 0, 'default', 'alert', 'alert', 's', 'native', 'test', 'test', 'instant-' || i % 2,"
    " lpad((CASE WHEN i < 2 THEN i ELSE 5 - i END)::text, 32, '0')::uuid, 'instant',"
    " CASE WHEN i < 2 THEN 'trigger' ELSE 'resolve' END FROM generate_series(0, 3) i;"
    /* Came again: the first delivery of a1 and of h1 count. */
    "INSERT INTO ingest.event SELECT (jsonb_populate_record(e, jsonb_build_object('record_offset',"
    " record_offset + 60))).* FROM ingest.event e WHERE uid IN (md5('a1')::uuid, md5('h1')::uuid);"
    "INSERT INTO correlate.delivery (stream_id, record_offset, event_time, version, idx, "
    "incarnation,"
    " partition, counts, uid, scope, topic, kind, format, decided_by) SELECT stream_id, "
    "record_offset,"
    " event_time, 0, 0, 1, 0, record_offset < 60, uid, 'default', 'views', kind, 'test',"
    " CASE WHEN record_offset > 60 THEN 'coordinates' END FROM ingest.event"
    " WHERE uid IN (md5('a1')::uuid, md5('h1')::uuid)";

static int
filled(void **state)
{
    if (pgtest_setup(state) != 0)
        return -1;
    pgtest_run(records);
    return 0;
}

static void
need(const char *sql, const char *expected)
{
    char *value = pgtest_value(sql);
    if (value == NULL || strcmp(value, expected) != 0)
        fail_msg("%s: %s, not %s", sql, value == NULL ? "null" : value, expected);
    free(value);
}

static void
need_alerts(const char *fingerprint, const char *expected)
{
    char sql[512];
    snprintf(sql, sizeof(sql),
             "SELECT coalesce(string_agg(concat_ws(' ', extract(epoch FROM fired_at - " NOON
             ")::integer / 60, 'to', extract(epoch FROM resolved_at - " NOON
             ")::integer / 60, 'of', firings, acknowledged_by, acted_on), ', ' ORDER BY fired_at),"
             " 'none') FROM analyst.alerts WHERE fingerprint = '%s'",
             fingerprint);
    need(sql, expected);
}

/* FIRED to RESOLVED of FIRINGS, who acknowledged, acted on. */
static void
an_alert_lasts_until_it_is_over_or_silent(void **state)
{
    (void)state;
    need_alerts("acked", "0 to 10 of 1 zoe t");
    need_alerts("again", "0 to 120 of 2 f, 130 to of 1 f");
    need_alerts("silent", "0 to of 1 f, 1500 to 1560 of 1 f");
    need_alerts("long", "0 to of 3 f");
    need_alerts("over", "none");
    need_alerts("escalated", "0 to of 1 f");
    need_alerts("instant-0", "0 to 0 of 1 f");
    need_alerts("instant-1", "0 to 0 of 1 f");
}

static void
a_change_is_one_row_and_knows_what_took_it_back(void **state)
{
    (void)state;
    need("SELECT string_agg(concat_ws(' ', ref, extract(epoch FROM finished_at - "
         "started_at)::integer,"
         " outcome, reverted_by), ', ' ORDER BY event_time) FROM analyst.changes",
         "v1 300 succeeded v0, v0 rolled_back, v2 failed");
}

static void
what_came_again_counts_once(void **state)
{
    (void)state;
    need("SELECT count(*) FROM analyst.chat", "1");
    need("SELECT record_offset::text FROM analyst.chat", "22");
}

/* Moments that are out of order, or that one row tells, have no interval between them. */
static void
intervals_need_their_moments_in_order(void **state)
{
    (void)state;
    pgtest_run(
        "INSERT INTO correlate.incident (scope, incident_no, incident_key, first_time, last_time, "
        "nodes,"
        " alerts, records, entries, severity, raised, declared, services, title, digest, number)"
        " VALUES ('default', 1, 'k', " NOON ", " NOON ", 1, 1, 1, 1, 21, true, false,"
        " '{api,shop}', 'title 7', '\\x00', 'INC-2026-0001');"
        "INSERT INTO correlate.milestone (scope, incident_no, milestone, entry_id, rank, "
        "event_time,"
        " confidence) SELECT 'default', 1, m, m, 0, " NOON " + minutes * interval '1 minute', 50"
        " FROM (VALUES ('impact_started', 0), ('detected', 10), ('acknowledged', 5), ('mitigated', "
        "20),"
        " ('recovered', 30)) m(m, minutes)");
    need("SELECT concat_ws(' ', month, service, severity_band, time_to_detect, time_to_acknowledge,"
         " time_to_mitigate, time_to_recover, time_to_resolve, detected_stated, resolved_stated)"
         " FROM analyst.durations WHERE incident = 'INC-2026-0001'",
         "2026-03-01 api critical 00:10:00 00:10:00 00:30:00 f");
    pgtest_run("UPDATE correlate.milestone SET entry_id = 'detected', event_time = " NOON
               " WHERE milestone IN ('impact_started', 'detected')");
    need("SELECT concat_ws(' ', time_to_detect IS NULL, time_to_mitigate, time_to_recover)"
         " FROM analyst.durations WHERE incident = 'INC-2026-0001'",
         "t 00:20:00 00:30:00");
    need("SELECT concat_ws(' ', title, service) FROM analyst.incidents", "title <*> api");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_alert_lasts_until_it_is_over_or_silent),
        cmocka_unit_test(a_change_is_one_row_and_knows_what_took_it_back),
        cmocka_unit_test(what_came_again_counts_once),
        cmocka_unit_test(intervals_need_their_moments_in_order),
    };
    return cmocka_run_group_tests(tests, filled, pgtest_teardown);
}

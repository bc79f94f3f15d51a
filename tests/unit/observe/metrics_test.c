/*
 * /metrics: the Prometheus text format down to its escapes, the table of docs/metrics.md, and when
 * a process calls itself healthy and ready.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "observe/metrics.h"
#include "observe/monitor.h"

#define NOW (INT64_C(1772359200) * NS_PER_S)

static struct strbuf out;

static struct status
sample(void)
{
    static struct partition_status partitions[2];
    static struct scope_status scopes[2];
    static struct reason_status reasons[1];
    static struct problem problems[2];
    static struct topic_reading readings[3];
    partitions[0] = (struct partition_status){.db = {.stream_id = 1,
                                                     .cluster_id = SV("c"),
                                                     .topic = SV("a\"b\\c\nd"),
                                                     .incarnation = 2,
                                                     .next_offset = 60,
                                                     .stored = 58,
                                                     .quarantined = 2,
                                                     .events = 70,
                                                     .adds_up = true,
                                                     .max_event_ns = NOW - 1500 * NS_PER_MS,
                                                     .last_commit_ns = NOW,
                                                     .owner_connected = true,
                                                     .records_1m = 30,
                                                     .events_10m = 60},
                                              .end = 100,
                                              .lag = 40,
                                              .event_lag_ns = 1500 * NS_PER_MS};
    partitions[1] = (struct partition_status){.db = {.cluster_id = SV("c"),
                                                     .topic = SV("t"),
                                                     .partition = 1,
                                                     .next_offset = -1,
                                                     .max_event_ns = TIME_NONE,
                                                     .last_commit_ns = TIME_NONE},
                                              .end = -1,
                                              .lag = -1,
                                              .event_lag_ns = -1};
    scopes[0] = (struct scope_status){SV("s"), NOW, NOW, 2, SV("t"), 1};
    scopes[1] =
        (struct scope_status){.scope = SV("new"), .watermark_ns = TIME_NONE, .newest_ns = NOW};
    readings[0] = (struct topic_reading){.cluster_id = SV("c"),
                                         .topic = SV("t"),
                                         .format = SV("a\"b"),
                                         .events = {0, 40, 20},
                                         .manifests = 1};
    readings[1] = (struct topic_reading){
        .cluster_id = SV("c"), .topic = SV("t"), .manifests = 2, .quarantined = 3, .uncounted = 4};
    readings[2] = (struct topic_reading){.cluster_id = SV("c"),
                                         .topic = SV("u"),
                                         .others = true,
                                         .events = {0, 0, 0, 0, 0, 0, 0, 6}};
    reasons[0] = (struct reason_status){.reason = SV("syntax"), .records = 2};
    problems[0] = problems[1] = (struct problem){PROBLEM_gap, SV("x")};
    return (struct status){.db = {.now_ns = NOW,
                                  .scopes = scopes,
                                  .reasons = reasons,
                                  .readings = readings,
                                  .reading_count = 3,
                                  .scope_count = 2,
                                  .reason_count = 1,
                                  .gap_count = 2},
                           .broker = {.state = BROKER_ANSWERS},
                           .partitions = partitions,
                           .partition_count = 2,
                           .problems = problems,
                           .problem_count = 2};
}

static void
expect_line(const char *line)
{
    size_t len = strlen(line);
    for (const char *at = out.ptr; at != NULL; at = strchr(at, '\n'), at = at == NULL ? at : at + 1)
        if (strncmp(at, line, len) == 0 && at[len] == '\n')
            return;
    fail_msg("no line: %s", line);
}

static void
expect_no(const char *text)
{
    const char *at = strstr(out.ptr, text);
    if (at != NULL)
        fail_msg("unexpected: %.80s", at);
}

#define PLACE0 "{cluster=\"c\",topic=\"a\\\"b\\\\c\\nd\",partition=\"0\""
#define PLACE1 "{cluster=\"c\",topic=\"t\",partition=\"1\""

static void
numbers_become_samples(void **state)
{
    (void)state;
    struct status status = sample();
    strbuf_clear(&out);
    metrics_status(&out, &status);
    expect_line("# HELP hindcast_stream_stored_offset offset after the last record committed");
    expect_line("# TYPE hindcast_stream_records_total counter");
    expect_line("hindcast_broker_up 1");
    expect_line("hindcast_stream_stored_offset" PLACE0 "} 60");
    expect_line("hindcast_stream_end_offset" PLACE0 "} 100");
    expect_line("hindcast_stream_lag_records" PLACE0 "} 40");
    expect_line("hindcast_stream_lag_seconds" PLACE0 "} 1.500");
    expect_line("hindcast_stream_incarnation" PLACE0 "} 2");
    expect_line("hindcast_stream_records_total" PLACE0 ",outcome=\"stored\"} 58");
    expect_line("hindcast_stream_records_total" PLACE0 ",outcome=\"quarantined\"} 2");
    expect_line("hindcast_stream_records_per_second" PLACE0 ",window=\"1m\"} 0.500");
    expect_line("hindcast_stream_events_per_second" PLACE0 ",window=\"10m\"} 0.100");
    expect_line("hindcast_stream_max_event_timestamp_seconds" PLACE0 "} 1772359198.500");
    expect_line("hindcast_stream_ledger_adds_up" PLACE1 "} 0");
    expect_line("hindcast_scope_watermark_timestamp_seconds{scope=\"s\"} 1772359200.000");
    expect_line("hindcast_scope_batches_behind{scope=\"s\"} 2");
    expect_line("hindcast_quarantine_open{reason=\"syntax\"} 2");
#define TOPIC_T "{cluster=\"c\",topic=\"t\""
    expect_line("hindcast_topic_events_total" TOPIC_T
                ",format=\"a\\\"b\",time_source=\"native\"} 40");
    expect_line("hindcast_topic_events_total" TOPIC_T
                ",format=\"a\\\"b\",time_source=\"assumed_zone\"} 20");
    expect_line("hindcast_topic_events_total" TOPIC_T
                ",format=\"(unknown)\",time_source=\"uncounted\"} 4");
    expect_line("hindcast_topic_events_total{cluster=\"c\",topic=\"u\",format=\"(others)\","
                "time_source=\"none\"} 6");
    expect_line("hindcast_topic_manifests_total" TOPIC_T "} 3");
    expect_line("hindcast_topic_manifests_total{cluster=\"c\",topic=\"u\"} 0");
    expect_line("hindcast_topic_quarantined_total" TOPIC_T ",format=\"(unknown)\"} 3");
    expect_no("time_source=\"kafka\"");
    expect_line("hindcast_source_gaps 2");
    expect_line("hindcast_attention{problem=\"gap\"} 2");
    expect_line("hindcast_attention{problem=\"ledger\"} 0");
    /* what is not known is left out, never 0 or -1 */
    expect_no("hindcast_stream_stored_offset" PLACE1);
    expect_no("hindcast_stream_end_offset" PLACE1);
    expect_no("hindcast_stream_lag_records" PLACE1);
    expect_no("hindcast_stream_lag_seconds" PLACE1);
    expect_no("hindcast_stream_last_commit_timestamp_seconds" PLACE1);
    expect_no("hindcast_scope_watermark_timestamp_seconds{scope=\"new\"}");
    status.broker.state = BROKER_SILENT;
    strbuf_clear(&out);
    metrics_status(&out, &status);
    expect_line("hindcast_broker_up 0");
    status.broker.state = BROKER_NOT_ASKED;
    strbuf_clear(&out);
    metrics_status(&out, &status);
    expect_no("hindcast_broker_up");
}

/* Heads come in pairs, once per metric, and are followed by samples of that metric alone. */
static void
check_format(void)
{
    char name[128] = "", seen[64][128];
    size_t heads = 0;
    char *text = strdup(out.ptr), *rest = text, *line;
    assert_non_null(text);
    assert_int_equal(out.ptr[out.len - 1], '\n');
    while ((line = strsep(&rest, "\n")) != NULL && line[0] != '\0') {
        char other[128], type[32];
        if (sscanf(line, "# HELP %127s", name) == 1) {
            for (size_t i = 0; i < heads; i++)
                assert_string_not_equal(seen[i], name);
            assert_true(heads < 64);
            memcpy(seen[heads++], name, sizeof(name));
            line = strsep(&rest, "\n");
            assert_int_equal(sscanf(line, "# TYPE %127s %31s", other, type), 2);
            assert_string_equal(other, name);
            size_t len = strlen(name);
            bool total = len > 6 && strcmp(name + len - 6, "_total") == 0;
            assert_string_equal(type, total ? "counter" : "gauge");
            continue;
        }
        size_t len = strlen(name);
        if (strncmp(line, name, len) != 0 || (line[len] != '{' && line[len] != ' '))
            fail_msg("a sample under another head: %s", line);
        char *value = strrchr(line, ' '), *end;
        strtod(value + 1, &end);
        assert_true(end != value + 1 && *end == '\0');
    }
    free(text);
}

static void
the_format_is_that_of_prometheus(void **state)
{
    (void)state;
    struct status status = sample();
    struct ingest_progress ingest = {.records = 5,
                                     .waiting = true,
                                     .workers = 2,
                                     .decoding = {.applied = "ab", .own = "cd", .differs = true}};
    struct correlate_progress correlate = {.rounds = 3, .last_round_ns = NOW};
    strbuf_clear(&out);
    metrics_status(&out, &status);
    metrics_ingest(&out, &ingest, 250 * NS_PER_MS);
    metrics_correlate(&out, &correlate);
    check_format();
    expect_line("hindcast_ingest_records_total 5");
    expect_line("hindcast_ingest_waiting 1");
    expect_line("hindcast_ingest_slowest_worker_seconds 0.250");
    expect_line("hindcast_ingest_decoding_info{applied=\"ab\",own=\"cd\"} 1");
    expect_line("hindcast_ingest_decoding_differs 1");
    expect_no("hindcast_decoding_");
    expect_line("hindcast_correlate_last_round_timestamp_seconds 1772359200.000");
    strbuf_clear(&out);
    metrics_ingest(&out, &ingest, -1);
    expect_no("hindcast_ingest_slowest_worker_seconds");
    status.db.decoding = (struct decoding_status){SV("ef"), NOW, SV("ana"), 4, 3};
    strbuf_clear(&out);
    metrics_status(&out, &status);
    check_format();
    expect_line("hindcast_decoding_info{digest=\"ef\"} 1");
    expect_line("hindcast_decoding_partitions 4");
    expect_line("hindcast_decoding_partitions_behind 3");
    status = (struct status){0};
    strbuf_clear(&out);
    metrics_status(&out, &status);
    check_format();
}

static void
the_page_has_the_table(void **state)
{
    (void)state;
    FILE *file = fopen("docs/metrics.md", "r");
    assert_non_null(file);
    char *page = calloc(1, 1 << 20);
    assert_non_null(page);
    assert_true(fread(page, 1, (1 << 20) - 1, file) > 0);
    fclose(file);
    strbuf_clear(&out);
    metrics_print_markdown(&out);
    if (strstr(page, out.ptr) == NULL) {
        fputs(out.ptr, stderr);
        fail_msg("docs/metrics.md does not hold the table above, which observe/metrics.def makes");
    }
    free(page);
    page = NULL;
    file = fopen("docs/status.md", "r");
    assert_non_null(file);
    page = calloc(1, 1 << 20);
    assert_non_null(page);
    assert_true(fread(page, 1, (1 << 20) - 1, file) > 0);
    fclose(file);
    static const char *const rows[] = {
#define PROBLEM(word, when) "\n| `" #word "` | " when " |\n",
#include "observe/status_problems.def"
#undef PROBLEM
    };
    for (size_t i = 0; i < PROBLEM_KINDS; i++)
        if (strstr(page, rows[i]) == NULL)
            fail_msg("docs/status.md has no row%s", rows[i]);
    free(page);
}

/* ---- verdicts ---- */

static struct monitor_view
fine(enum monitor_kind kind)
{
    return (struct monitor_view){.kind = kind,
                                 .now_ns = 1000 * NS_PER_S,
                                 .published_ns = 999 * NS_PER_S,
                                 .answered_ns = 998 * NS_PER_S,
                                 .database_up = true,
                                 .joined = true,
                                 .slowest_ns = -1,
                                 .interval_ns = 5 * NS_PER_S};
}

static void
expect(bool (*verdict)(const struct monitor_view *view, struct strbuf *out),
       const struct monitor_view *view, const char *reason)
{
    strbuf_clear(&out);
    assert_int_equal(verdict(view, &out), reason == NULL);
    assert_string_equal(out.len == 0 ? "" : out.ptr, reason == NULL ? "" : reason);
}

static void
health_is_moving(void **state)
{
    (void)state;
    struct monitor_view view = fine(MONITOR_INGEST);
    expect(monitor_healthy, &view, NULL);
    view.slowest_ns = MONITOR_STUCK_INGEST_NS;
    view.published_ns = view.now_ns - MONITOR_STUCK_INGEST_NS;
    expect(monitor_healthy, &view, NULL);
    view.slowest_ns = MONITOR_STUCK_INGEST_NS + NS_PER_S;
    expect(monitor_healthy, &view, "a worker has not moved for 61 s\n");
    view.published_ns -= NS_PER_S;
    expect(monitor_healthy, &view, "the main loop has not moved for 61 s\n");
    view.kind = MONITOR_CORRELATE;
    expect(monitor_healthy, &view, NULL);
    view.published_ns = view.now_ns - MONITOR_STUCK_CORRELATE_NS - NS_PER_S;
    expect(monitor_healthy, &view, "the main loop has not moved for 901 s\n");
    /* health is about this process, not about servers */
    view = fine(MONITOR_INGEST);
    view.database_up = view.joined = false;
    view.waiting = true;
    expect(monitor_healthy, &view, NULL);
}

static void
ready_is_able_to_work(void **state)
{
    (void)state;
    struct monitor_view view = fine(MONITOR_INGEST);
    expect(monitor_ready, &view, NULL);
    view.joined = false;
    expect(monitor_ready, &view, "the consumer group has not assigned partitions yet\n");
    view.kind = MONITOR_CORRELATE;
    expect(monitor_ready, &view, NULL);
    view.waiting = true;
    snprintf(view.waiting_for, sizeof(view.waiting_for), "Kafka\nis away");
    expect(monitor_ready, &view, "waiting: Kafka is away\n");
    view.answered_ns = view.now_ns - 20 * NS_PER_S;
    expect(monitor_ready, &view, "waiting: Kafka is away\n");
    view.answered_ns -= NS_PER_S;
    expect(monitor_ready, &view, "the database has not answered for 21 s\n");
    view.database_up = false;
    snprintf(view.database_reason, sizeof(view.database_reason), "no connection");
    expect(monitor_ready, &view, "database: no connection\n");
    view = (struct monitor_view){.now_ns = 1};
    expect(monitor_ready, &view, "the database was not asked yet\n");
}

static int
set_up(void **state)
{
    (void)state;
    strbuf_init(&out, 0);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    strbuf_release(&out);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_become_samples),
        cmocka_unit_test(the_format_is_that_of_prometheus),
        cmocka_unit_test(the_page_has_the_table),
        cmocka_unit_test(health_is_moving),
        cmocka_unit_test(ready_is_able_to_work),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

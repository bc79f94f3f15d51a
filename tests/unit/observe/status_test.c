/*
 * Status: what the database and the broker say put side by side, what is judged to need attention,
 * and how it is shown. The clock is part of the input.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "observe/status.h"

#define NOW (INT64_C(1772359200) * NS_PER_S) /* 2026-03-01T10:00:00Z */

static struct arena arena;
static struct strbuf out;
static struct stream_status streams[3];
static struct scope_status scopes[2];
static struct reason_status reasons[2];
static struct gap_status gaps[1];
static struct topic_reading readings[3];
static struct partition_end ends[3];
static const struct status_limits no_limits = {-1, -1, -1, -1, 60 * NS_PER_S, NS_PER_DAY};

/* Partition 0: an old incarnation, and a new one that lags by 40; partition 1 is read to its end;
 * partition 2 exists in Kafka only and has 7 records. */
static struct status
sample(void)
{
    streams[0] = (struct stream_status){.stream_id = 1,
                                        .cluster_id = SV("c1"),
                                        .topic = SV("demo"),
                                        .incarnation = 1,
                                        .first_offset = 0,
                                        .next_offset = 9,
                                        .records = 9,
                                        .stored = 9,
                                        .events = 9,
                                        .adds_up = true,
                                        .max_event_ns = TIME_NONE,
                                        .last_commit_ns = TIME_NONE};
    streams[1] = streams[0];
    streams[1].stream_id = 2;
    streams[1].incarnation = 2;
    streams[1].current = true;
    streams[1].next_offset = 60;
    streams[1].records = 60;
    streams[1].stored = 58;
    streams[1].quarantined = 2;
    streams[1].events = 70;
    streams[1].max_event_ns = NOW - 90 * NS_PER_S;
    streams[1].last_commit_ns = NOW - NS_PER_S;
    streams[1].owner = SV("host:1:0");
    streams[1].owner_connected = true;
    streams[1].records_1m = 30;
    streams[1].records_10m = 60;
    streams[1].events_1m = 36;
    streams[1].events_10m = 72;
    streams[2] = streams[1];
    streams[2].stream_id = 3;
    streams[2].incarnation = 1;
    streams[2].partition = 1;
    streams[2].owner_connected = false;
    ends[0] = (struct partition_end){SV("demo"), 0, 0, 100};
    ends[1] = (struct partition_end){SV("demo"), 1, 0, 60};
    ends[2] = (struct partition_end){SV("demo"), 2, 3, 10};
    scopes[0] = (struct scope_status){SV("default"), NOW - 90 * NS_PER_S, NOW, 2, SV("demo"), 1};
    scopes[1] =
        (struct scope_status){.scope = SV("new"), .watermark_ns = TIME_NONE, .newest_ns = NOW};
    reasons[0] = (struct reason_status){.reason = SV("syntax"),
                                        .records = 2,
                                        .topic = SV("demo"),
                                        .detail = SV("bad \x1b[31m byte"),
                                        .incarnation = 2,
                                        .offset = 17};
    readings[0] = (struct topic_reading){.cluster_id = SV("c1"),
                                         .topic = SV("demo"),
                                         .format = SV("logfmt"),
                                         .events = {0, 40, 20, 1, 2, 3, 4, 5},
                                         .manifests = 1,
                                         .quarantined = 2};
    readings[1] =
        (struct topic_reading){.cluster_id = SV("c1"), .topic = SV("demo"), .quarantined = 2};
    readings[2] = (struct topic_reading){
        .cluster_id = SV("c1"), .topic = SV("demo"), .others = true, .events = {0, 3}};
    gaps[0] = (struct gap_status){SV("demo"), SV("retention"), 2, 0, 5, 8, NOW - NS_PER_S};
    return (struct status){
        .db = {.now_ns = NOW,
               .streams = streams,
               .scopes = scopes,
               .reasons = reasons,
               .readings = readings,
               .gaps = gaps,
               .stream_count = 3},
        .broker = {.state = BROKER_ANSWERS, .cluster_id = SV("c1"), .ends = ends, .count = 3}};
}

static bool
told(const struct status *status, enum problem_kind kind)
{
    for (size_t i = 0; i < status->problem_count; i++)
        if (status->problems[i].kind == kind)
            return true;
    return false;
}

static struct status
judged(struct status status, const struct status *before, const struct status_limits *limits)
{
    status_merge(&status, false, &arena);
    status_judge(&status, before, limits, &arena);
    return status;
}

static void
partitions_are_put_side_by_side(void **state)
{
    (void)state;
    struct status status = sample();
    status_merge(&status, false, &arena);
    assert_int_equal(status.partition_count, 3);
    const struct partition_status *p = status.partitions;
    assert_true(p[0].db.stream_id == 2 && p[0].end == 100 && p[0].lag == 40);
    assert_int_equal(p[0].event_lag_ns, 90 * NS_PER_S);
    assert_true(p[1].end == 60 && p[1].lag == 0 && p[1].event_lag_ns == 0);
    assert_true(p[2].db.stream_id == 0 && p[2].db.next_offset == -1 && p[2].lag == 7);
    assert_int_equal(p[2].event_lag_ns, -1);
    status_merge(&status, true, &arena);
    assert_int_equal(status.partitions[2].lag, 0); /* kafka.start=latest leaves them alone */
    /* events of the future do not lag */
    streams[1].max_event_ns = NOW + NS_PER_S;
    status_merge(&status, false, &arena);
    assert_int_equal(status.partitions[0].event_lag_ns, 0);
}

static void
ends_of_another_cluster_are_not_ours(void **state)
{
    (void)state;
    struct status status = sample();
    status.broker.cluster_id = SV("c2");
    status_merge(&status, false, &arena);
    assert_int_equal(status.partition_count, 5);
    assert_true(status.partitions[0].end == -1 && status.partitions[0].lag == -1);
    assert_true(status.partitions[0].event_lag_ns == -1);
    status = sample();
    status.broker = (struct broker_answer){.state = BROKER_SILENT, .reason = SV("away")};
    status = judged(status, NULL, &no_limits);
    assert_int_equal(status.partition_count, 2);
    assert_true(status.partitions[1].end == -1 && status.partitions[1].lag == -1);
    assert_int_equal(status_exit_code(&status), 5);
    streams[0].adds_up = false;
    status_judge(&status, NULL, &no_limits, &arena);
    assert_int_equal(status_exit_code(&status), 1);
}

static void
limits_are_limits(void **state)
{
    (void)state;
    struct status_limits limits = no_limits;
    struct status status = sample();
    status.broker.count = 2;
    status.db.reason_count = 1;
    status.db.scope_count = 1;
    status = judged(status, NULL, &limits);
    assert_int_equal(status.problem_count, 0);
    assert_int_equal(status_exit_code(&status), 0);
    limits = (struct status_limits){40, 90 * NS_PER_S, 2, 2, 60 * NS_PER_S, NS_PER_DAY};
    status_judge(&status, NULL, &limits, &arena);
    assert_int_equal(status.problem_count, 0);
    limits = (struct status_limits){39, 89 * NS_PER_S, 1, 1, 60 * NS_PER_S, NS_PER_DAY};
    status_judge(&status, NULL, &limits, &arena);
    assert_int_equal(status.problem_count, 4);
    assert_true(told(&status, PROBLEM_lag) && told(&status, PROBLEM_age));
    assert_true(told(&status, PROBLEM_quarantine) && told(&status, PROBLEM_behind));
    assert_int_equal(status_exit_code(&status), 1);
    assert_true(sv_eq(status.problems[0].text, SV("demo partition 0: 40 records, limit 39")));
}

static void
what_never_may_be_is_told(void **state)
{
    (void)state;
    struct status status = sample();
    status.broker.count = 2;
    status.db.gap_count = 1;
    ends[1].high = 59;
    status = judged(status, NULL, &no_limits);
    assert_int_equal(status.problem_count, 2);
    assert_true(told(&status, PROBLEM_ahead) && told(&status, PROBLEM_gap));
    /* of an old incarnation too */
    streams[0].adds_up = false;
    status_judge(&status, NULL, &no_limits, &arena);
    assert_true(told(&status, PROBLEM_ledger));
}

static void
a_standstill_needs_two_looks(void **state)
{
    (void)state;
    struct status first = sample();
    first.broker.count = 2;
    first = judged(first, NULL, &no_limits);
    assert_false(status_suspicious(&first, &no_limits));
    streams[1].owner_connected = false;
    first = judged(first, NULL, &no_limits);
    assert_true(status_suspicious(&first, &no_limits));
    assert_false(told(&first, PROBLEM_no_owner));
    struct status second = judged(first, &first, &no_limits);
    assert_true(told(&second, PROBLEM_no_owner) && !told(&second, PROBLEM_stalled));
    /* something moved meanwhile */
    streams[1].next_offset = 61;
    second = judged(first, &first, &no_limits);
    assert_int_equal(second.problem_count, 0);
    /* an owner that does nothing */
    streams[1].owner_connected = true;
    streams[1].last_commit_ns = NOW - 61 * NS_PER_S;
    first = judged(first, NULL, &no_limits);
    second = judged(first, &first, &no_limits);
    assert_true(told(&second, PROBLEM_stalled) && !told(&second, PROBLEM_no_owner));
    /* nothing to do is no standstill */
    ends[0].high = streams[1].next_offset;
    second = judged(first, &first, &no_limits);
    assert_int_equal(second.problem_count, 0);
}

static void
people_read_tables(void **state)
{
    (void)state;
    struct err err = {0};
    assert_int_equal(time_zone_use("UTC", &err), 0);
    struct status status = sample();
    status.db.scope_count = 2;
    status.db.reason_count = 1;
    status.db.gap_count = 1;
    status.db.reading_count = 3;
    streams[2].adds_up = false;
    status.db.config_digest = SV("0123456789abcdef0123456789abcdef");
    status.db.applied_ns = NOW - NS_PER_HOUR;
    status.db.applied_by = SV("ana\x1b");
    status = judged(status, NULL, &no_limits);
    strbuf_clear(&out);
    render_status(&status, 0, &out);
    static const char wanted[] =
        "2026-03-01 10:00:00 UTC, the broker answers, cluster c1\n"
        "configuration 0123456789ab, applied 2026-03-01 09:00:00 UTC by ana\xef\xbf\xbd\n"
        "\n"
        "TOPIC  PART  STORED  END  LAG   EVENT LAG  REC/S 1m  10m  EV/S 1m  10m  "
        "LAST COMMIT              OWNER\n"
        "demo      0      60  100   40  1 min 30 s       0.5  0.1      0.6  0.1  "
        "2026-03-01 09:59:59 UTC  host:1:0\n"
        "demo      1      60   60    0         0 s       0.5  0.1      0.6  0.1  "
        "2026-03-01 09:59:59 UTC  host:1:0 (gone)\n"
        "demo      2       -   10    7           ?       0.0  0.0      0.0  0.0  "
        "-                        -\n"
        "\n"
        "LEDGER OF  INC  PART  RECORDS  STORED  CONDENSED  EMPTY  TOMBSTONES  QUARANTINED  HOLES  "
        "LOST  EVENTS  ADDS UP\n"
        "demo         1     0        9       9          0      0           0            0      0  "
        "   0       9  yes\n"
        "demo         2     0       60      58          0      0           0            2      0  "
        "   0      70  yes\n"
        "demo         1     1       60      58          0      0           0            2      0  "
        "   0      70  NO\n"
        "\n"
        "READ FROM  FORMAT     NATIVE  ASSUMED ZONE  ASSUMED YEAR  ASSUMED DATE  INHERITED  KAFKA  "
        "NO TIME  MANIFESTS  QUARANTINED\n"
        "demo       logfmt         40            20             1             2          3      4  "
        "      5          1            2\n"
        "demo       (unknown)       0             0             0             0          0      0  "
        "      0          0            2\n"
        "demo       (others)        3             0             0             0          0      0  "
        "      0          0            0\n"
        "\n"
        "SCOPE    WATERMARK                NEWEST EVENT             BATCHES BEHIND  HELD BY\n"
        "default  2026-03-01 09:58:30 UTC  2026-03-01 10:00:00 UTC               2  demo 1\n"
        "new      -                        2026-03-01 10:00:00 UTC               0  -\n"
        "\n"
        "QUARANTINE  RECORDS  FOR EXAMPLE  INC  PART  OFFSET  FORMAT  DETAIL\n"
        "syntax            2  demo           2     0      17  -       bad \xef\xbf\xbd[31m byte\n"
        "\n"
        "NEEDS ATTENTION\n"
        "  ledger      demo partition 1 incarnation 1\n"
        "  gap         demo partition 0: offsets 5 to before 8, retention\n";
    assert_int_equal(strlen(out.ptr), sizeof(wanted) - 1);
    for (size_t i = 0; i < sizeof(wanted); i++)
        if (out.ptr[i] != wanted[i])
            fail_msg("at %zu: %.60s", i, out.ptr + i);
    static const char *const told[] = {NULL, "0123456789abcdef0123456789abcdef",
                                       "fedcba9876543210"};
    for (size_t i = 0; i < 3; i++) {
        status.own_digest = sv_from(told[i]);
        strbuf_clear(&out);
        render_status(&status, 0, &out);
        assert_int_equal(strstr(out.ptr, "another one, fedcba987654,") != NULL, i == 2);
        assert_int_equal(strstr(out.ptr, "another one") != NULL, i == 2);
        assert_int_equal(status_exit_code(&status), 1);
    }
    static const struct {
        int64_t partitions, behind;
        const char *says;
    } uses[] = {
        {0, 0, "by ana; no worker holds a partition\n"},
        {3, 0, "by ana; all workers use them\n"},
        {3, 2, "by ana; the workers of 2 of 3 partitions are about to take them up\n"},
    };
    assert_null(strstr(out.ptr, "decoding options"));
    for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); i++) {
        status.db.decoding = (struct decoding_status){SV("fedcba9876543210"), NOW, SV("ana"),
                                                      uses[i].partitions, uses[i].behind};
        strbuf_clear(&out);
        render_status(&status, 0, &out);
        assert_non_null(strstr(out.ptr, "\ndecoding options fedcba987654, applied "));
        assert_non_null(strstr(out.ptr, uses[i].says));
        assert_null(strstr(out.ptr, "have other ones"));
    }
    status.own_decoding = SV("0123456789abcdef");
    strbuf_clear(&out);
    render_status(&status, 0, &out);
    assert_non_null(strstr(out.ptr, "take them up; the files of this process have other ones, "
                                    "0123456789ab, which do not count (hindcast config apply)\n"));
    status.own_decoding = status.db.decoding.digest;
    strbuf_clear(&out);
    render_status(&status, 0, &out);
    assert_null(strstr(out.ptr, "have other ones"));
    assert_null(strstr(out.ptr, "log lines"));
    status.db.lines =
        (struct lines_status){.closed = 12, .unindexed = 2, .since = SV("2026-03-01")};
    strbuf_clear(&out);
    render_status(&status, 0, &out);
    assert_non_null(strstr(out.ptr,
                           "\nlog lines: the words of 2 of 12 partitions that are over are not "
                           "indexed yet, since 2026-03-01 (hindcast retention)\n"));
    strbuf_clear(&out);
    render_status_json(&status, &out);
    assert_non_null(strstr(out.ptr, ",\"log_partitions_over\":12,\"log_partitions_unindexed\":2,"
                                    "\"log_unindexed_since\":\"2026-03-01\","));
    readings[1].uncounted = -7;
    strbuf_clear(&out);
    render_status(&status, 0, &out);
    assert_non_null(strstr(out.ptr, "  MANIFESTS  QUARANTINED  NOT COUNTED\n"));
    assert_non_null(strstr(out.ptr, "          0            2           -7\n"));
    strbuf_clear(&out);
    render_status(&status, 40, &out);
    assert_non_null(strstr(out.ptr, "\nTOPIC  PART  STORED  END  LAG   EVENT L…\n"));
}

static void
programs_read_json(void **state)
{
    (void)state;
    struct status status = sample();
    status.db.stream_count = 2;
    status.db.scope_count = 2;
    status.db.reason_count = 1;
    status.db.reading_count = 1;
    status.broker.count = 1;
    status.db.config_digest = SV("0123");
    status.db.applied_ns = NOW - NS_PER_HOUR;
    status.db.applied_by = SV("ana");
    status.own_digest = SV("4567");
    status.db.decoding = (struct decoding_status){SV("89ab"), NOW - NS_PER_HOUR, SV("bea"), 2, 1};
    status.own_decoding = SV("cdef");
    status = judged(status, NULL, &no_limits);
    strbuf_clear(&out);
    render_status_json(&status, &out);
    assert_string_equal(
        out.ptr,
        "{\"time\":\"2026-03-01T10:00:00Z\",\"broker\":\"answers\",\"broker_reason\":null,"
        "\"cluster_id\":\"c1\",\"config_digest\":\"0123\",\"applied_at\":\"2026-03-01T09:00:00Z\","
        "\"applied_by\":\"ana\",\"own_config_digest\":\"4567\",\"decoding_digest\":\"89ab\","
        "\"decoding_applied_at\":\"2026-03-01T09:00:00Z\",\"decoding_applied_by\":\"bea\","
        "\"decoding_partitions\":2,\"decoding_partitions_behind\":1,"
        "\"own_decoding_digest\":\"cdef\",\"log_partitions_over\":0,"
        "\"log_partitions_unindexed\":0,\"log_unindexed_since\":null,\"partitions\":[{\"cluster_"
        "id\":"
        "\"c1\",\"topic\":\"demo\","
        "\"incarnation\":2,\"partition\":0,\"first_offset\":0,\"stored_offset\":60,"
        "\"end_offset\":100,\"lag\":40,\"event_lag_ms\":90000,\"records_per_second_1m\":0.500,"
        "\"records_per_second_10m\":0.100,\"events_per_second_1m\":0.600,"
        "\"events_per_second_10m\":0.120,\"max_event_time\":\"2026-03-01T09:58:30Z\","
        "\"last_commit\":\"2026-03-01T09:59:59Z\",\"owner\":\"host:1:0\",\"owner_connected\":true,"
        "\"records\":60,\"stored\":58,\"condensed\":0,\"empty\":0,\"tombstones\":0,"
        "\"quarantined\":2,\"holes\":0,\"lost\":0,\"events\":70,\"adds_up\":true}],"
        "\"older_incarnations\":[{\"cluster_id\":\"c1\",\"topic\":\"demo\",\"incarnation\":1,"
        "\"partition\":0,\"first_offset\":0,\"stored_offset\":9,\"records\":9,\"stored\":9,"
        "\"condensed\":0,\"empty\":0,\"tombstones\":0,\"quarantined\":0,\"holes\":0,\"lost\":0,"
        "\"events\":9,\"adds_up\":true}],\"read\":[{\"cluster_id\":\"c1\",\"topic\":\"demo\","
        "\"format\":\"logfmt\",\"others\":false,\"native\":40,\"assumed_zone\":20,"
        "\"assumed_year\":1,\"assumed_date\":2,\"inherited\":3,\"kafka\":4,\"none\":5,"
        "\"manifests\":1,\"quarantined\":2,\"uncounted\":0}],\"scopes\":[{\"scope\":\"default\","
        "\"watermark\":\"2026-03-01T09:58:30Z\",\"newest_event_time\":\"2026-03-01T10:00:00Z\","
        "\"batches_behind\":2,\"held_by_topic\":\"demo\",\"held_by_partition\":1},"
        "{\"scope\":\"new\",\"watermark\":null,\"newest_event_time\":\"2026-03-01T10:00:00Z\","
        "\"batches_behind\":0,\"held_by_topic\":null,\"held_by_partition\":null}],"
        "\"quarantine\":[{\"reason\":\"syntax\",\"records\":2,\"example\":{\"topic\":\"demo\","
        "\"incarnation\":2,\"partition\":0,\"offset\":17,\"format_guess\":null,"
        "\"detail\":\"bad \\u001b[31m byte\"}}],\"gaps\":[],\"attention\":[],\"exit_code\":0}\n");
}

static void
nothing_is_shown_of_nothing(void **state)
{
    (void)state;
    struct status status = {.db = {.now_ns = NOW}, .broker = {.reason = SV("--offline")}};
    status = judged(status, NULL, &no_limits);
    strbuf_clear(&out);
    render_status(&status, 0, &out);
    assert_string_equal(out.ptr, "2026-03-01 10:00:00 UTC, end offsets not asked for: --offline\n"
                                 "\nnothing was read yet\n\nnothing needs attention\n");
    strbuf_clear(&out);
    render_status_json(&status, &out);
    assert_non_null(
        strstr(out.ptr, "\"partitions\":[],\"older_incarnations\":[],\"read\":[],\"scopes\":[]"));
    assert_int_equal(status_exit_code(&status), 0);
}

static int
set_up(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    strbuf_init(&out, 0);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    strbuf_release(&out);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(partitions_are_put_side_by_side),
        cmocka_unit_test(ends_of_another_cluster_are_not_ours),
        cmocka_unit_test(limits_are_limits),
        cmocka_unit_test(what_never_may_be_is_told),
        cmocka_unit_test(a_standstill_needs_two_looks),
        cmocka_unit_test(people_read_tables),
        cmocka_unit_test(programs_read_json),
        cmocka_unit_test(nothing_is_shown_of_nothing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

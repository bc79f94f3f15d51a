/*
 * A step of the correlator (hindcast/part.h) against a real PostgreSQL: it says where it cannot be
 * told what is new, is overtaken by who saved meanwhile, finds what is stored by key and time, and
 * reads no history.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
/* cmocka wants the first four. */
#include <cmocka.h>

#include "hindcast/part.h"
#include "tests/lib/pgtest.h"
#include "tests/lib/sample_incident.h"

static struct err err;
static struct store *reader;

static void
need(int status)
{
    if (status != 0)
        fail_msg("%s: %s", err_name(err.code), err.message);
}

/* ------------------------------------------------------------------ what cannot be told */

static const char *
asked(const char *scope, int64_t configuration, bool *ret_known, bool *ret_decided)
{
    static char why[200];
    struct arena arena;
    struct part *part;
    struct part_news news;
    arena_init(&arena, 0);
    need(part_open(reader, &arena, sv_from(scope), &part, &err));
    need(part_news(part, configuration, &news, &err));
    assert_true(news.known || news.input.count == 0);
    snprintf(why, sizeof(why), "%s", news.unknown == NULL ? "" : news.unknown);
    *ret_known = news.known;
    *ret_decided = news.decided;
    part_abort(part);
    arena_release(&arena);
    return why;
}

static void
assert_unknown(const char *scope, int64_t configuration, const char *why)
{
    bool is_known, is_decided;
    assert_string_equal(asked(scope, configuration, &is_known, &is_decided), why);
    assert_int_equal(is_known, why[0] == '\0');
}

static void
save_now(const char *scope)
{
    struct arena arena;
    struct correlation_input input;
    struct cursor_position *cursor;
    size_t count;
    const struct correlation nothing = {.scope = sv_from(scope)};
    arena_init(&arena, 0);
    need(casebook_load(reader, &arena, nothing.scope, &input, &cursor, &count, &err));
    need(casebook_save(reader, &nothing, cursor, count, &err));
    arena_release(&arena);
}

/* So many alerts in one batch. */
static void
deliver_many(int count)
{
    char sql[700];
    snprintf(sql, sizeof(sql),
             "WITH s AS (UPDATE evidence.stream SET seq = seq + 1 WHERE topic = 'alerts' RETURNING "
             "stream_id, seq), b AS (INSERT INTO evidence.batch (stream_id, seq, first_offset, "
             "next_offset, records, events, decoder_version, kind) SELECT stream_id, seq, 1000000, "
             "1000000 + %d, 0, 0, 1, 'kafka' FROM s) INSERT INTO ingest.event (stream_id, "
             "record_offset, event_time, idx, scope, kind, record_kind, precision, time_source, "
             "format, uid) SELECT stream_id, 1000000 + n, '2026-03-01', 0, 'many', 'alert', "
             "'alert', 's', 'native', 'test', gen_random_uuid() FROM s, generate_series(0, %d) n",
             count, count - 1);
    pgtest_run(sql);
}

static void
what_cannot_be_told_is_said(void **state)
{
    (void)state;
    bool known, decided;
    pgtest_run("INSERT INTO evidence.stream (stream_id, cluster_id, topic, incarnation, partition, "
               "seq) VALUES (1, 'c', 'alerts', 1, 0, 7)");
    reader = pgtest_open("hindcast_correlate");
    assert_unknown("never", 0, "the scope was never correlated");
    save_now("default");
    assert_unknown("default", 0, "");
    assert_unknown("default", 3, "another configuration counts now");
    pgtest_run("UPDATE correlate.cursor SET seq = seq + 1000 WHERE scope = 'default' AND stream_id "
               "= 1");
    assert_unknown("default", 0, "its cursor lies beyond what there is");
    save_now("default");
    assert_unknown("default", 0, "");
    pgtest_run("UPDATE correlate.cursor SET seq = 1 WHERE scope = 'default' AND stream_id = 0");
    assert_unknown("default", 0, "its cursor lies beyond what there is");
    save_now("default");
    pgtest_run("INSERT INTO review.declaration (scope, declaration_id, title, from_time, "
               "declared_by) VALUES ('default', 'd', 'It is down', '2026-03-01', 'ana')");
    assert_string_equal(asked("default", 0, &known, &decided), "");
    assert_true(known && decided);
    save_now("default");
    assert_string_equal(asked("default", 0, &known, &decided), "");
    assert_true(known && !decided);
    save_now("many");
    deliver_many(PART_NEWS_MAX);
    assert_unknown("many", 0, "");
    deliver_many(0);
    save_now("many");
    pgtest_run("DELETE FROM ingest.event WHERE scope = 'many'");
    deliver_many(PART_NEWS_MAX + 1);
    assert_unknown("many", 0, "too many records came");
    save_now("many");
    pgtest_run("WITH s AS (UPDATE evidence.stream SET seq = seq + 1 WHERE topic = 'alerts' "
               "RETURNING stream_id, seq) INSERT INTO evidence.batch (stream_id, seq, "
               "first_offset, next_offset, records, events, decoder_version, kind, scopes) SELECT "
               "stream_id, seq, 0, 1, 0, 0, 1, 'redecode', '{many}' FROM s");
    assert_unknown("many", 0, "records were decoded anew");
    assert_unknown("default", 0, "");
    store_close(reader);
}

/* ------------------------------------------------------------------ others that save */

/* Whether it was overtaken when it came to lock what its parent holds. */
static int
wait_for_the_lock(void)
{
    struct arena arena;
    struct part *part;
    struct store *store = pgtest_open("hindcast_correlate");
    arena_init(&arena, 0);
    int status = part_open(store, &arena, SV("default"), &part, &err);
    if (status == 0)
        part_abort(part);
    store_close(store);
    arena_release(&arena);
    return status == 0 ? 0 : err.code == ERR_OVERTAKEN ? 10 : 1;
}

static void
until_somebody_waits(void)
{
    while (pgtest_int("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND "
                      "datname = current_database()") == 0)
        continue;
}

/* Also where that one changed nothing but the cursor, or nothing at all. */
static void
who_waits_for_another_save_is_overtaken(void **state)
{
    (void)state;
    struct arena arena;
    struct part *part;
    int status;
    const struct correlation nothing = {.scope = SV("default")};
    const struct casebook_part changed = {.correlation = &nothing};
    reader = pgtest_open("hindcast_correlate");
    arena_init(&arena, 0);
    for (int saved = 0; saved < 2; saved++) {
        struct part_news news;
        need(part_open(reader, &arena, SV("default"), &part, &err));
        need(part_news(part, 0, &news, &err));
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            _exit(wait_for_the_lock());
        until_somebody_waits();
        if (saved == 1)
            need(part_save(part, &changed, news.cursor, news.cursor_count, &err));
        if (saved == 1)
            need(part_commit(part, &err));
        else
            part_abort(part);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), saved == 1 ? 10 : 0);
    }
    arena_release(&arena);
    store_close(reader);
}

/* ------------------------------------------------------------------ what is read */

/* `days` of history, each with 2,000 lines (one of 50 is notable, one of 50 has an identity), 100
 * alerts, a batch of each, and raw records; nothing of it is analyzed. */
static void
make_history(int days)
{
    char sql[3000];
    snprintf(
        sql, sizeof(sql),
        "SELECT evidence.ensure_partitions((SELECT array_agg('2026-05-01'::date + d) FROM "
        "generate_series(0, %d) d), (SELECT array_agg(current_date - d) FROM generate_series(0, "
        "%d) d));"
        "INSERT INTO evidence.stream (stream_id, cluster_id, topic, incarnation, partition, seq) "
        "VALUES (101, 'c', 'long lines', 1, 0, %d), (102, 'c', 'long alerts', 1, 0, %d);"
        "INSERT INTO ingest.log (stream_id, record_offset, idx, event_time, scope, severity, "
        "precision, time_source, record_kind, format, uid, body) SELECT 101, d * 2000 + n, 0, "
        "'2026-05-01 00:00+00'::timestamptz + d * interval '1 day' + n * interval '43 seconds', "
        "'long', CASE WHEN n %% 50 = 0 THEN 17 ELSE 9 END, 's', 'native', 'log', 'test', CASE WHEN "
        "n %% 50 = 7 THEN md5(format('%%s/%%s', d, n))::uuid END, 'body' FROM generate_series(0, "
        "%d) d, generate_series(0, 1999) n;"
        "INSERT INTO ingest.event (stream_id, record_offset, idx, event_time, scope, kind, "
        "record_kind, precision, time_source, format, uid) SELECT 102, d * 100 + n, 0, "
        "'2026-05-01 00:00+00'::timestamptz + d * interval '1 day' + n * interval '800 seconds', "
        "'long', 'alert', 'alert', 's', 'native', 'test', md5(format('e%%s/%%s', d, n))::uuid FROM "
        "generate_series(0, %d) d, generate_series(0, 99) n;"
        "INSERT INTO evidence.batch (stream_id, seq, first_offset, next_offset, min_event_time, "
        "max_event_time, records, events, decoder_version, kind, scopes) SELECT s, d + 1, d * k, "
        "d * k + k, '2026-05-01 00:00+00'::timestamptz + d * interval '1 day', '2026-05-01 "
        "23:59+00'::timestamptz + d * interval '1 day', k, k, 1, 'kafka', '{long}' FROM "
        "generate_series(0, %d) d, (VALUES (101, 2000), (102, 100)) v(s, k)",
        days - 1, days - 1, days, days, days - 1, days - 1, days - 1);
    pgtest_run(sql);
    pgtest_run("INSERT INTO correlate.cursor SELECT 'long', stream_id, seq - (stream_id IN (101, "
               "102))::integer FROM evidence.stream");
}

static int64_t
rows_read(void)
{
    return pgtest_int(
        "SELECT (SELECT coalesce(sum(seq_tup_read), 0) FROM pg_stat_user_tables) + (SELECT "
        "coalesce(sum(idx_tup_read), 0) FROM pg_stat_user_indexes)");
}

/* The news of one day, and these records by their names. */
static void
read_last_day(int64_t *ret_news, int64_t *ret_records)
{
    struct arena arena;
    struct part *part;
    struct part_news news;
    struct observation *again;
    size_t count;
    int64_t before = rows_read();
    arena_init(&arena, 0);
    reader = pgtest_open("hindcast_correlate");
    need(part_open(reader, &arena, SV("long"), &part, &err));
    need(part_news(part, 0, &news, &err));
    assert_true(news.known);
    assert_int_equal(news.input.count, 100 + 40);
    part_abort(part);
    store_close(reader);
    *ret_news = rows_read() - before;
    struct record_name names[100 + 40];
    for (size_t i = 0; i < news.input.count; i++)
        names[i] = record_name_of(&arena, &news.input.observations[i]);
    before = rows_read();
    reader = pgtest_open("hindcast_correlate");
    need(part_open(reader, &arena, SV("long"), &part, &err));
    need(part_records(part, names, 100 + 40, &again, &count, &err));
    assert_int_equal(count, news.input.count);
    part_abort(part);
    store_close(reader);
    *ret_records = rows_read() - before;
    arena_release(&arena);
}

static void
history_is_not_read(void **state)
{
    (void)state;
    int64_t few_news, few_records, many_news, many_records;
    make_history(3);
    read_last_day(&few_news, &few_records);
    pgtest_run("DELETE FROM ingest.log WHERE scope = 'long'");
    pgtest_run("DELETE FROM ingest.event WHERE scope = 'long'");
    pgtest_run("DELETE FROM evidence.batch WHERE stream_id IN (101, 102)");
    pgtest_run("DELETE FROM evidence.stream WHERE stream_id IN (101, 102)");
    pgtest_run("DELETE FROM correlate.cursor WHERE scope = 'long'");
    make_history(30);
    read_last_day(&many_news, &many_records);
    print_message(
        "rows read of 3 days: %lld for what is new, %lld by name; of 30 days: %lld, %lld\n",
        (long long)few_news, (long long)few_records, (long long)many_news, (long long)many_records);
    assert_true(many_news < few_news * 3 / 2 && many_records < few_records * 3 / 2);
    assert_true(many_news < 1500 && many_records < 1000);
}

/* ------------------------------------------------------------------ what is stored */

static void
assert_keys(struct part *part, const struct correlation *all)
{
    struct sv asked_keys[40], *found;
    size_t count = 0;
    asked_keys[count++] = SV("no such node");
    for (size_t i = 0; i < all->node_count; i++)
        asked_keys[count++] = all->nodes[i].node_key;
    need(part_keys(part, asked_keys, count, &found, &err));
    assert_null(found[0].ptr);
    for (size_t i = 0; i < all->node_count; i++)
        assert_true(sv_empty(all->nodes[i].incident_key)
                        ? found[i + 1].ptr == NULL
                        : sv_eq(found[i + 1], all->nodes[i].incident_key));
}

static void
assert_nodes(struct part *part, const struct correlation *all)
{
    struct sv asked_keys[40];
    struct part_node *found;
    size_t count = 0, found_count, expected = 0;
    asked_keys[count++] = SV("no such incident");
    for (size_t i = 0; i < all->incident_count; i++)
        asked_keys[count++] = all->incidents[i].incident_key;
    need(part_nodes_of(part, asked_keys, count, &found, &found_count, &err));
    for (size_t i = 0; i < all->node_count; i++) {
        bool is_found = false;
        for (size_t k = 0; k < found_count; k++)
            is_found |= sv_eq(found[k].node_key, all->nodes[i].node_key) &&
                        sv_eq(asked_keys[found[k].place], all->nodes[i].incident_key);
        assert_int_equal(is_found, !sv_empty(all->nodes[i].incident_key));
        expected += is_found;
    }
    assert_int_equal(found_count, expected);
}

/* From before the first to after the last moment of each, and just not. */
static void
assert_around(struct part *part, const struct correlation *all)
{
    static const int steps[] = {-2000, -1, 0, 1, 2000};
    for (size_t i = 0; i < all->incident_count * 25; i++) {
        const struct incident *of = &all->incidents[i / 25];
        int64_t from = of->last_ns / NS_PER_MS + steps[i / 5 % 5] - 1000,
                to = of->last_ns / NS_PER_MS + steps[i % 5];
        struct sv *keys;
        size_t count, expected = 0;
        need(part_incidents_around(part, from, to, &keys, &count, &err));
        for (size_t k = 0; k < all->incident_count; k++)
            expected += all->incidents[k].first_ns <= to * NS_PER_MS &&
                        all->incidents[k].last_ns >= from * NS_PER_MS;
        assert_int_equal(count, expected);
    }
}

static void
nodes_and_incidents_are_found(void **state)
{
    (void)state;
    static const struct cursor_position cursor[] = {{0, 0}};
    const struct correlation *sample = sample_correlation();
    struct correlation elsewhere = *sample;
    struct arena arena;
    struct part *part;
    reader = pgtest_open("hindcast_correlate");
    arena_init(&arena, 0);
    elsewhere.scope = SV("elsewhere");
    pgtest_run("DELETE FROM correlate.cursor");
    need(casebook_save(reader, sample, cursor, 1, &err));
    need(casebook_save(reader, &elsewhere, cursor, 1, &err));
    need(part_open(reader, &arena, sample->scope, &part, &err));
    assert_keys(part, sample);
    assert_nodes(part, sample);
    assert_around(part, sample);
    part_abort(part);
    arena_release(&arena);
    store_close(reader);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_told_is_said),
        cmocka_unit_test(who_waits_for_another_save_is_overtaken),
        cmocka_unit_test(history_is_not_read),
        cmocka_unit_test(nodes_and_incidents_are_found),
    };
    return cmocka_run_group_tests(tests, pgtest_setup, pgtest_teardown);
}

/*
 * What a step of the correlator reads (hindcast/part.h), against a real PostgreSQL: random feeds of
 * three scopes over three streams (records that come again, as other versions, with and without a
 * time, lines with and without an identity). What is new is the difference of two loads of the
 * whole, records by name are those of the whole, and history is not read for either.
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
/* cmocka wants the four above first. */
#include <cmocka.h>

#include "hindcast/delivery.h"
#include "hindcast/part.h"
#include "tests/lib/groupworld.h"
#include "tests/lib/pgtest.h"
#include "tests/lib/sample_incident.h"

#define FEEDS 8
#define ROUNDS 8
#define STREAMS 3
#define NAMES 60                                   /* identities that records of a feed have */
#define MOMENT_NS (INT64_C(1772359200) * NS_PER_S) /* 2026-03-01T10:00Z */

static const char *const topics[STREAMS] = {"alerts", "lines", "talk"};
static const char *const scopes[] = {"default", "other", "third"};

static struct err err;
static struct store *writer, *reader;
static struct stream streams[STREAMS];
static uint64_t seed;

static void
need(int status)
{
    if (status != 0)
        fail_msg("%s: %s", err_name(err.code), err.message);
}

static int
below(int limit)
{
    return (int)(world_random(&seed) % (uint64_t)limit);
}

/* ------------------------------------------------------------------ a feed */

/* A name has one kind in one scope, so that it is the same record each time. */
static struct event
make_event(int name, bool named, int feed)
{
    static const enum event_kind kinds[] = {EVENT_LOG, EVENT_LOG, EVENT_ALERT, EVENT_CHAT};
    enum event_kind kind = named ? kinds[name % 4] : EVENT_LOG;
    struct event event = {.scope = sv_from(scopes[name % 3 == 0 ? name / 3 % 3 : 0]),
                          .kind = kind,
                          .record_kind = kind == EVENT_LOG     ? RECORD_LOG
                                         : kind == EVENT_ALERT ? RECORD_ALERT
                                                               : RECORD_CHAT,
                          .format = SV("test"),
                          .source = SV("source"),
                          .severity = below(3) == 0 ? 17 : 9,
                          .event_time_ns = MOMENT_NS + below(12) * NS_PER_DAY + below(1000),
                          .precision = PRECISION_SECOND,
                          .time_source = TIME_SOURCE_NATIVE,
                          .version = kind == EVENT_LOG ? 0 : below(3),
                          .title = SV("title"),
                          .body = below(2) == 0 ? SV("one body") : SV("another body")};
    if (below(12) == 0) {
        event.event_time_ns = TIME_NONE;
        event.precision = PRECISION_NONE;
        event.time_source = TIME_SOURCE_ABSENT;
    }
    event.identified = named;
    if (named) {
        event.uid[0] = (uint8_t)name;
        event.uid[1] = (uint8_t)feed;
    }
    return event;
}

static void
put_record(struct batch *batch, const struct stream *stream, int64_t offset, int feed)
{
    struct decode_result result = {.status = DECODE_OK};
    struct event events[2];
    size_t count = 1 + (size_t)(below(6) == 0);
    for (size_t i = 0; i < count; i++)
        events[i] = make_event(below(NAMES), below(3) != 0, feed);
    struct record record = {.topic = sv_from(stream->topic),
                            .offset = offset,
                            .kafka_time_ns = MOMENT_NS,
                            .timestamp_type = TIMESTAMP_CREATE,
                            .key = SV("key"),
                            .value = below(3) == 0 ? SV("the same") : SV("something else")};
    batch_add(batch, stream, &record, OUTCOME_STORED, events, count, &result);
}

/* One batch of one stream, of few records. */
static void
deliver(int feed)
{
    struct batch *batch = batch_new(&(struct batch_limits){.evidence = true});
    struct stream *stream = &streams[below(STREAMS)];
    int64_t offset = stream->next_offset < 0 ? 0 : stream->next_offset;
    bool fenced = false;
    for (int i = 1 + below(12); i > 0; i--)
        put_record(batch, stream, offset++, feed);
    need(store_commit(writer, batch, stream, 1, &fenced, &err));
    assert_false(fenced);
    stream->next_offset = offset;
    stream->seq++;
    batch_free(batch);
}

static void
claim_all(void)
{
    writer = pgtest_open("hindcast_ingest");
    for (size_t i = 0; i < STREAMS; i++)
        need(store_claim(writer, "c", topics[i], 0, "me", &streams[i], &err));
}

/* ------------------------------------------------------------------ two ways to read */

struct loaded {
    struct arena arena;
    struct correlation_input input;
    struct cursor_position *cursor;
    size_t cursor_count;
};

static void
load(struct loaded *loaded, const char *scope)
{
    arena_init(&loaded->arena, 0);
    need(casebook_load(reader, &loaded->arena, sv_from(scope), &loaded->input, &loaded->cursor,
                       &loaded->cursor_count, &err));
}

static void
save(const struct loaded *loaded)
{
    const struct correlation nothing = {.scope = loaded->input.scope};
    need(casebook_save(reader, &nothing, loaded->cursor, loaded->cursor_count, &err));
}

static bool
same_place(const struct observation *a, const struct observation *b)
{
    return a->at.stream_id == b->at.stream_id && a->at.offset == b->at.offset &&
           a->at.index == b->at.index;
}

static bool
same_record(const struct observation *a, const struct observation *b)
{
    return memcmp(a->event.uid, b->event.uid, UID_BYTES) == 0;
}

static void
assert_same(const struct observation *a, const struct observation *b)
{
    assert_true(same_place(a, b));
    assert_true(same_record(a, b));
    assert_memory_equal(&a->sha256, &b->sha256, sizeof(a->sha256));
    assert_memory_equal(&a->frame, &b->frame, sizeof(a->frame));
    assert_int_equal(a->event.event_time_ns, b->event.event_time_ns);
    assert_int_equal(a->event.version, b->event.version);
    assert_int_equal(a->event.severity, b->event.severity);
    assert_int_equal(a->event.kind, b->event.kind);
    assert_int_equal(a->event.identified, b->event.identified);
    assert_int_equal(a->kafka_time_ns, b->kafka_time_ns);
    assert_true(sv_eq(a->event.body, b->event.body) && sv_eq(a->topic, b->topic) &&
                sv_eq(a->cluster, b->cluster) && sv_eq(a->event.scope, b->event.scope));
    assert_int_equal(a->partition, b->partition);
    assert_int_equal(a->incarnation, b->incarnation);
}

static bool
among(const struct correlation_input *input, const struct observation *observation)
{
    for (size_t i = 0; i < input->count; i++)
        if (same_place(&input->observations[i], observation))
            return true;
    return false;
}

/* Of `now` the records with a delivery that is not in `before`. */
static size_t
assert_difference(const struct correlation_input *before, const struct correlation_input *now,
                  const struct correlation_input *news)
{
    size_t found = 0;
    for (size_t i = 0; i < now->count; i++) {
        bool is_new = false;
        for (size_t k = 0; k < now->count && !is_new; k++)
            is_new = same_record(&now->observations[i], &now->observations[k]) &&
                     !among(before, &now->observations[k]);
        if (!is_new)
            continue;
        if (found >= news->count)
            fail_msg("%zu of %zu observations are told as new", news->count, now->count);
        assert_same(&news->observations[found++], &now->observations[i]);
    }
    assert_int_equal(news->count, found);
    return found;
}

/* Every third record by what it is called. */
static void
assert_records(struct part *part, struct arena *arena, const struct correlation_input *now)
{
    struct observation *records;
    struct record_name *names = ARENA_ARRAY(arena, struct record_name, now->count + 1);
    bool *asked = ARENA_ARRAY(arena, bool, now->count + 1);
    size_t name_count = 0, count, found = 0;
    for (size_t i = 0; i < now->count; i++) {
        asked[i] = false;
        if (below(3) == 0)
            names[name_count++] = record_name_of(arena, &now->observations[i]);
    }
    for (size_t i = 0; i < now->count; i++)
        for (size_t k = 0; k < name_count && !asked[i]; k++) {
            struct record_name own = record_name_of(arena, &now->observations[i]);
            asked[i] = sv_empty(own.uid)
                           ? sv_empty(names[k].uid) && own.offset == names[k].offset &&
                                 own.index == names[k].index && sv_eq(own.topic, names[k].topic)
                           : sv_eq(own.uid, names[k].uid);
        }
    need(part_records(part, names, name_count, &records, &count, &err));
    for (size_t i = 0; i < now->count; i++)
        if (asked[i]) {
            assert_true(found < count);
            assert_same(&records[found++], &now->observations[i]);
        }
    assert_int_equal(count, found);
}

static size_t
assert_step(const struct loaded *before, const char *scope)
{
    struct arena arena;
    struct part *part;
    struct part_news news;
    struct loaded now;
    load(&now, scope);
    arena_init(&arena, 0);
    need(part_open(reader, &arena, sv_from(scope), &part, &err));
    need(part_news(part, 0, &news, &err));
    if (!news.known)
        fail_msg("it cannot be told what is new: %s", news.unknown);
    assert_int_equal(news.cursor_count, now.cursor_count);
    assert_memory_equal(news.cursor, now.cursor, now.cursor_count * sizeof(now.cursor[0]));
    size_t found = assert_difference(&before->input, &now.input, &news.input);
    assert_records(part, &arena, &now.input);
    for (size_t i = 0; i < news.input.count; i++) {
        static const struct sha256 none;
        assert_true(memcmp(&news.input.observations[i].sha256, &none, sizeof(none)) != 0);
    }
    part_abort(part);
    arena_release(&arena);
    arena_release(&now.arena);
    return found;
}

static void
news_are_the_difference_of_two_loads(void **state)
{
    (void)state;
    size_t found = 0;
    claim_all();
    reader = pgtest_open("hindcast_correlate");
    for (int feed = 1; feed <= FEEDS; feed++) {
        seed = (uint64_t)feed;
        for (int round = 0; round < ROUNDS; round++) {
            struct loaded before;
            const char *scope = scopes[below(3)];
            load(&before, scope);
            save(&before);
            for (int i = below(5); i > 0; i--)
                deliver(feed);
            found += assert_step(&before, scope);
            arena_release(&before.arena);
        }
    }
    print_message("%zu deliveries were news\n", found);
    assert_true(found > 300);
    store_close(writer);
    store_close(reader);
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
    struct loaded loaded;
    load(&loaded, scope);
    save(&loaded);
    arena_release(&loaded.arena);
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
    const struct CMUnitTest tests[] = {cmocka_unit_test(news_are_the_difference_of_two_loads),
                                       cmocka_unit_test(what_cannot_be_told_is_said),
                                       cmocka_unit_test(who_waits_for_another_save_is_overtaken),
                                       cmocka_unit_test(nodes_and_incidents_are_found)};
    return cmocka_run_group_tests(tests, pgtest_setup, pgtest_teardown);
}

/*
 * What a step of the correlator reads (hindcast/part.h), against a real PostgreSQL: random feeds of
 * three scopes over three streams (records that come again, as other versions, with and without a
 * time, lines with and without an identity). What is new is the difference of two loads of the
 * whole, and records by name are those of the whole.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include "hindcast/delivery.h"
#include "hindcast/part.h"
#include "hindcast/retention.h"
#include "tests/lib/groupworld.h"
#include "tests/lib/pgtest.h"

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
static size_t with_digest, removed;

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

/* Lines and raw records of all days so far go, but what a correlator reads of them. */
static void
retain(void)
{
    struct arena arena;
    struct partition_info *due;
    struct retention_limits limits = {below(2) * 30, below(2) * 30};
    size_t count;
    int64_t kept;
    struct store *owner = pgtest_open("hindcast_owner");
    arena_init(&arena, 0);
    pgtest_run("SELECT evidence.ensure_partitions('{}', ARRAY[current_date - 40])");
    pgtest_run("UPDATE evidence.segment SET day = current_date - 40 WHERE day = current_date");
    need(retention_begin(owner, &err));
    need(retention_due(owner, &arena, &limits, &due, &count, &err));
    for (size_t i = 0; i < count; i++)
        need(retention_remove(owner, &due[i], NS_PER_S, NULL, &kept, &err));
    removed += count;
    arena_release(&arena);
    store_close(owner);
    need(store_reconnect(writer, &err)); /* it knows partitions that are gone */
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
        with_digest += memcmp(&news.input.observations[i].sha256, &none, sizeof(none)) != 0;
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
            if (below(3) == 0)
                retain();
            found += assert_step(&before, scope);
            arena_release(&before.arena);
        }
    }
    print_message("%zu deliveries were news, %zu partitions went\n", found, removed);
    assert_true(found > 300 && with_digest > found * 9 / 10 && removed > 10);
    store_close(writer);
    store_close(reader);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(news_are_the_difference_of_two_loads)};
    return cmocka_run_group_tests(tests, pgtest_setup, pgtest_teardown);
}

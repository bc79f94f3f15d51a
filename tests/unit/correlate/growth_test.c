/*
 * What one incident costs as it grows: four times the records take at most eight times the
 * processor's time to tell, whatever they are (n log n is 4.7 times, all pairs are 16). And rows of
 * an incident go when it is told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <string.h>
#include <time.h>

#include "correlate/grouped.h"

#define BEGIN_NS (INT64_C(1772100000) * NS_PER_S) /* 2026-02-26T10:00:00Z */
#define GROWTH 4
#define TIMES_MOST 8
#define RUNS 2

static struct arena arena;
static struct observation *rows;
static size_t row_count;

static struct event *
add(int64_t ms, enum event_kind kind, enum record_kind record, struct sv text)
{
    struct observation *row = &rows[row_count];
    *row = (struct observation){.topic = SV("t"), .incarnation = 1};
    row->at.offset = (int64_t)row_count;
    struct event *event = &row->event;
    event->kind = kind;
    event->record_kind = record;
    event->title = event->body = text;
    event->event_time_ns = BEGIN_NS + ms * NS_PER_MS;
    event->precision = PRECISION_MILLISECOND;
    event->scope = SV("default");
    event->incident_ref = SV("P1");
    memcpy(event->uid, &row_count, sizeof(row_count));
    sha256_of(&row_count, sizeof(row_count), &row->sha256);
    row_count++;
    return event;
}

static void
alert(size_t i, int64_t ms)
{
    struct event *event = add(ms, EVENT_ALERT, RECORD_ALERT,
                              arena_printf(&arena, "Alert %zu fires on host %zu", i % 50, i));
    event->source = SV("monitor");
    event->fingerprint = arena_printf(&arena, "f%zu", i);
    event->service = SV("checkout");
    event->severity = SEVERITY_ERROR;
    event->phase = i % 3 == 2 ? PHASE_RESOLVE : PHASE_TRIGGER;
}

static void
say(int64_t ms, struct sv actor, struct sv text)
{
    struct event *event = add(ms, EVENT_CHAT, RECORD_CHAT, text);
    event->source = SV("chat");
    event->actor = actor;
    event->channel = SV("ops");
    event->phase = PHASE_POST;
}

static void
change(int64_t ms, enum record_kind record, struct sv actor, struct sv text)
{
    struct event *event = add(ms, EVENT_CHANGE, record, text);
    event->source = SV("git:shop");
    event->actor = actor;
    event->ref = arena_printf(&arena, "%08zxabcd", row_count * 2654435761U % 0xffffffffU);
    event->phase = PHASE_SUCCEEDED;
}

static void
add_storm(size_t i, int64_t ms)
{
    alert(i, ms);
}

/* Talk that does something in each line. */
static void
add_talk(size_t i, int64_t ms)
{
    static const char *const texts[] = {"rolled back checkout",    "that did not help",
                                        "restarted the ledger",    "still failing",
                                        "it works again",          "error rate is back to normal",
                                        "could be the ledger",     "looking at it",
                                        "no change after restart", "I think the deploy broke it"};
    say(ms, arena_printf(&arena, "p%zu", i % 7), sv_from(texts[i * 7 % 10]));
}

/* Merges of branches that talk names, and commits that none of them brought in. */
static void
add_merges(size_t i, int64_t ms)
{
    struct sv person = arena_printf(&arena, "person%zu", i % 30);
    if (i % 3 == 0)
        change(ms, RECORD_MERGE, SV("bot"),
               arena_printf(&arena, "Merge pull request #%zu from " SV_FMT "/raise-pool-%zu",
                            i + 10, SV_ARG(person), i));
    else if (i % 3 == 1)
        change(ms, RECORD_COMMIT, person, arena_printf(&arena, "Lower the limit of queue %zu", i));
    else
        say(ms, SV("mia"), arena_printf(&arena, "#%zu looks wrong", i + 8));
}

/* Everybody says one thing. */
static void
add_people(size_t i, int64_t ms)
{
    say(ms, arena_printf(&arena, "First%zu Last%zu", i % 3001, i % 2003), SV("it is down for me"));
}

static void
add_lines(size_t i, int64_t ms)
{
    char word[8];
    for (size_t k = 0; k < sizeof(word) - 1; k++, i /= 26)
        word[k] = (char)('a' + i % 26);
    word[sizeof(word) - 1] = '\0';
    struct event *event =
        add(ms, EVENT_LOG, RECORD_LOG, arena_printf(&arena, "cannot do %s any more", word));
    event->source = SV("app");
    event->service = SV("checkout");
    event->severity = SEVERITY_ERROR;
}

static int64_t
cpu_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* The least of a few runs, in an hour of so many records. */
static int64_t
time_to_tell(void (*kind)(size_t i, int64_t ms), size_t count)
{
    struct correlation_config config;
    struct teller teller;
    struct grouped grouped;
    struct tell_input all;
    struct told told;
    struct err err;
    int64_t least = INT64_MAX;
    arena_reset(&arena);
    rows = ARENA_ARRAY(&arena, struct observation, count + 1);
    row_count = 0;
    alert(0, 0);
    for (size_t i = 1; i < count; i++)
        kind(i, (int64_t)(i * 3600000 / count));
    struct correlation_input input = {
        .scope = SV("default"), .observations = rows, .count = row_count};
    correlation_config_default(&config);
    assert_int_equal(teller_init(&arena, &config, input.scope, &teller, &err), 0);
    assert_int_equal(grouped_make(&arena, &teller, &input, &grouped, &err), 0);
    for (int run = 0; run < RUNS; run++) {
        grouped_input(&arena, &grouped, &all);
        int64_t begin = cpu_ns();
        tell_incidents(&arena, &teller, &all, &told);
        int64_t took = cpu_ns() - begin;
        least = took < least ? took : least;
        assert_int_equal(told.incident_count, 1);
        assert_true(told.incidents[0].entry_count >= count / 2);
    }
    return least;
}

static void
a_story_grows_almost_evenly(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        void (*add)(size_t i, int64_t ms);
        size_t least;
    } kinds[] = {{"a storm of alerts", add_storm, 6000},
                 {"talk", add_talk, 2000},
                 {"merges that are named", add_merges, 3000},
                 {"people", add_people, 3000},
                 {"log lines", add_lines, 3000}};
    arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        int64_t few = time_to_tell(kinds[i].add, kinds[i].least);
        int64_t many = time_to_tell(kinds[i].add, GROWTH * kinds[i].least);
        print_message("%s: %zu rows %lld us, %d times as many %lld us\n", kinds[i].name,
                      kinds[i].least, (long long)few / 1000, GROWTH, (long long)many / 1000);
        if (many > TIMES_MOST * few)
            fail_msg("%s: %d times as many rows take %lld times as long", kinds[i].name, GROWTH,
                     (long long)(many / few));
    }
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_story_grows_almost_evenly)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * correlate_run() where there is very much of one sort: whatever has a cap is tried one below, at
 * and one above it, and what is rare must not give way to what is many. The records are made here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <string.h>

#include "base/strbuf.h"
#include "correlate/story/phrases.h"
#include "hindcast/correlation.h"

#define BEGIN_NS (INT64_C(1772100000) * NS_PER_S) /* 2026-02-26T10:00:00Z */
#define ROWS_MAX 2000

static struct arena arena;
static struct observation rows[ROWS_MAX];
static size_t row_count;

static int
setup(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    row_count = 0;
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct event *
add(int64_t second, enum event_kind kind, enum record_kind record, struct sv text)
{
    assert_true(row_count < ROWS_MAX);
    struct observation *row = &rows[row_count++];
    *row = (struct observation){.topic = SV("t"), .incarnation = 1};
    row->at.offset = (int64_t)row_count;
    struct event *event = &row->event;
    event->kind = kind;
    event->record_kind = record;
    event->source = SV("made");
    event->title = event->body = text;
    event->event_time_ns = BEGIN_NS + second * NS_PER_S;
    event->precision = PRECISION_SECOND;
    event->scope = SV("default");
    memcpy(event->uid, &row_count, sizeof(row_count));
    sha256_of(&row_count, sizeof(row_count), &row->sha256);
    return event;
}

static void
alert(int64_t second)
{
    struct event *event = add(second, EVENT_ALERT, RECORD_ALERT, SV("Checkout fails"));
    event->service = SV("checkout");
    event->fingerprint = SV("a1");
    event->phase = PHASE_TRIGGER;
    event->severity = SEVERITY_ERROR;
}

static struct event *
logged(int64_t second, struct sv text)
{
    struct event *event = add(second, EVENT_LOG, RECORD_LOG, text);
    event->service = SV("checkout");
    event->severity = SEVERITY_ERROR;
    return event;
}

/* The one incident there is. */
static const struct incident *
correlate(void)
{
    struct correlation_input input = {
        .scope = SV("default"), .observations = rows, .count = row_count};
    struct correlation_config config;
    struct correlation *result = ARENA_NEW(&arena, struct correlation);
    struct err err;
    correlation_config_default(&config);
    assert_int_equal(correlate_run(&arena, &input, &config, result, &err), 0);
    assert_int_equal(result->incident_count, 1);
    return &result->incidents[0];
}

/* Lines of the service that alerts, of one shape; each has a value of its own in one field. */
static void
lines_that_differ_stay_with_their_alert(void **state)
{
    (void)state;
    static const size_t counts[] = {15, 16, 17, 64, 65, 500};
    for (int field = 0; field < 4; field++)
        for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++) {
            row_count = 0;
            alert(0);
            for (size_t i = 0; i < counts[c]; i++) {
                struct sv value = arena_printf(&arena, "%06zu", i);
                struct event *event = logged(1 + (int64_t)i % 60, SV("payment failed"));
                struct sv *fields[] = {&event->trace_id, &event->correlation_key, &event->host,
                                       &event->ref};
                *fields[field] = value;
            }
            const struct incident *incident = correlate();
            if (incident->record_count != (int64_t)counts[c] + 1)
                fail_msg("field %d, %zu lines: %lld records in the timeline", field, counts[c],
                         (long long)incident->record_count);
            assert_int_equal(incident->entry_count, 2);
            arena_reset(&arena);
        }
}

/* A row keeps so many samples and counts the others. */
static void
samples_of_a_row_have_a_cap(void **state)
{
    (void)state;
    for (size_t count = ENTRY_EVIDENCE_MAX - 1; count <= ENTRY_EVIDENCE_MAX + 1; count++) {
        row_count = 0;
        alert(0);
        for (size_t i = 0; i < count; i++)
            logged(1, SV("payment failed"));
        const struct incident *incident = correlate();
        assert_int_equal(incident->entry_count, 2);
        const struct entry *entry = &incident->entries[1];
        assert_int_equal(entry->occurrences, count);
        assert_int_equal(entry->evidence_count,
                         count < ENTRY_EVIDENCE_MAX ? count : ENTRY_EVIDENCE_MAX);
        assert_int_equal(incident->record_count, count + 1);
    }
}

static struct event *
said(int64_t second, const char *actor, struct sv text)
{
    struct event *event = add(second, EVENT_CHAT, RECORD_CHAT, text);
    event->actor = sv_from(actor);
    event->channel = SV("ops");
    event->service = SV("checkout");
    event->phase = PHASE_POST;
    return event;
}

static const struct entry *
entry_at(const struct incident *incident, int64_t second)
{
    for (size_t i = 0; i < incident->entry_count; i++)
        if (incident->entries[i].time_ns == BEGIN_NS + second * NS_PER_S)
            return &incident->entries[i];
    fail_msg("no entry at %lld s", (long long)second);
    return NULL;
}

static bool
has_reason(const struct entry *entry, struct sv name)
{
    for (size_t i = 0; i < entry->reason_count; i++)
        if (sv_eq(entry->reasons[i].name, name))
            return true;
    return false;
}

/* Ids in hexadecimal that a tool pours out, then a person who names the commit. */
static void
ids_do_not_hide_the_commit_that_is_named(void **state)
{
    (void)state;
    static const size_t counts[] = {4095, 4096, 4097, 20000};
    for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++) {
        row_count = 0;
        struct event *commit = add(-60, EVENT_CHANGE, RECORD_COMMIT, SV("Read the new flag"));
        commit->service = SV("checkout");
        commit->ref = SV("3f2a9c1d00");
        alert(0);
        for (size_t made = 0, line = 0; made < counts[c]; line++) {
            struct strbuf text;
            strbuf_init(&text, 0);
            for (size_t i = 0; i < 400 && made < counts[c]; i++, made++)
                strbuf_addf(&text, "%07zx ", made);
            said(1 + (int64_t)line, "tool", arena_copy(&arena, strbuf_view(&text)));
            strbuf_release(&text);
        }
        said(300, "mia", SV("3f2a9c1 looks wrong to me, we will take it back"));
        if (!has_reason(entry_at(correlate(), -60), SV("named_in_chat")))
            fail_msg("%zu ids hide the commit", counts[c]);
        arena_reset(&arena);
    }
}

/* A long paste before or after what somebody says. */
static void
a_paste_does_not_hide_what_is_said(void **state)
{
    (void)state;
    static const size_t counts[] = {TEXT_WORDS_MAX - 6, TEXT_WORDS_MAX - 5, TEXT_WORDS_MAX - 4,
                                    TEXT_WORDS_MAX + 1, 9000};
    static const char words[] = "we rolled back checkout to 2.13";
    for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++)
        for (int first = 0; first < 2; first++) {
            struct strbuf text;
            row_count = 0;
            strbuf_init(&text, 0);
            if (first)
                strbuf_add_text(&text, words);
            for (size_t i = 0; i < counts[c]; i++)
                strbuf_add_text(&text, " queue");
            if (!first)
                strbuf_addf(&text, " %s", words);
            alert(0);
            said(60, "mia", arena_copy(&arena, strbuf_view(&text)));
            strbuf_release(&text);
            if (entry_at(correlate(), 60)->act != ACT_ROLLBACK)
                fail_msg("%zu words %s hide a rollback", counts[c], first ? "after" : "before");
            arena_reset(&arena);
        }
}

/* What a text lacks in the middle is no bridge: words of its two ends make no phrase together. */
static void
the_ends_of_a_long_text_do_not_touch(void **state)
{
    (void)state;
    struct phrase_rules rules;
    struct err err;
    struct strbuf text;
    strbuf_init(&text, 0);
    for (size_t i = 0; i < TEXT_WORDS_MAX / 2 - 1; i++)
        strbuf_add_text(&text, "x ");
    strbuf_add_text(&text, "rolled ");
    for (size_t i = 0; i < TEXT_WORDS_MAX; i++)
        strbuf_add_text(&text, "y ");
    strbuf_add_text(&text, "back ");
    for (size_t i = 0; i < TEXT_WORDS_MAX / 2 - 1; i++)
        strbuf_add_text(&text, "z ");
    struct words words = words_of(&arena, strbuf_view(&text));
    assert_true(words_have(words, SV("rolled")) && words_have(words, SV("back")));
    assert_false(words_have(words, SV("y")));
    static const char *const phrases[] = {"rolled back", "rolled ~ back"};
    for (size_t i = 0; i < 2; i++) {
        struct sv line = arena_printf(&arena, "r\trollback\t1\t-\t%s\n", phrases[i]);
        assert_int_equal(phrase_rules_read(&arena, line, &rules, &err), 0);
        assert_false(phrase_rule_fits(&rules, &rules.rules[0], words));
        assert_true(phrase_rule_fits(&rules, &rules.rules[0],
                                     words_of(&arena, SV("rolled it back"))) == (i == 1));
    }
    strbuf_release(&text);
}

/* A change counts as far when nothing tells of trouble from 15 min before to 60 min after it. */
static void
changes_are_far_or_near(void **state)
{
    (void)state;
    static const struct {
        int64_t second; /* of the change; the alert is at 0 */
        bool far;
    } cases[] = {{-3600, false}, {-3601, true}, {0, false}, {900, false}, {901, true}};
    for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++)
        for (int told = 0; told < 3; told++) {
            row_count = 0;
            alert(0);
            struct event *change = add(cases[c].second, EVENT_CHANGE, RECORD_DEPLOY, SV("Deploy"));
            change->service = SV("checkout");
            change->incident_ref = rows[0].event.incident_ref = SV("P1");
            /* The admin log counts only where nothing else tells of trouble. */
            struct event *sal = add(cases[c].second, EVENT_NOTE, RECORD_SAL, SV("restarted it"));
            sal->incident_ref = SV("P1");
            if (told == 1)
                rows[2].event.event_time_ns += 40 * NS_PER_HOUR;
            if (told == 2)
                said(cases[c].second + 3600, "mia", SV("it is down"))->incident_ref = SV("P1");
            const struct incident *incident = correlate();
            assert_int_equal(incident->entry_count, told == 2 ? 4 : 3);
            bool far = false;
            for (size_t i = 0; i < incident->entry_count; i++)
                far = far || has_reason(&incident->entries[i], SV("far_from_evidence"));
            assert_int_equal(far, cases[c].far && told != 2);
        }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lines_that_differ_stay_with_their_alert, setup, teardown),
        cmocka_unit_test_setup_teardown(samples_of_a_row_have_a_cap, setup, teardown),
        cmocka_unit_test_setup_teardown(ids_do_not_hide_the_commit_that_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(changes_are_far_or_near, setup, teardown),
        cmocka_unit_test_setup_teardown(a_paste_does_not_hide_what_is_said, setup, teardown),
        cmocka_unit_test_setup_teardown(the_ends_of_a_long_text_do_not_touch, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * What was decided of an incident stays with it when the record that names it leaves: whether that
 * goes to another incident, to one of its own or to none, and in any order of arrival. Two
 * incidents of ours, a shop's and a mail server's, of two alerts each.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include "hindcast/casebook.h"

#define BEGIN_NS (INT64_C(1772100000) * NS_PER_S) /* 2026-02-26T10:00:00Z */
#define ROWS 4
#define DECISIONS_MAX 8

enum row { SHOP, SHOP_TOO, MAIL, MAIL_TOO, NOBODY };

static struct arena arena;
static struct observation rows[ROWS];
static struct decision decisions[DECISIONS_MAX];
static size_t decision_count;
static struct correlation result;
static struct err err;

static void
add(enum row at, int second, const char *service, const char *text)
{
    struct observation *row = &rows[at];
    *row = (struct observation){.topic = SV("t"), .incarnation = 1};
    row->at.offset = (int64_t)at;
    struct event *event = &row->event;
    event->kind = EVENT_ALERT;
    event->record_kind = RECORD_ALERT;
    event->source = SV("monitor");
    event->title = event->body = sv_from(text);
    event->event_time_ns = BEGIN_NS + second * NS_PER_S;
    event->precision = PRECISION_SECOND;
    event->scope = SV("default");
    event->service = sv_from(service);
    event->severity = SEVERITY_ERROR;
    event->phase = PHASE_TRIGGER;
    event->uid[0] = (uint8_t)(0xa0 + at);
    sha256_of(&at, sizeof(at), &row->sha256);
}

static struct sv
uid(enum row at)
{
    return arena_hex(&arena, rows[at].event.uid, UID_BYTES);
}

static void
say(enum decision_verb verb, int minute, enum row incident, enum row row, const char *value)
{
    struct decision *decision = &decisions[decision_count++];
    struct decision_row *named = ARENA_NEW(&arena, struct decision_row);
    *decision = (struct decision){.verb = verb,
                                  .at_ns = BEGIN_NS + NS_PER_DAY + minute * NS_PER_MINUTE,
                                  .author = SV("mara"),
                                  .incident = uid(incident),
                                  .value = sv_from(value),
                                  .time_ns = TIME_NONE};
    if (verb == DECISION_NOTE)
        decision->time_ns = BEGIN_NS;
    if (verb == DECISION_MERGE)
        decision->target = uid(MAIL);
    if (row != NOBODY) {
        *named = (struct decision_row){.event = uid(row), .time_ns = TIME_NONE};
        decision->rows = named;
        decision->row_count = 1;
    }
    assert_int_equal(decision_seal(&arena, decision, &err), 0);
}

/* Of the incident that holds this alert; NULL: none does. */
static const struct incident *
of(enum row at)
{
    struct sv key = sv_of((const char *)rows[at].event.uid, UID_BYTES);
    for (size_t i = 0; i < result.incident_count; i++)
        for (size_t k = 0; k < result.incidents[i].entry_count; k++)
            if (sv_eq(result.incidents[i].entries[k].uid, key))
                return &result.incidents[i];
    return NULL;
}

static bool
has_note(const struct incident *incident)
{
    for (size_t i = 0; i < incident->entry_count; i++)
        if (incident_note(incident, &incident->entries[i]) != NULL)
            return true;
    return false;
}

static void
correlate(void)
{
    struct correlation_config config;
    struct decision kept;
    struct correlation_input input = {.scope = SV("default"),
                                      .observations = rows,
                                      .count = ROWS,
                                      .decisions = decisions,
                                      .decision_count = decision_count};
    correlation_config_default(&config);
    kept = decisions[0]; /* the order of arrival tells nothing */
    decisions[0] = decisions[decision_count - 1];
    decisions[decision_count - 1] = kept;
    assert_int_equal(correlate_run(&arena, &input, &config, &result, &err), 0);
}

static int
begin(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    decision_count = 0;
    add(SHOP, 0, "checkout", "checkout answers with errors");
    add(SHOP_TOO, 60, "checkout", "checkout is slow");
    add(MAIL, 7200, "mail", "mail queue is long");
    add(MAIL_TOO, 7260, "mail", "mail is late");
    say(DECISION_TITLE, 1, MAIL, NOBODY, "mail was late");
    say(DECISION_NOTE, 2, MAIL, NOBODY, "phone call");
    return 0;
}

static int
end(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void
expect_all_at(enum row at, size_t unmatched)
{
    const struct incident *incident = of(at);
    assert_non_null(incident);
    assert_string_equal(arena_strdup(&arena, incident->title), "mail was late");
    assert_true(has_note(incident));
    assert_int_equal(incident_unmatched(incident), unmatched);
}

static void
what_belongs_to_none_leaves_the_rest(void **state)
{
    (void)state;
    say(DECISION_DETACH, 3, MAIL, MAIL, NULL);
    correlate();
    assert_null(of(MAIL));
    expect_all_at(MAIL_TOO, 0);
    assert_int_equal(of(MAIL_TOO)->decision_count, 3);
}

/* Decided before anybody saw what the last decision made of the incident. */
static void
what_was_meant_by_its_name_goes_on(void **state)
{
    (void)state;
    say(DECISION_DETACH, 0, MAIL, MAIL, NULL);
    correlate();
    expect_all_at(MAIL_TOO, 0);
    say(DECISION_MERGE, 3, SHOP, NOBODY, NULL);
    correlate();
    assert_ptr_equal(of(SHOP), of(MAIL_TOO));
    expect_all_at(SHOP, 0);
}

static void
what_joins_another_leaves_words_behind(void **state)
{
    (void)state;
    say(DECISION_ATTACH, 3, SHOP, MAIL, NULL);
    correlate();
    assert_ptr_equal(of(MAIL), of(SHOP));
    assert_false(has_note(of(SHOP)));
    expect_all_at(MAIL_TOO, 0);
}

static void
what_is_split_leaves_words_behind(void **state)
{
    (void)state;
    say(DECISION_SPLIT, 3, MAIL, MAIL, NULL);
    correlate();
    assert_non_null(of(MAIL));
    assert_ptr_not_equal(of(MAIL), of(MAIL_TOO));
    assert_false(has_note(of(MAIL)));
    expect_all_at(MAIL_TOO, 0);
}

/* One after the other, until nothing is left: then they are kept, in no incident. */
static void
what_is_left_by_all_is_kept(void **state)
{
    (void)state;
    say(DECISION_DETACH, 3, MAIL, MAIL, NULL);
    say(DECISION_DETACH, 4, MAIL_TOO, MAIL_TOO, NULL);
    correlate();
    assert_null(of(MAIL_TOO));
    size_t loose = 0;
    for (size_t i = 0; i < result.node_count; i++)
        loose += sv_eq(result.nodes[i].source, SV("decided"));
    assert_int_equal(loose, 4);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_belongs_to_none_leaves_the_rest, begin, end),
        cmocka_unit_test_setup_teardown(what_was_meant_by_its_name_goes_on, begin, end),
        cmocka_unit_test_setup_teardown(what_joins_another_leaves_words_behind, begin, end),
        cmocka_unit_test_setup_teardown(what_is_split_leaves_words_behind, begin, end),
        cmocka_unit_test_setup_teardown(what_is_left_by_all_is_kept, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

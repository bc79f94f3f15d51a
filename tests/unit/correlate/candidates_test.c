/*
 * Candidate incidents: what opens one without an alert, what does not, how it is bounded, that an
 * incident of alerts loses nothing to one, and the same in any order. Talk and changes of our own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <string.h>

#include "base/strbuf.h"
#include "hindcast/correlation.h"

#define BEGIN_NS (INT64_C(1772100000) * NS_PER_S) /* 2026-02-26T10:00:00Z */
#define ROWS_MAX 64

static struct arena arena;
static struct observation rows[ROWS_MAX];
static size_t row_count;
static struct sv people; /* who is who */

static struct event *
add(int minute, enum record_kind record, const char *source, const char *text)
{
    static const enum event_kind kinds[] = {
        EVENT_NO_KIND,
#define RECORD_KIND(name, word, kind, meaning) EVENT_##kind,
#include "hindcast/event.def"
    };
    assert_true(row_count < ROWS_MAX);
    struct observation *row = &rows[row_count];
    *row = (struct observation){.topic = SV("t"), .incarnation = 1};
    row->at.offset = (int64_t)row_count;
    row->event = (struct event){.kind = kinds[record],
                                .record_kind = record,
                                .source = sv_from(source),
                                .title = sv_from(text),
                                .body = sv_from(text),
                                .event_time_ns = BEGIN_NS + minute * NS_PER_MINUTE,
                                .precision = PRECISION_SECOND,
                                .scope = SV("default")};
    row->event.uid[0] = (uint8_t)(row_count + 1);
    sha256_of(&row_count, sizeof(row_count), &row->sha256);
    row_count++;
    return &row->event;
}

static struct event *
say(int minute, const char *channel, const char *actor, const char *text)
{
    struct event *event = add(minute, RECORD_CHAT, "slack:acme", text);
    event->channel = sv_from(channel);
    event->actor = sv_from(actor);
    event->phase = PHASE_POST;
    return event;
}

static struct event *
commit(int minute, const char *source, const char *text)
{
    struct event *event = add(minute, RECORD_COMMIT, source, text);
    event->actor = SV("ana");
    return event;
}

static void
alert(int minute, enum event_phase phase)
{
    struct event *event = add(minute, RECORD_ALERT, "am", "ErrorsHigh");
    event->fingerprint = SV("errors");
    event->severity = SEVERITY_ERROR;
    event->phase = phase;
}

static struct correlation
correlated(void)
{
    struct correlation_input input = {
        .scope = SV("default"), .observations = rows, .count = row_count};
    struct correlation_config config;
    struct correlation result;
    struct err err;
    correlation_config_default(&config);
    config.people = people;
    assert_int_equal(correlate_run(&arena, &input, &config, &result, &err), 0);
    return result;
}

/* The only incident there is. */
static const struct incident *
only(void)
{
    static struct correlation result;
    result = correlated();
    assert_int_equal(result.incident_count, 1);
    return &result.incidents[0];
}

static bool
says(const struct incident *incident, const char *reason)
{
    for (size_t i = 0; i < incident->because_count; i++)
        if (sv_eq(incident->because[i], sv_from(reason)))
            return true;
    return false;
}

static int
minutes(int64_t ns)
{
    return (int)((ns - BEGIN_NS) / NS_PER_MINUTE);
}

/* ------------------------------------------------------------------- what opens */

static void
a_channel_named_after_an_incident_opens(void **state)
{
    static const char *const named[] = {"inc-2041-checkout", "incident-2026-02-26-db",
                                        "outage_search", "sev1-login", "war-room-7"};
    (void)state;
    for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
        row_count = 0;
        say(0, named[i], "mia", "let us meet here");
        say(3, named[i], "tom", "on my way");
        const struct incident *incident = only();
        assert_int_equal(incident->opened, OPENED_TALK);
        assert_true(incident->raised && !incident->declared);
        assert_int_equal(incident->alert_count, 0);
        assert_int_equal(incident->entry_count, 2);
    }
}

static void
other_channels_and_programs_open_nothing(void **state)
{
    static const char *const others[] = {"incident-response", "incident-review", "postmortems",
                                         "since-monday",      "province",        "general"};
    (void)state;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        row_count = 0;
        say(0, others[i], "mia", "let us meet here");
        assert_int_equal(correlated().incident_count, 0);
    }
    row_count = 0;
    say(0, "inc-2041", "mia", "set up by the tool")->actor_type = ACTOR_BOT;
    assert_int_equal(correlated().incident_count, 0);
}

/* However they write themselves, and whatever account they have: a program of a table is nobody. */
static void
one_person_of_many_names_counts_once(void **state)
{
    static const char *const names[] = {"Mia Berg", "berg, mia", "MIA BERG (away)", "U1"};
    (void)state;
    row_count = 0;
    for (int i = 0; i < 4; i++)
        say(i, "ops", names[i], "checkout is down");
    struct event *user = add(0, RECORD_PERSON, "slack", "Mia Berg");
    user->fingerprint = SV("U1");
    user->actor = SV("Mia Berg");
    user->format = SV("slack_user");
    user->event_time_ns = TIME_NONE;
    assert_int_equal(correlated().incident_count, 0);
    user = add(0, RECORD_PERSON, "slack", "Watcher");
    user->fingerprint = SV("U2");
    user->actor = SV("Watcher");
    user->actor_type = ACTOR_BOT;
    user->format = SV("slack_user");
    user->event_time_ns = TIME_NONE;
    say(5, "ops", "U2", "users report failed payments");
    assert_int_equal(correlated().incident_count, 0);
    say(6, "ops", "tom", "users report failed payments");
    say(7, "ops", "kim", "seeing timeouts, too");
    assert_true(says(only(), "people told of trouble in #ops"));
}

/* One line, and not all of a long one. */
static void
a_title_is_one_line(void **state)
{
    (void)state;
    row_count = 0;
    say(0, "ops", "mia", "hmmm\ncheckout is down for me");
    say(5, "ops", "tom", "users report failed payments");
    say(7, "ops", "kim", "seeing timeouts, too");
    assert_true(sv_eq(only()->title, SV("checkout is down for me")));
    row_count = 0;
    say(0, "ops", "mia",
        "checkout is down and it shows a blank page with a button in the middle when I try to "
        "pay with the card of my bank or another one");
    say(5, "ops", "tom", "users report failed payments");
    say(7, "ops", "kim", "seeing timeouts, too");
    const struct sv title = only()->title;
    assert_true(title.len <= 123);
    assert_true(sv_ends(title, SV("\xE2\x80\xA6")));
}

static void
people_who_tell_of_trouble_open(void **state)
{
    (void)state;
    row_count = 0;
    say(0, "ops", "mia", "checkout is down");
    assert_int_equal(correlated().incident_count, 0);
    say(5, "ops", "mia", "carts are down as well"); /* she counts once */
    assert_int_equal(correlated().incident_count, 0);
    say(8, "ops", "tom", "users report failed payments");
    say(90, "other", "eve", "our printer is broken");
    assert_int_equal(correlated().incident_count, 0);
    say(12, "ops", "kim", "seeing timeouts, too");
    const struct incident *incident = only();
    assert_true(says(incident, "people told of trouble in #ops"));
    assert_true(sv_eq(incident->place, SV("#ops")));
    assert_true(sv_eq(incident->title, SV("checkout is down")));
    assert_int_equal(minutes(incident->first_ns), 0);
    assert_int_equal(minutes(incident->last_ns), 12);
}

static void
a_declaration_in_chat_and_a_topic_open(void **state)
{
    (void)state;
    row_count = 0;
    say(0, "ops", "mia", "I am declaring an incident, search returns nothing");
    assert_true(says(only(), "an incident was declared in #ops"));
    row_count = 0;
    say(0, "ops", "mia", "outage: search returns nothing")->phase = PHASE_TOPIC;
    assert_true(says(only(), "the topic of #ops was set to an incident"));
}

/* ---------------------------------------------------------------------- changes */

static void
a_change_taken_back_soon_opens(void **state)
{
    (void)state;
    row_count = 0;
    commit(0, "git:shop", "Raise the pool");
    commit(20, "git:shop", "Tidy the docs");
    commit(40, "git:shop", "Revert \"Raise the pool\"");
    commit(45, "git:blog", "Add a post");
    const struct incident *incident = only();
    assert_int_equal(incident->opened, OPENED_CHANGE);
    assert_false(incident->raised); /* nobody talks of it */
    assert_true(says(incident, "a change of git:shop was taken back within a day"));
    assert_int_equal(minutes(incident->first_ns), 0);
    assert_int_equal(incident->entry_count, 3); /* not what is of another source */
    say(50, "ops", "mia", "checkout is down");
    incident = only();
    assert_int_equal(incident->opened, OPENED_TALK);
    assert_true(incident->raised && sv_eq(incident->place, SV("#ops")));
}

static void
changes_that_open_nothing(void **state)
{
    (void)state;
    row_count = 0;
    commit(0, "git:shop", "Raise the pool");
    commit(25 * 60, "git:shop", "Revert \"Raise the pool\""); /* longer ago than a day */
    commit(30 * 60, "git:shop", "Revert \"Another change\""); /* which nobody saw made */
    assert_int_equal(correlated().incident_count, 0);
    row_count = 0;
    for (int i = 0; i < 3; i++) { /* nobody watches what is done again and again */
        commit(60 * i, "git:shop", i == 0 ? "Depool db1" : i == 1 ? "Depool db2" : "Depool db3");
        commit(60 * i + 30, "git:shop",
               i == 0   ? "Revert \"Depool db1\""
               : i == 1 ? "Revert \"Depool db2\""
                        : "Revert \"Depool db3\"");
    }
    assert_int_equal(correlated().incident_count, 0);
}

/* No sign of a tool's own: the one before it, which is of somebody's talk, stays what it is. */
static void
what_a_tool_takes_back_is_no_sign_of_others(void **state)
{
    (void)state;
    row_count = 0;
    say(0, "inc-2041-checkout", "mia", "let us meet here");
    commit(5, "git", "Add cache")->actor = SV("releaser");
    commit(10, "git", "Revert \"Add cache\"")->actor = SV("releaser");
    people = SV("Releaser\ttool\treleaser\n");
    const struct incident *incident = only();
    people = SV_NONE;
    for (size_t i = 0; i < incident->node_count; i++)
        assert_false(sv_contains(incident->nodes[i]->reason, SV("it was taken back")));
}

static void
a_version_that_is_set_back_opens(void **state)
{
    (void)state;
    row_count = 0;
    commit(0, "deploys", "Deploy checkout to 4.10.0");
    commit(30, "deploys", "Deploy checkout to 4.11.0");
    assert_int_equal(correlated().incident_count, 0);
    commit(31, "deploys", "Deploy mail to 2.9.1"); /* another thing */
    assert_int_equal(correlated().incident_count, 0);
    commit(50, "deploys", "Deploy checkout to 4.9.2");
    assert_true(says(only(), "deploys set something back to an earlier version"));
}

static void
a_report_tells_of_the_day_before(void **state)
{
    (void)state;
    row_count = 0;
    commit(0, "git:infra", "Rotate the certificate");
    commit(120, "git:docs", "Add incident report for the certificate");
    const struct incident *incident = only();
    assert_true(says(incident, "a report of an incident was written in git:docs"));
    assert_int_equal(incident->entry_count, 2);
    assert_int_equal(minutes(incident->first_ns), 120 - 24 * 60);
}

static void
log_lines_open_only_where_nothing_else_does(void **state)
{
    (void)state;
    row_count = 0;
    struct event *line = add(0, RECORD_LOG, "journal", "pool of connections exhausted");
    line->severity = SEVERITY_ERROR;
    line->service = SV("api");
    assert_true(says(only(), "journal logged what it had not logged for a day"));
    assert_int_equal(only()->opened, OPENED_LOG);
    alert(10 * 60, PHASE_TRIGGER); /* a team with alerts */
    assert_int_equal(only()->opened, OPENED_ALERT);
}

/* ----------------------------------------------------------------------- bounds */

static void
a_pause_or_its_end_ends_the_talk(void **state)
{
    (void)state;
    row_count = 0;
    say(0, "ops", "mia", "I am declaring an incident, search returns nothing");
    say(25, "ops", "tom", "restarted the index");
    say(50, "ops", "mia", "search works again");
    say(55, "ops", "mia", "the incident is resolved, thanks");
    say(65, "ops", "tom", "who wants pizza");
    const struct incident *incident = only();
    assert_int_equal(minutes(incident->last_ns), 55); /* pizza is of the next episode */
    rows[3].event.body = rows[3].event.title = SV("and that is that");
    assert_int_equal(minutes(only()->last_ns), 65);
    say(100, "ops", "tom", "back from lunch"); /* 35 minutes later */
    assert_int_equal(minutes(only()->last_ns), 65);
}

static void
two_named_channels_are_two(void **state)
{
    (void)state;
    row_count = 0;
    say(0, "inc-1", "mia", "checkout is down");
    say(1, "inc-2", "tom", "mail is down");
    struct correlation result = correlated();
    assert_int_equal(result.incident_count, 2);
    assert_int_equal(result.incidents[0].entry_count, 1);
}

static void
alerts_lose_nothing_to_a_candidate(void **state)
{
    (void)state;
    row_count = 0;
    alert(0, PHASE_TRIGGER);
    say(5, "ops", "mia", "I am declaring an incident, checkout is down");
    say(9, "ops", "tom", "users report failed payments");
    alert(30, PHASE_RESOLVE);
    const struct incident *incident = only(); /* what is said is attached to the alert */
    assert_int_equal(incident->opened, OPENED_ALERT);
    assert_int_equal(incident->entry_count, 4);
}

/* ------------------------------------------------------------------------ order */

static void
print(const struct correlation *result, struct strbuf *out)
{
    for (size_t i = 0; i < result->incident_count; i++) {
        const struct incident *incident = &result->incidents[i];
        strbuf_addf(out, SV_FMT " " SV_FMT " %s %lld %lld\n", SV_ARG(incident->incident_key),
                    SV_ARG(incident->title), opened_word(incident->opened),
                    (long long)incident->first_ns, (long long)incident->last_ns);
        for (size_t k = 0; k < incident->because_count; k++)
            strbuf_addf(out, "  " SV_FMT "\n", SV_ARG(incident->because[k]));
        for (size_t k = 0; k < incident->entry_count; k++)
            strbuf_addf(out, "  " SV_FMT " " SV_FMT "\n", SV_ARG(incident->entries[k].entry_id),
                        SV_ARG(incident->entries[k].membership));
    }
    for (size_t i = 0; i < result->node_count; i++)
        strbuf_addf(out, SV_FMT " " SV_FMT "\n", SV_ARG(result->nodes[i].node_key),
                    SV_ARG(result->nodes[i].reason));
}

static void
the_order_of_records_never_matters(void **state)
{
    struct strbuf first, again;
    (void)state;
    strbuf_init(&first, 0);
    strbuf_init(&again, 0);
    row_count = 0;
    commit(-30, "git:shop", "Raise the pool");
    say(0, "ops", "mia", "checkout is down");
    say(0, "ops", "tom", "seeing timeouts");
    say(0, "support", "kim", "customers report failed payments");
    commit(10, "git:shop", "Revert \"Raise the pool\"");
    say(20, "inc-7", "mia", "working on it here");
    say(25, "inc-8", "eve", "and mail here");
    commit(7200, "git:docs", "Add incident report");
    struct correlation result = correlated();
    assert_true(result.incident_count >= 3);
    print(&result, &first);
    for (size_t turn = 1; turn < row_count; turn++) {
        struct observation moved = rows[0];
        memmove(&rows[0], &rows[1], (row_count - 1) * sizeof(rows[0]));
        rows[row_count - 1] = moved;
        if (turn % 2 == 0) {
            struct observation other = rows[0];
            rows[0] = rows[row_count / 2];
            rows[row_count / 2] = other;
        }
        result = correlated();
        strbuf_clear(&again);
        print(&result, &again);
        assert_string_equal(first.ptr, again.ptr);
    }
    strbuf_release(&first);
    strbuf_release(&again);
}

static int
setup(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_channel_named_after_an_incident_opens),
        TEST(other_channels_and_programs_open_nothing),
        TEST(one_person_of_many_names_counts_once),
        TEST(a_title_is_one_line),
        TEST(people_who_tell_of_trouble_open),
        TEST(a_declaration_in_chat_and_a_topic_open),
        TEST(a_change_taken_back_soon_opens),
        TEST(changes_that_open_nothing),
        TEST(what_a_tool_takes_back_is_no_sign_of_others),
        TEST(a_version_that_is_set_back_opens),
        TEST(a_report_tells_of_the_day_before),
        TEST(log_lines_open_only_where_nothing_else_does),
        TEST(a_pause_or_its_end_ends_the_talk),
        TEST(two_named_channels_are_two),
        TEST(alerts_lose_nothing_to_a_candidate),
        TEST(the_order_of_records_never_matters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * Rows of the casebook that last: a late record writes a few rows whatever follows it, an earlier
 * one renames nothing, and an incident is found by any record that it holds, before and after
 * merges. What an older schema holds is brought along. Rows written are counted by triggers, across
 * transactions.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embedded.h"
#include "hindcast/casebook.h"
#include "store/pg/conn.h"
#include "tests/lib/pgtest.h"
#include "tests/lib/sample_incident.h"

#define BROUGHT_ALONG_BY "lasting_rows.sql"

#define T(text)                                                                                    \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }

static const struct cursor_position cursor[] = {{0, 0}};
static struct err err;

static void
need(const char *sql, const char *expected)
{
    char *value = pgtest_value(sql);
    assert_string_equal(value == NULL ? "(null)" : value, expected);
    free(value);
}

/* ---- rows of an older schema ---- */

static void
migrate_by_hand(bool last)
{
    for (const struct embedded_file *file = embedded_migrations; file->name != NULL; file++) {
        bool here = strstr(file->name, BROUGHT_ALONG_BY) != NULL;
        if (here == last) {
            struct strbuf script;
            strbuf_init(&script, 0);
            strbuf_addf(&script, "BEGIN; %s; COMMIT", file->text);
            pgtest_run(script.ptr);
            strbuf_release(&script);
        }
        if (here)
            return;
    }
    fail_msg("there is no migration " BROUGHT_ALONG_BY);
}

/* Incidents k1 and k2 of two scopes; entries of one time each, whose order is not that of their
 * ids. */
static const char old_rows[] =
    "INSERT INTO correlate.node SELECT s, 'k' || n, now(), now(), 1, 9, false, false, 'alert', "
    "'x', 'f', 'v', 'h', 't', CASE WHEN n < 3 THEN 'k' || n END, 'r' "
    "FROM unnest(ARRAY['one', 'two']) s, generate_series(1, 3) n;"
    "INSERT INTO correlate.incident SELECT s, 'k' || n, '2026-03-01', '2026-03-01', 1, 1, 1, 12, "
    "9, "
    "true, false, '{}', 't', '' FROM unnest(ARRAY['one', 'two']) s, generate_series(1, 2) n;"
    "INSERT INTO correlate.number (scope, node_key, year, number) SELECT 'one', 'k' || n, 2026, n "
    "FROM generate_series(1, 2) n;"
    "INSERT INTO correlate.entry (scope, incident_key, position, entry_id, event_time, "
    "uncertainty_ms, occurrences, score, severity, order_established, kind, record_kind, "
    "significance, time_source, node_key, membership, text, milestones, reasons, evidence) "
    "SELECT s, 'k' || n, p, md5(s || n || p), '2026-03-01', 0, 1, 0, 9, true, 'k', 'r', 'key', "
    "'native', 'k' || n, '', 'text ' || p, '{}', '[]', '[]' FROM unnest(ARRAY['one', 'two']) s, "
    "generate_series(1, 2) n, generate_series(0, 299) p;"
    "INSERT INTO correlate.entry SELECT (jsonb_populate_record(e, "
    "'{\"incident_key\":\"lost\"}')).* "
    "FROM correlate.entry e WHERE scope = 'one' AND position = 0 LIMIT 1;"
    "INSERT INTO correlate.milestone SELECT s, 'k1', p, 'm' || 9 - p, '2026-03-01', md5(s || 1 || "
    "p), "
    "90 FROM unnest(ARRAY['one', 'two']) s, generate_series(0, 2) p;"
    "INSERT INTO correlate.cursor VALUES ('one', 1, 5), ('one', -1, 77);";

/* All that readers see, as one digest. */
static char *
shown(void)
{
    return pgtest_value(
        "SELECT md5(string_agg(r, E'\\n' ORDER BY r COLLATE \"C\")) FROM (SELECT t::text AS r FROM "
        "analyst.timeline t WHERE incident_key <> 'lost' UNION ALL SELECT m::text FROM "
        "analyst.milestones m UNION ALL SELECT i::text FROM analyst.incidents i UNION ALL "
        "SELECT n::text FROM analyst.incident_numbers n) every");
}

static void
old_rows_are_brought_along(void **state)
{
    (void)state;
    migrate_by_hand(false);
    pgtest_run(old_rows);
    char *before = shown();
    migrate_by_hand(true);
    char *after = shown();
    assert_non_null(before);
    assert_string_equal(before, after);
    need("SELECT count(*) FROM analyst.timeline", "1200");
    need("SELECT count(*) FROM analyst.timeline WHERE text <> 'text ' || position", "0");
    need("SELECT count(*) FROM correlate.entry WHERE incident_no IS NULL", "0");
    need("SELECT string_agg(incident_key || ':' || milestone, ' ' ORDER BY i.scope, rank) "
         "FROM correlate.milestone m JOIN correlate.incident i USING (scope, incident_no)",
         "k1:m9 k1:m8 k1:m7 k1:m9 k1:m8 k1:m7");
    need("SELECT count(*) FROM correlate.node WHERE (incident_no IS NULL) <> (node_key = 'k3')",
         "0");
    /* The next correlator completes the rows: it sees other settings than those it had. */
    need("SELECT string_agg(stream_id::text, ' ') FROM correlate.cursor", "1");
    free(before);
    free(after);
}

/* ---- rows written ---- */

static const char counting[] =
    "CREATE TABLE public.written (what text);"
    "CREATE FUNCTION public.count_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS "
    "'BEGIN INSERT INTO public.written VALUES (TG_TABLE_NAME || '' '' || TG_OP); RETURN NULL; END';"
    "DO $$ DECLARE t record; BEGIN FOR t IN SELECT c.oid::regclass AS name FROM pg_class c "
    "WHERE relnamespace = 'correlate'::regnamespace AND relkind = 'r' AND relname <> 'lock' LOOP "
    "EXECUTE format('CREATE TRIGGER count_row AFTER INSERT OR UPDATE OR DELETE ON %s "
    "FOR EACH ROW EXECUTE FUNCTION public.count_row()', t.name); END LOOP; END $$;";

static int
set_up_counting(void **state)
{
    if (pgtest_setup(state) != 0)
        return -1;
    pgtest_run(counting);
    return 0;
}

#define ROWS 10000
#define HEX 33

/* An incident of `count` rows, one a second. */
struct made {
    struct correlation correlation;
    struct incident incident;
    struct node node;
    const struct node *nodes[1];
    struct milestone_row milestones[ROWS / 100];
    struct entry entries[ROWS + 1];
    struct sv uids[ROWS + 1];
    char ids[ROWS + 1][HEX];
};

static const struct reason reasons[] = {{T("alert_opens"), 300}};

static void
make(struct made *made, const char *key, size_t count)
{
    memset(made, 0, sizeof(*made));
    made->node = *sample_correlation()->incidents[0].nodes[0];
    made->incident = sample_correlation()->incidents[0];
    made->node.node_key = made->node.incident_key = made->incident.incident_key = sv_from(key);
    made->nodes[0] = &made->node;
    for (size_t i = 0; i < count; i++) {
        snprintf(made->ids[i], HEX, "%032zx", i + 1);
        made->uids[i] = sv_from(made->ids[i]);
        made->entries[i] = (struct entry){
            .entry_id = made->uids[i],
            .time_ns = INT64_C(1772359200) * NS_PER_S + (int64_t)i * NS_PER_S,
            .kind = ENTRY_CHAT_MESSAGE,
            .record_kind = RECORD_CHAT,
            .occurrences = 1,
            .text = SV("text"),
            .node_key = SV("a node that stays"),
            .reasons = reasons,
            .reason_count = 1,
        };
    }
    for (size_t i = 0; i < ROWS / 100; i++)
        made->milestones[i] = (struct milestone_row){
            MILESTONE_DETECTED, made->entries[i * 10].time_ns, made->uids[i * 10], 90};
    made->entries[0].node_key = sv_from(key); /* the number is given for it */
    made->incident.nodes = made->nodes;
    made->incident.node_count = 1;
    made->incident.entries = made->entries;
    made->incident.entry_count = count;
    made->incident.milestones = made->milestones;
    made->incident.milestone_count = count < 1000 ? 0 : ROWS / 100;
    made->incident.member_uids = made->uids;
    made->incident.member_count = count;
    made->correlation = (struct correlation){.scope = SV("default"),
                                             .nodes = &made->node,
                                             .node_count = 1,
                                             .incidents = &made->incident,
                                             .incident_count = 1};
}

/* Without the row at this place, as before it came. */
static void
leave_out(struct made *made, size_t at)
{
    size_t after = made->incident.entry_count - at - 1;
    memmove(&made->entries[at], &made->entries[at + 1], after * sizeof(made->entries[0]));
    memmove(&made->uids[at], &made->uids[at + 1], after * sizeof(made->uids[0]));
    made->incident.entry_count--;
    made->incident.member_count--;
}

static void
save(const struct correlation *correlation, bool anew)
{
    struct store *store = pgtest_open("hindcast_correlate");
    if ((anew ? casebook_replace(store, correlation, cursor, 1, &err)
              : casebook_save(store, correlation, cursor, 1, &err)) != 0)
        fail_msg("%s", err.message);
    store_close(store);
}

static void
need_written(const struct correlation *correlation, int64_t most)
{
    pgtest_run("TRUNCATE public.written");
    save(correlation, false);
    int64_t rows = pgtest_int("SELECT count(*) FROM public.written");
    char *what = pgtest_value("SELECT string_agg(n || ' x ' || what, ', ') FROM (SELECT what, "
                              "count(*) AS n FROM public.written GROUP BY what) every");
    if (rows > most)
        fail_msg("%lld rows written, %lld are enough: %s", (long long)rows, (long long)most, what);
    free(what);
}

static void
need_read_back(const struct correlation *correlation)
{
    struct arena arena;
    struct correlation read;
    struct strbuf expected, out;
    struct store *store = pgtest_open("hindcast_correlate");
    arena_init(&arena, 0);
    strbuf_init(&expected, 0);
    strbuf_init(&out, 0);
    if (casebook_correlation(store, &arena, SV("default"), &read, &err) != 0)
        fail_msg("%s", err.message);
    casebook_canonical(correlation, &expected);
    casebook_canonical(&read, &out);
    assert_int_equal(expected.len, out.len);
    assert_memory_equal(expected.ptr, out.ptr, out.len);
    strbuf_release(&expected);
    strbuf_release(&out);
    arena_release(&arena);
    store_close(store);
}

/* Head, the late row, its member; the node counts its records; the publication is counted. */
#define A_LATE_ROW 6
#define KEY "2026-03-01T10:00:00.000Z/alertmanager/0a"
#define EARLIER_KEY "2026-03-01T09:59:00.000Z/alertmanager/0f"

static void
a_late_row_writes_no_row_that_follows_it(void **state)
{
    struct made *made = malloc(sizeof(*made));
    (void)state;
    assert_non_null(made);
    make(made, KEY, ROWS);
    leave_out(made, ROWS / 2);
    save(&made->correlation, false);
    char *number = pgtest_value("SELECT incident_no FROM correlate.incident");
    make(made, KEY, ROWS);
    need_written(&made->correlation, A_LATE_ROW);
    need_read_back(&made->correlation);
    need("SELECT count(*) FROM correlate.member", "10000");
    need_written(&made->correlation, 0);
    /* It is gone again, as after another decision. */
    leave_out(made, ROWS / 2);
    need_written(&made->correlation, A_LATE_ROW);
    need_read_back(&made->correlation);
    need("SELECT count(*) FROM correlate.member", "9999");
    /* An earlier record gives the incident and its node another key. */
    make(made, EARLIER_KEY, ROWS);
    need_written(&made->correlation, A_LATE_ROW + 6); /* node, number, keys that went */
    need_read_back(&made->correlation);
    need("SELECT incident_no FROM correlate.incident", number);
    save(&made->correlation, true);
    need("SELECT incident_no FROM correlate.incident", number);
    need_read_back(&made->correlation);
    free(number);
    free(made);
}

/* ---- names ---- */

/* The key of the incident that this name leads to, or the error. */
static void
need_found(const char *name, const char *expected)
{
    struct arena arena;
    struct stored_incident stored;
    struct store *store = pgtest_open("hindcast_responder");
    arena_init(&arena, 0);
    int status = casebook_incident(store, &arena, name, &stored, &err);
    const char *key =
        status == 0 ? arena_strdup(&arena, stored.incident.incident_key) : err.message;
    if (strcmp(key, expected) != 0)
        fail_msg("%s leads to %s, not to %s", name, key, expected);
    arena_release(&arena);
    store_close(store);
}

#define LONG_KEY "2026-03-01T10:00:00.000Z/alertmanager/00000000000000000000000000000001"

/* An earlier alert that is folded into the first entry gives that another id, too. */
static void
a_number_follows_the_record_it_was_given_for(void **state)
{
    struct made *made = malloc(sizeof(*made));
    (void)state;
    assert_non_null(made);
    save(&(const struct correlation){.scope = SV("default")}, true);
    pgtest_run("TRUNCATE correlate.number, correlate.number_year");
    make(made, LONG_KEY, 20);
    save(&made->correlation, false);
    make(made, EARLIER_KEY, 20);
    made->entries[0].entry_id = SV("another");
    save(&made->correlation, false);
    need("SELECT string_agg(incident || ' ' || incident_key, ' ') FROM analyst.incidents",
         "INC-2026-0001 " EARLIER_KEY);
    need("SELECT count(*) FROM correlate.number", "1");
    need_found(LONG_KEY, EARLIER_KEY);
    save(&made->correlation, false);
    need("SELECT string_agg(incident, ' ') FROM analyst.incidents", "INC-2026-0001");
    free(made);
}

#define KEY_ONE "2026-03-01T10:00:00.000Z/alertmanager/0a"
#define KEY_TWO "2026-03-01T12:00:00.000Z/pagerduty/0b"
#define UID_ONE "abcd0000111122223333444455556666"
#define UID_FOLDED "abcd0000111122223333444455557777"
#define UID_TWO "abcdffff111122223333444455556666"

#define UID_FORMER "99990000111122223333444455556666"
#define UID_NOBODY "88880000111122223333444455556666"

static const struct sv uids_one[] = {T(UID_ONE), T(UID_FOLDED)};
static const struct sv uids_two[] = {T(UID_TWO)};
static const struct sv uids_both[] = {T(UID_ONE), T(UID_FOLDED), T(UID_TWO)};

static void
with_members(struct correlation *ret_correlation, struct incident incidents[2])
{
    *ret_correlation = *sample_correlation();
    memcpy(incidents, ret_correlation->incidents, 2 * sizeof(incidents[0]));
    incidents[0].member_uids = uids_one;
    incidents[0].member_count = 2;
    incidents[1].member_uids = uids_two;
    incidents[1].member_count = 1;
    ret_correlation->incidents = incidents;
}

static void
an_incident_is_named_by_any_of_its_members(void **state)
{
    struct correlation correlation;
    struct incident incidents[2];
    (void)state;
    save(&(const struct correlation){.scope = SV("default")}, true);
    pgtest_run("TRUNCATE correlate.number, correlate.number_year");
    with_members(&correlation, incidents);
    save(&correlation, false);
    need_found(UID_ONE, KEY_ONE);
    need_found(UID_FOLDED, KEY_ONE);
    need_found("ABCD0000-1111-2222-3333-444455557777", KEY_ONE);
    need_found("abcd0000", KEY_ONE);
    need_found("abcd0000-11", KEY_ONE);
    need_found("abcdf", KEY_TWO);
    need_found(UID_TWO, KEY_TWO);
    need_found("abcd", "'abcd' fits more than one incident: INC-2026-0002, INC-2026-0001");
    need_found("abc", "there is no incident 'abc'");
    need_found("2026-03-01T1",
               "'2026-03-01T1' fits more than one incident: INC-2026-0002, INC-2026-0001");
    need_found("2026", "'2026' fits more than one incident: INC-2026-0002, INC-2026-0001");
    need_found("abcd0001", "there is no incident 'abcd0001'");
    need_found(UID_ONE "00", "there is no incident '" UID_ONE "00'");
    need_found("abcd-0000", "there is no incident 'abcd-0000'");
    need_found("", "there is no incident ''");
    need_found("INC-\xff", "the name of an incident must be UTF-8");
}

/* Of each place, which incidents hold how many of the records asked for: "PLACE:KEY=SHARED ...". */
static void
need_holders(const struct asked_uid *asked, size_t count, const char *expected)
{
    struct arena arena;
    struct strbuf found;
    struct uid_holder *holders;
    struct stored_incident *heads;
    size_t holder_count = 0, head_count = 0;
    struct store *store = pgtest_open("hindcast_responder");
    arena_init(&arena, 0);
    strbuf_init(&found, 0);
    assert_int_equal(casebook_incidents(store, &arena, true, &heads, &head_count, &err), 0);
    assert_int_equal(casebook_holders(store, &arena, asked, count, &holders, &holder_count, &err),
                     0);
    for (size_t i = 0; i < holder_count; i++)
        for (size_t k = 0; k < head_count; k++)
            if (heads[k].incident_no == holders[i].incident_no)
                strbuf_addf(&found, "%lld:" SV_FMT "=%lld ", (long long)holders[i].place,
                            SV_ARG(heads[k].incident.incident_key), (long long)holders[i].shared);
    assert_string_equal(found.ptr == NULL ? "" : found.ptr, expected);
    strbuf_release(&found);
    arena_release(&arena);
    store_close(store);
}

static void
records_are_asked_for_together(void **state)
{
    static const struct asked_uid asked[] = {
        {0, T(UID_ONE)}, {0, T(UID_TWO)},    {0, T(UID_FOLDED)}, {7, T(UID_TWO)},
        {7, T(UID_TWO)}, {9, T(UID_FORMER)}, {9, T(UID_ONE)},    {5, T(UID_NOBODY)},
    };
    struct correlation correlation;
    struct incident incidents[2];
    (void)state;
    with_members(&correlation, incidents);
    save(&correlation, false);
    pgtest_run("INSERT INTO correlate.renamed (scope, former, uid)"
               " VALUES ('default', '" UID_FORMER "', '" UID_ONE "')");
    need_holders(asked, 3, "0:" KEY_ONE "=2 0:" KEY_TWO "=1 ");
    need_holders(asked + 3, 2, "7:" KEY_TWO "=1 ");
    need_holders(asked + 5, 3, "9:" KEY_ONE "=2 ");
    need_holders(asked, 0, "");
    pgtest_run("DELETE FROM correlate.renamed WHERE former = '" UID_FORMER "'");
}

/* Merged: what named either names the one; and the other way round. */
static void
members_follow_merges_and_splits(void **state)
{
    struct correlation correlation, merged;
    struct incident incidents[2], one[1];
    (void)state;
    with_members(&correlation, incidents);
    save(&correlation, false);
    merged = correlation;
    one[0] = incidents[0];
    one[0].member_uids = uids_both;
    one[0].member_count = 3;
    merged.incidents = one;
    merged.incident_count = 1;
    struct node nodes[4];
    memcpy(nodes, correlation.nodes, sizeof(nodes));
    nodes[3].incident_key = nodes[0].node_key;
    merged.nodes = nodes;
    save(&merged, false);
    need_found("INC-2026-0001", KEY_ONE);
    need_found("INC-2026-0002", KEY_ONE);
    need_found(UID_ONE, KEY_ONE);
    need_found(UID_TWO, KEY_ONE);
    need_found("abcdf", KEY_ONE);
    need_found("abcd", KEY_ONE);
    save(&correlation, false);
    need_found("INC-2026-0002", KEY_TWO);
    need_found(UID_TWO, KEY_TWO);
    need_found(UID_FOLDED, KEY_ONE);
    need("SELECT count(*) FROM correlate.member", "3");
    save(&(const struct correlation){.scope = SV("default")}, false);
    need("SELECT count(*) FROM correlate.member", "0");
    need_found(UID_TWO, "there is no incident '" UID_TWO "'");
}

int
main(void)
{
    const struct CMUnitTest old[] = {cmocka_unit_test(old_rows_are_brought_along)};
    const struct CMUnitTest lasting[] = {
        cmocka_unit_test(a_late_row_writes_no_row_that_follows_it),
        cmocka_unit_test(a_number_follows_the_record_it_was_given_for),
        cmocka_unit_test(an_incident_is_named_by_any_of_its_members),
        cmocka_unit_test(records_are_asked_for_together),
        cmocka_unit_test(members_follow_merges_and_splits),
    };
    int failed = cmocka_run_group_tests(old, pgtest_setup_empty, pgtest_teardown);
    failed += cmocka_run_group_tests(lasting, set_up_counting, pgtest_teardown);
    return failed;
}

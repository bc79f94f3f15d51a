/*
 * The postmortem draft: golden files for hand-made incidents, the citation check on what it must
 * accept and refuse, hostile text, an incident with nothing in it. HINDCAST_ACCEPT=1 rewrites
 * tests/fixtures/report/CASE/expected.md.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hindcast/report.h"
#include "tests/lib/attacks.h"
#include "tests/lib/citations.h"
#include "tests/lib/deploy_incident.h"

static void
render(const struct incident *incident, const char *zone, struct strbuf *out)
{
    struct err err = {0};
    size_t left_out;
    const struct report_context context = {.number = SV("INC-2026-0042"),
                                           .digest_hex = SV("00ff00ff"),
                                           .records_read = 21034,
                                           .records_quarantined = 3,
                                           .records_lost = 1,
                                           .time_zone = sv_from(zone),
                                           .tz_version = SV("2025b")};
    strbuf_init(out, 0);
    assert_int_equal(report_markdown(incident, &context, out, &left_out, &err), 0);
    assert_int_equal(left_out, 0);
}

static size_t
problems_of(struct sv text, const struct incident *incident)
{
    struct strbuf problem;
    strbuf_init(&problem, 4096);
    size_t count = citations_check(text, incident, &problem);
    if (count > 0)
        assert_true(problem.len > 0);
    strbuf_release(&problem);
    return count;
}

static void
compare_golden(const char *name, const struct strbuf *got)
{
    char path[256];
    snprintf(path, sizeof(path), "tests/fixtures/report/%s/expected.md", name);
    if (getenv("HINDCAST_ACCEPT") != NULL) {
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        assert_int_equal(fwrite(got->ptr, 1, got->len, file), got->len);
        fclose(file);
        return;
    }
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char *expected = calloc(1, 1 << 20);
    size_t size = fread(expected, 1, (1 << 20) - 1, file);
    fclose(file);
    assert_string_equal(got->ptr, expected);
    assert_int_equal(got->len, size);
    free(expected);
}

static void
a_deploy_incident_gives_the_expected_draft(void **state)
{
    (void)state;
    static struct deploy made;
    struct strbuf out, again;
    deploy_make(&made);
    render(&made.incident, NULL, &out);
    compare_golden("deploy", &out);
    assert_int_equal(problems_of(strbuf_view(&out), &made.incident), 0);
    render(&made.incident, NULL, &again);
    assert_string_equal(out.ptr, again.ptr);
    strbuf_release(&out);
    strbuf_release(&again);
}

static void
an_empty_incident_gives_a_draft(void **state)
{
    (void)state;
    const struct incident incident = {.title = SV_NONE};
    struct strbuf out;
    render(&incident, NULL, &out);
    compare_golden("empty", &out);
    assert_int_equal(problems_of(strbuf_view(&out), &incident), 0);
    strbuf_release(&out);
}

static void
entries_without_milestones_give_a_draft(void **state)
{
    (void)state;
    static struct deploy made;
    struct strbuf out;
    memset(&made, 0, sizeof(made));
    deploy_add(&made, 0, RECORD_CHAT, ENTRY_CHAT_MESSAGE, ACT_NONE, "mira", "hm");
    deploy_add(&made, 1, RECORD_LOG, ENTRY_LOG_RECORD, ACT_NONE, NULL, "x")->evidence_count = 0;
    deploy_finish(&made);
    made.incident.first_ns = DEPLOY_AT(0);
    made.incident.last_ns = DEPLOY_AT(1);
    render(&made.incident, NULL, &out);
    assert_int_equal(problems_of(strbuf_view(&out), &made.incident), 0);
    assert_non_null(strstr(out.ptr, "No record shows its start or its end"));
    assert_non_null(strstr(out.ptr, "\n> - not in view: alerts, changes, "));
    strbuf_release(&out);
}

/* Taking any one citation away, or changing any one id, is found. */
static void
the_check_finds_each_missing_or_wrong_citation(void **state)
{
    (void)state;
    static struct deploy made;
    struct strbuf out;
    size_t lines = 0, ids = 0;
    deploy_make(&made);
    render(&made.incident, NULL, &out);
    for (char *at = out.ptr; (at = strstr(at, " e:")) != NULL; at += 3) {
        char kept = at[5];
        at[5] = 'x';
        assert_true(problems_of(strbuf_view(&out), &made.incident) > 0);
        at[5] = kept;
        ids++;
    }
    for (char *at = out.ptr; (at = strstr(at, "[^")) != NULL; at++) {
        at[1] = '.';
        assert_true(problems_of(strbuf_view(&out), &made.incident) > 0);
        at[1] = '^';
        lines++;
    }
    assert_true(ids > 30 && lines > 60);
    assert_int_equal(problems_of(strbuf_view(&out), &made.incident), 0);
    strbuf_release(&out);
}

static void
the_check_knows_what_needs_no_citation(void **state)
{
    (void)state;
    static struct deploy made;
    deploy_make(&made);
    const struct incident *incident = &made.incident;
#define NOTE "[^1]: e:10abcdef0123, x\n"
    assert_int_equal(problems_of(SV("# h\n\n> note\n- TODO(human): x\n"), incident), 0);
    assert_int_equal(problems_of(SV("| A | B |\n|---|---|\n| Owner | TODO(human) | |\n"), incident),
                     0);
    assert_int_equal(problems_of(SV("plain text\n"), incident), 1);
    assert_int_equal(problems_of(SV("| A | B |\n| C | D |\n"), incident), 2);
    assert_int_equal(problems_of(SV("x[^1]\n" NOTE), incident), 0);
    assert_int_equal(problems_of(SV("x[^1]\n| a | [^1] |\n" NOTE), incident), 0);
    assert_int_equal(problems_of(SV("x[^1]\n"), incident), 1);
    assert_int_equal(problems_of(SV(NOTE), incident), 1);
    assert_int_equal(problems_of(SV("x[^2]\n" NOTE), incident), 2);
    assert_int_equal(problems_of(SV("x[^1]\ny[^2]\n" NOTE), incident), 1);
    assert_int_equal(problems_of(SV("x[^1]\n[^1]: e:10abcdef012, x\n"), incident), 1);
    assert_int_equal(problems_of(SV("x[^1]\n[^1]: e:99abcdef0123, x\n"), incident), 1);
    assert_int_equal(problems_of(SV("x[^1]\n[^1]: nothing\n"), incident), 1);
    assert_int_equal(problems_of(SV("x\\[^1\\]\n"), incident), 1);
    assert_int_equal(problems_of(SV("x[^1] and more\n"), incident), 1);
    assert_int_equal(problems_of(SV("| Owner | Jo | |\n"), incident), 1);
}

static void
hostile_text_is_shown_and_does_nothing(void **state)
{
    (void)state;
    static struct deploy made;
    struct strbuf out;
    static const char evil[] =
        "a|b `c` <script>alert(1)</script> [x](javascript:alert(1)) ![i](http://e/x.png)\r\n"
        "# head\n| TODO(human) | [e:10abcdef0123] --> \x1b[31m \xe2\x80\xae \xff\xfe ftp://e/ *b* "
        "_i_";
    static const char *const urls[] = {"javascript:alert(1)", "https://e/ <b>", "http://e/|x",
                                       "HTTPS://ok.example/a?b=c"};
    deploy_say(&made, sv_from(evil), urls);
    render(&made.incident, NULL, &out);
    const char *body = out.ptr;
    static const char *const absent[] = {"<script", "<b>",          "](",          "![",
                                         "\x1b",    "\xe2\x80\xae", "\xff",        "\r",
                                         "-->",     " ftp://",      "<javascript", "http://e/|x"};
    for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++) {
        const char *at = strstr(body, absent[i]);
        while (at != NULL && strncmp(at, "](", 2) == 0 && at[-1] == '\\')
            at = strstr(at + 1, absent[i]);
        if (at != NULL)
            fail_msg("'%s' survived", absent[i]);
    }
    assert_non_null(strstr(body, "<HTTPS://ok.example/a?b=c>"));
    assert_int_equal(problems_of(strbuf_view(&out), &made.incident), 0);
    strbuf_release(&out);
}

/* Whatever records say, the draft has the same lines, columns, links and citations. */
static void
no_attack_changes_the_frame_of_a_draft(void **state)
{
    (void)state;
    static struct deploy made;
    static const char *const urls[4] = {"https://ok.example/a"};
    struct strbuf plain, out, frame;
    size_t count;
    const struct attack *attacks = attacks_all(&count);
    strbuf_init(&plain, 0);
    strbuf_init(&frame, 0);
    deploy_say(&made, SV("word"), urls);
    render(&made.incident, NULL, &out);
    attack_markdown_frame(strbuf_view(&out), &plain);
    assert_true(plain.len > 500);
    strbuf_release(&out);
    for (size_t i = 0; i < count; i++) {
        if (attacks[i].text.len == 0)
            continue;
        deploy_say(&made, attacks[i].text, urls);
        render(&made.incident, NULL, &out);
        strbuf_clear(&frame);
        attack_markdown_frame(strbuf_view(&out), &frame);
        const char *seen = attack_seen(strbuf_view(&out));
        if (seen != NULL || !sv_eq(strbuf_view(&frame), strbuf_view(&plain)) ||
            problems_of(strbuf_view(&out), &made.incident) != 0)
            fail_msg("%s: %s:\n%s", attacks[i].name, seen == NULL ? "another frame" : seen,
                     out.ptr);
        strbuf_release(&out);
    }
    strbuf_release(&plain);
    strbuf_release(&frame);
}

static void
a_second_zone_adds_a_column(void **state)
{
    (void)state;
    static struct deploy made;
    struct strbuf out;
    struct err err = {0};
    if (time_zone_use("Europe/Berlin", &err) < 0)
        skip();
    deploy_make(&made);
    render(&made.incident, "Europe/Berlin", &out);
    assert_non_null(strstr(out.ptr, "| 10:00 | 11:00 CET |"));
    assert_non_null(strstr(out.ptr, "| **2026-03-01** | | | | |\n"));
    assert_non_null(strstr(out.ptr, "Europe/Berlin; zones as in the tz database 2025b\n"));
    assert_int_equal(problems_of(strbuf_view(&out), &made.incident), 0);
    strbuf_release(&out);
}

static void
an_unknown_zone_is_refused(void **state)
{
    (void)state;
    const struct incident incident = {.title = SV_NONE};
    const struct report_context context = {.time_zone = SV("Mars/Olympus")};
    struct strbuf out;
    struct err err = {0};
    size_t left_out;
    strbuf_init(&out, 0);
    assert_int_equal(report_markdown(&incident, &context, &out, &left_out, &err), -1);
    assert_int_equal(err.code, ERR_USAGE);
    strbuf_release(&out);
}

static void
contradicting_milestones_become_questions(void **state)
{
    (void)state;
    static struct deploy made;
    struct strbuf out;
    deploy_make(&made);
    made.milestones[0].time_ns = DEPLOY_AT(10);
    render(&made.incident, NULL, &out);
    assert_non_null(strstr(out.ptr, "“Start of impact” lies after “Detected”, which cannot be."));
    assert_null(strstr(out.ptr, "| Time to detect |"));
    assert_int_equal(problems_of(strbuf_view(&out), &made.incident), 0);
    strbuf_release(&out);
}

static void
ids_alike_are_cited_in_greater_length(void **state)
{
    (void)state;
    static struct deploy made;
    struct strbuf out;
    deploy_make(&made);
    snprintf(made.ids[1], sizeof(made.ids[1]), "%s", made.ids[0]);
    made.ids[1][20] = 'z';
    render(&made.incident, NULL, &out);
    assert_int_equal(problems_of(strbuf_view(&out), &made.incident), 0);
    assert_non_null(strstr(out.ptr, " e:10abcdef0123456789abz, "));
    strbuf_release(&out);
}

/* A chat line as the start of impact, before any alert, is asked about. */
static void
a_start_that_is_talk_becomes_a_question(void **state)
{
    (void)state;
    static struct deploy made;
    struct strbuf out;
    deploy_make(&made);
    made.milestones[0].time_ns = made.entries[0].time_ns;
    made.milestones[0].entry_id = made.entries[0].entry_id;
    made.entries[0].service = SV("shop/checkout");
    render(&made.incident, NULL, &out);
    assert_non_null(strstr(out.ptr, "came 6 min before the first alert"));
    assert_non_null(strstr(out.ptr, "| shop/checkout | yes |"));
    assert_int_equal(problems_of(strbuf_view(&out), &made.incident), 0);
    strbuf_release(&out);
}

/* The first row has nothing before it to be out of order with, but its clock may be wrong. */
static void
the_first_row_is_asked_about(void **state)
{
    (void)state;
    static struct deploy made;
    struct strbuf out;
    deploy_make(&made);
    made.entries[2].order_established = true;
    made.entries[0].time_source = TIME_SOURCE_ASSUMED_ZONE;
    made.entries[0].order_established = false;
    render(&made.incident, NULL, &out);
    assert_non_null(strstr(out.ptr,
                           "- Rows of the timeline whose time rests on an assumed zone, year or on "
                           "Kafka: 1. Do they stand in the right place?[^14]\n"));
    assert_non_null(strstr(out.ptr, "\n[^14]: e:10abcdef0123, 2026-03-01T09:54:00Z, "));
    assert_null(strstr(out.ptr, "whose order against the row before"));
    strbuf_release(&out);
    made.entries[made.count - 1].time_source = TIME_SOURCE_ASSUMED_YEAR;
    made.entries[made.count - 1].order_established = false;
    render(&made.incident, NULL, &out);
    assert_non_null(strstr(out.ptr, "or on Kafka: 2. Do they"));
    assert_non_null(strstr(out.ptr, "is not established: 1. Do they"));
    strbuf_release(&out);
}

/* Two entries with one id: whichever a line means, its citation does not say. */
static void
a_draft_that_cites_badly_is_not_made(void **state)
{
    (void)state;
    static struct deploy made;
    struct strbuf out;
    struct err err = {0};
    const struct report_context context = {.number = SV("INC-2026-0042")};
    size_t left_out = 77;
    deploy_make(&made);
    made.entries[3].entry_id = made.entries[0].entry_id;
    strbuf_init(&out, 0);
    assert_int_equal(report_markdown(&made.incident, &context, &out, &left_out, &err), -1);
    assert_int_equal(err.code, ERR_INTERNAL);
    assert_non_null(strstr(err.message, "cites an id that is not of one entry"));
    assert_int_equal(out.len, 0);
    assert_int_equal(left_out, 77);
    strbuf_release(&out);
}

/* Rows of two days tell each day once; where UTC and the second zone differ, the row says so. */
static void
each_day_is_told_once(void **state)
{
    (void)state;
    static struct deploy made;
    struct strbuf out;
    struct err err = {0};
    if (time_zone_use("Europe/Berlin", &err) < 0)
        skip();
    deploy_make(&made);
    for (size_t i = 8; i < made.count; i++)
        made.entries[i].time_ns += 13 * NS_PER_HOUR;
    made.entries[8].time_ns -= 30 * NS_PER_MINUTE; /* 22:51 there, the next day here */
    render(&made.incident, "Europe/Berlin", &out);
    const char *table = strstr(out.ptr, "| Time (UTC) | Local |");
    const char *first = strstr(table, "| **2026-03-01** | | | | |\n");
    assert_non_null(first);
    assert_null(strstr(first + 1, "| **2026-03-01**"));
    assert_non_null(strstr(first, "| **2026-03-02** | | | | |\n| 00:02 | 01:02 CET |"));
    assert_non_null(strstr(first, "| 23:24 | 2026-03-02 00:24 CET |"));
    assert_int_equal(problems_of(strbuf_view(&out), &made.incident), 0);
    strbuf_release(&out);
}

/* What has nothing to say is its heading and one line, which asks once. */
static void
an_empty_section_is_one_line(void **state)
{
    (void)state;
    const struct incident incident = {.title = SV_NONE};
    struct strbuf out;
    render(&incident, NULL, &out);
    assert_non_null(strstr(out.ptr,
                           "\n## 3. What went well\n\n- TODO(human): which of these mattered? "
                           "What helped that no record shows? (No candidate was found in "
                           "the records.)\n\n## 4. Impact\n"));
    assert_non_null(
        strstr(out.ptr, "\n## 17. Supporting data\n\n> No alert belongs to this incident.\n"));
    strbuf_release(&out);
}

/* Numbers rise by one from 1, in the order of the document. */
static void
sections_are_numbered_without_gaps(void **state)
{
    (void)state;
    static struct deploy made;
    struct strbuf out;
    size_t wanted = 1;
    deploy_make(&made);
    render(&made.incident, NULL, &out);
    for (const char *at = out.ptr; (at = strstr(at, "\n## ")) != NULL; at++, wanted++)
        assert_int_equal(strtoul(at + 4, NULL, 10), wanted);
    assert_true(wanted > 15);
    strbuf_release(&out);
}

/* Words that judge people or name one cause, in what the program itself writes. */
static void
the_draft_is_blameless(void **state)
{
    (void)state;
    static struct deploy made;
    static const char *const words[] = {"root cause", "human error", "failed to", "should have",
                                        "could have", "mistake",     "fault",     "blame",
                                        "forgot",     "careless",    "obvious",   "simply",
                                        "accidental", "outage",      "caused",    "because of"};
    struct strbuf out;
    deploy_make(&made);
    render(&made.incident, NULL, &out);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcasestr(out.ptr, words[i]) != NULL)
            fail_msg("the draft says '%s'", words[i]);
    strbuf_release(&out);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_deploy_incident_gives_the_expected_draft),
        cmocka_unit_test(an_empty_incident_gives_a_draft),
        cmocka_unit_test(entries_without_milestones_give_a_draft),
        cmocka_unit_test(the_check_finds_each_missing_or_wrong_citation),
        cmocka_unit_test(the_check_knows_what_needs_no_citation),
        cmocka_unit_test(hostile_text_is_shown_and_does_nothing),
        cmocka_unit_test(no_attack_changes_the_frame_of_a_draft),
        cmocka_unit_test(a_second_zone_adds_a_column),
        cmocka_unit_test(each_day_is_told_once),
        cmocka_unit_test(an_empty_section_is_one_line),
        cmocka_unit_test(sections_are_numbered_without_gaps),
        cmocka_unit_test(an_unknown_zone_is_refused),
        cmocka_unit_test(contradicting_milestones_become_questions),
        cmocka_unit_test(a_start_that_is_talk_becomes_a_question),
        cmocka_unit_test(the_first_row_is_asked_about),
        cmocka_unit_test(a_draft_that_cites_badly_is_not_made),
        cmocka_unit_test(the_draft_is_blameless),
        cmocka_unit_test(ids_alike_are_cited_in_greater_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

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

#define BASE_NS (INT64_C(1772359200) * NS_PER_S) /* 2026-03-01T10:00:00Z */
#define AT(minute) (BASE_NS + (minute)*NS_PER_MINUTE)
#define ENTRIES 16

/* A deploy, two alerts, a chat with a wrong turn, a rollback, recovery: the shape of a real one. */
struct made {
    struct entry entries[ENTRIES];
    struct evidence evidence[ENTRIES];
    enum milestone marks[ENTRIES];
    char ids[ENTRIES][33];
    struct milestone_row milestones[8];
    struct node nodes[2];
    const struct node *node_list[2];
    struct sv services[2];
    struct incident incident;
    size_t count;
};

static struct entry *
add(struct made *made, int minute, enum record_kind record_kind, enum entry_kind kind, enum act act,
    const char *actor, const char *text)
{
    size_t i = made->count++;
    assert_true(i < ENTRIES);
    snprintf(made->ids[i], sizeof(made->ids[i]), "%02zxabcdef0123456789abcdef01234567", i + 16);
    made->evidence[i] = (struct evidence){.at = {1, 100 + (int64_t)i, 0},
                                          .topic = SV("ops.events"),
                                          .incarnation = 1,
                                          .partition = (int32_t)(i % 3)};
    if (i % 2 == 1) { /* was loaded from a file */
        made->evidence[i].file = SV("logs/checkout.log");
        made->evidence[i].line = 1200 + (int64_t)i;
    }
    memset(made->evidence[i].sha256.bytes, (int)(i + 1), SHA256_BYTES);
    made->entries[i] = (struct entry){.entry_id = sv_from(made->ids[i]),
                                      .time_ns = AT(minute),
                                      .time_source = TIME_SOURCE_NATIVE,
                                      .kind = kind,
                                      .record_kind = record_kind,
                                      .act = act,
                                      .significance = SIGNIFICANCE_KEY,
                                      .text = sv_from(text),
                                      .actor = sv_from(actor),
                                      .source = SV("slack:incidents"),
                                      .service = SV("checkout"),
                                      .occurrences = 1,
                                      .order_established = true,
                                      .evidence = &made->evidence[i],
                                      .evidence_count = 1};
    return &made->entries[i];
}

static void
mark(struct made *made, const struct entry *entry, enum milestone milestone, int confidence)
{
    made->milestones[made->incident.milestone_count++] =
        (struct milestone_row){milestone, entry->time_ns, entry->entry_id, confidence};
}

static void
finish(struct made *made)
{
    made->incident.title = SV("checkout: error rate above 5 %");
    made->incident.entries = made->entries;
    made->incident.entry_count = made->count;
    made->incident.milestones = made->milestones;
    made->incident.services = made->services;
    made->incident.nodes = made->node_list;
    made->incident.record_count = (int64_t)made->count;
    made->incident.raised = true;
}

static void
make_deploy(struct made *made)
{
    struct entry *entry;
    memset(made, 0, sizeof(*made));
    entry = add(made, -6, RECORD_DEPLOY, ENTRY_CHANGE_FINISHED, ACT_NONE, "ci",
                "checkout 4.2.0 to production");
    entry->source = SV("github:shop/checkout");
    entry->url = SV("https://git.example.org/shop/checkout/deployments/7");
    entry = add(made, 0, RECORD_ALERT, ENTRY_ALERT_FIRING, ACT_DETECTION, NULL,
                "CheckoutErrorRate firing: 12 % of requests");
    entry->source = SV("alertmanager");
    entry->severity = SEVERITY_FATAL;
    entry->node_key = SV("n1");
    mark(made, entry, MILESTONE_IMPACT_STARTED, 55);
    entry =
        add(made, 1, RECORD_ALERT, ENTRY_ALERT_FIRING, ACT_DETECTION, NULL, "CartLatency firing");
    entry->source = SV("alertmanager");
    entry->service = SV("cart");
    entry->severity = SEVERITY_WARN;
    entry->node_key = SV("n2");
    entry->order_established = false;
    entry->significance = SIGNIFICANCE_STANDARD;
    mark(made, &made->entries[1], MILESTONE_DETECTED, 90);
    entry =
        add(made, 3, RECORD_CHAT, ENTRY_CHAT_MESSAGE, ACT_REPORT, "mira", "customers cannot pay");
    entry = add(made, 4, RECORD_INCIDENT_EVENT, ENTRY_ALERT_ACKNOWLEDGED, ACT_ACK, "jo",
                "jo acknowledged CheckoutErrorRate");
    mark(made, entry, MILESTONE_ACKNOWLEDGED, 95);
    entry = add(made, 5, RECORD_CHAT, ENTRY_ROLE_CHANGE, ACT_ROLE, "jo", "I am the incident lead");
    add(made, 9, RECORD_CHAT, ENTRY_CHAT_MESSAGE, ACT_HYPOTHESIS, "mira",
        "is it the database pool?");
    entry = add(made, 14, RECORD_STATUS, ENTRY_STATUS_PAGE_UPDATE, ACT_COMMS, NULL,
                "Investigating payment errors");
    entry->source = SV("statuspage");
    entry = add(made, 21, RECORD_CHAT, ENTRY_CHAT_MESSAGE, ACT_FINDING, "jo",
                "4.2.0 reads a flag that production lacks");
    mark(made, entry, MILESTONE_CAUSE_IDENTIFIED, 80);
    entry = add(made, 24, RECORD_DEPLOY, ENTRY_CHANGE_REVERTED, ACT_ROLLBACK, "jo",
                "rolled checkout back to 4.1.9");
    mark(made, entry, MILESTONE_MITIGATED, 85);
    entry = add(made, 62, RECORD_ALERT, ENTRY_ALERT_RESOLVED, ACT_RECOVERY, NULL,
                "CheckoutErrorRate resolved");
    entry->node_key = SV("n1");
    mark(made, entry, MILESTONE_RECOVERED, 90);
    add(made, 65, RECORD_CHAT, ENTRY_CHAT_MESSAGE, ACT_TODO, "mira",
        "TODO: flags must exist before a rollout");
    made->nodes[0] = (struct node){.node_key = SV("n1"),
                                   .kind = EVENT_ALERT,
                                   .first_ns = AT(0),
                                   .last_ns = AT(62),
                                   .records = 2,
                                   .severity = SEVERITY_FATAL,
                                   .title = SV("CheckoutErrorRate"),
                                   .service = SV("checkout")};
    made->nodes[1] = (struct node){.node_key = SV("n2"),
                                   .kind = EVENT_ALERT,
                                   .first_ns = AT(1),
                                   .last_ns = AT(1),
                                   .records = 1,
                                   .severity = SEVERITY_WARN,
                                   .title = SV("CartLatency"),
                                   .service = SV("cart")};
    made->node_list[0] = &made->nodes[0];
    made->node_list[1] = &made->nodes[1];
    made->services[0] = SV("cart");
    made->services[1] = SV("checkout");
    made->incident.service_count = made->incident.node_count = 2;
    made->incident.first_ns = AT(0);
    made->incident.last_ns = AT(62);
    finish(made);
}

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
                                           .time_zone = sv_from(zone)};
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
    static struct made made;
    struct strbuf out, again;
    make_deploy(&made);
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
    static struct made made;
    struct strbuf out;
    memset(&made, 0, sizeof(made));
    add(&made, 0, RECORD_CHAT, ENTRY_CHAT_MESSAGE, ACT_NONE, "mira", "hm");
    add(&made, 1, RECORD_LOG, ENTRY_LOG_RECORD, ACT_NONE, NULL, "x")->evidence_count = 0;
    finish(&made);
    made.incident.first_ns = AT(0);
    made.incident.last_ns = AT(1);
    render(&made.incident, NULL, &out);
    assert_int_equal(problems_of(strbuf_view(&out), &made.incident), 0);
    assert_non_null(strstr(out.ptr, "No milestone was found"));
    assert_non_null(strstr(out.ptr, "no alerts"));
    strbuf_release(&out);
}

/* Taking any one citation away, or changing any one id, is found. */
static void
the_check_finds_each_missing_or_wrong_citation(void **state)
{
    (void)state;
    static struct made made;
    struct strbuf out;
    size_t lines = 0, ids = 0;
    make_deploy(&made);
    render(&made.incident, NULL, &out);
    for (char *at = strstr(out.ptr, "-->"); (at = strstr(at, "[e:")) != NULL; at += 3) {
        char kept = at[5];
        at[5] = 'x';
        assert_int_equal(problems_of(strbuf_view(&out), &made.incident), 1);
        at[5] = kept;
        ids++;
    }
    for (char *line = strstr(out.ptr, "-->"), *end; (end = strchr(line, '\n')) != NULL;
         line = end + 1) {
        char *cite = memmem(line, (size_t)(end - line), " [e:", 4), saved[256];
        if (cite == NULL || (size_t)(end - cite) >= sizeof(saved))
            continue;
        memcpy(saved, cite, (size_t)(end - cite));
        memset(cite, '.', (size_t)(end - cite));
        assert_int_equal(problems_of(strbuf_view(&out), &made.incident), 1);
        memcpy(cite, saved, (size_t)(end - cite));
        lines++;
    }
    assert_true(ids > 60 && lines > 40);
    assert_int_equal(problems_of(strbuf_view(&out), &made.incident), 0);
    strbuf_release(&out);
}

static void
the_check_knows_what_needs_no_citation(void **state)
{
    (void)state;
    static struct made made;
    make_deploy(&made);
    const struct incident *incident = &made.incident;
    assert_int_equal(problems_of(SV("# h\n\n> note\n- TODO(human): x\n<!--\na\n-->\n"), incident),
                     0);
    assert_int_equal(problems_of(SV("| A | B |\n|---|---|\n| TODO(human) | |\n"), incident), 0);
    assert_int_equal(problems_of(SV("plain text\n"), incident), 1);
    assert_int_equal(problems_of(SV("| A | B |\n| C | D |\n"), incident), 2);
    assert_int_equal(problems_of(SV("x [e:10abcdef0123]\n"), incident), 0);
    assert_int_equal(problems_of(SV("x [e:10abcdef012]\n"), incident), 1);
    assert_int_equal(problems_of(SV("x \\[e:10abcdef0123\\]\n"), incident), 1);
    assert_int_equal(problems_of(SV("x [e:10abcdef0123] and more\n"), incident), 1);
    assert_int_equal(problems_of(SV("x [e:99abcdef0123] [e:10abcdef0123]\n"), incident), 1);
}

/* The deploy, in which everything that records say is this text. */
static void
make_saying(struct made *made, struct sv text, const char *const urls[4])
{
    make_deploy(made);
    for (size_t i = 0; i < made->count; i++) {
        struct entry *entry = &made->entries[i];
        entry->text = entry->source = entry->role = text;
        entry->actor = entry->channel = entry->service = text;
        entry->url = sv_from(urls[i % 4]);
        made->evidence[i].topic = text;
    }
    made->services[0] = made->nodes[0].title = made->nodes[0].service = text;
    made->incident.title = text;
}

static void
hostile_text_is_shown_and_does_nothing(void **state)
{
    (void)state;
    static struct made made;
    struct strbuf out;
    static const char evil[] =
        "a|b `c` <script>alert(1)</script> [x](javascript:alert(1)) ![i](http://e/x.png)\r\n"
        "# head\n| TODO(human) | [e:10abcdef0123] --> \x1b[31m \xe2\x80\xae \xff\xfe ftp://e/ *b* "
        "_i_";
    static const char *const urls[] = {"javascript:alert(1)", "https://e/ <b>", "http://e/|x",
                                       "HTTPS://ok.example/a?b=c"};
    make_saying(&made, sv_from(evil), urls);
    render(&made.incident, NULL, &out);
    const char *body = strstr(out.ptr, "-->") + 3;
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
    static struct made made;
    static const char *const urls[4] = {"https://ok.example/a"};
    struct strbuf plain, out, frame;
    size_t count;
    const struct attack *attacks = attacks_all(&count);
    strbuf_init(&plain, 0);
    strbuf_init(&frame, 0);
    make_saying(&made, SV("word"), urls);
    render(&made.incident, NULL, &out);
    attack_markdown_frame(strbuf_view(&out), &plain);
    assert_true(plain.len > 500);
    strbuf_release(&out);
    for (size_t i = 0; i < count; i++) {
        if (attacks[i].text.len == 0)
            continue;
        make_saying(&made, attacks[i].text, urls);
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
    static struct made made;
    struct strbuf out;
    struct err err = {0};
    if (time_zone_use("Europe/Berlin", &err) < 0)
        skip();
    make_deploy(&made);
    render(&made.incident, "Europe/Berlin", &out);
    assert_non_null(strstr(out.ptr, "| 2026-03-01 10:00 UTC | 2026-03-01 11:00 CET |"));
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
    static struct made made;
    struct strbuf out;
    make_deploy(&made);
    made.milestones[0].time_ns = AT(10);
    render(&made.incident, NULL, &out);
    assert_non_null(
        strstr(out.ptr, "The candidate for impact_started stands after the one for detected"));
    assert_null(strstr(out.ptr, "| Time to detect |"));
    assert_int_equal(problems_of(strbuf_view(&out), &made.incident), 0);
    strbuf_release(&out);
}

static void
ids_alike_are_cited_in_greater_length(void **state)
{
    (void)state;
    static struct made made;
    struct strbuf out;
    make_deploy(&made);
    snprintf(made.ids[1], sizeof(made.ids[1]), "%s", made.ids[0]);
    made.ids[1][20] = 'z';
    render(&made.incident, NULL, &out);
    assert_int_equal(problems_of(strbuf_view(&out), &made.incident), 0);
    assert_non_null(strstr(out.ptr, "[e:10abcdef0123456789abz]"));
    strbuf_release(&out);
}

/* A chat line as the start of impact, before any alert, is asked about. */
static void
a_start_that_is_talk_becomes_a_question(void **state)
{
    (void)state;
    static struct made made;
    struct strbuf out;
    make_deploy(&made);
    made.milestones[0].time_ns = made.entries[0].time_ns;
    made.milestones[0].entry_id = made.entries[0].entry_id;
    made.entries[0].service = SV("shop/checkout");
    render(&made.incident, NULL, &out);
    assert_non_null(strstr(out.ptr, "stands 6 min before the first alert"));
    assert_non_null(strstr(out.ptr, "| shop/checkout | yes |"));
    assert_int_equal(problems_of(strbuf_view(&out), &made.incident), 0);
    strbuf_release(&out);
}

/* The first row has nothing before it to be out of order with, but its clock may be wrong. */
static void
the_first_row_is_asked_about(void **state)
{
    (void)state;
    static struct made made;
    struct strbuf out;
    make_deploy(&made);
    made.entries[2].order_established = true;
    made.entries[0].time_source = TIME_SOURCE_ASSUMED_ZONE;
    made.entries[0].order_established = false;
    render(&made.incident, NULL, &out);
    assert_non_null(strstr(out.ptr, "- Key rows whose time rests on an assumed zone, year or on "
                                    "Kafka: 1. Are they where they belong? [e:10abcdef0123]\n"));
    assert_null(strstr(out.ptr, "whose order against the row before"));
    strbuf_release(&out);
    made.entries[made.count - 1].time_source = TIME_SOURCE_ASSUMED_YEAR;
    made.entries[made.count - 1].order_established = false;
    render(&made.incident, NULL, &out);
    assert_non_null(strstr(out.ptr, "or on Kafka: 2. Are they"));
    assert_non_null(strstr(out.ptr, "is not established: 1. Are they"));
    strbuf_release(&out);
}

/* Two entries with one id: whichever a line means, its citation does not say. */
static void
a_draft_that_cites_badly_is_not_made(void **state)
{
    (void)state;
    static struct made made;
    struct strbuf out;
    struct err err = {0};
    const struct report_context context = {.number = SV("INC-2026-0042")};
    size_t left_out = 77;
    make_deploy(&made);
    made.entries[3].entry_id = made.entries[0].entry_id;
    strbuf_init(&out, 0);
    assert_int_equal(report_markdown(&made.incident, &context, &out, &left_out, &err), -1);
    assert_int_equal(err.code, ERR_INTERNAL);
    assert_non_null(strstr(err.message, "cites an id that is not of one entry"));
    assert_int_equal(out.len, 0);
    assert_int_equal(left_out, 77);
    strbuf_release(&out);
}

/* Words that judge people or name one cause, in what the program itself writes. */
static void
the_draft_is_blameless(void **state)
{
    (void)state;
    static struct made made;
    static const char *const words[] = {"root cause", "human error", "failed to", "should have",
                                        "could have", "mistake",     "fault",     "blame",
                                        "forgot",     "careless",    "obvious",   "simply",
                                        "accidental", "outage",      "caused",    "because of"};
    struct strbuf out;
    make_deploy(&made);
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

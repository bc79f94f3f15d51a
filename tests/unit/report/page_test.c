/*
 * Page and chart: every number leads to a row that is there, whatever records say changes no tag,
 * the policy names just the style that is in it, flags never cover each other, and a chart of
 * 100,000 rows stays a chart.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <openssl/evp.h>

#include "base/clock.h"
#include "base/memory.h"
#include "hindcast/report.h"
#include "report/chart/chart.h"
#include "report/page/page.h"
#include "tests/lib/attacks.h"

#define BASE_NS (INT64_C(1772359200) * NS_PER_S) /* 2026-03-01T10:00:00Z */

/* An incident of `count` rows, `step` apart, that models pages, chat and deployments in turn. */
struct made {
    struct entry *entries;
    char (*ids)[33];
    struct evidence evidence;
    struct milestone_row milestones[MILESTONE_COUNT];
    struct node node;
    const struct node *nodes[1];
    struct sv services[1];
    struct stored_incident stored;
};

static void
make(struct made *made, size_t count, int64_t step, struct sv text)
{
    static const enum record_kind kinds[] = {RECORD_ALERT, RECORD_CHAT, RECORD_DEPLOY,
                                             RECORD_STATUS};
    *made = (struct made){.entries = memory_calloc(count, sizeof(struct entry)),
                          .ids = memory_calloc(count, 33),
                          .evidence = {.at = {1, 7, 0}, .topic = text, .incarnation = 1}};
    for (size_t i = 0; i < count; i++) {
        snprintf(made->ids[i], 33, "%016zx0123456789abcdef",
                 i * 2654435761U % 4294967296U << 32 | i);
        made->entries[i] =
            (struct entry){.entry_id = sv_from(made->ids[i]),
                           .time_ns = BASE_NS + (int64_t)i * step,
                           .time_source = TIME_SOURCE_NATIVE,
                           .record_kind = kinds[i % 4],
                           .kind = i % 4 == 0 ? ENTRY_ALERT_FIRING : ENTRY_CHAT_MESSAGE,
                           .significance = i % 3,
                           .text = text,
                           .actor = text,
                           .service = text,
                           .membership = text,
                           .source_time_text = text,
                           .node_key = SV("n"),
                           .occurrences = 1 + (int64_t)(i % 2),
                           .order_established = i % 5 != 0,
                           .evidence = &made->evidence,
                           .evidence_count = 1};
    }
    size_t marks = 0;
    for (int m = MILESTONE_NONE + 1; m < MILESTONE_COUNT && marks < count; m++, marks++)
        made->milestones[marks] =
            (struct milestone_row){(enum milestone)m, made->entries[marks].time_ns,
                                   made->entries[marks].entry_id, m % 2 ? 90 : 40};
    made->node = (struct node){.node_key = SV("n"),
                               .kind = EVENT_ALERT,
                               .first_ns = BASE_NS,
                               .last_ns = BASE_NS + (int64_t)(count / 2) * step,
                               .severity = SEVERITY_ERROR,
                               .title = text,
                               .service = text};
    made->nodes[0] = &made->node;
    made->services[0] = text;
    made->stored.number = SV("INC-2026-0007");
    made->stored.incident = (struct incident){.incident_key = SV("key"),
                                              .title = text,
                                              .raised = true,
                                              .first_ns = BASE_NS,
                                              .last_ns = BASE_NS + (int64_t)count * step,
                                              .severity = SEVERITY_FATAL,
                                              .services = made->services,
                                              .service_count = 1,
                                              .nodes = made->nodes,
                                              .node_count = 1,
                                              .entries = made->entries,
                                              .entry_count = count,
                                              .milestones = made->milestones,
                                              .milestone_count = marks,
                                              .alert_count = 1,
                                              .record_count = (int64_t)count};
}

static void
unmake(struct made *made)
{
    free(made->entries);
    free(made->ids);
}

static bool
value_is_the_topic(void *opaque, const struct evidence *evidence, struct arena *arena,
                   struct sv *ret_value)
{
    (void)opaque;
    (void)arena;
    *ret_value = evidence->topic;
    return true;
}

static const struct report_template *template; /* NULL: the one in the program */

static void
page_of(const struct made *made, struct strbuf *out)
{
    struct document document;
    size_t left_out;
    struct err err = {0};
    const struct report_context context = {
        .template = template, .number = made->stored.number, .rest_name = SV("timeline.jsonl")};
    const struct page_options options = {
        .stored = &made->stored, .rest_name = SV("timeline.jsonl"), .record = value_is_the_topic};
    assert_int_equal(report_document(&made->stored.incident, &context, &document, &left_out, &err),
                     0);
    strbuf_init(out, 0);
    page_html(&document, &options, out);
    document_release(&document);
    assert_false(out->overflow);
}

static void
chart_of(const struct made *made, struct strbuf *out)
{
    strbuf_init(out, 0);
    chart_svg(&made->stored.incident,
              &(struct chart_options){.name = made->stored.number, .alone = true}, out);
}

/* ---- links ---- */

static size_t
need_targets(const struct strbuf *page)
{
    size_t links = 0;
    for (const char *at = page->ptr; (at = strstr(at, "href=\"#")) != NULL; at++, links++) {
        char id[80];
        size_t len = strcspn(at + 7, "\"");
        assert_true(len < 60);
        snprintf(id, sizeof(id), "id=\"%.*s\"", (int)len, at + 7);
        if (strstr(page->ptr, id) == NULL)
            fail_msg("nothing has %s", id);
    }
    return links;
}

static void
test_every_link_leads_to_a_row(void **state)
{
    struct made made;
    struct strbuf page;
    (void)state;
    make(&made, 40, 30 * NS_PER_S, SV("checkout fails"));
    page_of(&made, &page);
    size_t links = need_targets(&page);
    assert_true(links > 40);
    assert_null(strstr(page.ptr, "<script"));
    assert_null(strstr(page.ptr, " style="));
    assert_non_null(strstr(page.ptr, "<pre>checkout fails"));
    strbuf_release(&page);
    unmake(&made);
}

/* The draft counts what it does not list; the page lists it. */
static void
test_rows_that_are_shown_are_not_called_left_out(void **state)
{
    struct made made;
    struct strbuf page;
    (void)state;
    make(&made, 40, 30 * NS_PER_S, SV("checkout fails"));
    page_of(&made, &page);
    assert_null(strstr(page.ptr, "not listed here"));
    assert_non_null(strstr(page.ptr, "more rows are not shown here"));
    strbuf_release(&page);
    unmake(&made);
}

/* A team's template may leave out the timeline; what a sentence cites has its row all the same. */
static void
test_rows_are_there_without_a_timeline(void **state)
{
    static const struct report_template short_one = {
        "t.tsv", SV("title\tt\tT\nheading\tsum\tSum\nfill\tsummary\t\n")};
    struct made made;
    struct strbuf page;
    (void)state;
    make(&made, 40, 30 * NS_PER_S, SV("checkout fails"));
    template = &short_one;
    page_of(&made, &page);
    template = NULL;
    assert_true(need_targets(&page) > 10);
    assert_non_null(strstr(page.ptr, "<h2 id=\"all-rows\">"));
    strbuf_release(&page);
    unmake(&made);
}

static void
test_ids_are_there_once(void **state)
{
    struct made made;
    struct strbuf page;
    (void)state;
    make(&made, 300, NS_PER_S, SV("x"));
    page_of(&made, &page);
    for (size_t i = 0; i < 300; i++) {
        char id[80];
        snprintf(id, sizeof(id), "<li id=\"e-%.16s", made.ids[i]);
        const char *first = strstr(page.ptr, id);
        assert_true(first == NULL || strstr(first + 1, id) == NULL);
    }
    strbuf_release(&page);
    unmake(&made);
}

/* The digest in the policy, made by another library, of the style that is there. */
static void
test_the_policy_allows_the_style_alone(void **state)
{
    struct made made;
    struct strbuf page;
    uint8_t digest[EVP_MAX_MD_SIZE], wanted[200];
    unsigned int size = 0;
    char source[260];
    (void)state;
    make(&made, 3, NS_PER_S, SV("x"));
    page_of(&made, &page);
    const char *from = strstr(page.ptr, "<style>") + 7, *to = strstr(from, "</style>");
    assert_int_equal(EVP_Digest(from, (size_t)(to - from), digest, &size, EVP_sha256(), NULL), 1);
    EVP_EncodeBlock(wanted, digest, (int)size);
    snprintf(source, sizeof(source), "style-src 'sha256-%s';", (const char *)wanted);
    assert_non_null(strstr(page.ptr, source));
    assert_non_null(strstr(page.ptr, "default-src 'none'"));
    assert_null(strstr(page.ptr, "unsafe"));
    strbuf_release(&page);
    unmake(&made);
}

/* ---- what records say ---- */

/* All tags, with their attributes: what is left of HTML or SVG without its texts. */
static void
frame(const struct strbuf *shown, struct strbuf *out)
{
    bool inside = false;
    strbuf_init(out, 0);
    for (size_t i = 0; i < shown->len; i++) {
        inside |= shown->ptr[i] == '<';
        if (inside)
            strbuf_add_char(out, shown->ptr[i]);
        inside &= shown->ptr[i] != '>';
    }
}

/* Widths of words move marks and cut texts; a bad text is compared with a good one of its width. */
static void
without_numbers(struct strbuf *tags)
{
    size_t kept = 0;
    for (size_t i = 0; i < tags->len; i++)
        if (strchr("0123456789.-", tags->ptr[i]) == NULL)
            tags->ptr[kept++] = tags->ptr[i];
    tags->len = kept;
}

static void
test_texts_are_texts(void **state)
{
    size_t count;
    const struct attack *attacks = attacks_all(&count);
    struct made good;
    struct strbuf good_page, good_frame;
    (void)state;
    make(&good, 12, NS_PER_MINUTE, SV("plain words"));
    page_of(&good, &good_page);
    frame(&good_page, &good_frame);
    without_numbers(&good_frame);
    for (size_t i = 0; i < count; i++) {
        struct made bad;
        struct strbuf page, tags;
        make(&bad, 12, NS_PER_MINUTE, attacks[i].text);
        page_of(&bad, &page);
        const char *seen = attack_seen(strbuf_view(&page));
        if (seen != NULL)
            fail_msg("%s: a reader meets %.20s", attacks[i].name, seen);
        frame(&page, &tags);
        without_numbers(&tags);
        /* Words that do not fit beside a change are left out: rows of marks may differ, tags not.
         */
        assert_null(strstr(page.ptr, "<script"));
        assert_null(strstr(page.ptr, "<img"));
        assert_null(strstr(page.ptr, "href=\"javascript"));
        if (attacks[i].text.len > 0 && attacks[i].text.len < 12 &&
            !sv_eq(strbuf_view(&tags), strbuf_view(&good_frame)) && tags.len > good_frame.len)
            fail_msg("%s: more tags than plain words have", attacks[i].name);
        strbuf_release(&tags);
        strbuf_release(&page);
        unmake(&bad);
    }
    strbuf_release(&good_frame);
    strbuf_release(&good_page);
    unmake(&good);
}

static void
test_same_incident_same_bytes(void **state)
{
    struct made made;
    struct strbuf one, two;
    (void)state;
    make(&made, 50, 7 * NS_PER_S, SV("x"));
    page_of(&made, &one);
    page_of(&made, &two);
    assert_true(sv_eq(strbuf_view(&one), strbuf_view(&two)));
    strbuf_release(&one);
    strbuf_release(&two);
    unmake(&made);
}

/* ---- the chart ---- */

static double
number_of(const char *tag, const char *name)
{
    const char *at = strstr(tag, name);
    assert_non_null(at);
    return strtod(at + strlen(name), NULL);
}

static void
check_flags(const struct made *made, size_t wanted)
{
    struct strbuf chart;
    double left[MILESTONE_COUNT], right[MILESTONE_COUNT], top[MILESTONE_COUNT];
    size_t count = 0;
    chart_of(made, &chart);
    for (const char *at = chart.ptr; (at = strstr(at, "<g class=\"flag")) != NULL; at++) {
        const char *box = strstr(at, "<rect");
        left[count] = number_of(box, " x=\"");
        right[count] = left[count] + number_of(box, " width=\"");
        top[count] = number_of(box, " y=\"");
        assert_true(left[count] >= 0 && right[count] <= 1120);
        for (size_t i = 0; i < count; i++)
            if (top[i] == top[count] && left[i] < right[count] && left[count] < right[i])
                fail_msg("flags %zu and %zu cover each other", i, count);
        count++;
    }
    assert_int_equal(count, wanted);
    assert_non_null(strstr(chart.ptr, "class=\"flag possible\""));
    strbuf_release(&chart);
}

static void
test_flags_never_cover_each_other(void **state)
{
    static const int64_t steps[] = {0, NS_PER_S, NS_PER_MINUTE, 20 * NS_PER_MINUTE, NS_PER_DAY};
    (void)state;
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        struct made made;
        make(&made, 10, steps[i], SV("x"));
        made.stored.incident.last_ns = BASE_NS + 9 * steps[i];
        check_flags(&made, MILESTONE_COUNT - 1);
        unmake(&made);
    }
}

static void
test_100000_rows_stay_a_chart(void **state)
{
    struct made made;
    struct strbuf chart, page;
    (void)state;
    make(&made, 100000, NS_PER_S, SV("the same again"));
    chart_of(&made, &chart);
    assert_true(chart.len < (size_t)1 << 20);
    assert_non_null(strstr(chart.ptr, "more here)"));
    page_of(&made, &page);
    assert_true(page.len < (size_t)PAGE_ROWS_MAX * 4096);
    assert_non_null(
        strstr(page.ptr, "more rows are not shown here; all of them are in timeline.jsonl"));
    strbuf_release(&page);
    strbuf_release(&chart);
    unmake(&made);
}

/* More alerts and services than are shown: counted, and the count stands below the last row. */
static void
test_what_is_not_shown_is_counted(void **state)
{
    enum { MANY = 24 };
    static struct node nodes[MANY];
    static const struct node *list[MANY];
    static struct sv services[MANY];
    static char keys[MANY][16];
    struct made made;
    struct strbuf out;
    (void)state;
    make(&made, 40, 30 * NS_PER_S, SV("checkout fails"));
    for (size_t i = 0; i < MANY; i++) {
        snprintf(keys[i], sizeof(keys[i]), "service-%02zu", i);
        nodes[i] = made.node;
        nodes[i].node_key = nodes[i].service = services[i] = sv_from(keys[i]);
        list[i] = &nodes[i];
        made.entries[i].node_key = nodes[i].node_key;
        made.entries[i].kind = ENTRY_ALERT_FIRING;
    }
    made.stored.incident.nodes = list;
    made.stored.incident.services = services;
    made.stored.incident.node_count = made.stored.incident.service_count = MANY;
    chart_of(&made, &out);
    const char *more = strstr(out.ptr, ">and 10 more<"), *row = NULL;
    assert_non_null(more);
    for (const char *at = out.ptr; (at = strstr(at, "class=\"row\"")) != NULL && at < more; at++)
        row = at;
    assert_non_null(row);
    while (strncmp(more, " y=\"", 4) != 0)
        more--;
    assert_true(strtod(more + 4, NULL) >= strtod(strstr(row, " y=\"") + 4, NULL) + 11);
    strbuf_release(&out);
    page_of(&made, &out);
    assert_non_null(strstr(out.ptr, "service-09 and 14 more</span>"));
    strbuf_release(&out);
    unmake(&made);
}

/* Also between -1 and 1. */
static void
test_a_score_has_its_sign(void **state)
{
    static const struct {
        int32_t score;
        const char *says;
    } cases[] = {{-99, ">full: -0.99<"},  {-764, ">full: -7.64<"}, {-1, ">full: -0.01<"},
                 {-200, ">full: -2.00<"}, {4, ">full: 0.04<"},     {0, ">full: 0.00<"}};
    struct made made;
    struct strbuf page;
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        make(&made, 4, 30 * NS_PER_S, SV("checkout fails"));
        for (size_t row = 0; row < 4; row++)
            made.entries[row].significance = SIGNIFICANCE_FULL;
        made.entries[0].score = cases[i].score;
        page_of(&made, &page);
        if (strstr(page.ptr, cases[i].says) == NULL)
            fail_msg("nothing says %s", cases[i].says);
        strbuf_release(&page);
        unmake(&made);
    }
}

static void
test_an_empty_incident_has_a_chart(void **state)
{
    struct made made;
    struct strbuf chart;
    (void)state;
    make(&made, 1, NS_PER_S, SV("x"));
    made.stored.incident.entry_count = made.stored.incident.node_count = 0;
    made.stored.incident.milestone_count = 0;
    chart_of(&made, &chart);
    assert_non_null(strstr(chart.ptr, "nothing to show"));
    assert_non_null(strstr(chart.ptr, "</svg>"));
    strbuf_release(&chart);
    unmake(&made);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_link_leads_to_a_row),
        cmocka_unit_test(test_rows_that_are_shown_are_not_called_left_out),
        cmocka_unit_test(test_rows_are_there_without_a_timeline),
        cmocka_unit_test(test_ids_are_there_once),
        cmocka_unit_test(test_the_policy_allows_the_style_alone),
        cmocka_unit_test(test_texts_are_texts),
        cmocka_unit_test(test_same_incident_same_bytes),
        cmocka_unit_test(test_flags_never_cover_each_other),
        cmocka_unit_test(test_100000_rows_stay_a_chart),
        cmocka_unit_test(test_what_is_not_shown_is_counted),
        cmocka_unit_test(test_a_score_has_its_sign),
        cmocka_unit_test(test_an_empty_incident_has_a_chart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

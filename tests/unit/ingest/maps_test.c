/*
 * The language of maps, construct by construct: what a map makes of a record. What is wrong with
 * maps is in maps_problems_test.c, our own maps in the golden tests.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "tests/lib/maptest.h"

/* A shape that claims everything with `on`, and the lines of a test. */
#define SHAPE(lines) "[x]\nbid = 90\nwhen = on\nkind = alert\n" lines
#define GIVES(rest) "x|alert|trigger" rest "\n"

/* ---- paths ---- */

static void
paths_lead_through_objects_lists_and_strings(void **state)
{
    (void)state;
    static const char *const record = "{\"on\":1,\"a\":{\"b\":[{\"c\":\"first\"},{\"c\":\"last\"}],"
                                      "\"d.e\":\"dotted\",\"7\":\"seven\"},"
                                      "\"s\":\"{\\\"t\\\":[1,{\\\"u\\\":\\\"inside\\\"}]}\"}";
    static const char *const rows[][2] = {
        {"a.b.0.c", "first"},  {"a.b.-1.c", "last"}, {"a.b.-2.c", "first"}, {"a.'d.e'", "dotted"},
        {"'a'.b.1.c", "last"}, {"a.7", "seven"},     {"s.t.1.u", "inside"}, {"s.t.0", "1"},
        {"a.b.*.c", "first"},  {"*.b.0.c", "first"}, {"a.*.-1.c", "last"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char map[200], expected[100];
        snprintf(map, sizeof(map), SHAPE("title = %s\n"), rows[i][0]);
        snprintf(expected, sizeof(expected), GIVES("|title=%s"), rows[i][1]);
        expect_map(map, record, expected);
    }
    static const char *const nowhere[] = {"a.d.e", "a.b.2.c", "a.b.-3.c", "a.b.c",
                                          "on.x",  "s.x",     "up.on",    "a.b.0.c.d"};
    for (size_t i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++) {
        char map[200];
        snprintf(map, sizeof(map), SHAPE("title = %s\n"), nowhere[i]);
        expect_map(map, record, GIVES(""));
    }
}

/* All that the first alternative gives which gives any, once each, 20 at most. */
static void
paged_gathers_names(void **state)
{
    (void)state;
    static const char *const map = SHAPE("paged = to.*.name | to.*.mail\npaged.ack = by.*\n"
                                         "phase = did\n");
    expect_map(
        map,
        "{\"on\":1,\"to\":[{\"name\":\"Ada \\\"A\\\" Q\"},{\"name\":\"Bo\",\"mail\":\"b@x\"},"
        "{\"name\":\"Bo\"},{\"mail\":\"c@x\"}]}",
        GIVES("|paged=[\"Ada \\\"A\\\" Q\",\"Bo\"]"));
    expect_map(map,
               "{\"on\":1,\"to\":[{\"mail\":\"b@x\"},{\"mail\":\"\"}],\"paged_people\":[\"x\"]}",
               GIVES("|paged=[\"x\"]"));
    expect_map(map, "{\"on\":1,\"did\":\"ack\",\"by\":[\"Cy\"],\"to\":[{\"name\":\"Bo\"}]}",
               "x|alert|ack|paged=[\"Cy\"]\n");
    expect_map(map, "{\"on\":1,\"to\":[]}", GIVES(""));
    struct strbuf record;
    strbuf_init(&record, 0);
    strbuf_add_text(&record, "{\"on\":1,\"to\":[");
    for (int i = 0; i < 30; i++)
        strbuf_addf(&record, "%s{\"name\":\"n%d\"}", i > 0 ? "," : "", i);
    strbuf_add_text(&record, "]}");
    char *made = map_reads(map, record.ptr, NULL, 0);
    assert_non_null(strstr(made, "\"n19\"]"));
    free(made);
    strbuf_release(&record);
}

/* What is too long to be kept keeps the names. */
static void
paged_stays_where_attributes_are_left_out(void **state)
{
    (void)state;
    struct strbuf record;
    strbuf_init(&record, 0);
    strbuf_add_text(&record, "{\"on\":1,\"to\":[\"Ada\"],\"much\":\"");
    for (int i = 0; i < 70000; i++)
        strbuf_add_char(&record, 'm');
    strbuf_add_text(&record, "\"}");
    char *made = map_reads(SHAPE("paged = to.*\n"), record.ptr, NULL, 0);
    assert_string_equal(made, GIVES("|paged=[\"Ada\"]"));
    free(made);
    strbuf_release(&record);
}

static void
selectors_choose_elements_and_tags(void **state)
{
    (void)state;
    static const char *const map =
        SHAPE("service = labels[key=env].value | labels[key=\"e n v\"].value\n"
              "host = tags[host:]\nenvironment = tags[env:]\n");
    expect_map(map,
               "{\"on\":1,\"labels\":[{\"key\":\"x\",\"value\":\"no\"},{\"key\":\"ENV\",\"value\":"
               "\"prod\"}],"
               "\"tags\":[\"a\",\"Host: h1 \",7]}",
               GIVES("|service=prod|host=h1"));
    expect_map(
        map,
        "{\"on\":1,\"labels\":[{\"key\":\"e n v\",\"value\":\"q\"}],\"tags\":\"env:p, host:h2\"}",
        GIVES("|service=q|host=h2|environment=p"));
    expect_map(map,
               "{\"on\":1,\"labels\":{\"key\":\"env\",\"value\":\"x\"},\"tags\":{\"host:\":1}}",
               GIVES(""));
}

static void
up_is_the_object_around_the_element(void **state)
{
    (void)state;
    static const char *const map =
        "[x]\nbid = 90\nopen = page.alerts\nwhen = id, up.size, up.up.on\nkind = alert\n"
        "title = id\nservice = up.size\nhost = up.up.on\nactor = up.up.up.on\n";
    expect_map(map,
               "{\"on\":\"top\",\"page\":{\"size\":2,\"alerts\":[{\"id\":\"a\"},{\"id\":\"b\"}]}}",
               GIVES("|title=a|service=2|host=top") GIVES("|title=b|service=2|host=top"));
    expect_map(map, "{\"on\":\"top\",\"page\":{\"alerts\":[{\"id\":\"a\"}]}}", "unclaimed\n");
}

static void
headers_of_the_record_are_read(void **state)
{
    (void)state;
    static const struct header headers[] = {{{"X-Ferry-Event", 13}, {"docked", 6}}};
    char *got = map_reads(SHAPE("title = header.X-Ferry-Event | on\nactor = header.'No.Such'\n"),
                          "{\"on\":1}", headers, 1);
    assert_string_equal(got, GIVES("|title=docked"));
    free(got);
}

/* ---- values ---- */

static void
what_is_empty_goes_on_to_the_next(void **state)
{
    (void)state;
    static const char *const empty[] = {"null",
                                        "\"\"",
                                        "\"  \"",
                                        "{}",
                                        "[]",
                                        "[1]",
                                        "{\"a\":1}",
                                        "\"$HOST\"",
                                        "\"${host}\"",
                                        "\"{{ host }}\"",
                                        "\"-\"",
                                        "\"null\"",
                                        "\"None\"",
                                        "\"%s\"",
                                        "\"*UNKNOWN*\"",
                                        "\"{EVENT.NAME}\"",
                                        "\"undefined\"",
                                        "\"(null)\""};
    for (size_t i = 0; i < sizeof(empty) / sizeof(empty[0]); i++) {
        char record[100];
        snprintf(record, sizeof(record), "{\"on\":1,\"a\":%s,\"b\":\"there\"}", empty[i]);
        expect_map(SHAPE("title = a | b\n"), record, GIVES("|title=there"));
    }
    static const char *const full[][2] = {
        {"0", "0"},      {"false", "false"},       {"\" x \"", "x"}, {"1.50", "1.5"},
        {"1e3", "1000"}, {"\"$5 off\"", "$5 off"}, {"\"-1\"", "-1"}, {"\"*bold*\"", "*bold*"}};
    for (size_t i = 0; i < sizeof(full) / sizeof(full[0]); i++) {
        char record[100], expected[100];
        snprintf(record, sizeof(record), "{\"on\":1,\"a\":%s,\"b\":\"there\"}", full[i][0]);
        snprintf(expected, sizeof(expected), GIVES("|title=%s"), full[i][1]);
        expect_map(SHAPE("title = a | b\n"), record, expected);
    }
}

static void
templates_need_what_is_not_optional(void **state)
{
    (void)state;
    static const char *const map = SHAPE("title = \"{a} is | {b?} in {c.d?}\" | \"nobody\"\n");
    expect_map(map, "{\"on\":1,\"a\":\"x\",\"b\":\"up\",\"c\":{\"d\":\"hall\"}}",
               GIVES("|title=x is | up in hall"));
    expect_map(map, "{\"on\":1,\"a\":\"x\"}", GIVES("|title=x is | in"));
    expect_map(map, "{\"on\":1,\"b\":\"up\"}", GIVES("|title=nobody"));
    expect_map(SHAPE("title = \"{a}{b}\"\n"), "{\"on\":1,\"a\":\"x\\ny\",\"b\":\" z\"}",
               GIVES("|title=x|body=x\nyz"));
}

static void
steps_change_what_a_path_gives(void **state)
{
    (void)state;
    static const char *const rows[][3] = {
        {"host", "http://user@web-1.example:9090/metrics?a", "web-1.example"},
        {"host", "web-1:80", "web-1"},
        {"host", "[2001:db8::1]:443", "2001:db8::1"},
        {"host", "2001:db8::1", "2001:db8::1"},
        {"/^(\\w+)-/", "api-7", "api"},
        {"/b+/", "aabbc", "bb"},
        {"/^x/", "abc", ""},
        {"/(?i)SERVICE=([^ |>]+)/", "service=a|b", "a"},
        {"/a(b)?/", "ac", ""},
        {"/\\/(\\w+)$/ > /^(.)/", "x/yz", "y"},
        {"html", "<p>One &amp; two</p><br/>&lt;three&gt;", "One & two"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char map[200], record[200], expected[200];
        snprintf(map, sizeof(map), SHAPE("service = a > %s\n"), rows[i][0]);
        snprintf(record, sizeof(record), "{\"on\":1,\"a\":\"%s\"}", rows[i][1]);
        snprintf(expected, sizeof(expected),
                 rows[i][2][0] == '\0' ? GIVES("%s") : GIVES("|service=%s"), rows[i][2]);
        if (i == 10)
            snprintf(expected, sizeof(expected), GIVES("|service=One & two\n\n<three>"));
        expect_map(map, record, expected);
    }
}

/* A regex that goes too far finds nothing; it does not make anyone wait. */
static void
a_regex_has_a_limit(void **state)
{
    (void)state;
    expect_map(
        SHAPE("title = a > /^(a+)+$/ | \"too far\"\n"),
        "{\"on\":1,\"a\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"}",
        GIVES("|title=too far"));
}

static void
tables_know_words_globs_and_ranges(void **state)
{
    (void)state;
    static const char *const map =
        "[words t]\ncritical = 60.., FIRE, \"a, b\"\nwarning = 40..49, *smoke*\n"
        "info = ..-1, sm*, open*door\n" SHAPE("severity = a > t\n");
    static const char *const rows[][2] = {
        {"60", "21|said=60"},
        {"1000", "21|said=1000"},
        {"59", NULL},
        {"49", "13|said=49"},
        {"49.5", NULL},
        {"-5", "9|said=-5"},
        {"\"fire\"", "21|said=fire"},
        {"\"Fire \"", "21|said=Fire"},
        {"\"a, b\"", "21|said=a, b"},
        {"\"much SMOKE here\"", "13|said=much SMOKE here"},
        {"\"smog\"", "9|said=smog"},
        {"\"open the door\"", "9|said=open the door"},
        {"\"opendoor\"", "9|said=opendoor"},
        {"\"opendoo\"", NULL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char record[200], expected[200];
        snprintf(record, sizeof(record), "{\"on\":1,\"a\":%s}", rows[i][0]);
        if (rows[i][1] != NULL)
            snprintf(expected, sizeof(expected), GIVES("|severity=%s"), rows[i][1]);
        else
            snprintf(expected, sizeof(expected), GIVES("|said=%.*s"),
                     (int)strcspn(rows[i][0] + (rows[i][0][0] == '"'), "\""),
                     rows[i][0] + (rows[i][0][0] == '"'));
        expect_map(map, record, expected);
    }
}

/* ---- when ---- */

static void
conditions_must_all_hold_of_one_line(void **state)
{
    (void)state;
    static const char *const map = "[x]\nbid = 90\nkind = alert\n"
                                   "when = type=fire|smoke*|7..9, !closed, a.b\n"
                                   "when = 'in line', a.0.c=true\n"
                                   "when = other, !a=x\n";
    static const char *const yes[] = {
        "{\"type\":\"FIRE\",\"a\":{\"b\":\"\"}}",
        "{\"type\":\"smoke!\",\"a\":{\"b\":{}}}",
        "{\"type\":8,\"a\":{\"b\":0},\"closed\":null}",
        "{\"in line\":1,\"a\":[{\"c\":true}]}",
        "{\"other\":1}",
        "{\"other\":1,\"a\":\"y\"}",
    };
    static const char *const no[] = {
        "{\"type\":\"fire \",\"a\":{\"b\":1}}",
        "{\"type\":\"fire\",\"a\":{\"b\":null}}",
        "{\"type\":6,\"a\":{\"b\":1}}",
        "{\"type\":\"fire\",\"a\":{\"b\":1},\"closed\":false}",
        "{\"in line\":1,\"a\":[{\"c\":false}]}",
        "{\"other\":1,\"a\":\"X\"}",
        "{\"other\":null}",
        "{}",
    };
    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
        expect_map(map, yes[i], GIVES(""));
    for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
        expect_map(map, no[i], "unclaimed\n");
}

/* ---- open ---- */

static void
open_takes_the_first_alternative_that_fits(void **state)
{
    (void)state;
    static const char *const map = "[x]\nbid = 90\nopen = data.alerts | data | .\nwhen = id\n"
                                   "kind = alert\ntitle = id\n";
    expect_map(map, "{\"data\":{\"alerts\":[{\"id\":1},{\"id\":2}]}}",
               GIVES("|title=1") GIVES("|title=2"));
    expect_map(map, "{\"data\":{\"id\":3}}", GIVES("|title=3"));
    expect_map(map, "{\"data\":[{\"id\":4}],\"id\":9}", GIVES("|title=4"));
    expect_map(map, "{\"data\":[{\"no\":4}],\"id\":9}", GIVES("|title=9"));
    expect_map(map, "{\"data\":\"[{\\\"id\\\":5}]\"}", GIVES("|title=5"));
    expect_map(map, "{\"data\":[]}", "unclaimed\n");
    /* A list's first object counts; what is not an object is kept as a log event that says so. */
    expect_map(map, "{\"data\":[null,\"x\",{\"id\":6},\"{\\\"id\\\":7}\"]}",
               "json|log||body=\"x\"\n" GIVES("|title=6") GIVES("|title=7"));
}

static void
a_star_opens_all(void **state)
{
    (void)state;
    static const char *const map =
        "[x]\nbid = 90\nopen = rooms.*.lamps | boxes.*\nwhen = id\n"
        "kind = alert\ntitle = id\nservice = up.name\nhost = up.up.rooms.0.name\n";
    expect_map(map,
               "{\"rooms\":[{\"name\":\"a\",\"lamps\":[{\"id\":1},{\"id\":2}]},{\"name\":\"b\","
               "\"lamps\":{\"id\":3}}]}",
               GIVES("|title=1|service=a|host=a") GIVES("|title=2|service=a|host=a")
                   GIVES("|title=3|service=b|host=a"));
    expect_map(map, "{\"boxes\":{\"k\":{\"id\":4},\"l\":{\"id\":5},\"m\":6}}",
               GIVES("|title=4") GIVES("|title=5"));
}

/* Elements of one list may be of several kinds. */
static void
each_element_goes_to_the_shape_that_bids_most(void **state)
{
    (void)state;
    static const char *const map =
        "[x]\nbid = 80\nopen = list\nwhen = id\nkind = alert\ntitle = id\n"
        "[y]\nbid = 85\nopen = list\nwhen = id, talk\nkind = chat\ntitle = talk\n"
        "[z]\nbid = 99\nopen = other\nwhen = id\nkind = note\n";
    char *copy = strdup(map);
    memcpy(strstr(copy, "bid = 99"), "bid = 95", 8);
    expect_map(copy, "{\"list\":[{\"id\":1},{\"id\":2,\"talk\":\"hi\"},{\"no\":3}]}",
               GIVES("|title=1") "y|chat|post|title=hi\n" GIVES(""));
    free(copy);
}

static void
also_reads_more_out_of_an_element(void **state)
{
    (void)state;
    static const char *const map =
        "[x]\nbid = 90\nopen = trips | .\nwhen = no, log\nkind = alert\ntitle = no\nalso = y, "
        "z\nnamespace = f\n"
        "[y]\nopen = log\nkind = note\ntitle = text\nincident = up.no\nservice = "
        "up.up.page\nnamespace = f\n"
        "[z]\nopen = gone | extra.*\nformat = x-more\nkind = note\ntitle = e\nhost = up.up.no\n";
    expect_map(map,
               "{\"page\":\"p\",\"trips\":[{\"no\":1,\"log\":[{\"text\":\"a\"},{\"text\":\"b\"}]},"
               "{\"no\":2,\"log\":[],\"extra\":[{\"e\":\"c\"}]}]}",
               GIVES("|title=1") "y|note|note|title=a|service=p|incident=f:1\n"
                                 "y|note|note|title=b|service=p|incident=f:1\n" GIVES(
                                     "|title=2") "x_more|note|note|title=c\n");
}

/* An incident of an API tells its end first; where it began is another event, said once. */
static void
also_tells_what_an_element_went_through(void **state)
{
    (void)state;
    static const char *const map =
        "[x]\nbid = 90\nwhen = no, state\nkind = note\ntitle = state\nid = no, log.0.t\n"
        "also = begun, older\nnamespace = f\n"
        "[begun]\nwhen = no, !state=open\nformat = x\nkind = note\ntitle = \"begun\"\n"
        "[older]\nopen = log\nwhen = t, !t=b\nformat = x\nkind = note\ntitle = t\nid = up.no, t\n"
        "namespace = f\n";
    expect_map(map, "{\"no\":1,\"state\":\"open\",\"log\":[{\"t\":\"a\"}]}",
               "x|note|note|title=open|id=f: 1+a\n");
    expect_map(map,
               "{\"no\":1,\"state\":\"done\",\"log\":[{\"t\":\"a\"},{\"t\":\"b\"},{\"t\":\"c\"}]}",
               "x|note|note|title=done|id=f: "
               "1+a\nx|note|note|title=begun\nx|note|note|title=c|id=f: 1+c\n");
}

/* ---- events ---- */

static void
kinds_have_a_phase_of_their_own(void **state)
{
    (void)state;
    static const char *const map =
        "[words k]\nalert = a\nchange = c\nchat = h\nnote = n\nlog = l\nmetric = m\n"
        "[words p]\nresolve = r\n"
        "[x]\nbid = 90\nwhen = k\nkind = k > k\nphase = p > p | q > p\n";
    expect_map(map, "{\"k\":\"a\",\"q\":\"r\"}", "x|alert|resolve\n");
    expect_map(map, "{\"k\":\"a\",\"p\":\"?\"}", "x|alert|trigger\n");
    expect_map(map, "{\"k\":\"c\"}", "x|change|succeeded\n");
    expect_map(map, "{\"k\":\"h\"}", "x|chat|post\n");
    expect_map(map, "{\"k\":\"n\"}", "x|note|note\n");
    expect_map(map, "{\"k\":\"l\",\"p\":\"r\"}", "x|log|\n");
    expect_map(map, "{\"k\":\"m\",\"p\":\"r\"}", "x|metric|\n");
    expect_map(map, "{\"k\":\"?\"}", "x|log|\n");
}

/* What resolves an alert succeeds as a change, and says nothing of a note. */
static void
a_phase_is_of_its_kind(void **state)
{
    (void)state;
    static const char *const map =
        "[words k]\nalert = a\nchange = c\nchat = h\nnote = n\n"
        "[words p]\nresolve = ok\nupdate = more\n[words q]\nfailed = ok\n"
        "[x]\nbid = 90\nwhen = k\nkind = k > k\nphase = p > p | p > q\n";
    expect_map(map, "{\"k\":\"a\",\"p\":\"ok\"}", "x|alert|resolve\n");
    expect_map(map, "{\"k\":\"c\",\"p\":\"ok\"}", "x|change|failed\n");
    expect_map(map, "{\"k\":\"h\",\"p\":\"ok\"}", "x|chat|post\n");
    expect_map(map, "{\"k\":\"n\",\"p\":\"ok\"}", "x|note|note\n");
    expect_map(map, "{\"k\":\"h\",\"p\":\"more\"}", "x|chat|update\n");
}

static void
a_key_of_a_phase_is_asked_first(void **state)
{
    (void)state;
    static const char *const map =
        "[words p]\nresolve = r\n" SHAPE("phase = p > p | trigger\ntime = begun\ntime.resolve = "
                                         "ended\ntitle.resolve = \"{on} over\"\n"
                                         "title = on\nrecord.resolve = incident-event\n");
    expect_map(map, "{\"on\":\"x\",\"p\":\"r\",\"begun\":1772359200,\"ended\":1772362800}",
               "x|alert|resolve|time=2026-03-01T11:00:00Z|title=x over|record=incident-event\n");
    expect_map(map, "{\"on\":\"x\",\"p\":\"r\",\"begun\":1772359200}",
               "x|alert|resolve|time=2026-03-01T10:00:00Z|title=x over|record=incident-event\n");
    expect_map(map, "{\"on\":\"x\",\"begun\":1772359200}",
               GIVES("|time=2026-03-01T10:00:00Z|title=x"));
}

static void
the_first_time_that_can_be_read_counts(void **state)
{
    (void)state;
    static const char *const rows[] = {"1772359200",
                                       "1772359200000",
                                       "1772359200000000",
                                       "1772359200000000000",
                                       "1772359200.0",
                                       "\"1772359200\"",
                                       "\"2026-03-01T10:00:00Z\"",
                                       "\"2026-03-01 12:00:00 +0200\"",
                                       "\"0001-01-01T00:00:00Z\"",
                                       "0",
                                       "\"soon\"",
                                       "true"};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char record[200];
        snprintf(record, sizeof(record), "{\"on\":1,\"a\":%s,\"b\":1772359200}", rows[i]);
        expect_map(SHAPE("time = a | b\n"), record, GIVES("|time=2026-03-01T10:00:00Z"));
    }
}

static void
severity_takes_known_words_and_keeps_the_text(void **state)
{
    (void)state;
    static const char *const map = SHAPE("severity = a | b\n");
    expect_map(map, "{\"on\":1,\"a\":\"P1 - Critical\"}", GIVES("|severity=21|said=P1 - Critical"));
    expect_map(map, "{\"on\":1,\"a\":\"SEV-2\"}", GIVES("|severity=17|said=SEV-2"));
    expect_map(map, "{\"on\":1,\"a\":\"notice\"}", GIVES("|severity=10|said=notice"));
    expect_map(map, "{\"on\":1,\"a\":3}", GIVES("|said=3"));
    expect_map(map, "{\"on\":1,\"a\":\"Bad\",\"b\":\"high\"}", GIVES("|severity=17|said=high"));
    expect_map(SHAPE("severity = warning\n"), "{\"on\":1}", GIVES("|severity=13|said=warning"));
}

static void
texts_have_their_places(void **state)
{
    (void)state;
    expect_map(
        "[words w]\nhuman = user\n" SHAPE(
            "body = b\nservice = c\nhost = d\nenvironment = e\nactor = f\nactor_type = g > w\n"
            "channel = h\nthread = i\nurl = j\nfingerprint = k\ngroup = l\nref = m\ndedup = "
            "n\ntrace = o\n"),
        "{\"on\":1,\"b\":\"\\n first "
        "\\nsecond\",\"c\":\"C\",\"d\":\"D\",\"e\":\"E\",\"f\":\"F\",\"g\":\"User\","
        "\"h\":\"H\",\"i\":\"I\",\"j\":\"J\",\"k\":\"K\",\"l\":\"L\",\"m\":\"M\",\"n\":\"N\",\"o\":"
        "\"O\"}",
        GIVES("|title=first|body=first \nsecond|service=C|host=D|environment=E|actor=F"
              "|actor_type=human|channel=H|thread=I|url=J|fingerprint=K|group=L|dedup=N"
              "|trace=O|ref=M"));
}

static void
the_first_id_with_its_first_part_names(void **state)
{
    (void)state;
    static const char *const map =
        SHAPE("namespace = ferry\nid = a, \"trip\", b\nid = c, d\nincident = c\n");
    expect_map(map, "{\"on\":1,\"a\":7,\"b\":\"x\",\"c\":8}",
               GIVES("|incident=ferry:8|id=ferry: 7+trip+x"));
    expect_map(map, "{\"on\":1,\"a\":7}", GIVES("|id=ferry: 7+trip"));
    expect_map(map, "{\"on\":1,\"b\":\"x\",\"c\":8,\"d\":9}",
               GIVES("|incident=ferry:8|id=ferry: 8+9"));
    expect_map(map, "{\"on\":1,\"b\":\"x\"}", GIVES(""));
}

static void
a_version_is_a_time_or_a_number(void **state)
{
    (void)state;
    static const char *const map = SHAPE("version = a | b\n");
    expect_map(map, "{\"on\":1,\"a\":\"2026-03-01T10:00:00Z\"}",
               GIVES("|version=1772359200000000000"));
    expect_map(map, "{\"on\":1,\"a\":0,\"b\":7}", GIVES("|version=7"));
    expect_map(map, "{\"on\":1,\"a\":\"x\"}", GIVES(""));
}

static void
like_takes_over_all_but_what_claims(void **state)
{
    (void)state;
    static const char *const map = "[x]\nbid = 80\nwhen = on\nkind = alert\ntitle = a\nservice = "
                                   "s\nnamespace = n\nid = a\nid = b\n"
                                   "[y]\nlike = x\nbid = 90\nwhen = on, b\ntitle = b | a\n"
                                   "[z]\nlike = y\nbid = 91\nwhen = on, c\nid = c\n";
    expect_map(map, "{\"on\":1,\"a\":\"A\",\"s\":\"S\"}", GIVES("|title=A|service=S|id=n: A"));
    expect_map(map, "{\"on\":1,\"b\":\"B\",\"s\":\"S\"}",
               "y|alert|trigger|title=B|service=S|id=n: B\n");
    expect_map(map, "{\"on\":1,\"b\":\"B\",\"c\":\"C\"}", "z|alert|trigger|title=B|id=n: C\n");
}

static void
lines_that_begin_with_a_blank_continue(void **state)
{
    (void)state;
    expect_map("\xEF\xBB\xBF# a comment\r\n[words w]\r\nresolve = r,\r\n\ts\r\n" SHAPE(
                   "phase = p > w\ntitle = a\n  | \"semi ; colon: {b}\"\n\n# more\n  | c\n"),
               "{\"on\":1,\"p\":\"s\",\"b\":2}", "x|alert|resolve|title=semi ; colon: 2\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_lead_through_objects_lists_and_strings),
        cmocka_unit_test(paged_gathers_names),
        cmocka_unit_test(paged_stays_where_attributes_are_left_out),
        cmocka_unit_test(selectors_choose_elements_and_tags),
        cmocka_unit_test(up_is_the_object_around_the_element),
        cmocka_unit_test(headers_of_the_record_are_read),
        cmocka_unit_test(what_is_empty_goes_on_to_the_next),
        cmocka_unit_test(templates_need_what_is_not_optional),
        cmocka_unit_test(steps_change_what_a_path_gives),
        cmocka_unit_test(a_regex_has_a_limit),
        cmocka_unit_test(tables_know_words_globs_and_ranges),
        cmocka_unit_test(conditions_must_all_hold_of_one_line),
        cmocka_unit_test(open_takes_the_first_alternative_that_fits),
        cmocka_unit_test(a_star_opens_all),
        cmocka_unit_test(each_element_goes_to_the_shape_that_bids_most),
        cmocka_unit_test(also_reads_more_out_of_an_element),
        cmocka_unit_test(also_tells_what_an_element_went_through),
        cmocka_unit_test(kinds_have_a_phase_of_their_own),
        cmocka_unit_test(a_phase_is_of_its_kind),
        cmocka_unit_test(a_key_of_a_phase_is_asked_first),
        cmocka_unit_test(the_first_time_that_can_be_read_counts),
        cmocka_unit_test(severity_takes_known_words_and_keeps_the_text),
        cmocka_unit_test(texts_have_their_places),
        cmocka_unit_test(the_first_id_with_its_first_part_names),
        cmocka_unit_test(a_version_is_a_time_or_a_number),
        cmocka_unit_test(like_takes_over_all_but_what_claims),
        cmocka_unit_test(lines_that_begin_with_a_blank_continue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

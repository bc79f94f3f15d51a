/*
 * Renderers: what records say can neither steer a terminal nor a spreadsheet nor break a table;
 * rows that are left out are counted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/text/utf8.h"
#include "hindcast/evidence_place.h"
#include "report/render/render.h"
#include "report/render/table.h"
#include "tests/lib/attacks.h"
#include "tests/lib/sample_incident.h"

static char *
shown(enum render_format format, enum significance least, size_t columns, size_t *ret_omitted)
{
    static struct strbuf out;
    struct render_options options = {.format = format, .least = least, .columns = columns};
    struct stored_incident stored = sample_stored();
    strbuf_release(&out);
    strbuf_init(&out, 0);
    *ret_omitted = render_timeline(&stored, &options, &out);
    return out.ptr;
}

static void
test_widths_count_what_they_leave_out(void **state)
{
    size_t omitted;
    (void)state;
    shown(RENDER_JSONL, SIGNIFICANCE_FULL, 0, &omitted);
    assert_int_equal(omitted, 0);
    assert_non_null(
        strstr(shown(RENDER_TEXT, SIGNIFICANCE_STANDARD, 0, &omitted), "1 row left out"));
    assert_int_equal(omitted, 1);
    char *key = shown(RENDER_TEXT, SIGNIFICANCE_KEY, 0, &omitted);
    assert_int_equal(omitted, 2);
    assert_null(strstr(key, "maybe"));
    assert_non_null(strstr(key, "Errors high"));
}

static void
test_text_is_harmless_and_narrow(void **state)
{
    size_t omitted;
    (void)state;
    char *text = shown(RENDER_TEXT, SIGNIFICANCE_FULL, 90, &omitted);
    assert_null(strchr(text, 0x1b));
    struct sv rest = strchr(text, '*') == NULL ? SV_NONE : sv_from(text), line;
    assert_non_null(rest.ptr);
    for (int i = 0; i < 8 && sv_split(&rest, '\n', &line); i++)
        assert_true(utf8_count(line) <= 90);
    assert_non_null(strstr(text, "[detected, impact_started]"));
    assert_non_null(strstr(text, "±"));
}

/* People see which moments are only possible; what programs read has the words alone. */
static void
test_a_doubtful_milestone_has_a_mark(void **state)
{
    static const struct {
        enum render_format format;
        const char *says, *doubts;
    } cases[] = {{RENDER_TEXT, "[detected, impact_started] ", "[detected?, impact_started] "},
                 {RENDER_MARKDOWN, "| detected, impact_started |", "| detected?, impact_started |"},
                 {RENDER_CSV, "detected impact_started", "detected impact_started"}};
    struct strbuf out;
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        for (int doubted = 0; doubted < 2; doubted++) {
            struct stored_incident stored = sample_stored();
            struct render_options options = {.format = cases[i].format, .least = SIGNIFICANCE_FULL};
            const struct milestone_row rows[] = {
                {MILESTONE_IMPACT_STARTED, 0, stored.incident.entries[0].entry_id, 60},
                {MILESTONE_DETECTED, 0, stored.incident.entries[0].entry_id, doubted ? 59 : 60},
                {MILESTONE_DETECTED, 0, SV("another"), 10}};
            stored.incident.milestones = rows;
            stored.incident.milestone_count = 3;
            strbuf_init(&out, 0);
            render_timeline(&stored, &options, &out);
            assert_non_null(strstr(out.ptr, doubted ? cases[i].doubts : cases[i].says));
            assert_int_equal(strstr(out.ptr, "? only possible") != NULL,
                             doubted && cases[i].format != RENDER_CSV);
            strbuf_release(&out);
        }
}

/* One row tells a change, the others name it. */
static void
test_a_change_is_told_once(void **state)
{
    static const enum render_format formats[] = {RENDER_TEXT, RENDER_MARKDOWN};
    struct strbuf out;
    (void)state;
    for (size_t f = 0; f < sizeof(formats) / sizeof(formats[0]); f++) {
        struct stored_incident stored = sample_stored();
        struct render_options options = {.format = formats[f], .least = SIGNIFICANCE_FULL};
        struct entry entries[8];
        assert_true(stored.incident.entry_count <= 8);
        memcpy(entries, stored.incident.entries, stored.incident.entry_count * sizeof(*entries));
        stored.incident.entries = entries;
        entries[0].told = SV("deployed gates v2, by ada");
        entries[1].chain = entries[0].entry_id;
        strbuf_init(&out, 0);
        render_timeline(&stored, &options, &out);
        assert_non_null(strstr(out.ptr, "deployed gates v2, by ada"));
        assert_non_null(strstr(out.ptr, " (same change as e-alert)"));
        strbuf_release(&out);
    }
}

static void
test_jsonl_row(void **state)
{
    size_t omitted;
    (void)state;
    char *rows = shown(RENDER_JSONL, SIGNIFICANCE_FULL, 0, &omitted);
    assert_non_null(strstr(rows, "{\"time\":\"2026-03-01T10:00:00Z\",\"text\":\"Errors high\","
                                 "\"kind\":\"alert_firing\",\"act\":\"detection\","
                                 "\"significance\":\"key\",\"record_kind\":\"alert\""));
    assert_non_null(strstr(rows, "\"reasons\":[[\"alert_opens\",300],[\"after_silence\",-25]]"));
    assert_non_null(strstr(rows, "\"evidence\":[{\"file\":\"logs/api.log\",\"incarnation\":1,"
                                 "\"index\":0,\"line\":1204,\"offset\":7,"
                                 "\"partition\":0,\"sha256\":\"abcd00"));
    assert_non_null(strstr(rows, "\\u001b[31m"));
}

/* A place that is missing in entry.def would end the line. */
static void
test_jsonl_row_has_every_field(void **state)
{
    static const char *const names[] = {
#define ENTRY_FIELD(type, member, field, column, line, place) (place) > 0 ? line : "time",
#define ENTRY_LIST(type, member, field, count, column, line, place) (place) > 0 ? line : "time",
#define ENTRY_AROUND(member, line, place) (place) > 0 ? line : "time",
#include "hindcast/entry.def"
    };
    size_t omitted;
    (void)state;
    char *rows = shown(RENDER_JSONL, SIGNIFICANCE_FULL, 0, &omitted);
    *strchr(rows, '\n') = '\0';
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char member[64];
        snprintf(member, sizeof(member), "\"%s\":", names[i]);
        if (strstr(rows, member) == NULL)
            fail_msg("%s is in no line", names[i]);
    }
}

static void
test_csv_has_one_line_a_row(void **state)
{
    size_t omitted, lines = 0;
    (void)state;
    char *csv = shown(RENDER_CSV, SIGNIFICANCE_FULL, 0, &omitted);
    for (const char *at = csv; (at = strstr(at, "\r\n")) != NULL; at += 2)
        lines++;
    assert_int_equal(lines, 4);
    assert_non_null(strstr(csv, "\"'=cmd|' /C' \"\"maybe\"\" the"));
    assert_non_null(strstr(csv, ",-0.50,40,"));
}

/* Who was paged and who got which role stand behind the other columns, in one cell each. */
static void
test_csv_tells_pages_and_roles(void **state)
{
    struct stored_incident stored = sample_stored();
    const struct paged pages[] = {{.person = SV("Ada Quill")}, {.person = SV("Bo \"B\" Lind")}};
    const struct given_role roles[] = {{.person = SV("Ada Quill"), .role = SV("commander")},
                                       {.person = SV("=Cleo"), .role = SV("scribe")}};
    const struct render_options options = {.format = RENDER_CSV, .least = SIGNIFICANCE_FULL};
    struct entry entry = stored.incident.entries[0];
    struct strbuf out;
    (void)state;
    entry.pages = pages;
    entry.roles = roles;
    entry.page_count = entry.role_count = 2;
    stored.incident.entries = &entry;
    stored.incident.entry_count = 1;
    strbuf_init(&out, 0);
    render_timeline(&stored, &options, &out);
    assert_non_null(strstr(out.ptr, ",told,chain,pages,roles\r\n"));
    if (strstr(out.ptr, ",\"Ada Quill; Bo \"\"B\"\" Lind\","
                        "\"commander: Ada Quill; scribe: =Cleo\"\r\n") == NULL)
        fail_msg("%s", out.ptr);
    strbuf_release(&out);
}

/* The line of its file where there is one, else the place in Kafka; text has it where it fits. */
static void
test_where_a_row_comes_from(void **state)
{
    size_t omitted;
    (void)state;
    assert_non_null(strstr(shown(RENDER_TEXT, SIGNIFICANCE_FULL, 0, &omitted),
                           "Errors high  logs/api.log:1204\n"));
    assert_non_null(
        strstr(shown(RENDER_TEXT, SIGNIFICANCE_FULL, 140, &omitted), "  logs/api.log:1204\n"));
    assert_null(strstr(shown(RENDER_TEXT, SIGNIFICANCE_FULL, 80, &omitted), "api.log"));
    assert_non_null(
        strstr(shown(RENDER_MARKDOWN, SIGNIFICANCE_FULL, 0, &omitted), " logs/api.log:1204 |"));
    assert_non_null(
        strstr(shown(RENDER_CSV, SIGNIFICANCE_FULL, 0, &omitted), ",logs/api.log:1204,,,,\r\n"));
    const struct evidence kafka = {.at = {1, 300, 0}, .topic = SV("ops"), .partition = 2};
    struct strbuf place;
    strbuf_init(&place, 0);
    evidence_put_place(&place, &kafka);
    assert_string_equal(place.ptr, "ops/2/300");
    strbuf_release(&place);
}

/* ---- the set of attacks, in every field that a record fills ---- */

#define ENTRIES 4
#define CSV_CELLS 23

struct said {
    struct entry entries[ENTRIES];
    struct evidence evidence[2];
    struct sv services[2];
    struct stored_incident stored;
};

static void
say(struct said *said, struct sv text)
{
    said->stored = sample_stored();
    struct incident *incident = &said->stored.incident;
    assert_true(incident->entry_count <= ENTRIES);
    for (size_t i = 0; i < 2; i++) {
        said->evidence[i] = incident->entries[incident->entry_count - 1].evidence[i];
        said->evidence[i].topic = said->evidence[i].file = text;
        said->services[i] = text;
    }
    static struct paged page;
    static struct given_role given;
    page = (struct paged){.person = text};
    given = (struct given_role){.person = text, .role = text};
    for (size_t i = 0; i < incident->entry_count; i++) {
        struct entry *entry = &said->entries[i];
        *entry = incident->entries[i];
        entry->pages = &page;
        entry->roles = &given;
        entry->page_count = entry->role_count = 1;
        entry->text = entry->source = entry->role = entry->ref = entry->url = text;
        entry->actor = entry->channel = entry->service = entry->host = text;
        entry->membership = entry->node_key = entry->thread_key = entry->source_time_text = text;
        entry->evidence = said->evidence;
    }
    incident->entries = said->entries;
    incident->services = said->services;
    incident->service_count = 2;
    incident->title = text;
}

static struct strbuf out; /* what the writer at hand made */

static void
need(bool holds, const struct attack *attack, const char *what)
{
    if (!holds)
        fail_msg("%s: %s:\n%s", attack->name, what, out.ptr);
}

/* `lines`: how many there must be. */
static void
need_harmless(const struct attack *attack, size_t lines)
{
    const char *seen = attack_seen(strbuf_view(&out));
    need(seen == NULL, attack, seen == NULL ? "" : seen);
    need(attack_lines(strbuf_view(&out)) == lines, attack, "another number of lines");
}

static void
write_timeline(const struct said *said, enum render_format format, size_t columns)
{
    const struct render_options options = {
        .format = format, .least = SIGNIFICANCE_FULL, .columns = columns};
    strbuf_clear(&out);
    assert_int_equal(render_timeline(&said->stored, &options, &out), 0);
}

static void
need_json_lines(const struct attack *attack, size_t lines)
{
    struct sv rest = strbuf_view(&out), line;
    need(attack_lines(rest) == lines, attack, "another number of lines");
    while (sv_split(&rest, '\n', &line))
        need(line.len == 0 || attack_reads_as_json(line), attack, "a line is no JSON");
}

static void
need_csv(const struct attack *attack, size_t rows)
{
    struct arena arena;
    struct sv rest = strbuf_view(&out), cells[CSV_CELLS];
    size_t count, found = 0;
    arena_init(&arena, 0);
    for (; attack_csv_row(&arena, &rest, cells, CSV_CELLS, &count); found++) {
        need(count == CSV_CELLS, attack, "another number of cells");
        for (size_t i = 0; i < count; i++)
            need(!attack_is_formula(cells[i]) || (cells[i].len < 6 && cells[i].ptr[2] == '.'),
                 attack, "a formula"); /* a score is a number */
    }
    need(found == rows, attack, "another number of rows");
    arena_release(&arena);
}

static void
try_table(const struct attack *attack)
{
    static const char *const names[] = {"NAME", ">NUMBER", "WHY"};
    struct table table;
    table_init(&table, names, 3);
    for (size_t i = 0; i < 6; i++)
        table_cell(&table, attack->text);
    strbuf_clear(&out);
    table_print(&table, 0, &out);
    need_harmless(attack, 3);
    strbuf_clear(&out);
    table_print(&table, 60, &out);
    need_harmless(attack, 3);
    table_release(&table);
}

static void
no_attack_leaves_a_writer(void **state)
{
    struct strbuf plain, frame;
    struct said said;
    size_t count;
    const struct attack *attacks = attacks_all(&count);
    (void)state;
    strbuf_init(&out, 0);
    strbuf_init(&plain, 0);
    strbuf_init(&frame, 0);
    say(&said, SV("word"));
    write_timeline(&said, RENDER_MARKDOWN, 0);
    attack_markdown_frame(strbuf_view(&out), &plain);
    write_timeline(&said, RENDER_TEXT, 0);
    size_t lines = attack_lines(strbuf_view(&out));
    for (size_t i = 0; i < count; i++) {
        const struct attack *attack = &attacks[i];
        say(&said, attack->text);
        write_timeline(&said, RENDER_TEXT, 0);
        need_harmless(attack, lines);
        write_timeline(&said, RENDER_TEXT, 100);
        need_harmless(attack, lines);
        write_timeline(&said, RENDER_MARKDOWN, 0);
        strbuf_clear(&frame);
        attack_markdown_frame(strbuf_view(&out), &frame);
        need(attack_seen(strbuf_view(&out)) == NULL &&
                 sv_eq(strbuf_view(&frame), strbuf_view(&plain)),
             attack, "another frame of Markdown");
        write_timeline(&said, RENDER_CSV, 0);
        need_harmless(attack, 1 + said.stored.incident.entry_count);
        need_csv(attack, 1 + said.stored.incident.entry_count);
        write_timeline(&said, RENDER_JSONL, 0);
        need_json_lines(attack, said.stored.incident.entry_count);
        strbuf_clear(&out);
        render_incidents(&said.stored, 1, RENDER_TEXT, 0, &out);
        need_harmless(attack, 2);
        strbuf_clear(&out);
        render_incidents(&said.stored, 1, RENDER_JSONL, 0, &out);
        need_json_lines(attack, 1);
        try_table(attack);
    }
    strbuf_release(&out);
    strbuf_release(&plain);
    strbuf_release(&frame);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_widths_count_what_they_leave_out),
        cmocka_unit_test(test_text_is_harmless_and_narrow),
        cmocka_unit_test(test_a_doubtful_milestone_has_a_mark),
        cmocka_unit_test(test_a_change_is_told_once),
        cmocka_unit_test(test_jsonl_row),
        cmocka_unit_test(test_jsonl_row_has_every_field),
        cmocka_unit_test(test_csv_has_one_line_a_row),
        cmocka_unit_test(test_csv_tells_pages_and_roles),
        cmocka_unit_test(test_where_a_row_comes_from),
        cmocka_unit_test(no_attack_leaves_a_writer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

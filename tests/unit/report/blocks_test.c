/*
 * The chart of blocks: lanes, flags that never cover each other, every width, ASCII alone, few rows
 * whatever the incident holds, text from outside that stays text.
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

#include "base/memory.h"
#include "base/text/utf8.h"
#include "report/chart/blocks.h"
#include "tests/lib/attacks.h"
#include "tests/lib/deploy_incident.h"

#define LOGS 30

static struct deploy made;
static struct minute_counts logs[LOGS];
static const struct record_gap lost = {.kind = SV("retention"),
                                       .from = 5,
                                       .to = 9,
                                       .after_ns = DEPLOY_AT(16),
                                       .before_ns = DEPLOY_AT(17)};
static struct activity activity;
static struct strbuf out;

/* Records in every minute but for ten in the middle; errors in six of them. */
static void
make(void)
{
    size_t count = 0;
    deploy_make(&made);
    memset(logs, 0, sizeof(logs));
    for (int minute = -5; minute < 32; minute++)
        if ((minute < 12 || minute >= 22) && count < LOGS) {
            logs[count] = (struct minute_counts){.from_ns = DEPLOY_AT(minute), .events = 3};
            if (minute >= 4 && minute < 10)
                logs[count].logs[SEVERITY_ERROR] = (minute - 3) * 8;
            count++;
        }
    activity = (struct activity){.step_ns = NS_PER_MINUTE,
                                 .logs = logs,
                                 .log_count = count,
                                 .sources = logs,
                                 .source_count = count,
                                 .gaps = &lost,
                                 .gap_count = 1};
}

static const char *
draw(size_t columns, bool ascii)
{
    const struct blocks_options options = {
        .name = SV("INC-1"), .columns = columns, .ascii = ascii, .activity = &activity};
    strbuf_clear(&out);
    chart_blocks(&made.incident, &options, &out);
    return out.ptr;
}

/* The row with this name, from its first cell on; NULL: there is none. */
static const char *
row(const char *name)
{
    static char line[2048];
    const char *at = strstr(out.ptr, name);
    if (at == NULL)
        return NULL;
    snprintf(line, sizeof(line), "%.*s", (int)strcspn(at, "\n"), at);
    return line;
}

static void
every_lane_is_there(void **state)
{
    (void)state;
    make();
    made.entries[0].time_ns = DEPLOY_AT(-120);
    draw(80, false);
    assert_non_null(strstr(out.ptr, "not shown: 1 row before, 0 after\n"));
    made.entries[0].time_ns = DEPLOY_AT(-6);
    draw(80, false);
    assert_null(strstr(out.ptr, "not shown"));
    assert_non_null(strstr(out.ptr, "INC-1  checkout: error rate above 5 %\n2026-03-01 "));
    assert_non_null(strstr(out.ptr, "┌detected 1"));
    assert_non_null(strstr(row("Impact"), "█████"));
    assert_non_null(strstr(row("Changes"), "◆"));
    assert_non_null(strstr(row("Changes"), "◇"));
    assert_non_null(strstr(out.ptr, "\nAlerts\n  checkout"));
    assert_non_null(strstr(out.ptr, "\nPeople\n"));
    assert_non_null(strstr(row("Gaps in records"), "░░░"));
    assert_non_null(strstr(row("Gaps in records"), "╳"));
    assert_non_null(strstr(out.ptr, "at most 48 (log lines, error or worse)"));
    assert_non_null(strstr(out.ptr, "░ no record  ╳ lost\n"));
}

/* Six minutes of 8, 16, ... 48 lines: each height is above the one before. */
static void
errors_are_as_high_as_they_are_many(void **state)
{
    (void)state;
    make();
    draw(200, true);
    const char *cells = row("Errors a minute");
    const char *steps = ".:-=+*%#";
    long before = -1, highest = -1;
    assert_non_null(cells);
    for (const char *at = strstr(cells, "minute") + 6; *at != '\0'; at++) {
        if (*at == ' ')
            continue;
        long height = strchr(steps, *at) - steps;
        assert_true(height >= before);
        before = highest = height;
    }
    assert_int_equal(highest, 7);
}

static void
no_line_is_wider_than_asked(void **state)
{
    (void)state;
    make();
    for (size_t columns = 0; columns < 600; columns += columns < 130 ? 1 : 37)
        for (int ascii = 0; ascii < 2; ascii++) {
            size_t most = columns < BLOCKS_COLUMNS_MIN   ? BLOCKS_COLUMNS_MIN
                          : columns > BLOCKS_COLUMNS_MAX ? BLOCKS_COLUMNS_MAX
                                                         : columns;
            draw(columns, ascii == 1);
            struct sv rest = strbuf_view(&out), line;
            while (sv_split(&rest, '\n', &line)) {
                if (utf8_count(line) > most)
                    fail_msg("%zu columns, of %zu: '" SV_FMT "'", utf8_count(line), columns,
                             SV_ARG(line));
                for (size_t i = 0; i < line.len && ascii == 1; i++)
                    assert_true((unsigned char)line.ptr[i] < 0x80);
            }
        }
}

/* Milestones at any distance from each other: the words of each are whole. */
static void
flags_never_cover_each_other(void **state)
{
    static const enum milestone all[] = {
        MILESTONE_IMPACT_STARTED, MILESTONE_DETECTED,         MILESTONE_ACKNOWLEDGED,
        MILESTONE_DECLARED,       MILESTONE_CAUSE_IDENTIFIED, MILESTONE_MITIGATED,
        MILESTONE_RECOVERED,      MILESTONE_REOPENED,         MILESTONE_RESOLVED};
    static const char *const words[] = {"impact begins", "detected",   "acknowledged",
                                        "declared",      "understood", "mitigated",
                                        "recovered",     "reopened",   "resolved"};
    static struct milestone_row rows[9];
    uint64_t seed = 1;
    (void)state;
    make();
    made.incident.milestones = rows;
    made.incident.milestone_count = 9;
    for (int run = 0; run < 500; run++) {
        for (size_t i = 0; i < 9; i++) {
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            int64_t minute = run == 0 ? 5 : (int64_t)(seed >> 33) % 30;
            rows[i] = (struct milestone_row){all[i], DEPLOY_AT(minute), made.entries[0].entry_id,
                                             i % 2 == 0 ? 90 : 20};
        }
        draw(60 + (size_t)run % 100, true);
        for (size_t i = 0; i < 9; i++) {
            char flag[64], time[TIME_TEXT];
            time_format(rows[i].time_ns, time);
            snprintf(flag, sizeof(flag), "%s %.5s%s", words[i], time + 11, i % 2 == 0 ? "" : "?");
            if (strstr(out.ptr, flag) == NULL)
                fail_msg("run %d: no '%s' in\n%s", run, flag, out.ptr);
        }
    }
}

static void
an_alert_without_end_is_open(void **state)
{
    (void)state;
    make();
    draw(80, true);
    for (size_t i = 0; i < made.count; i++)
        if (made.entries[i].kind == ENTRY_ALERT_RESOLVED)
            made.entries[i].kind = ENTRY_ALERT_FIRING;
    made.incident.milestone_count = 0;
    for (size_t i = 0; i < made.count; i++)
        made.entries[i].milestone_count = 0;
    draw(80, true);
    assert_true(strstr(out.ptr, "> end open") != NULL);
    assert_null(strstr(out.ptr, "Milestones"));
    assert_null(strstr(out.ptr, "Impact"));
}

static void
text_of_records_stays_text(void **state)
{
    size_t count;
    const struct attack *attacks = attacks_all(&count);
    const char *const urls[4] = {"", "", "", ""};
    (void)state;
    make();
    draw(80, false);
    for (size_t i = 0; i < count; i++) {
        make();
        deploy_say(&made, attacks[i].text, urls);
        draw(80, false);
        if (attack_seen(strbuf_view(&out)) != NULL)
            fail_msg("%s: %s in\n%s", attacks[i].name, attack_seen(strbuf_view(&out)), out.ptr);
        size_t lines = attack_lines(strbuf_view(&out));
        if (lines > 25)
            fail_msg("%s: %zu lines", attacks[i].name, lines);
    }
}

static void
nothing_and_one_row(void **state)
{
    (void)state;
    make();
    made.incident.entry_count = 0;
    assert_string_equal(draw(80, false), "Nothing to show: no entry belongs to this incident.\n");
    make();
    made.incident.entry_count = 1;
    made.incident.node_count = made.incident.milestone_count = 0;
    made.incident.first_ns = made.incident.last_ns = made.entries[0].time_ns;
    activity = (struct activity){.step_ns = NS_PER_MINUTE};
    draw(80, false);
    assert_int_equal(attack_lines(strbuf_view(&out)), 7);
    assert_non_null(strstr(out.ptr, "UTC, a column is 2 s\n"));
}

/* 10,000 services and 100,000 rows: as many lines as of a few, and every service counted. */
static void
large_ones_have_few_rows(void **state)
{
    enum { SERVICES = 10000, ROWS = 100000 };
    (void)state;
    make();
    struct entry *entries = memory_calloc(ROWS, sizeof(*entries));
    struct node *nodes = memory_calloc(SERVICES, sizeof(*nodes));
    const struct node **list = memory_calloc(SERVICES, sizeof(*list));
    char(*names)[32] = memory_calloc(SERVICES, sizeof(*names));
    for (size_t i = 0; i < SERVICES; i++) {
        snprintf(names[i], sizeof(names[i]), "service-%05zu", (i * 7919) % SERVICES);
        nodes[i] = made.nodes[0];
        nodes[i].service = nodes[i].node_key = sv_from(names[i]);
        list[i] = &nodes[i];
    }
    for (size_t i = 0; i < ROWS; i++) {
        entries[i] = made.entries[i % made.count];
        entries[i].time_ns = DEPLOY_AT(0) + (int64_t)i * NS_PER_S / 60;
        entries[i].actor = entries[i].node_key = sv_from(names[i % SERVICES]);
        entries[i].kind = i < SERVICES ? ENTRY_ALERT_FIRING : entries[i].kind;
    }
    made.incident.entries = entries;
    made.incident.entry_count = ROWS;
    made.incident.nodes = list;
    made.incident.node_count = SERVICES;
    draw(80, false);
    assert_true(attack_lines(strbuf_view(&out)) < 45);
    assert_non_null(strstr(out.ptr, "and 9990 more services"));
    assert_non_null(strstr(out.ptr, "  service-00000"));
    assert_non_null(strstr(out.ptr, " more people"));
    free(entries);
    free(nodes);
    free(list);
    free(names);
}

static void
long_windows_name_the_days(void **state)
{
    (void)state;
    make();
    made.incident.last_ns = DEPLOY_AT(3 * 24 * 60);
    draw(100, true);
    assert_non_null(strstr(out.ptr, " to 2026-03-04 "));
    assert_non_null(strstr(out.ptr, "03-02"));
    assert_non_null(strstr(out.ptr, "03-03"));
    made.incident.last_ns = DEPLOY_AT(INT64_C(100) * 365 * 24 * 60);
    draw(100, true);
    assert_non_null(strstr(out.ptr, "UTC"));
}

static int
start(void **state)
{
    (void)state;
    strbuf_init(&out, 0);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    strbuf_release(&out);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_lane_is_there),
        cmocka_unit_test(errors_are_as_high_as_they_are_many),
        cmocka_unit_test(no_line_is_wider_than_asked),
        cmocka_unit_test(flags_never_cover_each_other),
        cmocka_unit_test(an_alert_without_end_is_open),
        cmocka_unit_test(text_of_records_stays_text),
        cmocka_unit_test(nothing_and_one_row),
        cmocka_unit_test(large_ones_have_few_rows),
        cmocka_unit_test(long_windows_name_the_days),
    };
    return cmocka_run_group_tests(tests, start, stop);
}

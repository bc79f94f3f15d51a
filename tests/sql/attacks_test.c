/*
 * The set of attacks through the program: an incident whose records say nothing else, in every
 * field, is shown by each command in each format. What PostgreSQL cannot hold is repaired first, as
 * ingest does it.
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
#include <sys/wait.h>

#include "base/text/utf8.h"
#include "hindcast/casebook.h"
#include "hindcast/delivery.h"
#include "tests/lib/attacks.h"
#include "tests/lib/pgtest.h"

#define FIRST_NS (INT64_C(1772359200) * NS_PER_S) /* 2026-03-01T10:00Z */
#define TEXT_MAX 300
#define CSV_CELLS 23
#define VIEW_CELLS_MAX 64
#define MARKDOWN_PIPES 8 /* of seven columns */

static size_t alerts; /* entries of the incident */

/* Of a host of its own: no other is taken for another tool's word for it. */
static void
add_alert(struct batch *batch, const struct stream *stream, int64_t offset, struct sv text,
          struct sv host)
{
    int64_t at = offset / 2; /* each comes twice */
    struct record record = {.topic = SV("attacks"),
                            .offset = offset,
                            .kafka_time_ns = FIRST_NS,
                            .value = text.len == 0 ? SV("-") : text};
    struct event event = {.scope = SV("default"),
                          .kind = EVENT_ALERT,
                          .record_kind = RECORD_ALERT,
                          .phase = PHASE_TRIGGER,
                          .format = SV("test"),
                          .source = text,
                          .service = text,
                          .environment = text,
                          .host = host,
                          .severity = SEVERITY_FATAL,
                          .severity_text = text,
                          .title = text,
                          .body = text,
                          .actor = text,
                          .channel = text,
                          .thread_key = text,
                          .correlation_key = SV("one incident"),
                          .ref = text,
                          .url = text,
                          .source_time_text = text,
                          .event_time_ns = FIRST_NS + at * NS_PER_S,
                          .precision = PRECISION_SECOND,
                          .time_source = TIME_SOURCE_NATIVE,
                          .identified = true};
    event.uid[0] = (uint8_t)at;
    event.uid[1] = 1;
    batch_add(batch, stream, &record, OUTCOME_STORED, &event, 1, NULL);
}

static void
deliver(void)
{
    struct err err = {0};
    struct store *store = pgtest_open("hindcast_ingest");
    struct batch *batch = batch_new(NULL);
    struct stream stream;
    struct arena arena;
    bool fenced;
    size_t count;
    const struct attack *attacks = attacks_all(&count);
    arena_init(&arena, 0);
    assert_int_equal(store_claim(store, "c", "attacks", 0, "me", &stream, &err), 0);
    for (size_t i = 0; i < count; i++)
        if (attacks[i].text.len > 0) {
            struct sv text = utf8_cut(utf8_repair(&arena, attacks[i].text), TEXT_MAX);
            struct sv host = arena_printf(&arena, SV_FMT " %zu.", SV_ARG(text), alerts);
            add_alert(batch, &stream, 2 * (int64_t)alerts, text, host);
            add_alert(batch, &stream, 2 * (int64_t)alerts++ + 1, text, host);
        }
    if (store_commit(store, batch, &stream, 1, &fenced, &err) != 0)
        fail_msg("%s", err.message);
    batch_free(batch);
    arena_release(&arena);
    store_close(store);
}

/* What the command says, and that it ends well. */
static void
said_by(const char *arguments, struct strbuf *out)
{
    char command[512], piece[8192];
    size_t got;
    snprintf(command, sizeof(command), "'%s' %s 2>&1", getenv("HINDCAST"), arguments);
    FILE *from = popen(command, "re");
    assert_non_null(from);
    strbuf_clear(out);
    while ((got = fread(piece, 1, sizeof(piece), from)) > 0)
        strbuf_add(out, piece, got);
    int status = pclose(from);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || out->len == 0)
        fail_msg("%s: %.2000s", arguments, out->ptr);
}

static int
set_up(void **state)
{
    struct strbuf out;
    if (pgtest_setup(state) != 0)
        return -1;
    strbuf_init(&out, 0);
    deliver();
    said_by("correlate --once", &out);
    /* Somebody pins every row: decisions quote what the records say. */
    said_by("timeline latest --width full --format jsonl | sed -n "
            "'s/.*\"entry_id\":\"\\([0-9a-f]*\\)\".*/"
            "{\"verb\":\"pin\",\"incident\":\"latest\",\"rows\":[{\"event\":\"\\1\"}]}/p' |"
            " \"$HINDCAST\" decide --by ana --file -",
            &out);
    said_by("correlate --once", &out);
    strbuf_release(&out);
    assert_int_equal(pgtest_int("SELECT count(*) FROM correlate.incident"), 1);
    assert_int_equal(pgtest_int("SELECT count(*) FROM correlate.entry"), alerts);
    return 0;
}

static void
need_harmless(const char *arguments, const struct strbuf *out)
{
    const char *seen = attack_seen(strbuf_view(out));
    if (seen != NULL)
        fail_msg("%s shows %s:\n%s", arguments, seen, out->ptr);
}

/* ---- tests ---- */

static void
what_people_read_is_harmless(void **state)
{
    static const char *const commands[] = {"timeline latest --width full",
                                           "timeline latest --width full --format md",
                                           "timeline latest --width full --format csv",
                                           "report latest",
                                           "report latest --format html",
                                           "report latest --format confluence",
                                           "report latest --format jira",
                                           "report latest --format gdocs",
                                           "report latest --format slack",
                                           "report latest --format text",
                                           "incidents --all",
                                           "duplicates",
                                           "suppressed",
                                           "clocks",
                                           "graph derive",
                                           "timeline latest --width full --aligned",
                                           "query responder.timeline",
                                           "query responder.timeline --format csv",
                                           "query alerts",
                                           "status --offline",
                                           "verify latest",
                                           "decide list latest",
                                           "curate latest --print"};
    struct strbuf out;
    (void)state;
    strbuf_init(&out, 0);
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        said_by(commands[i], &out);
        need_harmless(commands[i], &out);
    }
    strbuf_release(&out);
}

static void
each_line_of_json_is_json(void **state)
{
    static const char *const commands[] = {"timeline latest --width full --format jsonl",
                                           "incidents --all --format jsonl",
                                           "export",
                                           "export --since 0",
                                           "query responder.timeline --format jsonl",
                                           "query timeline --format jsonl",
                                           "report latest --format json",
                                           "duplicates --format jsonl",
                                           "decide list latest --format jsonl",
                                           "verify latest --format jsonl",
                                           "status --offline --json"};
    struct strbuf out;
    (void)state;
    strbuf_init(&out, 0);
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        said_by(commands[i], &out);
        struct sv rest = strbuf_view(&out), line;
        while (sv_split(&rest, '\n', &line))
            if (line.len > 0 && !attack_reads_as_json(line))
                fail_msg("%s: no JSON: %.*s", commands[i], SV_ARG(line));
    }
    strbuf_release(&out);
}

static void
a_row_stays_a_row(void **state)
{
    struct strbuf out, frame;
    struct arena arena;
    struct sv cells[CSV_CELLS], rest, line;
    size_t count, rows = 0;
    (void)state;
    strbuf_init(&out, 0);
    strbuf_init(&frame, 0);
    arena_init(&arena, 0);
    said_by("timeline latest --width full --format csv", &out);
    for (rest = strbuf_view(&out); attack_csv_row(&arena, &rest, cells, CSV_CELLS, &count);
         rows++) {
        assert_int_equal(count, CSV_CELLS);
        for (size_t i = 0; i < count; i++)
            assert_false(attack_is_formula(cells[i]));
    }
    assert_int_equal(rows, 1 + alerts);

    said_by("timeline latest --width full --format md", &out);
    attack_markdown_frame(strbuf_view(&out), &frame);
    rest = strbuf_view(&frame);
    for (rows = 0; sv_split(&rest, '\n', &line);) {
        if (line.len == 0 || line.ptr[0] != '|')
            continue;
        for (count = 0; line.len > 0; line = sv_slice(line, 1, line.len))
            if (line.ptr[0] == '|')
                count++;
            else if (line.ptr[0] != '_') /* words of the program have that */
                fail_msg("row %zu: %.*s", rows, SV_ARG(line));
        assert_int_equal(count, MARKDOWN_PIPES);
        rows++;
    }
    assert_int_equal(rows, 2 + alerts);
    arena_release(&arena);
    strbuf_release(&out);
    strbuf_release(&frame);
}

/* The same of a view: as many cells as its head has, in as many rows as it has. */
static void
a_row_of_a_view_stays_a_row(void **state)
{
    struct strbuf out;
    struct arena arena;
    struct sv cells[VIEW_CELLS_MAX], rest;
    size_t count, columns = 0, rows = 0;
    (void)state;
    strbuf_init(&out, 0);
    arena_init(&arena, 0);
    said_by("query responder.incidents --format csv", &out);
    for (rest = strbuf_view(&out); attack_csv_row(&arena, &rest, cells, VIEW_CELLS_MAX, &count);
         rows++) {
        assert_true(count <= VIEW_CELLS_MAX);
        columns = rows == 0 ? count : columns;
        assert_int_equal(count, columns);
        for (size_t i = 0; i < count; i++)
            assert_false(attack_is_formula(cells[i]));
    }
    assert_int_equal(rows, 2);
    arena_release(&arena);
    strbuf_release(&out);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_people_read_is_harmless),
        cmocka_unit_test(each_line_of_json_is_json),
        cmocka_unit_test(a_row_stays_a_row),
        cmocka_unit_test(a_row_of_a_view_stays_a_row),
    };
    return cmocka_run_group_tests(tests, set_up, pgtest_teardown);
}

/*
 * Counts of a batch: what names a cell, many of them, and taking back what PostgreSQL refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "hindcast/batch.h"
#include "store/delivery/part.h"
#include "store/delivery/row.h"

#define MINUTE_2026 (INT64_C(1767225600) * NS_PER_S)

static struct event
a_line(const char *service, int severity, int64_t time_ns)
{
    return (struct event){.scope = SV("default"),
                          .kind = EVENT_LOG,
                          .record_kind = RECORD_LOG,
                          .format = SV("text"),
                          .service = sv_from(service),
                          .severity = severity,
                          .event_time_ns = time_ns,
                          .time_source =
                              time_ns == TIME_NONE ? TIME_SOURCE_ABSENT : TIME_SOURCE_NATIVE,
                          .precision = PRECISION_SECOND,
                          .body = SV("x")};
}

/* How many rows of evidence.delta it makes, and their sum. */
static size_t
rows_of(const struct tally *tally, int64_t *ret_sum)
{
    struct strbuf out;
    size_t count = 0;
    *ret_sum = 0;
    strbuf_init(&out, 0);
    tally_put(tally, 7, &out);
    struct sv rest = strbuf_view(&out);
    while (rest.len > 0) {
        struct sv all = rest;
        int fields = (uint8_t)rest.ptr[0] << 8 | (uint8_t)rest.ptr[1];
        size_t at = 2;
        for (int i = 0; i < fields; i++) {
            uint32_t len;
            memcpy(&len, all.ptr + at, sizeof(len));
            len = __builtin_bswap32(len);
            if (i == 2) {
                uint64_t value;
                memcpy(&value, all.ptr + at + 4, sizeof(value));
                *ret_sum += (int64_t)__builtin_bswap64(value);
            }
            at += 4 + (len == UINT32_MAX ? 0 : len);
        }
        assert_int_equal(fields, 9);
        rest = sv_of(all.ptr + at, all.len - at);
        count++;
    }
    strbuf_release(&out);
    return count;
}

static void
each_name_has_a_cell(void **state)
{
    (void)state;
    struct tally tally;
    int64_t sum;
    tally_init(&tally);
    assert_int_equal(rows_of(&tally, &sum), 0);
    struct event lines[] = {
        a_line("a", 9, MINUTE_2026),
        a_line("a", 9, MINUTE_2026 + 59 * NS_PER_S), /* the same minute */
        a_line("a", 9, MINUTE_2026 + 60 * NS_PER_S),
        a_line("a", 17, MINUTE_2026),
        a_line("b", 9, MINUTE_2026),
        a_line("a", 9, TIME_NONE),
        a_line("a", 9, MINUTE_2026), /* another scope, format, source of the time, kind */
        a_line("a", 9, MINUTE_2026),
        a_line("a", 9, MINUTE_2026),
        a_line("a", 9, MINUTE_2026),
        a_line("a", 9, MINUTE_2026),
        a_line("a", 9, MINUTE_2026),
    };
    lines[6].scope = SV("other");
    lines[7].format = SV("json");
    lines[8].time_source = TIME_SOURCE_INHERITED;
    lines[9].kind = EVENT_NOTE;
    lines[10].kind = EVENT_NOTE;
    lines[10].record_kind = RECORD_MANIFEST;
    lines[11].kind = EVENT_NOTE;
    lines[11].record_kind = RECORD_PERSON;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        tally_event(&tally, &lines[i]);
    tally_quarantined(&tally, SV_NONE);
    tally_quarantined(&tally, SV("json"));
    tally_quarantined(&tally, SV("json"));
    assert_int_equal(rows_of(&tally, &sum), 13);
    assert_int_equal(sum, 15);
    tally_clear(&tally);
    assert_int_equal(rows_of(&tally, &sum), 0);
    tally_event(&tally, &lines[0]);
    assert_int_equal(rows_of(&tally, &sum), 1);
    tally_release(&tally);
}

/* Where one name ends and the next begins tells cells apart, too. */
static void
names_do_not_run_together(void **state)
{
    (void)state;
    struct tally tally;
    int64_t sum;
    struct event one = a_line("bc", 0, MINUTE_2026), two = a_line("c", 0, MINUTE_2026);
    one.scope = SV("a");
    two.scope = SV("ab");
    tally_init(&tally);
    tally_event(&tally, &one);
    tally_event(&tally, &two);
    assert_int_equal(rows_of(&tally, &sum), 2);
    tally_release(&tally);
}

static void
many_are_found_again(void **state)
{
    (void)state;
    struct tally tally;
    int64_t sum;
    char name[32];
    tally_init(&tally);
    for (int round = 0; round < 3; round++)
        for (int i = 0; i < 5000; i++) {
            snprintf(name, sizeof(name), "service-%d", i);
            struct event line = a_line(name, 9, MINUTE_2026 + i % 7 * NS_PER_MINUTE);
            tally_event(&tally, &line);
        }
    assert_int_equal(rows_of(&tally, &sum), 5000);
    assert_int_equal(sum, 15000);
    tally_release(&tally);
}

/* Rows of both tables tell what they were counted as. */
static void
a_row_is_taken_back(void **state)
{
    (void)state;
    int64_t sum;
    struct batch *batch = batch_new(NULL);
    struct stream stream = {.stream_id = 3, .next_offset = -1, .tail_offset = -1};
    struct record record = {.topic = SV("t"), .value = SV("v"), .kafka_time_ns = MINUTE_2026};
    struct event events[] = {a_line("a", 17, MINUTE_2026), a_line("", 0, TIME_NONE),
                             a_line("a", 13, MINUTE_2026), a_line("a", 13, TIME_NONE)};
    events[2].kind = EVENT_ALERT;
    events[2].record_kind = RECORD_ALERT;
    events[3].kind = EVENT_NOTE;
    events[3].record_kind = RECORD_MANIFEST;
    batch_add(batch, &stream, &record, OUTCOME_STORED, events, 4, NULL);
    struct part *part = batch->parts[0];
    assert_int_equal(rows_of(&part->tally, &sum), 4);
    const struct {
        struct strbuf *rows;
        bool log;
    } tables[] = {{&part->log, true}, {&part->event, false}};
    for (int i = 0; i < 2; i++) {
        struct sv rest = strbuf_view(tables[i].rows);
        struct row row;
        while (row_next(&rest, &row))
            tally_take_row(&part->tally, &row, tables[i].log);
        assert_int_equal(rest.len, 0);
    }
    assert_int_equal(rows_of(&part->tally, &sum), 0);
    batch_free(batch);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_name_has_a_cell),
        cmocka_unit_test(names_do_not_run_together),
        cmocka_unit_test(many_are_found_again),
        cmocka_unit_test(a_row_is_taken_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

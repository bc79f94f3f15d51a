/*
 * correlate_run() where there is very much of one sort: whatever has a cap is tried one below, at
 * and one above it, and what is rare must not give way to what is many. The records are made here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <string.h>

#include "hindcast/correlation.h"

#define BEGIN_NS (INT64_C(1772100000) * NS_PER_S) /* 2026-02-26T10:00:00Z */
#define ROWS_MAX 2000

static struct arena arena;
static struct observation rows[ROWS_MAX];
static size_t row_count;

static int
setup(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    row_count = 0;
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct event *
add(int64_t second, enum event_kind kind, enum record_kind record, struct sv text)
{
    assert_true(row_count < ROWS_MAX);
    struct observation *row = &rows[row_count++];
    *row = (struct observation){.topic = SV("t"), .incarnation = 1};
    row->at.offset = (int64_t)row_count;
    struct event *event = &row->event;
    event->kind = kind;
    event->record_kind = record;
    event->source = SV("made");
    event->title = event->body = text;
    event->event_time_ns = BEGIN_NS + second * NS_PER_S;
    event->precision = PRECISION_SECOND;
    event->scope = SV("default");
    memcpy(event->uid, &row_count, sizeof(row_count));
    sha256_of(&row_count, sizeof(row_count), &row->sha256);
    return event;
}

static void
alert(int64_t second)
{
    struct event *event = add(second, EVENT_ALERT, RECORD_ALERT, SV("Checkout fails"));
    event->service = SV("checkout");
    event->fingerprint = SV("a1");
    event->phase = PHASE_TRIGGER;
    event->severity = SEVERITY_ERROR;
}

static struct event *
logged(int64_t second, struct sv text)
{
    struct event *event = add(second, EVENT_LOG, RECORD_LOG, text);
    event->service = SV("checkout");
    event->severity = SEVERITY_ERROR;
    return event;
}

/* The one incident there is. */
static const struct incident *
correlate(void)
{
    struct correlation_input input = {
        .scope = SV("default"), .observations = rows, .count = row_count};
    struct correlation_config config;
    struct correlation *result = ARENA_NEW(&arena, struct correlation);
    struct err err;
    correlation_config_default(&config);
    assert_int_equal(correlate_run(&arena, &input, &config, result, &err), 0);
    assert_int_equal(result->incident_count, 1);
    return &result->incidents[0];
}

/* Lines of the service that alerts, of one shape; each has a value of its own in one field. */
static void
lines_that_differ_stay_with_their_alert(void **state)
{
    (void)state;
    static const size_t counts[] = {15, 16, 17, 64, 65, 500};
    for (int field = 0; field < 4; field++)
        for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++) {
            row_count = 0;
            alert(0);
            for (size_t i = 0; i < counts[c]; i++) {
                struct sv value = arena_printf(&arena, "%06zu", i);
                struct event *event = logged(1 + (int64_t)i % 60, SV("payment failed"));
                struct sv *fields[] = {&event->trace_id, &event->correlation_key, &event->host,
                                       &event->ref};
                *fields[field] = value;
            }
            const struct incident *incident = correlate();
            if (incident->record_count != (int64_t)counts[c] + 1)
                fail_msg("field %d, %zu lines: %lld records in the timeline", field, counts[c],
                         (long long)incident->record_count);
            assert_int_equal(incident->entry_count, 2);
            arena_reset(&arena);
        }
}

/* A row keeps so many samples and counts the others. */
static void
samples_of_a_row_have_a_cap(void **state)
{
    (void)state;
    for (size_t count = ENTRY_EVIDENCE_MAX - 1; count <= ENTRY_EVIDENCE_MAX + 1; count++) {
        row_count = 0;
        alert(0);
        for (size_t i = 0; i < count; i++)
            logged(1, SV("payment failed"));
        const struct incident *incident = correlate();
        assert_int_equal(incident->entry_count, 2);
        const struct entry *entry = &incident->entries[1];
        assert_int_equal(entry->occurrences, count);
        assert_int_equal(entry->evidence_count,
                         count < ENTRY_EVIDENCE_MAX ? count : ENTRY_EVIDENCE_MAX);
        assert_int_equal(incident->record_count, count + 1);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lines_that_differ_stay_with_their_alert, setup, teardown),
        cmocka_unit_test_setup_teardown(samples_of_a_row_have_a_cap, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

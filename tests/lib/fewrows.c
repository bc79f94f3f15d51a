/*
 * A few rows for unit tests: see fewrows.h.
 */
#include "tests/lib/fewrows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

void
fewrows_init(struct fewrows *few)
{
    arena_init(&few->arena, 0);
    correlation_config_default(&few->config);
    few->count = 0;
}

void
fewrows_release(struct fewrows *few)
{
    arena_release(&few->arena);
}

struct event *
fewrows_add(struct fewrows *few, int64_t minute, enum record_kind record, const char *text)
{
    enum event_kind kind = record_kind_event_kind(record);
    assert_true(few->count < FEWROWS_MAX);
    struct observation *row = &few->rows[few->count];
    *row = (struct observation){.incarnation = 1, .at = {.offset = (int64_t)few->count}};
    row->event = (struct event){
        .scope = SV("default"),
        .identified = true,
        .kind = kind,
        .record_kind = record,
        .phase = kind == EVENT_ALERT ? PHASE_TRIGGER : PHASE_POST,
        .source = SV("pager"),
        .event_time_ns = FEWROWS_BEGIN_NS + minute * NS_PER_MINUTE,
        .precision = PRECISION_SECOND,
        .time_source = TIME_SOURCE_NATIVE,
        .severity = kind == EVENT_ALERT ? SEVERITY_FATAL : SEVERITY_UNSET,
        .title = sv_from(text),
    };
    row->event.uid[0] = (uint8_t)++few->count;
    return &row->event;
}

struct event *
fewrows_person(struct fewrows *few, const char *account, const char *shown, const char *names)
{
    struct event *event = fewrows_add(few, 0, RECORD_PERSON, shown);
    event->event_time_ns = TIME_NONE;
    event->time_source = TIME_SOURCE_ABSENT;
    event->actor = sv_from(shown);
    event->fingerprint = sv_from(account);
    event->body = sv_from(names);
    return event;
}

void
fewrows_correlate(struct fewrows *few)
{
    struct err err;
    const struct correlation_input input = {
        .scope = SV("default"), .observations = few->rows, .count = few->count};
    if (correlate_run(&few->arena, &input, &few->config, &few->made, &err) != 0)
        fail_msg("%s", err.message);
}

void
fewrows_correlate_one(struct fewrows *few)
{
    fewrows_correlate(few);
    assert_int_equal(few->made.incident_count, 1);
}

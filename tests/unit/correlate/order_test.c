/*
 * Records produced again in another order tell the same: hundreds of events at a handful of times
 * lie at other coordinates each time and come in another order, some of them twice with other
 * headers, and everything but the coordinates of the evidence must come out alike.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include "base/strbuf.h"
#include "hindcast/correlation.h"

#define BEGIN_NS (INT64_C(1772100000) * NS_PER_S) /* 2026-02-26T10:00:00Z */
#define EVENTS 150
#define TWICE 40
#define ROWS (EVENTS + TWICE)

static struct arena arena;
static struct observation rows[ROWS];
static uint64_t seed;

static uint64_t
draw(uint64_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % below;
}

static struct sv
one_of(const char *const *words, size_t count)
{
    return sv_from(words[draw(count)]);
}
#define ONE_OF(...)                                                                                \
    one_of((const char *const[]){__VA_ARGS__},                                                     \
           sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void
draw_event(struct observation *row, size_t number)
{
    static const struct {
        enum event_kind kind;
        enum record_kind record;
        enum event_phase phase;
    } forms[] = {{EVENT_CHAT, RECORD_CHAT, PHASE_POST},
                 {EVENT_CHAT, RECORD_CHAT, PHASE_DELETE},
                 {EVENT_ALERT, RECORD_ALERT, PHASE_TRIGGER},
                 {EVENT_ALERT, RECORD_ALERT, PHASE_RESOLVE},
                 {EVENT_CHANGE, RECORD_DEPLOY, PHASE_SUCCEEDED},
                 {EVENT_CHANGE, RECORD_MERGE, PHASE_SUCCEEDED},
                 {EVENT_LOG, RECORD_LOG, PHASE_NONE},
                 {EVENT_NOTE, RECORD_SAL, PHASE_NONE},
                 {EVENT_ALERT, RECORD_INCIDENT_EVENT, PHASE_ACK}};
    size_t form = draw(sizeof(forms) / sizeof(forms[0]));
    struct event *event = &row->event;
    *row = (struct observation){.incarnation = 1};
    *event = (struct event){
        .scope = SV("default"),
        .identified = true,
        .identity = arena_printf(&arena, "e%zu", number),
        .kind = forms[form].kind,
        .record_kind = forms[form].record,
        .phase = forms[form].phase,
        .source = ONE_OF("one", "two"),
        .event_time_ns = BEGIN_NS + (int64_t)draw(4) * NS_PER_MINUTE,
        .precision = PRECISION_SECOND,
        .time_source = TIME_SOURCE_NATIVE,
        .service = ONE_OF("checkout", "cart", ""),
        .host = ONE_OF("a", "b", ""),
        .severity = draw(4) == 0 ? SEVERITY_INFO
                    : draw(2)    ? SEVERITY_ERROR
                                 : SEVERITY_WARN,
        .body = ONE_OF("checkout is down", "rolling back v2", "mitigated", "error rate is normal",
                       "looking into it", "turns out it is the pool", "Deploy v2",
                       "Revert \"Deploy v2\"", "request 4711 failed", "request 4712 failed",
                       "is it the pool?", "this is a test alert"),
        .actor = ONE_OF("mia", "tom", "bot", ""),
        .channel = ONE_OF("ops", "dev"),
        .fingerprint = ONE_OF("f1", "f2", ""),
        .ref = ONE_OF("v1", "v2", ""),
        .marks = draw(5) == 0,
    };
    if (event->kind == EVENT_CHAT && draw(2))
        event->sequence = 1 + (int64_t)draw(1000);
    if (draw(4) == 0) { /* within one millisecond */
        event->event_time_ns += (int64_t)draw(3) * 1000;
        event->precision = PRECISION_MICROSECOND;
    }
    event->title = event->body;
    sha256_of(&number, sizeof(number), &row->sha256);
    memcpy(event->uid, row->sha256.bytes + 8, UID_BYTES);
}

/* Coordinates of their own, and an order of arrival. */
static void
produce(void)
{
    for (size_t i = ROWS; i > 1; i--) {
        size_t other = draw(i);
        struct observation kept = rows[i - 1];
        rows[i - 1] = rows[other];
        rows[other] = kept;
    }
    for (size_t i = 0; i < ROWS; i++) {
        rows[i].topic = ONE_OF("t", "u");
        rows[i].partition = (int32_t)draw(3);
        rows[i].at = (struct coordinates){.stream_id = (int64_t)draw(9), .offset = (int64_t)i};
    }
}

static void
print_entry(struct strbuf *out, const struct entry *entry)
{
    strbuf_addf(out,
                " " SV_FMT " %lld kind %d act %d score %d significance %d order %d x%lld " SV_FMT
                " [" SV_FMT "] " SV_FMT " " SV_FMT " " SV_FMT,
                SV_ARG(entry->entry_id), (long long)entry->time_ns, (int)entry->kind,
                (int)entry->act, (int)entry->score, (int)entry->significance,
                entry->order_established, (long long)entry->occurrences, SV_ARG(entry->text),
                SV_ARG(entry->membership), SV_ARG(entry->node_key), SV_ARG(entry->service),
                SV_ARG(entry->host));
    for (size_t i = 0; i < entry->reason_count; i++)
        strbuf_addf(out, " " SV_FMT "=%d", SV_ARG(entry->reasons[i].name),
                    (int)entry->reasons[i].hundredths);
    for (size_t i = 0; i < entry->milestone_count; i++)
        strbuf_addf(out, " %s", milestone_word(entry->milestones[i]));
    for (size_t i = 0; i < entry->evidence_count; i++)
        strbuf_addf(out, " %02x%02x", entry->evidence[i].sha256.bytes[0],
                    entry->evidence[i].sha256.bytes[1]);
    strbuf_add_char(out, '\n');
}

/* The rows sort as they are told by (time, tie): what tables keep instead of a position. */
static void
ties_sort(const struct entry *entries, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const struct entry *before = &entries[i - 1];
        assert_true(before->time_ns <= entries[i].time_ns);
        if (before->time_ns == entries[i].time_ns)
            assert_true(sv_cmp(before->tie, entries[i].tie) < 0);
    }
}

static void
print(struct strbuf *out)
{
    struct correlation_input input = {.scope = SV("default"), .observations = rows, .count = ROWS};
    struct correlation_config config;
    struct correlation result;
    struct err err;
    correlation_config_default(&config);
    assert_int_equal(correlate_run(&arena, &input, &config, &result, &err), 0);
    assert_true(result.incident_count > 0);
    strbuf_clear(out);
    for (size_t i = 0; i < result.node_count; i++) {
        const struct node *node = &result.nodes[i];
        strbuf_addf(out, SV_FMT " %lld %lld " SV_FMT " " SV_FMT " " SV_FMT "\n",
                    SV_ARG(node->node_key), (long long)node->first_ns, (long long)node->last_ns,
                    SV_ARG(node->title), SV_ARG(node->incident_key), SV_ARG(node->reason));
    }
    for (size_t i = 0; i < result.incident_count; i++) {
        const struct incident *incident = &result.incidents[i];
        strbuf_addf(out, SV_FMT " " SV_FMT "\n", SV_ARG(incident->incident_key),
                    SV_ARG(incident->title));
        ties_sort(incident->entries, incident->entry_count);
        for (size_t k = 0; k < incident->entry_count; k++)
            print_entry(out, &incident->entries[k]);
        for (size_t k = 0; k < incident->milestone_count; k++)
            strbuf_addf(out, "%s " SV_FMT "\n", milestone_word(incident->milestones[k].milestone),
                        SV_ARG(incident->milestones[k].entry_id));
    }
}

static void
coordinates_tell_nothing_of_what_has_a_name(void **state)
{
    (void)state;
    struct strbuf expected, found;
    strbuf_init(&expected, 0);
    strbuf_init(&found, 0);
    for (uint64_t world = 1; world <= 4; world++) {
        seed = world * 2463534242;
        for (size_t i = 0; i < EVENTS; i++)
            draw_event(&rows[i], i);
        for (size_t i = 0; i < TWICE; i++) { /* the same bytes; the headers tell another host */
            rows[EVENTS + i] = rows[i];
            rows[EVENTS + i].event.host = i % 2 == 0 ? SV("c") : rows[i].event.host;
        }
        produce();
        print(&expected);
        for (int again = 0; again < 25; again++) {
            produce();
            print(&found);
            assert_string_equal(found.ptr, expected.ptr);
        }
    }
    strbuf_release(&expected);
    strbuf_release(&found);
}

/* Without any name each row is told apart by where it lies. */
static void
ties_sort_what_has_no_name(void **state)
{
    (void)state;
    struct strbuf out;
    strbuf_init(&out, 0);
    seed = 88172645463325252;
    for (size_t i = 0; i < EVENTS; i++)
        draw_event(&rows[i], i);
    for (size_t i = 0; i < ROWS; i++) {
        struct observation *row = &rows[i];
        if (i >= EVENTS)
            *row = rows[i - EVENTS];
        row->event.identity = SV_NONE;
        memset(row->event.uid, 0, UID_BYTES);
        memcpy(row->event.uid, &i, sizeof(i));
        row->event.sequence = (int64_t)draw(3) - 1;
        row->topic = ONE_OF("a", "ab", "b");
        row->cluster = ONE_OF("x", "");
        row->incarnation = (int32_t)draw(2);
        row->partition = (int32_t)draw(300);
        row->at = (struct coordinates){.offset = (int64_t)draw(100000), .index = (int32_t)draw(3)};
    }
    print(&out);
    strbuf_release(&out);
}

static struct event *
say(size_t at, int64_t sequence, int64_t later_ns, const char *text)
{
    rows[at] = (struct observation){.topic = SV("t"), .at = {.offset = 100 - (int64_t)at}};
    rows[at].event = (struct event){.scope = SV("default"),
                                    .kind = EVENT_CHAT,
                                    .record_kind = RECORD_CHAT,
                                    .phase = PHASE_POST,
                                    .identity = sv_from(text),
                                    .identified = true,
                                    .source = SV("slack:ops"),
                                    .channel = SV("ops"),
                                    .precision = PRECISION_SECOND,
                                    .time_source = TIME_SOURCE_NATIVE,
                                    .event_time_ns = BEGIN_NS + later_ns,
                                    .sequence = sequence,
                                    .body = sv_from(text)};
    rows[at].event.uid[0] = (uint8_t)(9 - at);
    sha256_of(text, strlen(text), &rows[at].sha256);
    return &rows[at].event;
}

/* The first four rows as they are told; the third of the count says whether it has an order. */
static void
told(size_t count, const char *const *texts, const bool *established)
{
    const struct declaration declared = {
        .id = SV("d"), .title = SV("d"), .from_ns = BEGIN_NS - NS_PER_MINUTE, .to_ns = TIME_NONE};
    struct correlation_input input = {.scope = SV("default"),
                                      .observations = rows,
                                      .count = count,
                                      .declarations = &declared,
                                      .declaration_count = 1};
    struct correlation_config config;
    struct correlation result;
    struct err err;
    correlation_config_default(&config);
    assert_int_equal(correlate_run(&arena, &input, &config, &result, &err), 0);
    assert_int_equal(result.incident_count, 1);
    assert_int_equal(result.incidents[0].entry_count, count);
    for (size_t i = 0; i < count; i++) {
        const struct entry *entry = &result.incidents[0].entries[i];
        if (!sv_eq(entry->text, sv_from(texts[i])) || entry->order_established != established[i])
            fail_msg("row %zu: " SV_FMT ", order %d", i, SV_ARG(entry->text),
                     entry->order_established);
    }
}

static void
a_source_orders_its_own_second(void **state)
{
    (void)state;
    say(0, 300, 0, "third, rolling back");
    say(1, 100, 0, "first, checkout is down");
    say(2, 200, 0, "second, it is the pool");
    told(3,
         (const char *const[]){"first, checkout is down", "second, it is the pool",
                               "third, rolling back"},
         (const bool[]){true, true, true});
}

/* No number, the same number, another host, a coarser clock: then nobody knows. */
static void
marks_tell_what_nobody_knows(void **state)
{
    (void)state;
    say(0, 0, 0, "a");
    say(1, 0, 0, "b");
    told(2, (const char *const[]){"b", "a"}, (const bool[]){true, false});
    say(0, 7, 0, "a");
    say(1, 7, 0, "b");
    told(2, (const char *const[]){"b", "a"}, (const bool[]){true, false});
    say(0, 0, 0, "a");
    say(1, 0, NS_PER_S, "b");
    told(2, (const char *const[]){"a", "b"}, (const bool[]){true, true});
    say(1, 0, NS_PER_S, "b")->host = SV("elsewhere");
    told(2, (const char *const[]){"a", "b"}, (const bool[]){true, false});
    say(1, 0, NS_PER_S, "b")->time_source = TIME_SOURCE_KAFKA;
    told(2, (const char *const[]){"a", "b"}, (const bool[]){true, false});
    say(1, 0, NS_PER_S / 2, "b")->precision = PRECISION_MILLISECOND;
    told(2, (const char *const[]){"a", "b"}, (const bool[]){true, false});
    say(1, 0, NS_PER_S, "b")->precision = PRECISION_MILLISECOND;
    told(2, (const char *const[]){"a", "b"}, (const bool[]){true, true});
}

/* Lines that nothing names keep the order in which they lie. */
static void
nameless_lines_keep_their_places(void **state)
{
    (void)state;
    say(0, 0, 0, "later in the log")->identity = SV_NONE;
    say(1, 0, 0, "earlier in the log")->identity = SV_NONE;
    told(2, (const char *const[]){"earlier in the log", "later in the log"},
         (const bool[]){true, false});
}

static int
start(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(coordinates_tell_nothing_of_what_has_a_name, start, stop),
        cmocka_unit_test_setup_teardown(ties_sort_what_has_no_name, start, stop),
        cmocka_unit_test_setup_teardown(a_source_orders_its_own_second, start, stop),
        cmocka_unit_test_setup_teardown(marks_tell_what_nobody_knows, start, stop),
        cmocka_unit_test_setup_teardown(nameless_lines_keep_their_places, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

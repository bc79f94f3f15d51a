/*
 * Small worlds for telling: see tellworld.h.
 */
#include "tests/lib/tellworld.h"

#include <assert.h>
#include <string.h>

#include "base/clock.h"
#include "tests/lib/groupworld.h"

#define BEGIN_S INT64_C(1772100000) /* 2026-02-26T10:00:00Z */
#define DAY_S 86400
#define MOMENTS 4

struct making {
    struct tellworld *world;
    struct arena *arena;
    uint64_t random;
    int64_t span_s, moments[MOMENTS]; /* seconds from BEGIN_S */
};

static uint64_t
below(struct making *making, uint64_t limit)
{
    return world_random(&making->random) % limit;
}

static bool
one_in(struct making *making, uint64_t n)
{
    return below(making, n) == 0;
}

static struct sv
one_of(struct making *making, const char *const *words, size_t count)
{
    return sv_from(words[below(making, count)]);
}
#define ONE_OF(making, ...)                                                                        \
    one_of((making), (const char *const[]){__VA_ARGS__},                                           \
           sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* Most times lie within an hour of a moment. */
static int64_t
some_second(struct making *making)
{
    if (one_in(making, 4))
        return (int64_t)below(making, (uint64_t)making->span_s);
    return making->moments[below(making, MOMENTS)] + (int64_t)below(making, 3600);
}

static struct event *
add(struct making *making, enum event_kind kind, enum record_kind record, struct sv text)
{
    struct tellworld *world = making->world;
    assert(world->count < TELLWORLD_ROWS_MAX);
    struct observation *row = &world->rows[world->count];
    *row = (struct observation){.topic = SV("t"), .incarnation = 1};
    row->at = (struct coordinates){.stream_id = 1, .offset = (int64_t)world->count};
    struct event *event = &row->event;
    event->kind = kind;
    event->record_kind = record;
    event->title = event->body = text;
    event->event_time_ns = (BEGIN_S + some_second(making)) * NS_PER_S;
    event->precision = PRECISION_SECOND;
    event->scope = SV("default");
    event->format = SV("made");
    event->identified = true;
    event->uid[0] = (uint8_t)(world->count >> 8);
    event->uid[1] = (uint8_t)world->count;
    sha256_of(event->uid, UID_BYTES, &row->sha256);
    world->count++;
    return event;
}

static struct sv
service(struct making *making)
{
    return ONE_OF(making, "checkout", "checkout-api", "search", "ledger");
}

static void
add_alert(struct making *making)
{
    struct sv text = ONE_OF(making, "Errors of checkout", "Disk is full", "Latency is high",
                            "Replica lags", "Queue grows");
    struct event *event = add(making, EVENT_ALERT, RECORD_ALERT, text);
    event->source = ONE_OF(making, "monitor", "pager");
    event->fingerprint = text;
    event->service = service(making);
    event->severity = one_in(making, 4) ? SEVERITY_INFO : SEVERITY_ERROR;
    event->phase = one_in(making, 3)   ? PHASE_RESOLVE
                   : one_in(making, 6) ? PHASE_ACK
                                       : PHASE_TRIGGER;
    if (event->phase == PHASE_ACK)
        event->record_kind = RECORD_INCIDENT_EVENT;
    if (one_in(making, 12))
        event->incident_ref = ONE_OF(making, "P1", "P2");
}

static void
add_line(struct making *making)
{
    int number = (int)below(making, 9000);
    struct sv text = arena_printf(making->arena,
                                  one_in(making, 3)   ? "pool %d is exhausted"
                                  : one_in(making, 2) ? "no answer after %d ms"
                                                      : "cannot write block %d",
                                  number);
    struct event *event = add(making, EVENT_LOG, RECORD_LOG, text);
    event->source = ONE_OF(making, "app", "db");
    event->service = service(making);
    event->severity = one_in(making, 3) ? SEVERITY_WARN : SEVERITY_ERROR;
    if (one_in(making, 8))
        event->trace_id = ONE_OF(making, "t1", "t2");
}

/* One alert that comes and goes all day: it becomes familiar. */
static void
add_flapping(struct making *making)
{
    int64_t second = (int64_t)below(making, DAY_S);
    for (size_t i = 0; i < 10; i++, second += 5400 + (int64_t)below(making, 3600)) {
        struct event *event = add(making, EVENT_ALERT, RECORD_ALERT, SV("Backup is late"));
        event->event_time_ns = (BEGIN_S + second) * NS_PER_S;
        event->source = SV("monitor");
        event->fingerprint = SV("backup");
        event->service = SV("ledger");
        event->severity = SEVERITY_ERROR;
        event->phase = PHASE_TRIGGER;
    }
}

/* A few of one source within minutes, each of a shape of its own. */
static void
add_burst(struct making *making)
{
    static const char *const texts[] = {"pool is exhausted",      "no answer of the store",
                                        "cannot write the block", "queue is full",
                                        "retry failed",           "lost the leader"};
    int64_t second = some_second(making);
    struct sv source = ONE_OF(making, "app", "db"), of = service(making);
    for (size_t i = 0; i < 6 && making->world->count < TELLWORLD_ROWS_MAX; i++) {
        struct event *event = add(making, EVENT_LOG, RECORD_LOG, sv_from(texts[i]));
        event->event_time_ns = (BEGIN_S + second + (int64_t)below(making, 400)) * NS_PER_S;
        event->source = source;
        event->service = of;
        event->severity = SEVERITY_ERROR;
    }
}

static void
add_talk(struct making *making)
{
    struct sv text =
        ONE_OF(making, "checkout is down, users are reporting empty carts", "lunch anybody?",
               "I think the deploy of checkout broke it", "rolled back checkout 3.2",
               "error rate is back to normal", "we see 12% of orders fail, this is a sev1",
               "looking at it", "could be the ledger, not sure", "#482 looks wrong, reverting",
               "3f2a9c1 is the culprit", "did that help?", "all clear, closing the incident",
               "deployed checkout 3.3 to production", "paging the on call of the ledger");
    struct event *event = add(making, EVENT_CHAT, RECORD_CHAT, text);
    event->source = SV("chat");
    event->actor =
        ONE_OF(making, "Mia Roth", "mia.roth", "Roth, Mia", "Ben", "ben", "Ola Nord", "deploybot");
    event->channel = ONE_OF(making, "ops", "inc-77-checkout", "general", "ops");
    event->service = one_in(making, 3) ? service(making) : SV_NONE;
    event->phase = PHASE_POST;
}

static void
add_change(struct making *making)
{
    static const enum record_kind kinds[] = {RECORD_COMMIT, RECORD_MERGE, RECORD_DEPLOY};
    struct sv text = ONE_OF(making, "Raise the pool", "Revert \"Raise the pool\"",
                            "Merge pull request #482 from mia/raise-pool", "Deploy checkout 3.3",
                            "Deploy checkout 3.2", "Depool db1", "Depool db2",
                            "Revert \"Depool db1\"", "Update the words of the help page");
    struct event *event = add(making, EVENT_CHANGE, kinds[below(making, 3)], text);
    event->source = ONE_OF(making, "git:shop", "ci", "git:ledger");
    event->actor = ONE_OF(making, "Mia Roth", "Ben", "ci");
    event->service = one_in(making, 2) ? service(making) : SV_NONE;
    event->phase = one_in(making, 6) ? PHASE_FAILED : PHASE_SUCCEEDED;
    event->ref = ONE_OF(making, "3f2a9c1d00", "77ab01c2ff", "0d0e0f0a0b", "");
}

static void
add_note(struct making *making)
{
    struct event *event =
        add(making, EVENT_NOTE, RECORD_SAL,
            ONE_OF(making, "restarted the ledger", "depooled db1", "raised the limit of search"));
    event->source = SV("sal");
    event->actor = ONE_OF(making, "ben", "mia.roth");
}

/* Some records came twice, a few of them in a version that says something else. */
static void
repeat(struct making *making)
{
    struct tellworld *world = making->world;
    for (size_t n = world->count / 10; n > 0 && world->count < TELLWORLD_ROWS_MAX; n--) {
        struct observation *again = &world->rows[world->count];
        *again = world->rows[below(making, world->count)];
        again->at.offset = (int64_t)world->count++;
        if (!one_in(making, 3))
            continue;
        again->event.version++;
        again->event.event_time_ns += 60 * NS_PER_S;
        sha256_of(&again->at.offset, sizeof(again->at.offset), &again->sha256);
    }
}

static void
declare(struct making *making)
{
    struct tellworld *world = making->world;
    for (size_t n = below(making, TELLWORLD_DECLARATIONS_MAX + 1); n > 0; n--) {
        struct declaration *declaration = &world->declarations[world->declaration_count++];
        int64_t from = BEGIN_S + some_second(making);
        *declaration = (struct declaration){
            .id = arena_printf(making->arena, "d%zu", n),
            .title = SV("checkout is broken"),
            .from_ns = from * NS_PER_S,
            .to_ns =
                one_in(making, 3) ? TIME_NONE : (from + (int64_t)below(making, 7200)) * NS_PER_S,
            .service = one_in(making, 2) ? service(making) : SV_NONE,
            .declared_by = SV("mia.roth")};
    }
}

static void
decide(struct making *making)
{
    static const enum decision_verb verbs[] = {
        DECISION_RETIME, DECISION_PIN,    DECISION_HIDE,    DECISION_ANNOTATE, DECISION_NOTE,
        DECISION_TITLE,  DECISION_ATTACH, DECISION_DETACH,  DECISION_MERGE,    DECISION_SPLIT,
        DECISION_UNDO,   DECISION_KEY,    DECISION_SEVERITY};
    struct tellworld *world = making->world;
    struct err err;
    for (size_t n = below(making, TELLWORLD_DECISIONS_MAX); n > 0; n--) {
        struct decision *decision = &world->decisions[world->decision_count];
        const struct observation *row = &world->rows[below(making, world->count)];
        const struct observation *home = &world->rows[below(making, world->count)];
        struct decision_row *named = ARENA_NEW(making->arena, struct decision_row);
        enum decision_verb verb = verbs[below(making, sizeof(verbs) / sizeof(verbs[0]))];
        *decision = (struct decision){
            .verb = verb,
            .at_ns = (BEGIN_S + making->span_s + (int64_t)n) * NS_PER_S,
            .author = SV("mia.roth"),
            .incident = arena_hex(making->arena, home->event.uid, UID_BYTES),
            .value = verb == DECISION_SEVERITY ? SV("critical") : SV("what a person says"),
            .time_ns = row->event.event_time_ns + 90 * NS_PER_S};
        *named = (struct decision_row){.event = arena_hex(making->arena, row->event.uid, UID_BYTES),
                                       .source = row->event.source,
                                       .text = row->event.body,
                                       .time_ns = row->event.event_time_ns};
        if (decision_about(verb) == ABOUT_ROWS || decision_about(verb) == ABOUT_EPISODES) {
            decision->rows = named;
            decision->row_count = 1;
        }
        if (verb == DECISION_MERGE)
            decision->target = named->event;
        if (verb == DECISION_UNDO) {
            if (world->decision_count == 0)
                continue;
            decision->target = world->decisions[below(making, world->decision_count)].id;
            decision->incident = SV_NONE;
        }
        if (decision_takes(verb) == VALUE_NOTHING || decision_takes(verb) == VALUE_MOMENT)
            decision->value = SV_NONE;
        if (verb != DECISION_RETIME && verb != DECISION_NOTE)
            decision->time_ns = TIME_NONE;
        if (decision_seal(making->arena, decision, &err) == 0)
            world->decision_count++;
    }
}

void
tellworld_make(struct tellworld *world, struct arena *arena, uint64_t seed)
{
    static void (*const kinds[])(struct making *) = {add_alert, add_line,   add_line, add_talk,
                                                     add_talk,  add_change, add_note};
    struct making making = {.world = world, .arena = arena, .random = seed};
    world->count = world->decision_count = world->declaration_count = 0;
    making.span_s = (int64_t)(1 + below(&making, 6)) * DAY_S;
    for (size_t i = 0; i < MOMENTS; i++)
        making.moments[i] = (int64_t)below(&making, (uint64_t)making.span_s);
    /* A kind may be rare or missing: what is told of talk alone, of changes alone. */
    uint64_t kind_count = sizeof(kinds) / sizeof(kinds[0]);
    uint64_t first = one_in(&making, 3) ? 1 + below(&making, kind_count - 1) : 0;
    for (size_t n = 20 + below(&making, TELLWORLD_ROWS_MAX * 5 / 8); n > 0; n--)
        kinds[first + below(&making, kind_count - first)](&making);
    for (size_t n = first < 3 ? below(&making, 8) : 0; n > 0; n--)
        add_burst(&making);
    if (first == 0 && one_in(&making, 2))
        add_flapping(&making);
    repeat(&making);
    declare(&making);
    if (!one_in(&making, 3))
        decide(&making);
}

void
tellworld_shuffle(struct tellworld *world, uint64_t seed)
{
    for (size_t i = world->count; i > 1; i--) {
        size_t k = world_random(&seed) % i;
        struct observation kept = world->rows[i - 1];
        world->rows[i - 1] = world->rows[k];
        world->rows[k] = kept;
    }
}

struct correlation_input
tellworld_input(const struct tellworld *world)
{
    return (struct correlation_input){.scope = SV("default"),
                                      .observations = world->rows,
                                      .count = world->count,
                                      .declarations = world->declarations,
                                      .declaration_count = world->declaration_count,
                                      .decisions = world->decisions,
                                      .decision_count = world->decision_count};
}

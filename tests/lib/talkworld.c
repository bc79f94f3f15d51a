/*
 * Worlds of talk and changes: see talkworld.h.
 */
#include "tests/lib/talkworld.h"

#include <assert.h>

#include "base/clock.h"
#include "tests/lib/groupworld.h"

#define DAY_S 86400
#define HOUR_MS INT64_C(3600000)

struct making {
    struct talkworld *world;
    uint64_t random;
    int64_t second; /* what is added lies about here */
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

static struct event *
add(struct making *making, enum event_kind kind, enum record_kind record, struct sv text)
{
    struct talkworld *world = making->world;
    static struct event none;
    if (world->count == TALKWORLD_ROWS_MAX)
        return &none;
    struct observation *row = &world->rows[world->count];
    *row = (struct observation){.topic = SV("t"), .incarnation = 1};
    row->at = (struct coordinates){.stream_id = 1, .offset = (int64_t)world->count};
    struct event *event = &row->event;
    event->kind = kind;
    event->record_kind = record;
    event->title = event->body = text;
    event->event_time_ns = (TALKWORLD_BEGIN_S + making->second) * NS_PER_S;
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

/* ------------------------------------------------------------------ what there is */

static void
say(struct making *making, struct sv channel, bool trouble)
{
    struct sv text = trouble ? ONE_OF(making, "checkout is down, users are reporting empty carts",
                                      "we see 12% of orders fail, this is a sev1",
                                      "rolled back checkout 3.2", "paging the oncall of the ledger",
                                      "looking at it, the queue of the ledger grows",
                                      "error rate is back to normal",
                                      "all clear, closing the incident", "did that help?")
                             : ONE_OF(making, "lunch anybody?", "the slides are in the folder",
                                      "thanks", "see you on Monday");
    struct event *event = add(making, EVENT_CHAT, RECORD_CHAT, text);
    event->source = one_in(making, 9) ? SV("chat:b") : SV("chat:a");
    event->actor = ONE_OF(making, "Mia Roth", "Ben", "Ola Nord", "Ada");
    event->channel = channel;
    event->phase = PHASE_POST;
}

static void
add_talk(struct making *making)
{
    struct sv channel = ONE_OF(making, "ops", "ops", "general", "inc-77-checkout", "outage-search",
                               "incidents", "web");
    int64_t pause = (int64_t)(one_in(making, 3) ? below(making, 5000) : below(making, 900));
    bool trouble = !one_in(making, 3);
    for (size_t n = 1 + below(making, one_in(making, 6) ? 40 : 6); n > 0; n--) {
        say(making, channel, trouble && !one_in(making, 3));
        making->second += 1 + (int64_t)below(making, (uint64_t)pause + 60);
    }
}

static struct event *
change(struct making *making, struct sv source, struct sv text)
{
    struct event *event = add(making, EVENT_CHANGE, RECORD_COMMIT, text);
    event->source = source;
    event->actor = ONE_OF(making, "Mia Roth", "Ben", "Ola Nord");
    event->phase = PHASE_SUCCEEDED;
    return event;
}

static void
add_revert(struct making *making)
{
    static const char *const texts[][2] = {
        {"Raise the pool", "Revert \"Raise the pool\""},
        {"Depool db1", "Revert \"Depool db1\""},
        {"Use the new router", "Revert \"Use the new router\""},
        {"Depool db2", "Revert \"Depool db2\""},
    };
    size_t which = below(making, 4);
    struct sv source = ONE_OF(making, "git:shop", "git:ledger", "git:web");
    struct event *made = change(making, source, sv_from(texts[which][0]));
    if (one_in(making, 3)) { /* told again by a record of the same commit */
        made->ref = ONE_OF(making, "3f2a9c1d00", "77ab01c2ff");
        making->second += 200;
        change(making, source, sv_from(texts[which][0]))->ref = made->ref;
    }
    making->second += (int64_t)below(making, one_in(making, 2) ? 90000 : 9000);
    change(making, source, sv_from(texts[which][1]));
}

/* Hosts that are taken out and put back all day. */
static void
add_routine(struct making *making)
{
    int64_t begin = making->second;
    struct sv source = ONE_OF(making, "git:shop", "git:ledger");
    for (size_t n = 2 + below(making, 3); n > 0; n--) {
        bool first = one_in(making, 2);
        making->second = begin + (int64_t)below(making, DAY_S * 3 / 2);
        change(making, source, first ? SV("Depool db1") : SV("Depool db2"));
        making->second += (int64_t)below(making, 20000);
        change(making, source, first ? SV("Revert \"Depool db1\"") : SV("Revert \"Depool db2\""));
    }
}

static void
add_change(struct making *making)
{
    struct sv text =
        ONE_OF(making, "Deploy checkout 3.3", "Deploy checkout 3.2", "Deploy checkout 3.4",
               "Update the words of the help page", "hotfix for the pool of the ledger",
               "Add an incident report for the outage of search", "Revert \"Raise the pool\"");
    change(making, ONE_OF(making, "git:shop", "git:ledger", "git:docs"), text);
}

static void
add_line(struct making *making)
{
    static const char *const texts[] = {"pool is exhausted",      "no answer of the store",
                                        "cannot write the block", "queue is full",
                                        "retry failed",           "lost the leader"};
    struct sv source = ONE_OF(making, "app", "db");
    const char *text = texts[below(making, 6)];
    enum event_kind kind = EVENT_LOG;
    for (size_t n = one_in(making, 4) ? 30 + below(making, 60) : 1; n > 0; n--) {
        struct event *event = add(making, kind, RECORD_LOG, sv_from(text));
        event->source = source;
        event->service = SV("ledger");
        event->severity = one_in(making, 3) ? SEVERITY_WARN : SEVERITY_ERROR;
        making->second += 60 + (int64_t)below(making, 220);
    }
}

static void
add_note(struct making *making)
{
    struct event *event = add(making, EVENT_NOTE, RECORD_SAL,
                              ONE_OF(making, "restarted the ledger", "depooled db1",
                                     "rolled back the router", "raised the limit of search"));
    event->source = SV("sal");
    event->actor = ONE_OF(making, "ben", "mia.roth");
}

static void
add_alert(struct making *making)
{
    struct event *event = add(making, EVENT_ALERT, RECORD_ALERT, SV("Disk is full"));
    event->source = SV("monitor");
    event->fingerprint = SV("disk");
    event->service = SV("search");
    event->severity = SEVERITY_ERROR;
    event->phase = PHASE_TRIGGER;
}

/* ------------------------------------------------------------------ all of it */

static void
set_config(struct making *making, struct correlation_config *config)
{
    static const int64_t spans[] = {24, 60, 5, 2}, pauses[] = {1, 1, 2, 4};
    correlation_config_default(config);
    config->max_span_ms = spans[below(making, 4)] * HOUR_MS;
    config->talk_gap_ms = pauses[below(making, 4)] * HOUR_MS / 2;
    if (one_in(making, 3))
        config->bounds_before_ms = 3 * HOUR_MS;
    if (one_in(making, 3))
        config->bounds_after_change_ms = 2 * HOUR_MS;
    if (one_in(making, 3))
        config->candidate_score = 2;
}

void
talkworld_make(struct talkworld *world, uint64_t seed, size_t days, size_t rows_a_day)
{
    struct making making = {.world = world, .random = seed};
    world->count = 0;
    world->span_s = (int64_t)days * DAY_S;
    set_config(&making, &world->config);
    static void (*const kinds[])(struct making *) = {add_talk,   add_talk, add_revert, add_routine,
                                                     add_change, add_note, add_line};
    size_t last = one_in(&making, 2) ? 7 : 6; /* half of the worlds have no lines */
    size_t rare = below(&making, last + 2);   /* a kind that is missing, or none */
    size_t alerts = one_in(&making, 2) ? 0 : 3 + below(&making, 30);
    for (size_t day = 0; day < days && world->count < TALKWORLD_ROWS_MAX; day++) {
        size_t busy = one_in(&making, 3) ? rows_a_day / 8 : rows_a_day;
        for (size_t end = world->count + 1 + below(&making, busy + 1); world->count < end;) {
            size_t kind = below(&making, last);
            making.second = (int64_t)day * DAY_S + (int64_t)below(&making, DAY_S);
            if (kind != rare && world->count < TALKWORLD_ROWS_MAX)
                kinds[kind](&making);
            else if (world->count == TALKWORLD_ROWS_MAX)
                break;
        }
        making.second = (int64_t)day * DAY_S + (int64_t)below(&making, DAY_S);
        if (alerts > 0 && one_in(&making, alerts))
            add_alert(&making);
    }
}

/* ------------------------------------------------------------------ tight worlds */

/* Rows lie as far from each other as rules reach, or a little less or more. */
static int64_t
some_way(struct making *making)
{
    static const int64_t ways[] = {0,         900,       1800,     3600,          5400,
                                   7200,      10800,     DAY_S,    DAY_S + 3600,  DAY_S + 5400,
                                   2 * DAY_S, DAY_S / 2, 5 * 3600, DAY_S + 10800, 4 * 3600};
    int64_t way = ways[below(making, sizeof(ways) / sizeof(ways[0]))];
    way += (int64_t)below(making, 700) - 350;
    return one_in(making, 2) ? way : -way;
}

/* Messages that are one episode, most about nothing, and talk that goes on for hours or days. */
static void
add_long_talk(struct making *making)
{
    struct sv channel = ONE_OF(making, "ops", "ops", "inc-77-checkout", "general");
    static const int64_t pauses[] = {240, 240, 1500, 6600};
    int64_t pause = pauses[below(making, 4)];
    bool opens = one_in(making, 2);
    size_t count = 4 + below(making, one_in(making, 2) ? 70 : 20);
    for (size_t i = 0; i < count; i++) {
        say(making, channel, (opens && i < 3) || one_in(making, 15));
        making->second += pause;
    }
}

/* One line for two days without a pause, so that one node holds all of it. */
static void
add_hot_line(struct making *making)
{
    int64_t from = making->second - 2 * DAY_S;
    talkworld_lines(making->world, from, from + 60000 + (int64_t)below(making, 140000));
}

static void
add_one(struct making *making)
{
    struct sv channel =
        ONE_OF(making, "ops", "ops", "ops", "general", "inc-77-checkout", "outage-search", "web");
    switch (below(making, 12)) {
    case 0:
        change(making, SV("git:shop"),
               ONE_OF(making, "Depool db1", "Depool db2", "Raise the pool"));
        break;
    case 1:
        change(making, SV("git:shop"),
               ONE_OF(making, "Revert \"Depool db1\"", "Revert \"Depool db2\"",
                      "Revert \"Raise the pool\""));
        break;
    case 2:
        add_change(making);
        break;
    case 3:
        add_note(making);
        break;
    case 4:
        add_line(making);
        break;
    case 5:
        add_long_talk(making);
        break;
    default:
        say(making, channel, !one_in(making, 4));
    }
}

void
talkworld_make_tight(struct talkworld *world, uint64_t seed)
{
    struct making making = {.world = world, .random = seed};
    world->count = 0;
    world->span_s = (int64_t)12 * DAY_S;
    set_config(&making, &world->config);
    for (size_t n = 4 + below(&making, 24); n > 0; n--) {
        int64_t other = 6 * DAY_S;
        if (world->count > 0) {
            const struct event *event = &world->rows[below(&making, world->count)].event;
            other = event->event_time_ns / NS_PER_S - TALKWORLD_BEGIN_S;
        }
        making.second = other + some_way(&making);
        add_one(&making);
    }
    if (one_in(&making, 5))
        add_alert(&making);
    if (one_in(&making, 8))
        add_hot_line(&making);
}

/* ------------------------------------------------------------------ by hand */

void
talkworld_empty(struct talkworld *world)
{
    world->count = 0;
    correlation_config_default(&world->config);
}

void
talkworld_say(struct talkworld *world, int64_t second, struct sv actor, struct sv text)
{
    struct making making = {.world = world, .second = second};
    struct event *event = add(&making, EVENT_CHAT, RECORD_CHAT, text);
    event->source = SV("chat:a");
    event->actor = actor;
    event->channel = SV("ops");
    event->phase = PHASE_POST;
}

void
talkworld_change(struct talkworld *world, int64_t second, struct sv text)
{
    struct making making = {.world = world, .second = second};
    struct event *event = add(&making, EVENT_CHANGE, RECORD_COMMIT, text);
    event->source = SV("git:shop");
    event->actor = SV("Ben");
    event->phase = PHASE_SUCCEEDED;
}

void
talkworld_lines(struct talkworld *world, int64_t from, int64_t to)
{
    struct making making = {.world = world, .second = from};
    for (; making.second < to; making.second += 280) {
        struct event *event = add(&making, EVENT_LOG, RECORD_LOG, SV("the cache is cold"));
        event->source = SV("app");
        event->service = SV("ledger");
        event->severity = from % 2 == 0 ? SEVERITY_WARN : SEVERITY_ERROR;
    }
}

/*
 * Small worlds for grouping: see groupworld.h.
 */
#include "tests/lib/groupworld.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)

struct making {
    struct groupworld *world;
    struct arena *arena;
    uint64_t random;
    int64_t span_ms;
    size_t uids;
    bool talks; /* records have words, and channels talk */
};

uint64_t
world_random(uint64_t *state)
{
    uint64_t mixed = *state += UINT64_C(0x9E3779B97F4A7C15);
    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94D049BB133111EB);
    return mixed ^ mixed >> 31;
}

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

/* Most times are whole minutes: many are equal. */
static int64_t
some_time(struct making *making)
{
    int64_t ms = (int64_t)below(making, (uint64_t)making->span_ms);
    return one_in(making, 4) ? ms : ms / MINUTE * MINUTE;
}

static void
add_key(struct making *making, struct work_record *record, enum key_kind kind, uint64_t number)
{
    struct sv value =
        arena_printf(making->arena, "%s-%llu", key_kind_word(kind), (unsigned long long)number);
    record->keys[record->key_count++] = (struct node_key){kind, value};
}

static struct sv
one_of(struct making *making, const char *const *texts, size_t count)
{
    return sv_from(texts[below(making, count)]);
}
#define ONE_OF(making, ...)                                                                        \
    one_of((making), (const char *const[]){__VA_ARGS__},                                           \
           sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* What an alert tells, or what else is not said in a channel. */
static struct event
words_of_record(struct making *making)
{
    struct event event = {.phase = PHASE_TRIGGER};
    event.service = ONE_OF(making, "", "checkout", "payments", "search-api");
    event.host = ONE_OF(making, "", "", "db7", "web3");
    event.title = ONE_OF(making, "high latency", "errors 502", "disk full", "queue backlog");
    event.actor = ONE_OF(making, "", "", "ana", "Bo Lind", "pager");
    return event;
}

static struct event
words_of_message(struct making *making, struct sv channel)
{
    struct event event = {.phase = PHASE_POST, .channel = channel};
    event.actor = ONE_OF(making, "ana", "Bo Lind", "bo", "cem", "deploybot");
    event.title = ONE_OF(making, "checkout is down", "payments again", "who looks at search",
                         "db7 is slow", "the latency looks high", "cake in the kitchen",
                         "lunch at noon", "> checkout is down", "502 everywhere", "thanks",
                         "we rolled back", "the disk of web3 is full", "anyone there");
    if (one_in(making, 10))
        event.phase = one_in(making, 2) ? PHASE_JOIN : PHASE_LEAVE;
    return event;
}

/* The rest of the event is what the record says. */
static const struct observation *
observe(struct making *making, const struct work_record *record, const struct event *words)
{
    struct observation *observation = ARENA_NEW(making->arena, struct observation);
    observation->event = *words;
    groupworld_name(observation, record);
    return observation;
}

static void
deliver(struct making *making, const struct work_record *record, int version)
{
    struct groupworld *world = making->world;
    if (world->count == WORLD_DELIVERIES_MAX)
        return;
    world->deliveries[world->count++] = (struct world_delivery){*record, version, false};
}

/* With words that are its own, where the world has any. */
static void
deliver_told(struct making *making, struct work_record *record, int version)
{
    if (making->talks && record->observation == NULL) {
        struct event words = words_of_record(making);
        if (record->role == NODE_CHAT && one_in(making, 2))
            words = words_of_message(making, SV("general"));
        record->observation = observe(making, record, &words);
    }
    deliver(making, record, version);
}

static struct work_record
alert(struct making *making, int64_t ms, uint64_t series)
{
    struct work_record record = {
        .ms = ms, .source = one_in(making, 5) ? SV("am2") : SV("am"), .role = NODE_ALERT};
    record.uid = arena_printf(making->arena, "u%03zu", making->uids++);
    record.fingerprint = arena_printf(making->arena, "f%llu", (unsigned long long)series);
    record.severity = 17;
    add_key(making, &record, KEY_SCOPE, one_in(making, 2));
    if (!one_in(making, 3))
        add_key(making, &record, KEY_SERVICE, below(making, 4));
    if (!one_in(making, 3))
        add_key(making, &record, KEY_HOST, below(making, 3));
    if (one_in(making, 4))
        add_key(making, &record, KEY_NAME, below(making, 3));
    if (one_in(making, 8))
        add_key(making, &record, KEY_TRACE, below(making, 4));
    if (one_in(making, 7))
        record.explicit_id = one_in(making, 2) ? SV("INC-1") : SV("INC-2");
    if (one_in(making, 8)) {
        record.quiet = one_in(making, 3) ? QUIET_NO_TROUBLE : QUIET_MINOR;
        record.quiet_reason = SV("minor");
    }
    record.life = one_in(making, 3)   ? LIFE_RESOLVED
                  : one_in(making, 4) ? LIFE_FOLLOWS
                                      : LIFE_FIRING;
    return record;
}

/* Comes again as it was, or in a version that says something else. */
static void
deliver_perhaps_again(struct making *making, struct work_record *record)
{
    deliver_told(making, record, 1);
    if (one_in(making, 8))
        deliver(making, record, 1);
    if (!one_in(making, 8))
        return;
    struct work_record other = alert(making, one_in(making, 2) ? record->ms : some_time(making), 0);
    other.uid = record->uid;
    other.source = record->source;
    if (!one_in(making, 3))
        other.fingerprint = record->fingerprint;
    deliver_told(making, &other, 2);
}

static void
make_alerts(struct making *making, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct work_record record = alert(making, some_time(making), below(making, count));
        deliver_perhaps_again(making, &record);
    }
}

/* Many on one host within minutes. */
static void
make_flood(struct making *making)
{
    int64_t begin = some_time(making);
    size_t count = 10 + below(making, 30);
    for (size_t i = 0; i < count; i++) {
        int64_t ms = begin + (int64_t)below(making, 10) * MINUTE;
        struct work_record record = alert(making, ms, 100 + i);
        add_key(making, &record, KEY_DEPLOY, 1);
        deliver_perhaps_again(making, &record);
    }
}

/* One series that comes and goes. */
static void
make_flapping(struct making *making)
{
    int64_t ms = some_time(making);
    size_t count = 4 + below(making, 10);
    for (size_t i = 0; i < count; i++) {
        struct work_record record = alert(making, ms, 50);
        record.source = SV("am");
        deliver_perhaps_again(making, &record);
        ms += (int64_t)(1 + below(making, 40)) * MINUTE;
    }
}

/* One episode of more hosts than candidates of a kind of key count for. */
static void
make_many_keys(struct making *making)
{
    int64_t ms = some_time(making);
    for (size_t i = 0; i < 40; i++) {
        struct work_record record = alert(making, ms + (int64_t)i * 1000, 70);
        record.source = SV("am");
        record.quiet = QUIET_NOT;
        record.key_count = 0;
        add_key(making, &record, KEY_HOST, i);
        deliver_told(making, &record, 1);
        record = alert(making, ms - (int64_t)below(making, 8) * MINUTE, 80 + i);
        record.key_count = 0;
        add_key(making, &record, KEY_HOST, i);
        deliver_told(making, &record, 1);
    }
}

static void
make_declaration(struct making *making, size_t n)
{
    struct declaration *declaration = ARENA_NEW(making->arena, struct declaration);
    int64_t ms = some_time(making);
    bool open = one_in(making, 3);
    *declaration = (struct declaration){
        .from_ns = ms * NS_PER_MS,
        .to_ns = open ? TIME_NONE : (ms + (int64_t)below(making, 5 * 60) * MINUTE) * NS_PER_MS,
    };
    struct work_record record = {.ms = ms,
                                 .source = SV("declared"),
                                 .uid = arena_printf(making->arena, "d%zu", n),
                                 .role = NODE_DECLARED,
                                 .declaration = declaration};
    record.fingerprint = record.uid;
    if (one_in(making, 2)) {
        add_key(making, &record, KEY_SERVICE, below(making, 4));
        declaration->service = record.keys[0].value;
    } else {
        add_key(making, &record, KEY_SCOPE, 1);
    }
    deliver(making, &record, 1);
}

/* What only attaches: changes, log patterns, talk. */
static void
make_attaching(struct making *making)
{
    static const enum node_role roles[] = {NODE_CHANGE, NODE_LOG, NODE_CHAT};
    for (size_t i = below(making, 16); i > 0; i--) {
        struct work_record record = alert(making, some_time(making), 200 + below(making, 10));
        record.role = roles[below(making, 3)];
        record.source = SV("other");
        record.quiet = QUIET_NOT;
        record.quiet_reason = SV_NONE;
        deliver_told(making, &record, 1);
    }
}

/* A message, or now and then what else has the channel's fingerprint. */
static void
say(struct making *making, int64_t ms, struct sv channel)
{
    struct work_record record = alert(making, ms, 0);
    struct event words = words_of_message(making, channel);
    record.source = SV("chat");
    record.fingerprint = arena_printf(making->arena, "chat:" SV_FMT, SV_ARG(channel));
    if (!one_in(making, 30)) {
        record.role = NODE_CHAT;
        record.life = LIFE_FIRING;
        record.quiet = QUIET_NOT;
        record.quiet_reason = SV_NONE;
        record.explicit_id = one_in(making, 4) ? record.explicit_id : SV_NONE;
        record.key_count = 0;
        add_key(making, &record, KEY_SCOPE, one_in(making, 2));
        if (one_in(making, 8))
            add_key(making, &record, KEY_SERVICE, below(making, 4));
        record.observation = observe(making, &record, &words);
    }
    deliver_told(making, &record, 1);
    if (!one_in(making, 8) || record.role != NODE_CHAT)
        return;
    words = words_of_message(making, channel); /* edited */
    record.observation = observe(making, &record, &words);
    deliver(making, &record, 2);
}

/* Channels that talk around something else, with pauses that they go on after, or not. */
static void
make_talk(struct making *making)
{
    for (size_t channels = 1 + below(making, 4); channels > 0; channels--) {
        struct sv channel = ONE_OF(making, "inc-42", "random", "ops", "general", "checkout");
        const struct groupworld *world = making->world;
        int64_t ms = world->deliveries[below(making, world->count)].record.ms;
        ms += ((int64_t)below(making, 60) - 30) * MINUTE;
        for (size_t i = 2 + below(making, 8); i > 0; i--) {
            say(making, ms, channel);
            ms += (int64_t)(1 + below(making, one_in(making, 8) ? 90 : 14)) * MINUTE;
        }
    }
}

/* What is said in the channel, or answers the message `first` of it. */
static void
say_in_thread(struct making *making, int64_t ms, struct sv uid, struct sv first)
{
    struct work_record record = alert(making, ms, 0);
    struct event words = words_of_message(making, SV("ops"));
    record.source = SV("chat");
    record.uid = uid.len > 0 ? uid : record.uid;
    record.fingerprint = SV("chat:ops");
    record.role = NODE_CHAT;
    record.life = LIFE_FIRING;
    record.quiet = QUIET_NOT;
    record.quiet_reason = SV_NONE;
    record.explicit_id = one_in(making, 8) ? record.explicit_id : SV_NONE;
    record.key_count = 0;
    if (one_in(making, 2))
        add_key(making, &record, KEY_SCOPE, one_in(making, 2));
    if (one_in(making, 5))
        add_key(making, &record, KEY_SERVICE, below(making, 4));
    if (first.len > 0) {
        record.fingerprint = arena_printf(making->arena, "chat:ops thread " SV_FMT, SV_ARG(first));
        record.keys[record.key_count++] = (struct node_key){KEY_THREAD, SV("/chat/chat:ops")};
        record.keys[record.key_count++] = (struct node_key){KEY_THREAD, first};
    }
    record.observation = making->talks ? observe(making, &record, &words) : NULL;
    deliver(making, &record, 1);
    if (!one_in(making, 6))
        return;
    record.ms += ((int64_t)below(making, 40) - 20) * MINUTE; /* as it is told again */
    record.observation = making->talks ? observe(making, &record, &words) : NULL;
    deliver(making, &record, 2);
}

/* Threads that go on for a while; what they began with came, or did not, or lies behind them. */
static void
make_threads(struct making *making)
{
    for (size_t threads = 1 + below(making, 4); threads > 0; threads--) {
        const struct groupworld *world = making->world;
        int64_t ms = world->deliveries[below(making, world->count)].record.ms;
        struct sv first = arena_printf(making->arena, "t%zu", making->uids++);
        ms += ((int64_t)below(making, 60) - 30) * MINUTE;
        if (!one_in(making, 4))
            say_in_thread(making, ms, first, SV_NONE);
        for (size_t i = 1 + below(making, 5); i > 0; i--) {
            ms += ((int64_t)below(making, one_in(making, 3) ? 120 : 20) - 2) * MINUTE;
            say_in_thread(making, ms, SV_NONE, one_in(making, 6) ? SV_NONE : first);
        }
    }
}

static void
make_settings(struct making *making)
{
    struct correlation_config *config = &making->world->config;
    correlation_config_default(config);
    config->neighbours = (int)(1 + below(making, 4));
    if (one_in(making, 2)) { /* components are taken apart early */
        config->soft_span_ms = HOUR;
        config->max_span_ms = 3 * HOUR;
    }
    if (one_in(making, 3))
        config->reach_ms = 10 * MINUTE;
    config->familiar_count = (int)below(making, 4);
    config->levels = (int)below(making, 4);
    config->gap_ms[KEY_THREAD] = 2 * config->reach_ms; /* not a day: that ends nothing */
}

void
groupworld_make(struct groupworld *world, struct arena *arena, uint64_t seed)
{
    static const int64_t spans[] = {HOUR, 4 * HOUR, 12 * HOUR, 72 * HOUR};
    struct making making = {.world = world, .arena = arena, .random = seed};
    *world = (struct groupworld){0};
    making.talks = seed % 2 == 0;
    make_settings(&making);
    making.span_ms = spans[below(&making, 4)];
    make_alerts(&making, 4 + below(&making, 40));
    if (one_in(&making, 4))
        make_flood(&making);
    if (one_in(&making, 3))
        make_flapping(&making);
    if (one_in(&making, 4))
        make_many_keys(&making);
    for (size_t n = below(&making, 4); n > 0; n--)
        make_declaration(&making, n);
    make_attaching(&making);
    if (making.talks)
        make_talk(&making);
    if (seed % 3 != 0)
        make_threads(&making);
    groupworld_shuffle(world, seed);
}

const struct phrase_rules *
groupworld_rules(void)
{
    static struct arena arena;
    static struct phrase_rules rules;
    struct correlation_config config;
    struct err err;
    if (rules.count > 0)
        return &rules;
    arena_init(&arena, 0);
    correlation_config_default(&config);
    int status = phrase_languages_read(&arena, correlation_rules(&config),
                                       correlation_languages(&config), &rules, &err);
    assert(status == 0);
    (void)status;
    return &rules;
}

void
groupworld_name(struct observation *observation, const struct work_record *record)
{
    static const enum event_kind kinds[] = {[NODE_ALERT] = EVENT_ALERT,
                                            [NODE_CHANGE] = EVENT_CHANGE,
                                            [NODE_LOG] = EVENT_LOG,
                                            [NODE_CHAT] = EVENT_CHAT};
    struct event *event = &observation->event;
    event->kind = kinds[record->role];
    event->event_time_ns = record->ms * NS_PER_MS;
    event->identity = SV("named");
    memset(event->uid, 0, UID_BYTES);
    memcpy(event->uid, record->uid.ptr, record->uid.len < UID_BYTES ? record->uid.len : UID_BYTES);
}

void
groupworld_shuffle(struct groupworld *world, uint64_t seed)
{
    uint64_t random = ~seed;
    size_t largest = 1 + world_random(&random) % 6;
    for (size_t i = world->count; i > 1; i--) {
        size_t k = world_random(&random) % i;
        struct world_delivery kept = world->deliveries[i - 1];
        world->deliveries[i - 1] = world->deliveries[k];
        world->deliveries[k] = kept;
    }
    for (size_t i = 0; i < world->count; i++)
        world->deliveries[i].ends_batch =
            i + 1 == world->count || world_random(&random) % largest == 0;
}

size_t
groupworld_records(const struct groupworld *world, size_t count,
                   struct work_record ret_records[WORLD_DELIVERIES_MAX])
{
    size_t used = 0;
    int versions[WORLD_DELIVERIES_MAX];
    assert(count <= world->count);
    for (size_t i = 0; i < count; i++) {
        const struct world_delivery *delivery = &world->deliveries[i];
        size_t at = 0;
        while (at < used && !sv_eq(ret_records[at].uid, delivery->record.uid))
            at++;
        if (at < used && versions[at] >= delivery->version)
            continue;
        ret_records[at] = delivery->record;
        versions[at] = delivery->version;
        used += at == used;
    }
    return used;
}

/* ------------------------------------------------------------------ shrinking */

/* Without one delivery; the batch that it ended ends with the one before. */
static void
leave_out(struct groupworld *world, size_t at)
{
    if (world->deliveries[at].ends_batch && at > 0)
        world->deliveries[at - 1].ends_batch = true;
    memmove(world->deliveries + at, world->deliveries + at + 1,
            (world->count - at - 1) * sizeof(*world->deliveries));
    world->count--;
}

void
groupworld_shrink(struct groupworld *world, bool (*fails)(const struct groupworld *world))
{
    struct groupworld *less = malloc(sizeof(*less));
    assert(less != NULL);
    for (bool again = true; again;) {
        again = false;
        for (size_t at = world->count; at-- > 0 && world->count > 1;) {
            *less = *world;
            leave_out(less, at);
            if (!fails(less))
                continue;
            *world = *less;
            again = true;
        }
    }
    free(less);
}

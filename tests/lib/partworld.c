/*
 * Worlds for correlating what is new: see partworld.h.
 */
#include "tests/lib/partworld.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "correlate/run.h"
#include "tests/lib/groupworld.h"
#include "tests/lib/talkworld.h"

#define MINUTE_S 60
#define HOUR_S 3600
#define DAY_S 86400

struct making {
    struct partworld *world;
    struct arena *arena;
    uint64_t random;
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
add(struct making *making, int64_t second, enum record_kind record, struct sv source,
    struct sv text)
{
    struct tellworld *all = &making->world->all;
    static struct event none;
    if (all->count == TELLWORLD_ROWS_MAX)
        return &none;
    struct observation *row = &all->rows[all->count];
    *row = (struct observation){.topic = SV("t"), .incarnation = 1};
    row->at = (struct coordinates){.stream_id = 1, .offset = (int64_t)all->count};
    struct event *event = &row->event;
    *event = (struct event){.kind = record_kind_event_kind(record),
                            .record_kind = record,
                            .source = source,
                            .title = text,
                            .body = text,
                            .event_time_ns = (PARTWORLD_BEGIN_S + second) * NS_PER_S,
                            .precision = PRECISION_SECOND,
                            .scope = SV("default"),
                            .format = SV("made"),
                            .identified = true};
    event->uid[0] = (uint8_t)(all->count >> 8);
    event->uid[1] = (uint8_t)all->count;
    sha256_of(event->uid, UID_BYTES, &row->sha256);
    all->count++;
    return event;
}

/* ------------------------------------------------------------------ what is far or rare */

/* A moment of a row that there is, so that something lies there. */
static int64_t
some_moment(struct making *making)
{
    const struct tellworld *all = &making->world->all;
    if (all->count == 0 || one_in(making, 8))
        return (int64_t)below(making, 6 * (uint64_t)DAY_S);
    const struct observation *row = &all->rows[below(making, all->count)];
    return row->event.event_time_ns / NS_PER_S - PARTWORLD_BEGIN_S;
}

static void
add_alert(struct making *making, int64_t second, struct sv text, enum event_phase phase)
{
    struct event *event = add(making, second, RECORD_ALERT, SV("monitor"), text);
    event->fingerprint = text;
    event->service = ONE_OF(making, "checkout", "search", "ledger");
    event->severity = one_in(making, 3) ? SEVERITY_INFO : SEVERITY_ERROR;
    event->phase = phase;
}

/* Days or weeks before everything else. */
static void
add_old_alert(struct making *making)
{
    int64_t second = some_moment(making) - DAY_S * (int64_t)(1 + below(making, 16)) +
                     (int64_t)below(making, 4 * HOUR_S) - 2 * HOUR_S;
    add_alert(making, second, ONE_OF(making, "Disk is full", "Certificate ends soon"),
              PHASE_TRIGGER);
}

/* It fires, and resolves days later. */
static void
add_long_alert(struct making *making)
{
    int64_t second = some_moment(making) - (int64_t)below(making, 5 * DAY_S);
    struct sv text = ONE_OF(making, "Replica is broken", "Certificate ends soon");
    add_alert(making, second, text, PHASE_TRIGGER);
    add_alert(making, second + (int64_t)below(making, 6 * DAY_S), text, PHASE_RESOLVE);
}

/* One source says the same for hours before and after something. */
static void
add_hum(struct making *making)
{
    int64_t second = some_moment(making) - (int64_t)below(making, 26 * HOUR_S);
    struct sv source = ONE_OF(making, "app", "db"), service = ONE_OF(making, "checkout", "search");
    struct sv text = ONE_OF(making, "pool is exhausted", "retry failed", "queue is full");
    for (size_t n = 1 + below(making, 8); n > 0; n--) {
        struct event *event = add(making, second, RECORD_LOG, source, text);
        event->service = service;
        event->severity = one_in(making, 3) ? SEVERITY_WARN : SEVERITY_ERROR;
        second += (int64_t)below(making, one_in(making, 3) ? 5 * HOUR_S : 10 * MINUTE_S);
    }
}

/* Commit, merge and deployment of one change; now and then taken back a day later. */
static void
add_chain(struct making *making)
{
    int64_t second = some_moment(making) - (int64_t)below(making, 27 * HOUR_S);
    static const enum record_kind kinds[] = {RECORD_COMMIT, RECORD_MERGE, RECORD_DEPLOY};
    struct sv ref = ONE_OF(making, "5ad01f22e0", "c0ffee0011");
    for (size_t i = below(making, 3); i < 3; i++) {
        struct event *event =
            add(making, second, kinds[i], ONE_OF(making, "git:shop", "git:ledger"),
                i == 1 ? SV("Merge pull request #77 from ola/queue") : SV("Use the new queue"));
        event->ref = ref;
        event->actor = SV("Ola Nord");
        event->phase = PHASE_SUCCEEDED;
        second += (int64_t)below(making, 3 * HOUR_S);
    }
    if (one_in(making, 2))
        add(making, second + (int64_t)below(making, 25 * HOUR_S), RECORD_COMMIT, SV("git:shop"),
            SV("Revert \"Use the new queue\""))
            ->actor = SV("Ola Nord");
}

/* What is said first, and answers that come hours later, or without it. */
static void
add_thread(struct making *making)
{
    int64_t second = some_moment(making);
    struct sv first = arena_printf(making->arena, "%lld.1", (long long)second);
    for (size_t i = one_in(making, 4) ? 1 : 0, n = i + 1 + below(making, 5); i < n; i++) {
        struct sv text = i == 0 ? SV("orders fail in checkout, looking at it")
                                : ONE_OF(making, "rolled back checkout 3.2", "did that help?",
                                         "thanks", "error rate is back to normal");
        struct event *event = add(making, second, RECORD_CHAT, SV("slack:ops"), text);
        struct sv own =
            i == 0 ? first : arena_printf(making->arena, "%lld.%zu", (long long)second, i + 1);
        event->format = event->name_space = SV("slack");
        event->identity = arena_printf(making->arena, "C1" IDENTITY_SEPARATOR SV_FMT, SV_ARG(own));
        event->thread_key = first;
        event->channel = SV("ops");
        event->actor = ONE_OF(making, "Mia Roth", "Ben");
        event->phase = PHASE_POST;
        event_uid_of_name(event->scope, event->name_space, event->identity, event->uid);
        second += (int64_t)below(making, one_in(making, 3) ? 20 * HOUR_S : 20 * MINUTE_S);
    }
}

/* Alone in its hour. */
static void
add_note(struct making *making)
{
    int64_t second = some_moment(making) + (int64_t)below(making, 50 * HOUR_S) - 25 * HOUR_S;
    add(making, second, RECORD_SAL, SV("sal"), SV("restarted the ledger"))->actor = SV("ben");
}

/* Talk of hours without a pause, with trouble at its begin and its end. */
static void
add_long_talk(struct making *making)
{
    int64_t second = some_moment(making);
    size_t count = 6 + below(making, 20);
    struct sv channel = ONE_OF(making, "web", "outage-search");
    for (size_t i = 0; i < count; i++) {
        bool trouble = i < 3 || i + 3 >= count;
        struct sv text = trouble
                             ? ONE_OF(making, "checkout is down, users are reporting empty carts",
                                      "we see 12% of orders fail, this is a sev1",
                                      "paging the oncall of the ledger")
                             : ONE_OF(making, "thanks", "did that help?", "lunch anybody?");
        struct event *event = add(making, second, RECORD_CHAT, SV("chat"), text);
        event->channel = channel;
        event->actor = ONE_OF(making, "Mia Roth", "Ben", "Ola Nord");
        event->phase = PHASE_POST;
        second += (int64_t)below(making, 58 * MINUTE_S);
    }
}

/* Lines with an alert, in hours that had something else: as many came before, or the same. */
static void
add_background(struct making *making)
{
    static const char *const texts[] = {"pool is exhausted", "queue is full", "retry failed",
                                        "lost the leader"};
    int64_t second = some_moment(making) + (int64_t)below(making, 2 * DAY_S);
    int64_t most = one_in(making, 2) ? 62 * MINUTE_S : 26 * HOUR_S;
    int64_t before = second - (int64_t)below(making, (uint64_t)most);
    struct sv source = ONE_OF(making, "app", "db");
    add_alert(making, second, SV("Errors of carts"), PHASE_TRIGGER);
    add_alert(making, before, SV("Disk is full"), PHASE_TRIGGER);
    for (size_t i = 0, n = 4 + below(making, 10); i < n; i++) {
        bool late = i < 4;
        struct event *event = add(making, (late ? second : before) + (int64_t)(i * 5), RECORD_LOG,
                                  source, sv_from(texts[late ? i : 3]));
        event->service = SV("carts");
        event->severity = SEVERITY_ERROR;
    }
}

/* Of two candidates the one is there or not by what was said a day before; a note is between. */
static void
add_between(struct making *making)
{
    int64_t second = some_moment(making);
    const int64_t at[] = {0, DAY_S - MINUTE_S, DAY_S + 40 * MINUTE_S, DAY_S + 92 * MINUTE_S};
    for (size_t i = 0; i < 4; i++) {
        struct event *event = add(making, second + at[i] + (int64_t)below(making, 20), RECORD_CHAT,
                                  SV("chat"), SV("thanks"));
        event->channel = i == 3 ? SV("outage-carts") : SV("inc-78-carts");
        event->thread_key = i == 0 ? SV("first") : SV_NONE;
        event->actor = SV("Mia Roth");
        event->phase = PHASE_POST;
    }
    second += DAY_S + 32 * MINUTE_S + (int64_t)below(making, 4 * MINUTE_S);
    add(making, second, RECORD_SAL, SV("sal"), SV("restarted the carts"))->actor = SV("ben");
}

/* An alert that opens nothing may make an hour near a change that is taken back. */
static void
add_taken_back(struct making *making)
{
    int64_t second = some_moment(making);
    for (int64_t i = 0; i < 2; i++) {
        struct event *event =
            add(making, second + i * 600, RECORD_COMMIT, SV("git:web"),
                i == 0 ? SV("Use the new router") : SV("Revert \"Use the new router\""));
        event->actor = SV("Ada");
        event->phase = PHASE_SUCCEEDED;
    }
    add_alert(making, second + (int64_t)below(making, 22 * HOUR_S), SV("Disk is full"),
              PHASE_TRIGGER);
}

/* Other records come in another stream, too. */
static void
add_elsewhere(struct making *making)
{
    struct tellworld *all = &making->world->all;
    if (all->count == 0 || all->count == TELLWORLD_ROWS_MAX)
        return;
    struct observation *again = &all->rows[all->count];
    *again = all->rows[below(making, all->count)];
    again->at = (struct coordinates){.stream_id = 2, .offset = (int64_t)all->count++};
    again->partition = 1;
    if (one_in(making, 2)) {
        again->event.body = again->event.title = SV("What it says there");
        sha256_of(&again->at.offset, sizeof(again->at.offset), &again->sha256);
    }
}

static void
add_rare(struct making *making)
{
    static void (*const kinds[])(struct making *) = {
        add_old_alert, add_long_alert, add_hum,        add_chain,   add_thread,   add_note,
        add_long_talk, add_background, add_taken_back, add_between, add_elsewhere};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        for (size_t n = one_in(making, 2) ? below(making, 4) : 0; n > 0; n--)
            kinds[i](making);
}

/* ------------------------------------------------------------------ a world */

static void
take_talk(struct making *making)
{
    struct talkworld *talk = malloc(sizeof(*talk));
    struct tellworld *all = &making->world->all;
    if (talk == NULL)
        abort();
    if (one_in(making, 2))
        talkworld_make_tight(talk, making->random);
    else
        talkworld_make(talk, making->random, 1 + below(making, 5), 50);
    all->count = talk->count < TELLWORLD_ROWS_MAX ? talk->count : TELLWORLD_ROWS_MAX;
    memcpy(all->rows, talk->rows, all->count * sizeof(*all->rows));
    all->decision_count = all->declaration_count = 0;
    free(talk);
}

static bool
is_taken(const struct observation *row, bool alerts, bool few, struct making *making)
{
    return (!alerts || row->event.kind == EVENT_ALERT) && (!few || one_in(making, 5));
}

/* Some worlds have alerts alone, some few rows far from each other. */
static void
choose_rows(struct making *making)
{
    struct tellworld *all = &making->world->all;
    bool alerts = one_in(making, 4), few = one_in(making, 3);
    size_t kept = 0;
    for (size_t i = 0; i < all->count; i++)
        if (is_taken(&all->rows[i], alerts, few, making))
            all->rows[kept++] = all->rows[i];
    all->count = kept;
    for (size_t i = 0; i < kept; i++)
        all->rows[i].at.offset = (int64_t)i;
}

/* What a row names by its uid is named by what it says, or by the shape of its line, and the record
 * is not there; some say what nobody said. What takes one of them back names it by its new id. */
static void
forget_name(struct making *making, size_t at)
{
    static const struct quiet_alerts none;
    struct tellworld *all = &making->world->all;
    struct decision *decision = &all->decisions[at];
    struct decision_row *row = ARENA_NEW(making->arena, struct decision_row);
    struct sv was = decision->id;
    struct err err;
    *row = decision->rows[0];
    for (size_t k = 0; k < all->count; k++) {
        struct work_record record;
        if (record_of(making->arena, &none, &all->rows[k], SV("default"), &record) &&
            sv_eq(record.uid, row->event) && record.role == NODE_LOG)
            row->fingerprint = record.fingerprint;
    }
    row->event = SV("ffffffffffffffffffffffffffffffff");
    row->text = one_in(making, 4) ? SV("what nobody said") : row->text;
    decision->rows = row;
    if (decision_seal(making->arena, decision, &err) != 0)
        abort();
    for (size_t k = at + 1; k < all->decision_count; k++) {
        struct decision *other = &all->decisions[k];
        if (other->verb != DECISION_UNDO || !sv_eq(other->target, was))
            continue;
        other->target = decision->id;
        if (decision_seal(making->arena, other, &err) != 0)
            abort();
    }
}

static void
forget_names(struct making *making)
{
    const struct tellworld *all = &making->world->all;
    for (size_t i = 0; i < all->decision_count; i++)
        if (all->decisions[i].verb != DECISION_MERGE && all->decisions[i].row_count > 0 &&
            one_in(making, 4))
            forget_name(making, i);
}

void
partworld_make(struct partworld *world, struct arena *arena, uint64_t seed)
{
    struct making making = {.world = world, .arena = arena, .random = seed};
    world->left_out = 0;
    world->opens_candidates = !one_in(&making, 4);
    if (one_in(&making, 3))
        take_talk(&making);
    else
        tellworld_make(&world->all, arena, seed);
    choose_rows(&making);
    if (!one_in(&making, 4))
        add_rare(&making);
    if (world->all.count == 0)
        add_note(&making);
    if (one_in(&making, 3))
        world->all.decision_count = 0;
    forget_names(&making);
    partworld_shuffle(world, seed);
}

/* ------------------------------------------------------------------ order and batches */

static int
time_order(const void *left, const void *right)
{
    const struct observation *a = left, *b = right;
    if (a->event.event_time_ns != b->event.event_time_ns)
        return a->event.event_time_ns < b->event.event_time_ns ? -1 : 1;
    return a->at.offset < b->at.offset ? -1 : a->at.offset > b->at.offset;
}

/* As they happened, but for a few. */
static void
mostly_sort(struct making *making)
{
    struct tellworld *all = &making->world->all;
    qsort(all->rows, all->count, sizeof(*all->rows), time_order);
    for (size_t n = all->count / 8; n > 0; n--) {
        size_t a = below(making, all->count), b = below(making, all->count);
        struct observation kept = all->rows[a];
        all->rows[a] = all->rows[b];
        all->rows[b] = kept;
    }
}

static int
number_order(const void *left, const void *right)
{
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    return a < b ? -1 : a > b;
}

/* Even batches; or at first most of it, then little at a time. */
static void
cut_batches(struct making *making)
{
    struct partworld *world = making->world;
    size_t cuts[PARTWORLD_STEPS_MAX], count = 2 + below(making, 12), all = world->all.count;
    bool few = one_in(making, 2);
    size_t least = few && all > 3 * count ? all - 3 * count : 0;
    for (size_t i = 0; i + 1 < count; i++)
        cuts[i] = least + below(making, all - least + 1);
    cuts[count - 1] = all;
    qsort(cuts, count, sizeof(cuts[0]), number_order);
    world->step_count = count;
    for (size_t i = 0; i < count; i++)
        world->steps[i] =
            (struct partworld_step){cuts[i], world->all.declaration_count * (i + 1) / count,
                                    world->all.decision_count * ((i + 1) / 3) / (count / 3 + 1)};
}

void
partworld_shuffle(struct partworld *world, uint64_t seed)
{
    struct making making = {.world = world, .random = seed};
    tellworld_shuffle(&world->all, seed);
    if (one_in(&making, 2))
        mostly_sort(&making);
    cut_batches(&making);
}

/* ------------------------------------------------------------------ shrinking */

static void
less_by(size_t *count, size_t from, size_t to)
{
    if (*count > from)
        *count -= *count < to ? *count - from : to - from;
}

#define LEAVE_OUT(array, total, member)                                                            \
    do {                                                                                           \
        memmove((array) + from, (array) + to, ((total)-to) * sizeof(*(array)));                    \
        (total) -= to - from;                                                                      \
        for (size_t s = 0; s < world->step_count; s++)                                             \
            less_by(&world->steps[s].member, from, to);                                            \
    } while (0)

enum part_of_world { ROWS, DECLARATIONS, DECISIONS, BATCHES, PARTS_OF_WORLD };

static size_t
how_many(const struct partworld *world, enum part_of_world part)
{
    return part == ROWS           ? world->all.count
           : part == DECLARATIONS ? world->all.declaration_count
           : part == DECISIONS    ? world->all.decision_count
                                  : world->step_count;
}

/* A batch that is left out comes with the next one; after the last one nothing comes. */
static void
leave_out(struct partworld *world, enum part_of_world part, size_t from, size_t to)
{
    if (part == ROWS)
        LEAVE_OUT(world->all.rows, world->all.count, rows);
    else if (part == DECLARATIONS)
        LEAVE_OUT(world->all.declarations, world->all.declaration_count, declarations);
    else if (part == DECISIONS)
        LEAVE_OUT(world->all.decisions, world->all.decision_count, decisions);
    else {
        memmove(world->steps + from, world->steps + to,
                (world->step_count - to) * sizeof(*world->steps));
        world->step_count -= to - from;
        world->all.count = world->steps[world->step_count - 1].rows;
        world->all.declaration_count = world->steps[world->step_count - 1].declarations;
        world->all.decision_count = world->steps[world->step_count - 1].decisions;
    }
}

static bool
try_less(struct partworld *world, struct partworld *less, enum part_of_world part, size_t size,
         bool (*fails)(const struct partworld *world))
{
    bool shrunk = false;
    for (size_t to = how_many(world, part); to > 0; to = to > size ? to - size : 0) {
        size_t from = to > size ? to - size : 0;
        if (part == BATCHES && to - from == world->step_count)
            continue;
        *less = *world;
        leave_out(less, part, from, to);
        if (!fails(less))
            continue;
        *world = *less;
        shrunk = true;
        to = to < how_many(world, part) ? to : how_many(world, part) + size;
    }
    return shrunk;
}

void
partworld_shrink(struct partworld *world, bool (*fails)(const struct partworld *world))
{
    struct partworld *less = malloc(sizeof(*less));
    if (less == NULL)
        abort();
    for (bool again = true; again;) {
        again = false;
        for (enum part_of_world part = ROWS; part < PARTS_OF_WORLD; part++)
            for (size_t size = how_many(world, part); size > 0; size /= 2)
                again = try_less(world, less, part, size, fails) || again;
    }
    *less = *world;
    for (size_t i = 0; i < less->all.count; i++)
        less->all.rows[i].at.offset = (int64_t)i;
    if (fails(less))
        *world = *less;
    free(less);
}

/*
 * Correlators that share the scopes of a run, rebuilds and people who decide, and what is done to
 * them: see beside.h. Several `correlate --follow` go on all the time; each meets a failpoint of
 * the correlator, is killed or stopped at some moment, or loses its backend, and another one
 * follows. The only thread of its process.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/crash/beside.h"

#define DECISIONS_MAX 2 /* a scope of which people decided is computed whole */

static const char *const names[] = {
#define FAILPOINT(name) #name,
#include "hindcast/failpoints.def"
#undef FAILPOINT
};

static bool
starts(const char *name, const char *with)
{
    return strncmp(name, with, strlen(with)) == 0;
}

/* Steps are what correlators do most, rebuilds drop rows, and have no steps. */
static bool
meets(enum hand_kind kind, bool step, const char *name)
{
    if (kind == HAND_DECIDES)
        return starts(name, "decide_") && strcmp(name, "decide_between") != 0;
    if (kind == HAND_FOLLOWS && step)
        return starts(name, "correlate_part_");
    return starts(name, "correlate_") && !starts(name, "correlate_part_") &&
           (kind == HAND_REBUILDS || strcmp(name, "correlate_after_drop") != 0);
}

/* One of those that such a program meets. The first correlators of consecutive seeds meet those of
 * a step in turn, so that each of them is met. */
static const char *
draw_failpoint(struct hands *hands, enum hand_kind kind)
{
    const char *found[sizeof(names) / sizeof(names[0])];
    size_t count = 0;
    bool first = hands->last_id == 0, step = first || rng_below(&hands->rng, 2) == 0;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (meets(kind, step, names[i]))
            found[count++] = names[i];
    size_t at = first ? hands->run->plan.seed % count : (size_t)rng_below(&hands->rng, (int)count);
    int nth = kind == HAND_FOLLOWS ? rng_between(&hands->rng, 1, 4) : 1;
    const char *stop = rng_below(&hands->rng, 3) == 0 ? ":stop" : "";
    snprintf(hands->failpoint, sizeof(hands->failpoint), "%s:%d%s", found[at], nth, stop);
    return hands->failpoint;
}

static void
start_followers(struct hands *hands)
{
    for (size_t i = 0; i < hands->followers; i++)
        if (hands->all[i].pid == 0)
            hand_start(hands, &hands->all[i],
                       hands->last_id == 0 || rng_below(&hands->rng, 2) == 0
                           ? draw_failpoint(hands, HAND_FOLLOWS)
                           : NULL,
                       NULL);
}

/* Of an incident that is there, in one scope: the others go on by what is new. */
static void
decide(struct hands *hands, struct store *store)
{
    char incident[24];
    if (hands_decider(hands)->pid != 0 || hands->decided >= DECISIONS_MAX)
        return;
    int64_t number = beside_int(hands->run, store,
                                "SELECT min(split_part(number, '-', 3)::bigint) FROM "
                                "correlate.incident WHERE scope = $1 AND number IS NOT NULL",
                                "t0");
    if (number < 0)
        return;
    snprintf(incident, sizeof(incident), "INC-2026-%04d", (int)number);
    hand_start(hands, hands_decider(hands),
               rng_below(&hands->rng, 2) == 0 ? draw_failpoint(hands, HAND_DECIDES) : NULL,
               incident);
}

static struct hand *
draw_hand(struct hands *hands)
{
    struct hand *hand = &hands->all[rng_below(&hands->rng, (int)hands->followers + 1)];
    return hand->pid != 0 && !hand->stopped ? hand : NULL;
}

static void
disturb_one(struct hands *hands, struct store *store)
{
    struct hand *hand = draw_hand(hands);
    int what = rng_below(&hands->rng, 100);
    if (what < 6 && hands_rebuild(hands)->pid == 0) {
        hand_start(hands, hands_rebuild(hands),
                   rng_below(&hands->rng, 2) == 0 ? draw_failpoint(hands, HAND_REBUILDS) : NULL,
                   NULL);
    } else if (what < 20) {
        decide(hands, store);
    } else if (hand == NULL) {
        return;
    } else if (what < 60) {
        hand_kill(hands, hand);
    } else if (what < 75) {
        hand->anywhere = true;
        kill(hand->pid, SIGSTOP);
    } else if (what < 90) {
        hand_terminate_backend(hands, store, hand);
    } else if (hand->kind == HAND_FOLLOWS) {
        tell(hands->run, "%d is asked to end", hand->id);
        hand->terminated = true;
        kill(hand->pid, SIGTERM);
    }
}

static struct store *
disturb_until_stopped(struct hands *hands)
{
    struct store *store = NULL;
    int64_t next = 0;
    while (!beside_stop) {
        store = beside_store(hands->run, store);
        start_followers(hands);
        hands_fates(hands, store);
        if (store != NULL && clock_monotonic_ns() > next) {
            disturb_one(hands, store);
            next = clock_after(rng_between(&hands->rng, 100, 900) * NS_PER_MS);
        }
        hands_pause(hands);
    }
    return store;
}

void
correlators_main(struct run *run)
{
    struct hands hands = {.run = run, .rng = {run->plan.seed * UINT64_C(0x9e3779b97f4a7c15) + 7}};
    hands.followers = (size_t)rng_between(&hands.rng, 2, SCOPES - 1);
    for (size_t i = 0; i < SCOPES + 1; i++)
        hands.all[i].kind = i == SCOPES       ? HAND_DECIDES
                            : i == SCOPES - 1 ? HAND_REBUILDS
                                              : HAND_FOLLOWS;
    struct store *store = disturb_until_stopped(&hands);
    tell(run, "what is left is taken in");
    take_in_and_end(&hands, store);
    tell(run, "count kills %d", hands.kills);
    tell(run, "count strikes %d", hands.strikes);
    tell(run, "count rebuilds %d", hands.rebuilds);
    tell(run, "count overtaken %d", hands.overtaken);
    tell(run, "count decisions %d", hands.decided);
}

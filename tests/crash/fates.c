/*
 * What is done to programs beside a run, see beside.h. Called by correlators.c and taken_in.c on
 * the only thread of their process.
 */
#include <signal.h>
#include <stdio.h>

#include "tests/crash/beside.h"

#define LOOK_NS (3 * NS_PER_MS)

void
hand_kill(struct hands *hands, struct hand *hand)
{
    tell(hands->run, "%d is killed", hand->id);
    hand->killed = true;
    hands->kills++;
    kill(hand->pid, SIGKILL);
}

/* Of a correlator that has claimed a scope so far. */
void
hand_terminate_backend(struct hands *hands, struct store *store, struct hand *hand)
{
    char sql[240];
    snprintf(
        sql, sizeof(sql),
        "SELECT count(pg_terminate_backend(a.pid)) FROM pg_stat_activity a JOIN crash.backend b "
        "ON b.pid = a.pid AND b.started = a.backend_start WHERE b.process = 'hand-%d' AND $1 <> ''",
        hand->id);
    if (beside_int(hands->run, store, sql, "t0") > 0)
        tell(hands->run, "%d loses its backend", hand->id);
}

void
hands_fates(struct hands *hands, struct store *store)
{
    for (size_t i = 0; i < sizeof(hands->all) / sizeof(hands->all[0]); i++) {
        struct hand *hand = &hands->all[i];
        if (hand->pid == 0 || !hand->stopped)
            continue;
        if (hand->until_ns == 0) {
            hand->fate = (enum hand_fate)rng_below(&hands->rng, FATES);
            hand->until_ns = clock_after(rng_between(&hands->rng, 20, 700) * NS_PER_MS);
        }
        if (clock_monotonic_ns() < hand->until_ns && !beside_stop)
            continue;
        hand->until_ns = 0;
        hand->stopped = false;
        if (hand->fate == FATE_KILLED)
            hand_kill(hands, hand);
        else if (hand->fate == FATE_TERMINATED && hand->kind == HAND_FOLLOWS)
            hand_terminate_backend(hands, store, hand);
        hand->anywhere = false;
        kill(hand->pid, SIGCONT);
    }
}

void
hands_pause(struct hands *hands)
{
    hands_look(hands);
    nanosleep(&(struct timespec){0, LOOK_NS}, NULL);
}

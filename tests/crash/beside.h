/*
 * What goes on beside a run (crash.h) from its first record to its last: correlators that follow
 * and share the scopes, rebuilds and people who decide, all of them killed now and then
 * (correlators.c), and somebody who reads all the time (reader.c). Each is a process of its own
 * with a single thread, which draws what it does from the seed of the run, writes its story into a
 * log and ends with 1 where something is not as promised.
 *
 * In such a process fail_run() ends what it does; the harness tells its reason as the run's.
 */
#ifndef TESTS_CRASH_BESIDE_H
#define TESTS_CRASH_BESIDE_H

#include "base/arena.h"
#include "hindcast/store.h"
#include "tests/crash/crash.h"

#define SCOPES 4 /* of the records of a run: "t0" to "t3", by their number */

/* Set by SIGTERM: what is there is to be finished. */
extern volatile bool beside_stop;

/* correlators.c: returns when all that came is taken in and everybody has ended well. */
void correlators_main(struct run *run);
/* reader.c: returns after a last look at all of it. */
void reader_main(struct run *run);

/* hands.c: the processes that correlators.c starts and ends. */
enum hand_kind { HAND_FOLLOWS, HAND_REBUILDS, HAND_DECIDES };
enum hand_fate { FATE_KILLED, FATE_TERMINATED, FATE_GOES_ON, FATES };
struct hand {
    enum hand_kind kind;
    pid_t pid;          /* 0: none */
    int id;             /* of its log */
    char failpoint[64]; /* as HINDCAST_FAILPOINT; empty: none */
    bool armed;         /* to be killed or to stand still at the failpoint */
    bool anywhere;      /* stopped where it was, and not at the failpoint */
    bool killed;        /* kill -9 */
    bool terminated;    /* its backend was ended, or it was asked to end */
    bool stopped;
    enum hand_fate fate; /* of one that stands still */
    int64_t until_ns;    /* then it meets it */
};
struct hands {
    struct run *run;
    struct rng rng;
    struct hand all[SCOPES + 1];
    size_t followers;   /* of these, the first ones */
    char failpoint[64]; /* drawn last */
    int last_id, kills, strikes, rebuilds, decided, overtaken;
};
static inline struct hand *
hands_rebuild(struct hands *hands)
{
    return &hands->all[SCOPES - 1];
}
static inline struct hand *
hands_decider(struct hands *hands)
{
    return &hands->all[SCOPES];
}
/* `failpoint`: as HINDCAST_FAILPOINT, NULL: none. `incident` of one that decides. */
void
hand_start(struct hands *hands, struct hand *hand, const char *failpoint, const char *incident);
/* Looks after all; fails where one ended by itself. */
void hands_look(struct hands *hands);
/* fates.c: kill -9; its backend ended, where it is a correlator that has claimed a scope so far. */
void hand_kill(struct hands *hands, struct hand *hand);
void hand_terminate_backend(struct hands *hands, struct store *store, struct hand *hand);
/* Who stands still is killed, loses its backend and goes on, or goes on, a while later. */
void hands_fates(struct hands *hands, struct store *store);
/* Looks after all, and waits a moment. */
void hands_pause(struct hands *hands);
/* taken_in.c: nobody is disturbed any more; returns when all is taken in and everybody has ended.
 * The store is closed then. */
void take_in_and_end(struct hands *hands, struct store *store);
void hand_log(const struct hands *hands, const struct hand *hand, char *out, size_t size);

/* Of a process beside a run: a connection of its own, again where the server went. NULL: it is away
 * at the moment. `store`: the one before, or NULL. */
struct store *beside_store(struct run *run, struct store *store);
/* First column of the first row, -1: none; fails on errors other than that the server is away
 * (-2). `scope` is $1. */
int64_t beside_int(struct run *run, struct store *store, const char *sql, const char *scope);
/* True if no scope has anything to take in; false also while the server is away. */
bool beside_nothing_new(struct run *run, struct store *store);

#endif

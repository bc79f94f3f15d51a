/*
 * Somebody who reads the casebook all the time, see beside.h: whatever was killed, what is there is
 * whole. In each snapshot
 *   - an incident is what its digest says, with as many nodes and entries as it tells;
 *   - no scope that had incidents has none, and no cursor stands for less than it did;
 *   - a scope is, to the byte, what the batch form makes of the records, declarations and decisions
 *     that its cursor stands for (recompute.c).
 * The only thread of its process.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/casebook/saving.h"
#include "tests/crash/reader.h"

#define PAUSE_NS (20 * NS_PER_MS)

/* What is known of a scope from earlier snapshots. */
struct known {
    char name[24];
    bool had_incidents;
    struct standing cursor[STANDINGS_MAX];
    size_t cursor_count;
};

struct reader {
    struct run *run;
    struct known scopes[SCOPES + 1];
    bool may_become_empty; /* an operator takes records away in this run */
    int snapshots, recomputed, skipped, turn;
};

static void
check_digest(struct reader *reader, const struct looking *looking, struct sv scope,
             const struct incident *incident)
{
    struct strbuf scratch;
    char hex[SHA256_HEX + 1];
    struct err err = {0};
    strbuf_init(&scratch, 0);
    int status = casebook_digest(scope, incident, &scratch, hex, &err);
    strbuf_release(&scratch);
    if (status != 0)
        fail_run(reader->run, "%s", err.message);
    const char *stored = looking_digest(looking, scope, incident->incident_key);
    if (stored == NULL || strcmp(stored, hex) != 0)
        fail_run(reader->run, "half an incident: " SV_FMT " is %s, its digest says %s",
                 SV_ARG(incident->incident_key), hex, stored == NULL ? "nothing" : stored);
}

static void
check_incidents(struct reader *reader, const struct looking *looking, struct known *known,
                const struct correlation *correlation)
{
    if (known->had_incidents && correlation->incident_count == 0 && !reader->may_become_empty)
        fail_run(reader->run, "scope %s had incidents and has none", known->name);
    known->had_incidents |= correlation->incident_count > 0;
    for (size_t i = 0; i < correlation->incident_count; i++)
        check_digest(reader, looking, correlation->scope, &correlation->incidents[i]);
}

/* Of each stream, decisions, the configuration: who saves an earlier state was overtaken. A scope
 * of which nothing is left for a moment is forgotten by a rebuild. */
static void
check_cursor(struct reader *reader, struct known *known, const struct looked *looked)
{
    if (reader->may_become_empty)
        return;
    for (size_t i = 0; i < known->cursor_count; i++)
        for (size_t k = 0; k < looked->cursor_count; k++)
            if (known->cursor[i].stream_id == looked->cursor[k].stream_id &&
                known->cursor[i].seq > looked->cursor[k].seq)
                fail_run(reader->run, "the cursor of %s went back from %lld to %lld of stream %lld",
                         known->name, (long long)known->cursor[i].seq,
                         (long long)looked->cursor[k].seq, (long long)looked->cursor[k].stream_id);
    if (looked->cursor_count < known->cursor_count)
        fail_run(reader->run, "the cursor of %s lost positions", known->name);
    memcpy(known->cursor, looked->cursor, looked->cursor_count * sizeof(looked->cursor[0]));
    known->cursor_count = looked->cursor_count;
}

/* -1: the server is away, or asks to try again. */
static int
look_at(struct reader *reader, struct looking *looking, struct known *known, bool recompute,
        struct err *err)
{
    struct looked looked;
    if (looking_scope(looking, known->name, &looked, err) != 0)
        return -1;
    check_incidents(reader, looking, known, &looked.stored);
    check_cursor(reader, known, &looked);
    if (!recompute)
        return 0;
    char why[400];
    bool done;
    if (recompute_scope(looking, &looked, &done, why, sizeof(why), err) != 0)
        return -1;
    if (done && why[0] != '\0')
        fail_run(reader->run, "scope %s is not what its records make: %s", known->name, why);
    reader->recomputed += done;
    reader->skipped += !done;
    return done ? 0 : 1;
}

/* One snapshot of all scopes; the one that is recomputed comes last, which ends it. */
static int
look_once(struct reader *reader, struct store *store, int recompute)
{
    struct looking looking;
    struct err err = {0};
    int status = looking_begin(&looking, store, reader->run, &err);
    for (int i = 1; i <= SCOPES + 1 && status == 0; i++) {
        int at = (recompute + i) % (SCOPES + 1);
        status = look_at(reader, &looking, &reader->scopes[at], i == SCOPES + 1, &err);
    }
    looking_end(&looking);
    if (status < 0 && !err_retriable(err.code))
        fail_run(reader->run, "reading: %s", err.message);
    reader->snapshots += status >= 0;
    return status;
}

/* All are taken in, so each is recomputed. */
static void
look_at_the_end(struct reader *reader, struct store *store)
{
    int64_t until = clock_after(WAIT_NS);
    for (int at = 0; at <= SCOPES;) {
        store = beside_store(reader->run, store);
        int status = store == NULL ? -1 : look_once(reader, store, at);
        if (status > 0)
            fail_run(reader->run, "scope %s cannot be recomputed though all is taken in",
                     reader->scopes[at].name);
        if (status == 0)
            at++;
        else if (clock_monotonic_ns() > until)
            fail_run(reader->run, "the database does not come back");
        else
            nanosleep(&(struct timespec){0, PAUSE_NS}, NULL);
    }
    store_close(store);
}

void
reader_main(struct run *run)
{
    struct reader reader = {.run = run};
    struct store *store = NULL;
    for (int i = 0; i <= SCOPES; i++)
        snprintf(reader.scopes[i].name, sizeof(reader.scopes[i].name),
                 i == SCOPES ? "default" : "t%d", i);
    for (int i = 0; i < run->plan.action_count; i++)
        reader.may_become_empty |= run->plan.actions[i].kind == ACTION_RESET;
    while (!beside_stop) {
        store = beside_store(run, store);
        if (store != NULL)
            (void)look_once(&reader, store, reader.turn++ % (SCOPES + 1));
        nanosleep(&(struct timespec){0, PAUSE_NS}, NULL);
    }
    look_at_the_end(&reader, store);
    tell(run, "count snapshots %d", reader.snapshots);
    tell(run, "count recomputed %d", reader.recomputed);
    tell(run, "count not-to-be-recomputed %d", reader.skipped);
}

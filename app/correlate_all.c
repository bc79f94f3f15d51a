/*
 * Correlating all scopes: see correlate_all.h.
 */
#include "app/correlate_all.h"

#include <stdio.h>
#include <string.h>

#include "app/applied.h"
#include "app/correlate_part.h"
#include "app/correlate_rebuild.h"
#include "app/flood_due.h"
#include "base/stop.h"
#include "hindcast/rebuild.h"

#define TRIES_MAX 5 /* of a scope that others save meanwhile */

static void
count_scope(struct correlate_summary *summary, const struct correlation_input *input,
            const struct correlation *correlation)
{
    summary->scopes++;
    summary->events += input->count;
    summary->nodes += correlation->node_count;
    for (size_t i = 0; i < correlation->incident_count; i++) {
        summary->raised += correlation->incidents[i].raised ? 1 : 0;
        summary->others += correlation->incidents[i].raised ? 0 : 1;
        summary->entries += correlation->incidents[i].entry_count;
    }
}

static struct cursor_position *
with_configuration(struct arena *arena, const struct cursor_position *cursor, size_t *count,
                   const struct applied *applied)
{
    struct cursor_position *all = ARENA_ARRAY(arena, struct cursor_position, *count + 1);
    memcpy(all, cursor, *count * sizeof(*cursor));
    all[(*count)++] = (struct cursor_position){CURSOR_CONFIGURATION, applied->number};
    return all;
}

/* What will be computed again soon is worth keeping: a scope that one follows, or that was
 * correlated before. */
static int
save(struct store *store, const struct applied *applied, enum correlate_mode mode,
     const struct grouped *grouped, const struct correlation *correlation,
     const struct cursor_position *cursor, size_t count, struct err *err)
{
    struct arena arena;
    struct sv digest = SV_NONE;
    struct groups_to_keep keep = {grouped, applied, correlation->scope};
    const struct casebook_also also = {keep_groups, &keep};
    arena_init(&arena, 0);
    int status = casebook_configuration(store, &arena, arena_strdup(&arena, correlation->scope),
                                        &digest, err);
    bool again = mode == CORRELATE_SHARED || (mode == CORRELATE_BEHIND && !sv_empty(digest));
    arena_release(&arena);
    if (status != 0)
        return -1;
    return again && groups_worth_keeping(grouped)
               ? casebook_save_also(store, correlation, cursor, count, &also, err)
               : casebook_save(store, correlation, cursor, count, err);
}

static int
correlate_snapshot(struct store *store, const struct applied *applied, struct sv scope,
                   enum correlate_mode mode, struct correlate_summary *summary, struct err *err)
{
    struct arena arena;
    struct correlation_input input;
    struct correlation correlation;
    struct cursor_position *cursor;
    struct grouped grouped;
    size_t count;
    arena_init(&arena, (size_t)1 << 20);
    int status = casebook_load(store, &arena, scope, &input, &cursor, &count, err);
    if (status == 0)
        status = correlate_grouped(&arena, &input, &applied->config, &grouped, &correlation, err);
    if (status == 0)
        cursor = with_configuration(&arena, cursor, &count, applied);
    /* A scope that nothing is left of goes for good. */
    if (status == 0 && mode == CORRELATE_ANEW &&
        input.count + input.declaration_count + input.decision_count == 0)
        status = casebook_forget(store, scope, cursor, count, err);
    else if (status == 0 && mode == CORRELATE_ANEW)
        status = casebook_replace(store, &correlation, cursor, count, err);
    else if (status == 0)
        status = save(store, applied, mode, &grouped, &correlation, cursor, count, err);
    if (status == 0) {
        count_scope(summary, &input, &correlation);
        tell_left_out(&input);
    }
    arena_release(&arena);
    return status;
}

static void
count_part(struct correlate_summary *summary, const struct part_result *part)
{
    summary->scopes++;
    summary->parts++;
    summary->events += part->events;
    summary->nodes += part->nodes;
    summary->raised += part->raised;
    summary->others += part->others;
    summary->entries += part->entries;
}

/* One run of one kind over all scopes. */
struct work {
    struct store *store;
    const struct correlation_config *own;
    enum correlate_mode mode;
    const volatile bool *stop;
    struct arena arena;
    struct applied applied;
    int64_t wake_ms; /* when what waits is to be taken in, of the wall clock */
};

/* A large scope comes in pieces, so that what is in memory does not grow with it, where that can be
 * done. */
static int
correlate_pieces(struct work *work, struct sv scope, struct part_result *part,
                 struct correlate_summary *summary, struct err *err)
{
    const struct rebuilding rebuilding = {.store = work->store,
                                          .applied = &work->applied,
                                          .scope = scope,
                                          .anew = work->mode == CORRELATE_ANEW,
                                          .stop = work->stop};
    struct rebuilt rebuilt;
    int64_t records;
    if (work->mode == CORRELATE_ALL)
        return 0;
    if (rebuild_size(work->store, &work->arena, scope, REBUILD_RECORDS + 1, &records, err) != 0)
        return -1;
    if (records <= REBUILD_RECORDS)
        return 0;
    if (correlate_rebuild(&rebuilding, &rebuilt, err) != 0)
        return -1;
    *part = rebuilt.part;
    summary->stopped = rebuilt.stopped;
    return 0;
}

/* By what is new where that can be told and `parts` may be tried, else in pieces, else whole. */
static int
correlate_new(struct work *work, struct sv scope, bool parts, struct correlate_summary *summary,
              struct err *err)
{
    struct part_result part = {.whole = "asked for"};
    bool news = work->mode == CORRELATE_BEHIND || work->mode == CORRELATE_SHARED;
    if (parts && news &&
        correlate_part(work->store, &work->applied, scope, work->mode == CORRELATE_BEHIND, &part,
                       err) != 0)
        return -1;
    if (part.whole != NULL && parts && correlate_pieces(work, scope, &part, summary, err) != 0)
        return -1;
    if (part.whole != NULL)
        return correlate_snapshot(work->store, &work->applied, scope, work->mode, summary, err);
    if (!summary->stopped)
        count_part(summary, &part);
    return 0;
}

/* Anything is new, or what waits is to be taken in now: all of it by who does not go on. */
static int
look_behind(struct work *work, struct sv scope, bool *ret_behind, struct err *err)
{
    *ret_behind = true;
    if (work->mode != CORRELATE_BEHIND && work->mode != CORRELATE_SHARED)
        return 0;
    if (casebook_behind(work->store, scope, work->applied.number, ret_behind, err) != 0)
        return -1;
    return *ret_behind ? 0
                       : flood_due(work->store, scope, work->mode == CORRELATE_BEHIND, ret_behind,
                                   &work->wake_ms, err);
}

/*
 * Whom another correlator overtook computes again, from what is there now and with what is applied
 * now; a scope that the other has brought up to date needs nothing more. Who is overtaken again and
 * again says so.
 *
 * The last try is of the whole: who gives numbers to incidents of other scopes overtakes a part,
 * which does not see them, each time; a save of the whole waits for them.
 */
static int
correlate_scope(struct work *work, struct sv scope, struct correlate_summary *summary,
                struct err *err)
{
    for (int tries = 1;; tries++) {
        bool behind;
        if (tries > 1 &&
            applied_read(work->store, &work->arena, work->own, &work->applied, err) != 0)
            return -1;
        if (look_behind(work, scope, &behind, err) != 0)
            return -1;
        if (!behind || correlate_new(work, scope, tries < TRIES_MAX, summary, err) == 0)
            return 0;
        if (err->code != ERR_OVERTAKEN || tries == TRIES_MAX || stop_asked(work->stop))
            return -1;
    }
}

/* Looked at before it is claimed, so that nothing is written where nothing is new, and again
 * afterwards, when another correlator may just have done it. */
static int
correlate_claimed(struct work *work, struct sv scope, struct correlate_summary *summary,
                  struct err *err)
{
    bool behind, claimed;
    if (look_behind(work, scope, &behind, err) != 0)
        return -1;
    if (!behind)
        return 0;
    if (casebook_claim(work->store, &work->arena, scope, &claimed, err) != 0)
        return -1;
    if (!claimed) {
        summary->elsewhere++;
        return 0;
    }
    struct err ignored = {0};
    int status = correlate_scope(work, scope, summary, err);
    if (store_connected(work->store) &&
        casebook_release(work->store, &work->arena, scope, status == 0 ? err : &ignored) != 0)
        status = -1;
    if (status == 0)
        status = flood_due(work->store, scope, false, &behind, &work->wake_ms, err);
    if (status == 0 && behind) /* already: the next round takes it in */
        work->wake_ms = 0;
    return status;
}

int
correlate_all(struct store *store, const struct correlation_config *own, enum correlate_mode mode,
              const volatile bool *stop, struct correlate_summary *ret_summary, struct err *err)
{
    struct correlate_summary summary = {0};
    struct work work = {
        .store = store, .own = own, .mode = mode, .stop = stop, .wake_ms = INT64_MAX};
    struct sv *scopes;
    size_t count = 0;
    arena_init(&work.arena, 0);
    int status = applied_read(store, &work.arena, own, &work.applied, err);
    if (status == 0)
        status = casebook_scopes(store, &work.arena, mode == CORRELATE_ANEW, &scopes, &count, err);
    for (size_t i = 0; i < count && status == 0; i++) {
        summary.stopped = summary.stopped || stop_asked(stop);
        if (summary.stopped)
            break;
        status = mode == CORRELATE_SHARED ? correlate_claimed(&work, scopes[i], &summary, err)
                                          : correlate_scope(&work, scopes[i], &summary, err);
    }
    if (status == 0) {
        summary.differs = work.applied.differs;
        summary.wake_ms = work.wake_ms;
        snprintf(summary.config_digest, sizeof(summary.config_digest), "%s", work.applied.digest);
        snprintf(summary.own_digest, sizeof(summary.own_digest), "%s", work.applied.own_digest);
        *ret_summary = summary;
    }
    arena_release(&work.arena);
    return status;
}

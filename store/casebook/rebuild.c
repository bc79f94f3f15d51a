/*
 * The transactions of a rebuild and how far it is: see hindcast/rebuild.h.
 */
#include "store/casebook/rebuild.h"

#include "store/casebook/saving.h"
#include "store/failpoint.h"
#include "store/groups/groups.h"

#define TIDY_ROWS 20000

/* ------------------------------------------------------------------ the rebuild under way */

/* False: there is none, or it is of no use. */
static bool
take_state(struct rebuild *rebuild, const PGresult *result, bool *ret_stale)
{
    struct arena *arena = rebuild->part.loading.arena;
    *ret_stale = PQntuples(result) == 1 && !column_bool(result, 0, 7);
    if (PQntuples(result) != 1 || *ret_stale)
        return false;
    int_text(column_int(result, 0, 0), rebuild->scope_no);
    rebuild->stage = (enum rebuild_stage)column_int(result, 0, 1);
    rebuild->place = arena_strdup(arena, column_view(result, 0, 2));
    rebuild->positions = arena_strdup(arena, column_view(result, 0, 3));
    rebuild->done = column_int(result, 0, 4);
    rebuild->total = column_int(result, 0, 5);
    rebuild->took_ns = column_int(result, 0, 6) * NS_PER_US;
    return true;
}

static int
begin_new(struct rebuild *rebuild, const char *digest, struct err *err)
{
    struct loading *loading = &rebuild->part.loading;
    struct cursor_position *cursor;
    size_t count;
    bool stale;
    PGresult *result;
    if (loading_cursor(loading, &cursor, &count, err) != 0)
        return -1;
    const char *values[] = {loading->scope, digest,
                            rebuild_positions(loading->arena, cursor, count)};
    if (store_sql(loading->store, QUERY_rebuild_begin, values, 3, &result, err) != 0)
        return -1;
    bool begun = take_state(rebuild, result, &stale);
    PQclear(result);
    return begun ? 0
                 : err_set(err, ERR_OVERTAKEN, "another correlator began to rebuild scope '%s'",
                           loading->scope);
}

static int
find(struct rebuild *rebuild, struct sv config_digest, struct err *err)
{
    struct loading *loading = &rebuild->part.loading;
    const char *digest = arena_strdup(loading->arena, config_digest);
    const char *values[] = {loading->scope, digest};
    PGresult *result;
    bool stale;
    if (store_sql(loading->store, QUERY_rebuild_open, values, 2, &result, err) != 0)
        return -1;
    bool found = take_state(rebuild, result, &stale);
    PQclear(result);
    if (stale && store_do(loading->store, QUERY_rebuild_drop, values, 1, NULL, err) != 0)
        return -1;
    if (!found && begin_new(rebuild, digest, err) != 0)
        return -1;
    rebuild->groups = groups_of_set(loading->store, loading->arena, rebuild->scope_no);
    return 0;
}

int
rebuild_open(struct store *store, struct arena *arena, struct sv scope, struct sv config_digest,
             bool publish, struct rebuild **ret_rebuild, struct err *err)
{
    struct rebuild *rebuild = ARENA_NEW(arena, struct rebuild);
    *rebuild = (struct rebuild){
        .arena = arena,
        .part = {.loading = {.store = store, .arena = arena, .scope = arena_strdup(arena, scope)}}};
    if (part_begin(&rebuild->part.loading, publish, err) != 0 ||
        find(rebuild, config_digest, err) != 0) {
        rebuild_abort(rebuild);
        part_overtaken(err);
        return -1;
    }
    *ret_rebuild = rebuild;
    return 0;
}

struct rebuild_progress
rebuild_progress(const struct rebuild *rebuild)
{
    return (struct rebuild_progress){rebuild->stage, rebuild->done, rebuild->total,
                                     rebuild->took_ns};
}

void
rebuild_use(struct rebuild *rebuild, struct arena *arena)
{
    rebuild->part.loading.arena = arena;
}

struct part *
rebuild_part(struct rebuild *rebuild)
{
    return &rebuild->part;
}

struct groups *
rebuild_groups(struct rebuild *rebuild)
{
    return rebuild->groups;
}

/* ------------------------------------------------------------------ its end */

int
rebuild_commit(struct rebuild *rebuild, struct err *err)
{
    struct loading *loading = &rebuild->part.loading;
    char stage[INT_TEXT], done[INT_TEXT];
    const char *values[] = {loading->scope, int_text((int64_t)rebuild->stage, stage),
                            rebuild->place, rebuild->positions, int_text(rebuild->done, done)};
    FAILPOINT_HERE(rebuild_before_commit);
    int status = store_do(loading->store, QUERY_rebuild_put, values, 5, NULL, err);
    if (status == 0)
        status = store_end(loading->store, err);
    else
        rebuild_abort(rebuild);
    FAILPOINT_HERE(rebuild_after_commit);
    if (status != 0)
        part_overtaken(err);
    return status;
}

void
rebuild_abort(struct rebuild *rebuild)
{
    store_rollback(rebuild->part.loading.store);
}

int
rebuild_flip(struct rebuild *rebuild, struct err *err)
{
    struct loading *loading = &rebuild->part.loading;
    FAILPOINT_HERE(rebuild_before_flip);
    if (store_do(loading->store, QUERY_rebuild_flip, &loading->scope, 1, NULL, err) == 0)
        return 0;
    part_overtaken(err);
    return -1;
}

int
rebuild_cursor(struct rebuild *rebuild, struct cursor_position **ret_cursor, size_t *ret_count,
               struct err *err)
{
    if (loading_cursor(&rebuild->part.loading, ret_cursor, ret_count, err) == 0)
        return 0;
    part_overtaken(err);
    return -1;
}

/* ------------------------------------------------------------------ what is stored, and the set */

/* The first column, and the second one where it is asked for. */
static int
ask(struct rebuild *rebuild, enum query query, const char *const *values, int value_count,
    struct sv **ret_first, struct sv **ret_second, size_t *ret_count, struct err *err)
{
    struct loading *loading = &rebuild->part.loading;
    PGresult *result;
    if (store_sql(loading->store, query, values, value_count, &result, err) != 0) {
        part_overtaken(err);
        return -1;
    }
    size_t count = (size_t)PQntuples(result);
    *ret_first = ARENA_ARRAY(loading->arena, struct sv, count + 1);
    if (ret_second != NULL)
        *ret_second = ARENA_ARRAY(loading->arena, struct sv, count + 1);
    for (size_t i = 0; i < count; i++) {
        (*ret_first)[i] = column_text(loading->arena, result, (int)i, 0);
        if (ret_second != NULL)
            (*ret_second)[i] = column_text(loading->arena, result, (int)i, 1);
    }
    PQclear(result);
    *ret_count = count;
    return 0;
}

int
rebuild_gone(struct rebuild *rebuild, size_t limit, struct sv **ret_nodes, struct sv **ret_keys,
             size_t *ret_count, struct err *err)
{
    char most[INT_TEXT];
    const char *values[] = {rebuild->part.loading.scope, rebuild->scope_no,
                            int_text((int64_t)limit, most)};
    return ask(rebuild, QUERY_rebuild_gone, values, 3, ret_nodes, ret_keys, ret_count, err);
}

int
rebuild_lone(struct rebuild *rebuild, size_t limit, struct sv **ret_keys, size_t *ret_count,
             struct err *err)
{
    char most[INT_TEXT];
    const char *values[] = {rebuild->part.loading.scope, int_text((int64_t)limit, most)};
    return ask(rebuild, QUERY_rebuild_lone, values, 2, ret_keys, NULL, ret_count, err);
}

int
rebuild_delivered(struct rebuild *rebuild, struct sv after, size_t limit, struct sv **ret_uids,
                  size_t *ret_count, struct err *err)
{
    char most[INT_TEXT];
    const char *values[] = {rebuild->scope_no,
                            sv_empty(after) ? NULL
                                            : arena_strdup(rebuild->part.loading.arena, after),
                            int_text((int64_t)limit, most)};
    return ask(rebuild, QUERY_rebuild_deliveries, values, 3, ret_uids, NULL, ret_count, err);
}

int
rebuild_undelivered(struct rebuild *rebuild, size_t limit, struct sv **ret_uids, size_t *ret_count,
                    struct err *err)
{
    char most[INT_TEXT];
    const char *values[] = {rebuild->part.loading.scope, rebuild->scope_no,
                            int_text((int64_t)limit, most)};
    return ask(rebuild, QUERY_rebuild_delivered, values, 3, ret_uids, NULL, ret_count, err);
}

int
rebuild_note(struct rebuild *rebuild, const struct sv *uids, size_t count, struct err *err)
{
    struct strbuf list;
    if (count == 0)
        return 0;
    strbuf_init(&list, 0);
    for (size_t i = 0; i < count; i++) {
        strbuf_add_text(&list, i == 0 ? "{" : ",");
        strbuf_add_sv(&list, uids[i]);
    }
    strbuf_add_char(&list, '}');
    const char *values[] = {rebuild->scope_no, list.ptr};
    int status = store_do(rebuild->part.loading.store, QUERY_rebuild_note, values, 2, NULL, err);
    strbuf_release(&list);
    return status;
}

/* ------------------------------------------------------------------ beside one */

int
rebuild_size(struct store *store, struct arena *arena, struct sv scope, int64_t limit,
             int64_t *ret_size, struct err *err)
{
    char most[INT_TEXT];
    const char *values[] = {arena_strdup(arena, scope), int_text(limit, most)};
    PGresult *result;
    if (store_sql(store, QUERY_rebuild_size, values, 2, &result, err) != 0)
        return -1;
    *ret_size = column_int(result, 0, 0);
    PQclear(result);
    return 0;
}

int
rebuild_drop(struct store *store, struct arena *arena, struct sv scope, struct err *err)
{
    const char *value = arena_strdup(arena, scope);
    return store_do(store, QUERY_rebuild_drop, &value, 1, NULL, err);
}

int
rebuild_analyze(struct store *store, struct err *err)
{
    return store_do(store, QUERY_rebuild_analyze, NULL, 0, NULL, err);
}

int
rebuild_tidy(struct store *store, bool *ret_more, struct err *err)
{
    char rows[INT_TEXT];
    const char *value = int_text(TIDY_ROWS, rows);
    PGresult *result;
    if (store_sql(store, QUERY_rebuild_tidy, &value, 1, &result, err) != 0)
        return -1;
    *ret_more = column_int(result, 0, 0) > 0;
    PQclear(result);
    return 0;
}

/*
 * Removing old partitions step by step, making new ones ahead, freezing those that are over: see
 * hindcast/retention.h. Called by `hindcast retention` on its own thread.
 */
#include "hindcast/retention.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hindcast/retry.h"
#include "store/failpoint.h"
#include "store/pg/waiting.h"
#include "store/retention/keep.h"

/* How often to try again where others are in the way; the caller's patience ends it. */
static const struct retry_policy busy = {.first_ns = 50 * NS_PER_MS, .max_ns = NS_PER_S};

/*
 * Statements about a table named by the caller: the query writes the command, which is then run as
 * it is, outside any transaction unless one is open. `ret_rows` may be NULL.
 */
static int
command(struct store *store, enum query query, const char *const *values, int count,
        int64_t *ret_rows, struct err *err)
{
    PGresult *text;
    if (store_sql(store, query, values, count, &text, err) != 0)
        return -1;
    PGresult *result = store_exec(store, PQgetvalue(text, 0, 0));
    PQclear(text);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        store_fail(store, result, store_query_name(query), err);
    else if (ret_rows != NULL)
        *ret_rows = strtoll(PQcmdTuples(result), NULL, 10);
    PQclear(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ? 0 : -1;
}

/* ---- before ---- */

static int
check_owner(struct store *store, struct err *err)
{
    PGresult *result;
    if (store_sql(store, QUERY_retention_owner, NULL, 0, &result, err) != 0)
        return -1;
    int status = 0;
    if (PQntuples(result) != 1 || !column_bool(result, 0, 0)) {
        const char *owner = PQgetvalue(result, 0, 1), *login = PQgetvalue(result, 0, 2);
        err_set(err, ERR_DB_QUERY, "only the owner of the tables may remove partitions");
        status = err_hint(err, "as an administrator: GRANT %s TO %s", owner, login);
    }
    PQclear(result);
    return status;
}

static int
refuse_second(struct store *store, struct err *err)
{
    PGresult *result;
    if (store_sql(store, QUERY_retention_locked, NULL, 0, &result, err) != 0)
        return -1;
    err_set(err, ERR_DB_CONFLICT, "another retention runs in this database already: %s",
            PQntuples(result) == 1 ? PQgetvalue(result, 0, 0) : "the row of evidence.lock is gone");
    PQclear(result);
    return -1;
}

int
retention_begin(struct store *store, struct err *err)
{
    int64_t taken;
    const char *values[] = {store->backend_start};
    if (check_owner(store, err) != 0 ||
        store_do(store, QUERY_retention_limit, NULL, 0, NULL, err) != 0 ||
        store_do(store, QUERY_retention_lock, values, 1, &taken, err) != 0)
        return -1;
    return taken == 1 ? 0 : refuse_second(store, err);
}

int
retention_ahead(struct store *store, int *ret_created, struct err *err)
{
    PGresult *result;
    char days[INT_TEXT];
    const char *values[] = {int_text(RETENTION_AHEAD_DAYS, days)};
    if (store_sql(store, QUERY_retention_ahead, values, 1, &result, err) != 0)
        return -1;
    *ret_created = (int)column_int(result, 0, 0);
    PQclear(result);
    return 0;
}

/* Parameters of limits; null: keep for good. */
struct limit_texts {
    char log[INT_TEXT], evidence[INT_TEXT];
    const char *values[2];
};

static void
limit_texts(const struct retention_limits *limits, struct limit_texts *ret_texts)
{
    struct limit_texts *texts = ret_texts;
    texts->values[0] = limits->log_days > 0 ? int_text(limits->log_days, texts->log) : NULL;
    texts->values[1] =
        limits->evidence_days > 0 ? int_text(limits->evidence_days, texts->evidence) : NULL;
}

int
retention_due(struct store *store, struct arena *arena, const struct retention_limits *limits,
              struct partition_info **ret_due, size_t *ret_count, struct err *err)
{
    PGresult *result;
    struct limit_texts texts;
    limit_texts(limits, &texts);
    if (store_sql(store, QUERY_retention_due, texts.values, 2, &result, err) != 0)
        return -1;
    size_t count = (size_t)PQntuples(result);
    struct partition_info *due = ARENA_ARRAY(arena, struct partition_info, count + 1);
    for (int i = 0; (size_t)i < count; i++)
        due[i] = (struct partition_info){
            .parent = arena_strdup(arena, column_view(result, i, 0)),
            .name = arena_strdup(arena, column_view(result, i, 1)),
            .from = arena_strdup(arena, column_view(result, i, 2)),
            .to = arena_strdup(arena, column_view(result, i, 3)),
        };
    PQclear(result);
    *ret_due = due;
    *ret_count = count;
    return 0;
}

int
retention_freeze(struct store *store, const struct retention_limits *limits,
                 const volatile bool *stop, int *ret_frozen, struct err *err)
{
    PGresult *result;
    struct limit_texts texts;
    limit_texts(limits, &texts);
    if (store_sql(store, QUERY_retention_open, texts.values, 2, &result, err) != 0)
        return -1;
    int status = 0, frozen = 0;
    for (int i = 0; i < PQntuples(result) && (stop == NULL || !*stop); i++) {
        const char *name[] = {PQgetvalue(result, i, 0)};
        status = command(store, QUERY_retention_index, name, 1, NULL, err);
        if (status == 0)
            status = command(store, QUERY_retention_freeze, name, 1, NULL, err);
        if (status == 0)
            status = store_do(store, QUERY_retention_frozen, name, 1, NULL, err);
        if (status == 0)
            frozen++;
        else if (err->code != ERR_DB_CONFLICT) /* somebody else vacuums it: another day */
            break;
        status = 0;
    }
    PQclear(result);
    *ret_frozen = frozen;
    return status;
}

static int
index_words(struct store *store, const char *name, struct err *err)
{
    if (command(store, QUERY_retention_drop_words, &name, 1, NULL, err) != 0 ||
        command(store, QUERY_retention_index_words, &name, 1, NULL, err) != 0)
        return -1;
    FAILPOINT_HERE(retention_after_index);
    return store_do(store, QUERY_retention_indexed, &name, 1, NULL, err);
}

int
retention_index(struct store *store, int64_t wait_ns, const volatile bool *stop, int *ret_indexed,
                struct err *err)
{
    PGresult *result;
    char wait[INT_TEXT];
    const char *patience[] = {int_text(wait_ns / NS_PER_MS + 1, wait)};
    if (store_sql(store, QUERY_retention_unindexed, NULL, 0, &result, err) != 0)
        return -1;
    int status = 0, indexed = 0, rows = PQntuples(result);
    if (rows > 0)
        status = store_do(store, QUERY_retention_patience, patience, 1, NULL, err);
    for (int i = 0; i < rows && status == 0 && (stop == NULL || !*stop); i++) {
        status = index_words(store, PQgetvalue(result, i, 0), err);
        if (status == 0)
            indexed++;
        else if (err->code == ERR_DB_CONFLICT) /* an old transaction is in the way: another day */
            status = 0;
    }
    PQclear(result);
    if (status == 0 && rows > 0)
        status = store_do(store, QUERY_retention_limit, NULL, 0, NULL, err);
    *ret_indexed = indexed;
    return status;
}

/* ---- the four steps ---- */

struct state {
    bool attached, pending, gone; /* none of them: detached */
    bool closed;
};

static int
read_state(struct store *store, const char *name, struct state *ret_state, struct err *err)
{
    PGresult *result;
    if (store_sql(store, QUERY_retention_state, &name, 1, &result, err) != 0)
        return -1;
    struct state state = {.gone = true};
    if (PQntuples(result) == 1) {
        const char *word = PQgetvalue(result, 0, 0);
        state = (struct state){.attached = strcmp(word, "attached") == 0,
                               .pending = strcmp(word, "pending") == 0,
                               .gone = strcmp(word, "gone") == 0,
                               .closed = column_bool(result, 0, 1)};
    }
    PQclear(result);
    *ret_state = state;
    return 0;
}

static int
close_once(struct store *store, const char *name, struct err *err)
{
    if (store_begin(store, err) != 0)
        return -1;
    if (command(store, QUERY_retention_close, &name, 1, NULL, err) == 0 &&
        store_end(store, err) == 0)
        return 0;
    store_rollback(store);
    return -1;
}

static int
keep(struct store *store, const struct partition_info *partition, int64_t *ret_kept,
     struct err *err)
{
    if (strcmp(partition->parent, "evidence.segment") == 0)
        return keep_records(store, partition, ret_kept, err);
    return command(store, QUERY_retention_keep_logs, &partition->name, 1, ret_kept, err);
}

static int
detach_once(struct store *store, const struct partition_info *partition, struct err *err)
{
    struct state state;
    const char *values[] = {partition->parent, partition->name};
    if (read_state(store, partition->name, &state, err) != 0)
        return -1;
    if (state.attached)
        return command(store, QUERY_retention_detach, values, 2, NULL, err);
    return state.pending ? command(store, QUERY_retention_finalize, values, 2, NULL, err) : 0;
}

static int
drop_once(struct store *store, const struct partition_info *partition, struct err *err)
{
    const char *values[] = {partition->name, partition->parent};
    return command(store, QUERY_retention_drop, values, 2, NULL, err);
}

static int
shut_once(struct store *store, const struct partition_info *partition, struct err *err)
{
    return close_once(store, partition->name, err);
}

/* Says who is in the way, where PostgreSQL lets us know. */
static int
give_up(struct store *store, const struct partition_info *partition, struct err *err)
{
    PGresult *result;
    struct err ignored;
    err_set(err, ERR_DB_CONFLICT, "%s is still in use; the next run goes on from here",
            partition->name);
    if (store_sql(store, QUERY_retention_holder, &partition->parent, 1, &result, &ignored) != 0)
        return -1;
    if (PQntuples(result) == 1)
        (void)err_hint(err, "the oldest transaction is that of backend %s (%s), since %s",
                       PQgetvalue(result, 0, 0), PQgetvalue(result, 0, 2),
                       PQgetvalue(result, 0, 1));
    PQclear(result);
    return -1;
}

/* Again and again while others hold locks. The last error stands where stopping was asked for. */
static int
patiently(struct store *store,
          int (*step)(struct store *, const struct partition_info *, struct err *),
          const struct partition_info *partition, int64_t until_ns, const volatile bool *stop,
          struct err *err)
{
    struct retry retry;
    retry_init(&retry, &busy, (uint64_t)PQbackendPID(store->pg));
    while (step(store, partition, err) != 0) {
        if (err->code != ERR_DB_CONFLICT)
            return -1;
        if (clock_monotonic_ns() >= until_ns || !retry_wait(&retry, stop))
            return give_up(store, partition, err);
    }
    return 0;
}

int
retention_remove(struct store *store, const struct partition_info *partition, int64_t wait_ns,
                 const volatile bool *stop, int64_t *ret_kept, struct err *err)
{
    struct err own = {0};
    struct state state;
    int64_t until = clock_after(wait_ns), kept = 0;
    if (err == NULL)
        err = &own;
    if (read_state(store, partition->name, &state, err) != 0)
        return -1;
    if (state.attached && !state.closed) {
        if (patiently(store, shut_once, partition, until, stop, err) != 0)
            return -1;
        FAILPOINT_HERE(retention_after_close);
    }
    if (state.attached) {
        if (keep(store, partition, &kept, err) != 0)
            return -1;
        FAILPOINT_HERE(retention_after_keep);
    }
    until = clock_after(wait_ns);
    if (patiently(store, detach_once, partition, until, stop, err) != 0)
        return -1;
    FAILPOINT_HERE(retention_after_detach);
    if (patiently(store, drop_once, partition, until, stop, err) != 0)
        return -1;
    FAILPOINT_HERE(retention_after_drop);
    *ret_kept = kept;
    return 0;
}

/* Waits where a correlator writes the groups of a scope; that is in nobody's way. */
static int
remove_lines(struct store *store, enum query query, int days, int64_t wait_ns, int64_t *ret_removed,
             struct err *err)
{
    PGresult *result;
    char text[INT_TEXT], wait[INT_TEXT];
    const char *values[] = {int_text(days, text)};
    const char *patience[] = {int_text(wait_ns / NS_PER_MS + 1, wait)};
    *ret_removed = 0;
    if (days == 0)
        return 0;
    if (store_do(store, QUERY_retention_patience, patience, 1, NULL, err) != 0 ||
        store_sql(store, query, values, 1, &result, err) != 0)
        return -1;
    *ret_removed = column_int(result, 0, 0);
    PQclear(result);
    return store_do(store, QUERY_retention_limit, NULL, 0, NULL, err);
}

int
retention_sweep(struct store *store, const struct retention_limits *limits, int64_t wait_ns,
                struct err *err)
{
    int64_t removed;
    return remove_lines(store, QUERY_retention_sweep, limits->log_days, wait_ns, &removed, err);
}

int
retention_untimed(struct store *store, const struct retention_limits *limits, int64_t wait_ns,
                  int64_t *ret_removed, struct err *err)
{
    return remove_lines(store, QUERY_retention_untimed, limits->log_days, wait_ns, ret_removed,
                        err);
}

int
retention_minutes(struct store *store, const struct retention_limits *limits, struct err *err)
{
    char days[INT_TEXT];
    const char *values[] = {int_text(limits->log_days, days)};
    if (limits->log_days == 0)
        return 0;
    return store_do(store, QUERY_retention_minutes, values, 1, NULL, err);
}

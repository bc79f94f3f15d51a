/*
 * Decisions in the tables: written down, read back, and what became of them. See casebook.h. Called
 * by decide on the main thread, and by whoever loads or reads incidents on that of the connection.
 */
#include "store/casebook/decided.h"

#include <string.h>

#include "base/text/json_writer.h"

/* A policy of review.decision, which says itself what it found. */
#define AHEAD "not_ahead_of_the_clock"

static int
tell_ahead(const struct decision *decision, struct err *err)
{
    char at[TIME_TEXT];
    if (strstr(err->message, AHEAD) == NULL)
        return -1;
    time_format(decision->at_ns, at);
    err_set(err, ERR_USAGE, "the decision is of %s, which the database's clock has not reached",
            at);
    return err_hint(err, "it would count against all that is decided until then; is the clock of "
                         "this machine right?");
}

static int
insert(struct store *store, struct arena *arena, const char *scope, const struct decision *decision,
       size_t *new_count, struct err *err)
{
    PGresult *result;
    const char *values[] = {scope, arena_strdup(arena, decision->id),
                            arena_strdup(arena, decision->content)};
    if (store_sql(store, QUERY_casebook_decide, values, 3, &result, err) != 0)
        return tell_ahead(decision, err);
    *new_count += (size_t)PQntuples(result);
    PQclear(result);
    return 0;
}

int
casebook_decide(struct store *store, struct arena *arena, struct sv scope,
                const struct decision *decisions, size_t count, size_t *ret_new, struct err *err)
{
    const char *name = arena_strdup(arena, scope);
    size_t new_count = 0;
    if (store_begin(store, err) != 0)
        return -1;
    int status = 0;
    for (size_t i = 0; i < count && status == 0; i++) {
        status = insert(store, arena, name, &decisions[i], &new_count, err);
        FAILPOINT_HERE(decide_between);
    }
    if (status == 0)
        status = store_do(store, QUERY_wake, NULL, 0, NULL, err);
    if (status != 0) {
        store_rollback(store);
        return -1;
    }
    FAILPOINT_HERE(decide_before_commit);
    if (store_end(store, err) != 0)
        return -1;
    FAILPOINT_HERE(decide_after_commit);
    *ret_new = new_count;
    return 0;
}

/* Those of one column of contents. Sealed, and the same bytes: else it is not what anybody decided
 * with this program. */
static void
read_contents(struct arena *arena, const PGresult *result, struct decision **ret_decisions,
              size_t *ret_count)
{
    size_t rows = (size_t)PQntuples(result), count = 0;
    struct decision *decisions = ARENA_ARRAY(arena, struct decision, rows + 1);
    for (size_t i = 0; i < rows; i++) {
        struct err broken;
        struct sv content = column_text(arena, result, (int)i, 0);
        if (decision_read(arena, content, &decisions[count], &broken) == 0 &&
            sv_eq(decisions[count].content, content))
            count++;
    }
    *ret_decisions = decisions;
    *ret_count = count;
}

int
casebook_decisions(struct store *store, struct arena *arena, struct sv scope,
                   struct decision **ret_decisions, size_t *ret_count, size_t *ret_left_out,
                   struct err *err)
{
    PGresult *result;
    const char *name = arena_strdup(arena, scope);
    if (store_sql(store, QUERY_casebook_decisions, &name, 1, &result, err) != 0)
        return -1;
    read_contents(arena, result, ret_decisions, ret_count);
    *ret_left_out = (size_t)PQntuples(result) - *ret_count;
    PQclear(result);
    return 0;
}

int
casebook_pending_decisions(struct store *store, struct arena *arena,
                           const struct stored_incident *stored, struct decision **ret_decisions,
                           size_t *ret_count, struct err *err)
{
    PGresult *result;
    struct sv number = arena_printf(arena, "%lld", (long long)stored->incident_no);
    const char *values[] = {arena_strdup(arena, stored->scope), arena_strdup(arena, number)};
    if (store_sql(store, QUERY_casebook_pending_decisions, values, 2, &result, err) != 0)
        return -1;
    read_contents(arena, result, ret_decisions, ret_count);
    PQclear(result);
    return 0;
}

int
casebook_decision(struct store *store, struct arena *arena, struct sv scope, struct sv id,
                  struct stored_decision *ret_decision, struct err *err)
{
    PGresult *result;
    struct err broken;
    const char *values[] = {sv_empty(scope) ? NULL : arena_strdup(arena, scope),
                            arena_strdup(arena, id)};
    if (store_sql(store, QUERY_casebook_decision, values, 2, &result, err) != 0)
        return -1;
    int rows = PQntuples(result), status = 0;
    if (rows != 1)
        status = err_set(err, ERR_NOT_FOUND, "there is no decision '" SV_FMT "'%s", SV_ARG(id),
                         rows == 0 ? "" : ": more than one begins so");
    if (status == 0) {
        ret_decision->scope = column_text(arena, result, 0, 0);
        ret_decision->login = column_text(arena, result, 0, 2);
        if (decision_read(arena, column_text(arena, result, 0, 1), &ret_decision->decision,
                          &broken) != 0)
            status =
                err_set(err, ERR_NOT_FOUND, "decision '" SV_FMT "' cannot be read", SV_ARG(id));
    }
    PQclear(result);
    return status;
}

static struct loose_decision
read_loose(struct arena *arena, const PGresult *result, int row)
{
    struct err broken;
    struct loose_decision loose = {.id = column_text(arena, result, row, 0),
                                   .title = column_text(arena, result, row, 1),
                                   .reason = column_text(arena, result, row, 2)};
    struct sv content = column_text(arena, result, row, 3);
    loose.unmatched = sv_starts(loose.reason, SV("unmatched"));
    if (decision_read(arena, content, &loose.decision, &broken) != 0 ||
        !sv_eq(loose.decision.content, content)) {
        loose.decision = (struct decision){.verb = DECISION_NONE};
        loose.reason = SV("this program cannot read it");
    }
    return loose;
}

int
casebook_loose_decisions(struct store *store, struct arena *arena,
                         struct loose_decision **ret_decisions, size_t *ret_count, struct err *err)
{
    PGresult *result;
    if (store_sql(store, QUERY_casebook_loose_decisions, NULL, 0, &result, err) != 0)
        return -1;
    size_t count = (size_t)PQntuples(result);
    struct loose_decision *list = ARENA_ARRAY(arena, struct loose_decision, count + 1);
    for (size_t i = 0; i < count; i++)
        list[i] = read_loose(arena, result, (int)i);
    PQclear(result);
    *ret_decisions = list;
    *ret_count = count;
    return 0;
}

void
casebook_put_decided(struct strbuf *out, const struct incident *incident)
{
    json_put_name(out, "decisions");
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < incident->decision_count; i++) {
        json_put_comma(out);
        decided_put(out, &incident->decisions[i]);
    }
    strbuf_add_char(out, ']');
}

void
casebook_read_decided(struct arena *arena, const PGresult *result, int row, int column,
                      struct incident *incident)
{
    struct decided *list;
    size_t count;
    /* What is none of ours reads as nothing, which verify tells from the digest. */
    if (column_null(result, row, column) ||
        !decided_read(arena, column_view(result, row, column), &list, &count))
        return;
    incident->decisions = list;
    incident->decision_count = count;
}

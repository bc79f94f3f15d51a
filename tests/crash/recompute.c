/*
 * A scope by the batch form over a snapshot, see reader.h: its cursor says which batches are taken
 * in, and those at which offsets of their streams. Called by reader.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/applied.h"
#include "store/pg/conn.h"
#include "tests/crash/reader.h"

struct stored_digest {
    struct sv scope, key;
    const char *hex;
};

/* Up to which offset a stream was read. */
struct limit {
    int64_t stream_id, next_offset;
};

/* $1 is the scope, $2 the topic of the run. */
static int
ask(struct looking *looking, const char *sql, const char *scope, PGresult **ret_result,
    struct err *err)
{
    PGconn *pg = looking->store->pg;
    const char *values[] = {scope, looking->run->topic};
    PGresult *result = PQexecParams(pg, sql, 2, (const Oid[]){25, 25}, values, NULL, NULL, 0);
    if (PQresultStatus(result) == PGRES_TUPLES_OK) {
        *ret_result = result;
        return 0;
    }
    bool away = PQstatus(pg) != CONNECTION_OK;
    err_set(err, away ? ERR_DB_DOWN : ERR_DB_QUERY, "%s", PQerrorMessage(pg));
    PQclear(result);
    return -1;
}

static int64_t
number(const PGresult *result, int row, int column)
{
    return strtoll(PQgetvalue(result, row, column), NULL, 10);
}

int
looking_begin(struct looking *looking, struct store *store, struct run *run, struct err *err)
{
    PGresult *result;
    *looking = (struct looking){.run = run, .store = store};
    arena_init(&looking->arena, (size_t)1 << 20);
    if (store_read_begin(store, READ_RECORDS, err) != 0 ||
        ask(looking,
            "SELECT scope, incident_key, encode(digest, 'hex') FROM correlate.incident "
            "WHERE $1 <> $2",
            "", &result, err) != 0)
        return -1;
    int rows = PQntuples(result);
    looking->digests = ARENA_ARRAY(&looking->arena, struct stored_digest, (size_t)rows + 1);
    looking->digest_count = (size_t)rows;
    for (int i = 0; i < rows; i++)
        looking->digests[i] = (struct stored_digest){
            arena_copy(&looking->arena, sv_from(PQgetvalue(result, i, 0))),
            arena_copy(&looking->arena, sv_from(PQgetvalue(result, i, 1))),
            arena_strdup(&looking->arena, sv_from(PQgetvalue(result, i, 2)))};
    PQclear(result);
    return 0;
}

void
looking_end(struct looking *looking)
{
    store_read_end(looking->store);
    arena_release(&looking->arena);
}

const char *
looking_digest(const struct looking *looking, struct sv scope, struct sv incident_key)
{
    for (size_t i = 0; i < looking->digest_count; i++)
        if (sv_eq(looking->digests[i].key, incident_key) && sv_eq(looking->digests[i].scope, scope))
            return looking->digests[i].hex;
    return NULL;
}

int
looking_scope(struct looking *looking, const char *scope, struct looked *ret_looked,
              struct err *err)
{
    PGresult *result;
    if (casebook_correlation(looking->store, &looking->arena, sv_from(scope), &ret_looked->stored,
                             err) != 0 ||
        ask(looking,
            "SELECT stream_id, seq FROM correlate.cursor WHERE scope = $1 AND (stream_id <= 0 OR "
            "stream_id IN (SELECT stream_id FROM evidence.stream WHERE topic = $2))",
            scope, &result, err) != 0)
        return -1;
    ret_looked->cursor_count = (size_t)PQntuples(result);
    if (ret_looked->cursor_count > STANDINGS_MAX)
        fail_run(looking->run, "more streams than this test knows");
    for (size_t i = 0; i < ret_looked->cursor_count; i++)
        ret_looked->cursor[i] =
            (struct standing){number(result, (int)i, 0), number(result, (int)i, 1)};
    PQclear(result);
    return 0;
}

static int64_t
stands(const struct looked *looked, int64_t stream_id)
{
    for (size_t i = 0; i < looked->cursor_count; i++)
        if (looked->cursor[i].stream_id == stream_id)
            return looked->cursor[i].seq;
    return 0;
}

/* What was read of each stream; false where an operator had records read again and the scope has
 * not taken that in: what it stands for is gone. */
static int
read_limits(struct looking *looking, const char *scope, struct limit **ret_limits,
            size_t *ret_count, bool *ret_known, struct err *err)
{
    PGresult *result;
    if (ask(looking,
            "SELECT b.stream_id, coalesce(max(b.next_offset) FILTER (WHERE b.seq <= c.seq), 0), "
            "bool_or(b.seq > c.seq AND b.kind = 'gap' AND b.next_offset = 0) "
            "FROM evidence.batch b JOIN evidence.stream s USING (stream_id) JOIN correlate.cursor "
            "c "
            "ON c.scope = $1 AND c.stream_id = b.stream_id WHERE s.topic = $2 GROUP BY 1",
            scope, &result, err) != 0)
        return -1;
    *ret_count = (size_t)PQntuples(result);
    *ret_limits = ARENA_ARRAY(&looking->arena, struct limit, *ret_count + 1);
    *ret_known = true;
    for (size_t i = 0; i < *ret_count; i++) {
        (*ret_limits)[i] = (struct limit){number(result, (int)i, 0), number(result, (int)i, 1)};
        *ret_known &= PQgetvalue(result, (int)i, 2)[0] == 'f';
    }
    PQclear(result);
    return 0;
}

static int64_t
limit_of(const struct limit *limits, size_t count, int64_t stream_id)
{
    for (size_t i = 0; i < count; i++)
        if (limits[i].stream_id == stream_id)
            return limits[i].next_offset;
    return 0;
}

static void
leave_out_what_came_later(struct arena *arena, struct correlation_input *input,
                          const struct limit *limits, size_t limit_count)
{
    struct observation *taken = ARENA_ARRAY(arena, struct observation, input->count + 1);
    size_t count = 0;
    for (size_t i = 0; i < input->count; i++) {
        const struct observation *observation = &input->observations[i];
        if (observation->at.offset < limit_of(limits, limit_count, observation->at.stream_id))
            taken[count++] = *observation;
    }
    input->observations = taken;
    input->count = count;
}

/* Where they begin to differ. */
static void
compare(const struct correlation *stored, const struct correlation *computed, char *why,
        size_t size)
{
    struct strbuf one, other;
    size_t at = 0;
    strbuf_init(&one, 0);
    strbuf_init(&other, 0);
    casebook_canonical(stored, &one);
    casebook_canonical(computed, &other);
    strbuf_add_char(&one, '\0');
    strbuf_add_char(&other, '\0');
    why[0] = '\0';
    if (one.len != other.len || memcmp(one.ptr, other.ptr, one.len) != 0) {
        while (one.ptr[at] != '\0' && one.ptr[at] == other.ptr[at])
            at++;
        at -= at > 100 ? 100 : at;
        snprintf(why, size, "stored %.190s | computed %.190s", one.ptr + at, other.ptr + at);
    }
    strbuf_release(&one);
    strbuf_release(&other);
}

int
recompute_scope(struct looking *looking, const struct looked *looked, bool *ret_done, char *why,
                size_t size, struct err *err)
{
    struct arena *arena = &looking->arena;
    struct applied applied;
    struct correlation_config own;
    struct correlation_input input;
    struct correlation computed;
    struct cursor_position *cursor;
    struct limit *limits;
    size_t count, limit_count;
    bool known;
    why[0] = '\0';
    *ret_done = looked->cursor_count == 0; /* nothing was saved, nor is anything there */
    if (looked->cursor_count == 0)
        return 0;
    correlation_config_default(&own);
    struct sv scope = looked->stored.scope;
    if (applied_read(looking->store, arena, &own, &applied, err) != 0 ||
        read_limits(looking, arena_strdup(arena, scope), &limits, &limit_count, &known, err) != 0 ||
        /* It begins a transaction within this one, which changes nothing, and ends both. */
        casebook_load(looking->store, arena, scope, &input, &cursor, &count, err) != 0)
        return -1;
    *ret_done = known && stands(looked, CURSOR_CONFIGURATION) == applied.number &&
                stands(looked, 0) == (int64_t)(input.declaration_count + input.decision_count);
    leave_out_what_came_later(arena, &input, limits, limit_count);
    if (!*ret_done)
        return 0;
    if (correlate_run(arena, &input, &applied.config, &computed, err) != 0)
        return -1;
    computed.config_digest = looked->stored.config_digest;
    compare(&looked->stored, &computed, why, size);
    return 0;
}

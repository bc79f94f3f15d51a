/*
 * Saving a correlation: one transaction that touches only what changed. An incident whose canonical
 * digest is the one stored keeps its rows; so a run that finds nothing new writes nothing. A
 * rebuild trusts no stored row: it deletes them all first, in the same transaction, so that nobody
 * sees the casebook without them. Rows travel as JSON arrays, cut into pieces, and are taken apart
 * by PostgreSQL. Called by `correlate` on its own thread.
 */
#include "base/text/json_writer.h"
#include "store/casebook/saving.h"
#include "store/failpoint.h"

/* The tables keep microseconds; PostgreSQL would round where we cut. */
static void
member_time(struct strbuf *out, const char *name, int64_t ns)
{
    json_put_time(out, name, ns - ns % NS_PER_US);
}

static void
member_optional(struct strbuf *out, const char *name, struct sv text)
{
    json_put(out, name, sv_empty(text) ? SV_NONE : text);
}

/* A column that may not be null. */
static void
member_text(struct strbuf *out, const char *name, struct sv text)
{
    json_put(out, name, text.ptr == NULL ? SV("") : text);
}

static void
add_node(struct saving *saving, const struct node *node)
{
    struct strbuf *out = &saving->rows;
    size_t place;
    strbuf_add_char(out, '{');
    member_text(out, "node_key", node->node_key);
    member_time(out, "first_time", node->first_ns);
    member_time(out, "last_time", node->last_ns);
    json_put_int(out, "records", node->records);
    json_put_int(out, "severity", node->severity);
    json_put_bool(out, "familiar", node->familiar);
    json_put_bool(out, "declared", node->declared);
    json_put(out, "kind", sv_from(event_kind_word(node->kind)));
    member_optional(out, "source", node->source);
    member_optional(out, "fingerprint", node->fingerprint);
    member_optional(out, "service", node->service);
    member_optional(out, "host", node->host);
    member_optional(out, "title", node->title);
    if (!sv_empty(node->incident_key) && saving_find(saving, node->incident_key, &place))
        json_put_int(out, "incident_no", saving->states[place].incident_no);
    member_text(out, "reason", node->reason);
    strbuf_add_char(out, '}');
}

static int
save_nodes(struct saving *saving, struct err *err)
{
    const struct correlation *correlation = saving->correlation;
    saving_begin(saving);
    for (size_t i = 0; i < correlation->node_count; i++) {
        json_put_comma(&saving->rows);
        add_node(saving, &correlation->nodes[i]);
        if (saving_send_piece(saving, QUERY_casebook_put_nodes, err) != 0)
            return -1;
    }
    if (saving_send(saving, QUERY_casebook_put_nodes, err) != 0)
        return -1;
    if (saving->part != NULL)
        return saving_part_nodes(saving, err);
    for (size_t i = 0; i < correlation->node_count; i++) {
        json_put_comma(&saving->rows);
        json_put_string(&saving->rows, correlation->nodes[i].node_key);
    }
    return saving_send(saving, QUERY_casebook_delete_nodes, err);
}

static void
add_cursor(struct saving *saving, const struct cursor_position *cursor, size_t count)
{
    saving_begin(saving);
    for (size_t i = 0; i < count; i++) {
        json_put_comma(&saving->rows);
        strbuf_add_char(&saving->rows, '{');
        json_put_int(&saving->rows, "stream_id", cursor[i].stream_id);
        json_put_int(&saving->rows, "seq", cursor[i].seq);
        strbuf_add_char(&saving->rows, '}');
    }
}

static int
save_cursor(struct saving *saving, const struct cursor_position *cursor, size_t count,
            struct err *err)
{
    if (saving->forget)
        return 0;
    add_cursor(saving, cursor, count);
    return saving_send(saving, QUERY_casebook_put_cursor, err);
}

/*
 * Computing took time, and another correlator may have saved a later state meanwhile: that one must
 * stay. Nobody can save between this look and our end, because we hold the scope's lock.
 */
static int
check_overtaken(struct saving *saving, const struct cursor_position *cursor, size_t count,
                struct err *err)
{
    PGresult *result;
    add_cursor(saving, cursor, count);
    strbuf_add_char(&saving->rows, ']');
    if (saving_check(&saving->rows, err) != 0)
        return -1;
    const char *values[] = {saving->scope, saving->rows.ptr};
    if (store_sql(saving->store, QUERY_casebook_overtaken, values, 2, &result, err) != 0)
        return -1;
    bool overtaken = column_bool(result, 0, 0);
    PQclear(result);
    if (!overtaken)
        return 0;
    err_set(err, ERR_OVERTAKEN, "another correlator saved a newer state of scope '%s'",
            saving->scope);
    return err_hint(err, "stop the other 'hindcast correlate', then run the same again");
}

static int
drop_rows(struct saving *saving, struct err *err)
{
    if (!saving->anew)
        return 0;
    if (saving_revise_before(saving, err) != 0)
        return -1;
    int status = store_do(saving->store, QUERY_casebook_drop, &saving->scope, 1, NULL, err);
    for (size_t i = 0; i < saving->correlation->incident_count; i++)
        saving->states[i].same = false; /* written again, under their numbers */
    FAILPOINT_HERE(correlate_after_drop);
    return status;
}

static int
save_deliveries(struct saving *saving, struct err *err)
{
    const struct casebook_part *part = saving->part;
    if (part == NULL)
        return casebook_put_deliveries(saving->store, saving->correlation, err);
    return casebook_put_deliveries_of(saving->store, saving->correlation, part->uids,
                                      part->uid_count, err);
}

static int
save_numbers(struct saving *saving, struct err *err)
{
    static const enum query queries[] = {QUERY_casebook_move_numbers, QUERY_casebook_show_numbers,
                                         QUERY_casebook_put_numbers, QUERY_casebook_anchor_numbers};
    if (saving->part != NULL)
        return saving_part_numbers(saving, err);
    for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++)
        if (store_do(saving->store, queries[i], &saving->scope, 1, NULL, err) != 0)
            return -1;
    return 0;
}

/* Whoever saves a whole scope does not keep its groups. */
static int
stale_groups(struct saving *saving, struct err *err)
{
    enum query query = saving->forget ? QUERY_casebook_groups_forget : QUERY_casebook_groups_stale;
    return saving->part != NULL ? 0 : store_do(saving->store, query, &saving->scope, 1, NULL, err);
}

static int
save_all(struct saving *saving, const struct cursor_position *cursor, size_t cursor_count,
         struct err *err)
{
    if (check_overtaken(saving, cursor, cursor_count, err) != 0 || saving_match(saving, err) != 0 ||
        drop_rows(saving, err) != 0 || saving_incidents(saving, err) != 0)
        return -1;
    FAILPOINT_HERE(correlate_after_incidents);
    if (save_nodes(saving, err) != 0 || save_deliveries(saving, err) != 0)
        return -1;
    FAILPOINT_HERE(correlate_after_nodes);
    if (save_cursor(saving, cursor, cursor_count, err) != 0 || save_numbers(saving, err) != 0 ||
        saving_revise(saving, err) != 0 || stale_groups(saving, err) != 0)
        return -1;
    return saving_publish(saving, err);
}

int
saving_lock(struct store *store, const char *scope, struct err *err)
{
    return store_do(store, QUERY_casebook_lock, &scope, 1, NULL, err);
}

static int
save_whole(struct saving *saving, const struct cursor_position *cursor, size_t cursor_count,
           struct err *err)
{
    const struct casebook_also *also = saving->also;
    FAILPOINT_HERE(correlate_before_save);
    if (store_begin(saving->store, err) != 0)
        return -1;
    if (saving_lock(saving->store, saving->scope, err) != 0 ||
        save_all(saving, cursor, cursor_count, err) != 0 ||
        (also != NULL && also->run(also->context, saving->store, err) != 0)) {
        store_rollback(saving->store);
        return -1;
    }
    FAILPOINT_HERE(correlate_before_commit);
    int status = store_end(saving->store, err);
    FAILPOINT_HERE(correlate_after_commit);
    return status;
}

int
saving_run(struct saving *saving, const struct cursor_position *cursor, size_t cursor_count,
           struct err *err)
{
    arena_init(&saving->arena, 0);
    strbuf_init(&saving->part_nodes, 0);
    strbuf_init(&saving->rows, 0);
    strbuf_init(&saving->scratch, 0);
    saving->scope = arena_strdup(&saving->arena, saving->correlation->scope);
    int status = saving->part != NULL ? save_all(saving, cursor, cursor_count, err)
                                      : save_whole(saving, cursor, cursor_count, err);
    strbuf_release(&saving->rows);
    strbuf_release(&saving->scratch);
    strbuf_release(&saving->part_nodes);
    arena_release(&saving->arena);
    return status;
}

int
casebook_save_also(struct store *store, const struct correlation *correlation,
                   const struct cursor_position *cursor, size_t cursor_count,
                   const struct casebook_also *also, struct err *err)
{
    struct saving saving = {.store = store, .correlation = correlation, .also = also};
    return saving_run(&saving, cursor, cursor_count, err);
}

int
casebook_save(struct store *store, const struct correlation *correlation,
              const struct cursor_position *cursor, size_t cursor_count, struct err *err)
{
    return casebook_save_also(store, correlation, cursor, cursor_count, NULL, err);
}

int
casebook_replace_also(struct store *store, const struct correlation *correlation,
                      const struct cursor_position *cursor, size_t cursor_count,
                      const struct casebook_also *also, struct err *err)
{
    struct saving saving = {.store = store, .correlation = correlation, .anew = true, .also = also};
    return saving_run(&saving, cursor, cursor_count, err);
}

int
casebook_replace(struct store *store, const struct correlation *correlation,
                 const struct cursor_position *cursor, size_t cursor_count, struct err *err)
{
    return casebook_replace_also(store, correlation, cursor, cursor_count, NULL, err);
}

int
casebook_forget(struct store *store, struct sv scope, const struct cursor_position *cursor,
                size_t cursor_count, struct err *err)
{
    const struct correlation nothing = {.scope = scope};
    struct saving saving = {.store = store, .correlation = &nothing, .anew = true, .forget = true};
    return saving_run(&saving, cursor, cursor_count, err);
}

/*
 * Saving a correlation: one transaction that touches only what changed. An incident whose canonical
 * digest is the one stored keeps its rows; so a run that finds nothing new writes nothing. A
 * rebuild trusts no stored row: it deletes them all first, in the same transaction, so that nobody
 * sees the casebook without them. Rows travel as JSON arrays, cut into pieces, and are taken apart
 * by PostgreSQL. Called by `correlate` on its own thread.
 */
#include <string.h>

#include "hindcast/entry_json.h"
#include "store/casebook/columns.h"
#include "store/failpoint.h"

/* A statement's parameter stays well below what jsonb can hold (255 MiB). */
#define PIECE_BYTES ((size_t)8 << 20)

struct saving {
    struct store *store;
    const struct correlation *correlation;
    const char *scope;
    bool anew;   /* trust no stored row */
    bool forget; /* keep no cursor either */
    struct arena arena;
    struct strbuf rows, scratch;
    PGresult *stored; /* incident_key, digest of what is there */
};

static int
overflowed(const struct strbuf *buf, struct err *err)
{
    if (!buf->overflow)
        return 0;
    return err_set(err, ERR_LIMIT, "an incident is larger than %zu MiB", buf->max >> 20);
}

int
casebook_digest(struct sv scope, const struct incident *incident, struct strbuf *scratch,
                char ret_hex[SHA256_HEX + 1], struct err *err)
{
    struct sha256 digest;
    strbuf_clear(scratch);
    casebook_canonical_incident(scope, incident, scratch);
    if (overflowed(scratch, err) != 0)
        return -1;
    sha256_of(scratch->ptr, scratch->len, &digest);
    sha256_hex(&digest, ret_hex);
    return 0;
}

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
add_head(struct strbuf *out, const struct incident *incident, const char *digest)
{
    strbuf_add_char(out, '{');
    member_text(out, "incident_key", incident->incident_key);
    member_time(out, "first_time", incident->first_ns);
    member_time(out, "last_time", incident->last_ns);
    json_put_int(out, "nodes", (int64_t)incident->node_count);
    json_put_int(out, "alerts", incident->alert_count);
    json_put_int(out, "records", incident->record_count);
    json_put_int(out, "entries", (int64_t)incident->entry_count);
    json_put_int(out, "severity", incident->severity);
    json_put_bool(out, "raised", incident->raised);
    json_put_bool(out, "declared", incident->declared);
    json_put_name(out, "services");
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < incident->service_count; i++) {
        json_put_comma(out);
        json_put_string(out, incident->services[i]);
    }
    strbuf_add_char(out, ']');
    member_text(out, "title", incident->title);
    json_put(out, "digest", sv_from(digest));
    strbuf_add_char(out, '}');
}

static void
add_entry(struct strbuf *out, struct sv key, const struct entry *entry, size_t position)
{
    strbuf_add_char(out, '{');
    member_text(out, "incident_key", key);
    json_put_int(out, "position", (int64_t)position);
    entry_json_row(out, entry);
    strbuf_add_char(out, '}');
}

static void
add_node(struct strbuf *out, const struct node *node)
{
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
    member_optional(out, "incident_key", node->incident_key);
    member_text(out, "reason", node->reason);
    strbuf_add_char(out, '}');
}

static void
begin_rows(struct saving *saving)
{
    strbuf_clear(&saving->rows);
    strbuf_add_char(&saving->rows, '[');
}

/* Send what has gathered and begin again. */
static int
send_rows(struct saving *saving, enum query query, struct err *err)
{
    strbuf_add_char(&saving->rows, ']');
    if (overflowed(&saving->rows, err) != 0)
        return -1;
    const char *values[] = {saving->scope, saving->rows.ptr};
    int status = store_do(saving->store, query, values, 2, NULL, err);
    begin_rows(saving);
    return status;
}

/* The same once a piece is full. */
static int
send_piece(struct saving *saving, enum query query, struct err *err)
{
    return saving->rows.len > PIECE_BYTES ? send_rows(saving, query, err) : 0;
}

static int
put_entries(struct saving *saving, const struct incident *incident, struct err *err)
{
    for (size_t i = 0; i < incident->entry_count; i++) {
        json_put_comma(&saving->rows);
        add_entry(&saving->rows, incident->incident_key, &incident->entries[i], i);
        if (send_piece(saving, QUERY_casebook_put_entries, err) != 0)
            return -1;
    }
    return 0;
}

static int
put_milestones(struct saving *saving, const struct incident *incident, struct err *err)
{
    for (size_t i = 0; i < incident->milestone_count; i++) {
        const struct milestone_row *row = &incident->milestones[i];
        json_put_comma(&saving->rows);
        strbuf_add_char(&saving->rows, '{');
        member_text(&saving->rows, "incident_key", incident->incident_key);
        json_put_int(&saving->rows, "position", (int64_t)i);
        json_put(&saving->rows, "milestone", sv_from(milestone_word(row->milestone)));
        member_time(&saving->rows, "event_time", row->time_ns);
        member_text(&saving->rows, "entry_id", row->entry_id);
        json_put_int(&saving->rows, "confidence", row->confidence);
        strbuf_add_char(&saving->rows, '}');
    }
    return send_piece(saving, QUERY_casebook_put_milestones, err);
}

/* Table by table, so that many small incidents share a statement. */
static int
put_incidents(struct saving *saving, char (*digests)[SHA256_HEX + 1], const bool *same,
              struct err *err)
{
    const struct incident *incidents = saving->correlation->incidents;
    size_t count = saving->correlation->incident_count;
    begin_rows(saving);
    for (size_t i = 0; i < count; i++) {
        if (same[i])
            continue;
        json_put_comma(&saving->rows);
        add_head(&saving->rows, &incidents[i], digests[i]);
        if (send_piece(saving, QUERY_casebook_put_incidents, err) != 0)
            return -1;
    }
    if (send_rows(saving, QUERY_casebook_put_incidents, err) != 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        if (!same[i] && put_entries(saving, &incidents[i], err) != 0)
            return -1;
    if (send_rows(saving, QUERY_casebook_put_entries, err) != 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        if (!same[i] && put_milestones(saving, &incidents[i], err) != 0)
            return -1;
    return send_rows(saving, QUERY_casebook_put_milestones, err);
}

/* Row of the stored incident with this key, or -1; the query sorts them by bytes. */
static int
stored_row(const struct saving *saving, struct sv key)
{
    int low = 0, high = PQntuples(saving->stored);
    while (low < high) {
        int middle = low + (high - low) / 2;
        int order = sv_cmp(column_view(saving->stored, middle, 0), key);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

/* First what vanished or changed goes, then what is new or changed comes. */
static int
save_incidents(struct saving *saving, struct err *err)
{
    const struct correlation *correlation = saving->correlation;
    size_t count = correlation->incident_count;
    int stored = PQntuples(saving->stored);
    char(*digests)[SHA256_HEX + 1] = arena_calloc(&saving->arena, count + 1, sizeof(digests[0]));
    bool *keep = ARENA_ARRAY(&saving->arena, bool, (size_t)stored + 1);
    bool *same = ARENA_ARRAY(&saving->arena, bool, count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct incident *incident = &correlation->incidents[i];
        if (casebook_digest(correlation->scope, incident, &saving->scratch, digests[i], err) != 0)
            return -1;
        int row = stored_row(saving, incident->incident_key);
        same[i] = row >= 0 && strcmp(PQgetvalue(saving->stored, row, 1), digests[i]) == 0;
        if (same[i])
            keep[row] = true;
    }
    begin_rows(saving);
    for (int row = 0; row < stored; row++)
        if (!keep[row]) {
            json_put_comma(&saving->rows);
            json_put_string(&saving->rows, column_view(saving->stored, row, 0));
        }
    if (saving->rows.len > 1 && send_rows(saving, QUERY_casebook_delete_incidents, err) != 0)
        return -1;
    return put_incidents(saving, digests, same, err);
}

static int
save_nodes(struct saving *saving, struct err *err)
{
    const struct correlation *correlation = saving->correlation;
    begin_rows(saving);
    for (size_t i = 0; i < correlation->node_count; i++) {
        json_put_comma(&saving->rows);
        add_node(&saving->rows, &correlation->nodes[i]);
        if (saving->rows.len > PIECE_BYTES && send_rows(saving, QUERY_casebook_put_nodes, err) != 0)
            return -1;
    }
    if (send_rows(saving, QUERY_casebook_put_nodes, err) != 0)
        return -1;
    for (size_t i = 0; i < correlation->node_count; i++) {
        json_put_comma(&saving->rows);
        json_put_string(&saving->rows, correlation->nodes[i].node_key);
    }
    return send_rows(saving, QUERY_casebook_delete_nodes, err);
}

static void
add_cursor(struct saving *saving, const struct cursor_position *cursor, size_t count)
{
    begin_rows(saving);
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
    return send_rows(saving, QUERY_casebook_put_cursor, err);
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
    if (overflowed(&saving->rows, err) != 0)
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
    int status = store_do(saving->store, QUERY_casebook_drop, &saving->scope, 1, NULL, err);
    FAILPOINT_HERE(correlate_after_drop);
    return status;
}

static int
save_all(struct saving *saving, const struct cursor_position *cursor, size_t cursor_count,
         struct err *err)
{
    const char *scope[] = {saving->scope};
    if (store_do(saving->store, QUERY_casebook_lock, scope, 1, NULL, err) != 0 ||
        check_overtaken(saving, cursor, cursor_count, err) != 0 || drop_rows(saving, err) != 0 ||
        store_sql(saving->store, QUERY_casebook_digests, scope, 1, &saving->stored, err) != 0 ||
        save_incidents(saving, err) != 0)
        return -1;
    FAILPOINT_HERE(correlate_after_incidents);
    if (save_nodes(saving, err) != 0 ||
        casebook_put_deliveries(saving->store, saving->correlation, err) != 0)
        return -1;
    FAILPOINT_HERE(correlate_after_nodes);
    if (save_cursor(saving, cursor, cursor_count, err) != 0 ||
        store_do(saving->store, QUERY_casebook_move_numbers, scope, 1, NULL, err) != 0 ||
        store_do(saving->store, QUERY_casebook_show_numbers, scope, 1, NULL, err) != 0)
        return -1;
    return store_do(saving->store, QUERY_casebook_put_numbers, scope, 1, NULL, err) != 0
               ? -1
               : store_do(saving->store, QUERY_casebook_anchor_numbers, scope, 1, NULL, err);
}

static int
save(struct saving *saving, const struct cursor_position *cursor, size_t cursor_count,
     struct err *err)
{
    FAILPOINT_HERE(correlate_before_save);
    if (store_begin(saving->store, err) != 0)
        return -1;
    if (save_all(saving, cursor, cursor_count, err) != 0) {
        store_rollback(saving->store);
        return -1;
    }
    FAILPOINT_HERE(correlate_before_commit);
    int status = store_end(saving->store, err);
    FAILPOINT_HERE(correlate_after_commit);
    return status;
}

static int
save_with(struct saving *saving, const struct cursor_position *cursor, size_t cursor_count,
          struct err *err)
{
    arena_init(&saving->arena, 0);
    strbuf_init(&saving->rows, 0);
    strbuf_init(&saving->scratch, 0);
    saving->scope = arena_strdup(&saving->arena, saving->correlation->scope);
    int status = save(saving, cursor, cursor_count, err);
    PQclear(saving->stored);
    strbuf_release(&saving->rows);
    strbuf_release(&saving->scratch);
    arena_release(&saving->arena);
    return status;
}

int
casebook_save(struct store *store, const struct correlation *correlation,
              const struct cursor_position *cursor, size_t cursor_count, struct err *err)
{
    struct saving saving = {.store = store, .correlation = correlation};
    return save_with(&saving, cursor, cursor_count, err);
}

int
casebook_replace(struct store *store, const struct correlation *correlation,
                 const struct cursor_position *cursor, size_t cursor_count, struct err *err)
{
    struct saving saving = {.store = store, .correlation = correlation, .anew = true};
    return save_with(&saving, cursor, cursor_count, err);
}

int
casebook_forget(struct store *store, struct sv scope, const struct cursor_position *cursor,
                size_t cursor_count, struct err *err)
{
    const struct correlation nothing = {.scope = scope};
    struct saving saving = {.store = store, .correlation = &nothing, .anew = true, .forget = true};
    return save_with(&saving, cursor, cursor_count, err);
}

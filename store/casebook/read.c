/*
 * Reading incidents back: heads for lists, and one incident whole, with nodes, entries, milestones
 * and evidence, equal to what was saved. Called by the commands that show, verify and export, on
 * the main thread. Everything returned lives in the caller's arena.
 */
#include "base/text/utf8.h"
#include "store/casebook/columns.h"
#include "store/casebook/decided.h"
#include "store/casebook/entry_columns.h"
#include "store/casebook/reading.h"

static void
read_node(struct arena *arena, const PGresult *result, int row, struct node *ret_node)
{
    *ret_node = (struct node){
        .node_key = column_text(arena, result, row, 0),
        .kind = event_kind_read(column_view(result, row, 1)),
        .declared = column_bool(result, row, 2),
        .first_ns = row_time(result, row, 3),
        .last_ns = row_time(result, row, 4),
        .records = column_int(result, row, 5),
        .familiar = column_bool(result, row, 6),
        .severity = (int)column_int(result, row, 7),
        .title = column_text(arena, result, row, 8),
        .service = column_text(arena, result, row, 9),
        .host = column_text(arena, result, row, 10),
        .source = column_text(arena, result, row, 11),
        .fingerprint = column_text(arena, result, row, 12),
        .reason = column_text(arena, result, row, 13),
    };
}

int
reading_nodes(struct store *store, struct arena *arena, const struct reading *reading,
              struct sv key, struct node **ret_nodes, size_t *ret_count, struct err *err)
{
    PGresult *result;
    if (store_sql(store, reading->query, reading->values, reading->count, &result, err) != 0)
        return -1;
    size_t count = (size_t)PQntuples(result);
    struct node *nodes = ARENA_ARRAY(arena, struct node, count + 1);
    for (size_t i = 0; i < count; i++) {
        read_node(arena, result, (int)i, &nodes[i]);
        nodes[i].incident_key = key;
    }
    PQclear(result);
    *ret_nodes = nodes;
    *ret_count = count;
    return 0;
}

int
reading_entries(struct store *store, struct arena *arena, const struct reading *reading,
                struct incident *incident, struct err *err)
{
    PGresult *result;
    if (store_sql(store, reading->query, reading->values, reading->count, &result, err) != 0)
        return -1;
    incident->entries = entry_rows(arena, result);
    incident->entry_count = (size_t)PQntuples(result);
    PQclear(result);
    return 0;
}

int
reading_milestones(struct store *store, struct arena *arena, const struct reading *reading,
                   struct incident *incident, struct err *err)
{
    PGresult *result;
    if (store_sql(store, reading->query, reading->values, reading->count, &result, err) != 0)
        return -1;
    size_t count = (size_t)PQntuples(result);
    struct milestone_row *rows = ARENA_ARRAY(arena, struct milestone_row, count + 1);
    for (size_t i = 0; i < count; i++)
        rows[i] = (struct milestone_row){
            .milestone = milestone_read(column_view(result, (int)i, 0)),
            .time_ns = row_time(result, (int)i, 1),
            .entry_id = column_text(arena, result, (int)i, 2),
            .confidence = (int)column_int(result, (int)i, 3),
        };
    PQclear(result);
    incident->milestones = rows;
    incident->milestone_count = count;
    return 0;
}

/* Nodes, entries and milestones of an incident whose head is known. */
static int
read_rest(struct store *store, struct arena *arena, struct stored_incident *stored, struct err *err)
{
    struct incident *incident = &stored->incident;
    struct node *nodes;
    size_t count;
    char number[INT_TEXT];
    const char *values[] = {arena_strdup(arena, stored->scope),
                            int_text(stored->incident_no, number)};
    const struct reading asked = {QUERY_casebook_nodes, values, 2};
    const struct reading entries = {QUERY_casebook_entries, values, 2};
    const struct reading milestones = {QUERY_casebook_milestones, values, 2};
    if (reading_nodes(store, arena, &asked, incident->incident_key, &nodes, &count, err) != 0 ||
        reading_entries(store, arena, &entries, incident, err) != 0 ||
        reading_milestones(store, arena, &milestones, incident, err) != 0)
        return -1;
    const struct node **pointers = ARENA_ARRAY(arena, const struct node *, count + 1);
    for (size_t i = 0; i < count; i++)
        pointers[i] = &nodes[i];
    incident->nodes = pointers;
    incident->node_count = count;
    return 0;
}

static int64_t
moment_or_none(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column) ? TIME_NONE : row_time(result, row, column);
}

static void
read_head(struct arena *arena, const PGresult *result, int row, struct stored_incident *ret_stored)
{
    struct incident *incident = &ret_stored->incident;
    *ret_stored = (struct stored_incident){
        .scope = column_text(arena, result, row, 0),
        .number = column_text(arena, result, row, 1),
        .digest_hex = column_text(arena, result, row, 2),
    };
    incident->incident_key = column_text(arena, result, row, 3);
    incident->title = column_text(arena, result, row, 4);
    incident->raised = column_bool(result, row, 5);
    incident->declared = column_bool(result, row, 6);
    incident->first_ns = row_time(result, row, 7);
    incident->last_ns = row_time(result, row, 8);
    incident->severity = (int)column_int(result, row, 9);
    incident->services = column_texts(arena, result, row, 10, &incident->service_count);
    incident->node_count = (size_t)column_int(result, row, 11);
    incident->entry_count = (size_t)column_int(result, row, 12);
    incident->alert_count = column_int(result, row, 13);
    incident->record_count = column_int(result, row, 14);
    ret_stored->incident_no = column_int(result, row, 15);
    casebook_read_decided(arena, result, row, 16, incident);
    incident->opened = opened_read(column_view(result, row, 17));
    incident->place = column_text(arena, result, row, 18);
    incident->because = column_texts(arena, result, row, 19, &incident->because_count);
    incident->span = (struct incident_span){
        .start_ns = row_time(result, row, 20),
        .start_by = span_mark_read(column_view(result, row, 21)),
        .end_ns = moment_or_none(result, row, 22),
        .outcome = outcome_read(column_view(result, row, 23)),
        .outcome_ns = moment_or_none(result, row, 24),
    };
    incident->rank.score = (int32_t)column_int(result, row, 25);
    incident->rank.worth = column_bool(result, row, 26);
    incident->rank.reasons = column_texts(arena, result, row, 27, &incident->rank.reason_count);
}

int
reading_heads(struct store *store, struct arena *arena, const struct reading *reading,
              struct stored_incident **ret_incidents, size_t *ret_count, struct err *err)
{
    PGresult *result;
    if (store_sql(store, reading->query, reading->values, reading->count, &result, err) != 0)
        return -1;
    size_t count = (size_t)PQntuples(result);
    struct stored_incident *incidents = ARENA_ARRAY(arena, struct stored_incident, count + 1);
    for (size_t i = 0; i < count; i++)
        read_head(arena, result, (int)i, &incidents[i]);
    PQclear(result);
    *ret_incidents = incidents;
    *ret_count = count;
    return 0;
}

/* `scope` NULL: of all. */
static int
read_heads(struct store *store, struct arena *arena, bool all, const char *scope,
           struct stored_incident **ret_incidents, size_t *ret_count, struct err *err)
{
    const char *values[] = {all ? "true" : "false", scope};
    const struct reading asked = {QUERY_casebook_heads, values, 2};
    return reading_heads(store, arena, &asked, ret_incidents, ret_count, err);
}

int
casebook_incidents(struct store *store, struct arena *arena, bool all,
                   struct stored_incident **ret_incidents, size_t *ret_count, struct err *err)
{
    return read_heads(store, arena, all, NULL, ret_incidents, ret_count, err);
}

int
casebook_whole(struct store *store, struct arena *arena, const struct stored_incident *head,
               struct stored_incident *ret_incident, struct err *err)
{
    struct stored_incident stored = *head;
    if (read_rest(store, arena, &stored, err) != 0)
        return -1;
    *ret_incident = stored;
    return 0;
}

/* ------------------------------------------------------------------ by name */

static int
not_found(const char *name, struct err *err)
{
    err_set(err, ERR_NOT_FOUND, "there is no incident '%s'", name);
    return err_hint(
        err, "'hindcast incidents --all' lists them; 'hindcast correlate --once' makes them");
}

#define UID_DIGITS ((size_t)2 * UID_BYTES)
#define UID_DIGITS_LEAST 4 /* fewer begin the uids of too many records */

/* What `name` means as the beginning of a uid, with or without hyphens: the first and the last one.
 */
struct uid_range {
    size_t digits; /* 0: it cannot be one */
    char first[UID_DIGITS + 1], last[UID_DIGITS + 1];
};

static bool
uid_hyphen(struct sv name, size_t at)
{
    return name.ptr[at] == '-' && (at == 8 || at == 13 || at == 18 || at == 23);
}

static void
read_uid_range(struct sv name, struct uid_range *ret_range)
{
    struct uid_range range = {.digits = 0};
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if ((!hex && !uid_hyphen(name, i)) || (hex && range.digits == UID_DIGITS)) {
            range.digits = 0;
            break;
        }
        if (hex)
            range.first[range.digits] = range.last[range.digits] = c, range.digits++;
    }
    for (size_t i = range.digits; i < UID_DIGITS; i++) {
        range.first[i] = '0';
        range.last[i] = 'f';
    }
    if (range.digits < UID_DIGITS_LEAST)
        range.digits = 0;
    *ret_range = range;
}

/* A key ends with the uid of a record, which finds the incident when it has another key now. */
static void
read_key_uid(struct sv name, struct uid_range *ret_range)
{
    size_t at = name.len;
    while (at > 0 && name.ptr[at - 1] != '/')
        at--;
    if (at > 0 && name.len - at == UID_DIGITS)
        read_uid_range(sv_slice(name, at, name.len), ret_range);
}

/* More rows than these are not asked for. */
#define CANDIDATES 5

static int
ambiguous(const PGresult *result, const char *name, struct err *err)
{
    struct strbuf list;
    int rows = PQntuples(result);
    strbuf_init(&list, 400);
    for (int row = 0; row < rows && row < CANDIDATES; row++) {
        struct sv number = column_view(result, row, 1);
        strbuf_addf(&list, "%s" SV_FMT, row == 0 ? "" : ", ",
                    SV_ARG(sv_empty(number) ? column_view(result, row, 3) : number));
    }
    err_set(err, ERR_NOT_FOUND, "'%s' fits more than one incident: %s%s", name,
            strbuf_view(&list).ptr, rows > CANDIDATES ? " and more" : "");
    strbuf_release(&list);
    return err_hint(err, "give its number, or more of its key or uid; 'hindcast incidents --all "
                         "--format jsonl' shows the keys");
}

int
casebook_head(struct store *store, struct arena *arena, const char *name,
              struct stored_incident *ret_stored, struct err *err)
{
    PGresult *result;
    struct uid_range uid;
    struct sv wanted = sv_from(name);
    if (!utf8_storable(wanted))
        return err_set(err, ERR_USAGE, "the name of an incident must be UTF-8");
    if (sv_empty(wanted))
        return not_found("", err);
    read_uid_range(wanted, &uid);
    if (uid.digits == 0)
        read_key_uid(wanted, &uid);
    const char *values[] = {name, uid.digits == UID_DIGITS ? uid.first : NULL,
                            uid.digits > 0 ? uid.first : NULL, uid.digits > 0 ? uid.last : NULL};
    if (store_sql(store, QUERY_casebook_find, values, 4, &result, err) != 0)
        return -1;
    int rows = PQntuples(result);
    if (rows == 1)
        read_head(arena, result, 0, ret_stored);
    else if (rows == 0)
        (void)not_found(name, err);
    else
        (void)ambiguous(result, name, err);
    PQclear(result);
    return rows == 1 ? 0 : -1;
}

int
casebook_incident(struct store *store, struct arena *arena, const char *name,
                  struct stored_incident *ret_incident, struct err *err)
{
    struct stored_incident stored;
    if (casebook_head(store, arena, name, &stored, err) != 0 ||
        read_rest(store, arena, &stored, err) != 0)
        return -1;
    *ret_incident = stored;
    return 0;
}

int
casebook_configuration(struct store *store, struct arena *arena, const char *scope,
                       struct sv *ret_digest, struct err *err)
{
    PGresult *result;
    const char *values[] = {scope};
    if (store_sql(store, QUERY_configuration_of_scope, values, 1, &result, err) != 0)
        return -1;
    *ret_digest = PQntuples(result) > 0 ? column_text(arena, result, 0, 0) : SV_NONE;
    PQclear(result);
    return 0;
}

int
casebook_correlation(struct store *store, struct arena *arena, struct sv scope,
                     struct correlation *ret_correlation, struct err *err)
{
    struct stored_incident *heads;
    struct node *nodes;
    struct sv config_digest;
    size_t count, node_count;
    const char *name = arena_strdup(arena, scope);
    const struct reading loose = {QUERY_casebook_loose_nodes, &name, 1};
    if (casebook_configuration(store, arena, name, &config_digest, err) != 0 ||
        read_heads(store, arena, true, name, &heads, &count, err) != 0 ||
        reading_nodes(store, arena, &loose, SV_NONE, &nodes, &node_count, err) != 0)
        return -1;
    struct incident *incidents = ARENA_ARRAY(arena, struct incident, count + 1);
    for (size_t i = 0; i < count; i++) {
        if (read_rest(store, arena, &heads[i], err) != 0)
            return -1;
        incidents[i] = heads[i].incident;
    }
    *ret_correlation = (struct correlation){
        .scope = arena_copy(arena, scope),
        .config_digest = config_digest,
        .nodes = nodes,
        .node_count = node_count,
        .incidents = incidents,
        .incident_count = count,
    };
    return 0;
}

int
casebook_ledger(struct store *store, struct ledger_totals *ret_totals, struct err *err)
{
    PGresult *result;
    if (store_sql(store, QUERY_casebook_ledger, NULL, 0, &result, err) != 0)
        return -1;
    *ret_totals = (struct ledger_totals){
        .records = column_int(result, 0, 0),
        .stored = column_int(result, 0, 1),
        .empty = column_int(result, 0, 2),
        .tombstones = column_int(result, 0, 3),
        .quarantined = column_int(result, 0, 4),
        .holes = column_int(result, 0, 5),
        .lost = column_int(result, 0, 6),
        .events = column_int(result, 0, 7),
        .streams = column_int(result, 0, 8),
        .adds_up = column_bool(result, 0, 9),
    };
    PQclear(result);
    return 0;
}

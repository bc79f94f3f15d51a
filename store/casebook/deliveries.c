/*
 * Deliveries of events that came more than once: written with a correlation, read back for people.
 * Called by casebook_save() within its transaction, and by `hindcast duplicates`.
 */
#include <string.h>

#include "base/text/json_writer.h"
#include "store/casebook/columns.h"

/* A statement's parameter stays well below what jsonb can hold (255 MiB). */
#define PIECE_BYTES ((size_t)8 << 20)

static const char *
rule_word(enum delivery_rule rule)
{
    switch (rule) {
    case DELIVERY_COUNTS:
        return NULL;
    case BY_VERSION:
        return "version";
    case BY_TIME:
        return "time";
    case BY_SHA256:
        return "sha256";
    case BY_FRAME:
        return "frame";
    case BY_CONTENT:
        return "content";
    case BY_TIMESTAMP:
        return "timestamp";
    case BY_COORDINATES:
        return "coordinates";
    }
    return NULL;
}

static void
put_hex(struct strbuf *out, const char *name, const uint8_t *bytes, size_t count)
{
    static const char digits[] = "0123456789abcdef";
    char text[2 * SHA256_BYTES];
    for (size_t i = 0; i < count; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    json_put(out, name, sv_of(text, 2 * count));
}

static void
add_uid(struct strbuf *out, const uint8_t uid[UID_BYTES])
{
    strbuf_add_char(out, '"');
    for (size_t i = 0; i < UID_BYTES; i++)
        strbuf_addf(out, "%02x", uid[i]);
    strbuf_add_char(out, '"');
}

static void
put_row(struct strbuf *out, const struct delivery *delivery)
{
    static const struct sha256 unknown;
    const struct observation *at = delivery->observation;
    const char *rule = rule_word(delivery->rule);
    json_put_comma(out);
    strbuf_add_char(out, '{');
    put_hex(out, "uid", at->event.uid, UID_BYTES);
    json_put_int(out, "stream_id", at->at.stream_id);
    json_put_int(out, "record_offset", at->at.offset);
    json_put_int(out, "idx", at->at.index);
    json_put(out, "topic", at->topic);
    json_put_int(out, "incarnation", at->incarnation);
    json_put_int(out, "partition", at->partition);
    json_put(out, "kind", sv_from(event_kind_word(at->event.kind)));
    json_put(out, "format", at->event.format);
    if (at->event.event_time_ns != TIME_NONE)
        json_put_time(out, "event_time",
                      at->event.event_time_ns - at->event.event_time_ns % NS_PER_US);
    json_put_int(out, "version", at->event.version);
    if (memcmp(at->sha256.bytes, unknown.bytes, SHA256_BYTES) != 0) {
        put_hex(out, "sha256", at->sha256.bytes, SHA256_BYTES);
        put_hex(out, "frame_sha256", at->frame.bytes, SHA256_BYTES);
    }
    json_put_bool(out, "counts", delivery->rule == DELIVERY_COUNTS);
    if (rule != NULL)
        json_put(out, "decided_by", sv_from(rule));
    strbuf_add_char(out, '}');
}

static int
send(struct store *store, enum query query, const char *scope, struct strbuf *rows, struct err *err)
{
    strbuf_add_char(rows, ']');
    if (rows->overflow)
        return err_set(err, ERR_LIMIT, "the duplicates of a scope are larger than %zu MiB",
                       rows->max >> 20);
    const char *values[] = {scope, rows->ptr};
    int status = store_do(store, query, values, 2, NULL, err);
    strbuf_clear(rows);
    strbuf_add_char(rows, '[');
    return status;
}

/* [uid] of each, and what there is of it now. */
static int
delete_of(struct store *store, const struct correlation *correlation, const struct sv *uids,
          size_t uid_count, const char *scope, struct strbuf *rows, struct err *err)
{
    strbuf_add_char(rows, '[');
    for (size_t i = 0; i < uid_count; i++)
        strbuf_addf(rows, "%s[\"" SV_FMT "\"]", i == 0 ? "" : ",", SV_ARG(uids[i]));
    for (size_t i = 0; i < correlation->delivery_count; i++) {
        const struct delivery *delivery = &correlation->deliveries[i];
        const struct coordinates *at = &delivery->observation->at;
        json_put_comma(rows);
        strbuf_add_char(rows, '[');
        add_uid(rows, delivery->observation->event.uid);
        strbuf_addf(rows, ",%lld,%lld,%d,%s]", (long long)at->stream_id, (long long)at->offset,
                    (int)at->index, delivery->rule == DELIVERY_COUNTS ? "true" : "false");
    }
    return send(store, QUERY_casebook_part_delete_deliveries, scope, rows, err);
}

static int
delete_others(struct store *store, const struct correlation *correlation, const char *scope,
              struct strbuf *rows, struct err *err)
{
    size_t count = correlation->delivery_count;
    strbuf_add_char(rows, '[');
    for (size_t i = 0; i < count; i++) {
        const struct delivery *delivery = &correlation->deliveries[i];
        const struct coordinates *at = &delivery->observation->at;
        strbuf_addf(rows, "%s[%lld,%lld,%d,%s]", i == 0 ? "" : ",", (long long)at->stream_id,
                    (long long)at->offset, (int)at->index,
                    delivery->rule == DELIVERY_COUNTS ? "true" : "false");
    }
    return send(store, QUERY_casebook_delete_deliveries, scope, rows, err);
}

static int
put_all(struct store *store, const struct correlation *correlation, const char *scope,
        struct strbuf *rows, struct err *err)
{
    size_t count = correlation->delivery_count;
    for (size_t i = 0; i < count; i++) {
        put_row(rows, &correlation->deliveries[i]);
        if ((rows->len > PIECE_BYTES || i + 1 == count) &&
            send(store, QUERY_casebook_put_deliveries, scope, rows, err) != 0)
            return -1;
    }
    return 0;
}

/* Of these events alone, where there are any; else of all. */
static int
put(struct store *store, const struct correlation *correlation, const struct sv *uids,
    size_t uid_count, struct err *err)
{
    struct arena arena;
    struct strbuf rows;
    arena_init(&arena, 0);
    strbuf_init(&rows, 0);
    const char *scope = arena_strdup(&arena, correlation->scope);
    int status = uids != NULL ? delete_of(store, correlation, uids, uid_count, scope, &rows, err)
                              : delete_others(store, correlation, scope, &rows, err);
    if (status == 0)
        status = put_all(store, correlation, scope, &rows, err);
    strbuf_release(&rows);
    arena_release(&arena);
    return status;
}

int
casebook_put_deliveries(struct store *store, const struct correlation *correlation, struct err *err)
{
    return put(store, correlation, NULL, 0, err);
}

int
casebook_put_deliveries_of(struct store *store, const struct correlation *correlation,
                           const struct sv *uids, size_t uid_count, struct err *err)
{
    return uid_count == 0 ? 0 : put(store, correlation, uids, uid_count, err);
}

int
casebook_deliveries(struct store *store, struct arena *arena,
                    struct stored_delivery **ret_deliveries, size_t *ret_count, struct err *err)
{
    PGresult *result;
    if (store_sql(store, QUERY_casebook_deliveries, NULL, 0, &result, err) != 0)
        return -1;
    size_t count = (size_t)PQntuples(result);
    struct stored_delivery *rows = ARENA_ARRAY(arena, struct stored_delivery, count + 1);
    for (int i = 0; (size_t)i < count; i++)
        rows[i] = (struct stored_delivery){
            .scope = column_text(arena, result, i, 0),
            .uid = column_text(arena, result, i, 1),
            .kind = column_text(arena, result, i, 2),
            .format = column_text(arena, result, i, 3),
            .event_time_ns = column_null(result, i, 4) ? TIME_NONE : column_int(result, i, 4),
            .counts = column_bool(result, i, 5),
            .decided_by = column_text(arena, result, i, 6),
            .version = column_int(result, i, 7),
            .sha256 = column_text(arena, result, i, 8),
            .topic = column_text(arena, result, i, 9),
            .incarnation = (int32_t)column_int(result, i, 10),
            .partition = (int32_t)column_int(result, i, 11),
            .offset = column_int(result, i, 12),
            .index = (int32_t)column_int(result, i, 13),
            .frame_sha256 = column_text(arena, result, i, 14),
        };
    PQclear(result);
    *ret_deliveries = rows;
    *ret_count = count;
    return 0;
}

/*
 * Writing nodes and their keys: see hindcast/groups.h. Many rows go in one statement, in pieces.
 */
#include "base/text/json_writer.h"
#include "store/groups/groups.h"

/* A statement's parameter stays well below what jsonb can hold (255 MiB). */
#define PIECE_BYTES ((size_t)8 << 20)

static int
send(struct piece *piece, struct err *err)
{
    int64_t written = 0;
    strbuf_add_char(&piece->rows, ']');
    if (piece->rows.overflow)
        return err_set(err, ERR_LIMIT, "a node is larger than %zu MiB", piece->rows.max >> 20);
    const char *values[] = {piece->groups->scope_no, piece->rows.ptr};
    if (store_do(piece->groups->store, piece->query, values, 2, &written, err) != 0)
        return -1;
    piece->groups->count.statements++;
    piece->groups->count.written += (size_t)written;
    strbuf_clear(&piece->rows);
    strbuf_add_char(&piece->rows, '[');
    return 0;
}

void
groups_piece_begin(struct piece *piece, struct groups *groups, enum query query)
{
    *piece = (struct piece){.groups = groups, .query = query};
    strbuf_init(&piece->rows, (size_t)200 << 20);
    strbuf_add_char(&piece->rows, '[');
}

int
groups_piece_row(struct piece *piece, struct err *err)
{
    return piece->rows.len > PIECE_BYTES ? send(piece, err) : 0;
}

int
groups_piece_end(struct piece *piece, int status, struct err *err)
{
    if (status == 0 && piece->rows.len > 1)
        status = send(piece, err);
    strbuf_release(&piece->rows);
    return status;
}

static void
put_digest_of(struct strbuf *out, const char *name, struct sv text)
{
    if (text.len == 0)
        return;
    struct group_digest digest = group_digest_of(text);
    groups_put_digest(out, name, &digest);
}

/* Names of the members, by which the statements take them: see groups_put_nodes.sql. */
static void
put_derived(struct strbuf *out, const struct group_derived *is, bool opens)
{
    if (opens) {
        json_put_int(out, "ct", is->component.first_ms);
        json_put(out, "cs", is->component.source);
        json_put(out, "cu", is->component.uid);
    }
    put_digest_of(out, "lk", is->label);
    if (is->label.len > 0)
        json_put(out, "lt", is->label);
    if (is->rooted) {
        json_put_int(out, "rt", is->root.first_ms);
        json_put(out, "rs", is->root.source);
        json_put(out, "ru", is->root.uid);
    }
    json_put(out, "r", is->reason);
}

static void
put_row(struct strbuf *out, enum group_change change, const struct group_row *row)
{
    json_put_comma(out);
    strbuf_add_char(out, '{');
    json_put_bool(out, "o", row->opens);
    groups_put_id(out, &row->id);
    if (change == GROUP_PUT_NODES) {
        json_put_int(out, "l", row->last_ms);
        json_put_bool(out, "a", row->alert);
        json_put_bool(out, "h", row->change);
        json_put_bool(out, "b", row->bounded);
        json_put_bool(out, "d", row->derived);
        put_digest_of(out, "e", row->named);
        groups_put_digest(out, "k", &row->series);
        groups_put_hex(out, "c", row->content);
    }
    if (change == GROUP_PUT_DERIVED || (change == GROUP_PUT_NODES && row->derived))
        put_derived(out, &row->is, row->opens);
    strbuf_add_char(out, '}');
}

int
groups_change(void *context, enum group_change change, const struct group_row *rows, size_t count,
              struct err *err)
{
    static const enum query queries[GROUP_CHANGES] = {
        [GROUP_PUT_NODES] = QUERY_groups_put_nodes,
        [GROUP_DROP_NODES] = QUERY_groups_drop_nodes,
        [GROUP_PUT_DERIVED] = QUERY_groups_put_derived,
    };
    struct piece piece;
    int status = 0;
    groups_piece_begin(&piece, context, queries[change]);
    for (size_t i = 0; i < count && status == 0; i++) {
        put_row(&piece.rows, change, &rows[i]);
        status = groups_piece_row(&piece, err);
    }
    return groups_piece_end(&piece, status, err);
}

int
groups_change_keys(void *context, bool put, const struct group_key_row *rows, size_t count,
                   struct err *err)
{
    struct piece piece;
    int status = 0;
    groups_piece_begin(&piece, context, put ? QUERY_groups_put_keys : QUERY_groups_drop_keys);
    for (size_t i = 0; i < count && status == 0; i++) {
        json_put_comma(&piece.rows);
        strbuf_add_char(&piece.rows, '{');
        json_put_bool(&piece.rows, "o", rows[i].opens);
        groups_put_digest(&piece.rows, "k", &rows[i].key);
        groups_put_id(&piece.rows, &rows[i].id);
        strbuf_add_char(&piece.rows, '}');
        status = groups_piece_row(&piece, err);
    }
    return groups_piece_end(&piece, status, err);
}

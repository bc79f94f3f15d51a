/*
 * Saving a part of a scope: see part_save(). What a whole save finds by comparing all, a part is
 * told, or finds by index. Called by save.c, within the transaction of part_open.c.
 */
#include "base/text/json_writer.h"
#include "store/casebook/saving.h"

/* Internal numbers of the incidents that were touched, as a JSON array; `gone`: those that are no
 * more as well. */
static void
put_numbers(const struct saving *saving, bool gone, struct strbuf *out)
{
    const char *before = "";
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < saving->correlation->incident_count; i++, before = ",")
        strbuf_addf(out, "%s%lld", before, (long long)saving->states[i].incident_no);
    for (size_t i = 0; gone && i < saving->gone_count; i++, before = ",")
        strbuf_addf(out, "%s%lld", before, (long long)saving->gone[i]);
    strbuf_add_char(out, ']');
}

static void
put_given_nodes(const struct saving *saving, struct strbuf *out)
{
    for (size_t i = 0; i < saving->correlation->node_count; i++) {
        json_put_comma(out);
        json_put_string(out, saving->correlation->nodes[i].node_key);
    }
}

/* Nodes that incidents held which are no more have their numbers still. */
int
saving_part_nodes(struct saving *saving, struct err *err)
{
    const struct casebook_part *part = saving->part;
    struct strbuf *rows = &saving->rows;
    PGresult *result;
    strbuf_clear(rows);
    strbuf_add_text(rows, "{\"incidents\":");
    put_numbers(saving, true, rows);
    strbuf_add_text(rows, ",\"nodes\":[");
    put_given_nodes(saving, rows);
    strbuf_add_text(rows, "],\"gone\":[");
    for (size_t i = 0; i < part->gone_node_count; i++) {
        json_put_comma(rows);
        json_put_string(rows, part->gone_nodes[i]);
    }
    strbuf_add_text(rows, "]}");
    if (saving_check(rows, err) != 0)
        return -1;
    const char *values[] = {saving->scope, rows->ptr};
    if (store_sql(saving->store, QUERY_casebook_part_delete_nodes, values, 2, &result, err) != 0)
        return -1;
    strbuf_add_char(&saving->part_nodes, '[');
    put_given_nodes(saving, &saving->part_nodes);
    for (int i = 0; i < PQntuples(result); i++) {
        json_put_comma(&saving->part_nodes);
        json_put_string(&saving->part_nodes, column_view(result, i, 0));
    }
    strbuf_add_char(&saving->part_nodes, ']');
    PQclear(result);
    return saving_check(&saving->part_nodes, err);
}

int
saving_part_numbers(struct saving *saving, struct err *err)
{
    static const enum query queries[] = {QUERY_casebook_part_show_numbers,
                                         QUERY_casebook_part_put_numbers,
                                         QUERY_casebook_part_anchor_numbers};
    struct strbuf *rows = &saving->rows;
    strbuf_clear(rows);
    strbuf_add_text(rows, "{\"incidents\":");
    put_numbers(saving, false, rows);
    strbuf_add_text(rows, ",\"nodes\":");
    strbuf_add_sv(rows, strbuf_view(&saving->part_nodes));
    strbuf_add_char(rows, '}');
    if (saving_check(rows, err) != 0)
        return -1;
    const char *values[] = {saving->scope, rows->ptr};
    if (store_do(saving->store, QUERY_casebook_part_move_numbers, values, 2, NULL, err) != 0)
        return -1;
    strbuf_clear(rows);
    put_numbers(saving, false, rows);
    values[1] = rows->ptr;
    for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++)
        if (store_do(saving->store, queries[i], values, 2, NULL, err) != 0)
            return -1;
    return 0;
}

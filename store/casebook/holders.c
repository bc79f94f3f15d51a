/*
 * Who holds given records: see casebook_holders(). A document keeps the uids of what it was made
 * of; this leads from them to the incidents of today.
 */
#include "base/text/json_writer.h"
#include "store/casebook/columns.h"

static void
put_asked(const struct asked_uid *asked, size_t count, struct strbuf *out)
{
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        json_put_comma(out);
        strbuf_addf(out, "[%lld,", (long long)asked[i].place);
        json_put_string(out, asked[i].uid);
        strbuf_add_char(out, ']');
    }
    strbuf_add_char(out, ']');
}

static int
ask(struct store *store, struct arena *arena, const char *asked, struct uid_holder **ret_holders,
    size_t *ret_count, struct err *err)
{
    PGresult *result;
    if (store_sql(store, QUERY_casebook_holders, &asked, 1, &result, err) != 0)
        return -1;
    int count = PQntuples(result);
    struct uid_holder *holders = ARENA_ARRAY(arena, struct uid_holder, (size_t)count + 1);
    for (int i = 0; i < count; i++)
        holders[i] = (struct uid_holder){.place = column_int(result, i, 0),
                                         .incident_no = column_int(result, i, 1),
                                         .shared = column_int(result, i, 2)};
    PQclear(result);
    *ret_holders = holders;
    *ret_count = (size_t)count;
    return 0;
}

int
casebook_holders(struct store *store, struct arena *arena, const struct asked_uid *asked,
                 size_t count, struct uid_holder **ret_holders, size_t *ret_count, struct err *err)
{
    struct strbuf text;
    strbuf_init(&text, (size_t)64 << 20);
    put_asked(asked, count, &text);
    int status = text.overflow
                     ? err_set(err, ERR_LIMIT, "%zu records are too many to ask for at once", count)
                     : ask(store, arena, text.ptr, ret_holders, ret_count, err);
    strbuf_release(&text);
    return status;
}

/*
 * Records of series: see hindcast/groups.h. Each row that comes back is counted.
 */
#include "base/text/json_writer.h"
#include "store/groups/groups.h"

static void
put_record(struct strbuf *out, size_t n, const struct group_record *record, int64_t to_ms)
{
    json_put_comma(out);
    strbuf_add_char(out, '{');
    json_put_int(out, "n", (int64_t)n);
    json_put(out, "u", record->uid);
    groups_put_digest(out, "k", &record->series);
    json_put_int(out, "f", record->ms);
    json_put_int(out, "l", to_ms);
    groups_put_hex(out, "p", record->place);
    if (record->content.ptr != NULL)
        groups_put_hex(out, "c", record->content);
    strbuf_add_char(out, '}');
}

static int
read_answers(struct groups *groups, struct arena *arena, PGresult *result,
             struct group_record_answer **ret_answers, size_t *ret_count)
{
    int rows = PQntuples(result);
    struct group_record_answer *answers =
        ARENA_ARRAY(arena, struct group_record_answer, (size_t)rows + 1);
    for (int i = 0; i < rows; i++) {
        answers[i].place = (size_t)column_int(result, i, 0);
        answers[i].record =
            (struct group_record){.uid = column_text(arena, result, i, 1),
                                  .ms = column_int(result, i, 2),
                                  .content = groups_column_bytes(arena, result, i, 3)};
    }
    PQclear(result);
    groups->count.record_rows += (size_t)rows;
    *ret_answers = answers;
    *ret_count = (size_t)rows;
    return 0;
}

static int
ask(struct groups *groups, struct arena *arena, enum query query,
    const struct group_record *records, size_t count, int64_t to_ms, const char *limit,
    struct group_record_answer **ret_answers, size_t *ret_count, struct err *err)
{
    struct strbuf out;
    PGresult *result;
    int status = -1;
    strbuf_init(&out, (size_t)64 << 20);
    strbuf_add_char(&out, '[');
    for (size_t i = 0; i < count; i++)
        put_record(&out, i, &records[i], to_ms);
    strbuf_add_char(&out, ']');
    const char *values[] = {groups->scope_no, out.ptr, limit};
    if (out.overflow)
        err_set(err, ERR_LIMIT, "%zu records are too many to ask for at once", count);
    else
        status = store_sql(groups->store, query, values, limit == NULL ? 2 : 3, &result, err);
    strbuf_release(&out);
    groups->count.statements++;
    return status == 0 ? read_answers(groups, arena, result, ret_answers, ret_count) : -1;
}

int
groups_beside(void *context, struct arena *arena, const struct group_record *records, size_t count,
              bool before, struct group_record_answer **ret_answers, size_t *ret_count,
              struct err *err)
{
    return ask(context, arena, before ? QUERY_groups_record_before : QUERY_groups_record_after,
               records, count, 0, NULL, ret_answers, ret_count, err);
}

int
groups_within(void *context, struct arena *arena, const struct group_record *record, int64_t to_ms,
              size_t limit, struct group_record_answer **ret_answers, size_t *ret_count,
              struct err *err)
{
    char text[INT_TEXT];
    int64_t most = limit > INT32_MAX ? INT32_MAX : (int64_t)limit;
    return ask(context, arena, QUERY_groups_records_within, record, 1, to_ms, int_text(most, text),
               ret_answers, ret_count, err);
}

int
groups_records(void *context, struct arena *arena, const struct group_record *records, size_t count,
               struct group_record_answer **ret_answers, size_t *ret_count, struct err *err)
{
    return ask(context, arena, QUERY_groups_records_by_uid, records, count, 0, NULL, ret_answers,
               ret_count, err);
}

int
groups_change_records(void *context, bool put, const struct group_record *records, size_t count,
                      struct err *err)
{
    struct piece piece;
    int status = 0;
    piece_begin(&piece, context, put ? QUERY_groups_put_records : QUERY_groups_drop_records);
    for (size_t i = 0; i < count && status == 0; i++) {
        put_record(&piece.rows, i, &records[i], 0);
        status = piece_row(&piece, err);
    }
    return piece_end(&piece, status, err);
}

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
    if (record->content.ptr != NULL) {
        groups_put_hex(out, "c", record->content);
        json_put_bool(out, "o", record->occurs);
        if (record->loud)
            groups_put_digest(out, "s", &record->lines);
    }
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

#define SENT_BYTES_MAX ((size_t)64 << 20) /* of what is asked for at once */

/* The places without their closing bracket; released. */
static int
ask_with(struct groups *groups, struct arena *arena, enum query query, struct strbuf *places,
         size_t count, const char *limit, struct group_record_answer **ret_answers,
         size_t *ret_count, struct err *err)
{
    PGresult *result;
    int status = -1;
    strbuf_add_char(places, ']');
    const char *values[] = {groups->scope_no, places->ptr, limit};
    if (places->overflow)
        err_set(err, ERR_LIMIT, "%zu records are too many to ask for at once", count);
    else
        status = store_sql(groups->store, query, values, limit == NULL ? 2 : 3, &result, err);
    strbuf_release(places);
    groups->count.statements++;
    return status == 0 ? read_answers(groups, arena, result, ret_answers, ret_count) : -1;
}

static int
ask(struct groups *groups, struct arena *arena, enum query query,
    const struct group_record *records, size_t count, int64_t to_ms, const char *limit,
    struct group_record_answer **ret_answers, size_t *ret_count, struct err *err)
{
    struct strbuf out;
    strbuf_init(&out, SENT_BYTES_MAX);
    strbuf_add_char(&out, '[');
    for (size_t i = 0; i < count; i++)
        put_record(&out, i, &records[i], to_ms);
    return ask_with(groups, arena, query, &out, count, limit, ret_answers, ret_count, err);
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

static void
put_span(struct strbuf *out, size_t n, const struct group_place *place)
{
    json_put_comma(out);
    strbuf_add_char(out, '{');
    json_put_int(out, "n", (int64_t)n);
    groups_put_digest(out, "k", &place->digest);
    json_put_int(out, "f", place->from_ms);
    json_put_int(out, "l", place->to_ms);
    strbuf_add_char(out, '}');
}

int
groups_look(void *context, struct arena *arena, enum group_record_question question,
            const struct group_place *places, size_t count,
            struct group_record_answer **ret_answers, size_t *ret_count, struct err *err)
{
    static const enum query queries[GROUP_RECORD_QUESTIONS] = {
        [GROUP_RECORDS_OF] = QUERY_groups_records_of,
        [GROUP_RECORDS_LOUD] = QUERY_groups_records_loud,
        [GROUP_RECORDS_AT] = QUERY_groups_records_at,
    };
    struct strbuf out;
    strbuf_init(&out, SENT_BYTES_MAX);
    strbuf_add_char(&out, '[');
    for (size_t i = 0; i < count; i++)
        put_span(&out, i, &places[i]);
    return ask_with(context, arena, queries[question], &out, count, NULL, ret_answers, ret_count,
                    err);
}

int
groups_hours(void *context, struct arena *arena, int64_t from, int64_t to, int64_t **ret_hours,
             size_t *ret_count, struct err *err)
{
    struct groups *groups = context;
    char first[INT_TEXT], last[INT_TEXT];
    const char *values[] = {groups->scope_no, int_text(from, first), int_text(to, last)};
    PGresult *result;
    if (store_sql(groups->store, QUERY_groups_hours, values, 3, &result, err) != 0)
        return -1;
    size_t count = (size_t)PQntuples(result);
    int64_t *hours = ARENA_ARRAY(arena, int64_t, count + 1);
    for (size_t i = 0; i < count; i++)
        hours[i] = column_int(result, (int)i, 0);
    PQclear(result);
    groups->count.statements++;
    *ret_hours = hours;
    *ret_count = count;
    return 0;
}

int
groups_change_records(void *context, bool put, const struct group_record *records, size_t count,
                      struct err *err)
{
    struct piece piece;
    int status = 0;
    groups_piece_begin(&piece, context, put ? QUERY_groups_put_records : QUERY_groups_drop_records);
    for (size_t i = 0; i < count && status == 0; i++) {
        put_record(&piece.rows, i, &records[i], 0);
        status = groups_piece_row(&piece, err);
    }
    return groups_piece_end(&piece, status, err);
}

/*
 * Questions about nodes: see hindcast/groups.h. Each row that comes back is counted.
 */
#include "base/text/json_writer.h"
#include "store/groups/groups.h"

static const enum query questions[GROUP_QUESTIONS] = {
    [GROUP_BY_ID] = QUERY_groups_by_id,
    [GROUP_MEMBERS] = QUERY_groups_members,
    [GROUP_HEAD] = QUERY_groups_head,
    [GROUP_BOUNDS] = QUERY_groups_bounds,
    [GROUP_ALERTS] = QUERY_groups_alerts,
    [GROUP_WITH_KEY] = QUERY_groups_with_key,
    [GROUP_ALIVE] = QUERY_groups_alive,
    [GROUP_NAMING] = QUERY_groups_naming,
    [GROUP_ROOTED] = QUERY_groups_rooted,
    [GROUP_LABELLED] = QUERY_groups_labelled,
    [GROUP_CHANGES_WITHIN] = QUERY_groups_changes,
    [GROUP_ALERT_FIRST] = QUERY_groups_alert_first,
    [GROUP_ALERT_LAST] = QUERY_groups_alert_last,
    [GROUP_OPENING_WITHIN] = QUERY_groups_opening,
    [GROUP_SERIES_WITHIN] = QUERY_groups_series_within,
    [GROUP_HANGING] = QUERY_groups_hanging,
    [GROUP_EARLIER] = QUERY_groups_earlier,
    [GROUP_LATER] = QUERY_groups_later,
};

static void
put_place(struct strbuf *out, size_t n, const struct group_place *place)
{
    json_put_comma(out);
    strbuf_add_char(out, '{');
    json_put_int(out, "n", (int64_t)n);
    json_put_bool(out, "o", place->opens);
    groups_put_digest(out, "k", &place->digest);
    groups_put_id(out, &place->id);
    json_put_int(out, "f", place->from_ms);
    json_put_int(out, "l", place->to_ms);
    strbuf_add_char(out, '}');
}

static int
run(struct groups *groups, enum query query, const struct group_place *places, size_t count,
    const char *limit, PGresult **ret_result, struct err *err)
{
    struct strbuf out;
    int status = -1;
    strbuf_init(&out, (size_t)64 << 20);
    strbuf_add_char(&out, '[');
    for (size_t i = 0; i < count; i++)
        put_place(&out, i, &places[i]);
    strbuf_add_char(&out, ']');
    const char *values[] = {groups->scope_no, out.ptr, limit};
    if (out.overflow)
        err_set(err, ERR_LIMIT, "%zu nodes are too many to ask for at once", count);
    else
        status = store_sql(groups->store, query, values, limit == NULL ? 2 : 3, ret_result, err);
    strbuf_release(&out);
    groups->count.statements++;
    return status;
}

static struct node_id
column_id(struct arena *arena, const PGresult *result, int row, int column)
{
    if (column_null(result, row, column))
        return (struct node_id){0};
    return (struct node_id){column_int(result, row, column),
                            column_text(arena, result, row, column + 1),
                            column_text(arena, result, row, column + 2)};
}

int
groups_nearest(void *context, struct arena *arena, const struct group_place *places, size_t count,
               bool before, size_t limit, struct group_near **ret_near, size_t *ret_count,
               struct err *err)
{
    struct groups *groups = context;
    PGresult *result;
    char text[INT_TEXT];
    if (run(groups, before ? QUERY_groups_before : QUERY_groups_after, places, count,
            int_text((int64_t)limit, text), &result, err) != 0)
        return -1;
    int rows = PQntuples(result);
    struct group_near *near = ARENA_ARRAY(arena, struct group_near, (size_t)rows + 1);
    for (int i = 0; i < rows; i++)
        near[i] =
            (struct group_near){(size_t)column_int(result, i, 0), column_id(arena, result, i, 1)};
    PQclear(result);
    groups->count.key_rows += (size_t)rows;
    *ret_near = near;
    *ret_count = (size_t)rows;
    return 0;
}

struct sv
groups_column_bytes(struct arena *arena, const PGresult *result, int row, int column)
{
    size_t len = column_view(result, row, column).len;
    len = len < 2 ? 0 : (len - 2) / 2; /* "\x..." */
    char *bytes = arena_alloc(arena, len + 1);
    return column_bytes(result, row, column, bytes, len) ? sv_of(bytes, len) : SV_NONE;
}

static struct group_row
read_row(struct arena *arena, const PGresult *result, int row)
{
    return (struct group_row){
        .id = column_id(arena, result, row, 1),
        .opens = column_bool(result, row, 15),
        .last_ms = column_int(result, row, 4),
        .content = groups_column_bytes(arena, result, row, 5),
        .derived = column_bool(result, row, 6),
        .is = {.component = column_id(arena, result, row, 7),
               .label = column_text(arena, result, row, 10),
               .root = column_id(arena, result, row, 11),
               .rooted = !column_null(result, row, 11),
               .reason = column_text(arena, result, row, 14)},
    };
}

static int
run_nodes(struct groups *groups, struct arena *arena, enum query query,
          const struct group_place *places, size_t count, const char *limit,
          struct group_answer **ret_answers, size_t *ret_count, struct err *err)
{
    PGresult *result;
    if (run(groups, query, places, count, limit, &result, err) != 0)
        return -1;
    int rows = PQntuples(result);
    struct group_answer *answers = ARENA_ARRAY(arena, struct group_answer, (size_t)rows + 1);
    for (int i = 0; i < rows; i++)
        answers[i] =
            (struct group_answer){(size_t)column_int(result, i, 0), read_row(arena, result, i)};
    PQclear(result);
    groups->count.node_rows += (size_t)rows;
    *ret_answers = answers;
    *ret_count = (size_t)rows;
    return 0;
}

int
groups_ask(void *context, struct arena *arena, enum group_question question,
           const struct group_place *places, size_t count, struct group_answer **ret_answers,
           size_t *ret_count, struct err *err)
{
    struct groups *groups = context;
    if (run_nodes(groups, arena, questions[question], places, count, NULL, ret_answers, ret_count,
                  err) != 0)
        return -1;
    groups->count.key_rows += question == GROUP_WITH_KEY ? *ret_count : 0;
    return 0;
}

int
groups_series(void *context, struct arena *arena, const struct group_place *places, size_t count,
              bool before, size_t limit, struct group_answer **ret_answers, size_t *ret_count,
              struct err *err)
{
    char text[INT_TEXT];
    return run_nodes(context, arena,
                     before ? QUERY_groups_series_before : QUERY_groups_series_after, places, count,
                     int_text((int64_t)limit, text), ret_answers, ret_count, err);
}

/* From a place on, one piece after the other. */
static int
after(struct groups *groups, struct arena *arena, enum query query, const struct node_id *id,
      size_t limit, struct group_answer **ret_answers, size_t *ret_count, struct err *err)
{
    char text[INT_TEXT];
    const struct group_place place = {.id = *id};
    return run_nodes(groups, arena, query, &place, 1, int_text((int64_t)limit, text), ret_answers,
                     ret_count, err);
}

int
groups_opening_after(struct groups *groups, struct arena *arena, const struct node_id *id,
                     size_t limit, struct group_answer **ret_answers, size_t *ret_count,
                     struct err *err)
{
    return after(groups, arena, QUERY_groups_opening_after, id, limit, ret_answers, ret_count, err);
}

int
groups_loose_after(struct groups *groups, struct arena *arena, const struct node_id *id,
                   size_t limit, struct group_answer **ret_answers, size_t *ret_count,
                   struct err *err)
{
    return after(groups, arena, QUERY_groups_loose_after, id, limit, ret_answers, ret_count, err);
}

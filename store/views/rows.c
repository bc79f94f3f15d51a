/*
 * Reading the rows of a view: see hindcast/views.h. A cursor of the server gives them piece by
 * piece. Called by `query` within its snapshot.
 */
#include "store/views/select.h"

static struct view_cell
read_cell(const struct view_column *column, const PGresult *result, int row, int at)
{
    struct view_cell cell = {.null = column_null(result, row, at), .time_ns = TIME_NONE};
    if (cell.null)
        return cell;
    if (column->kind == VIEW_TIME)
        cell.time_ns = column_int(result, row, at) * NS_PER_US;
    else if (column->kind == VIEW_BOOL)
        cell.text = column_bool(result, row, at) ? SV("true") : SV("false");
    else
        cell.text = column_view(result, row, at);
    return cell;
}

/* False: the reader has seen enough. */
static bool
give_rows(const struct view *view, const PGresult *result, struct view_cell *cells, view_row *row,
          void *opaque)
{
    int count = PQntuples(result);
    for (int i = 0; i < count; i++) {
        for (size_t k = 0; k < view->column_count; k++)
            cells[k] = read_cell(&view->columns[k], result, i, (int)k);
        if (!row(opaque, cells))
            return false;
    }
    return count > 0;
}

static int
fetch_rows(struct store *store, const struct view *view, view_row *row, void *opaque,
           struct err *err)
{
    struct arena arena;
    bool more = true;
    int status = 0;
    arena_init(&arena, 0);
    struct view_cell *cells = ARENA_ARRAY(&arena, struct view_cell, view->column_count + 1);
    while (more && status == 0) {
        PGresult *result;
        status = store_sql(store, QUERY_views_fetch, NULL, 0, &result, err);
        if (status != 0)
            break;
        more = give_rows(view, result, cells, row, opaque);
        PQclear(result);
    }
    arena_release(&arena);
    return status;
}

int
views_read(struct store *store, const struct view *view, const struct view_filter *filter,
           view_row *row, void *opaque, struct err *err)
{
    struct strbuf statement;
    strbuf_init(&statement, 0);
    int status = view_select(store, view, filter, &statement, err);
    if (status == 0)
        status = store_script(store, strbuf_view(&statement).ptr, "reading a view", err);
    strbuf_release(&statement);
    return status == 0 ? fetch_rows(store, view, row, opaque, err) : -1;
}

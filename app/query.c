/*
 * Asking for views and handing their rows to a writer: see query.h.
 */
#include "app/query.h"

#include "app/open.h"
#include "app/output.h"
#include "app/query_rows.h"
#include "hindcast/views.h"

/* ---- what there is ---- */

static const struct view_column list_columns[] = {
    {.name = {"view", 4}, .kind = VIEW_TEXT},
    {.name = {"comment", 7}, .kind = VIEW_TEXT},
};
static const struct view_column column_columns[] = {
    {.name = {"column", 6}, .kind = VIEW_TEXT},
    {.name = {"type", 4}, .kind = VIEW_TEXT},
    {.name = {"comment", 7}, .kind = VIEW_TEXT},
};

static struct view_cell
cell_of(struct sv text)
{
    return (struct view_cell){.null = text.ptr == NULL, .text = text};
}

static int
print_list(struct store *store, struct arena *arena, struct query_rows *rows, struct err *err)
{
    struct view *views;
    size_t count;
    if (views_list(store, arena, &views, &count, err) != 0)
        return -1;
    query_rows_begin(rows, list_columns, 2);
    for (size_t i = 0; i < count; i++) {
        const struct view_cell cells[] = {cell_of(views[i].name), cell_of(views[i].comment)};
        query_rows_add(rows, cells);
    }
    return query_rows_end(rows, err);
}

static int
print_columns(const struct view *view, struct query_rows *rows, struct err *err)
{
    query_rows_begin(rows, column_columns, 3);
    for (size_t i = 0; i < view->column_count; i++) {
        const struct view_column *column = &view->columns[i];
        const struct view_cell cells[] = {cell_of(column->name), cell_of(column->type),
                                          cell_of(column->comment)};
        query_rows_add(rows, cells);
    }
    return query_rows_end(rows, err);
}

/* ---- rows ---- */

static int
read_filter(struct store *store, struct arena *arena, const struct query_request *request,
            struct view_filter *ret_filter, struct err *err)
{
    *ret_filter = (struct view_filter){
        .since_ns = request->since_ns,
        .until_ns = request->until_ns,
        .scope = sv_from(request->scope),
        .service = sv_from(request->service),
    };
    if (request->incident == NULL)
        return 0;
    return views_incident(store, arena, request->incident, sv_from(request->scope), ret_filter,
                          err);
}

static bool
take_row(void *opaque, const struct view_cell *cells)
{
    return query_rows_add(opaque, cells) && !output_failed();
}

static int
print_rows(struct store *store, struct arena *arena, const struct query_request *request,
           const struct view *view, struct query_rows *rows, struct err *err)
{
    struct view_filter filter;
    if (read_filter(store, arena, request, &filter, err) != 0)
        return -1;
    query_rows_begin(rows, view->columns, view->column_count);
    if (views_read(store, view, &filter, take_row, rows, err) != 0)
        return -1;
    return query_rows_end(rows, err);
}

static int
print(struct store *store, struct arena *arena, const struct query_request *request,
      struct query_rows *rows, struct err *err)
{
    struct view view;
    if (request->view == NULL)
        return print_list(store, arena, rows, err);
    if (views_find(store, arena, request->view, &view, err) != 0)
        return -1;
    return request->columns ? print_columns(&view, rows, err)
                            : print_rows(store, arena, request, &view, rows, err);
}

int
query_print(const struct config *config, const struct query_request *request,
            const volatile bool *stop, struct err *err)
{
    struct store *store;
    struct arena arena;
    struct query_rows rows;
    if (open_reader(config, READ_DERIVED, stop, &store, err) != 0)
        return -1;
    arena_init(&arena, 0);
    query_rows_init(&rows, request->format, output_columns());
    int status = print(store, &arena, request, &rows, err);
    query_rows_release(&rows);
    arena_release(&arena);
    store_close(store);
    return status;
}

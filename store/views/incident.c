/*
 * Finding an incident by name through the views alone: see hindcast/views.h. Called by `query`
 * within its snapshot.
 */
#include "base/text/utf8.h"
#include "hindcast/views.h"
#include "store/pg/conn.h"

int
views_incident(struct store *store, struct arena *arena, const char *name, struct sv scope,
               struct view_filter *filter, struct err *err)
{
    PGresult *result;
    const char *values[] = {name, scope.ptr == NULL ? NULL : arena_strdup(arena, scope)};
    if (!utf8_storable(sv_from(name)))
        return err_set(err, ERR_USAGE, "--incident is not valid UTF-8");
    if (store_sql(store, QUERY_views_incident, values, 2, &result, err) != 0)
        return -1;
    int rows = PQntuples(result);
    if (rows == 1) {
        filter->scope = column_text(arena, result, 0, 0);
        filter->incident_key = column_text(arena, result, 0, 1);
        filter->incident = column_text(arena, result, 0, 2);
    }
    PQclear(result);
    if (rows == 1)
        return 0;
    if (rows == 0) {
        err_set(err, ERR_NOT_FOUND, "there is no incident '%s'", name);
        return err_hint(err, "'hindcast query incidents' lists them");
    }
    err_set(err, ERR_NOT_FOUND, "'%s' names more than one incident", name);
    return err_hint(err, "name its scope, too: --scope");
}

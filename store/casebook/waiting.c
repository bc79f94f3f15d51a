/*
 * Which incidents wait: see hindcast/waiting.h.
 */
#include "hindcast/waiting.h"

#include "store/casebook/columns.h"

int
waiting_incidents(struct store *store, struct arena *arena, struct sv scope, struct sv incident_key,
                  struct waiting_incident **ret_incidents, size_t *ret_count, struct err *err)
{
    PGresult *result;
    const char *values[] = {sv_empty(scope) ? NULL : arena_strdup(arena, scope),
                            sv_empty(incident_key) ? NULL : arena_strdup(arena, incident_key)};
    if (store_sql(store, QUERY_waiting, values, 2, &result, err) != 0)
        return -1;
    *ret_count = (size_t)PQntuples(result);
    *ret_incidents = ARENA_ARRAY(arena, struct waiting_incident, *ret_count + 1);
    for (size_t i = 0; i < *ret_count; i++)
        (*ret_incidents)[i] = (struct waiting_incident){
            .scope = column_text(arena, result, (int)i, 0),
            .incident = column_text(arena, result, (int)i, 1),
            .records = column_int(result, (int)i, 2),
        };
    PQclear(result);
    return 0;
}

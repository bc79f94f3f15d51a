/*
 * That a document was written: see casebook_documented(). Called by report and draft on the main
 * thread.
 */
#include "hindcast/casebook.h"
#include "store/casebook/columns.h"
#include "store/pg/query.h"

int
casebook_documented(struct store *store, struct arena *arena, const struct stored_incident *stored,
                    const char *document, const char *form, struct err *err)
{
    const char *values[] = {
        stored == NULL ? NULL : arena_strdup(arena, stored->scope),
        stored == NULL ? NULL : arena_strdup(arena, stored->incident.incident_key), document, form};
    PGresult *result;
    if (store_sql(store, QUERY_document_insert, values, 4, &result, err) != 0)
        return -1;
    PQclear(result);
    return 0;
}

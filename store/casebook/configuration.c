/*
 * The configuration that counts: see hindcast/configuration.h. Called by the correlator's loop,
 * `config` and `draft` on the thread that owns the connection.
 */
#include "hindcast/configuration.h"

#include <assert.h>
#include <stdio.h>

#include "store/pg/conn.h"

int
configuration_newest(struct store *store, struct arena *arena,
                     struct stored_configuration *ret_configuration, struct err *err)
{
    PGresult *result;
    if (store_sql(store, QUERY_configuration_newest, NULL, 0, &result, err) != 0)
        return -1;
    *ret_configuration = (struct stored_configuration){.applied_ns = TIME_NONE};
    if (PQntuples(result) > 0)
        *ret_configuration = (struct stored_configuration){
            .number = column_int(result, 0, 0),
            .digest = column_text(arena, result, 0, 1),
            .derivation = column_int(result, 0, 2),
            .content = column_text(arena, result, 0, 3),
            .applied_ns = column_time(result, 0, 4),
            .applied_by = column_text(arena, result, 0, 5),
        };
    PQclear(result);
    return 0;
}

int
configuration_apply(struct store *store, struct sv content, int derivation, int64_t after,
                    int64_t *ret_number, struct err *err)
{
    char derivation_text[INT_TEXT], after_text[INT_TEXT];
    struct arena arena;
    PGresult *result;
    assert(content.len > 0 && derivation > 0);
    assert(after >= 0 || after == CONFIGURATION_ANY);
    arena_init(&arena, 0);
    const char *values[] = {arena_strdup(&arena, content), int_text(derivation, derivation_text),
                            after == CONFIGURATION_ANY ? NULL : int_text(after, after_text)};
    int status = store_sql(store, QUERY_configuration_apply, values, 3, &result, err);
    if (status == 0) {
        *ret_number = column_int(result, 0, 0);
        PQclear(result);
    }
    arena_release(&arena);
    return status;
}

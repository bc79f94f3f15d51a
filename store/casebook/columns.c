/*
 * Reading columns and JSON members into arena memory, see casebook_sql.h. Called by the casebook's
 * readers on the thread that owns the connection.
 */
#include "store/casebook/columns.h"

int64_t
row_time(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column) ? TIME_NONE : column_int(result, row, column);
}

struct sv
json_member_text(struct arena *arena, const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    if (!json_is_string(value))
        return SV_NONE;
    return arena_copy(arena, sv_of(json_string_value(value), json_string_length(value)));
}

int64_t
json_member_number(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

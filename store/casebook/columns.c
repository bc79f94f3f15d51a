/*
 * Reading columns and JSON members into arena memory, see columns.h. Called by the casebook's
 * readers on the thread that owns the connection.
 */
#include "store/casebook/columns.h"

int64_t
row_time(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column) ? TIME_NONE : column_int(result, row, column);
}

json_t *
column_array(const PGresult *result, int row, int column)
{
    json_error_t error;
    return json_loadb(PQgetvalue(result, row, column), (size_t)PQgetlength(result, row, column), 0,
                      &error);
}

const struct sv *
column_texts(struct arena *arena, const PGresult *result, int row, int column, size_t *ret_count)
{
    json_t *array = column_array(result, row, column);
    size_t count = json_array_size(array);
    struct sv *texts = ARENA_ARRAY(arena, struct sv, count + 1);
    for (size_t i = 0; i < count; i++)
        texts[i] = arena_copy(arena, sv_from(json_string_value(json_array_get(array, i))));
    json_decref(array);
    *ret_count = count;
    return texts;
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

/*
 * Files that were loaded: see casebook.h. What their records say was written by whoever wrote to
 * the topic: nothing of it is trusted to have a form.
 */
#include "hindcast/casebook.h"
#include "store/pg/conn.h"

static int64_t
time_of(struct sv text)
{
    struct parsed_time time;
    bool good = time_parse(text, &time) && time.ns >= TIME_MIN_NS && time.ns <= TIME_MAX_NS;
    return good ? time.ns : TIME_NONE;
}

/* A number of the file, or `none` where it has no such. */
static int64_t
number_or(const PGresult *result, int row, int column, int64_t none)
{
    return column_null(result, row, column) ? none : column_int(result, row, column);
}

static void
read_numbers(const PGresult *result, int row, struct loaded_file *file)
{
    file->events = number_or(result, row, 6, -1);
    file->of_text = number_or(result, row, 7, 0);
    file->of_json = number_or(result, row, 8, 0);
    for (int source = TIME_SOURCE_NATIVE; source <= TIME_SOURCE_ABSENT; source++)
        file->times[source] = number_or(result, row, 8 + source, 0);
}

int
casebook_files(struct store *store, struct arena *arena, struct sv scope,
               struct loaded_file **ret_files, size_t *ret_count, struct err *err)
{
    PGresult *result;
    const char *values[] = {arena_strdup(arena, scope)};
    if (store_sql(store, QUERY_casebook_files, values, 1, &result, err) != 0)
        return -1;
    int count = PQntuples(result);
    struct loaded_file *files = ARENA_ARRAY(arena, struct loaded_file, (size_t)count + 1);
    for (int i = 0; i < count; i++) {
        files[i] = (struct loaded_file){.name = column_text(arena, result, i, 0),
                                        .read = sv_eq(column_text(arena, result, i, 1), SV("read")),
                                        .look = column_bool(result, i, 2),
                                        .said = column_text(arena, result, i, 3),
                                        .first_ns = time_of(column_text(arena, result, i, 4)),
                                        .last_ns = time_of(column_text(arena, result, i, 5))};
        read_numbers(result, i, &files[i]);
    }
    PQclear(result);
    *ret_files = files;
    *ret_count = (size_t)count;
    return 0;
}

/*
 * Migrations: numbered files of sql/migrations, each applied once, in one transaction, under an
 * advisory lock, with its checksum recorded. Called by cmd/migrate.c, cmd/draft.c and tests.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "hindcast/migrate.h"
#include "hindcast/retry.h"
#include "store/pg/conn.h"

/* DDL waits 2 s for its locks; together with the waits between that is about a minute. */
static const struct retry_policy lock_policy = {
    .first_ns = 200 * NS_PER_MS, .max_ns = 5 * NS_PER_S, .attempts = 15};

static int
file_version(const struct embedded_file *file)
{
    return (int)strtol(file->name, NULL, 10);
}

/* The number of the last migration this program knows: the program's own schema version. */
static int
program_version(void)
{
    int version = 0;
    for (const struct embedded_file *file = embedded_migrations; file->name != NULL; file++)
        version = file_version(file);
    return version;
}

static int
read_version(struct store *store, int *ret_version, int *ret_oldest, struct err *err)
{
    PGresult *result;
    if (store_sql(store, "migrate_version", NULL, 0, &result, err) != 0)
        return -1;
    bool found = PQntuples(result) == 1;
    if (found) {
        *ret_version = (int)column_int(result, 0, 0);
        *ret_oldest = (int)column_int(result, 0, 1);
    }
    PQclear(result);
    return found ? 0 : err_set(err, ERR_DB_SCHEMA, "hindcast.schema_version is empty");
}

static int
too_new(int version, struct err *err)
{
    err_set(err, ERR_DB_SCHEMA, "the schema is newer (version %d) than this program (%d)", version,
            program_version());
    return err_hint(err, "use a newer hindcast with this database");
}

int
store_check_schema(struct store *store, struct err *err)
{
    int version, oldest;
    if (read_version(store, &version, &oldest, err) != 0) {
        if (err != NULL && err->code == ERR_DB_SCHEMA) {
            err_set(err, ERR_DB_SCHEMA, "the database has no hindcast schema");
            err_hint(err, "run 'hindcast migrate'");
        }
        return -1;
    }
    if (version < program_version()) {
        err_set(err, ERR_DB_SCHEMA, "the schema is too old: version %d, this program needs %d",
                version, program_version());
        return err_hint(err, "run 'hindcast migrate'");
    }
    return oldest > program_version() ? too_new(version, err) : 0;
}

static void
checksum_of(const struct embedded_file *file, char ret_hex[SHA256_HEX + 1])
{
    struct sha256 digest;
    sha256_of(file->text, file->size, &digest);
    sha256_hex(&digest, ret_hex);
}

static const struct embedded_file *
file_of_version(int version)
{
    for (const struct embedded_file *file = embedded_migrations; file->name != NULL; file++)
        if (file_version(file) == version)
            return file;
    return NULL;
}

static int
check_applied(struct store *store, struct err *err)
{
    PGresult *result;
    int status = 0;
    if (store_sql(store, "migrate_applied", NULL, 0, &result, err) != 0)
        return -1;
    for (int i = 0; i < PQntuples(result) && status == 0; i++) {
        char hex[SHA256_HEX + 1];
        int version = (int)column_int(result, i, 0);
        const struct embedded_file *file = file_of_version(version);
        if (file == NULL) {
            status = too_new(version, err);
            break;
        }
        checksum_of(file, hex);
        if (strcmp(hex, PQgetvalue(result, i, 2)) != 0) {
            err_set(err, ERR_DB_SCHEMA,
                    "migration %s was changed after it was applied to this database", file->name);
            status = err_hint(err, "use the program this schema was made with, or a new database");
        }
    }
    PQclear(result);
    return status;
}

/* A line "-- oldest program: N" says that older programs no longer fit; without it nothing changes.
 */
static const char *
oldest_program(const struct embedded_file *file, char text[INT_TEXT])
{
    static const char mark[] = "\n-- oldest program: ";
    const char *at = strstr(file->text, mark);
    return at == NULL ? NULL : int_text(strtoll(at + sizeof(mark) - 1, NULL, 10), text);
}

static int
apply_once(struct store *store, const struct embedded_file *file, struct err *err)
{
    char hex[SHA256_HEX + 1], version[INT_TEXT], oldest[INT_TEXT];
    checksum_of(file, hex);
    const char *values[] = {int_text(file_version(file), version), file->name, hex,
                            oldest_program(file, oldest)};
    if (store_begin(store, err) != 0)
        return -1;
    if (store_do(store, "migrate_limit", NULL, 0, NULL, err) == 0 &&
        store_script(store, file->text, file->name, err) == 0 &&
        store_do(store, "migrate_record", values, 4, NULL, err) == 0 && store_end(store, err) == 0)
        return 0;
    store_rollback(store);
    return -1;
}

static int
apply(struct store *store, const struct embedded_file *file, struct err *err)
{
    struct retry retry;
    retry_init(&retry, &lock_policy, (uint64_t)PQbackendPID(store->pg));
    while (apply_once(store, file, err) != 0)
        if (err->code != ERR_DB_CONFLICT || !retry_wait(&retry, NULL))
            return -1;
    return 0;
}

static int
apply_missing(struct store *store, struct migrate_result *ret_result, struct err *err)
{
    int version, oldest;
    if (store_script(store, store_query_text("migrate_prepare"), "preparing the migration", err) !=
            0 ||
        read_version(store, &version, &oldest, err) != 0)
        return -1;
    if (version > program_version())
        return too_new(version, err);
    if (check_applied(store, err) != 0)
        return -1;
    struct migrate_result done = {.before = version, .after = version};
    for (const struct embedded_file *file = embedded_migrations; file->name != NULL; file++) {
        if (file_version(file) <= version)
            continue;
        if (apply(store, file, err) != 0)
            return -1;
        done.after = file_version(file);
        done.applied++;
    }
    *ret_result = done;
    return 0;
}

int
store_migrate(struct store *store, struct migrate_result *ret_result, struct err *err)
{
    struct err own = {0}, ignored;
    if (err == NULL)
        err = &own;
    if (store_do(store, "migrate_lock", NULL, 0, NULL, err) != 0)
        return -1;
    int status = apply_missing(store, ret_result, err);
    if (store_do(store, "migrate_unlock", NULL, 0, NULL, &ignored) != 0 && status == 0)
        *err = ignored, status = -1;
    return status;
}

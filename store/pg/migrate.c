/*
 * Migrations: numbered files of sql/migrations, each applied once, in one transaction that holds
 * the row of hindcast.schema_version, with its checksum recorded. An advisory lock would not do:
 * anybody may take any. Called by cmd/migrate.c, cmd/draft.c and tests.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embedded.h"
#include "base/sha256.h"
#include "base/strbuf.h"
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

/* `statement`: migrate_version, or migrate_lock to keep others from migrating meanwhile. */
static int
read_version(struct store *store, enum query query, int *ret_version, int *ret_oldest,
             struct err *err)
{
    PGresult *result;
    if (store_sql(store, query, NULL, 0, &result, err) != 0)
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
    if (read_version(store, QUERY_migrate_version, &version, &oldest, err) != 0) {
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

void
store_schema_digest(struct sha256 *ret_digest)
{
    struct strbuf digests;
    strbuf_init(&digests, 0);
    for (const struct embedded_file *file = embedded_migrations; file->name != NULL; file++) {
        char hex[SHA256_HEX + 1];
        checksum_of(file, hex);
        strbuf_addf(&digests, "%s %s\n", file->name, hex);
    }
    sha256_of(digests.ptr, digests.len, ret_digest);
    strbuf_release(&digests);
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
    if (store_sql(store, QUERY_migrate_applied, NULL, 0, &result, err) != 0)
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
run_file(struct store *store, const struct embedded_file *file, struct err *err)
{
    char hex[SHA256_HEX + 1], version[INT_TEXT], oldest[INT_TEXT];
    checksum_of(file, hex);
    const char *values[] = {int_text(file_version(file), version), file->name, hex,
                            oldest_program(file, oldest)};
    if (store_do(store, QUERY_migrate_limit, NULL, 0, NULL, err) != 0 ||
        store_script(store, file->text, file->name, err) != 0 ||
        store_do(store, QUERY_migrate_record, values, 4, NULL, err) != 0)
        return -1;
    return store_end(store, err);
}

/* Only other migrations can hold the row; they are waited for, and may have done it meanwhile. */
static int
apply_once(struct store *store, const struct embedded_file *file, bool *ret_done, struct err *err)
{
    int version, oldest;
    if (store_begin(store, err) != 0)
        return -1;
    int status = read_version(store, QUERY_migrate_lock, &version, &oldest, err);
    bool done = status == 0 && version < file_version(file);
    if (done)
        status = run_file(store, file, err);
    store_rollback(store);
    if (status == 0)
        *ret_done = done;
    return status;
}

static bool
stopping(const struct store *store)
{
    return store->patience.stopping != NULL && store->patience.stopping(store->patience.opaque);
}

static int
apply(struct store *store, const struct embedded_file *file, bool *ret_done, struct err *err)
{
    struct retry retry;
    retry_init(&retry, &lock_policy, (uint64_t)PQbackendPID(store->pg));
    while (apply_once(store, file, ret_done, err) != 0)
        if (err->code != ERR_DB_CONFLICT || stopping(store) || !retry_wait(&retry, NULL))
            return -1;
    return 0;
}

int
store_migrate(struct store *store, struct migrate_result *ret_result, struct err *err)
{
    struct err own = {0};
    int version, oldest;
    if (err == NULL)
        err = &own;
    if (store_script(store, store_query_text(QUERY_migrate_prepare), "preparing the migration",
                     err) != 0 ||
        read_version(store, QUERY_migrate_version, &version, &oldest, err) != 0)
        return -1;
    if (version > program_version())
        return too_new(version, err);
    if (check_applied(store, err) != 0)
        return -1;
    struct migrate_result done = {.before = version, .after = version};
    for (const struct embedded_file *file = embedded_migrations; file->name != NULL; file++) {
        if (file_version(file) <= version)
            continue;
        bool applied;
        if (apply(store, file, &applied, err) != 0)
            return -1;
        done.after = file_version(file);
        done.applied += applied ? 1 : 0;
    }
    *ret_result = done;
    return 0;
}

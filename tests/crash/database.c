/*
 * The harness's own connection to its private server: see crash.h. Main thread.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/crash/crash.h"

static PGconn *conn;

static PGconn *
connect_or_die(void)
{
    PGconn *made = PQconnectdb("");
    if (PQstatus(made) != CONNECTION_OK) {
        fprintf(stderr, "crash: %s", PQerrorMessage(made));
        exit(1);
    }
    return made;
}

static void
load(const char *path)
{
    struct strbuf text;
    char piece[4096];
    size_t got;
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    strbuf_init(&text, 0);
    while ((got = fread(piece, 1, sizeof(piece), file)) > 0)
        strbuf_add(&text, piece, got);
    fclose(file);
    strbuf_add_char(&text, '\0');
    PGresult *result = PQexec(conn, text.ptr);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) {
        fprintf(stderr, "crash: %s: %s", path, PQerrorMessage(conn));
        exit(1);
    }
    PQclear(result);
    strbuf_release(&text);
}

void
database_init(void)
{
    conn = connect_or_die();
    load("tests/crash/schema.sql");
}

void
database_reopen(void)
{
    PQfinish(conn);
    conn = connect_or_die();
}

PGconn *
database_second(void)
{
    return connect_or_die();
}

PGresult *
database_query(struct run *run, const char *sql)
{
    const char *values[] = {run->topic};
    PGresult *result = PQexecParams(conn, sql, 1, (const Oid[]){25}, values, NULL, NULL, 0);
    if (PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK)
        fail_run(run, "%s: %s", sql, PQerrorMessage(conn));
    return result;
}

int64_t
database_int(struct run *run, const char *sql)
{
    PGresult *result = database_query(run, sql);
    if (PQntuples(result) != 1)
        fail_run(run, "%s gave %d rows", sql, PQntuples(result));
    int64_t value = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    return value;
}

/* A partition that the first topic did not have is in its first incarnation in the second life. */
void
database_of_life(const struct run *run, char *ret_sql, size_t size)
{
    snprintf(ret_sql, size, "incarnation + (partition >= %d)::integer = %d AND partition < %d",
             (int)run->plan.partitions, run->life + 1,
             (int)run->plan.lives[run->life].topic_partitions);
}

/* The old incarnation's records do not count for the new one's progress. */
int64_t
database_committed(struct run *run)
{
    char sql[320], of_life[160];
    database_of_life(run, of_life, sizeof(of_life));
    snprintf(sql, sizeof(sql),
             "SELECT coalesce(sum(next_offset), 0) FROM evidence.stream WHERE topic = $1 AND %s",
             of_life);
    return database_int(run, sql);
}

static void
wait_a_moment(struct run *run, int64_t until, const char *what)
{
    (void)process_look(run, NULL);
    if (clock_monotonic_ns() > until)
        fail_run(run, "stuck: %s (%lld of %lld records committed)", what,
                 (long long)database_committed(run), (long long)run->plan.lives[run->life].count);
    nanosleep(&(struct timespec){0, NS_PER_MS}, NULL);
}

void
database_wait(struct run *run, const char *sql, int64_t least, const char *what)
{
    int64_t until = clock_monotonic_ns() + WAIT_NS;
    while (database_int(run, sql) < least)
        wait_a_moment(run, until, what);
}

void
database_wait_committed(struct run *run, int64_t least)
{
    int64_t until = clock_monotonic_ns() + WAIT_NS;
    while (database_committed(run) < least)
        wait_a_moment(run, until, "waiting for records to be committed");
}

/* Part of a failure's report, so it must not fail itself. */
void
database_tell_streams(struct run *run)
{
    const char *values[] = {run->topic};
    PGresult *result = PQexecParams(
        conn,
        "SELECT format('partition %s, incarnation %s: stream %s, epoch %s, seq %s, next %s, owner "
        "%s, backend %s', partition, incarnation, stream_id, epoch, seq, next_offset, owner_name, "
        "(SELECT format('%s %s %s', state, wait_event, left(query, 40)) FROM pg_stat_activity "
        " WHERE pid = owner_pid AND backend_start = owner_start)) "
        "FROM evidence.stream WHERE topic = $1 ORDER BY incarnation, partition",
        1, NULL, values, NULL, NULL, 0);
    for (int i = 0; i < PQntuples(result); i++)
        tell(run, "%s", PQgetvalue(result, i, 0));
    PQclear(result);
    for (int i = 0; i < run->process_count; i++)
        if (run->processes[i].pid != 0)
            tell(run, "process %d is %ld%s", run->processes[i].id, (long)run->processes[i].pid,
                 run->processes[i].stopped ? ", stopped" : "");
}

/* As an operator would: with psql. */
void
database_script(struct run *run, const char *path, int64_t stream_id)
{
    char command[512];
    snprintf(command, sizeof(command), "psql -qX -v ON_ERROR_STOP=1 -v stream_id=%lld -f %s",
             (long long)stream_id, path);
    if (system(command) != 0)
        fail_run(run, "%s failed", command);
}

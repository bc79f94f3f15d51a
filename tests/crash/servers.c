/*
 * Restarting the harness's own servers: see crash.h. tests/crash/run started them in the folders
 * that CRASH_POSTGRES and CRASH_KAFKA name; nothing else is ever signalled. Main thread.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/crash/crash.h"

static const char *postgres_folder, *kafka_folder;

static const char *
need(const char *name)
{
    const char *value = getenv(name);
    if (value == NULL || value[0] == '\0') {
        fprintf(stderr, "crash: %s is not set; start this with tests/crash/run\n", name);
        exit(2);
    }
    return value;
}

void
servers_init(void)
{
    postgres_folder = need("CRASH_POSTGRES");
    kafka_folder = need("CRASH_KAFKA");
}

static void
command(struct run *run, const char *format, const char *folder)
{
    char text[1024];
    snprintf(text, sizeof(text), format, folder);
    if (system(text) != 0)
        fail_run(run, "%s failed", text);
}

/* Also when nobody has asked for its status yet: what is left has no command line. */
static bool
gone(pid_t pid)
{
    char path[64];
    if (kill(pid, 0) != 0)
        return true;
    snprintf(path, sizeof(path), "/proc/%ld/cmdline", (long)pid);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return errno == ENOENT && kill(pid, 0) != 0;
    bool empty = fgetc(file) == EOF;
    fclose(file);
    return empty;
}

static void
wait_until_gone(struct run *run, pid_t pid, const char *what)
{
    int64_t until = clock_monotonic_ns() + WAIT_NS;
    while (!gone(pid)) {
        if (clock_monotonic_ns() > until)
            fail_run(run, "%s does not end", what);
        nanosleep(&(struct timespec){0, 5 * NS_PER_MS}, NULL);
    }
}

/* SIGQUIT is what `pg_ctl stop -m immediate` sends: no checkpoint, recovery at the next start. */
void
servers_restart_postgres(struct run *run)
{
    PGresult *result =
        database_query(run, "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1), $1");
    pid_t pid = (pid_t)strtol(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    if (pid <= 1 || kill(pid, SIGQUIT) != 0)
        fail_run(run, "stopping PostgreSQL: %s", strerror(errno));
    wait_until_gone(run, pid, "PostgreSQL");
    command(run, "scripts/postgres start --private --dir '%s' >/dev/null", postgres_folder);
    database_reopen();
}

static pid_t
broker_pid(struct run *run)
{
    char path[512];
    long pid = 0;
    snprintf(path, sizeof(path), "%s/pid", kafka_folder);
    FILE *file = fopen(path, "r");
    if (file == NULL || fscanf(file, "%ld", &pid) != 1 || pid <= 1)
        fail_run(run, "no broker is running in %s", kafka_folder);
    fclose(file);
    return (pid_t)pid;
}

/* The broker must come back under its old address: nobody would find it at another one. */
void
servers_restart_broker(struct run *run, bool hard)
{
    pid_t pid = broker_pid(run);
    if (kill(pid, hard ? SIGKILL : SIGTERM) != 0)
        fail_run(run, "stopping the broker: %s", strerror(errno));
    wait_until_gone(run, pid, "the broker");
    command(run,
            "HINDCAST_KAFKA= scripts/kafka start --dir '%s' | grep -Fqx "
            "\"HINDCAST_KAFKA=$HINDCAST_KAFKA\"",
            kafka_folder);
}

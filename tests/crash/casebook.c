/*
 * The correlator at the end of a run, see crash.h: a rebuild is disturbed at one of its failpoints,
 * and whoever reads meanwhile or afterwards finds the casebook as it was. Main thread.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/correlate_all.h"
#include "tests/crash/crash.h"
#include "tests/lib/casetables.h"

static const char *const failpoints[] = {
#define FAILPOINT(name) #name,
#include "hindcast/failpoints.def"
#undef FAILPOINT
};

enum ending {
    END_KILLED,     /* kill -9 where it stands still */
    END_TERMINATED, /* it loses its backend there, and goes on */
    END_WELL,       /* it goes on */
    ENDINGS,
};
static const char *const endings[] = {"is killed", "loses its backend", "goes on"};

/* A rebuild saves no parts. */
static bool
met_by_a_rebuild(const char *name)
{
    return strncmp(name, "correlate_", 10) == 0 && strncmp(name, "correlate_part_", 15) != 0;
}

/* The n-th of the correlator's, around and around. */
static const char *
failpoint_of(uint64_t n)
{
    const char *found[sizeof(failpoints) / sizeof(failpoints[0])];
    size_t count = 0;
    for (size_t i = 0; i < sizeof(failpoints) / sizeof(failpoints[0]); i++)
        if (met_by_a_rebuild(failpoints[i]))
            found[count++] = failpoints[i];
    return found[n % count];
}

static void
log_path(const struct run *run, const char *name, char *out, size_t size)
{
    char file[64];
    snprintf(file, sizeof(file), "%s.log", name);
    run_path(run, file, out, size);
}

static pid_t
start(struct run *run, const char *name, const char *failpoint, const char *word,
      const char *option)
{
    char path[512];
    const char *program = getenv("HINDCAST");
    log_path(run, name, path, sizeof(path));
    pid_t child = fork();
    if (child < 0)
        fail_run(run, "fork: %s", strerror(errno));
    if (child > 0)
        return child;
    int out = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    if (failpoint != NULL)
        setenv("HINDCAST_FAILPOINT", failpoint, 1);
    execl(program, program, word, option, (char *)NULL);
    _exit(127);
}

/* Until it ends or stands still; what does neither is killed. */
static int
wait_for(struct run *run, pid_t child, const char *what)
{
    int status;
    int64_t until = clock_monotonic_ns() + WAIT_NS;
    while (waitpid(child, &status, WNOHANG | WUNTRACED) == 0) {
        if (clock_monotonic_ns() > until) {
            kill(child, SIGKILL);
            (void)waitpid(child, NULL, 0);
            fail_run(run, "%s does not end", what);
        }
        nanosleep(&(struct timespec){0, 2 * NS_PER_MS}, NULL);
    }
    return status;
}

static void
must_end_well(struct run *run, const char *name, const char *word, const char *option)
{
    int status = wait_for(run, start(run, name, NULL, word, option), word);
    if (status != 0)
        fail_run(run, "%s ended with wait status %x, see seed-%llu-%s.log", word, (unsigned)status,
                 (unsigned long long)run->plan.seed, name);
}

static void
read_log(struct run *run, const char *name, struct strbuf *out)
{
    char path[512], piece[8192];
    size_t got;
    log_path(run, name, path, sizeof(path));
    FILE *file = fopen(path, "re");
    if (file == NULL)
        fail_run(run, "%s: %s", path, strerror(errno));
    strbuf_clear(out);
    while ((got = fread(piece, 1, sizeof(piece), file)) > 0)
        strbuf_add(out, piece, got);
    fclose(file);
}

static void
must_be_as_before(struct run *run, const char *when)
{
    struct strbuf before, now;
    strbuf_init(&before, 0);
    strbuf_init(&now, 0);
    must_end_well(run, "verify", "verify", "--all");
    must_end_well(run, "now", "export", NULL);
    read_log(run, "before", &before);
    read_log(run, "now", &now);
    bool same = sv_eq(strbuf_view(&before), strbuf_view(&now));
    size_t had = before.len, has = now.len;
    strbuf_release(&before);
    strbuf_release(&now);
    if (!same)
        fail_run(run, "%s the export has other bytes: %zu, before %zu", when, has, had);
}

static void
terminate_backend(struct run *run)
{
    if (database_int(run, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                          "WHERE $1 <> '' AND application_name = 'hindcast' "
                          "AND datname = current_database()") == 0)
        fail_run(run, "the rebuild has no backend");
}

static void
disturb_rebuild(struct run *run, const char *name, enum ending ending)
{
    char failpoint[64], when[160];
    snprintf(failpoint, sizeof(failpoint), "%s:1:stop", name);
    tell(run, "a rebuild stands still at %s, then %s", name, endings[ending]);
    pid_t child = start(run, "rebuild", failpoint, "correlate", "--rebuild");
    int status = wait_for(run, child, "the rebuild");
    if (!WIFSTOPPED(status))
        fail_run(run, "the rebuild does not meet %s: wait status %x", name, (unsigned)status);
    run->rebuild = child;
    snprintf(when, sizeof(when), "while a rebuild stands still at %s", name);
    must_be_as_before(run, when);
    if (ending == END_TERMINATED)
        terminate_backend(run);
    run->rebuild = 0;
    kill(child, ending == END_KILLED ? SIGKILL : SIGCONT);
    status = wait_for(run, child, "the rebuild");
    bool committed = strcmp(name, "correlate_after_commit") == 0;
    bool well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (ending == END_WELL ? !well : well && !committed)
        fail_run(run, "a rebuild that %s at %s ended with wait status %x", endings[ending], name,
                 (unsigned)status);
    snprintf(when, sizeof(when), "after a rebuild that %s at %s", endings[ending], name);
    must_be_as_before(run, when);
}

/* What correlators saved step by step is all that a whole computation saves. */
static void
check_whole_save(struct run *run)
{
    const struct store_options options = {
        .conninfo = "", .role = "hindcast_correlate", .application_name = "crash check"};
    struct store *store = NULL;
    struct correlation_config config;
    struct correlate_summary summary;
    struct err err = {0};
    char *before = casetables_versions(false);
    correlation_config_default(&config);
    int status = store_open(&store, &options, &err);
    if (status == 0)
        status = correlate_all(store, &config, CORRELATE_ALL, NULL, &summary, &err);
    store_close(store);
    if (status != 0)
        fail_run(run, "computing the whole: %s", err.message);
    char *after = casetables_versions(false);
    size_t at = 0;
    while (before[at] != '\0' && before[at] == after[at])
        at++;
    if (before[at] != after[at])
        fail_run(run,
                 "a save of the whole writes rows after all was taken in: %.100s | before %.100s",
                 after + at - (at > 20 ? 20 : at), before + at - (at > 20 ? 20 : at));
    free(before);
    free(after);
}

void
check_casebook(struct run *run)
{
    static const char *const logs[] = {"once", "before", "now", "verify", "rebuild", "anew"};
    uint64_t seed = run->plan.seed;
    must_end_well(run, "before", "export", NULL);
    must_end_well(run, "once", "correlate", "--once");
    must_be_as_before(run, "after correlate --once, which finds nothing new,");
    if (database_int(run, "SELECT count(*) FROM correlate.entry WHERE $1 <> ''") == 0)
        fail_run(run, "nothing was correlated");
    check_whole_save(run);
    decide_check(run);
    disturb_rebuild(run, failpoint_of(seed), (enum ending)(seed / 2 % ENDINGS));
    must_end_well(run, "anew", "correlate", "--rebuild");
    must_be_as_before(run, "derived anew by one rebuild");
    for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++) {
        char path[512];
        log_path(run, logs[i], path, sizeof(path));
        (void)unlink(path);
    }
}

/* The next run correlates its own records and no more, however many runs there are. Also after one
 * that failed, whatever it left. */
void
forget_casebook(struct run *run)
{
    int status;
    if (setjmp(run->failed) != 0)
        return;
    PQclear(database_query(run, "WITH gone AS (DELETE FROM ingest.log l USING evidence.stream s "
                                "WHERE l.stream_id = s.stream_id AND s.topic = $1) "
                                "DELETE FROM ingest.event e USING evidence.stream s "
                                "WHERE e.stream_id = s.stream_id AND s.topic = $1"));
    PQclear(database_query(
        run, "DELETE FROM review.decision WHERE content::jsonb ->> 'value' LIKE $1 || '%'"));
    pid_t child = start(run, "forget", NULL, "correlate", "--rebuild");
    (void)waitpid(child, &status, 0);
}

/*
 * The servers of a draft: see draft_servers.h.
 */
#include "app/draft_servers.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "app/draft_cluster.h"
#include "app/open.h"
#include "base/clock.h"
#include "base/sha256.h"
#include "base/text/visible.h"
#include "base/thread.h"
#include "hindcast/migrate.h"

#define DATABASE_FOLDER DRAFT_FOLDER "/postgres"
#define KEPT_MARK DRAFT_FOLDER "/postgres.kept"
#define LAST_NS (5 * NS_PER_S)
#define TICK_NS (50 * NS_PER_MS)

/*
 * The private server is stopped in any case: by us when all is done, or by a guard when
 * something does not come back. Whoever is second leaves it to the first.
 */
static struct {
    _Atomic bool starting, ending;
    bool keep;
} cluster;

/*
 * The empty database with our schema is kept in the user's cache: making it takes longer than the
 * rest of a small draft. Its name has the digest of the schema; the script adds the server's
 * version.
 */
static void
find_template(struct strbuf *template)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    bool own = cache != NULL && cache[0] == '/';
    struct sha256 digest;
    char hex[SHA256_HEX + 1];
    if (!own && (home == NULL || home[0] != '/'))
        return;
    store_schema_digest(&digest);
    sha256_hex(&digest, hex);
    strbuf_addf(template, "%s%s/hindcast/postgres-%.16s", own ? cache : home, own ? "" : "/.cache",
                hex);
}

void
draft_servers_init(struct draft_servers *servers, bool keep)
{
    *servers = (struct draft_servers){0};
    strbuf_init(&servers->conninfo, 4096);
    strbuf_init(&servers->template, 4096);
    find_template(&servers->template);
    cluster.keep = keep;
}

/* What --keep left belongs to whoever asked for it: they may have declared incidents there. */
static int
refuse_kept(struct err *err)
{
    struct stat status;
    if (stat(KEPT_MARK, &status) != 0)
        return 0;
    if (stat(DATABASE_FOLDER, &status) != 0) {
        (void)remove(KEPT_MARK);
        return 0;
    }
    err_set(err, ERR_FAILED, "the database of an earlier draft was kept in " DATABASE_FOLDER);
    return err_hint(err, "draft in another folder, or remove this one with rm -r " DATABASE_FOLDER
                         " when you no longer need it");
}

static void
mark_kept(void)
{
    FILE *mark = fopen(KEPT_MARK, "we");
    if (mark == NULL || fclose(mark) != 0)
        visible_line(stderr, "hindcast draft: cannot write " KEPT_MARK
                             ": the next draft will remove the database");
    visible_line(stderr, "hindcast draft: the database is kept in " DATABASE_FOLDER
                         "; docs/draft.md says how to start it");
}

/* A schema that was made just now is saved for the next time. */
static int
open_migrated(struct draft_servers *servers, const struct store_options *options, struct err *err)
{
    struct migrate_result migrated;
    if (store_open(&servers->store, options, err) != 0 ||
        store_migrate(servers->store, &migrated, err) != 0)
        return -1;
    if (migrated.applied == 0 || servers->template.len == 0)
        return 0;
    store_close(servers->store);
    servers->store = NULL;
    cluster.starting = true;
    int saved = draft_cluster_save(DATABASE_FOLDER, servers->template.ptr, err);
    cluster.starting = false;
    return saved == 0 ? store_open(&servers->store, options, err) : -1;
}

int
draft_servers_start(struct draft_servers *servers, const struct config *config, const char *topic,
                    int partitions, const volatile bool *stop, struct err *err)
{
    struct stat status;
    struct store_options options = store_options_for(config, STORE_LOGIN, "hindcast draft");
    options.patience = open_patience(stop);
    if (refuse_kept(err) != 0)
        return -1;
    if (stat(DATABASE_FOLDER, &status) == 0 && draft_cluster_stop(DATABASE_FOLDER, false, err) != 0)
        return -1;
    visible_line(stderr, "hindcast draft: starting a private PostgreSQL in " DATABASE_FOLDER);
    servers->begun = true;
    cluster.starting = true;
    int started =
        draft_cluster_start(DATABASE_FOLDER, servers->template.ptr, &servers->conninfo, err);
    cluster.starting = false;
    if (started != 0)
        return -1;
    options.conninfo = servers->conninfo.ptr;
    if (open_migrated(servers, &options, err) != 0)
        return -1;
    return mock_broker_start(&servers->broker, topic, partitions, err);
}

static void
stop_cluster(void *opaque)
{
    struct err err = {0};
    (void)opaque;
    if (draft_cluster_stop(DATABASE_FOLDER, cluster.keep, &err) != 0)
        visible_line(stderr, "hindcast draft: %s", err.message);
}

void
draft_servers_at_last(void)
{
    int64_t until = clock_monotonic_ns() + LAST_NS;
    bool theirs = cluster.ending;
    while ((cluster.starting || theirs) && clock_monotonic_ns() < until)
        clock_sleep_until(clock_monotonic_ns() + TICK_NS);
    if (!theirs && !atomic_exchange(&cluster.ending, true))
        (void)thread_run_until(stop_cluster, NULL, until);
}

void
draft_servers_stop(struct draft_servers *servers)
{
    store_close(servers->store);
    mock_broker_stop(servers->broker);
    if (servers->begun) {
        while (atomic_exchange(&cluster.ending, true)) /* then the process ends, too */
            clock_sleep_until(clock_monotonic_ns() + LAST_NS);
        stop_cluster(NULL);
    }
    if (servers->begun && cluster.keep)
        mark_kept();
    strbuf_release(&servers->conninfo);
    strbuf_release(&servers->template);
}

/*
 * What one more alert costs among groups that are kept (correlate/stored/step.h), in a scope of so
 * many nodes: keys and density are the same, only the span grows.
 *
 * usage: groups_growth fill NODES    a history of one alert every 20 minutes, into the database of
 *                                    the PG* variables
 *        groups_growth step NODES    alerts at its start, in its middle and at its end; prints a
 *                                    line of JSON: means of each, peak memory of the process
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "correlate/group/grouping.h"
#include "correlate/stored/step.h"
#include "store/pg/conn.h"
#include "tests/lib/groupworld.h"

#define BLOCK 10000              /* nodes that are grouped at once; */
#define PAUSE_MS (3 * 86400000L) /* nothing links them to the next block */
#define EACH_MS (20 * 60000L)
#define SPAN_MS (BLOCK * EACH_MS + PAUSE_MS)
#define ALERTS 100 /* of each place */

static void
check(int status, const struct err *err)
{
    if (status == 0)
        return;
    fprintf(stderr, "groups_growth: %s\n", err->message);
    exit(1);
}

/* One of 24 services with 3 hosts each. */
static struct work_record
alert_at(struct arena *arena, uint64_t *random, int64_t ms, const char *name, size_t number)
{
    int service = (int)(world_random(random) % 24), host = (int)(world_random(random) % 3);
    struct work_record record = {.ms = ms,
                                 .source = SV("am"),
                                 .uid = arena_printf(arena, "%s%08zu", name, number),
                                 .role = NODE_ALERT,
                                 .severity = 17,
                                 .key_count = 2};
    record.fingerprint = record.uid;
    record.keys[0] = (struct node_key){KEY_HOST, arena_printf(arena, "host-%d-%d", service, host)};
    record.keys[1] = (struct node_key){KEY_SERVICE, arena_printf(arena, "service-%d", service)};
    return record;
}

struct growth {
    struct store *store;
    struct groups *groups;
    struct stored stored;
};

static void
begin(struct growth *growth, struct arena *arena, size_t nodes)
{
    struct err err;
    struct sv config;
    check(store_begin(growth->store, &err), &err);
    check(groups_open(growth->store, arena, arena_printf(arena, "growth %zu", nodes),
                      &growth->groups, &config, &err),
          &err);
    stored_init(&growth->stored, arena, groups_rows(growth->groups));
}

static void
end(struct growth *growth)
{
    struct err err;
    check(stored_end(&growth->stored, &err), &err);
    stored_release(&growth->stored);
    check(store_end(growth->store, &err), &err);
}

static void
fill(struct growth *growth, const struct correlation_config *config, size_t nodes)
{
    struct arena arena;
    uint64_t random = 1;
    arena_init(&arena, 1 << 20);
    for (size_t block = 0; block < nodes / BLOCK; block++) {
        struct grouping whole;
        struct work_record *records = ARENA_ARRAY(&arena, struct work_record, BLOCK);
        for (size_t i = 0; i < BLOCK; i++) {
            int64_t ms =
                (int64_t)block * SPAN_MS + (int64_t)(world_random(&random) % (BLOCK * 20)) * 60000;
            records[i] = alert_at(&arena, &random, ms, "h", block * BLOCK + i);
        }
        grouping_run(&arena, config, NULL, NULL, records, BLOCK, &whole);
        begin(growth, &arena, nodes);
        stored_fill(&growth->stored, &whole, NULL);
        stored_fill_records(&growth->stored, records, BLOCK);
        end(growth);
        arena_reset(&arena);
    }
    arena_release(&arena);
}

/* CPU of the backend, microseconds; in steps of the clock of /proc. */
static int64_t
cpu_of(int pid)
{
    char path[64], text[1024];
    unsigned long user = 0, system = 0;
    snprintf(path, sizeof(path), "/proc/%d/stat", pid);
    FILE *in = fopen(path, "r");
    size_t size = in == NULL ? 0 : fread(text, 1, sizeof(text) - 1, in);
    text[size] = '\0';
    if (in != NULL)
        fclose(in);
    const char *rest = strrchr(text, ')');
    if (rest != NULL)
        sscanf(rest + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
    return (int64_t)(user + system) * (1000000 / sysconf(_SC_CLK_TCK));
}

static int64_t
own_cpu(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * INT64_C(1000000) +
           usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

static void
step_at(struct growth *growth, const struct correlation_config *config, size_t nodes,
        const char *place, int64_t around_ms)
{
    struct groups_count sum = {0};
    struct arena arena;
    uint64_t random = 7;
    int backend = PQbackendPID(growth->store->pg);
    int64_t own_us = own_cpu(), backend_us = cpu_of(backend);
    for (size_t i = 0; i < ALERTS; i++) {
        arena_init(&arena, 0);
        struct group_step_result result;
        struct group_step by = {.arena = &arena, .config = config, .stored = &growth->stored};
        int64_t ms = around_ms + (int64_t)(world_random(&random) % 10000) * 60000;
        struct work_record record = alert_at(&arena, &random, ms, place, i);
        const struct record_change change = {NULL, &record};
        begin(growth, &arena, nodes);
        group_step(&by, &change, 1, &result);
        end(growth);
        struct groups_count count = groups_counted(growth->groups);
        sum.key_rows += count.key_rows;
        sum.node_rows += count.node_rows;
        sum.record_rows += count.record_rows;
        sum.written += count.written;
        sum.statements += count.statements;
        arena_release(&arena);
    }
    printf("\"%s\": {\"rows_read\": %.1f, \"rows_written\": %.1f, \"statements\": %.1f, "
           "\"cpu_us\": %lld, \"postgres_cpu_us\": %lld}, ",
           place, (double)(sum.key_rows + sum.node_rows + sum.record_rows) / ALERTS,
           (double)sum.written / ALERTS, (double)sum.statements / ALERTS,
           (long long)(own_cpu() - own_us) / ALERTS,
           (long long)(cpu_of(backend) - backend_us) / ALERTS);
}

int
main(int argc, char **argv)
{
    struct growth growth = {.store = NULL};
    struct correlation_config config;
    struct err err;
    size_t nodes = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
    if (nodes < BLOCK || (strcmp(argv[1], "fill") != 0 && strcmp(argv[1], "step") != 0)) {
        fprintf(stderr, "usage: groups_growth fill|step NODES (%d or more)\n", BLOCK);
        return 2;
    }
    const struct store_options options = {.conninfo = "",
                                          .role = "hindcast_correlate",
                                          .application_name = "groups_growth",
                                          .connect_timeout_ns = 10 * NS_PER_S};
    correlation_config_default(&config);
    check(store_open(&growth.store, &options, &err), &err);
    if (strcmp(argv[1], "fill") == 0) {
        fill(&growth, &config, nodes);
    } else {
        int64_t span_ms = (int64_t)(nodes / BLOCK) * SPAN_MS;
        struct rusage usage;
        printf("{\"nodes\": %zu, ", nodes);
        step_at(&growth, &config, nodes, "start", 0);
        step_at(&growth, &config, nodes, "middle",
                (int64_t)(nodes / BLOCK / 2) * SPAN_MS + SPAN_MS / 4);
        step_at(&growth, &config, nodes, "end", span_ms - PAUSE_MS - 10000 * 60000L);
        getrusage(RUSAGE_SELF, &usage);
        printf("\"peak_kb\": %ld}\n", usage.ru_maxrss);
    }
    store_close(growth.store);
    return 0;
}

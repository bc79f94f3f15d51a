/*
 * The worker of a scripted test, what is to fail, and the log: see servers.h.
 */
#include "tests/lib/scripted/servers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/strbuf.h"
#include "ingest/worker/commit.h"
#include "ingest/worker/loop.h"
#include "ingest/worker/records.h"
#include "tests/lib/scripted/script.h"

#define FAILURES_MAX 8

static struct {
    struct config *config;
    struct ingest_options options;
    struct ingest ingest;
    struct worker worker;
    enum err_code failures[SCRIPTED_CALLS][FAILURES_MAX];
    size_t failure_count[SCRIPTED_CALLS];
    pthread_mutex_t mutex; /* of the log: the writer asks too */
    struct strbuf log, shown;
} script;

/* ---- what tests say and see ---- */

void
script_note(const char *format, ...)
{
    char line[256];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    pthread_mutex_lock(&script.mutex);
    strbuf_addf(&script.log, "%s\n", line);
    pthread_mutex_unlock(&script.mutex);
}

const char *
scripted_log(void)
{
    pthread_mutex_lock(&script.mutex);
    strbuf_clear(&script.shown);
    strbuf_add_sv(&script.shown, strbuf_view(&script.log));
    strbuf_clear(&script.log);
    pthread_mutex_unlock(&script.mutex);
    return script.shown.len == 0 ? "" : script.shown.ptr;
}

void
scripted_fail(enum scripted_call call, enum err_code code)
{
    assert_true(script.failure_count[call] < FAILURES_MAX);
    script.failures[call][script.failure_count[call]++] = code;
}

enum err_code
script_failure(enum scripted_call call)
{
    if (script.failure_count[call] == 0)
        return ERR_NONE;
    enum err_code code = script.failures[call][0];
    script.failure_count[call]--;
    memmove(&script.failures[call][0], &script.failures[call][1],
            script.failure_count[call] * sizeof(code));
    if (code == ERR_DB_DOWN || code == ERR_DB_UNKNOWN)
        store_close(script.worker.store);
    return code;
}

int
script_outcome(enum scripted_call call, struct err *err)
{
    enum err_code code = script_failure(call);
    return code == ERR_NONE ? 0 : err_set(err, code, "scripted");
}

struct worker *
scripted_start(const char *const *settings)
{
    struct err err = {0};
    memset(&script, 0, sizeof(script));
    pthread_mutex_init(&script.mutex, NULL);
    strbuf_init(&script.log, 0);
    strbuf_init(&script.shown, 0);
    script.config = config_new();
    for (; settings != NULL && *settings != NULL; settings++) {
        char name[64];
        const char *equals = strchr(*settings, '=');
        snprintf(name, sizeof(name), "%.*s", (int)(equals - *settings), *settings);
        enum option option = config_option_find(name);
        assert_true(option < OPTION_COUNT);
        assert_int_equal(config_set(script.config, option, equals + 1, ORIGIN_COMMAND, &err), 0);
    }
    script.options.config = script.config;
    script.ingest = (struct ingest){.options = &script.options,
                                    .own = {.config = script.config},
                                    .cluster_id = "cluster",
                                    .brokers = "",
                                    .conninfo = "",
                                    .workers = &script.worker,
                                    .worker_count = 1};
    pthread_mutex_init(&script.ingest.mutex, NULL);
    decoders_ready();
    assert_int_equal(worker_init(&script.worker, &script.ingest, 0, &err), 0);
    assert_int_equal(writer_init(&script.worker.writer, &err), 0);
    script.worker.store = script_database();
    script.worker.consumer = script_broker();
    return &script.worker;
}

int
scripted_end(void **state)
{
    (void)state;
    writer_release(&script.worker.writer);
    worker_release(&script.worker);
    pthread_mutex_destroy(&script.ingest.mutex);
    goals_release(&script.ingest.goals);
    config_free(script.config);
    strbuf_release(&script.log);
    strbuf_release(&script.shown);
    pthread_mutex_destroy(&script.mutex);
    return 0;
}

void
scripted_assign(struct worker *worker, const char *topic, int32_t partition)
{
    bool paused;
    struct kafka_place place = {.partition = partition};
    snprintf(place.topic, sizeof(place.topic), "%s", topic);
    worker->listener.assigned(worker, &place, 1, &paused);
}

void
scripted_record(struct worker *worker, const char *topic, int32_t partition, int64_t offset)
{
    char value[32];
    static struct kafka_message message;
    snprintf(value, sizeof(value), "%lld", (long long)offset);
    message = (struct kafka_message){.record = {.topic = sv_from(topic),
                                                .partition = partition,
                                                .offset = offset,
                                                .kafka_time_ns = NS_PER_S,
                                                .value = sv_from(value)}};
    record_take(worker, &message);
}

void
scripted_let_time_pass(struct worker *worker)
{
    worker->database.next_ns = 0;
    worker->offsets_committed_ns = 0;
    worker->vanished.due_ns = 0;
    if (worker->listened_ns > 0)
        worker->listened_ns = 1;
    for (size_t i = 0; i < worker->count; i++)
        worker->partitions[i].retry_at_ns = 0;
}

enum err_code
scripted_commit(struct worker *worker)
{
    struct err err = {0};
    int status = commit_step(worker, true, &err);
    while (status == 0 && worker->in_flight) {
        (void)commit_wait(worker, INT64_MAX);
        status = commit_step(worker, false, &err);
    }
    return status == 0 ? ERR_NONE : err.code;
}

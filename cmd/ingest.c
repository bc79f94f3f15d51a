/*
 * hindcast ingest: reads Kafka topics into PostgreSQL. Main thread; the workers are ingest_run()'s.
 * Progress goes to stderr every few seconds, the summary to stdout.
 */
#include <stdio.h>
#include <string.h>

#include "app/ingest_display.h"
#include "app/redecode.h"
#include "base/clock.h"
#include "cmd/command.h"

struct ingest_arguments {
    bool once, redecode;
    const char *since;
};

static const struct command_option own_options[] = {
    FLAG_AT("--once", "stop at the end offsets seen at the start", struct ingest_arguments, once),
    FLAG_AT("--redecode", "read no topic, but the stored records again: their rows are replaced",
            struct ingest_arguments, redecode),
    VALUE_AT("--since", "TIME", "with --redecode: only records stored on that day (UTC) or later",
             struct ingest_arguments, since),
};

static int
redecode(struct command_context *context, struct err *err)
{
    const struct ingest_arguments *arguments = context->arguments;
    struct redecode_request request = {
        .config = context->config, .since_ns = TIME_NONE, .stop = command_stop_flag()};
    if (arguments->since != NULL &&
        time_parse_arg("--since", arguments->since, &request.since_ns, err) != 0)
        return -1;
    command_handle_signals();
    return redecode_run(&request, err);
}

static int
run(struct command_context *context, struct err *err)
{
    const struct ingest_arguments *arguments = context->arguments;
    if (context->argc > 1) {
        err_set(err, ERR_USAGE, "ingest takes no argument '%s'", context->argv[1]);
        return err_hint(err, "topics are named by --kafka-topics");
    }
    if (arguments->since != NULL && !arguments->redecode)
        return err_set(err, ERR_USAGE, "--since goes with --redecode");
    if (arguments->once && arguments->redecode)
        return err_set(err, ERR_USAGE,
                       "--once reads topics, --redecode reads what is stored: say one");
    if (arguments->redecode)
        return redecode(context, err);
    command_patience(0, COMMAND_PATIENCE_NS, NULL); /* what is not committed is read again */
    command_handle_signals();
    int64_t now = clock_monotonic_ns();
    struct ingest_display display = {
        .began_ns = now, .shown_ns = now, .waits = {.command = "ingest"}};
    struct ingest_options wanted = {
        .config = context->config,
        .once = arguments->once,
        .on_progress = ingest_display_show,
        .opaque = &display,
        .stop = command_stop_flag(),
    };
    struct ingest_progress total = {0};
    if (!arguments->once &&
        monitor_start(&display.monitor, context->config, MONITOR_INGEST, err) != 0)
        return -1;
    int status = ingest_run(&wanted, &total, err);
    monitor_stop(display.monitor);
    if (status == 0 || total.records > 0 || total.uncommitted > 0)
        ingest_display_summary(&display, &total);
    return status;
}

const struct command command_ingest = {
    .name = "ingest",
    .usage = "[--once | --redecode [--since TIME]]",
    .summary = "read Kafka topics into PostgreSQL, exactly once",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(HEEDS_LOGIN, OPT_database_ingest_role, OPT_database_retention_role, HEEDS_BROKER,
                  OPT_kafka_group, OPT_kafka_holes, OPT_ingest_workers, OPT_ingest_batch_rows,
                  OPT_ingest_batch_bytes, OPT_ingest_batch_time, OPT_ingest_evidence,
                  OPT_ingest_format, OPT_ingest_maps, OPT_ingest_schemas, OPT_ingest_headers,
                  OPT_ingest_scope, OPT_ingest_scope_by, OPT_ingest_scopes, OPT_ingest_assumed_zone,
                  OPT_ingest_service, OPT_ingest_environment, OPT_ingest_dedup, HEEDS_METRICS),
    .roles = "hindcast_ingest",
    .arguments_size = sizeof(struct ingest_arguments),
    .run = run,
};

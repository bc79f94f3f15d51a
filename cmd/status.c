/*
 * `hindcast status`: where reading stands, what lags, what is in quarantine, and whether anything
 * needs attention (app/status_show.h); the exit code is for monitoring. Main thread.
 */
#include "app/configuration_use.h"
#include "app/open.h"
#include "app/status_show.h"
#include "cmd/command.h"

#define WATCH_EVERY_NS (2 * NS_PER_S)

struct status_arguments {
    const char *lag, *age, *quarantine, *behind, *stalled, *gaps;
    const char *format;
    bool watch, json, offline;
};

static const struct command_option own_options[] = {
    FLAG_AT("--watch", "show again every SECONDS (an argument, default 2) until Ctrl-C",
            struct status_arguments, watch),
    FORMAT_AT("text|jsonl", struct status_arguments, format),
    FLAG_AT("--json", "the same as --format jsonl", struct status_arguments, json),
    FLAG_AT("--offline", "do not ask the broker for end offsets", struct status_arguments, offline),
    VALUE_AT("--max-lag", "N", "records a partition may lag; default: any number",
             struct status_arguments, lag),
    VALUE_AT("--max-age", "TIME", "how far it may lag in event time; default: any time",
             struct status_arguments, age),
    VALUE_AT("--max-quarantine", "N", "records that may be in quarantine; default: any number",
             struct status_arguments, quarantine),
    VALUE_AT("--max-behind", "N", "batches the correlator may be behind; default: any number",
             struct status_arguments, behind),
    VALUE_AT("--stalled", "TIME", "no commit for so long while records wait; default: 60s",
             struct status_arguments, stalled),
    VALUE_AT("--gaps", "TIME", "look so far back for gaps; default: 1d", struct status_arguments,
             gaps),
};

static void
list_problems(struct strbuf *out)
{
#define PROBLEM(word, when) strbuf_addf(out, "    %-12s %s\n", #word, when);
#include "observe/status_problems.def"
#undef PROBLEM
}

static int
read_count(const char *name, const char *text, int64_t *ret, struct err *err)
{
    int64_t value;
    if (text == NULL)
        return 0;
    if (!sv_to_int64(sv_from(text), &value) || value < 0)
        return err_set(err, ERR_USAGE, "status: %s takes a number, not '%s'", name, text);
    *ret = value;
    return 0;
}

static int
read_time(const char *name, const char *text, int64_t *ret, struct err *err)
{
    int64_t value;
    if (text == NULL)
        return 0;
    if (duration_parse(text, &value, err) != 0 || value < 0)
        return err_set(err, ERR_USAGE, "status: %s takes a time like 90s or 5m, not '%s'", name,
                       text);
    *ret = value;
    return 0;
}

static int
read_limits(const struct status_arguments *arguments, struct status_limits *limits, struct err *err)
{
    if (read_count("--max-lag", arguments->lag, &limits->lag, err) != 0 ||
        read_time("--max-age", arguments->age, &limits->age_ns, err) != 0 ||
        read_count("--max-quarantine", arguments->quarantine, &limits->quarantine, err) != 0 ||
        read_count("--max-behind", arguments->behind, &limits->behind, err) != 0 ||
        read_time("--stalled", arguments->stalled, &limits->stalled_ns, err) != 0 ||
        read_time("--gaps", arguments->gaps, &limits->gaps_ns, err) != 0)
        return -1;
    return 0;
}

static int
run(struct command_context *context, struct err *err)
{
    struct own_sets own;
    const struct status_arguments *arguments = context->arguments;
    bool watching = arguments->watch;
    int64_t every_ns = WATCH_EVERY_NS;
    struct status_look look = {
        .config = context->config,
        .limits = {-1, -1, -1, -1, 60 * NS_PER_S, NS_PER_DAY},
        .offline = arguments->offline,
        .patience = open_patience(command_stop_flag()),
    };
    struct status_show show = {
        .look = &look,
        .json = arguments->json || command_word(arguments->format, "jsonl"),
        .stop = command_stop_flag(),
        .waits = {.command = "status"},
    };
    if (context->argc > (watching ? 2 : 1))
        return err_set(err, ERR_USAGE, "status takes no argument '%s'",
                       context->argv[watching ? 2 : 1]);
    if (read_limits(arguments, &look.limits, err) != 0 ||
        (context->argc > 1 && read_time("--watch", context->argv[1], &every_ns, err) != 0) ||
        time_zone_use(config_text(context->config, OPT_output_time_zone), err) != 0)
        return -1;
    configuration_use_own(context->config, &own);
    look.own = own.known ? &own.config : NULL;
    look.own_decoding = own.decoding;
    if (watching)
        command_patience(0, COMMAND_PATIENCE_NS, NULL);
    command_handle_signals();
    status_look_init(&look);
    int status = watching ? status_show_again(&show, every_ns, err) : status_show_once(&show, err);
    status_look_release(&look);
    configuration_use_own_release(&own);
    return status;
}

const struct command command_status = {
    .name = "status",
    .usage = "[--watch [SECONDS]]",
    .summary = "show where reading stands, and whether anything needs attention",
    .operand = "SECONDS",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(HEEDS_READER, HEEDS_BROKER, OPT_ingest_batch_time, OPT_output_time_zone,
                  HEEDS_CORRELATION),
    .heeds_section = HEEDS_GROUPING,
    .roles = "hindcast_ingest or hindcast_correlate",
    .arguments_size = sizeof(struct status_arguments),
    .pages = true,
    .more_help = list_problems,
    .run = run,
};

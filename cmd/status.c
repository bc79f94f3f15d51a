/*
 * `hindcast status`: where reading stands, what lags, what is in quarantine, and whether anything
 * needs attention; the exit code is for monitoring. Main thread; one connection, and a consumer
 * that only asks for end offsets. A broker that is away makes end offsets unknown, nothing else.
 */
#include "observe/status.h"

#include <stdio.h>
#include <unistd.h>

#include "app/open.h"
#include "app/output.h"
#include "app/wait_notice.h"
#include "base/clock.h"
#include "base/text/visible.h"
#include "cmd/command.h"
#include "report/render/render.h"

#define BROKER_BUDGET_NS (5 * NS_PER_S)
#define STATEMENT_NS (30 * NS_PER_S)
#define LOOK_AGAIN_NS (2 * NS_PER_S) /* and the time of a batch */
#define WATCH_EVERY_NS (2 * NS_PER_S)
#define SLICE_NS (100 * NS_PER_MS)

struct status_command {
    const struct config *config;
    struct status_limits limits;
    bool json, offline;
    struct store *store; /* NULL: to be opened */
    struct status_broker broker;
    /* The last look and the one before it, taking turns. */
    struct arena arenas[2];
    struct status looks[2];
    int at;
    bool looked;
    struct wait_notice waits;
};

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

/* ---- options ---- */

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

/* ---- looking ---- */

static int
open_again(struct status_command *command, struct err *err)
{
    if (command->store != NULL && !store_connected(command->store)) {
        store_close(command->store);
        command->store = NULL;
    }
    if (command->store != NULL)
        return 0;
    if (open_store(command->config, STORE_CORRELATE, command_stop_flag(), &command->store, err) !=
        0)
        return -1;
    return store_status_timeout(command->store, STATEMENT_NS, err);
}

static struct status *
last_look(struct status_command *command)
{
    return &command->looks[command->at];
}

static int
look(struct status_command *command, struct err *err)
{
    int at = 1 - command->at;
    struct arena *arena = &command->arenas[at];
    struct status *status = &command->looks[at];
    const char *start = config_text(command->config, OPT_kafka_start);
    arena_reset(arena);
    *status = (struct status){0};
    if (open_again(command, err) != 0 ||
        store_status(command->store, arena, command->limits.gaps_ns, &status->db, err) != 0)
        return -1;
    if (command->offline)
        status->broker.reason = SV("--offline");
    else
        status_broker_ask(&command->broker, arena, &status->db, BROKER_BUDGET_NS, &status->broker);
    status_merge(status, sv_eq(sv_from(start), SV("latest")), arena);
    status_judge(status, command->looked ? last_look(command) : NULL, &command->limits, arena);
    command->at = at;
    command->looked = true;
    return 0;
}

static void
wait_until(int64_t until_ns)
{
    while (!command_stop_requested() && clock_monotonic_ns() < until_ns) {
        int64_t slice = clock_monotonic_ns() + SLICE_NS;
        clock_sleep_until(slice < until_ns ? slice : until_ns);
    }
}

/* ---- showing ---- */

static int
show(struct status_command *command, bool clear, struct err *err)
{
    struct strbuf out;
    strbuf_init(&out, 0);
    if (clear)
        output_clear_screen();
    if (command->json)
        render_status_json(last_look(command), &out);
    else
        render_status(last_look(command), output_columns(), &out);
    int status = output_buffer(&out, "the status", err);
    strbuf_release(&out);
    fflush(stdout);
    return status;
}

static int
show_once(struct status_command *command, struct err *err)
{
    if (look(command, err) != 0)
        return -1;
    if (status_suspicious(last_look(command), &command->limits)) {
        wait_until(clock_monotonic_ns() + LOOK_AGAIN_NS +
                   config_duration_ns(command->config, OPT_ingest_batch_time));
        if (look(command, err) != 0)
            return -1;
    }
    if (show(command, false, err) != 0)
        return -1;
    return status_exit_code(last_look(command));
}

/* Goes on while the database is away, and says so; not for a reader who is gone. */
static int
watch(struct status_command *command, int64_t every_ns, struct err *err)
{
    bool terminal = !command->json && output_is_terminal();
    output_page(false);
    while (!command_stop_requested() && !output_failed()) {
        int64_t next_ns = clock_after(every_ns < SLICE_NS ? SLICE_NS : every_ns);
        if (look(command, err) == 0) {
            wait_notice_over(&command->waits);
            if (show(command, terminal, err) != 0)
                return -1;
        } else {
            if (!err_retriable(err->code))
                return -1;
            if (!command_stop_requested())
                wait_notice_tell(&command->waits, err->message);
        }
        if (!terminal && !command->json)
            fputs("\n", stdout);
        wait_until(next_ns);
    }
    return 0;
}

static int
go(struct status_command *command, bool watching, int64_t every_ns, struct err *err)
{
    arena_init(&command->arenas[0], 0);
    arena_init(&command->arenas[1], 0);
    if (watching)
        command_patience(0, COMMAND_PATIENCE_NS, NULL);
    command_handle_signals();
    int status = watching ? watch(command, every_ns, err) : show_once(command, err);
    status_broker_release(&command->broker);
    store_close(command->store);
    arena_release(&command->arenas[0]);
    arena_release(&command->arenas[1]);
    return status;
}

static int
run(struct command_context *context, struct err *err)
{
    const struct status_arguments *arguments = context->arguments;
    bool watching = arguments->watch;
    int64_t every_ns = WATCH_EVERY_NS;
    struct status_command command = {
        .config = context->config,
        .broker = {.config = context->config},
        .limits = {-1, -1, -1, -1, 60 * NS_PER_S, NS_PER_DAY},
        .waits = {.command = "status"},
        .json = arguments->json || command_word(arguments->format, "jsonl"),
        .offline = arguments->offline,
    };
    if (context->argc > (watching ? 2 : 1))
        return err_set(err, ERR_USAGE, "status takes no argument '%s'",
                       context->argv[watching ? 2 : 1]);
    if (read_count("--max-lag", arguments->lag, &command.limits.lag, err) != 0 ||
        read_time("--max-age", arguments->age, &command.limits.age_ns, err) != 0 ||
        read_count("--max-quarantine", arguments->quarantine, &command.limits.quarantine, err) !=
            0 ||
        read_count("--max-behind", arguments->behind, &command.limits.behind, err) != 0 ||
        read_time("--stalled", arguments->stalled, &command.limits.stalled_ns, err) != 0 ||
        read_time("--gaps", arguments->gaps, &command.limits.gaps_ns, err) != 0 ||
        (context->argc > 1 && read_time("--watch", context->argv[1], &every_ns, err) != 0) ||
        time_zone_use(config_text(context->config, OPT_output_time_zone), err) != 0)
        return -1;
    return go(&command, watching, every_ns, err);
}

const struct command command_status = {
    .name = "status",
    .usage = "[--watch [SECONDS]]",
    .summary = "where reading stands, and whether anything needs attention",
    .operand = "SECONDS",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(HEEDS_READER, HEEDS_BROKER, OPT_ingest_batch_time, OPT_output_time_zone),
    .roles = "hindcast_ingest or hindcast_correlate",
    .arguments_size = sizeof(struct status_arguments),
    .pages = true,
    .more_help = list_problems,
    .run = run,
};

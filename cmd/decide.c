/*
 * `hindcast decide VERB INCIDENT ...`: what people say of an incident and its rows. Main thread.
 */
#include "app/decide.h"
#include "cmd/command.h"
#include "hindcast/decision.h"

struct decide_arguments {
    const char *by, *why, *file, *scope, *format, *zone;
    bool dry_run;
};

static const struct command_option own_options[] = {
    VALUE_AT("--why", "TEXT", "the reason, kept with it", struct decide_arguments, why),
    VALUE_AT("--by", "NAME", "who decides; default: $USER, or the login", struct decide_arguments,
             by),
    VALUE_AT("--file", "FILE", "decisions as JSON Lines; -: standard input",
             struct decide_arguments, file),
    FLAG_AT("--dry-run", "show what would change, and change nothing", struct decide_arguments,
            dry_run),
    VALUE_AT("--scope", "SCOPE", "of --file where no incident is found; default: that of ingest",
             struct decide_arguments, scope),
    FORMAT_AT("text|jsonl", struct decide_arguments, format),
    VALUE_AT("--tz", "ZONE", "time zone of times of day and rows; default: output.time_zone",
             struct decide_arguments, zone),
};

static int
run(struct command_context *context, struct err *err)
{
    const struct decide_arguments *arguments = context->arguments;
    const struct decide_request request = {
        .config = context->config,
        .verb = context->argc > 1 ? context->argv[1] : NULL,
        .operands = (const char *const *)context->argv + 2,
        .operand_count = context->argc > 2 ? (size_t)context->argc - 2 : 0,
        .by = arguments->by,
        .why = arguments->why,
        .file = arguments->file,
        .scope = arguments->scope,
        .dry_run = arguments->dry_run,
        .json = command_word(arguments->format, "jsonl"),
        .stop = command_stop_flag(),
    };
    if ((request.verb == NULL) == (request.file == NULL)) {
        err_set(err, ERR_USAGE, "decide needs a verb and an incident, or --file");
        return err_hint(err, "'hindcast decide --help' lists the verbs");
    }
    if (arguments->format != NULL && !command_word(request.verb, "list"))
        return err_set(err, ERR_USAGE, "--format is for 'decide list'");
    if (time_zone_use(arguments->zone != NULL ? arguments->zone
                                              : config_text(context->config, OPT_output_time_zone),
                      err) != 0)
        return -1;
    return decide_run(&request, err);
}

static void
list_verbs(struct strbuf *out)
{
    strbuf_add_text(out, "## Verbs\n\n");
    for (int i = 1; i < DECISION_VERBS; i++)
        strbuf_addf(out, "    %-16s %s\n", decision_word((enum decision_verb)i),
                    decision_meaning((enum decision_verb)i));
    strbuf_add_char(out, '\n');
}

const struct command command_decide = {
    .name = "decide",
    .usage = "VERB INCIDENT [ROW...] [VALUE]",
    .summary = "say what is wrong in an incident, or what no record tells",
    .operand = "VERB",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(HEEDS_READER, OPT_ingest_scope, OPT_output_time_zone),
    .roles = "hindcast_responder, for notes and marks hindcast_scribe",
    .arguments_size = sizeof(struct decide_arguments),
    .more_help = list_verbs,
    .run = run,
};

/*
 * `hindcast verify INCIDENT`: checks every entry against the stored bytes (app/verification.h), and
 * names every break. Main thread.
 */
#include "app/open.h"
#include "app/verification_print.h"
#include "cmd/command.h"

struct verify_arguments {
    const char *format;
    bool all;
};

static const struct command_option own_options[] = {
    FORMAT_AT("text|jsonl", struct verify_arguments, format),
    FLAG_AT("--all", "check every incident", struct verify_arguments, all),
};

static int
run(struct command_context *context, struct err *err)
{
    const struct verify_arguments *arguments = context->arguments;
    bool all = arguments->all, json = command_word(arguments->format, "jsonl");
    struct verification verification = {.on_break = json ? verification_print_json
                                                         : verification_print_text};
    if (context->argc != (all ? 1 : 2)) {
        err_set(err, ERR_USAGE, "verify needs one incident, or --all");
        return err_hint(err, "'hindcast incidents' lists them");
    }
    if (open_reader(context->config, READ_RECORDS, command_stop_flag(), &verification.store, err) !=
        0)
        return -1;
    int status = all ? verification_all(&verification, err)
                     : verification_named(&verification, context->argv[1], err);
    store_close(verification.store);
    if (status != 0)
        return -1;
    verification_print_totals(&verification, json);
    return verification.broken == 0 ? 0 : 1;
}

const struct command command_verify = {
    .name = "verify",
    .usage = "INCIDENT",
    .summary = "check every entry against the raw records",
    .operand = "INCIDENT",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(HEEDS_READER),
    .roles = "hindcast_correlate",
    .arguments_size = sizeof(struct verify_arguments),
    .pages = true,
    .run = run,
};

/*
 * `hindcast report refresh`: a newer draft merged into the one that people edited. Main thread.
 */
#include <stdio.h>

#include "app/open.h"
#include "app/refresh.h"
#include "app/team_template.h"
#include "cmd/command.h"

struct refresh_arguments {
    const char *zone;
};

static const struct command_option own_options[] = {
    VALUE_AT("--tz", "ZONE", "a second time column; default: as before", struct refresh_arguments,
             zone),
};

static int
run(struct command_context *context, struct err *err)
{
    const struct refresh_arguments *arguments = context->arguments;
    struct team_templates templates;
    struct store *store;
    if (context->argc != 2)
        return err_set(err, ERR_USAGE,
                       "report refresh needs one draft or folder; see 'hindcast report refresh "
                       "--help'");
    if (team_templates_read(context->config, &templates, err) != 0)
        return -1;
    int status = open_reader(context->config, READ_DERIVED, command_stop_flag(), &store, err);
    if (status == 0) {
        const struct refresh_request request = {.store = store,
                                                .path = context->argv[1],
                                                .zone = arguments->zone,
                                                .templates = templates.list};
        status = refresh_run(&request, err);
        store_close(store);
    }
    team_templates_release(&templates);
    return status;
}

const struct command command_report_refresh = {
    .name = "report refresh",
    .usage = "FILE",
    .summary = "merge what the records say now into a draft that people edited",
    .operand = "FILE",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(HEEDS_READER, OPT_report_templates),
    .roles = ROLES_READER,
    .arguments_size = sizeof(struct refresh_arguments),
    .run = run,
};

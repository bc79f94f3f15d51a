/*
 * `hindcast query [VIEW]`: the rows of a view for analysts, or which views there are. Main thread.
 */
#include "app/query.h"
#include "cmd/command.h"

struct query_arguments {
    const char *format, *since, *until, *service, *incident, *scope, *zone;
    bool columns;
};

static const struct command_option own_options[] = {
    VALUE_AT("--format", "table|csv|jsonl", "how to print rows; default table",
             struct query_arguments, format),
    FLAG_AT("--columns", "the columns of the view and what they mean, instead of rows",
            struct query_arguments, columns),
    VALUE_AT("--since", "TIME", "rows whose first time column is not before",
             struct query_arguments, since),
    VALUE_AT("--until", "TIME", "rows whose first time column is before", struct query_arguments,
             until),
    VALUE_AT("--service", "NAME", "rows of a service", struct query_arguments, service),
    VALUE_AT("--incident", "INCIDENT", "rows of an incident", struct query_arguments, incident),
    VALUE_AT("--scope", "SCOPE", "rows of a scope", struct query_arguments, scope),
    VALUE_AT("--tz", "ZONE", "time zone of the table; default: output.time_zone",
             struct query_arguments, zone),
};

/* Without a view there is a list of them: what asks for rows or columns would be passed over. */
static int
check_view(const struct query_arguments *arguments, struct err *err)
{
    const char *option = arguments->columns            ? "--columns"
                         : arguments->since != NULL    ? "--since"
                         : arguments->until != NULL    ? "--until"
                         : arguments->service != NULL  ? "--service"
                         : arguments->incident != NULL ? "--incident"
                         : arguments->scope != NULL    ? "--scope"
                                                       : NULL;
    if (option == NULL)
        return 0;
    err_set(err, ERR_USAGE, "%s needs a view", option);
    return err_hint(err, "'hindcast query' lists them");
}

static int
run(struct command_context *context, struct err *err)
{
    const struct query_arguments *arguments = context->arguments;
    const char *zone = arguments->zone;
    struct query_request request = {
        .view = context->argc > 1 ? context->argv[1] : NULL,
        .service = arguments->service,
        .incident = arguments->incident,
        .scope = arguments->scope,
        .columns = arguments->columns,
        .format = command_word(arguments->format, "csv")     ? QUERY_CSV
                  : command_word(arguments->format, "jsonl") ? QUERY_JSONL
                                                             : QUERY_TABLE,
    };
    if (context->argc > 2)
        return err_set(err, ERR_USAGE, "query takes one view, not '%s' as well", context->argv[2]);
    if (request.view == NULL && check_view(arguments, err) != 0)
        return -1;
    if (zone == NULL)
        zone = config_text(context->config, OPT_output_time_zone);
    if (time_zone_use(zone, err) != 0 ||
        command_times(arguments->since, arguments->until, &request.since_ns, &request.until_ns,
                      err) != 0)
        return -1;
    return query_print(context->config, &request, command_stop_flag(), err);
}

const struct command command_query = {
    .name = "query",
    .usage = "[VIEW]",
    .summary = "print a view for analysts as a table, CSV or JSON Lines",
    .operand = "VIEW",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(HEEDS_READER, OPT_output_time_zone),
    .roles = ROLES_ANALYST,
    .arguments_size = sizeof(struct query_arguments),
    .pages = true,
    .run = run,
};

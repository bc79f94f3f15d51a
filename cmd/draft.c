/*
 * hindcast draft: from files to postmortem drafts in one command (app/draft.h). Main thread.
 */
#include <stdio.h>

#include "app/demo.h"
#include "app/draft.h"
#include "app/draft_servers.h"
#include "base/text/visible.h"
#include "cmd/command.h"
#include "report/render/writer.h"

#define DEFAULT_OUT "./hindcast-draft"
#define PUBLIC_OUT "./hindcast-public"
#define EXIT_STOPPED 1
#define PATIENCE_NS (4 * NS_PER_S)

struct draft_arguments {
    const char *from, *to, *title, *service, *channel, *out, *zone, *write, *undated, *graph;
    struct command_values zones, dates, forms, incidents;
    bool demo, keep, public, all;
};

static const struct command_option own_options[] = {
    VALUE_AT("--from", "TIME", "declare an incident that began then", struct draft_arguments, from),
    VALUE_AT("--to", "TIME", "its end", struct draft_arguments, to),
    VALUE_AT("--title", "TITLE", "its title", struct draft_arguments, title),
    VALUE_AT("--service", "NAME", "only evidence of this service", struct draft_arguments, service),
    VALUE_AT("--channel", "NAME", "only messages of this channel", struct draft_arguments, channel),
    VALUE_AT("--out", "DIR",
             "where to write (default " DEFAULT_OUT "/, with --public " PUBLIC_OUT "/)",
             struct draft_arguments, out),
    FLAG_AT("--all", "write every incident that is found", struct draft_arguments, all),
    VALUES_AT("--incident", "N", "write this one; repeatable", struct draft_arguments, incidents),
    FLAG_AT("--public", "write only what report.redaction lets the public see",
            struct draft_arguments, public),
    VALUES_AT("--format", DOCUMENT_FORMATS, "write this form of each draft, too; repeatable",
              struct draft_arguments, forms),
    VALUE_AT("--tz", "ZONE", "time zone of what people read", struct draft_arguments, zone),
    ZONES_AT(struct draft_arguments, zones),
    DATES_AT(struct draft_arguments, dates),
    UNDATED_AT(struct draft_arguments, undated),
    VALUE_AT("--graph", "FILE", "edges of services, as 'hindcast graph load' takes them",
             struct draft_arguments, graph),
    FLAG_AT("--demo", "draft the bundled incident", struct draft_arguments, demo),
    VALUE_AT("--write", "DIR", "with --demo: only write the demo's files", struct draft_arguments,
             write),
    FLAG_AT("--keep", "leave the database in ./.hindcast for psql", struct draft_arguments, keep),
};

static int
check(const struct command_context *context, struct draft_request *request, struct err *err)
{
    const struct draft_arguments *arguments = context->arguments;
    if ((arguments->from != NULL &&
         time_parse_arg("--from", arguments->from, &request->from_ns, err) != 0) ||
        (arguments->to != NULL && time_parse_arg("--to", arguments->to, &request->to_ns, err) != 0))
        return -1;
    if (arguments->write != NULL && !arguments->demo)
        return err_set(err, ERR_USAGE, "--write goes with --demo");
    if (arguments->from == NULL && (arguments->to != NULL || arguments->title != NULL ||
                                    arguments->service != NULL || arguments->channel != NULL))
        return err_set(err, ERR_USAGE, "--to, --title, --service and --channel need --from TIME");
    if (request->to_ns != TIME_NONE && request->to_ns < request->from_ns)
        return err_set(err, ERR_USAGE, "--to is before --from");
    if (context->argc < 2 && !arguments->demo) {
        err_set(err, ERR_USAGE, "draft needs files, directories or zips");
        return err_hint(err, "'hindcast draft --demo' shows it on a bundled incident");
    }
    return 0;
}

static int
write_demo(const char *folder, struct err *err)
{
    if (demo_write(folder, err) != 0)
        return -1;
    visible_line(stdout, "the files of the demo are in %s", folder);
    return 0;
}

static const char *
out_of(const struct draft_arguments *arguments)
{
    return arguments->out != NULL ? arguments->out : arguments->public ? PUBLIC_OUT : DEFAULT_OUT;
}

static int
run(struct command_context *context, struct err *err)
{
    const struct draft_arguments *arguments = context->arguments;
    struct file_zones zones = {0};
    struct file_dates dates = {0};
    struct draft_request request = {
        .config = context->config,
        .paths = context->argv + 1,
        .path_count = context->argc - 1,
        .demo = arguments->demo,
        .zones = &zones,
        .dates = &dates,
        .keep = arguments->keep,
        .date_of_file = command_word(arguments->undated, "file"),
        .out = out_of(arguments),
        .public = arguments->public,
        .zone = arguments->zone != NULL ? arguments->zone
                                        : config_text(context->config, OPT_output_time_zone),
        .forms = arguments->forms.list,
        .form_count = arguments->forms.count,
        .from_ns = TIME_NONE,
        .to_ns = TIME_NONE,
        .title = arguments->title,
        .service = arguments->service,
        .channel = arguments->channel,
        .wish = {arguments->all, arguments->incidents.list, arguments->incidents.count},
        .graph = arguments->graph,
        .stop = command_stop_flag(),
    };
    if (check(context, &request, err) != 0)
        return -1;
    if (arguments->write != NULL)
        return write_demo(arguments->write, err);
    if (time_zone_use(request.zone, err) != 0)
        return -1;
    command_patience(EXIT_STOPPED, PATIENCE_NS, draft_servers_at_last);
    int status = command_zones(&arguments->zones, &zones, err);
    if (status == 0)
        status = command_dates(&arguments->dates, &dates, err);
    command_handle_signals();
    if (status == 0)
        status = draft_run(&request, err);
    file_zones_release(&zones);
    file_dates_release(&dates);
    return status;
}

const struct command command_draft = {
    .name = "draft",
    .usage = "PATH...",
    .summary = "read exports and files, write postmortem drafts; needs no servers",
    .operand = "PATH...",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(OPT_ingest_workers, OPT_ingest_batch_rows, OPT_ingest_batch_bytes,
                  OPT_ingest_batch_time, OPT_ingest_evidence, OPT_ingest_format, OPT_ingest_maps,
                  OPT_ingest_schemas, OPT_ingest_scope, OPT_ingest_assumed_zone, OPT_ingest_service,
                  OPT_ingest_environment, OPT_ingest_dedup, HEEDS_CORRELATION, OPT_report_redaction,
                  OPT_report_templates, OPT_output_time_zone),
    .heeds_section = HEEDS_GROUPING,
    .arguments_size = sizeof(struct draft_arguments),
    .run = run,
};

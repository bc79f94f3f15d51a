/*
 * `hindcast report INCIDENT`: the postmortem draft in any form, to stdout or a file. Main thread.
 */
#include <stdio.h>
#include <string.h>

#include "app/clocks.h"
#include "app/converted.h"
#include "app/documented.h"
#include "app/open.h"
#include "app/outfile.h"
#include "app/publication.h"
#include "app/team_template.h"
#include "cmd/command.h"
#include "hindcast/counts.h"

struct report_arguments {
    const char *out, *zone, *format, *document;
    bool public, clocks;
};

/* "postmortem|summary|facilitator" */
static const char documents[] = ""
#define REPORT_DOCUMENT(name, about) "|" #name
#include "hindcast/report_documents.def"
#undef REPORT_DOCUMENT
    ;

static const struct command_option own_options[] = {
    VALUE_AT("--format", DOCUMENT_FORMATS, "form of the draft; default: Markdown",
             struct report_arguments, format),
    VALUE_AT("--document", documents + 1,
             "the draft (default), one page, or a sheet for whoever leads the review",
             struct report_arguments, document),
    VALUE_AT("--out", "FILE", "write there instead of to stdout; another text there is kept",
             struct report_arguments, out),
    VALUE_AT("--tz", "ZONE", "a second time column; default: output.time_zone",
             struct report_arguments, zone),
    FLAG_AT("--public", "only what report.redaction lets the public see", struct report_arguments,
            public),
    FLAG_AT("--clocks", "compare the clocks of that time: what order they leave open is said",
            struct report_arguments, clocks),
};

static int
report(const struct config *config, const char *name, const char *zone,
       const struct report_arguments *arguments, const struct report_template *template,
       struct arena *arena, struct err *err)
{
    struct store *store;
    struct stored_incident stored;
    struct ledger_totals totals;
    struct loaded_file *files;
    struct topic_reading *readings;
    size_t file_count, reading_count;
    struct clock_offsets offsets = {.count = 0};
    enum store_reading what = arguments->clocks ? READ_RECORDS : READ_DERIVED;
    if (open_reader(config, what, command_stop_flag(), &store, err) < 0)
        return -1;
    int status = casebook_incident(store, arena, name, &stored, err);
    if (status == 0)
        status = casebook_ledger(store, &totals, err);
    if (status == 0)
        status = casebook_files(store, arena, stored.scope, &files, &file_count, err);
    if (status == 0)
        status = counts_topics(store, arena, &readings, &reading_count, err);
    if (status == 0 && arguments->clocks)
        status = clocks_around(config, store, arena, &stored.incident, &offsets, err);
    if (status == 0) {
        const struct postmortem postmortem = {.writer = document_writer_find(arguments->format),
                                              .stored = &stored,
                                              .ledger = &totals,
                                              .files = files,
                                              .file_count = file_count,
                                              .readings = readings,
                                              .reading_count = reading_count,
                                              .clocks = offsets.clocks,
                                              .clock_count = offsets.count,
                                              .template = template,
                                              .kind = report_kind_find(arguments->document),
                                              .zone = zone,
                                              .store = store,
                                              .path = arguments->out};
        status = arguments->public ? publication_write(config, &postmortem, err)
                                   : postmortem_write(&postmortem, err);
    }
    store_close(store);
    if (status == 0)
        documented(config, &stored,
                   arguments->document == NULL ? "postmortem" : arguments->document,
                   document_writer_find(arguments->format)->name, command_stop_flag());
    return status;
}

/* A draft in a file, as people edited it. */
static int
convert(const char *path, const struct report_arguments *arguments, struct err *err)
{
    if (arguments->public || arguments->clocks || arguments->zone != NULL)
        return err_set(err, ERR_USAGE,
                       "--public, --clocks and --tz ask for the records, not for %s", path);
    return converted_write(path, document_writer_find(arguments->format), arguments->out, err);
}

static int
run(struct command_context *context, struct err *err)
{
    const struct report_arguments *arguments = context->arguments;
    const char *zone = arguments->zone;
    char path[PATH_MAX];
    if (context->argc == 2 &&
        converted_find(context->argv[1], report_kind_find(arguments->document), path))
        return convert(path, arguments, err);
    if (context->argc != 2) {
        err_set(err, ERR_USAGE, "report needs one incident; see 'hindcast report --help'");
        return err_hint(err, "'hindcast incidents' lists them");
    }
    if (zone == NULL)
        zone = config_text(context->config, OPT_output_time_zone);
    struct arena arena;
    struct team_templates templates;
    if (team_templates_read(context->config, &templates, err) != 0)
        return -1;
    arena_init(&arena, 0);
    int status = report(context->config, context->argv[1], zone, arguments,
                        &templates.list[report_kind_find(arguments->document)], &arena, err);
    arena_release(&arena);
    team_templates_release(&templates);
    return status;
}

const struct command command_report = {
    .name = "report",
    .usage = "INCIDENT|FOLDER|FILE.md",
    .summary = "write the postmortem draft of an incident, in one of its forms",
    .operand = "INCIDENT",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(HEEDS_READER, OPT_report_redaction, OPT_report_templates, OPT_output_time_zone,
                  OPT_clocks_max_append_delay),
    .roles = ROLES_READER ", --clocks hindcast_correlate",
    .arguments_size = sizeof(struct report_arguments),
    .product = true,
    .pages = true,
    .run = run,
};

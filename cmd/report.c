/*
 * `hindcast report INCIDENT`: the postmortem draft as Markdown, to stdout or a file. Main thread.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/open.h"
#include "cmd/outfile.h"
#include "hindcast/casebook.h"
#include "hindcast/report.h"

static const char help_text[] =
    "\nINCIDENT is a number (INC-2026-0001), a key, the start of a key, or 'latest'.\n"
    "Every generated line ends with the ids of the entries that prove it; TODO(human) marks wait\n"
    "for people. docs/postmortem.md says where each number comes from.\n";

/* A draft with a line that proves nothing is a fault of ours and is not handed out. */
static int
draft(const struct stored_incident *stored, const struct ledger_totals *totals, const char *zone,
      struct strbuf *out, struct err *err)
{
    const struct report_context context = {
        .number = stored->number,
        .digest_hex = stored->digest_hex,
        .records_read = totals->records,
        .records_quarantined = totals->quarantined,
        .records_lost = totals->lost,
        .time_zone = sv_from(zone),
    };
    struct strbuf problem;
    if (report_markdown(&stored->incident, &context, out, err) < 0)
        return -1;
    strbuf_init(&problem, 4096);
    size_t problems = report_check_citations(strbuf_view(out), &stored->incident, &problem);
    if (problems > 0)
        err_set(err, ERR_INTERNAL, "%zu lines of the draft lack evidence; %s", problems,
                problem.ptr);
    strbuf_release(&problem);
    return problems == 0 ? 0 : -1;
}

static int
report(const struct config *config, const char *name, const char *zone, const char *path,
       struct arena *arena, struct err *err)
{
    struct store *store;
    struct stored_incident stored;
    struct ledger_totals totals;
    struct strbuf out;
    if (cmd_open_store(config, OPEN_CORRELATE, &store, err) < 0)
        return -1;
    int status = casebook_incident(store, arena, name, &stored, err);
    if (status == 0)
        status = casebook_ledger(store, &totals, err);
    store_close(store);
    if (status < 0)
        return -1;
    strbuf_init(&out, 0);
    status = draft(&stored, &totals, zone, &out, err);
    if (status == 0 && path != NULL)
        status = outfile_write_draft(path, &out, err);
    else if (status == 0)
        fwrite(out.ptr, 1, out.len, stdout);
    strbuf_release(&out);
    return status;
}

int
cmd_report(struct command_context *context, struct err *err)
{
    const char *path = NULL, *zone = NULL;
    const struct command_option options[] = {
        {"--out", "FILE", "write there instead of to stdout; another text there is kept", &path,
         NULL},
        {"--tz", "ZONE", "a second time column; default: output.time_zone", &zone, NULL},
    };
    bool help;
    if (command_parse(context, options, sizeof(options) / sizeof(options[0]), &help, err) < 0)
        return -1;
    if (help) {
        fputs(help_text, stdout);
        return 0;
    }
    if (context->argc != 2) {
        err_set(err, ERR_USAGE, "report needs one incident; see 'hindcast report --help'");
        return err_hint(err, "'hindcast incidents' lists them");
    }
    if (zone == NULL)
        zone = config_text(context->config, OPT_output_time_zone);
    struct arena arena;
    arena_init(&arena, 0);
    int status = report(context->config, context->argv[1], zone, path, &arena, err);
    arena_release(&arena);
    return status;
}

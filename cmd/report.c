/*
 * `hindcast report INCIDENT`: the postmortem draft as Markdown, to stdout or a file. Main thread.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/open.h"
#include "cmd/postmortem.h"

static const char help_text[] =
    "\nINCIDENT is a number (INC-2026-0001), a key, the start of a key, or 'latest'.\n"
    "Every generated line ends with the ids of the entries that prove it; TODO(human) marks wait\n"
    "for people. docs/postmortem.md says where each number comes from. Lists are short: where "
    "rows\n"
    "are only counted, --out also writes FILE.timeline.jsonl with every row.\n";

static int
report(const struct config *config, const char *name, const char *zone, const char *path,
       struct arena *arena, struct err *err)
{
    struct store *store;
    struct stored_incident stored;
    struct ledger_totals totals;
    if (cmd_open_store(config, OPEN_CORRELATE, &store, err) < 0)
        return -1;
    int status = casebook_incident(store, arena, name, &stored, err);
    if (status == 0)
        status = casebook_ledger(store, &totals, err);
    store_close(store);
    if (status < 0)
        return -1;
    const struct postmortem postmortem = {
        .stored = &stored, .ledger = &totals, .zone = zone, .path = path};
    return postmortem_write(&postmortem, err);
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

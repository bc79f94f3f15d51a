/*
 * hindcast formats: the formats that are read (app/formats_list.h), and the check of a map
 * (app/map_check.h) or of formats of lines (app/lines_check.h). Main thread; touches no server.
 */
#include "app/formats_list.h"
#include "app/formats_page.h"
#include "app/lines_check.h"
#include "app/map_check.h"
#include "app/output.h"
#include "cmd/command.h"

struct formats_arguments {
    const char *format, *check;
};

static const struct command_option own_options[] = {
    VALUE_AT("--format", "text|jsonl|md",
             "a table (default), one JSON object a line, or docs/formats.md",
             struct formats_arguments, format),
    VALUE_AT("--check", "MAP", "check a map, or formats of lines, and what becomes of FILE...",
             struct formats_arguments, check),
};

static int
run(struct command_context *context, struct err *err)
{
    const struct formats_arguments *arguments = context->arguments;
    if (arguments->check != NULL) {
        const struct map_check_request request = {.config = context->config,
                                                  .map = arguments->check,
                                                  .paths = context->argv + 1,
                                                  .path_count = context->argc - 1,
                                                  .stop = command_stop_flag()};
        command_handle_signals();
        return sv_ends(sv_from(request.map), SV(".lines")) ? lines_check_run(&request, err)
                                                           : map_check_run(&request, err);
    }
    if (context->argc > 1) {
        err_set(err, ERR_USAGE, "formats takes no argument");
        return err_hint(err, "files are for --check MAP");
    }
    if (command_word(arguments->format, "md")) {
        formats_print_page();
        return 0;
    }
    struct strbuf out;
    strbuf_init(&out, 0);
    if (command_word(arguments->format, "jsonl"))
        formats_list_json(&out);
    else
        formats_list_text(&out);
    int status = output_buffer(&out, "the list", err);
    strbuf_release(&out);
    return status;
}

const struct command command_formats = {
    .name = "formats",
    .usage = "[--check MAP [FILE...]]",
    .summary = "list the formats that are read, or check a map",
    .operand = "FILE...",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(OPT_ingest_maps, OPT_ingest_assumed_zone),
    .arguments_size = sizeof(struct formats_arguments),
    .pages = true,
    .run = run,
};

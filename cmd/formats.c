/*
 * hindcast formats: the formats that are read (app/formats_list.h). Main thread; touches no server.
 */
#include "app/formats_list.h"
#include "app/formats_page.h"
#include "app/output.h"
#include "cmd/command.h"

struct formats_arguments {
    const char *format;
};

static const struct command_option own_options[] = {
    VALUE_AT("--format", "text|jsonl|md",
             "a table (default), one JSON object a line, or docs/formats.md",
             struct formats_arguments, format),
};

static int
run(struct command_context *context, struct err *err)
{
    const struct formats_arguments *arguments = context->arguments;
    if (context->argc > 1)
        return err_set(err, ERR_USAGE, "formats takes no argument");
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
    .usage = "",
    .summary = "list the formats that are read",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(OPT_ingest_maps),
    .arguments_size = sizeof(struct formats_arguments),
    .pages = true,
    .run = run,
};

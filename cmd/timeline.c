/*
 * `hindcast timeline INCIDENT`: the ordered, evidenced timeline in four formats and three widths.
 * Main thread.
 */
#include <stdio.h>

#include "cmd/command.h"
#include "cmd/open.h"
#include "cmd/render.h"

static const char help_text[] =
    "INCIDENT is a number (INC-2026-0001), a key, the start of a key, or 'latest'.\n"
    "text and md show the rows of --width standard unless told otherwise, csv and jsonl all "
    "rows.\n";

static int
show(const struct config *config, const char *name, const struct render_options *options,
     struct arena *arena, struct err *err)
{
    struct store *store;
    struct stored_incident stored;
    struct strbuf out;
    if (cmd_open_store(config, OPEN_CORRELATE, &store, err) != 0)
        return -1;
    int status = casebook_incident(store, arena, name, &stored, err);
    store_close(store);
    if (status != 0)
        return -1;
    strbuf_init(&out, 0);
    size_t omitted = render_timeline(&stored, options, &out);
    if (out.overflow)
        status = err_set(err, ERR_LIMIT, "the timeline is larger than %zu MiB", out.max >> 20);
    else
        fwrite(out.ptr, 1, out.len, stdout);
    strbuf_release(&out);
    if (status == 0 && omitted > 0 && options->format != RENDER_TEXT)
        fprintf(stderr, "%zu rows left out; --width full shows all\n", omitted);
    return status;
}

static int
read_options(const char *format, const char *width, struct render_options *ret_options,
             struct err *err)
{
    struct render_options options = {.least = SIGNIFICANCE_FULL};
    if (render_format_read(format, &options.format, err) != 0)
        return -1;
    if (options.format == RENDER_TEXT || options.format == RENDER_MARKDOWN)
        options.least = SIGNIFICANCE_STANDARD;
    if (width != NULL && render_width_read(width, &options.least, err) != 0)
        return -1;
    options.columns = render_terminal_columns();
    *ret_options = options;
    return 0;
}

int
cmd_timeline(struct command_context *context, struct err *err)
{
    const char *format = "text", *width = NULL, *zone = NULL;
    const struct command_option options[] = {
        {"--format", "text|md|csv|jsonl", "how to show it; default text", &format, NULL},
        {"--width", "key|standard|full", "how much to show", &width, NULL},
        {"--tz", "ZONE", "time zone for people; default: output.time_zone", &zone, NULL},
    };
    struct render_options shown;
    bool help;
    if (command_parse(context, options, sizeof(options) / sizeof(options[0]), &help, err) != 0)
        return -1;
    if (help) {
        fputs(help_text, stdout);
        return 0;
    }
    if (context->argc != 2) {
        err_set(err, ERR_USAGE, "timeline needs one incident");
        return err_hint(err, "'hindcast incidents' lists them");
    }
    if (zone == NULL)
        zone = config_text(context->config, OPT_output_time_zone);
    if (read_options(format, width, &shown, err) != 0 || time_zone_use(zone, err) != 0)
        return -1;
    struct arena arena;
    arena_init(&arena, 0);
    int status = show(context->config, context->argv[1], &shown, &arena, err);
    arena_release(&arena);
    return status;
}

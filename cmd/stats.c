/*
 * `hindcast stats`: how long incidents took. Main thread.
 */
#include <stdio.h>

#include "app/chart_view.h"
#include "app/open.h"
#include "app/output.h"
#include "base/clock.h"
#include "base/text/visible.h"
#include "cmd/command.h"
#include "hindcast/stats.h"
#include "report/render/stats.h"

struct stats_arguments {
    const char *by, *since, *until, *format;
};

static const struct command_option own_options[] = {
    VALUE_AT("--by", "month|service|severity", "a row for each; default: all incidents together",
             struct stats_arguments, by),
    VALUE_AT("--since", "TIME", "incidents that did not start before", struct stats_arguments,
             since),
    VALUE_AT("--until", "TIME", "incidents that started before", struct stats_arguments, until),
    FORMAT_AT("table|jsonl", struct stats_arguments, format),
};

static int
print(const struct stats_row *rows, size_t count, const struct stats_arguments *arguments,
      struct err *err)
{
    struct strbuf out;
    struct blocks_options view;
    if (chart_view_read(NULL, &view, err) != 0)
        return -1;
    strbuf_init(&out, 0);
    if (command_word(arguments->format, "jsonl"))
        render_stats_json(rows, count, arguments->by, &out);
    else if (count > 0)
        render_stats(rows, count, arguments->by, view.ascii, output_columns(), &out);
    int status = output_buffer(&out, "the table", err);
    strbuf_release(&out);
    if (status == 0 && count == 0)
        visible_line(stderr, "no incidents that were raised in this time; 'hindcast query "
                             "incidents' lists all");
    return status;
}

static int
show(const struct config *config, const struct stats_request *request,
     const struct stats_arguments *arguments, struct arena *arena, struct err *err)
{
    struct store *store;
    const struct stats_row *rows;
    size_t count;
    if (open_reader(config, READ_DERIVED, command_stop_flag(), &store, err) != 0)
        return -1;
    int status = casebook_stats(store, arena, request, &rows, &count, err);
    store_close(store);
    return status == 0 ? print(rows, count, arguments, err) : -1;
}

static int
run(struct command_context *context, struct err *err)
{
    const struct stats_arguments *arguments = context->arguments;
    struct stats_request request = {.by = arguments->by};
    if (context->argc > 1)
        return err_set(err, ERR_USAGE, "stats takes no argument '%s'", context->argv[1]);
    if (command_times(arguments->since, arguments->until, &request.since_ns, &request.until_ns,
                      err) != 0)
        return -1;
    struct arena arena;
    arena_init(&arena, 0);
    int status = show(context->config, &request, arguments, &arena, err);
    arena_release(&arena);
    return status;
}

const struct command command_stats = {
    .name = "stats",
    .usage = "",
    .summary = "tell how long incidents took, with medians and how many they are made of",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(HEEDS_READER),
    .roles = ROLES_ANALYST,
    .arguments_size = sizeof(struct stats_arguments),
    .pages = true,
    .run = run,
};

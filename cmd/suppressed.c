/*
 * `hindcast suppressed`: which alerts opened no incident because a rule suppresses them. Main
 * thread.
 */
#include <stdio.h>

#include "app/open.h"
#include "app/output.h"
#include "app/suppressed_print.h"
#include "base/clock.h"
#include "base/text/json_writer.h"
#include "base/text/visible.h"
#include "cmd/command.h"

struct suppressed_arguments {
    const char *format, *zone, *since, *until;
};

static const struct command_option own_options[] = {
    VALUE_AT("--since", "TIME", "alerts that began not before", struct suppressed_arguments, since),
    VALUE_AT("--until", "TIME", "alerts that began before", struct suppressed_arguments, until),
    VALUE_AT("--tz", "ZONE", "time zone for people; default: output.time_zone",
             struct suppressed_arguments, zone),
    FORMAT_AT("text|jsonl", struct suppressed_arguments, format),
};

static void
print_rows(const struct suppressed_row *rows, size_t count)
{
    suppressed_print(rows, count);
    if (count == 0)
        visible_line(stderr, "no alert is suppressed; rules are in correlate.suppress "
                             "(docs/correlation.md)");
}

static int
print_json(const struct suppressed_row *rows, size_t count, struct err *err)
{
    struct strbuf out;
    strbuf_init(&out, 0);
    for (size_t i = 0; i < count; i++) {
        strbuf_add_char(&out, '{');
        json_put(&out, "rule", rows[i].rule);
        json_put(&out, "kind", rows[i].kind);
        json_put_int(&out, "alerts", rows[i].alerts);
        json_put_int(&out, "records", rows[i].records);
        json_put_time(&out, "first_time", rows[i].first_ns);
        json_put_time(&out, "last_time", rows[i].last_ns);
        json_put_int(&out, "told", rows[i].told);
        strbuf_add_text(&out, "}\n");
    }
    int status = output_buffer(&out, "the list", err);
    strbuf_release(&out);
    return status;
}

static int
show(const struct config *config, const struct suppressed_request *request, bool json,
     struct err *err)
{
    struct suppressed_row *rows;
    struct store *store;
    struct arena arena;
    size_t count;
    if (open_reader(config, READ_DERIVED, command_stop_flag(), &store, err) != 0)
        return -1;
    arena_init(&arena, 0);
    int status = casebook_suppressed(store, &arena, request, &rows, &count, err);
    store_close(store);
    if (status == 0 && json)
        status = print_json(rows, count, err);
    else if (status == 0)
        print_rows(rows, count);
    arena_release(&arena);
    return status;
}

static int
run(struct command_context *context, struct err *err)
{
    const struct suppressed_arguments *arguments = context->arguments;
    const char *zone = arguments->zone != NULL ? arguments->zone
                                               : config_text(context->config, OPT_output_time_zone);
    struct suppressed_request request = {.incident = context->argc > 1 ? context->argv[1] : NULL};
    if (context->argc > 2)
        return err_set(err, ERR_USAGE, "suppressed takes one incident, or none");
    if (command_times(arguments->since, arguments->until, &request.since_ns, &request.until_ns,
                      err) != 0 ||
        time_zone_use(zone, err) != 0)
        return -1;
    return show(context->config, &request, command_word(arguments->format, "jsonl"), err);
}

const struct command command_suppressed = {
    .name = "suppressed",
    .usage = "[INCIDENT]",
    .summary = "show which alerts rules suppress, and by which rule",
    .operand = "INCIDENT",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(HEEDS_READER, OPT_output_time_zone),
    .roles = ROLES_ANALYST,
    .arguments_size = sizeof(struct suppressed_arguments),
    .pages = true,
    .run = run,
};

/*
 * hindcast duplicates: the events that came more than once, each with its deliveries: the one that
 * counts, the duplicates and earlier versions, and where they lie. Main thread.
 */
#include <stdio.h>

#include "app/open.h"
#include "app/output.h"
#include "base/clock.h"
#include "base/text/json_writer.h"
#include "base/text/visible.h"
#include "cmd/command.h"
#include "hindcast/casebook.h"

static size_t
deliveries_of_event(const struct stored_delivery *rows, size_t count)
{
    size_t same = 1;
    while (same < count && sv_eq(rows[same].uid, rows[0].uid) &&
           sv_eq(rows[same].scope, rows[0].scope))
        same++;
    return same;
}

static void
print_delivery(const struct stored_delivery *row)
{
    bool earlier = sv_eq(row->decided_by, SV("version"));
    struct strbuf line;
    strbuf_init(&line, 0);
    strbuf_addf(&line, "  %-15s " SV_FMT " partition %d offset %lld index %d",
                row->counts ? "counts"
                : earlier   ? "earlier version"
                            : "duplicate",
                SV_ARG(row->topic), (int)row->partition, (long long)row->offset, (int)row->index);
    if (row->incarnation != 0)
        strbuf_addf(&line, " incarnation %d", (int)row->incarnation);
    if (row->version != 0)
        strbuf_addf(&line, " version %lld", (long long)row->version);
    if (row->sha256.ptr != NULL)
        strbuf_addf(&line, " sha256 " SV_FMT, SV_ARG(row->sha256));
    if (row->frame_sha256.ptr != NULL)
        strbuf_addf(&line, " frame " SV_FMT, SV_ARG(row->frame_sha256));
    if (!row->counts)
        strbuf_addf(&line, " (by " SV_FMT ")", SV_ARG(row->decided_by));
    visible_line(stdout, "%s", line.ptr);
    strbuf_release(&line);
}

static void
print_all(const struct stored_delivery *rows, size_t count)
{
    size_t events = 0;
    for (size_t from = 0, same; from < count; from += same, events++) {
        char time[TIME_TEXT] = "without a time";
        same = deliveries_of_event(rows + from, count - from);
        if (rows[from].event_time_ns != TIME_NONE)
            time_format(rows[from].event_time_ns, time);
        visible_line(stdout, "%s " SV_FMT " (" SV_FMT ") seen %zu times, uid " SV_FMT, time,
                     SV_ARG(rows[from].kind), SV_ARG(rows[from].format), same,
                     SV_ARG(rows[from].uid));
        for (size_t i = from; i < from + same; i++)
            print_delivery(&rows[i]);
    }
    visible_line(stdout, "%zu events came more than once, in %zu deliveries", events, count);
}

static void
add_json(struct strbuf *out, const struct stored_delivery *row)
{
    strbuf_add_char(out, '{');
    json_put(out, "scope", row->scope);
    json_put(out, "uid", row->uid);
    json_put(out, "kind", row->kind);
    json_put(out, "format", row->format);
    json_put_time(out, "time", row->event_time_ns);
    json_put_bool(out, "counts", row->counts);
    json_put(out, "decided_by", row->counts ? SV_NONE : row->decided_by);
    json_put_int(out, "version", row->version);
    json_put(out, "topic", row->topic);
    json_put_int(out, "incarnation", row->incarnation);
    json_put_int(out, "partition", row->partition);
    json_put_int(out, "offset", row->offset);
    json_put_int(out, "index", row->index);
    json_put(out, "sha256", row->sha256);
    json_put(out, "frame_sha256", row->frame_sha256);
    strbuf_add_text(out, "}\n");
}

static int
print_json(const struct stored_delivery *rows, size_t count, struct err *err)
{
    struct strbuf out;
    strbuf_init(&out, 0);
    for (size_t i = 0; i < count; i++)
        add_json(&out, &rows[i]);
    int status = output_buffer(&out, "the list", err);
    strbuf_release(&out);
    return status;
}

struct duplicates_arguments {
    const char *format;
};

static const struct command_option own_options[] = {
    FORMAT_AT("text|jsonl", struct duplicates_arguments, format),
};

static int
run(struct command_context *context, struct err *err)
{
    const struct duplicates_arguments *arguments = context->arguments;
    struct store *store;
    struct arena arena;
    struct stored_delivery *rows;
    size_t count;
    if (context->argc > 1)
        return err_set(err, ERR_USAGE, "duplicates takes no argument '%s'", context->argv[1]);
    if (open_reader(context->config, READ_DERIVED, command_stop_flag(), &store, err) != 0)
        return -1;
    arena_init(&arena, 0);
    int status = casebook_deliveries(store, &arena, &rows, &count, err);
    if (status == 0 && command_word(arguments->format, "jsonl"))
        status = print_json(rows, count, err);
    else if (status == 0)
        print_all(rows, count);
    arena_release(&arena);
    store_close(store);
    return status;
}

const struct command command_duplicates = {
    .name = "duplicates",
    .usage = "",
    .summary = "show events that came more than once, and which delivery counts",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(HEEDS_READER),
    .arguments_size = sizeof(struct duplicates_arguments),
    .pages = true,
    .roles = ROLES_ANALYST,
    .run = run,
};

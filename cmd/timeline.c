/*
 * `hindcast timeline INCIDENT`: the ordered, evidenced timeline in four formats and three widths,
 * or as a chart: SVG, or blocks for a terminal. Main thread.
 */
#include <stdio.h>

#include "app/activity.h"
#include "app/clocks.h"
#include "app/open.h"
#include "app/output.h"
#include "app/revisions_show.h"
#include "app/waiting_tell.h"
#include "base/text/visible.h"
#include "cmd/command.h"
#include "cmd/timeline_view.h"
#include "hindcast/casebook.h"
#include "report/chart/blocks.h"
#include "report/chart/chart.h"
#include "report/render/render.h"

static const struct command_option own_options[] = {
    VALUE_AT("--format", "text|md|csv|jsonl|svg", "how to show it; default text; svg: as a chart",
             struct timeline_arguments, format),
    VALUE_AT("--width", "key|standard|full", "how much to show", struct timeline_arguments, width),
    VALUE_AT("--tz", "ZONE", "time zone for people; default: output.time_zone",
             struct timeline_arguments, zone),
    FLAG_AT("--chart", "as a chart of blocks, for a terminal", struct timeline_arguments, chart),
    VALUE_AT("--revision", "N", "as it was at a revision, see 'hindcast revisions'",
             struct timeline_arguments, revision),
    VALUE_AT("--as-of", "TIME", "as it was published at that time", struct timeline_arguments,
             as_of),
    VALUE_AT("--style", "blocks|ascii", "of --chart; default: by the locale",
             struct timeline_arguments, style),
    FLAG_AT("--aligned",
            "times of clocks that are off for certain corrected, see 'hindcast clocks'",
            struct timeline_arguments, aligned),
};

/* Returns how many rows were left out. */
static size_t
draw(const struct stored_incident *stored, const struct activity *activity,
     const struct view_options *options, struct strbuf *out)
{
    struct blocks_options blocks = options->blocks;
    if (options->view == VIEW_ROWS)
        return render_timeline(stored, &options->rows, out);
    blocks.name = stored->number;
    blocks.activity = activity;
    if (options->view == VIEW_BLOCKS)
        chart_blocks(&stored->incident, &blocks, out);
    else
        chart_svg(
            &stored->incident,
            &(struct chart_options){.name = stored->number, .alone = true, .activity = activity},
            out);
    return 0;
}

/* As it is now, or as it was. */
static int
read_incident(struct store *store, struct arena *arena, const char *name,
              const struct timeline_arguments *arguments, struct stored_incident *ret_stored,
              struct err *err)
{
    if (arguments->revision == NULL && arguments->as_of == NULL)
        return casebook_incident(store, arena, name, ret_stored, err);
    return revision_incident(store, arena, name, arguments->revision, arguments->as_of, ret_stored,
                             err);
}

static int
show(const struct command_context *context, const struct view_options *options, struct arena *arena,
     struct err *err)
{
    const struct timeline_arguments *arguments = context->arguments;
    enum store_reading what = arguments->aligned ? READ_RECORDS : READ_DERIVED;
    struct store *store;
    struct stored_incident stored;
    struct activity activity;
    struct strbuf out;
    if (open_reader(context->config, what, command_stop_flag(), &store, err) != 0)
        return -1;
    int status = read_incident(store, arena, context->argv[1], arguments, &stored, err);
    if (status == 0 && arguments->aligned)
        status = clocks_align(context->config, store, arena, &stored.incident, err);
    if (status == 0 && options->view != VIEW_ROWS)
        status = activity_read(store, arena, &stored, false, &activity, err);
    if (status == 0)
        status = waiting_tell(store, arena, stored.scope, stored.incident.incident_key, err);
    store_close(store);
    if (status != 0)
        return -1;
    strbuf_init(&out, 0);
    size_t omitted = draw(&stored, &activity, options, &out);
    status = output_buffer(&out, "the timeline", err);
    strbuf_release(&out);
    if (status == 0 && omitted > 0 && options->rows.format != RENDER_TEXT)
        visible_line(stderr, "%zu rows left out; --width full shows all", omitted);
    return status;
}

static int
run(struct command_context *context, struct err *err)
{
    const struct timeline_arguments *arguments = context->arguments;
    const char *zone = arguments->zone;
    struct view_options options;
    if (context->argc != 2) {
        err_set(err, ERR_USAGE, "timeline needs one incident");
        return err_hint(err, "'hindcast incidents' lists them");
    }
    if (zone == NULL)
        zone = config_text(context->config, OPT_output_time_zone);
    if (timeline_view_read(arguments, &options, err) != 0 || time_zone_use(zone, err) != 0)
        return -1;
    struct arena arena;
    arena_init(&arena, 0);
    int status = show(context, &options, &arena, err);
    arena_release(&arena);
    return status;
}

const struct command command_timeline = {
    .name = "timeline",
    .usage = "INCIDENT",
    .summary = "show the timeline of an incident",
    .operand = "INCIDENT",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(HEEDS_READER, OPT_clocks_max_append_delay, OPT_output_time_zone),
    .roles = ROLES_READER ", --aligned hindcast_correlate",
    .arguments_size = sizeof(struct timeline_arguments),
    .pages = true,
    .run = run,
};

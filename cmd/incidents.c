/*
 * `hindcast incidents`: the list. Main thread.
 */
#include <stdio.h>

#include "app/open.h"
#include "app/output.h"
#include "app/waiting_tell.h"
#include "app/worth.h"
#include "base/text/visible.h"
#include "cmd/command.h"
#include "hindcast/casebook.h"
#include "report/render/render.h"

/*
 * How many are shown, at the front. Programs filter by themselves: they get all that are raised, by
 * time.
 */
static size_t
choose(struct stored_incident *incidents, size_t count, enum render_format format, bool all)
{
    size_t shown = 0;
    if (all)
        return count;
    if (format != RENDER_JSONL)
        return worth_first(incidents, count);
    for (size_t i = 0; i < count; i++)
        if (incidents[i].incident.raised)
            incidents[shown++] = incidents[i];
    return shown;
}

struct tally {
    size_t raised, below, refused;
};

static struct tally
tally(const struct stored_incident *incidents, size_t count)
{
    struct tally counted = {0};
    for (size_t i = 0; i < count; i++) {
        if (incidents[i].incident.raised)
            counted.raised++;
        else if (incident_said(&incidents[i].incident, DECISION_NO_INCIDENT) != NULL)
            counted.refused++;
        else
            counted.below++;
    }
    return counted;
}

/* What is not shown; `low`: of those that are raised. */
static void
tell_others(const struct tally *counted, size_t low)
{
    if (low > 0)
        visible_line(stderr,
                     "%zu more %s not worth a look by %s rank, %zu did not meet the "
                     "thresholds; --all shows %s",
                     low, low == 1 ? "is" : "are", low == 1 ? "its" : "their", counted->below,
                     low + counted->below == 1 ? "it" : "them");
    else if (counted->below > 0)
        visible_line(stderr, "%zu more did not meet the thresholds; --all shows %s", counted->below,
                     counted->below == 1 ? "it" : "them");
    if (counted->refused > 0)
        visible_line(stderr, "%zu more %s not an incident, as people decided; --all shows %s",
                     counted->refused, counted->refused == 1 ? "is" : "are",
                     counted->refused == 1 ? "it" : "them");
}

static int
list(const struct config *config, enum render_format format, bool all, struct arena *arena,
     struct err *err)
{
    struct store *store;
    struct stored_incident *incidents;
    struct strbuf out;
    size_t count;
    if (open_reader(config, READ_DERIVED, command_stop_flag(), &store, err) != 0)
        return -1;
    int status = casebook_incidents(store, arena, true, &incidents, &count, err);
    if (status == 0)
        status = waiting_tell(store, arena, SV_NONE, SV_NONE, err);
    store_close(store);
    if (status != 0)
        return -1;
    const struct tally counted = tally(incidents, count);
    size_t shown = choose(incidents, count, format, all);
    strbuf_init(&out, 0);
    render_incidents(incidents, shown, format, output_columns(), &out);
    status = output_buffer(&out, "the list", err);
    strbuf_release(&out);
    if (status != 0)
        return -1;
    if (shown == 0)
        visible_line(stderr, "no incidents; 'hindcast correlate --once' looks for them, "
                             "'hindcast declare' names one by hand");
    if (!all)
        tell_others(&counted, counted.raised - shown);
    return 0;
}

struct incidents_arguments {
    const char *format, *zone;
    bool all;
};

static const struct command_option own_options[] = {
    FORMAT_AT("text|jsonl", struct incidents_arguments, format),
    FLAG_AT("--all", "all, by time: also those of a low rank and those below the thresholds",
            struct incidents_arguments, all),
    VALUE_AT("--tz", "ZONE", "time zone of the table; default: output.time_zone",
             struct incidents_arguments, zone),
};

static int
run(struct command_context *context, struct err *err)
{
    const struct incidents_arguments *arguments = context->arguments;
    const char *zone = arguments->zone;
    enum render_format format =
        command_word(arguments->format, "jsonl") ? RENDER_JSONL : RENDER_TEXT;
    if (context->argc > 1)
        return err_set(err, ERR_USAGE, "incidents takes no argument '%s'", context->argv[1]);
    if (zone == NULL)
        zone = config_text(context->config, OPT_output_time_zone);
    if (time_zone_use(zone, err) != 0)
        return -1;
    struct arena arena;
    arena_init(&arena, 0);
    int status = list(context->config, format, arguments->all, &arena, err);
    arena_release(&arena);
    return status;
}

const struct command command_incidents = {
    .name = "incidents",
    .usage = "",
    .summary = "list incidents",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(HEEDS_READER, OPT_output_time_zone),
    .roles = ROLES_READER,
    .arguments_size = sizeof(struct incidents_arguments),
    .pages = true,
    .run = run,
};

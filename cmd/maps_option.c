/*
 * The option ingest.maps: see maps_option.h.
 */
#include "cmd/maps_option.h"

#include "base/text/visible.h"
#include "hindcast/maps.h"

static bool
heeds(const struct command *command, enum option option)
{
    for (size_t i = 0; i < command->heeds_count; i++)
        if (command->heeds[i] == option)
            return true;
    return false;
}

int
maps_option_read(const struct command *command, const struct config *config, struct err *err)
{
    struct strbuf problems;
    if (!heeds(command, OPT_ingest_maps))
        return 0;
    strbuf_init(&problems, 0);
    int status = maps_add_folder(config_text(config, OPT_ingest_maps), &problems, err);
    struct sv rest = strbuf_view(&problems), line;
    while (sv_split(&rest, '\n', &line))
        if (!sv_empty(line))
            visible_line(stderr, SV_FMT, SV_ARG(line));
    strbuf_release(&problems);
    return status;
}

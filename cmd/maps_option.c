/*
 * The options ingest.maps and ingest.schemas: see maps_option.h.
 */
#include "cmd/maps_option.h"

#include "base/text/visible.h"
#include "hindcast/maps.h"
#include "hindcast/schemas.h"

static bool
heeds(const struct command *command, enum option option)
{
    for (size_t i = 0; i < command->heeds_count; i++)
        if (command->heeds[i] == option)
            return true;
    return false;
}

static void
tell(const struct strbuf *problems)
{
    struct sv rest = strbuf_view(problems), line;
    while (sv_split(&rest, '\n', &line))
        if (!sv_empty(line))
            visible_line(stderr, SV_FMT, SV_ARG(line));
}

int
maps_option_read(const struct command *command, const struct config *config, struct err *err)
{
    struct strbuf problems;
    int status = 0;
    strbuf_init(&problems, 0);
    if (heeds(command, OPT_ingest_maps))
        status = maps_add_folder(config_text(config, OPT_ingest_maps), &problems, err);
    if (status == 0 && heeds(command, OPT_ingest_schemas))
        status = schemas_add_folder(config_text(config, OPT_ingest_schemas), &problems, err);
    tell(&problems);
    strbuf_release(&problems);
    return status;
}

/*
 * The options ingest.maps and ingest.schemas: see maps_option.h.
 */
#include "cmd/maps_option.h"

#include "base/text/visible.h"
#include "hindcast/format_files.h"

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

static int
use(const struct format_files *files, struct err *err)
{
    struct strbuf problems;
    strbuf_init(&problems, 0);
    int status = formats_use(files, &problems, err);
    tell(&problems);
    strbuf_release(&problems);
    return status;
}

int
maps_option_read(const struct command *command, const struct config *config, struct err *err)
{
    bool maps = heeds(command, OPT_ingest_maps), schemas = heeds(command, OPT_ingest_schemas);
    struct format_files files;
    if (!maps && !schemas)
        return 0;
    format_files_init(&files);
    int status = format_files_read(&files, maps ? config_text(config, OPT_ingest_maps) : "",
                                   schemas ? config_text(config, OPT_ingest_schemas) : "", err);
    if (status == 0 && files.count > 0)
        status = use(&files, err);
    format_files_release(&files);
    return status;
}

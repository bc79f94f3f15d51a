/*
 * Which incidents wait: see waiting_tell.h.
 */
#include "app/waiting_tell.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/text/visible.h"
#include "hindcast/waiting.h"

int
waiting_tell(struct store *store, struct arena *arena, struct sv scope, struct sv incident_key,
             struct err *err)
{
    struct waiting_incident *incidents;
    size_t count;
    if (waiting_incidents(store, arena, scope, incident_key, &incidents, &count, err) != 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        if (incidents[i].records > 0)
            visible_line(stderr,
                         "incident " SV_FMT " of scope " SV_FMT ": %" PRId64 " record%s not in "
                         "yet; 'hindcast correlate --once' takes them in",
                         SV_ARG(incidents[i].incident), SV_ARG(incidents[i].scope),
                         incidents[i].records, incidents[i].records == 1 ? " is" : "s are");
        else
            visible_line(stderr,
                         "incident " SV_FMT " of scope " SV_FMT ": what lies around it changed; "
                         "'hindcast correlate --once' tells it again",
                         SV_ARG(incidents[i].incident), SV_ARG(incidents[i].scope));
    return 0;
}

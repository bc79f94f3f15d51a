/*
 * Rows by name: see row_named.h.
 */
#include "app/row_named.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/text/visible.h"
#include "report/why/why.h"

#define ROWS_LISTED 20    /* of those that a name fits */
#define HIDDEN_ID_LEAST 4 /* digits that name a hidden row */

static int
ambiguous(const struct incident *incident, const char *row, const size_t *places, size_t count,
          struct err *err)
{
    for (size_t i = 0; i < count && i < ROWS_LISTED; i++) {
        const struct entry *entry = &incident->entries[places[i]];
        char time[TIME_TEXT];
        time_format_zone(entry->time_ns, time);
        visible_line(stderr, SV_FMT "  %s  " SV_FMT, SV_ARG(entry->entry_id), time,
                     SV_ARG(entry->text));
    }
    err_set(err, ERR_USAGE, "'%s' fits %zu rows of the incident", row, count);
    return err_hint(err, "name one by its id, which stands first above");
}

/* A row that people hid is named as it was printed before. */
static bool
hidden(const struct incident *incident, struct sv row, struct err *err)
{
    for (size_t i = 0; i < incident->decision_count; i++) {
        const struct decided *decided = &incident->decisions[i];
        char time[TIME_TEXT];
        if (decided->row_count == 0 ||
            incident_hides(incident, decided->rows[0].entry_id) != decided)
            continue;
        time_format_zone(decided->rows[0].time_ns, time);
        if (!sv_contains(sv_from(time), row) &&
            (row.len < HIDDEN_ID_LEAST || incident_hides(incident, row) != decided))
            continue;
        err_set(err, ERR_NOT_FOUND, "row '" SV_FMT "' is hidden by " SV_FMT ", decision " SV_FMT,
                SV_ARG(row), SV_ARG(decided->decision.author), SV_ARG(decided->decision.id));
        err_hint(err, "'hindcast decide undo " SV_FMT "' shows it again",
                 SV_ARG(decided->decision.id));
        return true;
    }
    return false;
}

int
row_named(const struct incident *incident, const char *row, size_t *ret_place, struct err *err)
{
    size_t places[ROWS_LISTED], count = why_find(incident, sv_from(row), places, ROWS_LISTED);
    if (count > 1)
        return ambiguous(incident, row, places, count, err);
    if (count == 0 && hidden(incident, sv_from(row), err))
        return -1;
    if (count == 0) {
        err_set(err, ERR_NOT_FOUND, "no row of the incident fits '%s'", row);
        return err_hint(err, "a row is named by its entry_id ('hindcast timeline --format jsonl'), "
                             "its file and line, or its time as it is printed");
    }
    *ret_place = places[0];
    return 0;
}

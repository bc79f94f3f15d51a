/*
 * Rows by name: see row_named.h.
 */
#include "app/row_named.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/text/visible.h"
#include "report/why/why.h"

#define ROWS_LISTED 20 /* of those that a name fits */

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

int
row_named(const struct incident *incident, const char *row, size_t *ret_place, struct err *err)
{
    size_t places[ROWS_LISTED], count = why_find(incident, sv_from(row), places, ROWS_LISTED);
    if (count > 1)
        return ambiguous(incident, row, places, count, err);
    if (count == 0) {
        err_set(err, ERR_NOT_FOUND, "no row of the incident fits '%s'", row);
        return err_hint(err, "a row is named by its entry_id ('hindcast timeline --format jsonl'), "
                             "its file and line, or its time as it is printed");
    }
    *ret_place = places[0];
    return 0;
}

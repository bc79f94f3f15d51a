/*
 * Why an incident, or a row of it, is what it is: see why_show.h.
 */
#include "app/why_show.h"

#include <stdio.h>

#include "app/open.h"
#include "app/output.h"
#include "base/clock.h"
#include "base/text/visible.h"
#include "hindcast/casebook.h"
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

static int
find_row(const struct incident *incident, const char *row, size_t *ret_place, struct err *err)
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

static int
put(const struct stored_incident *stored, const char *row, bool json, struct strbuf *out,
    struct err *err)
{
    size_t place = 0;
    if (row == NULL && json)
        why_incident_json(stored, out);
    else if (row == NULL)
        why_incident(stored, output_columns(), out);
    else if (find_row(&stored->incident, row, &place, err) != 0)
        return -1;
    else if (json)
        why_entry_json(stored, place, out);
    else
        why_entry(stored, place, output_columns(), out);
    return output_buffer(out, "why", err);
}

int
why_show(const struct config *config, const char *incident, const char *row, bool json,
         const volatile bool *stop, struct err *err)
{
    struct store *store;
    struct stored_incident stored;
    struct arena arena;
    struct strbuf out;
    if (open_reader(config, READ_DERIVED, stop, &store, err) != 0)
        return -1;
    arena_init(&arena, 0);
    strbuf_init(&out, 0);
    int status = casebook_incident(store, &arena, incident, &stored, err);
    store_close(store);
    if (status == 0)
        status = put(&stored, row, json, &out, err);
    strbuf_release(&out);
    arena_release(&arena);
    return status;
}

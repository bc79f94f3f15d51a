/*
 * Why an incident, or a row of it, is what it is: see why_show.h.
 */
#include "app/why_show.h"

#include "app/open.h"
#include "app/output.h"
#include "app/row_named.h"
#include "hindcast/casebook.h"
#include "report/why/why.h"

static int
put(const struct stored_incident *stored, const char *row, bool json, struct strbuf *out,
    struct err *err)
{
    size_t place = 0;
    if (row == NULL && json)
        why_incident_json(stored, out);
    else if (row == NULL)
        why_incident(stored, output_columns(), out);
    else if (row_named(&stored->incident, row, &place, err) != 0)
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

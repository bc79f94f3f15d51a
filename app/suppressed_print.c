/*
 * What rules suppressed, for people: see suppressed_print.h.
 */
#include "app/suppressed_print.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/text/visible.h"

void
suppressed_print(const struct suppressed_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct suppressed_row *row = &rows[i];
        char first[TIME_TEXT], last[TIME_TEXT];
        time_format_zone(row->first_ns, first);
        time_format_zone(row->last_ns, last);
        visible_line(stdout,
                     "%lld alert%s suppressed by " SV_FMT " (" SV_FMT "): %lld record%s, %s to %s; "
                     "%lld told in an incident that others opened",
                     (long long)row->alerts, row->alerts == 1 ? "" : "s", SV_ARG(row->rule),
                     SV_ARG(row->kind), (long long)row->records, row->records == 1 ? "" : "s",
                     first, last, (long long)row->told);
    }
}

int
suppressed_tell(struct store *store, struct arena *arena, struct err *err)
{
    const struct suppressed_request all = {TIME_NONE, TIME_NONE, NULL};
    struct suppressed_row *rows;
    size_t count;
    if (casebook_suppressed(store, arena, &all, &rows, &count, err) != 0)
        return -1;
    suppressed_print(rows, count);
    return 0;
}

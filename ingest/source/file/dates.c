/*
 * Days given for files: see dates.h. Called while a command line is read, and once for each file.
 */
#include "ingest/source/file/dates.h"

#include <string.h>

#include "ingest/talk/local.h"

/* "2026-03-10", or with a time and perhaps a zone behind it. */
static bool
read_date(struct sv text, struct talk_hints *hints)
{
    struct talk_hints found = {0};
    found.day = talk_day_from_text(text);
    if (found.day.how == DAY_NONE && talk_local_read(text, &found))
        found.has_start = true;
    if (found.day.how == DAY_NONE)
        return false;
    hints->day = found.day;
    hints->day.how = DAY_ASSUMED;
    hints->near = hints->day;
    hints->has_start = found.has_start;
    hints->clock = found.clock;
    hints->has_zone = found.has_zone;
    hints->offset_s = found.offset_s;
    return true;
}

int
file_dates_add(struct file_dates *dates, const char *text, struct err *err)
{
    const char *equals = strrchr(text, '=');
    struct talk_hints hints = {0};
    if (equals == text || !read_date(sv_from(equals == NULL ? text : equals + 1), &hints)) {
        err_set(err, ERR_USAGE, "--date '%s' is not a date", text);
        return err_hint(err, "give 2026-03-10, 2026-03-10T10:02+01:00, or 'chat/*=2026-03-10'");
    }
    file_zones_put(&dates->by_name, text);
    return 0;
}

void
file_dates_release(struct file_dates *dates)
{
    file_zones_release(&dates->by_name);
}

void
file_dates_find(const struct file_dates *dates, const char *name, bool by_name,
                struct talk_hints *hints)
{
    const struct file_zones *all = dates == NULL ? NULL : &dates->by_name;
    const char *any = file_zones_any(all), *found = file_zones_find(all, name);
    const char *date = by_name ? (found == any ? NULL : found) : any;
    if (date != NULL)
        (void)read_date(sv_from(date), hints); /* was checked when it was added */
}

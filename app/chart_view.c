/*
 * How a terminal shows a chart: see chart_view.h.
 */
#include "app/chart_view.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "app/output.h"

static size_t
columns(void)
{
    const char *told = getenv("COLUMNS");
    int64_t count;
    if (told != NULL && sv_to_int64(sv_from(told), &count) && count >= BLOCKS_COLUMNS_MIN &&
        count <= BLOCKS_COLUMNS_MAX)
        return (size_t)count;
    return output_columns() > 0 ? output_columns() : CHART_VIEW_COLUMNS;
}

static bool
knows_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *locale = getenv(names[i]);
        if (locale != NULL && locale[0] != '\0')
            return strcasestr(locale, "utf-8") != NULL || strcasestr(locale, "utf8") != NULL;
    }
    return false;
}

int
chart_view_read(const char *style, struct blocks_options *ret_options, struct err *err)
{
    bool ascii = style == NULL ? !knows_utf8() : strcmp(style, "ascii") == 0;
    if (style != NULL && !ascii && strcmp(style, "blocks") != 0)
        return err_set(err, ERR_USAGE, "--style is blocks or ascii, not '%s'", style);
    *ret_options = (struct blocks_options){.columns = columns(), .ascii = ascii};
    return 0;
}

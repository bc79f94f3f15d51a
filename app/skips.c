/*
 * The list of what was skipped: see skips.h. Used by load and draft.
 */
#include "app/skips.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/text/visible.h"

/* Rows keep the start of a long reason: that is what is compared. */
static bool
same_reason(const struct skip_row *row, const char *reason)
{
    return strncmp(row->reason, reason, sizeof(row->reason) - 1) == 0;
}

void
skips_add(struct skips *skips, const char *name, int64_t line, const char *reason)
{
    int at = 0;
    assert(skips->count >= 0 && skips->count <= SKIP_REASONS_MAX);
    skips->total++;
    while (at < skips->count && !same_reason(&skips->rows[at], reason))
        at++;
    struct skip_row *row = &skips->rows[at < SKIP_REASONS_MAX ? at : SKIP_REASONS_MAX - 1];
    if (at == SKIP_REASONS_MAX)
        snprintf(row->reason, sizeof(row->reason), SKIP_OTHER_REASONS);
    if (at == skips->count && at < SKIP_REASONS_MAX) {
        skips->count++;
        snprintf(row->reason, sizeof(row->reason), "%s", reason);
        if (line > 0)
            snprintf(row->example, sizeof(row->example), "%s line %lld", name, (long long)line);
        else
            snprintf(row->example, sizeof(row->example), "%s", name);
    }
    row->count++;
}

void
skips_print(const struct skips *skips)
{
    for (int i = 0; i < skips->count; i++)
        visible_line(stdout, "skipped      %lld: %s (%s%s)", (long long)skips->rows[i].count,
                     skips->rows[i].reason, skips->rows[i].count > 1 ? "first: " : "",
                     skips->rows[i].example);
}

int
skips_fail(int64_t problems, struct err *err)
{
    err_set(err, ERR_IO, "not all of the input could be read: %lld problems", (long long)problems);
    return err_hint(err, "see 'skipped' above; once mended, the same command tries them again");
}

/*
 * Lengths of time beside the two times that they lie between: "From A to B (D)". See run.h.
 */
#include <stdlib.h>

#include "report/lint/moment.h"
#include "report/lint/run.h"

#define SLACK_SECONDS 90 /* both times are cut to the minute, the length may be as well */
#define JOINT_BYTES 16   /* between the two times, and behind them */

/* "to", "until", "-" between them, with a zone before it. */
static bool
is_joint(struct sv between)
{
    static const char *const words[] = {" to ", " until ",      " till ",
                                        "-",    "\xE2\x80\x93", "through"};
    if (between.len > JOINT_BYTES)
        return false;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (sv_contains(between, sv_from(words[i])))
            return true;
    return false;
}

/* The length in brackets behind a time. */
static bool
length_behind(struct sv text, size_t at, size_t *ret_from, int64_t *ret_seconds)
{
    struct sv behind = sv_slice(text, at, at + JOINT_BYTES);
    size_t bracket = sv_find_char(behind, '(');
    if (bracket == SIZE_MAX)
        return false;
    *ret_from = at + bracket + 1;
    return moment_length(sv_slice(text, *ret_from, text.len), ret_seconds);
}

static void
check_block(struct lint *lint, const struct lint_rule *rule, const struct plain *plain)
{
    struct sv text = sv_of(plain->text, plain->len);
    struct moment a, b;
    size_t at = 0;
    bool any = moment_next(text, &at, &a);
    while (any && moment_next(text, &at, &b)) {
        size_t from;
        int64_t seconds;
        if (is_joint(sv_slice(text, a.to, b.from)) && a.zone.len == b.zone.len &&
            length_behind(text, b.to, &from, &seconds) &&
            llabs(moment_minutes(&a, &b) * 60 - seconds) >= SLACK_SECONDS) {
            size_t end = from;
            while (end < text.len && text.ptr[end] != ')')
                end++;
            lint_add(lint, rule, plain->at[from], plain->at[end], NULL);
        }
        a = b;
    }
}

int
check_duration(struct lint *lint, const struct lint_rule *rule, struct err *err)
{
    (void)err;
    for (size_t i = 0; i < lint->page.block_count; i++)
        if (lint->plains[i].len > 0)
            check_block(lint, rule, &lint->plains[i]);
    return 0;
}

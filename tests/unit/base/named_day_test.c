/*
 * Days as people say them, English and German: where they stand in a text, and which date that is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <string.h>

#include "base/text/named_day.h"

#define SAID_NS (INT64_C(1773136800) * NS_PER_S) /* 2026-03-10T10:00:00Z, a Tuesday */

static void
days_are_found_and_dated(void **state)
{
    (void)state;
    static const struct {
        const char *text, *said, *date; /* said "": none; date "": not told */
    } cases[] = {
        {"@ana to add an alert by Friday", "Friday", "2026-03-13"},
        {"fix the retry (due 12 March)", "12 March", "2026-03-12"},
        {"due 12th of March 2027, please", "12th of March 2027", "2027-03-12"},
        {"due: March 12", "March 12", "2026-03-12"},
        {"due Sept 1st", "Sept 1st", "2026-09-01"},
        {"due by Jan 5, 2027", "Jan 5, 2027", "2027-01-05"},
        {"by 2026-04-01.", "2026-04-01", "2026-04-01"},
        {"I'll write the runbook tomorrow", "tomorrow", "2026-03-11"},
        {"the day after tomorrow I will", "day after tomorrow", "2026-03-12"},
        {"by EOD", "EOD", "2026-03-10"},
        {"by Friday 5pm", "Friday 5pm", "2026-03-13"},
        {"until Mon, 14:00 we watch", "Mon, 14:00", "2026-03-16"},
        {"in two weeks", "in two weeks", "2026-03-24"},
        {"within 3 days", "within 3 days", "2026-03-13"},
        {"on Thursday", "Thursday", "2026-03-12"},
        {"by this Friday", "this Friday", "2026-03-13"},
        {"by Tuesday", "Tuesday", ""}, /* today, or in a week */
        {"by next Friday", "next Friday", ""},
        {"next week", "next week", ""},
        {"by end of week", "end of week", ""},
        {"by 5pm", "5pm", ""},
        {"due 3/12", "3/12", ""},
        {"due 9 March", "9 March", ""}, /* yesterday, or in a year */
        {"bis Freitag", "Freitag", "2026-03-13"},
        {"bis zum 12. M\xC3\xA4rz", "12. M\xC3\xA4rz", "2026-03-12"},
        {"bis 12.3.", "12.3.", "2026-03-12"},
        {"bis zum 01.04.2026 fertig", "01.04.2026", "2026-04-01"},
        {"ich mache das morgen", "morgen", "2026-03-11"},
        {"\xC3\x9C"
         "bermorgen, bis uebermorgen",
         "uebermorgen", "2026-03-12"},
        {"n\xC3\xA4"
         "chste Woche",
         "n\xC3\xA4"
         "chste Woche",
         ""},
        {"bis 17 Uhr", "17 Uhr", ""},
        {"faellig am 1. Oktober 2026", "1. Oktober 2026", "2026-10-01"},
        {"in drei Tagen", "in drei Tagen", "2026-03-13"},
        {"guten Morgen", "", ""},
        {"raise the limit to 1.5 by hand", "", ""},
        {"increase by 10 percent", "", ""},
        {"set by monitoring", "", ""},
        {"goodbye friday", "", ""},
        {"by 31.2.", "", ""},
        {"by 40 May", "", ""},
        {"Friday was bad", "", ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sv said = SV_NONE;
        struct named_day day;
        struct civil date;
        char told[32] = "";
        bool found = named_day_find(sv_from(cases[i].text), &said, &day);
        if (!sv_eq(said, sv_from(cases[i].said)))
            fail_msg("%s: found '" SV_FMT "'", cases[i].text, SV_ARG(said));
        if (found && named_day_date(&day, SAID_NS, &date))
            snprintf(told, sizeof(told), "%04d-%02d-%02d", date.year, date.month, date.day);
        if (strcmp(told, cases[i].date) != 0)
            fail_msg("%s: dated '%s'", cases[i].text, told);
    }
}

static void
any_end_is_safe(void **state)
{
    (void)state;
    const struct sv text =
        SV("by 12th of March 2026 at 14:00 due 2026-03-12, in two weeks by 12.3.2026");
    struct sv said;
    struct named_day day;
    for (size_t from = 0; from < text.len; from++)
        for (size_t to = from; to <= text.len; to++)
            (void)named_day_find(sv_slice(text, from, to), &said, &day);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_found_and_dated),
        cmocka_unit_test(any_end_is_safe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

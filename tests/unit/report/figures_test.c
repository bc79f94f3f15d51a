/*
 * Figures of an impact in sentences of our own: what is counted, as it is said; and what only has
 * numbers in it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <string.h>

#include "report/section/figures.h"

static void
figures_are_found_as_said(void **state)
{
    (void)state;
    static const struct {
        const char *text, *figures;
    } cases[] = {
        {"roughly 3,000 customers affected", "customers: roughly 3,000 customers"},
        {"I count 2,100 customers, 12 % of checkouts",
         "customers: 2,100 customers; share: 12 % of checkouts"},
        {"eu-west-1 only", "region: eu-west-1 only"},
        {"only eu-west-1 and us-east-1a", "region: only eu-west-1; region: us-east-1a"},
        {"checkout was down for about 40 minutes", "duration: about 40 minutes"},
        {"down for 1h20m", "duration: 1h20m"},
        {"EUR 12k of revenue delayed", "money: EUR 12k"},
        {"we lost $4,500 and about 300 euros", "money: $4,500; money: about 300 euros"},
        {"~38% of EU orders failed", "share: 38% of EU orders"},
        {"between 200 and 300 users", "users: between 200 and 300 users"},
        {"2-3k failed orders", "orders: 2-3k failed orders"},
        {"200 to 250 payments were charged twice", "payments: 200 to 250 payments"},
        {"more than 14 support tickets", "tickets: more than 14 support tickets"},
        {"no customers affected", "customers: no customers"},
        {"all users see errors", "users: all users"},
        {"Etwa 3.000 Kunden waren betroffen, rund 12 % der Bestellungen",
         "customers: Etwa 3.000 Kunden; share: rund 12 % der Bestellungen"},
        {"es waren 1.250.000 Anfragen", "requests: 1.250.000 Anfragen"},
        {"Ausfall von 40 Minuten, ca. 12 Tsd Euro", "duration: 40 Minuten; money: ca. 12 Tsd Euro"},
        {"keine Kunden betroffen", "customers: keine Kunden"},
        {"US not affected", "what was not affected: US not affected"},
        {"no data was lost.", "what was not affected: no data was lost"},
        {"looks good, no errors", ""},
        {"are 3,000 customers affected?", ""},
        {"502 errors for orders", ""},
        {"deploying v2.41.0 to 3 pods", ""},
        {"version 4.2.0 of the orders service", ""},
        {"back in 5 minutes", ""},
        {"9000 orders to go, about 15 minutes", ""},
        {"4000 orders failed, 5000 remaining", "orders: 4000 orders"},
        {"300 customers left without service", "customers: 300 customers"},
        {"12 tickets now, all checkout", "tickets: 12 tickets"},
        {"every checkout fails", "orders: every checkout"},
        {"dauert noch 10 Minuten", ""},
        {"we check every 10 min, the last one 5 min ago", ""},
        {"at 10:05 customers called", ""},
        {"#4123 fixes orders", ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct figure figures[FIGURES_MAX];
        char told[400] = "";
        size_t count = figures_in(sv_from(cases[i].text), figures), used = 0;
        for (size_t f = 0; f < count; f++)
            used += (size_t)snprintf(told + used, sizeof(told) - used, "%s%s: " SV_FMT,
                                     f == 0 ? "" : "; ", figure_what(figures[f].what),
                                     SV_ARG(figures[f].said));
        if (strcmp(told, cases[i].figures) != 0)
            fail_msg("%s: found '%s'", cases[i].text, told);
    }
}

static void
moods_are_kept(void **state)
{
    (void)state;
    assert_int_equal(figures_told(SV("3,000 customers affected")), TOLD_AS_FACT);
    assert_int_equal(figures_told(SV("this could affect 3,000 customers")), TOLD_AS_POSSIBLE);
    assert_int_equal(figures_told(SV("das k\xC3\xB6nnte 300 Kunden treffen")), TOLD_AS_POSSIBLE);
    assert_int_equal(figures_told(SV("no customers affected")), TOLD_AS_NONE);
    assert_int_equal(figures_told(SV("eu-west-1 is not affected")), TOLD_AS_NONE);
    assert_int_equal(figures_told(SV("keine Kunden betroffen")), TOLD_AS_NONE);
}

static void
sentences_end_where_they_do(void **state)
{
    (void)state;
    struct sv text = SV("All good. ca. 1.5 h on 12. May! Is it? end"), sentence;
    const char *const expected[] = {"All good.", "ca. 1.5 h on 12. May!", "Is it?", "end"};
    for (size_t i = 0; i < 4; i++) {
        assert_true(next_sentence(&text, &sentence));
        assert_true(sv_eq(sentence, sv_from(expected[i])));
    }
    assert_false(next_sentence(&text, &sentence));
    struct figure figures[FIGURES_MAX];
    const struct sv any = SV("between $2-3k and 12 % of eu-west-1 orders for 1h20m, no users (EUR");
    for (size_t from = 0; from < any.len; from++)
        for (size_t to = from; to <= any.len; to++)
            (void)figures_in(sv_slice(any, from, to), figures);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_are_found_as_said),
        cmocka_unit_test(moods_are_kept),
        cmocka_unit_test(sentences_end_where_they_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

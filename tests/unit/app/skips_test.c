/*
 * app/skips: reasons are told apart up to a cap, and what is past it is not told under another
 * name.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "app/skips.h"

static void
reasons_have_a_cap(void **state)
{
    (void)state;
    for (int count = SKIP_REASONS_MAX - 1; count <= SKIP_REASONS_MAX + 1; count++) {
        struct skips skips = {0};
        char reason[32];
        for (int twice = 0; twice < 2; twice++)
            for (int i = 0; i < count; i++) {
                snprintf(reason, sizeof(reason), "reason %d", i);
                skips_add(&skips, "file", i + 1, reason);
            }
        bool full = count > SKIP_REASONS_MAX;
        assert_int_equal(skips.total, 2 * count);
        assert_int_equal(skips.count, full ? SKIP_REASONS_MAX : count);
        for (int i = 0; i < skips.count - full; i++)
            assert_int_equal(skips.rows[i].count, 2);
        if (!full)
            continue;
        const struct skip_row *rest = &skips.rows[SKIP_REASONS_MAX - 1];
        assert_string_equal(rest->reason, SKIP_OTHER_REASONS);
        assert_int_equal(rest->count, 4);
        assert_string_equal(rest->example, "file line 32");
    }
}

static void
a_long_reason_is_one(void **state)
{
    (void)state;
    struct skips skips = {0};
    char reason[400];
    memset(reason, 'x', sizeof(reason) - 1);
    reason[sizeof(reason) - 1] = '\0';
    for (int i = 0; i < 40; i++)
        skips_add(&skips, "file", 0, reason);
    assert_int_equal(skips.count, 1);
    assert_int_equal(skips.rows[0].count, 40);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reasons_have_a_cap),
        cmocka_unit_test(a_long_reason_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * Rotated logs are read from the oldest on, whatever the rotation calls its files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* wants the four before it */
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "ingest/source/file/rotated.h"
#include "tests/lib/filetake.h"

/* As they are to be read; what is not one log stays in the order of the bytes. */
static const char *const ordered[] = {
    "10.0.0.5.log",
    "2026-03-03.json",
    "2026-03-04.json",
    "app-1.log",
    "app-2026-03-01.log",
    "app-2026-03-02.log",
    "app.log-20260228.gz",
    "app.log-20260301",
    "app.log.10.gz",
    "app.log.9.bz2",
    "app.log.2.zst",
    "app.log.1",
    "app.log.gz",
    "app.log",
    "app.log.bak",
    "messages-20260222",
    "messages-20260301",
    "messages",
    "part.001",
    "part.002",
    "web.log.2026-03-01.9.gz",
    "web.log.2026-03-01.10.gz",
    "web.log.2026-03-02",
    "web.log.2026-03-02-14.1",
    "web.log",
};
#define COUNT (sizeof(ordered) / sizeof(ordered[0]))

static void
the_oldest_comes_first(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++)
        for (size_t k = 0; k < COUNT; k++) {
            int order = rotated_compare(ordered[i], ordered[k]);
            if ((order > 0) - (order < 0) != (i > k) - (i < k))
                fail_msg("%s and %s: %d", ordered[i], ordered[k], order);
        }
    assert_true(rotated_same_log("app.log.2.gz", "app.log"));
    assert_false(rotated_same_log("app-1.log", "app-2.log"));
}

static void
check_order(const struct taken *taken)
{
    assert_int_equal(taken->count, 4);
    assert_string_equal(taken->values[0], "app.log.10");
    assert_string_equal(taken->values[1], "app.log.2");
    assert_string_equal(taken->values[2], "app.log.1");
    assert_string_equal(taken->values[3], "app.log");
}

static void
a_folder_and_a_list_of_files(void **state)
{
    static const char *const names[] = {"app.log", "app.log.1", "app.log.10", "app.log.2"};
    char folder[64];
    (void)state;
    taken_make_folder(folder, sizeof(folder));
    for (size_t i = 0; i < 4; i++)
        taken_put(folder, names[i], sv_from(names[i]));
    struct taken *taken = take_files(folder, ".");
    check_order(taken);
    taken_free(taken);
    taken = take_list(folder, names, 4);
    check_order(taken);
    taken_free(taken);
    /* Other files stay where the command line has them. */
    taken_put(folder, "z.log", SV("z"));
    taken = take_list(folder, (const char *const[]){"z.log", "app.log", "app.log.1"}, 3);
    assert_int_equal(taken->count, 3);
    assert_string_equal(taken->values[0], "z");
    assert_string_equal(taken->values[1], "app.log.1");
    taken_free(taken);
    assert_int_equal(taken_drop_folder(folder), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_oldest_comes_first),
        cmocka_unit_test(a_folder_and_a_list_of_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

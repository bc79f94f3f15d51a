/*
 * The reference pages say what the program does: configuration.md is what it prints, errors.md has
 * every code, the man page has every command.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/config/config.h"
#include "base/err.h"

#define PAGE_MAX (1 << 20)

static char *
read_page(const char *path)
{
    char *text = calloc(1, PAGE_MAX);
    FILE *file = fopen(path, "r");
    assert_non_null(text);
    assert_non_null(file);
    size_t size = fread(text, 1, PAGE_MAX - 1, file);
    assert_true(size > 0 && size < PAGE_MAX - 1);
    fclose(file);
    return text;
}

static void
configuration_page_is_current(void **state)
{
    (void)state;
    char *page = read_page("docs/configuration.md"), *now = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&now, &size);
    config_print_markdown(out);
    fclose(out);
    assert_string_equal(page, now);
    free(page);
    free(now);
}

static void
errors_page_has_every_code(void **state)
{
    (void)state;
    static const struct {
        const char *name, *meaning;
        int exit_code;
        bool waits;
    } rows[] = {
#define ERROR(name, exit_code, retriable, meaning) {#name, meaning, exit_code, retriable},
#include "base/errors.def"
#undef ERROR
    };
    char *page = read_page("docs/errors.md"), row[256];
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        snprintf(row, sizeof(row), "\n| `%s` | %d | %s | %s |", rows[i].name, rows[i].exit_code,
                 rows[i].waits ? "yes" : "no", rows[i].meaning);
        if (strstr(page, row) == NULL)
            fail_msg("docs/errors.md has no row%s", row);
    }
    free(page);
}

static void
man_page_has_every_command(void **state)
{
    (void)state;
    static const char *const names[] = {
#define COMMAND(name) #name,
#include "cmd/commands.def"
#undef COMMAND
    };
    char *page = read_page("docs/hindcast.1"), line[64];
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        bool found = false;
        static const char *const macros[] = {".B", ".BI", ".BR"};
        for (size_t m = 0; m < 3; m++) {
            snprintf(line, sizeof(line), "\n%s %s", macros[m], names[i]);
            found = found || strstr(page, line) != NULL;
        }
        if (!found)
            fail_msg("docs/hindcast.1 does not list %s", names[i]);
    }
    free(page);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(configuration_page_is_current),
        cmocka_unit_test(errors_page_has_every_code),
        cmocka_unit_test(man_page_has_every_command),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

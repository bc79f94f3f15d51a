/*
 * The reference pages say what the program does: configuration.md and commands.md are what it
 * prints, errors.md has every code.
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
#include "base/embedded.h"
#include "base/err.h"
#include "cmd/manual/manual.h"

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
commands_page_is_current(void **state)
{
    (void)state;
    char *page = read_page("docs/commands.md");
    struct strbuf now;
    strbuf_init(&now, 0);
    manual_markdown(&command_set, &now);
    assert_string_equal(page, now.ptr);
    strbuf_release(&now);
    free(page);
}

/* A text that belongs to no command would never be shown. */
static void
every_help_text_has_its_command(void **state)
{
    (void)state;
    for (const struct embedded_file *file = embedded_help; file->name != NULL; file++) {
        bool found = strcmp(file->name, "hindcast.txt") == 0;
        for (size_t i = 0; i < command_set.count; i++) {
            char name[MANUAL_NAME], path[MANUAL_NAME + 8];
            snprintf(path, sizeof(path), "%s.txt", manual_name(command_set.items[i], name));
            found = found || strcmp(file->name, path) == 0;
        }
        if (!found)
            fail_msg("cmd/help/%s belongs to no command", file->name);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(configuration_page_is_current),
        cmocka_unit_test(errors_page_has_every_code),
        cmocka_unit_test(commands_page_is_current),
        cmocka_unit_test(every_help_text_has_its_command),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

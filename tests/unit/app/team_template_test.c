/*
 * report.templates: the folder's file is read and checked; what is missing or wrong is named.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/team_template.h"

static char folder[] = "/tmp/hindcast-template-XXXXXX";
static char path[64];

static int
start(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof(path), "%s/postmortem.tsv", folder);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static void
put(const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int
read_it(const char *where, struct team_templates *templates, struct err *err)
{
    struct config *config = config_new();
    *err = (struct err){0};
    assert_int_equal(config_set(config, OPT_report_templates, where, ORIGIN_COMMAND, err), 0);
    int status = team_templates_read(config, templates, err);
    config_free(config);
    return status;
}

static void
without_a_folder_it_is_the_one_in_the_program(void **state)
{
    struct team_templates templates;
    struct err err;
    (void)state;
    assert_int_equal(read_it("", &templates, &err), 0);
    assert_true(sv_eq(templates.list[REPORT_postmortem].text,
                      report_template_built_in(REPORT_postmortem).text));
    team_templates_release(&templates);
}

static void
the_file_of_the_folder_is_taken(void **state)
{
    struct team_templates templates;
    struct err err;
    (void)state;
    put("title\tt\tOurs\n");
    assert_int_equal(read_it(folder, &templates, &err), 0);
    assert_true(sv_eq(templates.list[REPORT_postmortem].text, SV("title\tt\tOurs\n")));
    assert_string_equal(templates.list[REPORT_postmortem].name, path);
    team_templates_release(&templates);
}

static void
what_is_wrong_has_file_and_line(void **state)
{
    struct team_templates templates;
    struct err err;
    char message[128];
    (void)state;
    put("title\tt\tOurs\n\nheading\ta\tof {no}\n");
    assert_int_equal(read_it(folder, &templates, &err), -1);
    snprintf(message, sizeof(message), "%s:3: there is no variable 'no'", path);
    assert_string_equal(err.message, message);
    assert_int_equal(err.code, ERR_CONFIG);
    assert_non_null(strstr(err.hint, "{missing}"));
}

static void
a_folder_without_it_is_an_error(void **state)
{
    struct team_templates templates;
    struct err err;
    (void)state;
    unlink(path);
    assert_int_equal(read_it(folder, &templates, &err), -1);
    assert_int_equal(err.code, ERR_IO);
    assert_non_null(strstr(err.message, path));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_folder_it_is_the_one_in_the_program),
        cmocka_unit_test(the_file_of_the_folder_is_taken),
        cmocka_unit_test(what_is_wrong_has_file_and_line),
        cmocka_unit_test(a_folder_without_it_is_an_error),
    };
    return cmocka_run_group_tests(tests, start, stop);
}

/*
 * What a map reads of roles that a tool lists.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "tests/lib/maptest.h"

/* A shape that claims everything with `on`, and the lines of a test. */
#define SHAPE(lines) "[x]\nbid = 90\nwhen = on\nkind = alert\n" lines
#define GIVES(rest) "x|alert|trigger" rest "\n"

/* A role and who has it by turns, of each assignment that names a role; 10 at most. */
static void
roles_are_read_of_assignments(void **state)
{
    (void)state;
    static const char *const map = SHAPE("roles = as.*\nrole_name = role.name\n"
                                         "role_person = who.name | who.mail\n");
    expect_map(map,
               "{\"on\":1,\"as\":[{\"role\":{\"name\":\"Lead\"},\"who\":{\"name\":\"Ada\"}},"
               "{\"role\":{\"name\":\"Scribe\"},\"who\":null},{\"who\":{\"name\":\"Bo\"}},"
               "{\"role\":{\"name\":\"Comms\"},\"who\":{\"mail\":\"c@x\"}},7]}",
               GIVES("|roles=[\"Lead\",\"Ada\",\"Scribe\",\"\",\"Comms\",\"c@x\"]"));
    expect_map(map, "{\"on\":1,\"as\":[]}", GIVES(""));
    struct strbuf record;
    strbuf_init(&record, 0);
    strbuf_add_text(&record, "{\"on\":1,\"as\":[");
    for (int i = 0; i < 12; i++)
        strbuf_addf(&record, "%s{\"role\":{\"name\":\"r%d\"},\"who\":{\"name\":\"n\"}}",
                    i > 0 ? "," : "", i);
    strbuf_add_text(&record, "]}");
    char *made = map_reads(map, record.ptr, NULL, 0);
    assert_non_null(strstr(made, "\"r9\",\"n\"]"));
    free(made);
    strbuf_release(&record);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(roles_are_read_of_assignments)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * Options of a connection: which configured role each part of the program takes on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "hindcast/store_options.h"

static struct config *
config_with(enum option option, const char *value)
{
    struct err err = {0};
    struct config *config = config_new();
    assert_int_equal(config_set(config, option, value, ORIGIN_COMMAND, &err), 0);
    return config;
}

static void
role_is(const struct config *config, enum store_role role, const char *wanted)
{
    struct store_options options = store_options_for(config, role, "hindcast");
    if (wanted == NULL)
        assert_null(options.role);
    else
        assert_string_equal(options.role, wanted);
}

static void
each_part_has_its_own_role(void **state)
{
    (void)state;
    struct config *config = config_new();
    role_is(config, STORE_LOGIN, NULL);
    role_is(config, STORE_INGEST, "hindcast_ingest");
    role_is(config, STORE_CORRELATE, "hindcast_correlate");
    role_is(config, STORE_RESPONDER, "hindcast_responder");
    role_is(config, STORE_OWNER, "hindcast_owner");
    config_free(config);
}

static void
another_name_is_taken_by_its_own_part_only(void **state)
{
    (void)state;
    struct config *config = config_with(OPT_database_correlate_role, "night_shift");
    role_is(config, STORE_CORRELATE, "night_shift");
    role_is(config, STORE_RESPONDER, "hindcast_responder");
    role_is(config, STORE_INGEST, "hindcast_ingest");
    role_is(config, STORE_OWNER, "hindcast_owner");
    config_free(config);
}

static void
an_empty_role_is_none_also_for_people(void **state)
{
    (void)state;
    struct config *config = config_with(OPT_database_correlate_role, "");
    role_is(config, STORE_CORRELATE, NULL);
    role_is(config, STORE_RESPONDER, NULL);
    role_is(config, STORE_INGEST, "hindcast_ingest");
    config_free(config);
    config = config_with(OPT_database_ingest_role, "");
    role_is(config, STORE_INGEST, NULL);
    role_is(config, STORE_RESPONDER, "hindcast_responder");
    config_free(config);
    config = config_with(OPT_database_retention_role, "");
    role_is(config, STORE_OWNER, NULL);
    config_free(config);
}

static void
only_a_plain_login_is_let_in_without_a_schema(void **state)
{
    struct err err = {0};
    (void)state;
    struct config *config = config_with(OPT_database_conninfo, "host=somewhere");
    assert_int_equal(config_set(config, OPT_database_connect_timeout, "3s", ORIGIN_COMMAND, &err),
                     0);
    struct store_options login = store_options_for(config, STORE_LOGIN, "hindcast migrate");
    assert_false(login.check_schema);
    assert_string_equal(login.conninfo, "host=somewhere");
    assert_string_equal(login.application_name, "hindcast migrate");
    assert_int_equal(login.connect_timeout_ns, 3 * NS_PER_S);
    for (enum store_role role = STORE_INGEST; role <= STORE_OWNER; role++)
        assert_true(store_options_for(config, role, "hindcast").check_schema);
    config_free(config);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_part_has_its_own_role),
        cmocka_unit_test(another_name_is_taken_by_its_own_part_only),
        cmocka_unit_test(an_empty_role_is_none_also_for_people),
        cmocka_unit_test(only_a_plain_login_is_let_in_without_a_schema),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

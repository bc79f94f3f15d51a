/*
 * What results depend on, as one text with one digest: every setting is in it, what was read is
 * written alike, and what no program wrote is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/embedded.h"
#include "hindcast/correlation.h"

static struct err err;

static void
digest_of(const struct correlation_config *config, char hex[SHA256_HEX + 1])
{
    correlation_config_digest(config, hex);
    assert_int_equal(strlen(hex), SHA256_HEX);
}

static void
test_what_is_read_is_written_alike(void **state)
{
    struct correlation_config config, again;
    struct strbuf one, two;
    (void)state;
    correlation_config_default(&config);
    config.least_severity = 17;
    config.max_span_ms = INT64_C(5000000000);
    config.rules = SV("# mine\r\n@stop a\n\nslow\tsymptom\t50\t-\tslow\n");
    config.quiet_alerts = SV("drill\tname\tFireDrill\nrules =\n"); /* as long as it says */
    config.languages = SV("@language\tde\tlangsam\nslow\tsymptom\t50\t-\tlangsam\n");
    config.people = SV("Mara Lindqvist\tSRE\tmara\nrules =\n");
    strbuf_init(&one, 0);
    strbuf_init(&two, 0);
    correlation_config_write(&config, &one);
    assert_int_equal(correlation_config_parse(strbuf_view(&one), &again, &err), 0);
    assert_int_equal(again.least_severity, 17);
    assert_int_equal(again.max_span_ms, INT64_C(5000000000));
    assert_true(sv_eq(again.rules, config.rules));
    assert_true(sv_eq(again.quiet_alerts, config.quiet_alerts));
    assert_true(sv_eq(again.languages, config.languages));
    assert_true(sv_eq(again.people, config.people));
    correlation_config_write(&again, &two);
    assert_true(sv_eq(strbuf_view(&one), strbuf_view(&two)));
    strbuf_release(&one);
    strbuf_release(&two);
}

static void
test_the_built_in_rules_are_a_part(void **state)
{
    const struct embedded_file *file = embedded_find(embedded_rules, "chat_rules.tsv");
    const struct embedded_file *german = embedded_find(embedded_rules, "chat_rules.de.tsv");
    struct correlation_config built_in, same;
    char one[SHA256_HEX + 1], two[SHA256_HEX + 1];
    (void)state;
    correlation_config_default(&built_in);
    memset(&same, 0xa5, sizeof(same)); /* what lies between the members does not count */
    correlation_config_default(&same);
    same.rules = sv_of(file->text, file->size);
    digest_of(&built_in, one);
    digest_of(&same, two);
    assert_string_not_equal(one, two); /* without further languages */
    same.languages = sv_of(german->text, german->size);
    digest_of(&same, two);
    assert_string_equal(one, two);
    same.rules = sv_of(file->text, file->size - 1);
    digest_of(&same, two);
    assert_string_not_equal(one, two);
    file = embedded_find(embedded_rules, "quiet_alerts.tsv");
    correlation_config_default(&same);
    same.quiet_alerts = sv_of(file->text, file->size);
    digest_of(&same, two);
    assert_string_equal(one, two);
    same.quiet_alerts = sv_of(file->text, file->size - 1);
    digest_of(&same, two);
    assert_string_not_equal(one, two);
}

static void
test_every_setting_counts(void **state)
{
    struct correlation_config config;
    char of_default[SHA256_HEX + 1], hex[SHA256_HEX + 1];
    (void)state;
    correlation_config_default(&config);
    digest_of(&config, of_default);
#define SETTING(name, type, member, option)                                                        \
    do {                                                                                           \
        correlation_config_default(&config);                                                       \
        config.member++;                                                                           \
        digest_of(&config, hex);                                                                   \
        if (strcmp(hex, of_default) == 0)                                                          \
            fail_msg("%s does not count", name);                                                   \
    } while (0);
#include "correlate/settings.def"
#undef SETTING
}

/* Another order, or a name twice, would be another digest of the same. */
static void
test_settings_stand_in_the_order_of_their_names(void **state)
{
    static const char *const names[] = {
#define SETTING(name, type, member, option) name,
#include "correlate/settings.def"
#undef SETTING
    };
    (void)state;
    for (size_t i = 1; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(names[i - 1], names[i]) >= 0)
            fail_msg("%s stands before %s", names[i - 1], names[i]);
}

/* A kind of key without a gap or a weight would link nothing, and nobody would see why. */
static void
test_every_key_has_a_gap_and_a_weight(void **state)
{
    struct correlation_config config;
    (void)state;
    correlation_config_default(&config);
    for (enum key_kind kind = 0; kind < KEY_KINDS; kind++) {
        assert_true(config.gap_ms[kind] > 0);
        assert_true(config.weight[kind] > 0);
    }
}

static void
test_what_it_does_not_name_has_its_default(void **state)
{
    struct correlation_config config, of_default;
    (void)state;
    correlation_config_default(&of_default);
    assert_int_equal(
        correlation_config_parse(SV("hindcast configuration 1\nleast_records = 9\nrules =\nx"),
                                 &config, &err),
        0);
    assert_int_equal(config.least_records, 9);
    assert_int_equal(config.reach_ms, of_default.reach_ms);
}

static void
test_what_no_program_wrote_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "hindcast configuration 2\nrules =\n",
        "hindcast configuration 1\n",
        "hindcast configuration 1\nleast_records = 9\n",
        "hindcast configuration 1\nleast_records = 9",
        "hindcast configuration 1\nleast_records = -1\nrules =\n",
        "hindcast configuration 1\nleast_records = 9999999999\nrules =\n",
        "hindcast configuration 1\nleast_records = 99999999999999999999\nrules =\n",
        "hindcast configuration 1\nleast_records=9\nrules =\n",
        "hindcast configuration 1\nof a newer program = 9\nrules =\n",
        "hindcast configuration 1\n\nrules =\n",
        /* What would end whoever works with it. */
        "hindcast configuration 1\nlevels = 5\nrules =\n",
        "hindcast configuration 1\nmax_span_ms = 0\nrules =\n",
        "hindcast configuration 1\nsoft_span_ms = 0\nrules =\n",
        "hindcast configuration 1\nneighbours = 0\nrules =\n",
        "hindcast configuration 1\nreach_ms = 9000000000000000000\nrules =\n",
        "hindcast configuration 1\nkey_least = 30\nrules =\n",
        "hindcast configuration 1\nweight_host = 10001\nrules =\n",
        "hindcast configuration 1\ngap_host_ms = 315360000001\nrules =\n",
        "hindcast configuration 1\nthreshold = 0\nrules =\n",
        "hindcast configuration 1\nleast_severity = 25\nrules =\n",
        "hindcast configuration 1\nquiet_alerts = 9\nrules =\n",
        "hindcast configuration 1\nquiet_alerts = -1\nrules =\n",
        "hindcast configuration 1\nquiet_alerts = many\nrules =\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct correlation_config config;
        err = (struct err){0};
        if (correlation_config_parse(sv_from(texts[i]), &config, &err) == 0)
            fail_msg("taken: %s", texts[i]);
        assert_int_equal(err.code, ERR_CONFIG);
    }
}

static void
test_rules_that_cannot_be_read_are_refused(void **state)
{
    struct correlation_config config;
    (void)state;
    correlation_config_default(&config);
    assert_int_equal(correlation_config_check(&config, &err), 0);
    config.rules = SV("one column\n");
    assert_int_equal(correlation_config_check(&config, &err), -1);
    config.rules = SV("# \xff\n");
    assert_int_equal(correlation_config_check(&config, &err), -1);
    assert_int_equal(err.code, ERR_CONFIG);
    static const char *const quiet[] = {"drill\n",
                                        "drill\tname\n",
                                        "drill\tbody\tFireDrill\n",
                                        "\tname\tFireDrill\n",
                                        "drill\tname\t- -\n",
                                        "drill\tname\tFireDrill\tmore\n",
                                        "drill\tname\tFire\xff\n"};
    for (size_t i = 0; i < sizeof(quiet) / sizeof(quiet[0]); i++) {
        correlation_config_default(&config);
        config.quiet_alerts = sv_from(quiet[i]);
        err = (struct err){0};
        if (correlation_config_check(&config, &err) == 0)
            fail_msg("taken: %s", quiet[i]);
        assert_int_equal(err.code, ERR_CONFIG);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_read_is_written_alike),
        cmocka_unit_test(test_the_built_in_rules_are_a_part),
        cmocka_unit_test(test_every_setting_counts),
        cmocka_unit_test(test_settings_stand_in_the_order_of_their_names),
        cmocka_unit_test(test_every_key_has_a_gap_and_a_weight),
        cmocka_unit_test(test_what_it_does_not_name_has_its_default),
        cmocka_unit_test(test_what_no_program_wrote_is_refused),
        cmocka_unit_test(test_rules_that_cannot_be_read_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

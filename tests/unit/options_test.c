/*
 * Command lines: own options, configuration options, positional arguments, and one-line complaints.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cmd/command.h"

struct parsed {
    const char *out;
    bool once, help;
    int status, argc;
    char *argv[12];
    struct err err;
    struct config *config;
};

static void
parse(struct parsed *ret, int argc, const char *const *argv)
{
    memset(ret, 0, sizeof(*ret));
    const struct command_option options[] = {
        {"--out", "FILE", "where to", &ret->out, NULL},
        {"--once", NULL, "stop at the end", NULL, &ret->once},
    };
    for (int i = 0; i < argc; i++)
        ret->argv[i] = (char *)(uintptr_t)argv[i];
    ret->config = config_new();
    struct command_context context = {ret->config, argc, ret->argv};
    ret->status = command_parse(&context, options, 2, &ret->help, &ret->err);
    ret->argc = context.argc;
}

#define PARSE(ret, ...)                                                                            \
    do {                                                                                           \
        const char *const argv_[] = {"report", __VA_ARGS__};                                       \
        parse((ret), (int)(sizeof(argv_) / sizeof(argv_[0])), argv_);                              \
    } while (0)

static void
options_mix_with_positional_arguments(void **state)
{
    (void)state;
    struct parsed got;
    PARSE(&got, "a", "--out", "x.md", "--once", "b", "--kafka-brokers=h:1", "--ingest-workers", "7",
          "-", "--", "--out");
    assert_int_equal(got.status, 0);
    assert_string_equal(got.out, "x.md");
    assert_true(got.once);
    assert_false(got.help);
    assert_int_equal(got.argc, 5);
    assert_string_equal(got.argv[1], "a");
    assert_string_equal(got.argv[2], "b");
    assert_string_equal(got.argv[3], "-");
    assert_string_equal(got.argv[4], "--out");
    assert_string_equal(config_text(got.config, OPT_kafka_brokers), "h:1");
    assert_int_equal(config_count(got.config, OPT_ingest_workers), 7);
    assert_int_equal(config_origin(got.config, OPT_ingest_workers), ORIGIN_COMMAND);
    config_free(got.config);
}

static void
rdkafka_settings_are_taken(void **state)
{
    (void)state;
    struct parsed got;
    const char *name, *value;
    PARSE(&got, "--rdkafka", "sasl.password=a=b", "--rdkafka=client.id=x",
          "--per-topic=a.b.dedup=native");
    assert_int_equal(got.status, 0);
    assert_string_equal(config_topic_text(got.config, "a.b", OPT_ingest_dedup), "native");
    assert_int_equal(config_rdkafka_count(got.config), 2);
    config_rdkafka_at(got.config, 0, &name, &value);
    assert_string_equal(name, "sasl.password");
    assert_string_equal(value, "a=b");
    config_free(got.config);
}

static void
complain(const char *message, struct parsed *got)
{
    assert_int_equal(got->status, -1);
    assert_int_equal(got->err.code, ERR_USAGE);
    assert_string_equal(got->err.message, message);
    config_free(got->config);
}

static void
misuse_is_one_line(void **state)
{
    (void)state;
    struct parsed got;
    PARSE(&got, "--foo=1");
    complain("report: unknown option --foo; see 'hindcast report --help'", &got);
    PARSE(&got, "--out");
    complain("report: a value is missing after --out; see 'hindcast report --help'", &got);
    PARSE(&got, "--once=yes");
    complain("report: no value belongs to --once; see 'hindcast report --help'", &got);
    PARSE(&got, "--rdkafka", "nothing");
    complain("report: NAME=VALUE must follow --rdkafka; see 'hindcast report --help'", &got);
}

static void
wrong_values_are_configuration_errors(void **state)
{
    (void)state;
    struct parsed got;
    PARSE(&got, "--ingest-workers", "0");
    assert_int_equal(got.status, -1);
    assert_int_equal(got.err.code, ERR_CONFIG);
    config_free(got.config);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_mix_with_positional_arguments),
        cmocka_unit_test(rdkafka_settings_are_taken),
        cmocka_unit_test(misuse_is_one_line),
        cmocka_unit_test(wrong_values_are_configuration_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

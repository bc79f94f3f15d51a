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
#include "cmd/manual/manual.h"

struct own {
    const char *out, *format;
    bool once;
};

struct parsed {
    struct own own;
    struct command_common common;
    int status, argc;
    char *argv[12];
    struct err err;
    struct config *config;
};

static const struct command_option own_options[] = {
    VALUE_AT("--out", "FILE", "where to", struct own, out),
    FLAG_AT("--once", "stop at the end", struct own, once),
    FORMAT_AT("text|jsonl", struct own, format),
};

static const struct command report = {
    .name = "report", COMMAND_OPTIONS(own_options), .arguments_size = sizeof(struct own)};

static void
parse(struct parsed *ret, int argc, const char *const *argv)
{
    memset(ret, 0, sizeof(*ret));
    for (int i = 0; i < argc; i++)
        ret->argv[i] = (char *)(uintptr_t)argv[i];
    ret->config = config_new();
    struct command_context context = {.config = ret->config, .argc = argc, .argv = ret->argv};
    ret->status = command_parse(&report, &context, &ret->own, &ret->err);
    ret->argc = context.argc;
    ret->common = context.common;
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
    assert_string_equal(got.own.out, "x.md");
    assert_true(got.own.once);
    assert_false(got.common.help);
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
    PARSE(&got, "--format", "csv");
    complain("report: --format takes text or jsonl, not 'csv'", &got);
    PARSE(&got, "--color=blue");
    complain("report: --color takes auto, always or never, not 'blue'", &got);
    PARSE(&got, "--rdkafka", "nothing");
    complain("report: NAME=VALUE must follow --rdkafka; see 'hindcast report --help'", &got);
}

static void
hint(const char *text, struct parsed *got)
{
    assert_int_equal(got->status, -1);
    assert_string_equal(got->err.hint, text);
    config_free(got->config);
}

static void
a_misspelt_option_is_told_the_nearest(void **state)
{
    (void)state;
    struct parsed got;
    PARSE(&got, "--onec");
    hint("did you mean --once?", &got);
    PARSE(&got, "--kafka-borkers=h:1");
    hint("did you mean --kafka-brokers?", &got);
    PARSE(&got, "--confg", "x");
    hint("did you mean --config?", &got);
    PARSE(&got, "--something-else-altogether");
    hint("", &got);
}

/* How many of the words name the command; 0: an error. */
static size_t
find(const struct command_set *all, const struct command **ret_command, const char *first,
     const char *second, struct err *err)
{
    const char *const words[] = {first, second};
    size_t taken = 0;
    *ret_command = NULL;
    int status = command_find(all, second == NULL ? 1 : 2, words, ret_command, &taken, err);
    assert_int_equal(status, taken == 0 ? -1 : 0);
    return taken;
}

static void
a_verb_of_a_command_is_found_by_two_words(void **state)
{
    (void)state;
    static const struct command verb = {.name = "report check"}, other = {.name = "reports"};
    static const struct command *const items[] = {&report, &verb, &other};
    static const struct command_set all = {items, 3};
    const struct command *command;
    struct err err = {0};
    assert_int_equal(find(&all, &command, "report", "check", &err), 2);
    assert_ptr_equal(command, &verb);
    assert_int_equal(find(&all, &command, "report-check", NULL, &err), 1);
    assert_ptr_equal(command, &verb);
    assert_int_equal(find(&all, &command, "report-check", "check", &err), 1);
    assert_ptr_equal(command, &verb);
    assert_int_equal(find(&all, &command, "report", NULL, &err), 1);
    assert_ptr_equal(command, &report);
    assert_int_equal(find(&all, &command, "report", "INC-2026-0001", &err), 1);
    assert_ptr_equal(command, &report);
    assert_int_equal(find(&all, &command, "reports", "check", &err), 1);
    assert_ptr_equal(command, &other);
    assert_int_equal(find(&all, &command, "check", NULL, &err), 0);
    assert_string_equal(command_verb(&verb, &report), "check");
    assert_null(command_verb(&other, &report));
    assert_ptr_equal(command_of(&all, &verb), &report);
    assert_null(command_of(&all, &other));
}

static void
a_misspelt_command_is_told_the_nearest(void **state)
{
    (void)state;
    const struct command *command;
    struct err err = {0};
    assert_int_equal(find(&command_set, &command, "timelien", NULL, &err), 0);
    assert_int_equal(err.code, ERR_USAGE);
    assert_string_equal(err.message, "no command 'timelien'; 'hindcast --help' lists them");
    assert_string_equal(err.hint, "did you mean timeline?");
    assert_int_equal(find(&command_set, &command, "xyzzyx", NULL, &err), 0);
    assert_string_equal(err.hint, "");
    assert_int_equal(find(&command_set, &command, "verify", NULL, &err), 1);
    assert_ptr_equal(command, &command_verify);
}

static void
short_forms_and_common_options_are_known_everywhere(void **state)
{
    (void)state;
    struct parsed got;
    PARSE(&got, "-h", "--config=a.ini");
    assert_int_equal(got.status, 0);
    assert_true(got.common.help);
    assert_string_equal(got.common.config, "a.ini");
    config_free(got.config);

    char *argv[] = {(char *)"hindcast", (char *)"--config", (char *)"b.ini", (char *)"-V",
                    (char *)"incidents"};
    struct command_common common = {0};
    struct err err = {0};
    int at;
    assert_int_equal(command_parse_common(&common, 5, argv, &at, &err), 0);
    assert_int_equal(at, 4);
    assert_true(common.version);
    assert_string_equal(common.config, "b.ini");
    argv[1] = (char *)"--kafka-brokers";
    assert_int_equal(command_parse_common(&common, 5, argv, &at, &err), -1);
    assert_string_equal(err.message, "unknown option --kafka-brokers; see 'hindcast --help'");
}

/* --help of at least one command must show it. */
static void
every_option_of_the_configuration_is_heeded_by_a_command(void **state)
{
    (void)state;
    for (enum option option = 0; option < OPTION_COUNT; option++) {
        bool heeded = false;
        for (size_t i = 0; i < command_set.count; i++)
            heeded = heeded || (command_set.items[i] != &command_config &&
                                manual_heeds(command_set.items[i], option));
        if (!heeded)
            fail_msg("no command heeds %s", config_option_flag(option));
    }
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
        cmocka_unit_test(a_misspelt_option_is_told_the_nearest),
        cmocka_unit_test(a_verb_of_a_command_is_found_by_two_words),
        cmocka_unit_test(a_misspelt_command_is_told_the_nearest),
        cmocka_unit_test(short_forms_and_common_options_are_known_everywhere),
        cmocka_unit_test(every_option_of_the_configuration_is_heeded_by_a_command),
        cmocka_unit_test(wrong_values_are_configuration_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

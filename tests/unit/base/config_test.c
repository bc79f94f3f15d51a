/*
 * The configuration's layers: typed values, the file with its line numbers, the environment, what
 * wins over what, librdkafka's settings, and that no secret is ever printed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/config/config.h"
#include "base/config/set.h" /* which settings are secret */

/* Writes an INI file, reads it, removes it. */
static int
read_text(struct config *config, const char *text, struct err *err)
{
    char path[] = "/tmp/hindcast-config-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    int status = config_read_file(config, path, err);
    unlink(path);
    return status;
}

/* environ is not const in C; nothing writes to it. */
static int
read_environment(struct config *config, const char *const *variables, struct err *err)
{
    return config_read_environment(config, (char **)(uintptr_t)variables, err);
}

static char *
printed(const struct config *config)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    config_print(config, out);
    fclose(out);
    return text;
}

static void
defaults_are_valid(void **state)
{
    (void)state;
    struct config *config = config_new();
    assert_int_equal(config_count(config, OPT_ingest_workers), 2);
    assert_int_equal(config_count(config, OPT_ingest_batch_bytes), 16 << 20);
    assert_int_equal(config_duration_ns(config, OPT_ingest_batch_time), 500 * NS_PER_MS);
    assert_true(config_bool(config, OPT_ingest_evidence));
    assert_string_equal(config_text(config, OPT_kafka_group), "hindcast");
    assert_int_equal(config_origin(config, OPT_kafka_group), ORIGIN_DEFAULT);
    config_free(config);
}

static void
a_later_layer_wins(void **state)
{
    (void)state;
    struct err err = {0};
    struct config *config = config_new();
    const char *const environment[] = {"HINDCAST_INGEST_WORKERS=4", "HINDCAST_KAFKA=127.0.0.1:9",
                                       "HOME=/", NULL};
    assert_int_equal(read_text(config, "; c\n[ingest]\nworkers = 3\nbatch_rows=7\n", &err), 0);
    assert_int_equal(config_count(config, OPT_ingest_workers), 3);
    assert_int_equal(read_environment(config, environment, &err), 0);
    assert_int_equal(config_count(config, OPT_ingest_workers), 4);
    assert_int_equal(config_count(config, OPT_ingest_batch_rows), 7);
    assert_string_equal(config_text(config, OPT_kafka_brokers), "127.0.0.1:9");
    assert_int_equal(config_set(config, OPT_ingest_workers, "5", ORIGIN_COMMAND, &err), 0);
    assert_int_equal(read_environment(config, environment, &err), 0);
    assert_int_equal(config_count(config, OPT_ingest_workers), 5);
    config_free(config);
}

static void
test_broker_does_not_replace_a_configured_one(void **state)
{
    (void)state;
    struct err err = {0};
    struct config *config = config_new();
    const char *const environment[] = {"HINDCAST_KAFKA=a:1", "HINDCAST_KAFKA_BROKERS=b:2", NULL};
    assert_int_equal(read_environment(config, environment, &err), 0);
    assert_string_equal(config_text(config, OPT_kafka_brokers), "b:2");
    config_free(config);
}

static void
errors_name_the_line_and_the_nearest(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message, *hint;
    } cases[] = {
        {"[ingest]\n\nworker = 3\n", ":3: unknown option 'ingest.worker'", "ingest.workers"},
        {"[ingest]\nworkers = many\n", ":2: ingest.workers: 'many' is not a whole", "digits"},
        {"[ingest]\nworkers = 0\n", ":2: ingest.workers: '0' is outside", "1 to 64"},
        {"[ingest]\nworkers = 65\n", ":2: ingest.workers: '65' is outside", "1 to 64"},
        {"[correlate]\nleast_records = 4294967297\n", "'4294967297' is outside", "0 to 1000000000"},
        {"[database]\nconnect_timeout = 0s\n", "connect_timeout: '0s' is out", "100ms to 1h"},
        {"[metrics]\ninterval = 1ms\n", "metrics.interval: '1ms' is out", "100ms to 1h"},
        {"[retention]\nlogs = 1d\n", "retention.logs: '1d' is out", "0, or 2d to 36500d"},
        {"[ingest]\nassumed_zone = Mars\n", "assumed_zone: 'Mars' is not", "+02:00"},
        {"[kafka]\ngroup =\n", "kafka.group: a consumer group needs a name", ""},
        {"[ingest]\nbatch_bytes = 1 elephant\n", ":2: ingest.batch_bytes: '1 elephant'", "MiB"},
        {"[ingest]\nbatch_time = soon\n", ":2: ingest.batch_time: 'soon'", "500ms"},
        {"[database]\nconnect_timeout = 106751d\n", "'106751d' is outside", "100ms to 1h"},
        {"[metrics]\ninterval = 106751d\n", "'106751d' is outside", "100ms to 1h"},
        {"[ingest]\nevidence = maybe\n", ":2: ingest.evidence: 'maybe'", "yes"},
        {"[kafka]\nstart = middle\n", ":2: kafka.start: 'middle'", "earliest"},
        {"# c\n[kafak]\nx = 1\n", ":3: unknown section [kafak]", ""},
        {"workers = 3\n", ":1: 'workers' stands before", ""},
        {"[ingest]\nworkers\n", ":2: neither a section", ""},
        {"[rdkafka]\nBad Name = 1\n", ":2: 'Bad Name' cannot be", ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct err err = {0};
        struct config *config = config_new();
        assert_int_equal(read_text(config, cases[i].text, &err), -1);
        assert_int_equal(err.code, ERR_CONFIG);
        assert_non_null(strstr(err.message, cases[i].message));
        assert_non_null(strstr(err.hint, cases[i].hint));
        config_free(config);
    }
}

/* A number without bounds is one that somebody else would have to check, or cut. */
static void
every_number_has_bounds_that_hold(void **state)
{
    (void)state;
    for (enum option i = 0; i < OPTION_COUNT; i++) {
        enum option_type type = config_option_type(i);
        const struct option_bounds *bounds = config_option_bounds(i);
        bool number = type == OPTION_COUNT_TYPE || type == OPTION_BYTES || type == OPTION_DURATION;
        if (bounds->bounded != number)
            fail_msg("%s: %s", config_option_flag(i), number ? "no bounds" : "bounds of a text");
        if (!number)
            continue;
        const char *unit = type == OPTION_DURATION ? "ms" : "";
        int64_t unit_ns = type == OPTION_DURATION ? NS_PER_MS : 1;
        const struct {
            int64_t value;
            int status;
        } cases[] = {{bounds->least / unit_ns, 0},
                     {bounds->most / unit_ns, 0},
                     {bounds->most / unit_ns + 1, -1},
                     {bounds->least / unit_ns - 1, -1},
                     {0, bounds->or_zero || bounds->least == 0 ? 0 : -1}};
        struct config *config = config_new();
        for (size_t at = 0; at < sizeof(cases) / sizeof(cases[0]); at++) {
            char text[64];
            struct err err = {0};
            snprintf(text, sizeof(text), "%lld%s", (long long)cases[at].value, unit);
            if (config_set(config, i, text, ORIGIN_COMMAND, &err) != cases[at].status)
                fail_msg("%s %s: %s", config_option_flag(i), text, err.message);
        }
        config_free(config);
    }
}

static void
long_values_fit_and_longer_lines_are_refused(void **state)
{
    (void)state;
    struct err err = {0};
    struct config *config = config_new();
    char text[6000] = "[database]\nconninfo = ";
    size_t used = strlen(text);
    memset(text + used, 'x', 1000);
    assert_int_equal(read_text(config, text, &err), 0);
    assert_int_equal(strlen(config_text(config, OPT_database_conninfo)), 1000);
    memset(text + used, 'x', 5000);
    strncat(text, "\n", 2);
    assert_int_equal(read_text(config, text, &err), -1);
    assert_non_null(strstr(err.message, ":2: the line is longer"));
    config_free(config);
}

static void
a_missing_file_is_an_error_only_when_named(void **state)
{
    (void)state;
    struct err err = {0};
    struct config *config = config_new();
    assert_int_equal(config_read_file(config, "/nonexistent/hindcast.ini", &err), -1);
    assert_int_equal(err.code, ERR_CONFIG);
    assert_non_null(strstr(err.message, "/nonexistent/hindcast.ini"));
    config_free(config);
}

static void
environment_names_are_checked_in_known_sections_only(void **state)
{
    (void)state;
    struct err err = {0};
    struct config *config = config_new();
    const char *const fine[] = {"HINDCAST=x",        "HINDCAST_TEST_NONE=1",
                                "HINDCAST_ACCEPT=1", "HINDCAST_FAILPOINT=a:1",
                                "HINDCAST_CONFIG=x", NULL};
    const char *const wrong[] = {"HINDCAST_INGEST_WROKERS=1", NULL};
    assert_int_equal(read_environment(config, fine, &err), 0);
    assert_int_equal(read_environment(config, wrong, &err), -1);
    assert_non_null(strstr(err.message, "HINDCAST_INGEST_WROKERS"));
    assert_non_null(strstr(err.hint, "ingest.workers"));
    config_free(config);
}

static void
secrets_are_never_printed(void **state)
{
    (void)state;
    struct err err = {0};
    struct config *config = config_new();
    const char *const environment[] = {"HINDCAST_RDKAFKA_SASL_PASSWORD=tiger2", NULL};
    const char *text = "[database]\nconninfo = host=db password=tiger1\n"
                       "[rdkafka]\nsecurity.protocol = SASL_SSL\nssl.key.password = tiger3\n";
    assert_int_equal(read_text(config, text, &err), 0);
    assert_int_equal(read_environment(config, environment, &err), 0);
    assert_int_equal(config_rdkafka_count(config), 3);
    char *shown = printed(config);
    assert_null(strstr(shown, "tiger"));
    assert_non_null(strstr(shown, "(set, hidden)"));
    assert_non_null(strstr(shown, "SASL_SSL"));
    assert_non_null(strstr(shown, "# environment HINDCAST_RDKAFKA_SASL_PASSWORD"));
    free(shown);
    config_free(config);
}

/* All that librdkafka takes and that lets somebody in, and its neighbours that do not. */
static void
secret_settings_of_librdkafka_are_known(void **state)
{
    (void)state;
    static const char *const secret[] = {"sasl.password",
                                         "ssl.key.password",
                                         "ssl.key.pem",
                                         "ssl_key",
                                         "ssl.keystore.password",
                                         "sasl.oauthbearer.client.secret",
                                         "sasl.oauthbearer.config"};
    static const char *const shown[] = {
        "sasl.username",         "sasl.mechanism",   "ssl.ca.location",     "ssl.key.location",
        "ssl.keystore.location", "ssl.ca.pem",       "ssl.certificate.pem", "security.protocol",
        "ssl.cipher.suites",     "bootstrap.servers"};
    for (size_t i = 0; i < sizeof(secret) / sizeof(secret[0]); i++)
        if (!config_rdkafka_secret(secret[i]))
            fail_msg("%s would be shown", secret[i]);
    for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
        if (config_rdkafka_secret(shown[i]))
            fail_msg("%s would be hidden", shown[i]);
}

static void
rdkafka_settings_are_replaced_by_name(void **state)
{
    (void)state;
    struct err err = {0};
    struct config *config = config_new();
    const char *name, *value;
    assert_int_equal(read_text(config, "[rdkafka]\nclient.id = a\n", &err), 0);
    assert_int_equal(config_set_rdkafka(config, "client.id", "b", &err), 0);
    assert_int_equal(config_rdkafka_count(config), 1);
    config_rdkafka_at(config, 0, &name, &value);
    assert_string_equal(name, "client.id");
    assert_string_equal(value, "b");
    config_free(config);
}

static void
options_are_found_by_flag_and_by_name(void **state)
{
    (void)state;
    for (enum option i = 0; i < OPTION_COUNT; i++) {
        assert_int_equal(config_option_find(config_option_flag(i)), i);
        assert_null(strchr(config_option_flag(i), '_'));
    }
    assert_int_equal(config_option_find("kafka.brokers"), OPT_kafka_brokers);
    assert_int_equal(config_option_find("--kafka-broker"), OPTION_COUNT);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_valid),
        cmocka_unit_test(a_later_layer_wins),
        cmocka_unit_test(test_broker_does_not_replace_a_configured_one),
        cmocka_unit_test(errors_name_the_line_and_the_nearest),
        cmocka_unit_test(every_number_has_bounds_that_hold),
        cmocka_unit_test(long_values_fit_and_longer_lines_are_refused),
        cmocka_unit_test(a_missing_file_is_an_error_only_when_named),
        cmocka_unit_test(environment_names_are_checked_in_known_sections_only),
        cmocka_unit_test(secrets_are_never_printed),
        cmocka_unit_test(secret_settings_of_librdkafka_are_known),
        cmocka_unit_test(rdkafka_settings_are_replaced_by_name),
        cmocka_unit_test(options_are_found_by_flag_and_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * What single topics set: the layers of the configuration, and the decode options made of them.
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

#include "ingest/topics.h"

#define LONG_TOPIC "a-topic.whose_name-is-longer.than-inih_lets-a-section-be.by-far"

static int
read_text(struct config *config, const char *text, struct err *err)
{
    char path[] = "/tmp/hindcast-topics-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    int status = config_read_file(config, path, err);
    unlink(path);
    return status;
}

static int
read_environment(struct config *config, const char *variable, struct err *err)
{
    const char *const environment[] = {variable, NULL};
    return config_read_environment(config, (char **)(uintptr_t)environment, err);
}

static void
a_topic_goes_before_the_general(void **state)
{
    (void)state;
    struct err err = {0};
    struct topics topics;
    struct config *config = config_new();
    const char *text = "[topic." LONG_TOPIC "]\ndedup = native\nassumed_zone = +02:00\n"
                       "[topic." LONG_TOPIC "2] ; another\nformat = ecs\nheaders = no\n"
                       "[ingest]\nscope = shop\nservice = cart\n";
    assert_int_equal(read_text(config, text, &err), 0);
    assert_int_equal(read_environment(config, "HINDCAST_TOPIC_SCOPE=x.y=web,z=other", &err), 0);
    assert_int_equal(config_set_topic(config, "x.y.scope=pay", &err), 0);
    /* A layer below does not undo it. */
    assert_int_equal(read_environment(config, "HINDCAST_TOPIC_SCOPE=x.y=web", &err), 0);
    assert_int_equal(topics_init(&topics, config, &err), 0);
    assert_int_equal(topics.count, 4);

    const struct decode_options *options = topics_find(&topics, LONG_TOPIC);
    assert_true(options->dedup_native);
    assert_string_equal(zone_name(options->zone), "+02:00");
    assert_true(sv_eq(options->scope, SV("shop")));
    options = topics_find(&topics, LONG_TOPIC "2");
    assert_true(!options->dedup_native && sv_eq(options->format, SV("ecs")));
    assert_true(options->ignore_headers && !topics.general.ignore_headers);
    assert_null(options->zone);
    assert_true(sv_eq(topics_find(&topics, "x.y")->scope, SV("pay")));
    assert_true(sv_eq(topics_find(&topics, "z")->scope, SV("other")));
    assert_true(sv_eq(topics_find(&topics, "z")->default_service, SV("cart")));
    assert_ptr_equal(topics_find(&topics, "x"), &topics.general);
    topics_release(&topics);
    config_free(config);
}

static void
what_does_not_fit_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message, *hint;
    } cases[] = {
        {"[topic.t]\nbatch_rows = 3\n", ":2: 'batch_rows' cannot be set for one", "dedup"},
        {"[topic.t]\ndedup = yes\n", ":2: topic.t.dedup: 'yes'", "native"},
        {"[topic.t]\nheaders = some\n", ":2: topic.t.headers: 'some'", "no"},
        {"[topic.a b]\ndedup = none\n", ":2: 'a b' cannot be the name", "249"},
        {"[topic.]\ndedup = none\n", ":2: '' cannot be the name", "letters"},
        {"[topic]\ndedup = none\n", ":2: unknown option 'topic.dedup'", ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct err err = {0};
        struct config *config = config_new();
        assert_int_equal(read_text(config, cases[i].text, &err), -1);
        if (strstr(err.message, cases[i].message) == NULL)
            fail_msg("%s", err.message);
        assert_non_null(strstr(err.hint, cases[i].hint));
        config_free(config);
    }
}

static void
the_other_layers_say_how_to_write_it(void **state)
{
    (void)state;
    struct err err = {0};
    struct config *config = config_new();
    assert_int_equal(read_environment(config, "HINDCAST_TOPIC_DEDUP=native", &err), -1);
    assert_non_null(strstr(err.message, "HINDCAST_TOPIC_DEDUP"));
    assert_non_null(strstr(err.hint, "TOPIC=VALUE"));
    assert_int_equal(read_environment(config, "HINDCAST_TOPIC_GROUP=t=x", &err), -1);
    assert_int_equal(config_set_topic(config, "dedup=native", &err), -1);
    assert_non_null(strstr(err.hint, "TOPIC.KEY=VALUE"));
    assert_int_equal(config_set_topic(config, "t.dedup", &err), -1);
    assert_int_equal(config_topic_count(config), 0);
    config_free(config);
}

static void
formats_and_zones_must_exist(void **state)
{
    (void)state;
    static const char *const settings[][2] = {
        {"t.format=xml", "topic.t.format: 'xml' is not a format"},
        {"t.assumed_zone=Mars", "topic.t.assumed_zone: 'Mars'"},
        {"t.assumed_zone=+02:00+02:00", "topic.t.assumed_zone: '+02:00+02:00'"},
        {"t.assumed_zone=.5Z", "topic.t.assumed_zone: '.5Z'"},
    };
    for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
        struct err err = {0};
        struct topics topics;
        struct config *config = config_new();
        if (config_set_topic(config, settings[i][0], &err) == 0)
            assert_int_equal(topics_init(&topics, config, &err), -1);
        assert_int_equal(err.code, ERR_CONFIG);
        if (strstr(err.message, settings[i][1]) == NULL)
            fail_msg("%s", err.message);
        config_free(config);
    }
}

static void
there_is_a_limit_and_it_is_shown(void **state)
{
    (void)state;
    struct err err = {0};
    struct config *config = config_new();
    char text[64], *shown = NULL;
    size_t size = 0;
    for (int i = 0; i < 2000; i++) {
        snprintf(text, sizeof(text), "t%d.dedup=native", i);
        assert_int_equal(config_set_topic(config, text, &err), 0);
    }
    assert_int_equal(config_set_topic(config, "one-more.dedup=native", &err), -1);
    assert_non_null(strstr(err.message, "2000"));
    assert_int_equal(config_set_topic(config, "t7.dedup=none", &err), 0);
    FILE *out = open_memstream(&shown, &size);
    config_print(config, out);
    fclose(out);
    assert_non_null(strstr(shown, "[topic.t7]\ndedup              = none "));
    assert_non_null(strstr(shown, "[topic.t8]\ndedup              = native "));
    free(shown);
    config_free(config);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_topic_goes_before_the_general),
        cmocka_unit_test(what_does_not_fit_is_named),
        cmocka_unit_test(the_other_layers_say_how_to_write_it),
        cmocka_unit_test(formats_and_zones_must_exist),
        cmocka_unit_test(there_is_a_limit_and_it_is_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

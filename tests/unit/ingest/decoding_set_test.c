/*
 * Decoding options as one text: whatever topics may set comes back, and what means the same is the
 * same text. Generic over topic_options.def: an option that is added there is tested here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "hindcast/version.h"
#include "ingest/decoding_set.h"

#define HEAD "hindcast decoding 3\nprogram = 0.1.0 00\n"

static const enum option topic_options[] = {
#define TOPIC_OPTION(key) OPT_ingest_##key,
#include "base/config/topic_options.def"
#undef TOPIC_OPTION
};
#define COUNT (sizeof(topic_options) / sizeof(topic_options[0]))

static void
set_topic(struct config *config, const char *setting)
{
    struct err err = {0};
    if (config_set_topic(config, setting, &err) != 0)
        fail_msg("%s: %s", setting, err.message);
}

static void
set(struct config *config, enum option option, const char *value)
{
    struct err err = {0};
    assert_int_equal(config_set(config, option, value, ORIGIN_COMMAND, &err), 0);
}

/* As it is written; the text is test_malloc()ed. */
static char *
written(const struct config *config)
{
    struct strbuf out;
    struct err err = {0};
    strbuf_init(&out, 0);
    const struct own_decoding own = {.config = config};
    assert_int_equal(decoding_set_write(&own, &out, &err), 0);
    char *text = test_malloc(out.len + 1);
    memcpy(text, out.ptr, out.len + 1);
    strbuf_release(&out);
    return text;
}

static void
assert_same(const struct config *a, const struct config *b)
{
    char *left = written(a), *right = written(b);
    assert_string_equal(left, right);
    test_free(left);
    test_free(right);
}

static struct config *
read_back(const struct config *config)
{
    struct err err = {0};
    struct config *back = NULL;
    char *text = written(config);
    struct format_files files;
    format_files_init(&files);
    if (decoding_set_parse(sv_from(text), &back, &files, &err) != 0)
        fail_msg("%s\n%s", err.message, text);
    assert_int_equal(files.count, 0);
    format_files_release(&files);
    test_free(text);
    return back;
}

/* A value of the option that is not its default. */
static const char *
another_value(enum option option)
{
    switch ((int)option) {
    case OPT_ingest_format:
        return "alertmanager";
    case OPT_ingest_dedup:
        return "native";
    case OPT_ingest_assumed_zone:
        return "+05:30";
    default:
        return config_option_type(option) == OPTION_BOOL ? "no" : "a = b.c ";
    }
}

static void
every_option_comes_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++)
        for (int of_topic = 0; of_topic <= 1; of_topic++) {
            struct config *config = config_new(), *plain = config_new();
            const char *value = another_value(topic_options[i]);
            char setting[200];
            snprintf(setting, sizeof(setting), "shop.orders_v2.%s=%s",
                     config_option_key(topic_options[i]), value);
            if (of_topic)
                set_topic(config, setting);
            else
                set(config, topic_options[i], value);
            char *with = written(config), *without = written(plain);
            assert_string_not_equal(with, without);
            struct config *back = read_back(config);
            assert_same(config, back);
            assert_string_equal(config_topic_text(back, "shop.orders_v2", topic_options[i]),
                                config_option_type(topic_options[i]) == OPTION_BOOL ? "false"
                                                                                    : value);
            assert_string_equal(config_topic_text(back, "other", topic_options[i]),
                                config_topic_text(config, "other", topic_options[i])[0] == 'n' &&
                                        config_option_type(topic_options[i]) == OPTION_BOOL
                                    ? "false"
                                    : config_topic_text(config, "other", topic_options[i]));
            test_free(with);
            test_free(without);
            config_free(config);
            config_free(plain);
            config_free(back);
        }
}

static void
what_means_the_same_is_the_same(void **state)
{
    (void)state;
    struct config *a = config_new(), *b = config_new();
    set_topic(a, "b.scope=one");
    set_topic(a, "a.scope=two");
    set_topic(a, "c.scope=default"); /* as all topics have it */
    set(a, OPT_ingest_headers, "yes");
    set_topic(b, "a.scope=two");
    set_topic(b, "b.scope=one");
    set(b, OPT_ingest_workers, "7"); /* decodes nothing otherwise */
    assert_same(a, b);
    set_topic(b, "b.service=cart");
    char *left = written(a), *right = written(b);
    assert_string_not_equal(left, right);
    test_free(left);
    test_free(right);
    config_free(a);
    config_free(b);
}

static void
what_is_not_understood_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "hindcast decoding 3\n",
        "hindcast decoding 3\nprogram = 0.1.0\n",
        "hindcast decoding 3\nprogram = 0.1 00\n",
        "hindcast decoding 3\nprogram = 0.-1.0 00\n",
        "hindcast decoding 3\nscope = x\n",
        "hindcast decoding 2\ndecoders = 00\nscope = x\n",
        "hindcast decoding 4\nprogram = 0.1.0 00\n",
        "program = 0.1.0 00\nhindcast decoding 3\n",
        HEAD "file a.map 4 text\nabc",
        HEAD "file a.map 4 text\nabcde\n",
        HEAD "file a.map -1 text\n\n",
        HEAD "file a.map 99999999999999999999 text\n\n",
        HEAD "file a.map 3 rot13\nabc\n",
        HEAD "file a.map 4 base64\n!!!!\n",
        HEAD "file a.map 0 base64\n\n",
        HEAD "file a.map text\nabc\n",
        HEAD "file a.txt 3 text\nabc\n",
        HEAD "file a.map 1 text\nx\nfile a.map 1 text\ny\n",
        HEAD "file ../a.map 1 text\nx\n",
        HEAD "file  1 text\nx\n",
        HEAD "file \n",
        HEAD "colour = red\n",
        HEAD "scope\n",
        HEAD " = \n",
        HEAD ". = \n",
        HEAD "a.colour = red\n",
        HEAD "headers = perhaps\n",
        HEAD "workers = 3\n",
        HEAD "orders.maps = /etc\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct err err = {0};
        struct config *config = NULL;
        struct format_files files;
        format_files_init(&files);
        if (decoding_set_parse(sv_from(texts[i]), &config, &files, &err) != -1)
            fail_msg("%s", texts[i]);
        assert_int_equal(err.code, ERR_CONFIG);
        assert_null(config);
        format_files_release(&files);
    }
}

static void
a_value_of_two_lines_is_refused(void **state)
{
    (void)state;
    struct err err = {0};
    struct strbuf out;
    struct config *config = config_new();
    set(config, OPT_ingest_service, "cart\nscope = other");
    strbuf_init(&out, 0);
    const struct own_decoding own = {.config = config};
    assert_int_equal(decoding_set_write(&own, &out, &err), -1);
    assert_int_equal(err.code, ERR_CONFIG);
    strbuf_release(&out);
    config_free(config);
}

/* Bytes of any kind, names with blanks, and what looks like a head of the set itself. */
static void
files_come_back(void **state)
{
    const struct {
        const char *name;
        struct sv text;
    } wanted[] = {
        {"17.desc", SV("\0\xff\n\x80 bytes")},
        {"18.avsc", SV("{}")},
        {"a b.map", SV("[x]\nfile a.map 3 text\nabc\nscope = other\n")},
        {"empty.map", SV("")},
        {"tide.lines", SV("\n\nno end of line")},
    };
    struct own_decoding own = {.config = config_new()};
    struct format_files back;
    struct config *config = NULL;
    struct sha256 before, after;
    struct strbuf out;
    struct err err = {0};
    (void)state;
    format_files_init(&own.files);
    format_files_init(&back);
    strbuf_init(&out, 0);
    for (size_t i = sizeof(wanted) / sizeof(wanted[0]); i-- > 0;)
        assert_int_equal(format_files_add(&own.files, wanted[i].name, "x", wanted[i].text, &err),
                         0);
    assert_int_equal(decoding_set_write(&own, &out, &err), 0);
    if (decoding_set_parse(strbuf_view(&out), &config, &back, &err) != 0)
        fail_msg("%s", err.message);
    assert_int_equal(back.count, sizeof(wanted) / sizeof(wanted[0]));
    for (size_t i = 0; i < back.count; i++) {
        assert_string_equal(back.list[i].name, wanted[i].name);
        assert_true(sv_eq(back.list[i].text, wanted[i].text));
    }
    format_files_digest(&own.files, &before);
    format_files_digest(&back, &after);
    assert_memory_equal(before.bytes, after.bytes, sizeof(after.bytes));
    assert_string_equal(config_text(config, OPT_ingest_scope),
                        config_text(own.config, OPT_ingest_scope));
    config_free(config);
    config_free((struct config *)own.config);
    format_files_release(&own.files);
    format_files_release(&back);
    strbuf_release(&out);
}

static void
assert_differences(const char *own, const char *applied, const char *wanted)
{
    struct strbuf out;
    strbuf_init(&out, 0);
    decoding_set_differences(sv_from(own), sv_from(applied), &out);
    assert_string_equal(out.len == 0 ? "" : out.ptr, wanted);
    strbuf_release(&out);
}

/* For people who look for what they wrote into which file. */
static void
where_sets_differ_is_named(void **state)
{
    (void)state;
    assert_differences(HEAD, HEAD, "");
    assert_differences(HEAD "scope = a\n", HEAD "scope = a\n", "");
    assert_differences(HEAD "scope = a\n", HEAD "scope = b\n", "the options scope");
    assert_differences(HEAD "scope = a\nx.scope = b\n", HEAD "scope = a\ny.zone = UTC\n",
                       "the options x.scope, y.zone");
    assert_differences(HEAD "scope = a\nx.scope = b\n", HEAD "scope = b\nx.scope = a\n",
                       "the options scope, x.scope");
    assert_differences(HEAD "a = 1\nb = 1\nc = 1\nd = 1\ne = 1\n", HEAD,
                       "the options a, b, c and 2 more");
    assert_differences(HEAD "scope = a\nfile a.map 1 text\nx\n", HEAD "scope = a\n",
                       "maps, lines or schemas");
    assert_differences(HEAD "file a.map 10 text\na = 1\nb = 2\n", HEAD "file a.map 1 text\ny\n",
                       "maps, lines or schemas");
    assert_differences(HEAD "scope = a\nfile a.map 1 text\nx\n", HEAD "scope = b\n",
                       "the options scope; maps, lines or schemas");
}

static void
versions_are_in_order(void **state)
{
    char line[DECODING_PROGRAM_TEXT];
    (void)state;
    decoding_set_program(line);
    const char *digest = strrchr(line, ' ');
    const struct {
        const char *version;
        enum program_order order;
    } wanted[] = {{HINDCAST_VERSION, PROGRAM_SAME}, {"0.0.999", PROGRAM_OLDER},
                  {"0.0.0", PROGRAM_OLDER},         {"0.1.1", PROGRAM_NEWER},
                  {"0.10.0", PROGRAM_NEWER},        {"1.0.0", PROGRAM_NEWER},
                  {"0.1", PROGRAM_UNKNOWN},         {"v1.0.0", PROGRAM_UNKNOWN}};
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        char text[300];
        snprintf(text, sizeof(text), "hindcast decoding 3\nprogram = %s%s\n", wanted[i].version,
                 digest);
        assert_int_equal(decoding_set_order(sv_from(text)), wanted[i].order);
        assert_true(sv_eq(decoding_set_version(sv_from(text)), sv_from(wanted[i].version)));
    }
    assert_int_equal(decoding_set_order(
                         SV("hindcast decoding 3\nprogram = " HINDCAST_VERSION " 00\nscope = x\n")),
                     PROGRAM_OTHER);
    assert_int_equal(decoding_set_order(SV("")), PROGRAM_UNKNOWN);
    assert_true(sv_eq(decoding_set_version(SV("")), SV("?")));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_option_comes_back),
        cmocka_unit_test(what_means_the_same_is_the_same),
        cmocka_unit_test(what_is_not_understood_is_refused),
        cmocka_unit_test(a_value_of_two_lines_is_refused),
        cmocka_unit_test(files_come_back),
        cmocka_unit_test(versions_are_in_order),
        cmocka_unit_test(where_sets_differ_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

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

#include "ingest/applied.h"

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
    assert_int_equal(applied_decoding_write(&own, &out, &err), 0);
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
    bool told = false;
    struct format_files files;
    format_files_init(&files);
    if (applied_decoding_parse(sv_from(text), &back, &files, &told, &err) != 0)
        fail_msg("%s\n%s", err.message, text);
    assert_true(told);
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
        "hindcast decoding 3\ndecoders = 00\n",
        "hindcast decoding 2\ndecoders = 00\nfile a.map 4 text\nabc",
        "hindcast decoding 2\ndecoders = 00\nfile a.map 4 text\nabcde\n",
        "hindcast decoding 2\ndecoders = 00\nfile a.map -1 text\n\n",
        "hindcast decoding 2\ndecoders = 00\nfile a.map 3 rot13\nabc\n",
        "hindcast decoding 2\ndecoders = 00\nfile a.map text\nabc\n",
        "hindcast decoding 2\ndecoders = 00\nfile a.txt 3 text\nabc\n",
        "hindcast decoding 2\ndecoders = 00\nfile a.map 1 text\nx\nfile a.map 1 text\ny\n",
        "hindcast decoding 2\ndecoders = 00\nfile ../a.map 1 text\nx\n",
        "hindcast decoding 1\n",
        "hindcast decoding 1\ndecoders = 00\ncolour = red\n",
        "hindcast decoding 1\ndecoders = 00\nscope\n",
        "hindcast decoding 1\ndecoders = 00\na.colour = red\n",
        "hindcast decoding 1\ndecoders = 00\nheaders = perhaps\n",
        "hindcast decoding 1\ndecoders = 00\nworkers = 3\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct err err = {0};
        struct config *config = NULL;
        struct format_files files;
        bool told = false;
        format_files_init(&files);
        if (applied_decoding_parse(sv_from(texts[i]), &config, &files, &told, &err) != -1)
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
    assert_int_equal(applied_decoding_write(&own, &out, &err), -1);
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
    bool told = false;
    (void)state;
    format_files_init(&own.files);
    format_files_init(&back);
    strbuf_init(&out, 0);
    for (size_t i = sizeof(wanted) / sizeof(wanted[0]); i-- > 0;)
        assert_int_equal(format_files_add(&own.files, wanted[i].name, "x", wanted[i].text, &err),
                         0);
    assert_int_equal(applied_decoding_write(&own, &out, &err), 0);
    if (applied_decoding_parse(strbuf_view(&out), &config, &back, &told, &err) != 0)
        fail_msg("%s", err.message);
    assert_true(told);
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

/* As it was before files belonged to a set: those of each process count. */
static void
a_set_of_the_first_version_tells_no_files(void **state)
{
    struct format_files files;
    struct config *config = NULL;
    struct err err = {0};
    bool told = true;
    (void)state;
    format_files_init(&files);
    assert_int_equal(applied_decoding_parse(SV("hindcast decoding 1\ndecoders = 00\nscope = x\n"),
                                            &config, &files, &told, &err),
                     0);
    assert_false(told);
    assert_string_equal(config_text(config, OPT_ingest_scope), "x");
    config_free(config);
    format_files_release(&files);
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
        cmocka_unit_test(a_set_of_the_first_version_tells_no_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

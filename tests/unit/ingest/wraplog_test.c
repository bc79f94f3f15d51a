/*
 * What `make replay` sends: each form of each line is what its shipper would write, and decoding it
 * gives the line back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* wants the four before it */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hindcast/decoder.h"
#include "tests/lib/wraplog.h"

#define SETS 2
#define LINES 3

/* As they stand in the files, where a blank line stands between any two. */
static const char *const lines[SETS][LINES] = {
    {"plain words", "say \"no\" \\ twice\ttab", "ends like DOS\r"},
    {"a bell \x07 rings", "f\xFCr nothing", "gr\xC3\xBC\xC3\x9F dich"},
};
/* What is left of them in text: no CR at the end; bytes that are not UTF-8 are replaced. */
static const char *const bodies[SETS][LINES] = {
    {"plain words", "say \"no\" \\ twice\ttab", "ends like DOS"},
    {"a bell \x07 rings", "f\xEF\xBF\xBDr nothing", "gr\xC3\xBC\xC3\x9F dich"},
};
static const char *const names[SETS] = {"Alpha", "Beta"};
static const char *const formats[WRAPLOG_FORMS] = {"text", "ecs", "json", "docker_json_file",
                                                   "syslog5424"};

static char folder[64];

static void
write_sets(void)
{
    char path[200];
    snprintf(folder, sizeof(folder), "/tmp/hindcast-wraplog.XXXXXX");
    assert_non_null(mkdtemp(folder));
    for (size_t set = 0; set < SETS; set++) {
        snprintf(path, sizeof(path), "%s/%s", folder, names[set]);
        assert_int_equal(mkdir(path, 0700), 0);
        snprintf(path, sizeof(path), "%s/%s/raw.log", folder, names[set]);
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        for (size_t i = 0; i < LINES; i++)
            fprintf(file, "%s\n \n", lines[set][i]);
        assert_int_equal(fclose(file), 0);
    }
}

static void
remove_sets(void)
{
    char path[200];
    for (size_t set = 0; set < SETS; set++) {
        snprintf(path, sizeof(path), "%s/%s/raw.log", folder, names[set]);
        unlink(path);
        snprintf(path, sizeof(path), "%s/%s", folder, names[set]);
        rmdir(path);
    }
    rmdir(folder);
}

static void
check_event(const struct event *event, enum wraplog_form form, size_t set, size_t line,
            uint64_t number)
{
    assert_true(sv_eq(event->format, sv_from(formats[form])));
    assert_true(sv_eq(event->body, sv_from(bodies[set][line])));
    if (form == WRAPLOG_RAW)
        return;
    assert_int_equal(event->event_time_ns, WRAPLOG_FIRST_NS + (int64_t)number * WRAPLOG_STEP_NS);
    if (form == WRAPLOG_DOCKER)
        return;
    assert_true(sv_eq(event->service, sv_from(set == 0 ? "alpha" : "beta")));
    assert_true(sv_starts(event->host, sv_from(set == 0 ? "alpha-" : "beta-")));
}

static void
test_every_form_of_every_line_decodes_to_the_line(void **state)
{
    (void)state;
    struct wraplogs *logs;
    struct err err = {0};
    struct arena arena;
    struct strbuf value;
    const struct decode_options options = {.scope = SV("default")};
    write_sets();
    assert_int_equal(wraplog_open(&logs, folder, &err), 0);
    assert_int_equal(wraplog_sets(logs), SETS);
    arena_init(&arena, 0);
    strbuf_init(&value, 0);
    for (uint64_t number = 0; number < (uint64_t)3 * SETS * WRAPLOG_FORMS * LINES; number++) {
        size_t set = number % SETS, line = number / SETS / WRAPLOG_FORMS % LINES;
        enum wraplog_form form = (enum wraplog_form)(number / SETS % WRAPLOG_FORMS);
        assert_int_equal(wraplog_set_of(logs, number), set);
        assert_int_equal(wraplog_form_of(logs, number), form);
        assert_string_equal(wraplog_set_name(logs, set), names[set]);
        strbuf_clear(&value);
        wraplog_make(logs, number, &value);
        if (form == WRAPLOG_RAW)
            assert_true(sv_eq(strbuf_view(&value), sv_from(lines[set][line])));
        struct record record = {.value = strbuf_view(&value), .kafka_time_ns = WRAPLOG_FIRST_NS};
        struct event_sink sink = {.arena = &arena};
        assert_int_equal(decode_record(&record, &options, &sink).status, DECODE_OK);
        assert_int_equal(sink.count, 1);
        check_event(&sink.events[0], form, set, line, number);
    }
    strbuf_release(&value);
    arena_release(&arena);
    wraplog_close(logs);
    remove_sets();
}

static void
test_a_directory_without_sets_is_an_error(void **state)
{
    (void)state;
    struct wraplogs *logs;
    struct err err = {0};
    snprintf(folder, sizeof(folder), "/tmp/hindcast-wraplog.XXXXXX");
    assert_non_null(mkdtemp(folder));
    assert_int_equal(wraplog_open(&logs, folder, &err), -1);
    assert_int_equal(err.code, ERR_IO);
    rmdir(folder);
    assert_int_equal(wraplog_open(&logs, folder, &err), -1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_form_of_every_line_decodes_to_the_line),
        cmocka_unit_test(test_a_directory_without_sets_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

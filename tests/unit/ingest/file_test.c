/*
 * Files as a source: what is a record, with which key and headers, and what is skipped and why.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* wants the four before it */
#include <cmocka.h>

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/strbuf.h"
#include "hindcast/decoder.h"
#include "ingest/source/file/file.h"

#define ROWS_MAX 64

struct row {
    char *value;
    size_t value_len;
    char key[200], source[200], channel[64], team[64], user[64], time[64], id[64], format[16];
};

struct seen {
    struct row rows[ROWS_MAX];
    size_t count;
    char skips[2000];
    int64_t stop_at;
};

struct world {
    char folder[64];
    struct seen seen;
};

static void
copy_header(const struct file_record *record, const char *name, char *out, size_t size)
{
    for (size_t i = 0; i < record->header_count; i++)
        if (sv_eq(record->headers[i].name, sv_from(name)))
            snprintf(out, size, SV_FMT, SV_ARG(record->headers[i].value));
}

static int
on_record(void *opaque, const struct file_record *record, struct err *err)
{
    struct seen *seen = opaque;
    (void)err;
    if (seen->stop_at > 0 && record->place >= seen->stop_at)
        return 7;
    assert_true(seen->count < ROWS_MAX);
    struct row *row = &seen->rows[seen->count++];
    row->value = malloc(record->value.len + 1);
    memcpy(row->value, record->value.ptr, record->value.len);
    row->value[record->value.len] = '\0';
    row->value_len = record->value.len;
    snprintf(row->key, sizeof(row->key), SV_FMT, SV_ARG(record->key));
    copy_header(record, HEADER_SOURCE, row->source, sizeof(row->source));
    copy_header(record, HEADER_CHANNEL, row->channel, sizeof(row->channel));
    copy_header(record, HEADER_TEAM, row->team, sizeof(row->team));
    copy_header(record, HEADER_USER, row->user, sizeof(row->user));
    copy_header(record, HEADER_TIME, row->time, sizeof(row->time));
    copy_header(record, HEADER_FORMAT, row->format, sizeof(row->format));
    copy_header(record, HEADER_ID, row->id, sizeof(row->id));
    return 0;
}

static void
on_skip(void *opaque, const char *name, int64_t line, const char *reason)
{
    struct seen *seen = opaque;
    size_t used = strlen(seen->skips);
    snprintf(seen->skips + used, sizeof(seen->skips) - used, "%s:%lld:%s\n", name, (long long)line,
             reason);
}

static void
forget(struct seen *seen)
{
    for (size_t i = 0; i < seen->count; i++)
        free(seen->rows[i].value);
    *seen = (struct seen){0};
}

static int
set_up(void **state)
{
    struct world *world = calloc(1, sizeof(*world));
    snprintf(world->folder, sizeof(world->folder), "/tmp/hindcast-file.XXXXXX");
    assert_non_null(mkdtemp(world->folder));
    *state = world;
    return 0;
}

static int
tear_down(void **state)
{
    struct world *world = *state;
    char command[128];
    snprintf(command, sizeof(command), "rm -rf '%s'", world->folder);
    int status = system(command);
    forget(&world->seen);
    free(world);
    return status;
}

static void
put(const struct world *world, const char *name, const char *bytes, size_t len)
{
    char path[300];
    snprintf(path, sizeof(path), "%s/%s", world->folder, name);
    for (char *slash = strchr(path + strlen(world->folder) + 1, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0755);
        *slash = '/';
    }
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes, 1, len, out), len);
    fclose(out);
}

/* A literal with NUL bytes. */
#define PUT(world, name, literal) put(world, name, literal, sizeof(literal) - 1)

static void
put_text(const struct world *world, const char *name, const char *text)
{
    put(world, name, text, strlen(text));
}

static int
take_from(struct world *world, const char *name, int64_t skip)
{
    char path[300];
    struct file_set set;
    struct err err = {0};
    struct file_sink sink = {.opaque = &world->seen, .record = on_record, .skip = on_skip};
    int status = 0;
    snprintf(path, sizeof(path), "%s%s%s", world->folder, name[0] == '\0' ? "" : "/", name);
    file_set_init(&set);
    assert_int_equal(file_set_add(&set, path, &sink, &err), 0);
    for (size_t i = 0; i < set.count && status == 0; i++)
        status = file_read(&set.files[i], skip, &sink, &err);
    file_set_release(&set);
    return status;
}

static struct seen *
take(struct world *world, const char *name)
{
    assert_int_equal(take_from(world, name, 0), 0);
    return &world->seen;
}

static void
test_lines(void **state)
{
    struct world *world = *state;
    PUT(world, "a.log", "one\r\n\r\ntwo\0 with NUL\n  \nthree");
    struct seen *seen = take(world, "a.log");
    assert_int_equal(seen->count, 3);
    assert_string_equal(seen->rows[0].value, "one");
    assert_int_equal(seen->rows[1].value_len, 13);
    assert_memory_equal(seen->rows[1].value, "two\0 with NUL", 13);
    assert_string_equal(seen->rows[2].value, "three");
    assert_string_equal(seen->rows[0].source, "file:a.log");
    assert_string_equal(seen->rows[0].key, "file:a.log");
    assert_string_equal(seen->skips, "");
}

static void
test_long_lines(void **state)
{
    struct world *world = *state;
    size_t size = RECORD_BYTES_MAX + 4 + 1 + RECORD_BYTES_MAX + 2 + 6;
    char *bytes = malloc(size);
    memset(bytes, 'x', size);
    bytes[RECORD_BYTES_MAX + 4] = '\n';                    /* over the limit */
    bytes[RECORD_BYTES_MAX + 5 + RECORD_BYTES_MAX] = '\r'; /* exactly the limit, then CRLF */
    bytes[RECORD_BYTES_MAX + 6 + RECORD_BYTES_MAX] = '\n';
    put(world, "long.log", bytes, size);
    free(bytes);
    struct seen *seen = take(world, "long.log");
    assert_int_equal(seen->count, 2);
    assert_int_equal(seen->rows[0].value_len, RECORD_BYTES_MAX);
    assert_string_equal(seen->rows[1].value, "xxxxxx");
    assert_string_equal(seen->skips, "long.log:1:the line is longer than 8 MiB\n");
}

static void
test_json_lines_and_documents(void **state)
{
    struct world *world = *state;
    put_text(world, "d/1.jsonl", "{\"a\":1}\n{\"a\":2}\nnot json\n");
    put_text(world, "d/2.json", "{\n  \"a\": [1,\n 2], \"b\": \"}{\\\"\"\n}\n");
    put_text(world, "d/3.json", "[\n {\"a\": 1},\n {\"a\": {\"b\": []}} ]\n");
    put_text(world, "d/4.json", "[{\"a\":1},{\"a\":2}]");
    put_text(world, "d/5.json", "{\n\"a\":1}\n{\n\"a\":2}\n");
    put_text(world, "d/6.log", "[2026-03-03] bracket first\n{ not json\n");
    struct seen *seen = take(world, "d");
    static const char *const expected[] = {"{\"a\":1}",
                                           "{\"a\":2}",
                                           "not json",
                                           "{\n  \"a\": [1,\n 2], \"b\": \"}{\\\"\"\n}",
                                           "{\"a\": 1}",
                                           "{\"a\": {\"b\": []}}",
                                           "{\"a\":1}",
                                           "{\"a\":2}",
                                           "{\n\"a\":1}",
                                           "{\n\"a\":2}",
                                           "[2026-03-03] bracket first",
                                           "{ not json"};
    assert_int_equal(seen->count, sizeof(expected) / sizeof(expected[0]));
    for (size_t i = 0; i < seen->count; i++)
        assert_string_equal(seen->rows[i].value, expected[i]);
    assert_string_equal(seen->rows[0].source, "file:d/1.jsonl");
}

#define USERS                                                                                      \
    "[{\"id\":\"U1\",\"name\":\"ann\",\"profile\":{\"display_name\":\"Ann B\"}},"                  \
    "{\"id\":\"U2\",\"name\":\"cy\",\"real_name\":\"Cy D\"}]"
#define CHANNELS "[{\"id\":\"C1\",\"name\":\"ops\"}]"
#define DAY                                                                                        \
    "[{\"type\":\"message\",\"user\":\"U1\",\"text\":\"hi\",\"ts\":\"1772546400.000200\"},\n"      \
    "{\"type\":\"message\",\"user\":\"U2\",\"text\":\"ho\",\"ts\":\"1772546401.000300\"}]"

static void
check_slack(const struct seen *seen)
{
    assert_int_equal(seen->count, 2);
    assert_string_equal(seen->rows[0].key, "ops");
    assert_string_equal(seen->rows[0].channel, "ops");
    assert_string_equal(seen->rows[0].source, "slack:ops");
    assert_string_equal(seen->rows[0].user, "Ann B");
    assert_string_equal(seen->rows[0].time, "2026-03-03T14:00:00Z");
    assert_string_equal(seen->rows[1].user, "Cy D");
    assert_int_equal(seen->rows[0].value[0], '{');
    assert_string_equal(seen->skips, "");
}

static void
test_slack_folder(void **state)
{
    struct world *world = *state;
    put_text(world, "ex/users.json", USERS);
    put_text(world, "ex/channels.json", CHANNELS);
    put_text(world, "ex/ops/2026-03-03.json", DAY);
    check_slack(take(world, "ex"));
}

/* One element that is no message, or no JSON, takes no other with it. */
static void
test_odd_elements(void **state)
{
    struct world *world = *state;
    static const char *const odd[] = {
        "null",
        "5",
        "\"text\"",
        "[1]",
        "{\"type\":\"message\",\"text\":\"\xff\"}",
        "{\"type\":\"message\",\"text\":\"\\ud800\"}",
        "{\"n\":123456789012345678901234567890}",
        "{\"n\":1e999}",
        "{\"a\" 1}",
    };
    put_text(world, "ex/users.json", USERS);
    put_text(world, "ex/channels.json", CHANNELS);
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        char day[1000];
        snprintf(day, sizeof(day), "%.*s,\n%s,\n%s", (int)(strstr(DAY, ",\n") - DAY), DAY, odd[i],
                 strstr(DAY, ",\n") + 2);
        put_text(world, "ex/ops/2026-03-03.json", day);
        forget(&world->seen);
        const struct seen *seen = take(world, "ex");
        if (seen->count != 3)
            fail_msg("%s: %zu", odd[i], seen->count);
        assert_string_equal(seen->rows[0].user, "Ann B");
        assert_string_equal(seen->rows[2].user, "Cy D");
        if (strchr("n5\"", odd[i][0]) != NULL) {
            assert_string_equal(seen->rows[1].value, odd[i]);
            assert_string_equal(seen->rows[1].format, "json");
        }
        assert_string_equal(seen->rows[0].format, "");
        assert_string_equal(seen->skips, "");
    }
}

static void
test_lists_cut_off(void **state)
{
    struct world *world = *state;
    char day[1000];
    snprintf(day, sizeof(day), "%.*s", (int)sizeof(DAY) - 30, DAY);
    put_text(world, "ex/ops/2026-03-03.json", day);
    const struct seen *seen = take(world, "ex");
    assert_int_equal(seen->count, 2);
    assert_string_equal(seen->rows[0].channel, "ops");
    /* Text that begins like a list, and lines of which the first is cut off, are lines. */
    put_text(world, "text.log", "[{\"a\":1}] started\n[x] done\n");
    put_text(world, "lines.jsonl", "{\"msg\":\"cut\n{\"msg\":\"b\"}\n{\"msg\":\"c\"}\n");
    forget(&world->seen);
    assert_int_equal(take(world, "text.log")->count, 2);
    forget(&world->seen);
    assert_int_equal(take(world, "lines.jsonl")->count, 3);
}

/* Channels of two teams may be called alike; elsewhere no folder means a team. */
static void
test_slack_teams(void **state)
{
    struct world *world = *state;
    put_text(world, "grid/teams/pay/ops/2026-03-03.json", DAY);
    put_text(world, "grid/ops/2026-03-04.json", DAY);
    put_text(world, "other/steams/pay/ops/2026-03-05.json", DAY);
    const struct seen *seen = take(world, "grid");
    assert_int_equal(seen->count, 4);
    for (size_t i = 0; i < seen->count; i++)
        assert_string_equal(seen->rows[i].channel, "ops");
    assert_string_equal(seen->rows[0].team, "");
    assert_string_equal(seen->rows[2].team, "pay");
    assert_string_equal(take(world, "other")->rows[0].team, "");
}

static void
add_entry(struct archive *archive, const char *name, const char *text)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, (la_int64_t)strlen(text));
    assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
    assert_int_equal(archive_write_data(archive, text, strlen(text)), (int)strlen(text));
    archive_entry_free(entry);
}

static void
test_slack_zip(void **state)
{
    struct world *world = *state;
    char path[300];
    snprintf(path, sizeof(path), "%s/ex.zip", world->folder);
    struct archive *archive = archive_write_new();
    archive_write_set_format_zip(archive);
    assert_int_equal(archive_write_open_filename(archive, path), ARCHIVE_OK);
    add_entry(archive, "ops/2026-03-03.json", DAY); /* before the names it needs */
    add_entry(archive, "../../users.json", USERS);  /* names in an archive are no paths */
    add_entry(archive, "channels.json", CHANNELS);
    archive_write_close(archive);
    archive_write_free(archive);
    check_slack(take(world, "ex.zip"));
}

static void
test_gzip(void **state)
{
    struct world *world = *state;
    char path[300];
    snprintf(path, sizeof(path), "%s/a.log.gz", world->folder);
    struct archive *archive = archive_write_new();
    archive_write_add_filter_gzip(archive);
    archive_write_set_format_raw(archive);
    assert_int_equal(archive_write_open_filename(archive, path), ARCHIVE_OK);
    add_entry(archive, "a.log", "one\ntwo\n");
    archive_write_close(archive);
    archive_write_free(archive);
    struct seen *seen = take(world, "a.log.gz");
    assert_int_equal(seen->count, 2);
    assert_string_equal(seen->rows[1].value, "two");
    assert_string_equal(seen->rows[1].source, "file:a.log.gz");
}

static void
test_what_is_skipped(void **state)
{
    struct world *world = *state;
    put_text(world, "s/1-empty.log", "");
    PUT(world, "s/2-bin", "\x01\x02\0\0\0\0\x03zzz");
    PUT(world, "s/3.png", "\x89PNG\r\n\x1a\n0123");
    put(world, "s/4-utf32",
        "\xff\xfe\0\0"
        "a\0\0\0",
        8);
    PUT(world, "s/5.zip", "PK\x03\x04 and nothing more");
    put_text(world, "s/6.log",
             "\xef\xbb\xbf"
             "after a mark\n");
    char link[300];
    snprintf(link, sizeof(link), "%s/s/7-link", world->folder);
    assert_int_equal(symlink("/etc/passwd", link), 0);
    struct seen *seen = take(world, "s");
    assert_int_equal(seen->count, 1);
    assert_string_equal(seen->rows[0].value, "after a mark");
    assert_non_null(strstr(seen->skips, "s/1-empty.log:0:empty\n"));
    assert_non_null(strstr(seen->skips, "s/2-bin:0:binary data\n"));
    assert_non_null(strstr(seen->skips, "s/3.png:0:a picture\n"));
    assert_non_null(strstr(seen->skips, "s/4-utf32:0:UTF-32"));
    assert_non_null(strstr(seen->skips, "s/5.zip:0:"));
    assert_non_null(strstr(seen->skips, "s/7-link:0:a link"));
}

static void
test_missing_path_is_an_error(void **state)
{
    struct world *world = *state;
    struct file_set set;
    struct err err = {0};
    struct file_sink sink = {.opaque = &world->seen, .record = on_record, .skip = on_skip};
    file_set_init(&set);
    assert_int_equal(file_set_add(&set, "/nonexistent/x.log", &sink, &err), -1);
    assert_int_equal(err.code, ERR_IO);
    assert_non_null(strstr(err.message, "/nonexistent/x.log"));
    file_set_release(&set);
}

static void
test_ids_and_going_on(void **state)
{
    struct world *world = *state;
    char ids[3][64];
    put_text(world, "a.log", "same\nsame\nother\n");
    struct seen *seen = take(world, "a.log");
    assert_int_equal(seen->count, 3);
    assert_string_not_equal(seen->rows[0].id, seen->rows[1].id);
    for (int i = 0; i < 3; i++)
        snprintf(ids[i], sizeof(ids[i]), "%s", seen->rows[i].id);
    forget(seen);
    seen->stop_at = 2;
    assert_int_equal(take_from(world, "a.log", 0), 7);
    assert_int_equal(seen->count, 2);
    assert_string_equal(seen->rows[1].id, ids[1]);
    forget(seen);
    assert_int_equal(take_from(world, "a.log", 2), 0);
    assert_int_equal(seen->count, 1);
    assert_string_equal(seen->rows[0].id, ids[2]);
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(test_lines),
        CASE(test_long_lines),
        CASE(test_json_lines_and_documents),
        CASE(test_slack_folder),
        CASE(test_odd_elements),
        CASE(test_lists_cut_off),
        CASE(test_slack_teams),
        CASE(test_slack_zip),
        CASE(test_gzip),
        CASE(test_what_is_skipped),
        CASE(test_missing_path_is_an_error),
        CASE(test_ids_and_going_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

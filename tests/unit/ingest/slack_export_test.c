/*
 * Exports of Slack in their shapes: an organisation with teams, direct messages, people of other
 * companies, channels that were renamed, messages without a time. As a folder and as a zip they say
 * the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>
#include <cmocka.h>

#include "base/strbuf.h"
#include "ingest/source/file/file.h"

static const struct decode_options options = {0};

struct entry {
    const char *name, *text;
};

struct world {
    char folder[64];
    struct strbuf said; /* "channel|identity|actor|time|body" lines */
    struct strbuf left; /* attributes of all events */
};

static int
set_up(void **state)
{
    struct world *world = calloc(1, sizeof(*world));
    snprintf(world->folder, sizeof(world->folder), "/tmp/hindcast-slack.XXXXXX");
    assert_non_null(mkdtemp(world->folder));
    strbuf_init(&world->said, 0);
    strbuf_init(&world->left, 0);
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
    strbuf_release(&world->said);
    strbuf_release(&world->left);
    free(world);
    return status;
}

static int
on_record(void *opaque, const struct file_record *record, struct err *err)
{
    struct world *world = opaque;
    (void)err;
    assert_int_equal(record->result.status, DECODE_OK);
    for (size_t i = 0; i < record->event_count; i++) {
        const struct event *event = &record->events[i];
        struct sv first = event->identity;
        size_t end = sv_find_char(first, IDENTITY_SEPARATOR[0]);
        char time[TIME_TEXT];
        time_format(event->event_time_ns, time);
        strbuf_add_sv(&world->left, event->attributes);
        strbuf_addf(&world->said, SV_FMT "|" SV_FMT "|" SV_FMT "|%.16s|" SV_FMT "\n",
                    SV_ARG(event->channel),
                    SV_ARG(sv_slice(first, 0, end == SIZE_MAX ? first.len : end)),
                    SV_ARG(event->actor), time, SV_ARG(event->body));
    }
    return 0;
}

static void
on_skip(void *opaque, const char *name, int64_t line, const char *reason)
{
    (void)opaque;
    fail_msg("%s:%lld is left out: %s", name, (long long)line, reason);
}

static void
read_all(struct world *world, const char *name)
{
    char path[200];
    struct file_set set;
    struct err err = {0};
    const struct file_sink sink = {
        .opaque = world, .decode = &options, .record = on_record, .skip = on_skip};
    strbuf_clear(&world->said);
    strbuf_clear(&world->left);
    snprintf(path, sizeof(path), "%s/%s", world->folder, name);
    file_set_init(&set);
    assert_int_equal(file_set_add(&set, path, &sink, &err), 0);
    for (size_t i = 0; i < set.count; i++)
        assert_int_equal(file_read(&set.files[i], 0, &sink, &err), 0);
    file_set_release(&set);
}

static void
write_folder(const struct world *world, const struct entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char path[300];
        snprintf(path, sizeof(path), "%s/export/%s", world->folder, entries[i].name);
        for (char *slash = strchr(path + strlen(world->folder) + 1, '/'); slash != NULL;
             slash = strchr(slash + 1, '/')) {
            *slash = '\0';
            mkdir(path, 0755);
            *slash = '/';
        }
        FILE *out = fopen(path, "wb");
        assert_non_null(out);
        assert_true(fputs(entries[i].text, out) >= 0);
        fclose(out);
    }
}

/* Last entries first: names come after the messages that need them. */
static void
write_zip(const struct world *world, const struct entry *entries, size_t count)
{
    char path[300];
    snprintf(path, sizeof(path), "%s/export.zip", world->folder);
    struct archive *archive = archive_write_new();
    archive_write_set_format_zip(archive);
    assert_int_equal(archive_write_open_filename(archive, path), ARCHIVE_OK);
    for (size_t i = count; i > 0; i--) {
        const struct entry *one = &entries[i - 1];
        struct archive_entry *entry = archive_entry_new();
        archive_entry_set_pathname(entry, one->name);
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        archive_entry_set_size(entry, (la_int64_t)strlen(one->text));
        assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
        assert_int_equal(archive_write_data(archive, one->text, strlen(one->text)),
                         (int)strlen(one->text));
        archive_entry_free(entry);
    }
    archive_write_close(archive);
    archive_write_free(archive);
}

static int
by_line(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Every line, in whatever order the files lie. */
static void
expect(struct world *world, const char *name, const char *const *lines, size_t count)
{
    const char *said[32];
    size_t n = 0;
    read_all(world, name);
    for (char *line = world->said.ptr; line != NULL && *line != '\0' && n < 32;) {
        char *end = strchr(line, '\n');
        *end = '\0';
        said[n++] = line;
        line = end + 1;
    }
    qsort(said, n, sizeof(said[0]), by_line);
    for (size_t i = 0; i < n && i < count; i++)
        assert_string_equal(said[i], lines[i]);
    assert_int_equal(n, count);
}

#define BOTH(world, entries, ...)                                                                  \
    do {                                                                                           \
        static const char *const lines_[] = {__VA_ARGS__};                                         \
        write_folder(world, entries, sizeof(entries) / sizeof(entries[0]));                        \
        write_zip(world, entries, sizeof(entries) / sizeof(entries[0]));                           \
        expect(world, "export", lines_, sizeof(lines_) / sizeof(lines_[0]));                       \
        expect(world, "export.zip", lines_, sizeof(lines_) / sizeof(lines_[0]));                   \
    } while (0)

#define PEOPLE                                                                                     \
    "[{\"id\":\"U1\",\"name\":\"ann\",\"profile\":{\"display_name\":\"Ann\"}},"                    \
    "{\"id\":\"U2\",\"name\":\"bo\",\"profile\":{\"real_name\":\"Bo Dahl\"}}]"
#define SAID(user, text)                                                                           \
    "[{\"type\":\"message\",\"user\":\"" user "\",\"text\":\"" text                                \
    "\",\"ts\":\"1772546400.000200\"}]"

static void
test_organisation(void **state)
{
    static const struct entry entries[] = {
        {"org_users.json", PEOPLE},
        {"channels.json", "[{\"id\":\"C9\",\"name\":\"major\"}]"},
        {"dms.json", "[]"},
        {"major/2026-03-03.json", SAID("U1", "a sev1 for <@U3>, see <#C1P>")},
        {"teams/pay/users.json", "[{\"id\":\"U3\",\"name\":\"cy\"}]"},
        {"teams/pay/channels.json", "[{\"id\":\"C1P\",\"name\":\"ops\"}]"},
        {"teams/pay/ops/2026-03-03.json", SAID("U3", "card errors, <@U2>")},
        {"teams/web/users.json", "[{\"id\":\"U2\",\"name\":\"bo\"}]"},
        {"teams/web/channels.json", "[{\"id\":\"C1W\",\"name\":\"ops\"}]"},
        {"teams/web/ops/2026-03-03.json", SAID("U1", "not us")},
    };
    struct world *world = *state;
    static const char *const folder[] = {
        "major|C9|Ann|2026-03-03T14:00|a sev1 for @U3, see #C1P",
        "ops|C1P|cy|2026-03-03T14:00|card errors, @Bo Dahl",
        "ops|C1W|Ann|2026-03-03T14:00|not us",
    };
    write_folder(world, entries, sizeof(entries) / sizeof(entries[0]));
    expect(world, "export", folder, 3);
    /* An archive is one directory: the organisation knows what its teams know. */
    static const char *const zip[] = {
        "major|C9|Ann|2026-03-03T14:00|a sev1 for @cy, see #ops",
        "ops|C1P|cy|2026-03-03T14:00|card errors, @Bo Dahl",
        "ops|C1W|Ann|2026-03-03T14:00|not us",
    };
    write_zip(world, entries, sizeof(entries) / sizeof(entries[0]));
    expect(world, "export.zip", zip, 3);
}

static void
test_direct_messages(void **state)
{
    static const struct entry entries[] = {
        {"users.json", PEOPLE},
        {"channels.json", "null"},
        {"groups.json", "[{\"id\":\"G1\",\"name\":\"warroom\",\"members\":[\"U1\"]}]"},
        {"dms.json", "[{\"id\":\"D1\",\"members\":[\"U1\",\"U2\"]}]"},
        {"mpims.json", "[{\"id\":\"G2\",\"name\":\"mpdm-ann--bo--zoe-1\"}]"},
        {"D1/2026-03-03.json", SAID("U2", "on it")},
        {"warroom/2026-03-03.json", SAID("U1", "in private")},
        {"mpdm-ann--bo--zoe-1/2026-03-03.json", SAID("U1", "the three of us")},
    };
    BOTH(*state, entries, "Ann, Bo Dahl|D1|Bo Dahl|2026-03-03T14:00|on it",
         "mpdm-ann--bo--zoe-1|G2|Ann|2026-03-03T14:00|the three of us",
         "warroom|G1|Ann|2026-03-03T14:00|in private");
}

static void
test_people_of_other_companies(void **state)
{
    static const struct entry entries[] = {
        {"users.json", PEOPLE},
        {"channels.json", "[{\"id\":\"C1\",\"name\":\"ops\"}]"},
        {"ops/2026-03-03.json",
         "[{\"type\":\"message\",\"user\":\"U1\",\"text\":\"ask <@U9>\",\"ts\":\"1772546400.1\"},"
         "{\"type\":\"message\",\"user\":\"U9\",\"text\":\"yes\",\"ts\":\"1772546460.1\","
         "\"user_profile\":{\"display_name\":\"Zoe (Acme)\"}}]"},
    };
    BOTH(*state, entries, "ops|C1|Ann|2026-03-03T14:00|ask @Zoe (Acme)",
         "ops|C1|Zoe (Acme)|2026-03-03T14:01|yes");
}

/* What else the table has of an author goes with the message; an entry of one name tells no more.
 */
static void
test_names_of_authors(void **state)
{
    static const struct entry entries[] = {
        {"users.json",
         "[{\"id\":\"U1\",\"name\":\"ann\",\"real_name\":\"Ann "
         "Berg\",\"profile\":{\"display_name\":"
         "\"annb\",\"real_name\":\"Ann Berg\",\"email\":\"ann@shop.example\",\"phone\":\"1\"}},"
         "{\"id\":\"U2\",\"name\":\"bo\"}]"},
        {"channels.json", "[{\"id\":\"C1\",\"name\":\"ops\"}]"},
        {"ops/2026-03-03.json", SAID("U1", "slow")},
        {"ops/2026-03-04.json", SAID("U2", "fine")},
    };
    struct world *world = *state;
    write_folder(world, entries, 4);
    write_zip(world, entries, 4);
    for (int i = 0; i < 2; i++) {
        read_all(world, i == 0 ? "export" : "export.zip");
        const char *names = strstr(
            world->left.ptr, "\"user_names\":[\"Ann Berg\",\"annb\",\"ann\",\"ann@shop.example\"]");
        assert_non_null(names);
        assert_null(strstr(names + 2, "user_names"));
        assert_non_null(strstr(world->said.ptr, "|annb|"));
    }
}

/* The day of its file is all that is known of such a message. */
static void
test_no_time(void **state)
{
    static const struct entry entries[] = {
        {"users.json", PEOPLE},
        {"channels.json", "[{\"id\":\"C1\",\"name\":\"ops\"}]"},
        {"ops/2026-03-03.json",
         "[{\"type\":\"message\",\"user\":\"U1\",\"text\":\"slow\"},"
         "{\"type\":\"message\",\"user\":\"U2\",\"text\":\"too\",\"ts\":null}]"},
    };
    BOTH(*state, entries, "ops||Ann|2026-03-03T00:00|slow", "ops||Bo Dahl|2026-03-03T00:00|too");
}

/* By its id a channel is the same under both names. */
static void
test_renamed_channel(void **state)
{
    static const struct entry entries[] = {
        {"feb/users.json", PEOPLE},
        {"feb/channels.json", "[{\"id\":\"C5\",\"name\":\"cart-alerts\"}]"},
        {"feb/cart-alerts/2026-03-03.json", SAID("U1", "down")},
        {"mar/users.json", PEOPLE},
        {"mar/channels.json", "[{\"id\":\"C5\",\"name\":\"cart-incidents\"}]"},
        {"mar/cart-incidents/2026-03-03.json", SAID("U1", "down")},
    };
    BOTH(*state, entries, "cart-alerts|C5|Ann|2026-03-03T14:00|down",
         "cart-incidents|C5|Ann|2026-03-03T14:00|down");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_organisation, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_direct_messages, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_people_of_other_companies, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_names_of_authors, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_renamed_channel, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

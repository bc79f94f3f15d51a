/*
 * Canaries through the program: records of every kind carry secrets and names in every field, and
 * no byte of what `report --public` writes has one of them, in any format that the program lists,
 * nor in the file beside it, nor on the terminal. Without --public they are there: the test sees
 * them.
 */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hindcast/casebook.h"
#include "hindcast/delivery.h"
#include "tests/lib/pgtest.h"

#define FIRST_NS (INT64_C(1772359200) * NS_PER_S) /* 2026-03-01T10:00Z */

/* A policy that knows the customer and shows excerpts: what it permits is redacted as well. */
static const char policy[] = "[customers]\nnames = Zorblatt\n[evidence]\nexcerpts = yes\n";

/* In small letters; none of them may be left. */
static const char *const canaries[] = {"hunter2canary",
                                       "akiaqcanary0000exam",
                                       "ghp_canarycanarycanary",
                                       "quibblecanary",
                                       "zoltan",
                                       "canary-host-7",
                                       "10.77.66.55",
                                       "canary.mail",
                                       "canary-link",
                                       "zorblatt",
                                       "chan-canary",
                                       "canary-file",
                                       "4111111111111111",
                                       "55512345",
                                       "eyjjanary",
                                       "ottilie",
                                       "canarybearer",
                                       "canary-cookie",
                                       "fd00:77::c4"};
#define CANARIES (sizeof(canaries) / sizeof(canaries[0]))

#define SECRETS                                                                                    \
    "password=hunter2canary key AKIAQCANARY0000EXAM from 10.77.66.55 and fd00:77::c4 for "         \
    "Zorblatt, canary.mail@example.org, Cookie: sid=canary-cookie"
#define MORE                                                                                       \
    "ghp_canarycanarycanary01 paid 4111111111111111, +49 30 55512345, "                            \
    "https://canary-link.example/a?b, eyJjanaryX.eyJhIjoxfQ.x Bearer canarybearer0123"
#define NAMED " zoltan and Ottilie on canary-host-7, #chan-canary, canary-file.log"

static const struct {
    enum event_kind kind;
    enum record_kind record_kind;
    const char *title, *body;
    enum event_phase phase;
} told[] = {
    {EVENT_ALERT, RECORD_ALERT, "Disk full: " SECRETS, MORE NAMED, PHASE_TRIGGER},
    {EVENT_ALERT, RECORD_ALERT, "Disk full for " MORE, SECRETS NAMED, PHASE_TRIGGER},
    {EVENT_CHAT, RECORD_CHAT, "", "Found it: " SECRETS, PHASE_NONE},
    {EVENT_CHAT, RECORD_CHAT, "", "I am the incident commander." NAMED, PHASE_NONE},
    {EVENT_CHAT, RECORD_CHAT, "", "we need to rotate " MORE, PHASE_NONE},
    {EVENT_LOG, RECORD_LOG, "error " SECRETS, "error " MORE, PHASE_NONE},
    {EVENT_LOG, RECORD_LOG, "error" NAMED, "error" NAMED, PHASE_NONE},
    {EVENT_CHANGE, RECORD_DEPLOY, "deploy by Ottilie: " MORE, SECRETS, PHASE_NONE},
    {EVENT_CHANGE, RECORD_COMMIT, "revert " SECRETS NAMED, MORE, PHASE_NONE},
    {EVENT_CHANGE, RECORD_MERGE, "merge" NAMED, SECRETS, PHASE_NONE},
};
#define TOLD (sizeof(told) / sizeof(told[0]))

static void
add(struct batch *batch, const struct stream *stream, size_t at)
{
    struct record record = {
        .topic = SV("canaries"),
        .offset = (int64_t)at,
        .kafka_time_ns = FIRST_NS,
        .value = SV("{\"a\":\"" SECRETS "\",\"b\":\"" MORE NAMED "\",\"\\u007aoltan\":1}")};
    bool change = told[at].kind == EVENT_CHANGE;
    struct event event = {.scope = SV("default"),
                          .kind = told[at].kind,
                          .record_kind = told[at].record_kind,
                          .phase = told[at].phase,
                          .format = SV("test"),
                          .source = SV("slack:chan-canary"),
                          .service = SV("checkout"),
                          .environment = SV("canary-host-7"),
                          .host = SV("canary-host-7"),
                          .severity = SEVERITY_FATAL,
                          .title = sv_from(told[at].title),
                          .body = sv_from(told[at].body),
                          .actor = change ? SV("Ottilie") : SV("Zoltan Quibblecanary"),
                          .channel = SV("chan-canary"),
                          .thread_key = SV("chan-canary/1"),
                          .correlation_key = SV("Zorblatt"),
                          .trace_id = SV("ghp_canarycanarycanary01"),
                          .fingerprint = SV("canary-host-7"),
                          .ref = SV("token=hunter2canary"),
                          .url = SV("https://canary-link.example/a"),
                          .file = SV("zoltan/canary-file.log"),
                          .line = 1 + (int64_t)at,
                          .source_time_text = SV("10:00 at canary-host-7"),
                          .attributes = SV("{\"owner\":\"Zoltan Quibblecanary\"}"),
                          .event_time_ns = FIRST_NS + (int64_t)at * NS_PER_MINUTE,
                          .precision = PRECISION_SECOND,
                          .time_source = TIME_SOURCE_NATIVE,
                          .identified = true};
    event.uid[0] = (uint8_t)(at + 1);
    batch_add(batch, stream, &record, OUTCOME_STORED, &event, 1, NULL);
}

static void
deliver(void)
{
    struct err err = {0};
    struct store *store = pgtest_open("hindcast_ingest");
    struct batch *batch = batch_new(NULL);
    struct stream stream;
    bool fenced;
    assert_int_equal(store_claim(store, "c", "canaries", 0, "me", &stream, &err), 0);
    for (size_t i = 0; i < TOLD; i++)
        add(batch, &stream, i);
    if (store_commit(store, batch, &stream, 1, &fenced, &err) != 0)
        fail_msg("%s", err.message);
    batch_free(batch);
    store_close(store);
}

/* ---- the program ---- */

static char folder[] = "/tmp/hindcast-redaction-XXXXXX";

/* What the command says on both streams; it ends well. */
static void
said_by(const char *arguments, struct strbuf *out)
{
    char command[PATH_MAX + 1024], piece[8192];
    size_t got;
    char *program = realpath(getenv("HINDCAST"), NULL);
    assert_non_null(program);
    snprintf(command, sizeof(command), "cd %s && '%s' %s 2>&1", folder, program, arguments);
    free(program);
    FILE *from = popen(command, "re");
    assert_non_null(from);
    strbuf_clear(out);
    while ((got = fread(piece, 1, sizeof(piece), from)) > 0)
        strbuf_add(out, piece, got);
    int status = pclose(from);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail_msg("%s: %.2000s", arguments, out->ptr);
}

static int
set_up(void **state)
{
    char path[64];
    struct strbuf out;
    if (pgtest_setup(state) != 0 || mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof(path), "%s/policy.ini", folder);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fputs(policy, file);
    fclose(file);
    strbuf_init(&out, 0);
    deliver();
    said_by("correlate --once", &out);
    strbuf_release(&out);
    assert_int_equal(pgtest_int("SELECT count(*) FROM correlate.incident"), 1);
    assert_true(pgtest_int("SELECT count(*) FROM correlate.entry") >= 8);
    return 0;
}

static int
tear_down(void **state)
{
    char command[128];
    snprintf(command, sizeof(command), "rm -r %s", folder);
    assert_int_equal(system(command), 0);
    return pgtest_teardown(state);
}

/* ---- canaries ---- */

static bool
has(const struct strbuf *text, const char *canary)
{
    size_t length = strlen(canary);
    for (size_t i = 0; i + length <= text->len; i++)
        if (sv_eq_nocase(sv_of(text->ptr + i, length), sv_of(canary, length)))
            return true;
    return false;
}

static void
need_none(const char *what, const struct strbuf *text)
{
    for (size_t i = 0; i < CANARIES; i++)
        if (has(text, canaries[i]))
            fail_msg("%s shows %s:\n%s", what, canaries[i], text->ptr);
}

/* "md|html" behind an option of the command's own help. */
static struct sv
choices_of(const struct strbuf *help, const char *option)
{
    const char *at = strstr(help->ptr, option);
    assert_non_null(at);
    at += strlen(option);
    return sv_of(at, strcspn(at, " \n"));
}

static void
check_form(struct sv document, struct sv format, struct strbuf *out)
{
    char arguments[400];
    snprintf(arguments, sizeof(arguments),
             "report latest --public --report-redaction policy.ini --document " SV_FMT
             " --format " SV_FMT,
             SV_ARG(document), SV_ARG(format));
    said_by(arguments, out);
    need_none(arguments, out);
    assert_true(has(out, "Customer 1") && has(out, "replaced: "));
    size_t length = strlen(arguments);
    snprintf(arguments + length, sizeof(arguments) - length, " --out of && cat of* && rm of*");
    said_by(arguments, out);
    need_none(arguments, out);
}

static void
no_format_of_any_document_shows_a_canary(void **state)
{
    struct strbuf help, out;
    struct sv format, document;
    size_t forms = 0;
    (void)state;
    strbuf_init(&help, 0);
    strbuf_init(&out, 0);
    said_by("report --help", &help);
    for (struct sv documents = choices_of(&help, "--document ");
         sv_split(&documents, '|', &document);)
        for (struct sv formats = choices_of(&help, "--format "); sv_split(&formats, '|', &format);
             forms++)
            check_form(document, format, &out);
    assert_true(forms >= 2);
    strbuf_release(&help);
    strbuf_release(&out);
}

/* Else the test above could not fail. */
static void
without_it_they_are_there(void **state)
{
    struct strbuf out;
    (void)state;
    strbuf_init(&out, 0);
    said_by("report latest --format html", &out);
    for (size_t i = 0; i < CANARIES; i++)
        if (!has(&out, canaries[i]))
            fail_msg("%s is nowhere to be seen", canaries[i]);
    strbuf_release(&out);
}

static void
the_default_policy_shows_no_records(void **state)
{
    struct strbuf out, permitted;
    (void)state;
    strbuf_init(&out, 0);
    strbuf_init(&permitted, 0);
    said_by("report latest --public --format html", &out);
    said_by("report latest --public --report-redaction policy.ini --format html", &permitted);
    assert_null(strstr(out.ptr, "<pre>"));
    assert_non_null(strstr(permitted.ptr, "<pre>"));
    assert_non_null(strstr(out.ptr, "SHA-256"));
    assert_true(has(&out, "zorblatt")); /* no policy knows the customer */
    strbuf_release(&out);
    strbuf_release(&permitted);
}

static void
the_same_bytes_each_time(void **state)
{
    struct strbuf one, two;
    (void)state;
    strbuf_init(&one, 0);
    strbuf_init(&two, 0);
    said_by("report latest --public --format html", &one);
    said_by("report latest --public --format html", &two);
    assert_true(sv_eq(strbuf_view(&one), strbuf_view(&two)));
    strbuf_release(&one);
    strbuf_release(&two);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_format_of_any_document_shows_a_canary),
        cmocka_unit_test(without_it_they_are_there),
        cmocka_unit_test(the_default_policy_shows_no_records),
        cmocka_unit_test(the_same_bytes_each_time),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

/*
 * Heads of log lines: time, level and the rest leave the message, and nothing else does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ingest/parse/line_head.h"

/* 2026-03-10T15:04:12Z, when all of these lines were written. */
#define THEN (INT64_C(1773155052) * NS_PER_S)
#define NONE TIME_NONE

static void
check(const char *line, int64_t ns, int severity, const char *parts, const char *message)
{
    struct arena arena;
    arena_init(&arena, 0);
    struct text_head head;
    const struct time_hints hints = {.near_ns = THEN + NS_PER_HOUR, .before_ns = TIME_NONE};
    text_read_head(sv_from(line), &hints, &head);
    struct sv json = text_head_json(&arena, &head);
    print_message("%s\n", line);
    assert_int_equal(head.has_time, ns != NONE);
    if (head.has_time)
        assert_int_equal(head.time.ns, ns);
    assert_int_equal(head.severity, severity);
    if (!sv_eq(head.message, sv_from(message)))
        fail_msg("message: " SV_FMT, SV_ARG(head.message));
    if (!sv_eq(json, sv_from(parts[0] == '\0' ? NULL : parts)))
        fail_msg("parts: " SV_FMT, SV_ARG(json));
    arena_release(&arena);
}

#define MS(count) ((count)*NS_PER_MS)

static const struct {
    const char *line;
    int64_t ns;
    int severity;
    const char *parts, *message;
} heads[] = {
    /* one order and another */
    {"2026-03-10 15:04:12,250 [main] ERROR a.Crane - torn", THEN + MS(250), 17,
     "{\"thread\":\"main\",\"logger\":\"a.Crane\"}", "torn"},
    {"2026-03-10 15:04:12,250 INFO [main] org.quay.Crane: lifted", THEN + MS(250), 9,
     "{\"thread\":\"main\",\"logger\":\"org.quay.Crane\"}", "lifted"},
    {"2026-03-10 15:04:12.250  INFO 7 --- [  main] o.q.Crane      : lifted", THEN + MS(250), 9,
     "{\"pid\":\"7\",\"thread\":\"main\",\"logger\":\"o.q.Crane\"}", "lifted"},
    {"INFO  [main] 2026-03-10 15:04:12,250 Crane.java:95 - lifted", THEN + MS(250), 9,
     "{\"thread\":\"main\",\"position\":\"Crane.java:95\"}", "lifted"},
    {"[ERROR] 2026-03-10 15:04:12 torn", THEN, 17, "", "torn"},
    {"E, [2026-03-10T15:04:12.000250 #44] ERROR -- : torn", THEN + 250000, 17, "{\"pid\":\"44\"}",
     "torn"},
    {"2026-03-10 15:04:12,250 - root - WARNING - low", THEN + MS(250), 13, "{\"context\":\"root\"}",
     "low"},
    {"2026-03-10T15:04:12Z h1.quay.example shopd 71 ERROR torn", THEN, 17,
     "{\"pid\":\"71\",\"context\":\"h1.quay.example shopd\"}", "torn"},
    {"nova.compute.manager 2026-03-10 15:04:12 INFO lifted", THEN, 9,
     "{\"prefix\":\"nova.compute.manager\"}", "lifted"},
    /* brackets that hold the head, and others */
    {"[2026-03-10 15:04:12,250: ERROR/Worker-1] torn", THEN + MS(250), 17,
     "{\"process\":\"Worker-1\"}", "torn"},
    {"[I 2026-03-10 15:04:12.250 QuayApp] up", THEN + MS(250), 9, "{\"logger\":\"QuayApp\"}", "up"},
    {"[E 260310 15:04:12 web:1946] 500 GET /x", THEN, 17, "{\"logger\":\"web:1946\"}",
     "500 GET /x"},
    {"[2026-03-10T15:04:12Z INFO  quay::crane] lifted", THEN, 9, "{\"logger\":\"quay::crane\"}",
     "lifted"},
    {"[2026-03-10T15:04:12,250][WARN ][o.q.n.Node     ] [node-1] low", THEN + MS(250), 13,
     "{\"logger\":\"o.q.n.Node\",\"thread\":\"node-1\"}", "low"},
    {"[Tue Mar 10 15:04:12.000250 2026] [core:error] [pid 21:tid 13] [client 192.0.2.1:5] AH1: x",
     THEN + 250000, 17,
     "{\"logger\":\"core\",\"pid\":\"pid 21:tid 13\",\"context\":\"[client 192.0.2.1:5]\"}",
     "AH1: x"},
    {"####<Mar 10, 2026 3:04:12 PM UTC> <Error> <Server> <quay1> torn", THEN, 17,
     "{\"context\":\"<Server> <quay1>\"}", "torn"},
    {"[2026-03-10, 15:04:12 UTC] {crane.py:12} INFO - lifted", THEN, 9,
     "{\"position\":\"crane.py:12\"}", "lifted"},
    {"2026/03/10 15:04:12 [error] 12#34: *5 torn", THEN, 17, "{\"pid\":\"12#34\"}", "*5 torn"},
    {"192.0.2.1 - ann [10/Mar/2026:16:04:12 +0100] \"GET / HTTP/1.1\" 200 1", THEN, 0,
     "{\"prefix\":\"192.0.2.1 - ann\"}", "\"GET / HTTP/1.1\" 200 1"},
    /* signs between columns */
    {"2026-03-10 15:04:12,250:DEBUG:root:lifted", THEN + MS(250), 5, "{\"logger\":\"root\"}",
     "lifted"},
    {"2026-03-10 15:04:12.2500|ERROR|Quay.Crane|torn", THEN + MS(250), 17,
     "{\"logger\":\"Quay.Crane\"}", "torn"},
    {"2026-03-10_15:04:12,250 | WARN | low", THEN + MS(250), 13, "", "low"},
    {"T-13::DEBUG::2026-03-10 15:04:12,250::task::588::moved", THEN + MS(250), 5,
     "{\"prefix\":\"T-13\"}", "task::588::moved"},
    {"2026-03-10T15:04:12.250Z\tinfo\tquay/crane.go:12\tlifted", THEN + MS(250), 9,
     "{\"position\":\"quay/crane.go:12\"}", "lifted"},
    {"2026-03-10 15:04:12, Info                  CBS    loaded", THEN, 9, "{\"logger\":\"CBS\"}",
     "loaded"},
    /* letters, numbers, other words */
    {"E0310 15:04:12.000250    1234 crane.cc:12] torn", THEN + 250000, 17,
     "{\"pid\":\"1234\",\"position\":\"crane.cc:12\"}", "torn"},
    {"03-10 15:04:12.250  1702  2395 W CraneTag: low", THEN + MS(250), 13,
     "{\"logger\":\"CraneTag\",\"pid\":\"1702\",\"tid\":\"2395\"}", "low"},
    {"03-10 15:04:12.250 E/CraneTag( 1702): torn", THEN + MS(250), 17,
     "{\"logger\":\"CraneTag\",\"pid\":\"1702\"}", "torn"},
    {"2026-03-10T15:04:12.250+0000 E  STORAGE  [conn1] torn", THEN + MS(250), 17,
     "{\"logger\":\"STORAGE\",\"thread\":\"conn1\"}", "torn"},
    {"E [10/Mar/2026:15:04:12 +0000] [Job 12] no paper", THEN, 17, "{\"context\":\"[Job 12]\"}",
     "no paper"},
    {"<3>torn", NONE, 17, "", "torn"},
    {"2026-03-10 15:04:12.250 UTC [12] DEBUG5:  scan", THEN + MS(250), 5, "{\"pid\":\"12\"}",
     "scan"},
    {"[2026-03-10 15:04:12] local.ERROR: torn", THEN, 17, "{\"logger\":\"local\"}", "torn"},
    {"2026-03-10 15:04:12 FEHLER:  gerissen", THEN, 17, "", "gerissen"},
    {"2026-03-10 15:04:12 ОШИБКА: порвалось", THEN, 17, "", "порвалось"},
    {"2026-03-10 15:04:12 [Предупреждение] порвалось", THEN, 13, "", "порвалось"},
    {"2026-03-10 15:04:12 错误：断了", THEN, 17, "", "断了"},
    {"2026-03-10 15:04:12 警告 断了", THEN, 13, "", "断了"},
    {"2026-03-10 15:04:12 エラー: 切れた", THEN, 17, "", "切れた"},
    {"2026-03-10 15:04:12 KRITISCH gerissen", THEN, 21, "", "gerissen"},
    {"2026-03-10 15:04:12 der Fehler ist weg", THEN, 0, "", "der Fehler ist weg"},
    {"2026-03-10 15:04:12 Это ошибка сети", THEN, 0, "", "Это ошибка сети"},
    {"warning: low", NONE, 13, "", "low"},
    {"[ 12.345] (EE) no screens", NONE, 17, "{\"prefix\":\"[ 12.345]\"}", "no screens"},
    {"2026-03-10 15:04:12 level=warn low", THEN, 13, "", "low"},
    {"[2026-03-10 15:04:12,250] ERROR in app: torn", THEN + MS(250), 17, "{\"logger\":\"app\"}",
     "torn"},
    /* layouts of one program */
    {"- 1773155052 2026.03.10 R1-N2 2026-03-10-07.04.12.000007 R1-N2 RAS KERNEL FATAL torn",
     THEN + 7000, 21, "{\"node\":\"R1-N2\",\"logger\":\"RAS KERNEL\"}", "torn"},
    {"Started GET \"/\" for 192.0.2.1 at 2026-03-10 16:04:12 +0100", THEN, 0, "",
     "Started GET \"/\" for 192.0.2.1"},
    {"# Time: 2026-03-10T15:04:12Z", THEN, 0, "", "# Time: 2026-03-10T15:04:12Z"},
    {"Log file created at: 2026/03/10 15:04:12", THEN, 0, "",
     "Log file created at: 2026/03/10 15:04:12"},
    {"Mar 10, 2026 3:04:12 PM org.quay.Crane lift\nSEVERE: torn", THEN, 17,
     "{\"logger\":\"org.quay.Crane\",\"context\":\"lift\"}", "torn"},
    {"=ERROR REPORT==== 10-Mar-2026::15:04:12 ===\ntorn", THEN, 17, "", "torn"},
    {"@4000000069b0332c0ee6b280 torn", INT64_C(1773155106250000000), 0, "", "torn"},
    /* what the message says itself is neither level nor time */
    {"2026-03-10 15:04:12 no errors found", THEN, 0, "", "no errors found"},
    {"2026-03-10 15:04:12 error opening file", THEN, 0, "", "error opening file"},
    {"2026-03-10 15:04:12 request failed ERROR 500", THEN, 0, "", "request failed ERROR 500"},
    {"2026-03-10 15:04:12 INFO ERROR page shown", THEN, 9, "", "ERROR page shown"},
    {"2026-03-10 15:04:12 [Ticket] was lost", THEN, 0, "{\"thread\":\"Ticket\"}", "was lost"},
    {"2026-03-10 15:04:12 I am here", THEN, 0, "", "I am here"},
    {"2026-03-10 15:04:12 ERROR 42 files failed", THEN, 17, "", "42 files failed"},
    {"2026-03-10 15:04:12 ERROR failed - retrying", THEN, 17, "", "failed - retrying"},
    {"2026-03-10 15:04:12 ERROR file.txt: not found", THEN, 17, "", "file.txt: not found"},
    {"2026-03-10 15:04:12 ERROR api.quay.example: refused", THEN, 17, "",
     "api.quay.example: refused"},
    {"[2026-03-10 15:04:12] PHP Fatal error:  torn", THEN, 17, "{\"context\":\"PHP Fatal\"}",
     "PHP Fatal error:  torn"},
    {"the backup of 2026-03-10 15:04:12 is done", NONE, 0, "",
     "the backup of 2026-03-10 15:04:12 is done"},
    {"certificate expires at 2026-03-10 15:04:12", NONE, 0, "",
     "certificate expires at 2026-03-10 15:04:12"},
    {"no error here, Warning signs", NONE, 0, "", "no error here, Warning signs"},
    {"192.0.2.1 connected", NONE, 0, "", "192.0.2.1 connected"},
    {"00:11:22:33:44:55 joined", NONE, 0, "", "00:11:22:33:44:55 joined"},
    {"1234567 rows", NONE, 0, "", "1234567 rows"},
    {"{\"level\":\"error\"", NONE, 0, "", "{\"level\":\"error\""},
    {"", NONE, 0, "", ""},
};

static void
heads_leave_the_message(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
        check(heads[i].line, heads[i].ns, heads[i].severity, heads[i].parts, heads[i].message);
}

/* The message is the end of the line, whatever is cut off or disturbed; nothing is read beyond. */
static void
any_bytes_have_a_head_or_none(void **state)
{
    (void)state;
    const struct time_hints hints = {.near_ns = THEN, .before_ns = TIME_NONE};
    static const char bytes[] = {'\0', '[', ']', '<', ':', '-', ' ', '\n', '9', 'E', '\xFF'};
    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
        for (size_t at = 0, length = strlen(heads[i].line); at < length; at++) {
            char *line = malloc(length + 1);
            struct text_head head;
            assert_non_null(line);
            memcpy(line, heads[i].line, at);
            text_read_head(sv_of(line, at), &hints, &head);
            assert_true(head.message.len <= at);
            for (size_t b = 0; b < sizeof(bytes); b++) {
                memcpy(line, heads[i].line, length);
                line[at] = bytes[b];
                text_read_head(sv_of(line, length), &hints, &head);
                assert_true(head.message.len <= length);
            }
            free(line);
        }
}

static void
lines_about_the_file_are_told(void **state)
{
    (void)state;
    static const char *const yes[] = {"#Fields: date time c-ip", "# Version: 1.0", "#Software: IIS",
                                      "#separator \\x09", "#fields\tts\tuid"};
    static const char *const no[] = {
        "# a comment", "#Fieldsmen", "Fields: a", "", "#", "# Time: 2026-03-10T15:04:12Z"};
    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
        assert_true(text_is_file_header(sv_from(yes[i])));
    for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
        assert_false(text_is_file_header(sv_from(no[i])));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heads_leave_the_message),
        cmocka_unit_test(any_bytes_have_a_head_or_none),
        cmocka_unit_test(lines_about_the_file_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

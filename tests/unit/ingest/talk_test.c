/*
 * Talk as text: which texts are pasted from a chat and which only resemble one, the days that dates
 * mean, dialects of lines, names.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "ingest/talk/lines.h"
#include "ingest/talk/local.h"
#include "ingest/talk/name.h"
#include "ingest/talk/paste.h"

static struct arena arena;

static int
set_up(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* Read with 2026-03-10, a Tuesday, as the day of its file's time. */
static bool
read_paste(const char *text, const char *day, struct talk_paste *ret_paste)
{
    struct talk_hints hints = {.near = talk_day_from_text(SV("2026-03-10 assumed_date"))};
    if (day != NULL)
        hints.day = hints.near = talk_day_from_text(sv_from(day));
    *ret_paste = (struct talk_paste){0};
    return talk_paste_read(&arena, sv_from(text), &hints, ret_paste);
}

/* "actor|day how|clock|text" of a message. */
static const char *
shown(const struct talk_message *message)
{
    struct sv line =
        arena_printf(&arena, SV_FMT "|" SV_FMT "|%02d:%02d|" SV_FMT, SV_ARG(message->actor),
                     SV_ARG(talk_day_text(&arena, message->day)), message->clock.hour,
                     message->clock.minute, SV_ARG(message->text));
    return arena_strdup(&arena, line);
}

static void
expect(const char *text, const char *day, const char *const *messages, size_t count)
{
    struct talk_paste paste;
    if (!read_paste(text, day, &paste))
        fail_msg("no paste: %s", text);
    for (size_t i = 0; i < paste.count && i < count; i++)
        assert_string_equal(shown(&paste.messages[i]), messages[i]);
    assert_int_equal(paste.count, count);
}
#define EXPECT(text, day, ...)                                                                     \
    expect(text, day, (const char *const[]){__VA_ARGS__},                                          \
           sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static void
test_slack_on_a_clock_of_24_hours(void **state)
{
    (void)state;
    EXPECT("Ada Miller\n  14:02\ncart is down\n14:03\nlooking\nBob Ferro\n  14:05\nme too\n",
           "2026-03-09 assumed_date", "Ada Miller|2026-03-09 assumed_date|14:02|cart is down",
           "Ada Miller|2026-03-09 assumed_date|14:03|looking",
           "Bob Ferro|2026-03-09 assumed_date|14:05|me too");
    /* Editors take the blanks away. */
    EXPECT("Tuesday, March 10th\nAda Miller\n14:02\ncart is down\n14:03\nlooking\nBob Ferro\n"
           "14:05\nme too\n",
           NULL, "Ada Miller|2026-03-10 assumed_year|14:02|cart is down",
           "Ada Miller|2026-03-10 assumed_year|14:03|looking",
           "Bob Ferro|2026-03-10 assumed_year|14:05|me too");
}

static void
test_a_time_alone_leaves_out_the_half_of_the_day(void **state)
{
    (void)state;
    EXPECT("Ada\n  11:58 AM\none\n11:59\ntwo\n12:01\nthree\nBob\n  10:05 PM\nfour\n10:06\nfive\n",
           "2026-03-10", "Ada|2026-03-10|11:58|one", "Ada|2026-03-10|11:59|two",
           "Ada|2026-03-10|12:01|three", "Bob|2026-03-10|22:05|four", "Bob|2026-03-10|22:06|five");
}

static void
test_midnight_begins_a_day(void **state)
{
    (void)state;
    EXPECT("Ada  11:58 PM\none\nBob  12:01 AM\ntwo\n", "2026-12-31", "Ada|2026-12-31|23:58|one",
           "Bob|2027-01-01|00:01|two");
}

static void
test_today_and_days_of_the_week(void **state)
{
    (void)state;
    EXPECT("Ada\n  Feb 25th at 10:39 AM\none\nBob\n  Wednesday at 8:19 PM\ntwo\nAda\n"
           "  Yesterday at 3:10 PM\nthree\n3:11\nfour\nBob\n  9:00 AM\nfive\n",
           NULL, "Ada|2026-02-25 assumed_year|10:39|one", "Bob|2026-03-04 assumed_date|20:19|two",
           "Ada|2026-03-09 assumed_date|15:10|three", "Ada|2026-03-09 assumed_date|15:11|four",
           "Bob|2026-03-10 assumed_date|09:00|five");
}

static void
test_no_day_is_made_up(void **state)
{
    struct talk_paste paste;
    (void)state;
    assert_true(read_paste("Ada\n  10:39 AM\none\nBob\n  10:40 AM\ntwo\n", NULL, &paste));
    assert_int_equal(paste.messages[0].day.how, DAY_NONE);
    assert_int_equal(paste.messages[1].day.how, DAY_NONE);
}

static void
test_order_of_numbers(void **state)
{
    (void)state;
    /* One date tells for all. */
    EXPECT("[25/2/26 10:00] Ada Miller\none\n[3/3/26 10:00] Bob Ferro\ntwo\n"
           "[4/3/26 10:00] Ada Miller\nthree\n",
           NULL, "Ada Miller|2026-02-25|10:00|one", "Bob Ferro|2026-03-03|10:00|two",
           "Ada Miller|2026-03-04|10:00|three");
    /* None does: assumed, and said. */
    EXPECT("[4/3/26 10:00 AM] Ada Miller\none\n[4/3/26 10:01 AM] Bob Ferro\ntwo\n", NULL,
           "Ada Miller|2026-04-03 assumed_date|10:00|one",
           "Bob Ferro|2026-04-03 assumed_date|10:01|two");
    /* Dots stand behind days. */
    EXPECT("[04.03.26 10:00] Ada Miller\none\n[04.03.26 10:01] Bob Ferro\ntwo\n", NULL,
           "Ada Miller|2026-03-04|10:00|one", "Bob Ferro|2026-03-04|10:01|two");
}

/* The nearest year to the message before, and not the last one before the time of the file. */
static void
test_a_year_goes_on_from_the_message_before(void **state)
{
    (void)state;
    EXPECT("Ada Miller  Dec 31st, 2023 at 11:50 PM\none\nBob Ferro  Jan 5th at 9:00 AM\ntwo\n",
           NULL, "Ada Miller|2023-12-31|23:50|one", "Bob Ferro|2024-01-05 assumed_year|09:00|two");
    EXPECT("Ada Miller  Jan 5th, 2024 at 9:00 AM\none\nBob Ferro  Dec 31st at 9:00 AM\ntwo\n", NULL,
           "Ada Miller|2024-01-05|09:00|one", "Bob Ferro|2023-12-31 assumed_year|09:00|two");
}

static void
test_what_a_window_shows_besides(void **state)
{
    struct talk_paste paste;
    (void)state;
    assert_true(
        read_paste("#ops\nAda\n  10:02 AM\ncart is down (edited) \n:eyes:\n2\n3 replies\n"
                   "Last reply today at 10:30 AMView thread\nNew\n"
                   "Alertmanager\nAPP  10:05 AM\nFIRING\n\xF0\x9F\x91\x8D\n1 Like reaction.\n"
                   "Zoe\n:palm_tree:  10:06 AM\nreplied to a thread:\ncart is down\xE2\x80\xA6\n"
                   "thanks\n@Ada\n, see you\n",
                   "2026-03-10", &paste));
    assert_int_equal(paste.count, 3);
    const struct talk_message *one = &paste.messages[0], *two = one + 1, *three = one + 2;
    assert_true(one->edited && one->phase == PHASE_POST);
    assert_int_equal(one->marks, 2);
    assert_int_equal(one->replies, 3);
    assert_string_equal(shown(one), "Ada|2026-03-10|10:02|cart is down");
    assert_int_equal(two->actor_type, ACTOR_BOT);
    assert_int_equal(two->marks, 1);
    assert_string_equal(shown(two), "Alertmanager|2026-03-10|10:05|FIRING");
    assert_true(sv_eq(three->reply_to, SV("cart is down")));
    assert_string_equal(shown(three), "Zoe|2026-03-10|10:06|thanks @Ada, see you");
    assert_true(sv_eq(paste.channel, SV("ops")));
    assert_int_equal(paste.stray, 0);
}

/* What a person may well say is no part of the window where it is all that was said. */
static void
test_short_words_are_words(void **state)
{
    (void)state;
    EXPECT("Ada\n  10:02 AM\nnew\nBob\n  10:03 AM\n3\nAda\n  10:04 AM\n:eyes:\n", "2026-03-10",
           "Ada|2026-03-10|10:02|new", "Bob|2026-03-10|10:03|3", "Ada|2026-03-10|10:04|:eyes:");
}

static void
test_stray_words_are_told(void **state)
{
    struct talk_paste paste;
    (void)state;
    assert_true(read_paste(
        "rest of what somebody said\nAda\n  10:02 AM\none\nBob\n  10:03 AM\ntwo\n", NULL, &paste));
    assert_int_equal(paste.stray, 1);
}

/* Logs, lists and documents that look a little like a chat. */
static void
test_no_pastes(void **state)
{
    static const char *const texts[] = {
        "",
        "one line",
        "10:02:03 starting server: ok\n10:02:04 nginx: ready\n[10:02:05] nginx: ready\n",
        "10:02 sshd: opened\n10:03 cron: ran\n10:05 sshd: closed\n10:07 cron: ran\n",
        "[10:02] sshd: opened\n[10:03] cron: ran\n[10:05] sshd: closed\n",
        "Keynote  10:02 AM\nLunch  12:30 PM\nPanel  2:00 PM\n",
        "# Timeline\n\nTimeline\n10:02 AM\ncart went down\n10:05 AM\nrolled back\n",
        "2026-03-10 10:02:03 INFO started\n2026-03-10 10:02:04 WARN slow\n",
        "INFO  10:02 AM\nstarted\nWARN  10:03 AM\nslow\n",
        "root     pts/0        Mar 10 10:02\nada      pts/1        Mar 10 10:03\n",
        "-rw-r--r-- 1 root root 10 Mar 10 10:02 a\n-rw-r--r-- 1 root root 10 Mar 10 10:03 b\n",
        "Dear all,\n\nwe meet at 10:02 AM\nand again at 11:00 AM\n\nAda\n",
        "checkout\n10:02:03.120\n  at Foo.bar(Foo.java:10)\ncheckout\n10:02:04.120\n  at x\n",
    };
    struct talk_paste paste;
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (read_paste(texts[i], NULL, &paste))
            fail_msg("taken for a paste: %s", texts[i]);
}

static void
test_notes_by_hand(void **state)
{
    (void)state;
    EXPECT("10:02 Ada: cart is down\n10:03 Bob: looking\n10:05 Ada: pool is exhausted\n  of it\n"
           "10:07 Bob: rolled back\n",
           "2026-03-10", "Ada|2026-03-10|10:02|cart is down", "Bob|2026-03-10|10:03|looking",
           "Ada|2026-03-10|10:05|pool is exhausted\nof it", "Bob|2026-03-10|10:07|rolled back");
}

static void
test_days(void **state)
{
    static const struct {
        const char *text, *order, *day; /* near 2026-03-10 */
    } cases[] = {
        {"2026-03-01", "", "2026-03-01"},
        {"2026/3/1", "", "2026-03-01"},
        {"3/1/2026", "m", "2026-03-01"},
        {"3/1/2026", "d", "2026-01-03"},
        {"3/1/2026", "", ""},
        {"3/3/2026", "", "2026-03-03"},
        {"13/1/26", "m", "2026-01-13"},
        {"1/13/26", "", "2026-01-13"},
        {"01.03.2026", "m", "2026-03-01"},
        {"March 1st, 2026", "", "2026-03-01"},
        {"1. M\xC3\xA4rz 2026", "", "2026-03-01"},
        {"1 de marzo de 2026", "", "2026-03-01"},
        {"01-Mar-26", "", "2026-03-01"},
        {"Tuesday, March 10th", "", "2026-03-10 assumed_year"},
        {"Monday, March 10th", "", "2025-03-10 assumed_year"},
        {"Dec 24", "", "2025-12-24 assumed_year"},
        {"March 11", "", "2026-03-11 assumed_year"},
        {"March 12", "", "2025-03-12 assumed_year"},
        {"February 29th", "", "2024-02-29 assumed_year"},
        {"Today", "", "2026-03-10 assumed_date"},
        {"Gestern", "", "2026-03-09 assumed_date"},
        {"Tuesday", "", "2026-03-03 assumed_date"},
        {"----- Today March 3rd, 2025 -----", "", "2025-03-03"},
        {"2026-02-30", "", ""},
        {"13/13/2026", "", ""},
        {"tomorrow", "", ""},
        {"1969-12-31", "", ""},
    };
    struct talk_day near = talk_day_from_text(SV("2026-03-10"));
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct talk_date date;
        struct talk_day day = {0};
        enum talk_order order = cases[i].order[0] == 'm'   ? ORDER_MONTH_FIRST
                                : cases[i].order[0] == 'd' ? ORDER_DAY_FIRST
                                                           : ORDER_UNKNOWN;
        bool found =
            talk_date_line(sv_from(cases[i].text), &date) && talk_day_of(&date, order, near, &day);
        struct sv text = found ? talk_day_text(&arena, day) : SV("");
        if (!sv_eq(text, sv_from(cases[i].day)))
            fail_msg("%s: %.*s, not %s", cases[i].text, SV_ARG(text), cases[i].day);
    }
}

static void
test_days_in_names(void **state)
{
    static const char *const cases[][2] = {
        {"ops-2026-03-10.txt", "2026-03-10 assumed_date"},
        {"#ops_20260310.log", "2026-03-10 assumed_date"},
        {"Acme Slack export Mar 10 2026.zip!ops.txt", "2026-03-10 assumed_date"},
        {"2026-03-09/2026_03_10 chat.txt", "2026-03-10 assumed_date"},
        {"GMT20260310-100213_Recording.vtt", "2026-03-10 assumed_date"},
        {"20261310.log", ""},
        {"v1.2.3-12345678901.log", ""},
        {"3-4-2026.txt", ""},
        {"chat.txt", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct talk_day day = {0};
        bool found = talk_day_in_name(sv_from(cases[i][0]), &day);
        struct sv text = found ? talk_day_text(&arena, day) : SV("");
        if (!sv_eq(text, sv_from(cases[i][1])))
            fail_msg("%s: %.*s, not %s", cases[i][0], SV_ARG(text), cases[i][1]);
    }
}

static void
test_local_times(void **state)
{
    static const char *const texts[] = {"2026-03-10T22:03",
                                        "2026-03-10T22:03:11",
                                        "2026-03-10T22:03:11.120",
                                        "2026-03-10T22:03:11.120456+01:00",
                                        "2026-03-10T22:03-03:30 assumed_year",
                                        "2026-03-10T22:03:11 assumed_date"};
    static const char *const wrong[] = {"",
                                        "2026-03-10",
                                        "2026-03-10T25:00",
                                        "2026-02-30T10:00",
                                        "2026-03-10T22:03 perhaps",
                                        "2026-03-10T22:03x"};
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct talk_hints hints = {0};
        assert_true(talk_local_read(sv_from(texts[i]), &hints));
        const struct talk_message message = {.day = hints.day,
                                             .clock = hints.clock,
                                             .has_clock = true,
                                             .has_offset = true,
                                             .has_zone = hints.has_zone,
                                             .offset_s = hints.offset_s};
        struct sv back = talk_local_text(&arena, &message);
        if (!sv_eq(back, sv_from(texts[i])))
            fail_msg("%s comes back as %.*s", texts[i], SV_ARG(back));
    }
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct talk_hints hints = {0};
        if (talk_local_read(sv_from(wrong[i]), &hints))
            fail_msg("%s is taken", wrong[i]);
    }
}

static void
test_names(void **state)
{
    static const struct {
        const char *text, *name; /* "": none */
        bool bot;
    } cases[] = {
        {"Ada Miller", "Ada Miller", false},
        {"Miller, Ada", "Miller, Ada", false},
        {"Ada Miller (you)", "Ada Miller", false},
        {"ada.miller:palm_tree:", "ada.miller", false},
        {"Alertmanager APP", "Alertmanager", true},
        {"HuggsyAPP", "Huggsy", true},
        {"Q12 - Jos\xC3\xA9", "Q12 - Jos\xC3\xA9", false},
        {"looking at it.", "", false},
        {"is it down?", "", false},
        {"a = b", "", false},
        {"- a point", "", false},
        {"https://example.net", "", false},
        {"one two three four five six seven", "", false},
        {"12", "", false},
        {"ERROR", "", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct talk_name name = {0};
        bool found = talk_name_read(sv_from(cases[i].text), &name);
        if (!sv_eq(found ? name.name : SV(""), sv_from(cases[i].name)) || name.bot != cases[i].bot)
            fail_msg("%s: %.*s", cases[i].text, SV_ARG(name.name));
    }
}

/* What logs are like must not be taken for talk. */
static void
test_dialects(void **state)
{
    static const struct {
        const char *name, *text, *format; /* "": none */
    } cases[] = {
        {"x.log", "22:11 <@ada> hi\n22:12 <bob> ho\n", "irc_irssi"},
        {"x.log", "[22:11:09] <ada> hi\n", "irc_znc_energymech"},
        {"x.log", "[17 Aug 22:11] <ada> hi\n", "irc_dircproxy"},
        {"x.log", "2026-08-17 22:11:09 <ada> hi\n", "irc_xchat_iso"},
        {"x.log", "Aug 17 22:11:09 <ada> hi\n", "irc_xchat_iso"},
        {"x.log", "2026-08-17 22:11:09\tada\thi\n", "irc_weechat"},
        {"x.log", "2026-08-17 22:11:09\tINFO\tstarted\n", ""},
        {"x.log", "2026-08-17 22:11:09 <info> started\n", ""},
        {"x.log", "2026-08-17 22:11:09 <0.32.0> started\n", ""},
        {"x.log", "2026-08-17 22:11:09 *** started\n2026-08-17 22:11:10 *** ended\n", ""},
        {"x.log", "22:11 <@ada> hi\nsomething else\nand more\n", ""},
        {"x.log",
         "2026-08-17 22:11:09\tapi\tup\n2026-08-17 22:11:09\tapi\tup\n"
         "2026-08-17 22:11:09\tweb\tup\n2026-08-17 22:11:09\tapi\tup\n",
         ""},
        {"libera.#ops.weechatlog",
         "2026-08-17 22:11:09\tada\thi\n2026-08-17 22:11:09\tbob\tho\n"
         "2026-08-17 22:11:09\tada\tso\n2026-08-17 22:11:09\tbob\tyes\n",
         "irc_weechat"},
        {"x.txt", "17/8/26, 22:11 - Ada: hi\nmore\nand more\n", "whatsapp_export"},
        {"x.txt", "[17.08.26, 22:11:09] Ada: hi\n", "whatsapp_export"},
        {"x.txt", "[2026-08-17, 22:11:09] Ada: hi\n", "whatsapp_export"},
        {"x.log", "[2026-08-17 22:11:09] production.ERROR: boom\n", ""},
        {"x.log", "[17/08/2026 22:11:09] worker: boom\n[17/08/2026 22:11:09] web: up\n", ""},
        {"x.log", "2026-08-17 22:11:09,120 - INFO - boom: it\n", ""},
        {"x.log", "17/08/2026 22:11:09 - worker: boom\n", ""},
        {"x.txt", "22:11:09 From Ada to Everyone: hi\n", "zoom_chat"},
        {"x.vtt", "WEBVTT\n\n00:05.000 --> 00:06.000\nhi\n", "webvtt"},
        {"x.vtt", "WEBVTT\n\nnothing\n", ""},
        {"x.srt", "1\n00:00:05,000 --> 00:00:06,000\nhi\n", "subrip"},
        {"x.txt", "Ada Miller   0:05\nhi\n\nBob Ferro   0:09\nho\n", "call_transcript"},
        {"x.txt", "Ada Miller   10:05\nhi\n\nBob Ferro   10:09\nho\n", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct talk_hints hints = {0};
        struct talk_state talk;
        talk_state_init(&talk, &hints);
        const struct talk_dialect *dialect =
            talk_dialect_of(sv_from(cases[i].text), sv_from(cases[i].name), &talk);
        const char *format = dialect == NULL ? "" : dialect->format;
        if (strcmp(format, cases[i].format) != 0)
            fail_msg("%s: '%s', not '%s'", cases[i].text, format, cases[i].format);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_slack_on_a_clock_of_24_hours, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_time_alone_leaves_out_the_half_of_the_day, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_midnight_begins_a_day, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_today_and_days_of_the_week, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_day_is_made_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_order_of_numbers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_year_goes_on_from_the_message_before, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_what_a_window_shows_besides, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_short_words_are_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_stray_words_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_pastes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_notes_by_hand, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_days, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_days_in_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_local_times, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_dialects, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

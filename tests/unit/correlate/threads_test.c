/*
 * Threads of talk: answers belong where their thread began, whatever else burns meanwhile, unless
 * keys of their own say otherwise; which messages of each chat tool begin and answer. Messages of
 * our own, in the form of their tools.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <string.h>

#include "correlate/group/thread.h"
#include "correlate/run.h"
#include "hindcast/decoder.h"
#include "tests/lib/fewrows.h"

static struct fewrows few;

static int
setup(void **state)
{
    (void)state;
    fewrows_init(&few);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    fewrows_release(&few);
    return 0;
}

static void
alert(int64_t minute, const char *text, const char *service)
{
    struct event *event = fewrows_add(&few, minute, RECORD_ALERT, text);
    event->format = SV("hindcast");
    event->service = sv_from(service);
    event->fingerprint = sv_from(service);
}

/* In the thread of the message `first`, or none. */
static struct event *
say(int64_t minute, const char *id, const char *first, const char *text)
{
    struct event *event = fewrows_add(&few, minute, RECORD_CHAT, text);
    event->format = SV("hindcast");
    event->source = SV("chat:ops");
    event->channel = SV("general");
    event->actor = SV("dan");
    event->thread_key = first == NULL ? SV_NONE : sv_from(first);
    event->identity = arena_printf(&few.arena, "%s" IDENTITY_SEPARATOR "chat:ops", id);
    event_uid_of_name(event->scope, SV("hindcast"), event->identity, event->uid);
    return event;
}

/* The node that holds this event alone, or begins with it. */
static const struct node *
node_at(int64_t minute)
{
    fewrows_correlate(&few);
    for (size_t i = 0; i < few.made.node_count; i++)
        if (few.made.nodes[i].first_ns == FEWROWS_BEGIN_NS + minute * NS_PER_MINUTE &&
            sv_eq(few.made.nodes[i].source, SV("chat:ops")))
            return &few.made.nodes[i];
    fail_msg("no node begins in minute %d", (int)minute);
    return NULL;
}

static bool
is_of(const struct node *node, const char *service)
{
    for (size_t i = 0; i < few.made.node_count; i++)
        if (sv_eq(few.made.nodes[i].fingerprint, sv_from(service)))
            return sv_eq(few.made.nodes[i].incident_key, node->incident_key);
    return false;
}

static void
burn(void)
{
    alert(0, "checkout answers 502", "checkout");
    alert(40, "payments are declined", "payments");
    alert(43, "payments are declined at the bank", "payments");
}

static void
an_answer_goes_where_its_thread_began(void **state)
{
    (void)state;
    burn();
    say(5, "m1", NULL, "checkout answers 502 for me, too");
    say(41, "m2", "m1", "it is the certificate");
    say(44, "m3", NULL, "payments are declined for everybody");
    const struct node *answer = node_at(41);
    assert_true(is_of(answer, "checkout"));
    assert_true(sv_starts(answer->reason, SV("thread (600), 2160000 ms from 1772100300000/")));
    assert_true(is_of(node_at(44), "payments"));
}

static void
keys_of_its_own_weigh_more(void **state)
{
    (void)state;
    burn();
    say(5, "m1", NULL, "checkout answers 502 for me, too");
    say(41, "m2", "m1", "it is the bank")->service = SV("payments");
    assert_true(is_of(node_at(41), "payments"));
}

static void
what_began_in_no_incident_is_judged_by_its_own_words(void **state)
{
    (void)state;
    burn();
    say(5, "m1", NULL, "who wants cake");
    say(41, "m2", "m1", "later, payments are declined");
    assert_int_equal(node_at(5)->incident_key.len, 0);
    assert_true(is_of(node_at(41), "payments"));
}

/* Half an hour of silence is no end of a thread, and a day later it still is one. */
static void
answers_go_together_where_nothing_tells_what_they_answer(void **state)
{
    (void)state;
    burn();
    say(2, "m2", "m1", "checkout answers 502");
    say(20, "m3", "m1", "it is the certificate");
    say(41, "m4", "m1", "a new one is on its way");
    say(200, "m5", "m1", "and there it is");
    say(200 + 25 * 60, "m6", "m1", "thank you");
    assert_true(is_of(node_at(2), "checkout"));
    assert_true(is_of(node_at(200), "checkout"));
    assert_int_equal(node_at(200 + 25 * 60)->incident_key.len, 0);
    assert_int_equal(few.made.node_count, 5); /* minutes 2 to 41 are one of them */
}

static void
a_thread_is_not_the_talk_of_its_channel(void **state)
{
    (void)state;
    burn();
    say(1, "m1", NULL, "checkout answers 502");
    say(3, "c1", "c0", "cake in the kitchen");
    say(4, "m2", NULL, "checkout answers 502 again");
    assert_int_equal(node_at(3)->incident_key.len, 0);
    assert_true(is_of(node_at(1), "checkout"));
}

/* ------------------------------------------------------------- what tools tell */

/* The record of this event of the text, as grouping sees it. */
static struct work_record
read(const char *text, size_t index)
{
    struct decode_options options = {0};
    struct record record = {.topic = SV("t"), .kafka_time_ns = TIME_NONE, .value = sv_from(text)};
    struct event_sink sink = {.max = EVENTS_PER_RECORD_MAX, .arena = &few.arena};
    struct quiet_alerts quiet;
    struct work_record made_of;
    assert_int_equal(decode_record(&record, &options, &sink).status, DECODE_OK);
    assert_true(index < sink.count);
    struct observation *observation = ARENA_NEW(&few.arena, struct observation);
    observation->event = sink.events[index];
    struct err err;
    assert_int_equal(quiet_alerts_read(&few.arena, SV(""), &quiet, &err), 0);
    assert_true(record_of(&few.arena, &quiet, observation, SV("default"), &made_of));
    return made_of;
}

/* Of this text the second event answers the first one, which is its channel's. */
static void
assert_answers(const char *text)
{
    struct work_record first = read(text, 0), answer = read(text, 1);
    struct work_node node = {.source = first.source, .role = NODE_CHAT};
    const struct work_record *records[] = {&first};
    node.records = records;
    assert_false(record_answers(&first));
    if (answer.key_count < 2 || !record_answers(&answer))
        fail_msg("does not answer: %s", text);
    const struct node_key *keys = &answer.keys[answer.key_count - 2];
    assert_true(sv_eq(keys[0].value, thread_channel(&few.arena, &node).value));
    if (!sv_eq(keys[1].value, first.uid))
        fail_msg("answers something else: %s", text);
    assert_false(sv_eq(first.fingerprint, answer.fingerprint));
}

static void
each_tool_names_what_is_answered(void **state)
{
    (void)state;
    assert_answers(
        "{\"ok\":true,\"channel_id\":\"C7\",\"messages\":["
        "{\"type\":\"message\",\"ts\":\"1772359320.000100\",\"user\":\"U1\",\"text\":\"gate"
        " 4 stuck\",\"thread_ts\":\"1772359320.000100\",\"reply_count\":1},"
        "{\"type\":\"message\",\"ts\":\"1772359380.000200\",\"user\":\"U2\",\"text\":\"on "
        "it\",\"thread_ts\":\"1772359320.000100\"}]}");
    assert_answers("{\"posts\":{\"p1\":{\"id\":\"p1\",\"create_at\":1772359320000,\"update_at\":"
                   "1772359320000,\"delete_at\":0,\"user_id\":\"u1\",\"channel_id\":\"c1\",\"root_"
                   "id\":\"\",\"message\":\"gate 4 stuck\"},\"p2\":{\"id\":\"p2\",\"create_at\":"
                   "1772359380000,\"update_at\":1772359380000,\"delete_at\":0,\"user_id\":\"u2\","
                   "\"channel_id\":\"c1\",\"root_id\":\"p1\",\"message\":\"on it\"}}}");
    assert_answers(
        "{\"value\":[{\"id\":\"1772359320123\",\"replyToId\":null,\"messageType\":\"message\","
        "\"createdDateTime\":\"2026-03-01T10:02:00.123Z\",\"from\":{\"user\":{\"id\":\"u1\","
        "\"displayName\":\"Ada Quill\"}},\"body\":{\"contentType\":\"text\",\"content\":\"gate 4 "
        "stuck\"},\"channelIdentity\":{\"channelId\":\"19:gates\"}},"
        "{\"id\":\"1772359380000\",\"replyToId\":\"1772359320123\",\"messageType\":\"message\","
        "\"createdDateTime\":\"2026-03-01T10:03:00Z\",\"from\":{\"user\":{\"id\":\"u2\","
        "\"displayName\":\"Bo\"}},\"body\":{\"contentType\":\"text\",\"content\":\"on it\"},"
        "\"channelIdentity\":{\"channelId\":\"19:gates\"}}]}");
    assert_answers("{\"messages\":[{\"_id\":\"m1\",\"rid\":\"GATES\",\"msg\":\"gate 4 stuck\","
                   "\"ts\":\"2026-03-01T10:02:00Z\",\"u\":{\"_id\":\"u1\",\"username\":\"ada\"}},"
                   "{\"_id\":\"m3\",\"rid\":\"GATES\",\"msg\":\"on it\",\"tmid\":\"m1\","
                   "\"ts\":\"2026-03-01T10:04:00Z\",\"u\":{\"_id\":\"u2\",\"username\":\"bo\"}}]}");
    assert_answers(
        "{\"messages\":[{\"type\":\"m.room.message\",\"event_id\":\"$a\",\"room_id\":\"!r\","
        "\"sender\":\"@ada:x\",\"origin_server_ts\":1772359320000,\"content\":{\"msgtype\":"
        "\"m.text\",\"body\":\"gate 4 stuck\"}},"
        "{\"type\":\"m.room.message\",\"event_id\":\"$b\",\"room_id\":\"!r\",\"sender\":\"@bo:x\","
        "\"origin_server_ts\":1772359380000,\"content\":{\"msgtype\":\"m.text\",\"body\":\"on "
        "it\",\"m.relates_to\":{\"rel_type\":\"m.thread\",\"event_id\":\"$a\"}}}]}");
    assert_answers("{\"messages\":[{\"creator\":{\"name\":\"Ada\",\"user_type\":\"Human\"},"
                   "\"created_date\":\"Sunday, 1 March 2026 at 10:02:00 UTC\",\"text\":\"gate 4 "
                   "stuck\",\"topic_id\":\"t1\",\"message_id\":\"s/t1/t1\"},"
                   "{\"creator\":{\"name\":\"Bo\",\"user_type\":\"Human\"},"
                   "\"created_date\":\"Sunday, 1 March 2026 at 10:03:00 UTC\",\"text\":\"on it\","
                   "\"topic_id\":\"t1\",\"message_id\":\"s/t1/m2\"}]}");
}

/* A topic of Zulip has a name and no first message; a quote in Discord is talk of the channel. */
static void
topics_are_series_and_quotes_are_not(void **state)
{
    (void)state;
    struct work_record topic =
        read("{\"messages\":[{\"id\":7,\"type\":\"stream\",\"display_recipient\":\"ops\","
             "\"subject\":\"gate 4\",\"sender_full_name\":\"Ada\",\"content\":\"stuck\","
             "\"timestamp\":1772359320}]}",
             0);
    assert_true(record_answers(&topic));
    assert_true(sv_eq(topic.fingerprint, SV("chat:ops thread gate 4")));
    struct work_record quote =
        read("{\"guild\":{\"name\":\"g\"},\"channel\":{\"name\":\"ops\"},\"messages\":[{\"id\":"
             "\"2\",\"type\":\"Reply\",\"timestamp\":\"2026-03-01T10:02:00+00:00\",\"content\":"
             "\"on it\",\"author\":{\"id\":\"1\",\"name\":\"bo\"},\"reference\":{\"messageId\":"
             "\"1\"}}]}",
             0);
    assert_true(sv_eq(quote.fingerprint, SV("chat:ops")));
    /* What changes a message of a room names it as an answer does. */
    struct work_record edit =
        read("{\"messages\":[{\"type\":\"m.room.message\",\"event_id\":\"$c\",\"room_id\":\"!r\","
             "\"sender\":\"@ada:x\",\"origin_server_ts\":1772359320000,\"content\":{\"msgtype\":"
             "\"m.text\",\"body\":\"* gate 5\",\"m.new_content\":{\"body\":\"gate 5\"},"
             "\"m.relates_to\":{\"rel_type\":\"m.replace\",\"event_id\":\"$a\"}}}]}",
             0);
    assert_false(record_answers(&edit));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_answer_goes_where_its_thread_began, setup, teardown),
        cmocka_unit_test_setup_teardown(keys_of_its_own_weigh_more, setup, teardown),
        cmocka_unit_test_setup_teardown(what_began_in_no_incident_is_judged_by_its_own_words, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(answers_go_together_where_nothing_tells_what_they_answer,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_thread_is_not_the_talk_of_its_channel, setup, teardown),
        cmocka_unit_test_setup_teardown(each_tool_names_what_is_answered, setup, teardown),
        cmocka_unit_test_setup_teardown(topics_are_series_and_quotes_are_not, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * Nodes as bytes (correlate/stored/content.h): what links, settling and attaching read of a node is
 * the same of what comes back, also what talk is about; bytes that are cut anywhere are none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include "correlate/group/topic.h"
#include "correlate/stored/content.h"

static struct arena arena;
static struct observation observations[3];
static struct work_record records[3];
static const struct work_record *places[3];
static const struct node_key keys[] = {{KEY_HOST, SV("h1")}, {KEY_SCOPE, SV("default")}};

static struct work_node
node_of(enum node_role role, enum event_kind kind, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        observations[i] = (struct observation){.event = {.kind = kind,
                                                         .actor_type = ACTOR_HUMAN,
                                                         .actor = SV("Ines Okafor"),
                                                         .channel = SV("ops"),
                                                         .service = SV("checkout"),
                                                         .title = SV("502 at the checkout")}};
        records[i] = (struct work_record){
            .role = role, .fingerprint = SV("f1"), .observation = &observations[i]};
        places[i] = &records[i];
    }
    return (struct work_node){.first_ms = 1000,
                              .last_ms = 2000,
                              .source = SV("pager"),
                              .uid = SV("u1"),
                              .role = role,
                              .keys = keys,
                              .key_count = 2,
                              .severity = 17,
                              .records = places,
                              .record_count = count};
}

static struct work_node
back(const struct work_node *node)
{
    struct strbuf out;
    struct work_node read = {0};
    struct node_id id = {node->first_ms, node->source, node->uid};
    strbuf_init(&out, 0);
    content_write(node, &out);
    struct sv bytes = arena_copy(&arena, strbuf_view(&out));
    strbuf_release(&out);
    for (size_t cut = 0; cut < bytes.len; cut++)
        assert_false(content_read(&arena, sv_slice(bytes, 0, cut), &id, &read));
    assert_true(content_read(&arena, bytes, &id, &read));
    return read;
}

static void
an_alert_comes_back(void **state)
{
    (void)state;
    struct work_node node = node_of(NODE_ALERT, EVENT_ALERT, 2);
    node.quiet = QUIET_MINOR;
    node.quiet_reason = SV("minor");
    node.explicit_id = SV("INC-1");
    node.familiar = true;
    struct work_node read = back(&node);
    assert_int_equal(read.first_ms, 1000);
    assert_int_equal(read.last_ms, 2000);
    assert_int_equal(read.role, NODE_ALERT);
    assert_int_equal(read.severity, 17);
    assert_int_equal(read.quiet, QUIET_MINOR);
    assert_true(read.familiar);
    assert_int_equal(read.record_count, 2);
    assert_true(sv_eq(read.quiet_reason, SV("minor")));
    assert_true(sv_eq(read.explicit_id, SV("INC-1")));
    assert_true(sv_eq(read.records[0]->fingerprint, SV("f1")));
    assert_int_equal(read.key_count, 2);
    assert_int_equal(node_key_cmp(&read.keys[0], &keys[0]), 0);
    assert_int_equal(node_key_cmp(&read.keys[1], &keys[1]), 0);
    assert_true(sv_eq(read.records[0]->observation->event.title, SV("502 at the checkout")));
    assert_true(sv_eq(read.records[1]->observation->event.actor, SV("Ines Okafor")));
    assert_true(sv_empty(read.records[1]->observation->event.title));
}

static void
a_declaration_comes_back(void **state)
{
    (void)state;
    const struct declaration declaration = {.id = SV("d"),
                                            .title = SV("outage"),
                                            .from_ns = 5,
                                            .to_ns = TIME_NONE,
                                            .service = SV("checkout")};
    struct work_node node = node_of(NODE_DECLARED, EVENT_NO_KIND, 1);
    records[0].observation = NULL;
    node.declaration = &declaration;
    struct work_node read = back(&node);
    assert_true(sv_eq(read.declaration->title, SV("outage")));
    assert_true(sv_eq(read.declaration->service, SV("checkout")));
    assert_true(sv_empty(read.declaration->channel));
    assert_int_equal(read.declaration->from_ns, 5);
    assert_int_equal(read.declaration->to_ns, TIME_NONE);
    assert_null(read.records[0]->observation);
}

/* The words, the person and the channel count, as they did before. */
static void
talk_is_about_the_same(void **state)
{
    (void)state;
    struct phrase_rules rules;
    struct err err;
    struct correlation_config config;
    correlation_config_default(&config);
    assert_true(phrase_rules_read(&arena, correlation_rules(&config), &rules, &err) >= 0);
    struct grouping grouping = {.arena = &arena, .config = &config, .rules = &rules};
    struct work_node alert = node_of(NODE_ALERT, EVENT_ALERT, 2);
    struct work_node alert_read = back(&alert);
    static struct observation said[3];
    static struct work_record said_records[3];
    const struct work_record *said_places[3];
    struct work_node talk = node_of(NODE_CHAT, EVENT_CHAT, 3);
    for (size_t i = 0; i < 3; i++) {
        said[i] = observations[i];
        said[i].event.title = i == 2 ? SV("the checkout answers 502, we roll back") : SV("hello");
        said_records[i] = records[i];
        said_records[i].observation = &said[i];
        said_places[i] = &said_records[i];
    }
    talk.records = said_places;
    struct work_node talk_read = back(&talk);
    alert = node_of(NODE_ALERT, EVENT_ALERT, 2);
    struct topic was = topic_of(&grouping, &talk, &alert, NULL);
    struct topic is = topic_of(&grouping, &talk_read, &alert_read, NULL);
    assert_true(topic_is_judged(&grouping, &talk_read));
    assert_true(was.points >= TOPIC_POINTS_LEAST);
    assert_int_equal(is.points, was.points);
    assert_true(sv_eq(is.reason, was.reason));
}

static int
setup(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_alert_comes_back),
        cmocka_unit_test(a_declaration_comes_back),
        cmocka_unit_test(talk_is_about_the_same),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

/*
 * Tables of users: who has an account, whichever record comes first. Invented people.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include "correlate/people/directory.h"
#include "hindcast/casebook.h"
#include "tests/lib/fewrows.h"

#define NBSP "\xC2\xA0"

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

static struct event *
person(const char *account, const char *shown, const char *names)
{
    struct event *event = fewrows_person(&few, account, shown, names);
    event->source = SV("file:users.json");
    event->format = SV("slack_user");
    return event;
}

static void
say(const char *account, const char *text)
{
    struct event *event = fewrows_add(&few, (int64_t)few.count, RECORD_CHAT, text);
    event->source = SV("slack:inc");
    event->channel = SV("inc");
    event->format = SV("slack_user");
    event->actor = sv_from(account);
}

static void
assert_text(struct sv got, const char *wanted)
{
    if (!sv_eq(got, sv_from(wanted)))
        fail_msg("wanted '%s', got '" SV_FMT "'", wanted, SV_ARG(got));
}

static struct directory
directory_of_rows(void)
{
    const struct observation *kept[FEWROWS_MAX];
    struct directory directory;
    for (size_t i = 0; i < few.count; i++)
        kept[i] = &few.rows[i];
    directory_read(&few.arena, kept, few.count, &directory);
    return directory;
}

static void
test_systems(void **state)
{
    (void)state;
    static const char *const sources[][3] = {{"slack:team/ops", "slack", "slack"},
                                             {"mattermost_api", "mattermost_api", "mattermost"},
                                             {"file:a.json", "matrix_room_event", "matrix"},
                                             {"hangar", "hangar", "hangar"}};
    for (size_t i = 0; i < 4; i++) {
        struct event event = {.source = sv_from(sources[i][0]), .format = sv_from(sources[i][1])};
        assert_text(directory_system(&event), sources[i][2]);
    }
}

static void
test_what_is_found(void **state)
{
    (void)state;
    person("U2", "Bo Dahl", "bo | Bo Dahl | | bo@shop.example");
    person("U1", "Ann Berg", "")->actor_type = ACTOR_HUMAN;
    person("U3", "deploys", "")->actor_type = ACTOR_BOT;
    person("S1", "sre", "SRE on call")->attributes = SV("{\"users\":[\"U1\",\"U2\",3,\"\"]}");
    person("", "nobody", "");
    person("U1", "Ann Holm", ""); /* the first uid counts */
    struct directory directory = directory_of_rows();
    assert_int_equal(directory.count, 4);
    const struct directory_entry *bo = directory_find(&directory, SV("slack"), SV("U2"));
    assert_non_null(bo);
    assert_int_equal(bo->name_count, 3);
    assert_text(bo->names[2], "bo@shop.example");
    assert_false(bo->tool);
    assert_text(directory_find(&directory, SV("slack"), SV("U1"))->shown, "Ann Berg");
    assert_true(directory_find(&directory, SV("slack"), SV("U3"))->tool);
    const struct directory_entry *group = directory_find(&directory, SV("slack"), SV("S1"));
    assert_true(group->group);
    assert_int_equal(group->member_count, 2);
    assert_text(group->members[1], "U2");
    assert_null(directory_find(&directory, SV("matrix"), SV("U1")));
    assert_null(directory_find(&directory, SV("slack"), SV("U9")));
    assert_null(directory_find(&directory, SV("slack"), SV_NONE));
}

static void
test_mentions(void **state)
{
    (void)state;
    static const char *const texts[][2] = {
        {"ask @U1, not @U9", "ask @Ann" NBSP "Berg, not @U9"},
        {"@U1: and <@U2> or <@!U2>.", "@Ann" NBSP "Berg: and @bo or @bo."},
        {"<@&S1> @S1", "@sre @sre"},
        {"@U11 a@U1x", "@U11 a@U1x"},
        {"nobody", "nobody"},
        {"@", "@"},
    };
    person("U1", "Ann Berg", "");
    person("U2", "bo", "");
    person("S1", "sre", "");
    struct directory directory = directory_of_rows();
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_text(directory_text(&few.arena, &directory, SV("slack"), sv_from(texts[i][0])),
                    texts[i][1]);
    struct sv other = SV("ask @U1");
    assert_ptr_equal(directory_text(&few.arena, &directory, SV("teams"), other).ptr, other.ptr);
    person("@fin:lamp.example", "Fin", "")->format = SV("matrix_member");
    directory = directory_of_rows();
    assert_text(directory_text(&few.arena, &directory, SV("matrix"), SV("@fin:lamp.example.")),
                "@Fin.");
}

/* Users may come before, between and after messages: the same names either way. */
static void
test_no_order_counts(void **state)
{
    (void)state;
    struct sv first = SV_NONE;
    for (size_t turn = 0; turn < 6; turn++) {
        struct strbuf out;
        few.count = 0;
        struct event *alert = fewrows_add(&few, (int64_t)few.count, RECORD_ALERT, "checkout fails");
        alert->source = SV("am");
        alert->service = SV("checkout");
        say("U1", "checkout is down, the pool is full");
        say("U2", "rolled back checkout, thanks <@U1>");
        say("U3", "deployed checkout 2.4.1");
        person("U1", "Ann Berg", "ann | ann@shop.example");
        person("U2", "Bo Dahl", "");
        person("U3", "Deploys", "")->actor_type = ACTOR_BOT;
        for (size_t i = 0; i < few.count; i++) { /* rotates, and turns every second time */
            size_t other = turn % 2 == 0 ? (i + turn) % few.count : few.count - 1 - i;
            struct observation row = few.rows[i];
            few.rows[i] = few.rows[other];
            few.rows[other] = row;
        }
        fewrows_correlate_one(&few);
        const struct incident *incident = &few.made.incidents[0];
        assert_int_equal(incident->entry_count, 4);
        assert_text(incident->entries[1].actor, "Ann Berg");
        assert_text(incident->entries[1].actor_written, "U1");
        assert_text(incident->entries[1].actor_reason, "names of one user");
        assert_text(incident->entries[2].actor, "Bo Dahl");
        assert_text(incident->entries[2].text, "rolled back checkout, thanks @Ann" NBSP "Berg");
        assert_text(incident->entries[3].actor_type, "bot");
        strbuf_init(&out, 0);
        casebook_canonical(&few.made, &out);
        if (first.len == 0)
            first = arena_copy(&few.arena, strbuf_view(&out));
        assert_true(sv_eq(first, strbuf_view(&out)));
        strbuf_release(&out);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_systems, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_is_found, setup, teardown),
        cmocka_unit_test_setup_teardown(test_mentions, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_order_counts, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

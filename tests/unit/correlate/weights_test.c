/*
 * A team's weights of reasons: which lines are taken, that every reason of docs/correlation.md can
 * be weighed, and what a weight does to the score of a row and to nothing else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "correlate/run.h"
#include "correlate/story/weights.h"

#define BEGIN_NS (INT64_C(1772323200) * NS_PER_S)

static struct arena arena;
static struct err err;
static struct correlation_config config;

static int
setup(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    correlation_config_default(&config);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static int
check(const char *text)
{
    config.weights = sv_from(text);
    err = (struct err){0};
    return correlation_config_check(&config, &err);
}

static void
what_is_no_weight_is_refused(void **state)
{
    static const char *const lines[] = {"question",     "question\t",     "question\tmany",
                                        "question\t-1", "question\t1001", "question 50",
                                        "\t50",         "nonsense\t50",   "milestone\t50",
                                        "chain\t50",    "short\t50\t50",  "key_by_person\t0"};
    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct sv text = arena_printf(&arena, "# ours\n\n%s\n", lines[i]);
        if (check(arena_strdup(&arena, text)) == 0)
            fail_msg("taken: %s", lines[i]);
        assert_int_equal(err.code, ERR_CONFIG);
        assert_non_null(strstr(err.message, "weights, line 3"));
    }
    assert_int_equal(check("short\t50\nshort\t50\n"), -1);
    assert_non_null(strstr(err.message, "line 2: 'short' stands there twice"));
    assert_int_equal(check("short\t0\r\nalert\t1000\r\nrollback_done\t100"), 0);
}

/* Each name between backticks in the first cells of the table of reasons. */
static void
each_reason_of_the_page_can_be_weighed(void **state)
{
    FILE *page = fopen("docs/correlation.md", "r");
    char *line = NULL;
    size_t size = 0, names = 0;
    bool table = false;
    (void)state;
    assert_non_null(page);
    while (getline(&line, &size, page) > 0) {
        struct sv rest = sv_from(line), cell, name;
        table = sv_starts(rest, SV("| reason | hundredths")) || (table && line[0] == '|');
        if (!table || !sv_starts(rest, SV("| `")) || !sv_split(&rest, '|', &cell) ||
            !sv_split(&rest, '|', &cell))
            continue;
        for (bool inside = false; sv_split(&cell, '`', &name); inside = !inside) {
            if (!inside || sv_eq(name, SV("milestone")) || sv_eq(name, SV("chain")) ||
                sv_starts(name, SV("also_")) || sv_ends(name, SV(".tsv")))
                continue;
            struct sv text = arena_printf(&arena, SV_FMT "\t50\n", SV_ARG(name));
            if (check(arena_strdup(&arena, text)) != 0)
                fail_msg("%s", err.message);
            names++;
        }
    }
    free(line);
    fclose(page);
    assert_true(names > 25);
}

/* An alert and a question about it; the score of the question, and how many reasons it has. */
static int
score_of_question(const char *weights, int *ret_reason)
{
    struct observation rows[2];
    struct correlation made;
    for (size_t i = 0; i < 2; i++) {
        rows[i] = (struct observation){.incarnation = 1, .at = {.offset = (int64_t)i}};
        rows[i].event =
            (struct event){.scope = SV("default"),
                           .identified = true,
                           .kind = i == 0 ? EVENT_ALERT : EVENT_CHAT,
                           .record_kind = i == 0 ? RECORD_ALERT : RECORD_CHAT,
                           .phase = i == 0 ? PHASE_TRIGGER : PHASE_POST,
                           .source = i == 0 ? SV("am") : SV("chat"),
                           .channel = SV("ops"),
                           .actor = i == 0 ? SV_NONE : SV("ana"),
                           .event_time_ns = BEGIN_NS + (int64_t)i * NS_PER_MINUTE,
                           .precision = PRECISION_SECOND,
                           .time_source = TIME_SOURCE_NATIVE,
                           .severity = i == 0 ? SEVERITY_ERROR : 0,
                           .title = i == 0 ? SV("Errors") : SV_NONE,
                           .service = SV("checkout"),
                           .body = SV("is anybody looking at the checkout errors now?")};
        rows[i].event.uid[0] = (uint8_t)(i + 1);
    }
    struct correlation_input input = {.scope = SV("default"), .observations = rows, .count = 2};
    config.weights = sv_from(weights);
    assert_int_equal(correlate_run(&arena, &input, &config, &made, &err), 0);
    assert_int_equal(made.incident_count, 1);
    assert_int_equal(made.incidents[0].entry_count, 2);
    const struct entry *entry = &made.incidents[0].entries[1];
    *ret_reason = 0;
    for (size_t i = 0; i < entry->reason_count; i++)
        if (sv_eq(entry->reasons[i].name, SV("question")))
            *ret_reason = entry->reasons[i].hundredths;
    return entry->score;
}

static void
a_weight_changes_its_reason_and_the_sum(void **state)
{
    int reason, before = score_of_question("", &reason);
    (void)state;
    assert_int_equal(reason, -150);
    assert_int_equal(score_of_question("question\t50\n", &reason), before + 75);
    assert_int_equal(reason, -75);
    assert_int_equal(score_of_question("question\t0\n", &reason), before + 150);
    assert_int_equal(reason, 0);
    assert_int_equal(score_of_question("question\t200\n", &reason), before - 150);
    assert_int_equal(score_of_question("question\t100\n", &reason), before);
    assert_int_equal(score_of_question("quiet_source\t0\n", &reason), before);
}

static void
weights_are_part_of_the_digest(void **state)
{
    char one[SHA256_HEX + 1], two[SHA256_HEX + 1];
    struct correlation_config again;
    struct strbuf text;
    (void)state;
    correlation_config_digest(&config, one);
    config.weights = SV("question\t50\n");
    config.suppress = SV("# none\n");
    correlation_config_digest(&config, two);
    assert_string_not_equal(one, two);
    strbuf_init(&text, 0);
    correlation_config_write(&config, &text);
    assert_int_equal(correlation_config_parse(strbuf_view(&text), &again, &err), 0);
    assert_true(sv_eq(again.weights, config.weights));
    assert_true(sv_eq(again.suppress, config.suppress));
    strbuf_release(&text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_no_weight_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(each_reason_of_the_page_can_be_weighed, setup, teardown),
        cmocka_unit_test_setup_teardown(a_weight_changes_its_reason_and_the_sum, setup, teardown),
        cmocka_unit_test_setup_teardown(weights_are_part_of_the_digest, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

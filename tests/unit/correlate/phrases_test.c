/*
 * Phrase rules: the built-in rules against sentences of our own, and each flag of a rule alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/embedded.h"
#include "correlate/story/rows.h"
#include "correlate/story/told.h"

#define TOLD "tests/fixtures/chat_rules/told.tsv"
#define EXAMPLES "tests/fixtures/chat_rules/examples.tsv"
#define GERMAN_TOLD "tests/fixtures/chat_rules/told.de.tsv"
#define GERMAN_EXAMPLES "tests/fixtures/chat_rules/examples.de.tsv"

static struct arena arena;

static struct phrase_rules
built_in(void)
{
    const struct embedded_file *file = embedded_find(embedded_rules, "chat_rules.tsv");
    struct phrase_rules rules;
    struct err err;
    assert_non_null(file);
    assert_int_equal(phrase_rules_read(&arena, sv_of(file->text, file->size), &rules, &err), 0);
    return rules;
}

static struct phrase_rules
both_languages(void)
{
    struct correlation_config config;
    struct phrase_rules rules;
    struct err err;
    correlation_config_default(&config);
    if (phrase_languages_read(&arena, correlation_rules(&config), correlation_languages(&config),
                              &rules, &err) != 0)
        fail_msg("%s", err.message);
    assert_non_null(rules.next);
    return rules;
}

static const char *
act_in(const struct phrase_rules *rules, struct sv text)
{
    const struct phrase_rule *found[ROW_ACTS_MAX];
    size_t count = phrase_acts(rules, words_of(&arena, text), found, ROW_ACTS_MAX);
    return count == 0 ? "-" : act_word(found[0]->act);
}

static struct phrase_rules
rules_from(const char *text)
{
    struct phrase_rules rules;
    struct err err;
    assert_int_equal(phrase_rules_read(&arena, sv_from(text), &rules, &err), 0);
    return rules;
}

/* How many sentences of the file get the act that it says, whose acts are found in the language of
 * each. */
static int
check_examples(const struct phrase_rules *rules, const char *path)
{
    FILE *file = fopen(path, "r");
    char line[512];
    int checked = 0, wrong = 0;
    assert_non_null(file);
    while (fgets(line, sizeof(line), file) != NULL) {
        struct sv rest = sv_trim(sv_from(line)), act;
        if (rest.len == 0 || rest.ptr[0] == '#')
            continue;
        assert_true(sv_split(&rest, '\t', &act));
        const char *found = act_in(phrases_of_language(rules, words_of(&arena, rest)), rest);
        if (!sv_eq(act, sv_from(found))) {
            print_error("expected " SV_FMT ", found %s: " SV_FMT "\n", SV_ARG(act), found,
                        SV_ARG(rest));
            wrong++;
        }
        checked++;
    }
    fclose(file);
    assert_int_equal(wrong, 0);
    return checked;
}

static void
examples_get_their_act(void **state)
{
    (void)state;
    struct phrase_rules rules = built_in();
    struct phrase_rules both = both_languages();
    assert_true(check_examples(&rules, EXAMPLES) >= 53);
    assert_true(check_examples(&both, EXAMPLES) >= 53);
    assert_true(check_examples(&both, GERMAN_EXAMPLES) >= 75);
}

/* done, begun, not, undo, run, look: see the head of the fixture. */
static const char *
telling_of(const struct phrase_rules *rules, struct sv text)
{
    const struct phrase_rule *found[ROW_ACTS_MAX], *ran = told_command(&arena, rules, text);
    size_t count = phrase_acts(rules, words_of(&arena, text), found, ROW_ACTS_MAX);
    if (ran != NULL)
        return ran->act == ACT_ROLLBACK ? "undo" : "run";
    bool begun = false;
    for (size_t i = 0; i < count; i++) {
        if (found[i]->act != ACT_ACTION && found[i]->act != ACT_ROLLBACK)
            continue;
        enum told told = told_act(&arena, rules, found[i], text);
        if (told == TOLD_DONE)
            return "done";
        begun = begun || told == TOLD_BEGUN;
    }
    if (begun)
        return "begun";
    return sv_find_char(text, '`') == SIZE_MAX ? "not" : "look";
}

static int
check_told(const struct phrase_rules *all, const char *path)
{
    FILE *file = fopen(path, "r");
    char line[512];
    int checked = 0, wrong = 0;
    assert_non_null(file);
    while (fgets(line, sizeof(line), file) != NULL) {
        struct sv rest = sv_trim(sv_from(line)), wanted;
        if (rest.len == 0 || rest.ptr[0] == '#')
            continue;
        assert_true(sv_split(&rest, '\t', &wanted));
        const char *found = telling_of(phrases_of_language(all, words_of(&arena, rest)), rest);
        if (!sv_eq(wanted, sv_from(found))) {
            print_error("expected " SV_FMT ", found %s: " SV_FMT "\n", SV_ARG(wanted), found,
                        SV_ARG(rest));
            wrong++;
        }
        checked++;
    }
    fclose(file);
    assert_int_equal(wrong, 0);
    return checked;
}

static void
done_is_told_apart_from_asked_and_planned(void **state)
{
    (void)state;
    struct phrase_rules rules = built_in();
    struct phrase_rules both = both_languages();
    assert_true(check_told(&rules, TOLD) >= 80);
    assert_true(check_told(&both, TOLD) >= 80);
    assert_true(check_told(&both, GERMAN_TOLD) >= 50);
}

/* Umlauts as letters, spelled out, or as a letter with a mark behind it are one spelling. */
static void
umlauts_are_spelled_out(void **state)
{
    (void)state;
    const char *const spellings[] = {"Zur\xC3\xBC"
                                     "ckgerollt",
                                     "ZUR\xC3\x9C"
                                     "CKGEROLLT",
                                     "zurueckgerollt",
                                     "zuru\xCC\x88"
                                     "ckgerollt"};
    for (size_t i = 0; i < 4; i++) {
        struct words words = words_of(&arena, sv_from(spellings[i]));
        assert_int_equal(words.count, 1);
        assert_true(sv_eq(words.at[0], SV("zurueckgerollt")));
    }
    struct words street = words_of(&arena, SV("Stra\xC3\x9F"
                                              "e"));
    assert_true(sv_eq(street.at[0], SV("strasse")));
    struct phrase_rules rules = rules_from("r\tstatus\t2\t-\tgr\xC3\xBCn\n");
    assert_string_equal(act_in(&rules, SV("alles gruen")), "status");
}

static void
a_text_is_read_with_the_rules_of_its_language(void **state)
{
    (void)state;
    struct phrase_rules both;
    struct err err;
    const char *first = "@language\ta\tthe\n@look\tget\none\taction\t2\tc\trestart\n"
                        "two\taction\t2\t-\tcut\n";
    const char *more = "# more\n@language\tb\tder das\r\ntwo\trollback\t2\t-\tcut\n"
                       "# and more\n@language\tc\tle la\nthree\tack\t2\t-\tvu\n";
    assert_int_equal(phrase_languages_read(&arena, sv_from(first), sv_from(more), &both, &err), 0);
    struct {
        const char *text, *language;
    } texts[] = {{"the cut", "a"}, {"der cut", "b"}, {"cut", "a"}, {"the la le", "c"},
                 {"vu", "a"},      {"the der", "a"}, {"-", "a"}};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        const struct phrase_rules *found =
            phrases_of_language(&both, words_of(&arena, sv_from(texts[i].text)));
        if (!sv_eq(found->language, sv_from(texts[i].language)))
            fail_msg("%s: " SV_FMT, texts[i].text, SV_ARG(found->language));
    }
    /* Commands and lists that are of no language are those of the first file. */
    assert_true(both.next->rules[both.next->count - 1].command);
    assert_int_equal(both.next->look.count, 1);
    assert_null(both.next->next->next);
}

static void
a_further_file_says_its_language(void **state)
{
    (void)state;
    struct phrase_rules rules;
    struct err err;
    const char *const bad[] = {"one\taction\t2\t-\tx\n", "@stop\ta\n@language\tb\tx\n",
                               "@language\t\tx\n", "@language\tb\n@nolist\tx\n",
                               "@language\tb\tx\n"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(phrase_languages_read(&arena, SV("one\taction\t2\t-\tx\n"),
                                               sv_from(bad[i]), &rules, &err),
                         -1);
        assert_int_equal(err.code, ERR_CONFIG);
    }
}

static void
flags_look_at_the_words_before(void **state)
{
    (void)state;
    struct phrase_rules plain =
        rules_from("@negation\tnot\n@intention\twill\nr\taction\t2\t-\tdone\n");
    struct phrase_rules negated =
        rules_from("@negation\tnot\n@intention\twill\nr\taction\t2\tn\tdone\n");
    struct phrase_rules both =
        rules_from("@negation\tnot\n@intention\twill\nr\taction\t2\tnf\tdone\n");
    assert_string_equal(act_in(&plain, SV("not done")), "action");
    assert_string_equal(act_in(&negated, SV("not done")), "-");
    assert_string_equal(act_in(&negated, SV("not yet quite done")), "-");
    assert_string_equal(act_in(&negated, SV("not a b c done")), "action");
    assert_string_equal(act_in(&negated, SV("will be done")), "action");
    assert_string_equal(act_in(&both, SV("will be done")), "-");
    struct phrase_rules own = rules_from("@intention\tto\nr\trecovery\t2\tnf\tback to normal\n");
    assert_string_equal(act_in(&own, SV("latency back to normal")), "recovery");
}

static void
tilde_and_star_stretch(void **state)
{
    (void)state;
    struct phrase_rules rules = rules_from("r\taction\t2\t-\troll* ~ back\n");
    assert_string_equal(act_in(&rules, SV("rolling back")), "action");
    assert_string_equal(act_in(&rules, SV("rolled one two three back")), "action");
    assert_string_equal(act_in(&rules, SV("rolled one two three four back")), "-");
    assert_string_equal(act_in(&rules, SV("stroll back")), "-");
}

static void
the_heaviest_rule_names_the_act(void **state)
{
    (void)state;
    struct phrase_rules rules =
        rules_from("a\taction\t2\t-\tx\nb\tstatus\t2.5\t-\tx\nc\treport\t2.5\t-\tx\n");
    assert_string_equal(act_in(&rules, SV("x")), "status");
    assert_int_equal(rules.rules[1].weight, 250);
}

static void
bad_rules_name_their_line(void **state)
{
    (void)state;
    struct phrase_rules rules;
    struct err err;
    const char *const bad[] = {"# only a comment\n", "\nr\taction\t2\t-\n",
                               "\nr\tnosuch\t2\t-\tx\n", "\nr\taction\tmany\t-\tx\n",
                               "\n@nolist\tx\n"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(phrase_rules_read(&arena, sv_from(bad[i]), &rules, &err), -1);
        assert_int_equal(err.code, ERR_CONFIG);
        if (i > 0)
            assert_non_null(strstr(err.message, "line 2"));
    }
}

static void
words_of_any_letters(void **state)
{
    (void)state;
    struct words words = words_of(&arena, SV("Can\xE2\x80\x99t SAY \xC3\xBC"
                                             "ber\xE2\x80\x94jetzt it's_ok \xF0\x9F\x98\x80 "
                                             "http://a.b/c?d end"));
    const char *const expected[] = {"cant", "say", "ueber", "jetzt", "its_ok", "end"};
    assert_int_equal(words.count, 6);
    for (size_t i = 0; i < 6; i++)
        assert_true(sv_eq(words.at[i], sv_from(expected[i])));
    /* Any bytes are safe. */
    char bytes[64];
    for (int i = 0; i < 64; i++)
        bytes[i] = (char)(i * 37 + 200);
    for (size_t len = 0; len <= sizeof(bytes); len++)
        words_of(&arena, sv_of(bytes, len));
}

static void
integers_replace_floats(void **state)
{
    (void)state;
    assert_int_equal(isqrt64(0), 0);
    assert_int_equal(isqrt64(99), 9);
    assert_int_equal(isqrt64(100), 10);
    assert_int_equal(isqrt64(UINT64_MAX), UINT32_MAX);
    assert_int_equal(log2_fixed(1), 0);
    assert_int_equal(log2_fixed(8), 3 << 24);
    assert_in_range(log2_fixed(3), 26591256, 26591260); /* 1.5849625 * 2^24 */
    assert_int_equal(divide_round(5, 2), 3);
    assert_int_equal(divide_round(-5, 2), -3);
    assert_int_equal(divide_round(-4, 3), -1);
}

static const struct phrase_rule *
rule_named(const struct phrase_rules *rules, const char *name)
{
    for (size_t i = 0; i < rules->count; i++)
        if (sv_eq(rules->rules[i].name, sv_from(name)))
            return &rules->rules[i];
    fail_msg("no rule %s", name);
    return NULL;
}

/* What is asked, supposed or left open is not said to be so. */
static void
claims_are_told_apart_from_questions(void **state)
{
    (void)state;
    static const struct {
        const char *rule, *text;
        bool claimed;
    } cases[] = {
        {"declare_incident", "declaring an incident for checkout", true},
        {"declare_incident", "if it goes on we declare sev1", false},
        {"declare_incident", "who can declare an incident?", false},
        {"declare_incident", "do we need a war room?", false},
        {"incident_resolved", "incident resolved, thanks", true},
        {"incident_resolved", "Resolved. Thanks all", true},
        {"incident_resolved", "Resolved. What was it? Thanks", true},
        {"incident_resolved", "Is it resolved? Thanks", false},
        {"incident_resolved", "is the incident resolved", false},
        {"incident_resolved", "if it stays green we call it resolved", false},
        {"recovered", "checkout works again", true},
        {"recovered", "Still bad? It works again", true},
        {"recovered", "is it back up?", false},
        {"recovered", "let me know when it is back up", false},
        {"recovered", "no sign that it is back to normal", false},
        {"recovered", "works fine in staging", false},
        {"recovered", "everything looks good except checkout", false},
        {"recovered", "that looks good to me, merge it", false},
        {"recovered", "backups restored to a new host", false},
        {"recovered", "I worked on that code", false},
        {"cause_found", "found it, the pool is too small", true},
        {"cause_found", "what is the root cause", false},
        {"cause_found", "still looking for the root cause", false},
        {"cause_found", "root cause unknown", false},
        {"cause_found", "I have to determine which pods are hit", false},
    };
    const struct phrase_rules rules = built_in();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (told_claim(&arena, &rules, rule_named(&rules, cases[i].rule), sv_from(cases[i].text)) !=
            cases[i].claimed)
            fail_msg("%s: %s", cases[i].rule, cases[i].text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_get_their_act),
        cmocka_unit_test(done_is_told_apart_from_asked_and_planned),
        cmocka_unit_test(claims_are_told_apart_from_questions),
        cmocka_unit_test(flags_look_at_the_words_before),
        cmocka_unit_test(tilde_and_star_stretch),
        cmocka_unit_test(the_heaviest_rule_names_the_act),
        cmocka_unit_test(bad_rules_name_their_line),
        cmocka_unit_test(words_of_any_letters),
        cmocka_unit_test(umlauts_are_spelled_out),
        cmocka_unit_test(a_text_is_read_with_the_rules_of_its_language),
        cmocka_unit_test(a_further_file_says_its_language),
        cmocka_unit_test(integers_replace_floats),
    };
    arena_init(&arena, 0);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_release(&arena);
    return failed;
}

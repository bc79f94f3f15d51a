/*
 * One person from many names: which spellings are equal, which short ones fit, what the list of
 * people says, what is asked and not decided, and who is nobody. Invented people.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <string.h>

#include "correlate/people/list.h"
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

static struct event *
add(enum record_kind record, const char *text, const char *actor)
{
    struct event *event = fewrows_add(&few, (int64_t)few.count, record, text);
    bool alert = event->kind == EVENT_ALERT;
    event->source = alert ? SV("am") : SV("slack:inc");
    event->channel = alert ? SV_NONE : SV("inc");
    event->service = alert ? SV("checkout") : SV_NONE;
    event->actor = sv_from(actor);
    return event;
}

static struct event *
say(const char *actor)
{
    if (few.count == 0)
        add(RECORD_ALERT, "checkout fails", NULL);
    return add(RECORD_CHAT, "the checkout pool is full, I look at its limits", actor);
}

/* The entry of what was added as number `at`, from 0: the rows are in order of time. */
static const struct entry *
entry_at(size_t at)
{
    assert_true(at < few.made.incidents[0].entry_count);
    return &few.made.incidents[0].entries[at];
}

static void
assert_text(struct sv got, const char *wanted)
{
    if (!sv_eq(got, sv_from(wanted)))
        fail_msg("wanted '%s', got '" SV_FMT "'", wanted, SV_ARG(got));
}

static void
assert_shown(size_t at, const char *shown, const char *written, const char *reason)
{
    assert_text(entry_at(at)->actor, shown);
    assert_text(entry_at(at)->actor_written, written);
    assert_text(entry_at(at)->actor_reason, reason);
}

static bool
equal(const char *a, const char *b)
{
    struct person_name one, two;
    person_name_read(&few.arena, sv_from(a), &one);
    person_name_read(&few.arena, sv_from(b), &two);
    assert_int_equal(person_names_equal(&one, &two), person_names_equal(&two, &one));
    return person_names_equal(&one, &two);
}

static enum name_fit
fit(const char *handle, const char *full)
{
    struct person_name one, two;
    person_name_read(&few.arena, sv_from(handle), &one);
    person_name_read(&few.arena, sv_from(full), &two);
    return person_name_fits(&one, &two);
}

static void
test_equal_names(void **state)
{
    (void)state;
    assert_true(equal("Marek Dvořák", "marek dvorak"));
    assert_true(equal("Marek Dvořák", "Dvořák, Marek"));
    assert_true(equal("Marek Dvořák", "marek.dvorak"));
    assert_true(equal("Marek Dvořák", "Marek Dvor\xcc\x8c\x61\xcc\x81k")); /* marks of their own */
    assert_true(equal("Marek Dvořák", "Marek Dvořák (he/him)"));
    assert_true(equal("Marek Dvořák", "@Marek_Dvorak"));
    assert_true(equal("Marek Dvořák", "Marek Dvořák <m@example.com>"));
    assert_true(equal("marek.dvorak@example.com", "Marek Dvořák"));
    assert_true(equal("Jürgen Groß", "juergen gross"));
    assert_true(equal("Jürgen Groß", "Jurgen Gross"));
    assert_true(equal("Søren Ågård", "soeren aagaard"));
    assert_true(equal("Łukasz Nowak", "lukasz nowak"));
    assert_true(equal("Máire O'Brien", "Maire OBrien"));
    assert_true(equal("МАРИНА Петрова", "Марина Петрова"));
    assert_false(equal("Marek Dvořák", "Marek Novák"));
    assert_false(equal("Marek", "Marek Dvořák"));
    assert_false(equal("Ana", "Anna"));
    assert_false(equal("...", "---"));
}

static void
test_handles_that_fit(void **state)
{
    static const char *const handles[] = {"mara",         "Lindqvist",     "mlindqvist",  "maral",
                                          "lindqvistm",   "maralindqvist", "mlindqvist2", "Mara L.",
                                          "M. Lindqvist", "mara-l"};
    (void)state;
    for (size_t i = 0; i < sizeof(handles) / sizeof(handles[0]); i++)
        if (fit(handles[i], "Mara Lindqvist") != NAME_FITS)
            fail_msg("%s does not fit", handles[i]);
    assert_int_equal(fit("tom", "Tomasz Nowak"), NAME_FITS_PERHAPS);
    assert_int_equal(fit("Ana Ito", "Ana María Ito"), NAME_FITS_PERHAPS);
    assert_int_equal(fit("mueller", "Eva Müller"), NAME_FITS);
    assert_int_equal(fit("mar", "Ines Okafor"), NAME_FITS_NOT);
    assert_int_equal(fit("m", "Mara Lindqvist"), NAME_FITS_NOT);
    assert_int_equal(fit("mara", "Mara"), NAME_FITS_NOT); /* equal, and no longer name */
    assert_int_equal(fit("Mara Okafor", "Mara Lindqvist"), NAME_FITS_NOT);
    assert_int_equal(fit("", "Mara Lindqvist"), NAME_FITS_NOT);
}

static void
test_spellings_are_one_person(void **state)
{
    (void)state;
    say("dvořák, marek");
    say("Marek Dvořák");
    say("marek.dvorak");
    say("Ines Okafor");
    fewrows_correlate_one(&few);
    assert_shown(1, "Marek Dvořák", "dvořák, marek",
                 "equal but for case, accents or the order of words");
    assert_shown(2, "Marek Dvořák", "", "");
    assert_shown(3, "Marek Dvořák", "marek.dvorak",
                 "equal but for case, accents or the order of words");
    assert_shown(4, "Ines Okafor", "", "");
}

static void
test_a_handle_of_one_speaker(void **state)
{
    (void)state;
    say("marek");
    say("Marek Dvořák");
    say("mdvorak");
    say("Ines Okafor");
    fewrows_correlate_one(&few);
    assert_shown(1, "Marek Dvořák", "marek", "fits no other speaker of the incident");
    assert_shown(3, "Marek Dvořák", "mdvorak", "fits no other speaker of the incident");
}

static void
test_a_handle_of_two_is_asked(void **state)
{
    (void)state;
    say("mara");
    say("Mara Lindqvist");
    say("Mara Holt");
    say("tom");
    say("Tomasz Nowak");
    fewrows_correlate_one(&few);
    assert_shown(1, "mara", "", "could be Mara Holt or Mara Lindqvist");
    assert_shown(2, "Mara Lindqvist", "", "");
    assert_shown(4, "tom", "", "could be Tomasz Nowak");
    assert_shown(5, "Tomasz Nowak", "", "");
}

static void
test_accounts_addresses_and_tables(void **state)
{
    (void)state;
    say("Ines")->attributes = SV("{\"user\":\"U1\"}");
    say("Ines O. (away)")->attributes = SV("{\"user\":\"U1\"}");
    say("U1")->attributes = SV("{\"user\":\"U1\"}");
    say("pk")->attributes = SV("{\"email\":\"priya@example.com\"}");
    say("Priya Nair")->attributes = SV("{\"email\":\"priya@example.com\"}");
    say("yo")->attributes = SV("{\"user\":\"U2\",\"user_names\":[\"Yusuf Osman\",\"yosman\"]}");
    struct event *deploy = say("yosman");
    deploy->source = SV("github:shop");
    fewrows_correlate_one(&few);
    assert_shown(1, "Ines", "", "");
    assert_shown(2, "Ines", "Ines O. (away)", "the same account");
    assert_shown(3, "Ines", "U1", "the same account");
    assert_shown(4, "Priya Nair", "pk", "the same address");
    assert_shown(6, "Yusuf Osman", "yo", "names of one user");
    assert_shown(7, "Yusuf Osman", "yosman", "names of one user");
}

static void
test_two_accounts_of_one_system_are_asked(void **state)
{
    (void)state;
    say("marek")->attributes = SV("{\"user\":\"U1\"}");
    say("Marek Dvořák")->attributes = SV("{\"user\":\"U2\"}");
    fewrows_correlate_one(&few);
    assert_shown(1, "marek", "", "could be Marek Dvořák");
    assert_shown(2, "Marek Dvořák", "", "");
}

static void
test_the_list_of_people_decides(void **state)
{
    (void)state;
    few.config.people = SV("# who is who\n"
                           "Mara Lindqvist\tSRE\tmara | captain | ml@example.com\n"
                           "Marek Dvořák\t\tmd\r\n"
                           "Deploy Train\ttool\ttrain\n");
    say("Captain");
    say("Mara Holt"); /* "mara" is Mara Lindqvist's, for the list says so */
    say("mara");
    say("md");
    say("train");
    say("ML@example.com");
    fewrows_correlate_one(&few);
    assert_shown(1, "Mara Lindqvist", "Captain", "listed among people");
    assert_text(entry_at(1)->role, "SRE");
    assert_shown(2, "Mara Holt", "", "");
    assert_shown(3, "Mara Lindqvist", "mara", "listed among people");
    assert_shown(4, "Marek Dvořák", "md", "listed among people");
    assert_text(entry_at(5)->actor_type, "bot");
    assert_shown(6, "Mara Lindqvist", "ML@example.com", "listed among people");
}

static void
test_programs_are_nobody(void **state)
{
    static const char *const tools[] = {"Alert Bot", "deploybot", "dependabot[bot]", "Argo CD",
                                        "alertmanager"};
    static const char *const people[] = {"Ann Talbot", "Abbott", "Gita Hub"};
    size_t at = 1;
    (void)state;
    for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++)
        say(tools[i]);
    for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++)
        say(people[i]);
    fewrows_correlate_one(&few);
    for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++)
        assert_text(entry_at(at++)->actor_type, "bot");
    for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++)
        assert_text(entry_at(at++)->actor_type, "");
}

/* The same names, whichever record came first. */
static void
test_no_order_counts(void **state)
{
    static const char *const names[] = {"mara",           "Mara L.",    "Mara Lindqvist",
                                        "MARA LINDQVIST", "mlindqvist", "Lindqvist, Mara",
                                        "Ines",           "iokafor"};
    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        say(names[i]);
    fewrows_correlate_one(&few);
    struct sv shown[FEWROWS_MAX], reasons[FEWROWS_MAX];
    for (size_t i = 0; i < few.count; i++) {
        shown[i] = entry_at(i)->actor;
        reasons[i] = entry_at(i)->actor_reason;
    }
    for (size_t i = 0; i < few.count / 2; i++) {
        struct observation row = few.rows[i];
        few.rows[i] = few.rows[few.count - 1 - i];
        few.rows[few.count - 1 - i] = row;
    }
    fewrows_correlate_one(&few);
    for (size_t i = 0; i < few.count; i++) {
        assert_true(sv_eq(entry_at(i)->actor, shown[i]));
        assert_true(sv_eq(entry_at(i)->actor_reason, reasons[i]));
    }
    assert_text(shown[1], "Mara Lindqvist");
    assert_text(shown[4], "Mara Lindqvist");
    assert_text(shown[7], "Ines");
}

/* Who takes a role has it from that row on; who is said to have it, or is asked, has not. */
static void
test_roles(void **state)
{
    static const struct {
        const char *actor, *text, *role;
    } said[] = {{"Ines", "who is incident commander", ""},
                {"Marek", "Ines is incident commander", ""},
                {"Ines", "I am IC for the checkout pool", "incident commander"},
                {"Lena", "taking comms for checkout", "communications"},
                {"Ines", "the checkout pool is full", "incident commander"},
                {"Ines", "Declaring SEV1, I am the incident commander", "incident commander"},
                {"Lena", "should I be IC?", "communications"}};
    const size_t all = sizeof(said) / sizeof(said[0]);
    (void)state;
    for (size_t i = 0; i < all; i++)
        say(said[i].actor)->title = sv_from(said[i].text);
    fewrows_correlate_one(&few);
    for (size_t i = 0; i < all; i++)
        assert_text(entry_at(i + 1)->role, said[i].role);
}

/* Roles are given to others, handed on and given up; who has one that one person has at a time
 * takes it from whoever had it. Names that two people share give nothing to anybody. */
static void
test_roles_of_others(void **state)
{
    static const struct {
        const char *actor, *text, *role;
    } said[] = {{"Ana Kern", "the checkout pool is full", ""},
                {"Bo Dahl", "@ana is IC. I look at the pool", ""},
                {"Ana Kern", "ok", "incident commander"},
                {"Ana Kern", "Bo takes comms from here", "incident commander"},
                {"Bo Dahl", "ok", "communications"},
                {"Ana Kern", "handing IC to Bo", ""},
                {"Bo Dahl", "thanks", "incident commander"},
                {"Cy Dorn", "@Bo you are scribe, if Ana is IC", ""},
                {"Bo Dahl", "fine", "scribe"},
                {"Bo Dahl", "I hand over", ""},
                {"Cy Dorn", "I am the incident commander", "incident commander"},
                {"Cy Dorn", "handing over to Ana", ""},
                {"Ana Kern", "is Cy IC?", "incident commander"},
                {"Cy Dahl", "Dahl is scribe", ""},
                {"Cy Dahl", "I am not IC", ""},
                {"Ana Kern", "> I am scribe\nstill looking", "incident commander"},
                {"Ana Kern", "IC: Cy Dorn\nScribe: Cy Dahl", ""},
                {"Cy Dahl", "noted", "scribe"},
                {"Cy Dorn", "on it", "incident commander"}};
    const size_t all = sizeof(said) / sizeof(said[0]);
    (void)state;
    for (size_t i = 0; i < all; i++)
        say(said[i].actor)->body = sv_from(said[i].text);
    fewrows_correlate_one(&few);
    for (size_t i = 0; i < all; i++)
        if (!sv_eq(entry_at(i + 1)->role, sv_from(said[i].role)))
            fail_msg("row %zu '%s': wanted '%s', got '" SV_FMT "'", i, said[i].text, said[i].role,
                     SV_ARG(entry_at(i + 1)->role));
}

/* "ROLE PERSON FROM-TO" of all roles that are given, in rows. */
static const char *
spans(void)
{
    struct sv text = SV("");
    const struct incident *incident = &few.made.incidents[0];
    for (size_t i = 0; i < incident->entry_count; i++)
        for (size_t r = 0; r < incident->entries[i].role_count; r++) {
            const struct given_role *given = &incident->entries[i].roles[r];
            size_t to = 0;
            while (to < incident->entry_count && !sv_eq(incident->entries[to].entry_id, given->end))
                to++;
            assert_int_equal(given->until_ns == TIME_NONE, to == incident->entry_count);
            text = arena_printf(&few.arena, SV_FMT "%s" SV_FMT " " SV_FMT " %zu-", SV_ARG(text),
                                text.len > 0 ? ", " : "", SV_ARG(given->role),
                                SV_ARG(given->person), i);
            if (given->until_ns != TIME_NONE)
                text = arena_printf(&few.arena, SV_FMT "%zu", SV_ARG(text), to);
        }
    return arena_strdup(&few.arena, text);
}

/* From the record that says so, whoever says it, until another one has it or it is given up. */
static void
test_spans_of_roles(void **state)
{
    static const char *const said[][2] = {{"Ana Kern", "the checkout pool is full"},
                                          {"Bo Dahl", "@ana is IC. I look at the pool"},
                                          {"Ana Kern", "I am IC, still"},
                                          {"Ana Kern", "handing IC to Bo"},
                                          {"Cy Dorn", "I am scribe"},
                                          {"Bo Dahl", "I hand over"},
                                          {"Bo Dahl", "the pool is fine now"}};
    (void)state;
    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
        say(said[i][0])->body = sv_from(said[i][1]);
    fewrows_correlate_one(&few);
    assert_string_equal(spans(), "incident commander Ana Kern 2-4, incident commander Bo Dahl 4-6, "
                                 "scribe Cy Dorn 5-");
}

/* What a tool lists counts for who never speaks, for roles that only it knows, and for several of
 * one person; a role that nobody has ends. */
static void
test_roles_that_tools_list(void **state)
{
    static const char *const lists[] = {
        "[\"Incident Lead\",\"Ana Kern\",\"Liaison\",\"Ana Kern\",\"Scribe\",\"\"]",
        "[\"Incident Lead\",\"Ana Kern\",\"Liaison\",\"Ana Kern\",\"Scribe\",\"Cy Dorn\"]",
        "[\"Incident Lead\",\"bo@x.example\",\"Liaison\",\"Ana Kern\",\"Scribe\",\"\"]"};
    (void)state;
    say("Bo Dahl");
    for (size_t i = 0; i < 3; i++) {
        struct event *told = add(RECORD_INCIDENT_EVENT, "checkout fails", NULL);
        told->phase = PHASE_UPDATE;
        told->attributes = arena_printf(&few.arena, "{\"given_roles\":%s}", lists[i]);
    }
    struct event *said = say("Bo Dahl");
    said->attributes = SV("{\"email\":\"bo@x.example\"}");
    fewrows_correlate_one(&few);
    assert_string_equal(spans(), "incident lead Ana Kern 2-4, Liaison Ana Kern 2-, "
                                 "scribe Cy Dorn 3-4, incident lead Bo Dahl 4-");
    assert_text(entry_at(5)->role, "incident lead");
}

/* A paging tool tells who has a role, in no sentence. */
static void
test_roles_of_tools(void **state)
{
    (void)state;
    say("Ana Kern");
    struct event *told = add(RECORD_INCIDENT_EVENT, "Incident Commander: Ana Kern", NULL);
    told->phase = PHASE_UPDATE;
    say("Ana Kern");
    fewrows_correlate_one(&few);
    assert_text(entry_at(1)->role, "");
    assert_text(entry_at(3)->role, "incident commander");
    const struct entry *first = entry_at(3);
    bool begins = false;
    for (size_t i = 0; i < first->reason_count; i++)
        begins = begins || sv_eq(first->reasons[i].name, SV("role_begins"));
    assert_true(begins);
}

static void
test_a_list_that_cannot_be_read(void **state)
{
    struct err err;
    (void)state;
    few.config.people = SV("Mara Lindqvist\tSRE\tmara\n\tSRE\tines\n");
    assert_int_equal(correlation_config_check(&few.config, &err), -1);
    assert_non_null(strstr(err.message, "people, line 2"));
    few.config.people = SV("Mara Lindqvist\t\tmara\nMara Holt\t\tMARA\n");
    assert_int_equal(correlation_config_check(&few.config, &err), -1);
    assert_non_null(strstr(err.message, "a name of two people"));
    few.config.people = SV("Mara\xff\t\tm\n");
    assert_int_equal(correlation_config_check(&few.config, &err), -1);
    few.config.people = SV("Mara Lindqvist\nInes Okafor\t\tines\n\n");
    assert_int_equal(correlation_config_check(&few.config, &err), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_equal_names, setup, teardown),
        cmocka_unit_test_setup_teardown(test_handles_that_fit, setup, teardown),
        cmocka_unit_test_setup_teardown(test_spellings_are_one_person, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_handle_of_one_speaker, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_handle_of_two_is_asked, setup, teardown),
        cmocka_unit_test_setup_teardown(test_accounts_addresses_and_tables, setup, teardown),
        cmocka_unit_test_setup_teardown(test_two_accounts_of_one_system_are_asked, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_list_of_people_decides, setup, teardown),
        cmocka_unit_test_setup_teardown(test_programs_are_nobody, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_order_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_roles, setup, teardown),
        cmocka_unit_test_setup_teardown(test_roles_of_others, setup, teardown),
        cmocka_unit_test_setup_teardown(test_spans_of_roles, setup, teardown),
        cmocka_unit_test_setup_teardown(test_roles_that_tools_list, setup, teardown),
        cmocka_unit_test_setup_teardown(test_roles_of_tools, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_list_that_cannot_be_read, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

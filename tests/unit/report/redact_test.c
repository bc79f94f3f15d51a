/*
 * Redaction of texts: the examples of every detector, names in the forms in which people and hosts
 * are called, policies that are wrong; what was redacted stays as it is, and no character is cut.
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

#include "base/embedded.h"
#include "base/text/utf8.h"
#include "report/redact/text.h"
#include "tests/lib/attacks.h"

static struct redact_policy *
policy_of(const char *text)
{
    struct redact_policy *policy;
    struct err err = {0};
    if (redact_policy_new(sv_from(text), "test.ini", &policy, &err) != 0)
        fail_msg("%s", err.message);
    return policy;
}

static struct redaction *
redaction_of(const struct redact_policy *policy)
{
    struct redaction *redaction;
    struct err err = {0};
    if (redaction_new(policy, &redaction, &err) != 0)
        fail_msg("%s", err.message);
    return redaction;
}

/* ---- detectors ---- */

static bool
finds(struct detectors *detectors, size_t at, struct sv text)
{
    size_t from, to, next;
    return detectors_next(detectors, at, text, 0, &from, &to, &next);
}

static void
every_detector_passes_its_examples(void **state)
{
    const struct embedded_file *file = embedded_find(embedded_redaction, "detectors.tsv");
    struct detectors *detectors;
    struct err err = {0};
    size_t seen = 0, yes = 0, no = 0, least = 1;
    (void)state;
    assert_non_null(file);
    if (detectors_built_in(&detectors, &err) != 0)
        fail_msg("%s", err.message);
    struct sv rest = sv_of(file->text, file->size), line;
    for (int number = 1; sv_split(&rest, '\n', &line); number++) {
        if (sv_empty(line) || line.ptr[0] == '#')
            continue;
        bool wanted = line.ptr[0] == '+';
        if (!wanted && line.ptr[0] != '-') {
            if (least == 0)
                fail_msg("line %d: the detector before it has no example", number);
            least = 0;
            seen++;
            continue;
        }
        assert_true(line.ptr[1] == '\t' && seen > 0);
        if (finds(detectors, seen - 1, sv_slice(line, 2, line.len)) != wanted)
            fail_msg("line %d: it should%s find: " SV_FMT, number, wanted ? "" : " not",
                     SV_ARG(sv_slice(line, 2, line.len)));
        least += wanted;
        yes += wanted;
        no += !wanted;
    }
    assert_int_equal(seen, detectors_count(detectors));
    assert_true(yes >= seen && no >= seen);
    detectors_free(detectors);
}

static void
a_wrong_detector_is_told_with_its_line(void **state)
{
    static const struct {
        const char *text, *message;
    } wrong[] = {
        {"secret\t-\t(", "x.tsv:1: column"},
        {"# c\nnothing\t-\ta", "x.tsv:2: no kind 'nothing'"},
        {"secret\tmagic\ta", "x.tsv:1: no check 'magic'"},
        {"secret", "x.tsv:1: a detector has three columns"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct detectors *detectors;
        struct err err = {0};
        assert_int_equal(detectors_new(sv_from(wrong[i].text), "x.tsv", &detectors, &err), -1);
        if (strstr(err.message, wrong[i].message) == NULL)
            fail_msg("%s", err.message);
    }
}

/* ---- texts ---- */

static void
need(struct redaction *redaction, const char *text, const char *wanted)
{
    struct sv got = redact_text(redaction, sv_from(text));
    if (!sv_eq(got, sv_from(wanted)))
        fail_msg("%s\nbecame  " SV_FMT "\nand not %s", text, SV_ARG(got), wanted);
    struct sv again = redact_text(redaction, got);
    if (!sv_eq(got, again))
        fail_msg("and then " SV_FMT, SV_ARG(again));
}

static void
secrets_are_removed_and_words_around_them_stay(void **state)
{
    static const char *const texts[][2] = {
        {"login with password=hunter2 did not work", "login with password=[secret] did not work"},
        {"{\"api_key\": \"k1\", \"retries\": 3}", "{\"api_key\": [secret], \"retries\": 3}"},
        {"Authorization: Bearer abcdef", "Authorization: [secret]"},
        {"two: AKIAIOSFODNN7EXAMPLE and ghp_16C7e42F292c6912E771", "two: [secret] and [secret]"},
        {"paid with 4111 1111 1111 1111 today", "paid with [card] today"},
        {"mail to ana@example.com, call +49 30 901820", "mail to [email], call [phone]"},
        {"see https://wiki.example/a?b=1 for more", "see [link] for more"},
        {"10.1.2.3 calls 10.1.2.4, 10.1.2.3 waits", "ip-1 calls ip-2, ip-1 waits"},
        {"listens on 127.0.0.1 and ::1", "listens on 127.0.0.1 and ::1"},
        {"key q7Zk29LmPx0aTn4RvB8s was used", "key [secret] was used"},
        {"\"tokens\": [\"aaa\", \"bbb\"], \"n\": 1", "\"tokens\": [secret], \"n\": 1"},
        {"-----BEGIN RSA PRIVATE KEY-----\\nMIIE cut off", "[secret]"},
        {"{\"by\": \"\\u0061na@example.com\"}", "{\"by\": \"[email]\"}"},
        {"nothing to see at 10:04:30", "nothing to see at 10:04:30"},
        {"", ""},
    };
    struct redact_policy *policy = policy_of(NULL);
    struct redaction *redaction = redaction_of(policy);
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        need(redaction, texts[i][0], texts[i][1]);
    redaction_free(redaction);
    redact_policy_free(policy);
}

static void
people_are_found_in_all_their_forms(void **state)
{
    struct redact_policy *policy = policy_of(NULL);
    struct redaction *redaction = redaction_of(policy);
    struct names *names = &redaction->names;
    (void)state;
    names_add(names, REDACT_SERVICE, SV("checkout"), SV_NONE, NAME_OF_DATA);
    names_add(names, REDACT_PERSON, SV("Ana Ito"), SV_NONE, NAME_OF_DATA);
    names_add(names, REDACT_PERSON, SV("Max Ødegård"), SV("incident lead"), NAME_OF_DATA);
    names_add(names, REDACT_PERSON, SV("bo.quist@example.com"), SV_NONE, NAME_OF_DATA);
    names_add(names, REDACT_PERSON, SV("Ana Weber"), SV_NONE, NAME_OF_DATA);
    names_add(names, REDACT_PERSON, SV("checkout"), SV_NONE, NAME_OF_DATA);
    names_add(names, REDACT_PERSON, SV("佐藤花子"), SV_NONE, NAME_OF_DATA);
    names_add(names, REDACT_HOST, SV("DB-7.prod.internal"), SV_NONE, NAME_OF_DATA);
    names_add(names, REDACT_CHANNEL, SV("ops"), SV_NONE, NAME_OF_DATA);
    names_add(names, REDACT_PERSON, SV("ottilie"), SV_NONE, NAME_OF_DATA);
    redact_learn(redaction, SV("resolved by Zoltan Quibble"));
    redact_learn(redaction, SV("Says Ottilie Brand today"));
    need(redaction, "Ana Ito, ana.ito, ITO, @aito", "Person 1, Person 1, Person 1, @Person 1");
    need(redaction, "ask MAX ØDEGÅRD: max 3 retries, Max says", /* a word, too */
         "ask incident lead: max 3 retries, incident lead says");
    need(redaction, "Bo Quist and bo.quist@example.com", "Person 2 and [email]");
    need(redaction, "which ana?", "which [name]?");
    need(redaction, "checkout is slow", "checkout is slow");
    need(redaction, "今は佐藤花子さんが見ている", "今はPerson 3さんが見ている");
    need(redaction, "db-7 and db-7.prod.internal but db-70", "host-1 and host-1 but db-70");
    need(redaction, "#ops: ops are fine", "#channel-1: ops are fine");
    need(redaction, "Zoltan knows, quibble does not", "Person 4 knows, Person 4 does not");
    need(redaction, "ops", "channel-1");
    need(redaction, "Thanks Ottilie Brand, Brand knew", "Thanks Person 5, Person 5 knew");
    need(redaction, "Ottilie Newname", "Person 5");
    redaction_free(redaction);
    redact_policy_free(policy);
}

static void
a_policy_decides(void **state)
{
    struct redact_policy *policy = policy_of("[people]\nshow = pseudonyms\nnames = Dana Roe\n"
                                             "[roles]\nEve Fox = the database lead\n"
                                             "[hosts]\nshow = keep\n"
                                             "[customers]\nnames = Acme, Globex GmbH\n"
                                             "[words]\nProject Falcon = the project\n"
                                             "[links]\nkeep = status.example.com\n"
                                             "[secrets]\nkeep = AKIAIOSFODNN7EXAMPLE\n"
                                             "names = opensesame\n"
                                             "[services]\nshow = pseudonyms\n"
                                             "[emails]\nshow = keep\n"
                                             "[doubtful]\nnames = remove\nstrings = keep\n");
    struct redaction *redaction = redaction_of(policy);
    (void)state;
    names_add(&redaction->names, REDACT_SERVICE, SV("payments"), SV_NONE, NAME_OF_DATA);
    need(redaction, "Dana, Eve Fox", "Person 1, Person 2");
    need(redaction, "ACME's and Globex GmbH", "Customer 1's and Customer 2");
    need(redaction, "project falcon is late", "the project is late");
    need(redaction, "db-7.prod.internal is full", "db-7.prod.internal is full");
    need(redaction, "https://status.example.com/x https://a.example/y",
         "https://status.example.com/x [link]");
    need(redaction, "https://status.example.com/x?password=hunter2", "[secret]");
    need(redaction, "https://status.example.com/%44ana", "[link]");
    need(redaction, "AKIAIOSFODNN7EXAMPLE is documented", "AKIAIOSFODNN7EXAMPLE is documented");
    need(redaction, "say opensesame", "say [secret]");
    need(redaction, "payments is down", "service-1 is down");
    need(redaction, "ana@example.com", "ana@example.com");
    need(redaction, "asked Zoltan Quibble", "asked Person 3");
    assert_int_equal(redaction->doubtful_count, 0);
    need(redaction, "key q7Zk29LmPx0aTn4RvB8s", "key q7Zk29LmPx0aTn4RvB8s");
    assert_int_equal(redaction->doubtful_count, 1);
    assert_int_equal(redaction->doubtful[0].kind, REDACT_STRING);
    redaction_free(redaction);
    redact_policy_free(policy);
}

static void
a_key_makes_pseudonyms_that_agree(void **state)
{
    struct redact_policy *policy = policy_of("[pseudonyms]\nkey = a\n");
    struct redact_policy *other_policy = policy_of("[pseudonyms]\nkey = b\n");
    struct redaction *one = redaction_of(policy), *two = redaction_of(policy),
                     *other = redaction_of(other_policy);
    (void)state;
    names_add(&one->names, REDACT_PERSON, SV("Ana Ito"), SV_NONE, NAME_OF_DATA);
    names_add(&two->names, REDACT_PERSON, SV("Bo Quist"), SV_NONE, NAME_OF_DATA);
    names_add(&two->names, REDACT_PERSON, SV("ana.ito"), SV_NONE, NAME_OF_DATA);
    names_add(&other->names, REDACT_PERSON, SV("Ana Ito"), SV_NONE, NAME_OF_DATA);
    redact_text(two, SV("Bo Quist"));
    struct sv shown = redact_text(one, SV("Ana Ito"));
    assert_true(sv_eq(shown, redact_text(two, SV("Ana Ito"))));
    assert_false(sv_eq(shown, redact_text(other, SV("Ana Ito"))));
    assert_true(sv_starts(shown, SV("Person ")) && shown.len == 15);
    assert_true(sv_eq(redact_text(one, shown), shown));
    redaction_free(one);
    redaction_free(two);
    redaction_free(other);
    redact_policy_free(policy);
    redact_policy_free(other_policy);
}

static void
a_wrong_policy_is_told_with_its_line(void **state)
{
    static const struct {
        const char *text, *message;
    } wrong[] = {
        {"[people]\nshow = never", "p.ini:2: 'never' is none of roles, pseudonyms, keep"},
        {"[secrets]\nshow = keep", "p.ini:2: secrets are always removed"},
        {"[emails]\nshow = pseudonyms", "p.ini:2: 'pseudonyms' is none of remove, keep"},
        {"[what]\nshow = keep", "p.ini:2: unknown section [what]"},
        {"[strings]\nshow = keep", "p.ini:2: unknown section [strings]"},
        {"show = keep", "p.ini:1: unknown section []"},
        {"[people]\n\nhide = yes", "p.ini:3: no key 'hide' in [people]"},
        {"[doubtful]\nhosts = keep", "p.ini:2: no key 'hosts' in [doubtful]"},
        {"[evidence]\nexcerpts = perhaps", "p.ini:2: 'perhaps' is neither yes nor no"},
        {"[words]\nFalcon =", "p.ini:2: nothing is to stand for 'Falcon'"},
        {"[people]\nAna", "p.ini:2: neither a section"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct redact_policy *policy;
        struct err err = {0};
        assert_int_equal(redact_policy_new(sv_from(wrong[i].text), "p.ini", &policy, &err), -1);
        if (strstr(err.message, wrong[i].message) == NULL)
            fail_msg("%s", err.message);
    }
}

/* ---- properties ---- */

static uint32_t
next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* Pieces that detectors look for, cut and put together anyhow, with bytes that are no UTF-8. */
static void
make_text(uint32_t *seed, struct strbuf *out)
{
    static const char *const pieces[] = {"password=",
                                         "hunter2",
                                         " ",
                                         "Ana Ito",
                                         "ana",
                                         "@",
                                         "[secret]",
                                         "Person 1",
                                         "host-2",
                                         "é",
                                         "佐藤",
                                         "\xF0\x9F\x94\xA5",
                                         "\xC3",
                                         "\xFF",
                                         "https://",
                                         "db-7.prod.internal",
                                         "/",
                                         "\"",
                                         "10.1.2.3",
                                         "4111111111111111",
                                         "cookie:",
                                         "\n",
                                         "Bearer ",
                                         "eyJhbGciOi",
                                         "acknowledged by ",
                                         "Zoltan",
                                         "incident lead",
                                         "[",
                                         "]",
                                         "2001:db8::1",
                                         "+49 30 901820",
                                         "\\u0041",
                                         "=",
                                         ":"};
    size_t count = 1 + next_random(seed) % 9;
    strbuf_clear(out);
    for (size_t i = 0; i < count; i++) {
        const char *piece = pieces[next_random(seed) % (sizeof(pieces) / sizeof(pieces[0]))];
        size_t length = strlen(piece);
        if (next_random(seed) % 4 == 0)
            length = next_random(seed) % (length + 1);
        strbuf_add(out, piece, length);
    }
}

static struct redaction *
prepared(const struct redact_policy *policy)
{
    struct redaction *redaction = redaction_of(policy);
    names_add(&redaction->names, REDACT_PERSON, SV("Ana Ito"), SV("incident lead"), NAME_OF_DATA);
    names_add(&redaction->names, REDACT_PERSON, SV("佐藤"), SV_NONE, NAME_OF_DATA);
    names_add(&redaction->names, REDACT_HOST, SV("db-7.prod.internal"), SV_NONE, NAME_OF_DATA);
    return redaction;
}

/* Two that meet the same texts say the same; what one said stays; a character is whole or gone. */
static void
check_text(struct redaction *one, struct redaction *two, struct sv text)
{
    struct sv got = redact_text(one, text), same = redact_text(two, text);
    if (!sv_eq(got, same))
        fail_msg(SV_FMT ": " SV_FMT " or " SV_FMT, SV_ARG(text), SV_ARG(got), SV_ARG(same));
    if (!utf8_storable(got))
        fail_msg("\"" SV_FMT "\" is no UTF-8: \"" SV_FMT "\"", SV_ARG(text), SV_ARG(got));
    struct sv again = redact_text(one, got);
    if (!sv_eq(got, again))
        fail_msg(SV_FMT ": " SV_FMT ", and then " SV_FMT, SV_ARG(text), SV_ARG(got), SV_ARG(again));
    redact_text(two, got);
    if (sv_contains(got, SV("password=hunter2")))
        fail_msg(SV_FMT ": " SV_FMT, SV_ARG(text), SV_ARG(got));
}

static void
once_redacted_is_redacted_whatever_the_text(void **state)
{
    struct redact_policy *policy = policy_of(NULL);
    struct redaction *one = prepared(policy), *two = prepared(policy);
    uint32_t seed = 7;
    struct strbuf text;
    size_t count;
    const struct attack *attacks = attacks_all(&count);
    (void)state;
    strbuf_init(&text, 0);
    for (int i = 0; i < 5000; i++) {
        make_text(&seed, &text);
        check_text(one, two, strbuf_view(&text));
    }
    for (size_t i = 0; i < count; i++)
        check_text(one, two, attacks[i].text);
    strbuf_release(&text);
    redaction_free(one);
    redaction_free(two);
    redact_policy_free(policy);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_detector_passes_its_examples),
        cmocka_unit_test(a_wrong_detector_is_told_with_its_line),
        cmocka_unit_test(secrets_are_removed_and_words_around_them_stay),
        cmocka_unit_test(people_are_found_in_all_their_forms),
        cmocka_unit_test(a_policy_decides),
        cmocka_unit_test(a_key_makes_pseudonyms_that_agree),
        cmocka_unit_test(a_wrong_policy_is_told_with_its_line),
        cmocka_unit_test(once_redacted_is_redacted_whatever_the_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

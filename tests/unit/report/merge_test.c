/*
 * report/merge, by example: what becomes of each kind of edit when the records change. The texts
 * model a draft: statements, a table, footnotes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "report/merge/merge.h"
#include "report/merge/units.h"

static struct arena arena;
static struct strbuf out;
static struct merge_base base;
static struct merge_counts counts;

static const char *
merged(const char *before, const char *edited, const char *now)
{
    static struct merge_base next;
    base = (struct merge_base){.text = sv_from(before)};
    strbuf_clear(&out);
    merge(&base, sv_from(edited), sv_from(now), &arena, &out, &next, &counts);
    base = next;
    return out.ptr;
}

#define A "- It began 3 min before anybody saw it.[^1]\n"
#define A_NOW "- It began 5 min before anybody saw it.[^1]\n"
#define B "- Ada acknowledged it after a minute.[^2]\n"
#define NOTES "\n[^1]: e:aaaaaaaa0001, a.log:1\n[^2]: e:bbbbbbbb0002, b.log:1\n"

static void
what_nobody_touched_is_replaced(void **state)
{
    (void)state;
    assert_string_equal(merged("## One\n\n" A B, "## One\n\n" A B, "## One\n\n" A_NOW B),
                        "## One\n\n" A_NOW B);
    /* Also where it stands elsewhere now, wrapped, with another bullet, with other line ends. */
    assert_string_equal(merged("## One\n\n" A B, "## One\n\n" B A, "## One\n\n" A_NOW B),
                        "## One\n\n" B A_NOW);
    assert_string_equal(merged("## One\n\n" A B,
                               "## One\n\n* It began 3 min before\n  anybody saw it.[^1]\n" B,
                               "## One\n\n" A_NOW B),
                        "## One\n\n* It began 5 min before anybody saw it.[^1]\n" B);
    assert_string_equal(merged("## One\n\n" A B,
                               "## One\r\n\r\n- It began 3 min before anybody saw "
                               "it.[^1]\r\n- Mine.",
                               "## One\n\n" A_NOW B),
                        "## One\r\n\r\n- It began 5 min before anybody saw it.[^1]\r\n- Mine.");
}

static void
what_only_people_changed_stays(void **state)
{
    (void)state;
    assert_string_equal(
        merged(A B, "- It began 3 min before Ada saw it.[^1]\n" B, A B "- More.[^3]\n"),
        "- It began 3 min before Ada saw it.[^1]\n" B "- More.[^3]\n");
    assert_int_equal(counts.both, 0);
    assert_int_equal(counts.added, 1);
    assert_string_equal(merged("## One\n\n" A B,
                               "Mine first.\n\n## One\n\n" A "\nMine.\n\n" B "\nLast",
                               "## One\n\n" A_NOW B),
                        "Mine first.\n\n## One\n\n" A_NOW "\nMine.\n\n" B "\nLast");
}

static void
what_both_changed_has_a_note(void **state)
{
    const char *text = merged(A B, "- It began 3 min before Ada saw it.[^1]\n" B, A_NOW B);
    (void)state;
    assert_string_equal(
        text,
        "- It began 3 min before Ada saw it.[^1]\n"
        "  > **Changed by you and by the records.** The text above is yours. The records now "
        "say: “It began 5 min before anybody saw it.[^1]”. Keep what is right, and delete this "
        "note.\n" B);
    assert_int_equal(counts.both, 1);
    /* Another change of the records takes its place; once it is deleted it stays away. */
    struct strbuf first;
    struct merge_base next, after;
    strbuf_init(&first, 0);
    strbuf_add_sv(&first, strbuf_view(&out));
    strbuf_clear(&out);
    merge(&base, strbuf_view(&first), SV("- It began 9 min before anybody saw it.[^1]\n" B), &arena,
          &out, &next, &counts);
    assert_non_null(strstr(out.ptr, "9 min"));
    assert_null(strstr(out.ptr, "5 min"));
    strbuf_clear(&out);
    merge(&next, SV("- It began 3 min before Ada saw it.[^1]\n" B),
          SV("- It began 9 min before anybody saw it.[^1]\n" B "- More.\n"), &arena, &out, &after,
          &counts);
    assert_string_equal(out.ptr, "- It began 3 min before Ada saw it.[^1]\n" B "- More.\n");
    strbuf_release(&first);
}

static void
what_people_wrote_into_a_note_is_theirs(void **state)
{
    struct merge_base next;
    struct strbuf edited;
    (void)state;
    merged(A B, "- It began 3 min before Ada saw it.[^1]\n" B, A_NOW B);
    strbuf_init(&edited, 0);
    strbuf_add_sv(&edited, strbuf_view(&out));
    char *note = strstr(edited.ptr, "delete this");
    assert_non_null(note);
    memcpy(note, "discuss", 7);
    strbuf_clear(&out);
    merge(&base, strbuf_view(&edited), SV("- It began 9 min before anybody saw it.[^1]\n" B),
          &arena, &out, &next, &counts);
    assert_non_null(strstr(out.ptr, "discuss"));
    assert_non_null(strstr(out.ptr, "9 min"));
    strbuf_release(&edited);
}

static void
what_people_removed_stays_away(void **state)
{
    (void)state;
    assert_string_equal(merged("## One\n\n" A B, "## One\n\n" B, "## One\n\n" A B "- More.\n"),
                        "## One\n\n" B "- More.\n");
    const char *text = merged("## One\n\n" A B, "## One\n\n" B, "## One\n\n" A_NOW B);
    assert_true(sv_starts(sv_from(text), SV("## One\n\n" B "\n## Since you edited")));
    assert_true(sv_ends(sv_from(text), SV("- In “One”: the records now say “It began 5 min before "
                                          "anybody saw it.[^1]”.\n")));
    assert_int_equal(counts.listed, 1);
    /* A whole section: one line, whatever comes into it. */
    text = merged("# T\n\n## One\n\n" A B "\n## Two\n\n- Stays.\n", "# T\n\n## Two\n\n- Stays.\n",
                  "# T\n\n## One\n\n" A_NOW B "- More.\n\n## Two\n\n- Stays.\n");
    assert_true(sv_ends(
        sv_from(text), SV("- In “One”: you removed it as a whole; 2 lines are changed or new.\n")));
}

static void
what_the_records_no_longer_say_goes(void **state)
{
    (void)state;
    assert_string_equal(merged(A B, A B, A), A);
    assert_string_equal(merged("# T\n\n## One\n\n" A "\n## Two\n\n" B,
                               "# T\n\n## One\n\n" A "\n## Two\n\n" B "\nMine.\n",
                               "# T\n\n## Two\n\n" B),
                        "# T\n\n## Two\n\n" B "\nMine.\n");
    /* But not what people wrote: the heading above their words stays, too. */
    assert_string_equal(merged("# T\n\n## One\n\n" A "\n## Two\n\n" B,
                               "# T\n\n## One\n\n" A "\nMine.\n\n## Two\n\n" B,
                               "# T\n\n## Two\n\n" B),
                        "# T\n\n## One\n\nMine.\n\n## Two\n\n" B);
    assert_non_null(strstr(merged(A B, A "- Ada acknowledged it after two minutes.[^2]\n", A),
                           "no longer in the records.** The text above is yours. The records said: "
                           "“Ada acknowledged it after a minute.[^2]”"));
}

#define HEAD "| Time | What | Verdict | Evidence |\n|---|---|---|---|\n"

static void
cells_are_merged_one_by_one(void **state)
{
    (void)state;
    assert_string_equal(merged(HEAD "| 10:00 | deploy | TODO(human) | [^1] |\n",
                               HEAD "| 10:00 | deploy | trigger | [^1] |\n",
                               HEAD "| 10:01 | deploy | TODO(human) | [^1] |\n"),
                        HEAD "| 10:01 | deploy | trigger | [^1] |\n");
    assert_int_equal(counts.both, 0);
    const char *text = merged(HEAD "| 10:00 | deploy of the shop | TODO(human) | [^1] |\n",
                              HEAD "| 10:02 | deploy of the shop | trigger | [^1] |\n",
                              HEAD "| 10:01 | deploy of the shop | TODO(human) | [^1] |\n");
    assert_true(sv_starts(sv_from(text), SV(HEAD "| 10:02 | deploy of the shop | trigger | [^1] |\n"
                                                 "\n> **Changed by you and by the records.** Row "
                                                 "“10:00, deploy of the shop, ")));
    assert_non_null(strstr(text, "in “Time” you wrote “10:02”, the records say “10:01”"));
}

static void
columns_of_people_stay(void **state)
{
    (void)state;
    assert_string_equal(
        merged(HEAD
               "| 10:00 | deploy of the shop | no | [^1] |\n| 10:05 | roll back | no | [^2] |\n",
               "| Time | What | Comment | Verdict | Evidence |\n|---|---|---|---|---|\n"
               "| 10:00 | deploy of the shop | by Bo | no | [^1] |\n"
               "| 10:05 | roll back | | no | [^2] |\n",
               HEAD "| 10:01 | deploy of the shop | no | [^1] |\n| 10:07 | a call | no | [^3] |\n"),
        "| Time | What | Comment | Verdict | Evidence |\n|---|---|---|---|---|\n"
        "| 10:01 | deploy of the shop | by Bo | no | [^1] |\n"
        "| 10:07 | a call | | no | [^3] |\n");
}

static void
padded_tables_are_no_change(void **state)
{
    (void)state;
    assert_string_equal(
        merged(
            HEAD "| 10:00 | de\\_ploy | no | [^1] |\n| 10:05 | x | no | [^2] |\n",
            "| Time  | What   | Verdict | Evidence |\n| ----- | ------ | ------- | -------- |\n"
            "| 10:00 | de_ploy | no      | [^1]     |\n| 10:05 | x      | no      | [^2]     |\n",
            HEAD "| 10:00 | de\\_ploy | no | [^1] |\n| 10:05 | y | no | [^2] |\n"),
        "| Time  | What   | Verdict | Evidence |\n| ----- | ------ | ------- | -------- |\n"
        "| 10:00 | de_ploy | no      | [^1]     |\n| 10:05 | y | no | [^2] |\n");
}

/* A footnote before them gives all of them other numbers. */
static void
footnotes_follow_what_cites_them(void **state)
{
    const char *text =
        merged(A B NOTES, "- It began 3 min before Ada[^9] saw it.[^1]\n" B NOTES "[^9]: the CTO\n",
               "- New.[^1]\n- It began 3 min before anybody saw it.[^2]\n"
               "- Ada acknowledged it after a minute.[^3]\n\n[^1]: e:cccccccc0003, c.log:1\n"
               "[^2]: e:aaaaaaaa0001, a.log:1\n[^3]: e:bbbbbbbb0002, b.log:1\n");
    (void)state;
    assert_non_null(strstr(text, "- It began 3 min before Ada[^9] saw it.[^2]\n"));
    assert_non_null(strstr(text, "- New.[^1]\n"));
    assert_non_null(strstr(text, "- Ada acknowledged it after a minute.[^3]\n"));
    assert_non_null(strstr(text, "[^2]: e:aaaaaaaa0001"));
    assert_non_null(strstr(text, "[^9]: the CTO"));
    /* A number of their own that means something else by now gets another one; so does what only
     * their sentence cites. */
    text = merged("- One of many.[^1]\n\n[^1]: e:aaaaaaaa0001, a.log:1\n",
                  "- One of very many.[^1]\n\n[^1]: e:aaaaaaaa0001, a.log:1\n",
                  "- None of these here.[^1]\n\n[^1]: e:cccccccc0003, c.log:1\n");
    assert_non_null(strstr(text, "very many.[^1-2]"));
    assert_non_null(strstr(text, "[^1-2]: e:aaaaaaaa0001"));
    assert_non_null(strstr(text, "[^1]: e:cccccccc0003"));
    /* A note quotes what the records said: its number is that of the same record, too. */
    assert_non_null(strstr(text, "The records said: “One of many.[^1-2]”"));
    /* Their sentence cites it no more, so the number would be that of another record. */
    text = merged("- One of many.[^1]\n\n[^1]: e:aaaaaaaa0001, a.log:1\n", "- One of very many.\n",
                  "- None of these here.[^1]\n\n[^1]: e:cccccccc0003, c.log:1\n");
    assert_non_null(strstr(text, "The records said: “One of many.”"));
}

#define NOTICE "> Now part of another one.\n"

static void
a_notice_comes_once_and_goes(void **state)
{
    struct merge_base next, after;
    (void)state;
    base = (struct merge_base){.text = SV(A)};
    strbuf_clear(&out);
    merge_notice(&base, SV(A "\nMine.\n"), SV(NOTICE), &arena, &out, &next);
    assert_string_equal(out.ptr, A "\nMine.\n\n" NOTICE);
    strbuf_clear(&out);
    merge_notice(&next, SV(A "\nMine.\n\n" NOTICE), SV(NOTICE), &arena, &out, &after);
    assert_string_equal(out.ptr, A "\nMine.\n\n" NOTICE);
    strbuf_clear(&out);
    merge(&after, SV(A "\nMine.\n\n" NOTICE), SV(A), &arena, &out, &next, &counts);
    assert_string_equal(out.ptr, A "\nMine.\n");
}

/* Whatever the bytes are, each is in one unit, in one order; and people's bytes come through. */
static void
every_byte_comes_through(void **state)
{
    static const char alphabet[] = "ab |#->`*\n\n\n\r\t[^1]:1.)<!--=\\\x80\xef\xbb\xbf";
    char text[200];
    uint64_t seed = 7;
    (void)state;
    for (int run = 0; run < 4000; run++) {
        struct units units;
        size_t length = (size_t)(run % 199);
        for (size_t i = 0; i < length; i++) {
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            text[i] = alphabet[(seed >> 33) % (sizeof(alphabet) - 1)];
        }
        units_of(sv_of(text, length), &arena, &units);
        const char *at = units.start.len == 0 ? text : units.start.ptr + units.start.len;
        for (size_t i = 0; i < units.count; i++) {
            assert_ptr_equal(units.at[i].text.ptr, at);
            assert_ptr_equal(units.at[i].gap.ptr, at + units.at[i].text.len);
            at = units.at[i].gap.ptr + units.at[i].gap.len;
        }
        assert_ptr_equal(at, text + length);
        struct merge_base next;
        base = (struct merge_base){.text = SV("- zzz\n")};
        strbuf_clear(&out);
        merge(&base, sv_of(text, length), SV("- zzz\n- yyy\n"), &arena, &out, &next, &counts);
        size_t blank = units.start.len; /* what is new comes in behind the blank lines at the top */
        if (units.count > 0 && memmem(out.ptr, out.len, text + blank, length - blank) == NULL)
            fail_msg("run %d: '%.*s' became '%s'", run, (int)length, text, out.ptr);
    }
}

static int
start(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    strbuf_init(&out, 0);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    arena_release(&arena);
    strbuf_release(&out);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_nobody_touched_is_replaced),
        cmocka_unit_test(what_only_people_changed_stays),
        cmocka_unit_test(what_both_changed_has_a_note),
        cmocka_unit_test(what_people_wrote_into_a_note_is_theirs),
        cmocka_unit_test(what_people_removed_stays_away),
        cmocka_unit_test(what_the_records_no_longer_say_goes),
        cmocka_unit_test(cells_are_merged_one_by_one),
        cmocka_unit_test(columns_of_people_stay),
        cmocka_unit_test(padded_tables_are_no_change),
        cmocka_unit_test(footnotes_follow_what_cites_them),
        cmocka_unit_test(a_notice_comes_once_and_goes),
        cmocka_unit_test(every_byte_comes_through),
    };
    return cmocka_run_group_tests(tests, start, stop);
}

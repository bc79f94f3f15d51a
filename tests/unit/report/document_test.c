/*
 * The document itself: what document_check() refuses, which footnote each citation has, and what
 * becomes of a section that says nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <string.h>

#include "base/clock.h"
#include "report/render/notes.h"

#define DAY_NS (INT64_C(1772323200) * NS_PER_S) /* 2026-03-01 */
#define ENTRIES 3

static struct entry entries[ENTRIES] = {
    {.entry_id = SV("aaaaaaaaaaaaaaaa"), .time_ns = DAY_NS},
    {.entry_id = SV("bbbbbbbbbbbbbbbb"), .time_ns = DAY_NS + NS_PER_DAY - 1},
    {.entry_id = SV("cccccccccccccccc"), .time_ns = DAY_NS + NS_PER_DAY},
};
static const struct incident incident = {.entries = entries, .entry_count = ENTRIES};

static void
begin(struct document *document)
{
    document_init(document, &incident);
    document_section(document, SV("timeline"));
}

static void
add_row(struct document *document, size_t i)
{
    const struct entry *entry = &entries[i];
    document_row(document, false);
    document_cell(document);
    document_clock(document, entry->time_ns);
    document_prove_row(document, &entry, 1);
}

static void
add_statement(struct document *document, size_t a, size_t b)
{
    const struct entry *proof[] = {&entries[a], &entries[b]};
    document_begin(document, BLOCK_STATEMENT);
    document_words(document, "x");
    document_prove(document, proof, 2);
}

static void
need(const struct document *document, const char *problem)
{
    struct strbuf out;
    strbuf_init(&out, 0);
    size_t problems = document_check(document, &out);
    assert_int_equal(problems > 0, problem != NULL);
    if (problem != NULL && strstr(out.ptr, problem) == NULL)
        fail_msg("not '%s' but '%s'", problem, out.ptr);
    strbuf_release(&out);
}

/* A day that a row tells is the day of the row below, or the document does not leave. */
static void
days_are_proved_by_their_rows(void **state)
{
    (void)state;
    static const struct {
        int64_t day_ns;
        size_t entry;
        const char *problem;
    } cases[] = {
        {DAY_NS, 0, NULL},
        {DAY_NS + NS_PER_HOUR, 1, NULL},
        {DAY_NS, 2, "tells another day than its rows"},
        {DAY_NS + NS_PER_DAY, 1, "tells another day than its rows"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct document document;
        begin(&document);
        document_begin_table(&document, SV("Time | Evidence"), true);
        document_day(&document, cases[i].day_ns);
        add_row(&document, cases[i].entry);
        document_end_table(&document);
        need(&document, cases[i].problem);
        document_release(&document);
    }
}

static void
a_day_without_rows_is_refused(void **state)
{
    (void)state;
    for (int what = 0; what < 3; what++) {
        struct document document;
        begin(&document);
        document_begin_table(&document, SV("Time | Evidence"), true);
        document_day(&document, DAY_NS);
        if (what == 1)
            document_row(&document, true);
        if (what == 2) {
            document_day(&document, DAY_NS);
            add_row(&document, 0);
        }
        document_end_table(&document);
        need(&document, "tells a day of which there is no row");
        document_release(&document);
    }
}

/* One number for one set, whatever the order of its entries; numbers in the order of first use. */
static void
each_set_has_one_footnote(void **state)
{
    (void)state;
    static const struct {
        size_t a, b, number;
    } cases[] = {{2, 1, 1}, {0, 0, 2}, {1, 2, 1}, {0, 1, 3}, {0, 0, 2}, {1, 0, 3}, {1, 1, 4}};
    struct document document;
    struct notes notes;
    begin(&document);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        add_statement(&document, cases[i].a, cases[i].b);
    notes_init(&notes, &document);
    assert_int_equal(notes.count, 4);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct block *block = &document.blocks[i];
        assert_int_equal(notes_number(&notes, block->first_proof, block->proofs), cases[i].number);
    }
    assert_ptr_equal(document.proofs[notes.at[0].first], &entries[2]); /* as first cited */
    assert_int_equal(notes.at[1].count, 1);
    notes_release(&notes);
    document_release(&document);
}

static void
a_section_that_says_something_stays(void **state)
{
    (void)state;
    struct document document;
    begin(&document);
    document_say(&document, BLOCK_NOTE, SV("note"));
    document_say(&document, BLOCK_REMARK, SV("nothing of one sort"));
    add_statement(&document, 0, 1);
    document_say(&document, BLOCK_PROMPT, SV("ask"));
    document_end_section(&document, 0);
    assert_int_equal(document.block_count, 4);
    document_release(&document);
}

static void
an_empty_section_becomes_one_block(void **state)
{
    (void)state;
    struct document document;
    begin(&document);
    document_say(&document, BLOCK_HEADING, SV("head"));
    document_say(&document, BLOCK_NOTE, SV("note"));
    document_say(&document, BLOCK_REMARK, SV("none."));
    document_begin_table(&document, SV("A"), false);
    document_row(&document, true);
    document_cell(&document);
    document_end_table(&document);
    document_say(&document, BLOCK_PROMPT, SV("one?"));
    document_say(&document, BLOCK_PROMPT, SV("two?"));
    document_end_section(&document, 1);
    assert_int_equal(document.block_count, 3);
    assert_int_equal(document.blocks[0].kind, BLOCK_HEADING);
    assert_int_equal(document.blocks[1].kind, BLOCK_TABLE);
    const struct block *last = &document.blocks[2];
    assert_int_equal(last->kind, BLOCK_PROMPT);
    assert_int_equal(last->prose.count, 6); /* one? two? (none.) */
    document_release(&document);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_proved_by_their_rows),
        cmocka_unit_test(a_day_without_rows_is_refused),
        cmocka_unit_test(each_set_has_one_footnote),
        cmocka_unit_test(a_section_that_says_something_stays),
        cmocka_unit_test(an_empty_section_becomes_one_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
